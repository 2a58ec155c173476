#include "model/range_coder.h"

/* ---- Encoder -------------------------------------------------------------------------------- */

static void put_last_byte(struct range_encoder *e, unsigned byte) {
    if (e->full || e->length == e->capacity) {
        e->full = true;
        return;
    }
    e->bytes[e->length++] = (uint8_t)byte;
}

/* The most bits (whole bytes, and not all of the first byte) at the end of low that can be made zero
   by going up within the range. Of 64 bits or more there is but one number to choose. */
static unsigned bits_to_clear(const struct range_encoder *e, uint64_t *up) {
    *up = 0 - e->low;
    if (e->length > 0 && *up < e->range) return 64;
    unsigned bits = 56;
    for (; bits > 0; bits -= 8) {
        *up = (0 - e->low) & (((uint64_t)1 << bits) - 1);
        if (*up < e->range) return bits;
    }
    *up = 0;
    return 0;
}

void range_encode_end(struct range_encoder *e, struct bit_writer *w) {
    uint64_t up;
    unsigned cleared = bits_to_clear(e, &up);
    e->low += up;
    if (e->low < up) range_encode_carry(e);
    for (unsigned shift = 64; shift > cleared; shift -= 8)
        put_last_byte(e, (unsigned)(e->low >> (shift - 8)) & 0xFF);
    if (e->full) {
        w->out.full = true;
        return;
    }
    while (e->length > 1 && e->bytes[e->length - 1] == 0) e->length--;
    if (w->count) put_bits(w, e->bytes[0], 8 - w->count);
    put_bytes(bytes_of(w), e->bytes + 1, e->length - 1);
}

/* ---- Decoder -------------------------------------------------------------------------------- */

/* 0 <= count <= 8. */
static uint64_t last_bytes(struct range_decoder *d, unsigned count) {
    uint64_t v = 0;
    for (unsigned i = 0; i < count; i++) v = v << 8 | (d->next + i < d->size ? d->bytes[d->next + i] : 0u);
    size_t left = d->size - d->next;
    if (left < count) d->past += count - (unsigned)left;
    if (d->past > 8) d->past = 8;
    d->next += left < count ? left : count;
    return v;
}

uint32_t range_decode_last_word(struct range_decoder *d) {
    return (uint32_t)last_bytes(d, 4);
}

struct range_decoder range_decode_begin(struct bit_reader *in) {
    unsigned k = (unsigned)(bits_left(in) & 7);
    struct range_decoder d = {.range = (uint64_t)1 << (56 + k), .bad = in->bad};
    uint64_t first = take_bits(in, k);
    struct reader rest = rest_of(in);
    d.bytes = rest.at;
    d.size = reader_left(&rest);
    if (d.size >= 8) {
        d.code = first << 56 | load_be64(d.bytes) >> 8;
        d.next = 7;
    } else {
        d.code = first << 56 | last_bytes(&d, 7);
    }
    return d;
}

/* With the weight of the last byte of the input as 256^past: the number is the first multiple of that
   which is not below low, and the first multiple of 256^(past + 1) is beyond the range. No input is
   left unread, since low has no bits there. */
bool range_decode_end(const struct range_decoder *d) {
    if (d->bad || d->next < d->size || d->code >= d->range) return false;
    unsigned last = d->size ? d->bytes[d->size - 1] : 0;
    if (d->size && last == 0) return false;
    if (d->past >= 8) return true;
    if (d->code >> (8 * d->past) != 0) return false;
    return d->size == 0 || (d->range - d->code - 1) >> (8 * d->past) < 256 - last;
}
