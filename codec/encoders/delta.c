/*
 * delta: lists of integers or timestamps, packed or as differences; in a profile also single ones.
 *
 * Payload without learned parameters: style (3 bits, delta_list.c), 1 if items are timestamps,
 * way (2 bits), two zero bits; for timestamps their detail (byte, typed_time.c). Then, by way:
 * 0 = zigzag varints: the first number, then all differences, to the end;
 * 1 = values: count (varint), least value (zigzag varint), width (byte), each value less the least
 *     in so many bits;
 * 2 = differences: count, first number (zigzag varint), least difference (zigzag varint), width
 *     (byte), each difference less the least in so many bits.
 * Widths are as small as they can be. Differences are modulo 2^64.
 * With learned parameters: delta_learned.c.
 */
#include "encoders/delta.h"

#include "bits.h"

enum { WAY_VARINTS, WAY_VALUES, WAY_DIFFERENCES, WAYS };

/* ---- Encoding --------------------------------------------------------------------------------- */

static bool find_style(const struct value *v, unsigned *number, struct list_style *style,
                       struct list_facts *facts) {
    for (*number = 0; *number < LIST_STYLES; ++*number) {
        *style = list_style_by_number(*number);
        if (!list_facts_of(style, v->bytes, v->size, facts) &&
            !(list_find_times(style, v->bytes, v->size) && list_facts_of(style, v->bytes, v->size, facts)))
            continue;
        return facts->count > (style->open.size ? 0 : 1);
    }
    return false;
}

static unsigned value_width(const struct list_facts *f) {
    return bit_width((uint64_t)f->largest_value - (uint64_t)f->least_value);
}

static unsigned step_width(const struct list_facts *f) {
    return f->count < 2 ? 0 : bit_width((uint64_t)f->largest_step - (uint64_t)f->least_step);
}

static unsigned smallest_way(const struct list_facts *f) {
    uint64_t count = 8 * ((bit_width(f->count) + 6u) / 7);
    uint64_t bits[WAYS];
    bits[WAY_VARINTS] = 8 * f->varint_bytes;
    bits[WAY_VALUES] = count + 8 + f->count * value_width(f);
    bits[WAY_DIFFERENCES] = count + 8 + 8 + (f->count - 1) * step_width(f);
    unsigned way = bits[WAY_VALUES] < bits[WAY_VARINTS] ? WAY_VALUES : WAY_VARINTS;
    return bits[WAY_DIFFERENCES] < bits[way] ? WAY_DIFFERENCES : way;
}

static void put_items(struct bit_writer *w, struct list_walk *walk, unsigned way,
                      const struct list_facts *f) {
    uint64_t number, before = 0, least_step = f->count > 1 ? (uint64_t)f->least_step : 0;
    unsigned width = way == WAY_VALUES ? value_width(f) : step_width(f);
    if (way != WAY_VARINTS) {
        put_varint_bits(w, f->count);
        put_varint_bits(w, zigzag(way == WAY_VALUES ? (uint64_t)f->least_value : f->first));
        if (way == WAY_DIFFERENCES) put_varint_bits(w, zigzag(least_step));
        put_bits(w, width, 8);
    }
    for (uint64_t i = 0; list_next(walk, &number) && !w->out.full; i++) {
        if (way == WAY_VARINTS) put_varint_bits(w, zigzag(number - before));
        else if (way == WAY_VALUES) put_wide_bits(w, number - (uint64_t)f->least_value, width);
        else if (i) put_wide_bits(w, number - before - least_step, width);
        before = number;
    }
}

static bool encode_untrained(struct bit_writer *w, const struct value *v) {
    struct list_style style;
    struct list_facts facts;
    unsigned number;
    if (!find_style(v, &number, &style, &facts)) return false;
    unsigned way = smallest_way(&facts);
    put_bits(w, number << 5 | (unsigned)style.times << 4 | way << 2, 8);
    if (style.times) put_bits(w, style.detail, 8);
    struct list_walk walk = list_begin(&style, v->bytes, v->size);
    put_items(w, &walk, way, &facts);
    return true;
}

