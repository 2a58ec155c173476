/*
 * delta with learned parameters: single integers where samples had them, or lists written one way.
 *
 * Section: DELTA_SINGLE (byte), step (varint), remainder (varint), ranges of one variant (ranges.h); or
 * DELTA_LIST (byte), what opens, separates and closes a list (each a byte for its size, and bytes), 0 for
 * integers, 1 and their detail (varint) for timestamps (byte),
 * least count (varint), bits of count (byte), 1 if differences are packed, 0 if values (byte), first
 * number at least (8 bytes), its bits (byte), packed numbers at least (8 bytes), least width (byte), bits
 * of width (byte).
 * Payload of a single integer: with 2^63 added, less the remainder, divided by the step, as a code.
 * Payload of a list: count less the least; first number less the least, if differences are packed;
 * width less the least; then values or differences less the least in so many bits. The width is as
 * small as it can be.
 */
#include "encoders/delta.h"

struct learned {
    uint8_t kind;
    uint64_t step, remainder;
    struct ranges ranges;
    struct list_style style;
    uint64_t count_base, first_base, base;
    uint8_t count_bits, first_bits, least_width, width_bits;
    bool differences;
};

static const uint64_t sign_bit = (uint64_t)1 << 63;

/* ---- Single integers -------------------------------------------------------------------------- */

static const struct list_style alone = {.times = false};

static bool encode_single(struct bit_writer *w, const struct value *v, const struct learned *p) {
    struct list_walk walk = list_begin(&alone, v->bytes, v->size);
    uint64_t number;
    struct wide code;
    if (!v->canonical_integer || !list_next(&walk, &number)) return false;
    number ^= sign_bit;
    if (number % p->step != p->remainder || !ranges_encode(&p->ranges, 0, wide_of(number / p->step), &code))
        return false;
    put_code(w, code, 0);
    return true;
}

static int decode_single(struct writer *out, struct bit_reader *in, const struct learned *p) {
    struct wide code = take_code(in, 0), number;
    unsigned variant;
    if (in->bad || !ranges_decode(&p->ranges, code, &variant, &number)) return VP_ERR_CORRUPT;
    if (number.low > (UINT64_MAX - p->remainder) / p->step) return VP_ERR_CORRUPT;
    list_put(out, &alone, (number.low * p->step + p->remainder) ^ sign_bit);
    return VP_OK;
}

/* ---- Lists ------------------------------------------------------------------------------------ */

/* A number less its base, if that fits the bits. */
static bool offset_of(uint64_t number, uint64_t base, unsigned bits, uint64_t *offset) {
    *offset = number - base;
    return bit_width(*offset) <= bits;
}

static unsigned list_width(const struct learned *p, const struct list_facts *f) {
    int64_t least = p->differences ? f->least_step : f->least_value;
    int64_t largest = p->differences ? f->largest_step : f->largest_value;
    if (p->differences && f->count < 2) return p->least_width;
    if (least < (int64_t)p->base) return UINT8_MAX;
    unsigned width = bit_width((uint64_t)largest - p->base);
    return width < p->least_width ? p->least_width : width;
}

static bool encode_list(struct bit_writer *w, const struct value *v, const struct learned *p) {
    struct list_facts facts;
    uint64_t count, first, number, before = 0;
    if (!list_facts_of(&p->style, v->bytes, v->size, &facts)) return false;
    unsigned width = list_width(p, &facts);
    if (width > 64 || bit_width(width - p->least_width) > p->width_bits) return false;
    if (!offset_of(facts.count, p->count_base, p->count_bits, &count)) return false;
    if (!offset_of(facts.first, p->first_base, p->first_bits, &first) && p->differences) return false;
    put_wide_bits(w, count, p->count_bits);
    if (p->differences) put_wide_bits(w, first, p->first_bits);
    put_bits(w, width - p->least_width, p->width_bits);
    struct list_walk walk = list_begin(&p->style, v->bytes, v->size);
    for (uint64_t i = 0; list_next(&walk, &number) && !w->out.full; i++) {
        if (!p->differences) put_wide_bits(w, number - p->base, width);
        else if (i) put_wide_bits(w, number - before - p->base, width);
        before = number;
    }
    return true;
}

