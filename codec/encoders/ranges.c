#include "encoders/ranges.h"

bool ranges_encode(const struct ranges *r, unsigned variant, struct wide number, struct wide *code) {
    unsigned low = 0, high = r->count; /* the last range not behind the number, plus 1 */
    while (low < high) {
        unsigned middle = (low + high) / 2;
        const struct range *at = &r->by_start[middle];
        bool behind = at->variant != variant ? at->variant > variant : wide_compare(at->start, number) > 0;
        if (behind) high = middle;
        else low = middle + 1;
    }
    if (low == 0 || r->by_start[low - 1].variant != variant) return false;
    const struct range *found = &r->by_start[low - 1];
    struct wide offset = wide_subtract(number, found->start);
    if (wide_compare(offset, wide_mask(found->size_log2)) > 0) return false;
    *code = wide_add(found->code, offset);
    return true;
}

bool ranges_decode(const struct ranges *r, struct wide code, unsigned *variant, struct wide *number) {
    if (wide_compare(code, r->codes) >= 0) return false;
    unsigned low = 0, high = r->count;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (wide_compare(r->by_start[r->by_code[middle]].code, code) > 0) high = middle;
        else low = middle + 1;
    }
    const struct range *found = &r->by_start[r->by_code[low - 1]];
    *variant = found->variant;
    *number = wide_add(found->start, wide_subtract(code, found->code));
    return true;
}

void put_code(struct bit_writer *w, struct wide code, size_t rest) {
    size_t bits = w->count ? 8 - w->count : 0;
    while (bits < rest) bits += 8;
    bits -= rest;
    for (; bits < 128 && wide_compare(code, wide_mask((unsigned)bits)) > 0; bits += 8)
        code = wide_subtract(code, wide_left(wide_of(1), (unsigned)bits));
    if (bits > 128) {
        put_bits(w, 0, (unsigned)bits - 128);
        bits = 128;
    }
    put_wide(w, code, (unsigned)bits);
}

struct wide take_code(struct bit_reader *in, size_t rest) {
    size_t left = bits_left(in), first = left & 7;
    while (first < rest) first += 8;
    if (left < first || left - rest >= 136) in->bad = true;
    if (in->bad) return wide_of(0);
    unsigned bits = (unsigned)(left - rest);
    if (bits > 128 && take_bits(in, bits - 128) != 0) in->bad = true;
    struct wide code = take_wide(in, bits > 128 ? 128 : bits);
    /* Behind the codes that are shorter: 2^k of them, 2^(k+8), and so on. */
    const struct wide ones = {.high = 0x0101010101010101u, .low = 0x0101010101010101u};
    struct wide shorter = wide_left(ones, (unsigned)(first - rest));
    if (bits < 128) shorter = wide_and(shorter, wide_mask(bits));
    code = wide_add(code, shorter);
    if (wide_compare(code, shorter) < 0) in->bad = true;
    return code;
}

/* ---- Loading -------------------------------------------------------------------------------- */

/* The ranges of one variant; `bits` is the width of its numbers. */
static bool load_variant(struct ranges *r, struct reader *section, unsigned variant, unsigned bits) {
    uint64_t count = take_varint(section);
    if (count > RANGES_MOST - r->count) return false;
    struct wide end = wide_of(0), largest = wide_mask(bits);
    bool full = false;
    for (; count && !section->bad; count--) {
        unsigned size_log2 = take_byte(section);
        struct wide skip = take_wide_varint(section);
        unsigned rank = take_le16(section);
        if (full || size_log2 > bits || size_log2 > 127) return false;
        struct wide unit = wide_mask(size_log2), first = wide_right(wide_add(end, unit), size_log2);
        struct wide start_units = wide_add(first, skip);
        if (wide_compare(wide_add(end, unit), end) < 0 || wide_compare(start_units, skip) < 0) return false;
        if (wide_compare(start_units, wide_right(largest, size_log2)) > 0) return false;
        struct range *at = &r->by_start[r->count];
        *at = (struct range){.start = wide_left(start_units, size_log2),
                             .variant = (uint8_t)variant,
                             .size_log2 = (uint8_t)size_log2};
        at->code = wide_of(rank); /* until all are known */
        end = wide_add(wide_add(at->start, unit), wide_of(1));
        full = wide_equal(end, wide_of(0));
        r->count++;
    }
    return !section->bad;
}

/* Places the ranges one behind the other by rank; false unless ranks are 0, 1, 2 ... */
static bool place_ranges(struct ranges *r) {
    for (unsigned i = 0; i < r->count; i++) r->by_code[i] = UINT16_MAX;
    for (unsigned i = 0; i < r->count; i++) {
        uint64_t rank = r->by_start[i].code.low;
        if (rank >= r->count || r->by_code[rank] != UINT16_MAX) return false;
        r->by_code[rank] = (uint16_t)i;
    }
    for (unsigned i = 0; i < r->count; i++) {
        struct range *at = &r->by_start[r->by_code[i]];
        at->code = r->codes;
        r->codes = wide_add(r->codes, wide_left(wide_of(1), at->size_log2));
        if (wide_compare(r->codes, at->code) <= 0) return false; /* 2^128 or more */
    }
    return r->count > 0;
}

static void shrink(struct ranges *r, const vp_allocator *allocator) {
    size_t bytes = r->count * sizeof *r->by_start;
    struct range *fitting = memory_alloc(allocator, bytes);
    if (!fitting) return;
    memcpy(fitting, r->by_start, bytes);
    memory_free(allocator, r->by_start);
    r->by_start = fitting;
}

bool ranges_load(struct ranges *r, struct reader *section, struct loading *l, const uint8_t *bits,
                 unsigned variants) {
    *r = (struct ranges){.count = 0};
    size_t most = reader_left(section) / 4; /* a range takes at least 4 bytes */
    if (most > RANGES_MOST) most = RANGES_MOST;
    r->by_start = memory_alloc(&l->allocator, (most + 1) * sizeof *r->by_start);
    r->by_code = memory_alloc(&l->allocator, (most + 1) * sizeof *r->by_code);
    bool good = r->by_start && r->by_code;
    if (!good) loading_fails(l, VP_ERR_MEMORY, section->at, "out of memory");
    for (unsigned i = 0; good && i < variants; i++) {
        good = load_variant(r, section, i, bits[i]);
        if (!good) loading_fails(l, VP_ERR_PROFILE, section->at, "a range of numbers is out of bounds");
    }
    if (good && !place_ranges(r)) {
        loading_fails(l, VP_ERR_PROFILE, section->at, "the ranks of ranges are no ranking");
        good = false;
    }
    if (good) shrink(r, &l->allocator);
    else ranges_free(r, &l->allocator);
    return good;
}

void ranges_free(struct ranges *r, const vp_allocator *allocator) {
    memory_free(allocator, r->by_start);
    memory_free(allocator, r->by_code);
    *r = (struct ranges){.count = 0};
}