/* ---- Decoding --------------------------------------------------------------------------------- */

static int decode_varints(struct writer *out, struct bit_reader *in, const struct list_style *style,
                          uint64_t *count) {
    uint64_t number = 0;
    for (*count = 0; bits_left(in) && !out->full; ++*count) {
        number += unzigzag(take_varint_bits(in));
        if (*count) put_bytes(out, style->separator.bytes, style->separator.size);
        if (in->bad || !list_put(out, style, number)) return VP_ERR_CORRUPT;
    }
    return VP_OK;
}

static int decode_packed(struct writer *out, struct bit_reader *in, const struct list_style *style,
                         unsigned way, uint64_t *count) {
    *count = take_varint_bits(in);
    uint64_t number = unzigzag(take_varint_bits(in)), seen = 0;
    uint64_t least = way == WAY_VALUES ? number : unzigzag(take_varint_bits(in));
    unsigned width = (unsigned)take_bits(in, 8);
    uint64_t packed = *count - (way == WAY_DIFFERENCES);
    bool zero = packed == 0;
    if (in->bad || *count == 0 || width > 64 || (width && packed > bits_left(in) / width))
        return VP_ERR_CORRUPT;
    if (packed == 0 && least) return VP_ERR_CORRUPT;
    for (uint64_t i = 0; i < *count && !out->full; i++) {
        if (i || way == WAY_VALUES) {
            uint64_t more = take_bits(in, width);
            seen |= more;
            zero |= more == 0;
            number = (way == WAY_VALUES ? 0 : number) + least + more;
        }
        if (i) put_bytes(out, style->separator.bytes, style->separator.size);
        if (!list_put(out, style, number)) return VP_ERR_CORRUPT;
    }
    if (out->full) return VP_ERR_SPACE;
    return zero && bit_width(seen) == width ? VP_OK : VP_ERR_CORRUPT;
}

static int decode_untrained(struct writer *out, struct bit_reader *in) {
    unsigned first = (unsigned)take_bits(in, 8), way = first >> 2 & 3;
    struct list_style style = list_style_by_number(first >> 5);
    style.times = first >> 4 & 1;
    if (style.times) style.detail = (uint32_t)take_bits(in, 8);
    if (in->bad || first & 3 || way >= WAYS) return VP_ERR_CORRUPT;
    uint64_t count;
    put_bytes(out, style.open.bytes, style.open.size);
    int status = way == WAY_VARINTS ? decode_varints(out, in, &style, &count)
                                    : decode_packed(out, in, &style, way, &count);
    put_bytes(out, style.close.bytes, style.close.size);
    if (status != VP_OK) return status;
    return count > (style.open.size ? 0 : 1) || out->full ? VP_OK : VP_ERR_CORRUPT;
}

/* ---- The encoder ------------------------------------------------------------------------------ */

static bool delta_fits(const struct value *v, const void *params) {
    if (params) return delta_learned_fits(v, params);
    return v->size >= 3 && (v->classes & CLASS_DIGIT) && !v->canonical_integer &&
           !(v->classes & (CLASS_CONTROL | CLASS_HIGH | CLASS_HEX_LOWER | CLASS_LOWER | CLASS_HEX_UPPER |
                           CLASS_UNDERSCORE | CLASS_SLASH | CLASS_EQUALS));
}

static bool delta_encode(struct bit_writer *w, const struct value *v, const struct coding *c) {
    return c->params ? delta_learned_encode(w, v, c->params) : encode_untrained(w, v);
}

static int delta_decode(struct writer *out, struct bit_reader *in, const struct coding *c) {
    int status = c->params ? delta_learned_decode(out, in, c->params) : decode_untrained(out, in);
    if (status != VP_OK) return status;
    if (out->full) return VP_ERR_SPACE;
    return take_padding(in) ? VP_OK : VP_ERR_CORRUPT;
}

const struct encoder encoder_delta = {
    .name = "delta",
    .fast = true,
    .fits = delta_fits,
    .encode = delta_encode,
    .decode = delta_decode,
    .load = delta_learned_load,
    .unload = delta_learned_unload,
    .describe = delta_learned_describe,
};