static int decode_list(struct writer *out, struct bit_reader *in, const struct learned *p) {
    uint64_t count = take_bits(in, p->count_bits), seen = 0;
    uint64_t number = p->differences ? take_bits(in, p->first_bits) + p->first_base : 0;
    unsigned width = p->least_width + (unsigned)take_bits(in, p->width_bits);
    if (in->bad || count > UINT64_MAX - p->count_base || width > 64) return VP_ERR_CORRUPT;
    count += p->count_base;
    if (width && count - p->differences > bits_left(in) / width) return VP_ERR_CORRUPT;
    put_bytes(out, p->style.open.bytes, p->style.open.size);
    for (uint64_t i = 0; i < count && !out->full; i++) {
        if (i || !p->differences) {
            uint64_t more = take_bits(in, width);
            seen |= more;
            number = (p->differences ? number : 0) + p->base + more;
        }
        if (i) put_bytes(out, p->style.separator.bytes, p->style.separator.size);
        if (!list_put(out, &p->style, number)) return VP_ERR_CORRUPT;
    }
    put_bytes(out, p->style.close.bytes, p->style.close.size);
    if (out->full) return VP_ERR_SPACE;
    return width == p->least_width || width == bit_width(seen) ? VP_OK : VP_ERR_CORRUPT;
}

/* ---- Both ------------------------------------------------------------------------------------- */

bool delta_learned_fits(const struct value *v, const void *params) {
    const struct learned *p = params;
    if (p->kind == DELTA_SINGLE) return v->canonical_integer;
    return v->size > p->style.open.size + p->style.close.size && (v->classes & CLASS_DIGIT);
}

bool delta_learned_encode(struct bit_writer *w, const struct value *v, const void *params) {
    const struct learned *p = params;
    return p->kind == DELTA_SINGLE ? encode_single(w, v, p) : encode_list(w, v, p);
}

int delta_learned_decode(struct writer *out, struct bit_reader *in, const void *params) {
    const struct learned *p = params;
    return p->kind == DELTA_SINGLE ? decode_single(out, in, p) : decode_list(out, in, p);
}

static struct mark load_mark(struct reader *section) {
    struct mark mark = {.size = take_byte(section)};
    mark.bytes = take_bytes(section, mark.size);
    if (mark.size > LIST_MARK_MOST) section->bad = true;
    return mark;
}

/* A separator that could be part of a number would make items ambiguous. */
static bool separates(struct mark mark) {
    return mark.bytes && mark.size && (mark.bytes[0] < '0' || mark.bytes[0] > '9');
}

static bool load_list(struct learned *p, struct reader *section) {
    p->style.open = load_mark(section);
    p->style.separator = load_mark(section);
    p->style.close = load_mark(section);
    unsigned times = take_byte(section);
    uint64_t detail = times ? take_varint(section) : 0;
    p->style.times = times == 1;
    p->style.detail = (uint32_t)detail;
    if (times > 1 || detail > UINT32_MAX || (times && !list_has_times(p->style.detail))) return false;
    p->count_base = take_varint(section);
    p->count_bits = (uint8_t)take_byte(section);
    unsigned differences = take_byte(section);
    p->differences = differences == 1;
    p->first_base = take_le64(section);
    p->first_bits = (uint8_t)take_byte(section);
    p->base = take_le64(section);
    p->least_width = (uint8_t)take_byte(section);
    p->width_bits = (uint8_t)take_byte(section);
    if (section->bad || differences > 1 || p->count_base == 0 || p->count_bits > 32 || p->first_bits > 64)
        return false;
    return p->least_width <= 64 && p->width_bits <= 7 && separates(p->style.separator);
}

static bool load_single(struct learned *p, struct reader *section, struct loading *l) {
    const uint8_t bits = 64;
    p->step = take_varint(section);
    p->remainder = take_varint(section);
    if (section->bad || p->step == 0 || p->remainder >= p->step) return false;
    return ranges_load(&p->ranges, section, l, &bits, 1);
}

void *delta_learned_load(struct reader *section, struct loading *l) {
    struct learned *p = memory_zeroed(&l->allocator, sizeof *p);
    if (!p) return loading_fails(l, VP_ERR_MEMORY, section->at, "out of memory");
    p->kind = (uint8_t)take_byte(section);
    bool good =
        p->kind == DELTA_SINGLE ? load_single(p, section, l) : p->kind == DELTA_LIST && load_list(p, section);
    if (good && !section->bad && reader_left(section) == 0) return p;
    loading_fails(l, VP_ERR_PROFILE, section->at, "delta: wrong parameters");
    delta_learned_unload(p, &l->allocator);
    return NULL;
}

void delta_learned_unload(void *params, const vp_allocator *allocator) {
    struct learned *p = params;
    if (!p) return;
    ranges_free(&p->ranges, allocator);
    memory_free(allocator, p);
}

void delta_learned_describe(const void *params, struct writer *json) {
    const struct learned *p = params;
    put_text(json, p->kind == DELTA_SINGLE ? "\"values\":\"integers\",\"ranges\":"
                                           : "\"values\":\"lists\",\"least_count\":");
    put_decimal(json, p->kind == DELTA_SINGLE ? p->ranges.count : p->count_base);
}
