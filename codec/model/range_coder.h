/*
 * A range coder: symbols of known probability become one number, without whole bits between them.
 *
 * Range coding after G. N. N. Martin, "Range encoding: an algorithm for removing redundancy from a
 * digitised message" (1979), with 64-bit registers that move by 32 bits. A carry runs back through
 * the bytes already written; nothing is held back (M. Schindler) or given away (D. Subbotin) for it.
 *
 * The number is a string of bytes, the first of which is the header byte of the value: the top 8 - k
 * bits of it are the header's and count as zero, the low k bits (0..7) are the coder's. All bytes that
 * follow are the payload. A payload has an end but no length: behind it all bytes are zero, and of the
 * numbers that mean the same symbols the encoder takes the shortest, of these the smallest. So each
 * sequence of symbols has one spelling, and range_decode_end() knows it from all others.
 */
#ifndef VALPACK_RANGE_CODER_H
#define VALPACK_RANGE_CODER_H

#include "bytes.h"

enum { RANGE_SHIFT = 32, RANGE_MAX_BITS = 16, RANGE_MAX_TOTAL = 1 << RANGE_MAX_BITS };

/* ---- Encoder -------------------------------------------------------------------------------- */

/* The number is in [low, low + range), low being bytes[0..length) and the 64 bits behind them. */
struct range_encoder {
    uint64_t low, range;
    uint8_t *bytes;
    size_t length, capacity;
    bool full;
};

/* Starts in the last k bits of a byte, 0 <= k <= 7. `bytes` is for the coder alone, not a part of the
   writer that range_encode_end() gets; it takes one byte more than the payload, and the zeros that the
   end cuts off while they are not yet known to be at the end. */
static inline struct range_encoder range_encode_begin(uint8_t *bytes, size_t capacity, unsigned k) {
    return (struct range_encoder){.range = (uint64_t)1 << (56 + k), .bytes = bytes, .capacity = capacity};
}

/* The first byte never overflows: the number stays below 2^k there. */
static inline void range_encode_carry(struct range_encoder *e) {
    for (size_t i = e->length; i > 0 && ++e->bytes[i - 1] == 0; i--) continue;
}

static inline void range_encode_word(struct range_encoder *e) {
    uint32_t word = (uint32_t)(e->low >> RANGE_SHIFT);
    e->low <<= RANGE_SHIFT;
    e->range <<= RANGE_SHIFT;
    if (e->full || e->capacity - e->length < 4) {
        e->full = true;
        return;
    }
    store_be32(e->bytes + e->length, word);
    e->length += 4;
}

/* [low + skip, low + skip + range). No range is below 2^16, so that one word is enough. */
static inline void range_encode_narrow(struct range_encoder *e, uint64_t skip, uint64_t range) {
    e->low += skip;
    e->range = range;
    if (e->low < skip) range_encode_carry(e);
    if (range >> RANGE_SHIFT == 0) range_encode_word(e);
}

/* The symbol that has `width` of 2^bits, from `start` on: width >= 1, start + width <= 2^bits,
   bits <= RANGE_MAX_BITS. */
static inline void range_encode(struct range_encoder *e, uint32_t start, uint32_t width, unsigned bits) {
    uint64_t unit = e->range >> bits;
    range_encode_narrow(e, unit * start, unit * width);
}

/* value < total, 1 <= total <= RANGE_MAX_TOTAL, all equally likely. For a power of two range_encode()
   with a width of 1 gives the same and does not divide. */
static inline void range_encode_uniform(struct range_encoder *e, uint32_t value, uint32_t total) {
    uint64_t unit = e->range / total;
    range_encode_narrow(e, unit * value, unit);
}

/* Puts the number into the writer that had k bits free in its byte. Ends at a byte. Spoils e. */
void range_encode_end(struct range_encoder *e, struct bit_writer *w);

/* ---- Decoder -------------------------------------------------------------------------------- */

/* `code` is the number less the encoder's `low`, as far as it is read: valid while below `range`. */
struct range_decoder {
    uint64_t code, range, unit;
    const uint8_t *bytes;
    size_t size, next;
    unsigned past; /* zeros read past the end; beyond 8 not all are counted */
    bool bad;
};

/* Takes all that is left of the bits, 0..7 of them before a byte boundary. */
struct range_decoder range_decode_begin(struct bit_reader *in);

/* The next four bytes when fewer are left. */
uint32_t range_decode_last_word(struct range_decoder *d);

static inline uint32_t range_decode_word(struct range_decoder *d) {
    if (d->size - d->next < 4) return range_decode_last_word(d);
    uint32_t word = load_be32(d->bytes + d->next);
    d->next += 4;
    return word;
}

/* Where the next symbol lies among 2^bits: below 2^bits whatever the input. The symbol found by it goes
   to range_decode_take(). */
static inline uint32_t range_decode_peek(struct range_decoder *d, unsigned bits) {
    d->unit = d->range >> bits;
    uint64_t at = d->code / d->unit, last = ((uint64_t)1 << bits) - 1;
    return (uint32_t)(at < last ? at : last);
}

/* The same without a division, for a search through few symbols: after range_decode_scale(),
   range_decode_reaches(start) says if the next symbol lies at `start` or behind. The last symbol is
   not to be asked for its end. */
static inline void range_decode_scale(struct range_decoder *d, unsigned bits) {
    d->unit = d->range >> bits;
}

static inline bool range_decode_reaches(const struct range_decoder *d, uint32_t start) {
    return d->code >= d->unit * start;
}

/* Goes behind the symbol that was found. What is out of range stays so until a word is read, so it is
   enough to look then and at the end. */
static inline void range_decode_take(struct range_decoder *d, uint32_t start, uint32_t width) {
    d->code -= d->unit * start;
    d->range = d->unit * width;
    if (d->range >> RANGE_SHIFT != 0) return;
    d->bad |= d->code >= d->range;
    d->code = d->code << RANGE_SHIFT | range_decode_word(d);
    d->range <<= RANGE_SHIFT;
}

/* Below total whatever the input. */
static inline uint32_t range_decode_uniform(struct range_decoder *d, uint32_t total) {
    d->unit = d->range / total;
    uint64_t value = d->code / d->unit;
    if (value >= total) value = total - 1;
    range_decode_take(d, (uint32_t)value, 1);
    return (uint32_t)value;
}

/* True if the input is exactly what the encoder writes for the symbols that were taken. */
bool range_decode_end(const struct range_decoder *d);

#endif
