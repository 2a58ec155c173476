/*
 * The numbers are divided by halving, again and again wherever enough samples lie, so that ranges
 * are small where samples are dense. How many are enough is found by trying: ranges are made from
 * every other sample, and the rest shows how many bytes they would take.
 */
#include "train/ranges.h"

#include <stdlib.h>

enum {
    LARGEST_RANGE = 126,
    FREE_BITS = 4,     /* in the header byte, when a profile has 16 codes */
    RANGE_BYTES = 8,   /* what a range may take in a section */
    RANGES_LEAST = 512 /* there must be room for a few of each variant */
};

struct leaf {
    struct wide start;
    uint32_t density; /* logarithm of samples per number, in units of 1/256, plus a constant */
    uint16_t rank;
    uint8_t variant, size_log2;
};

struct division {
    struct leaf *leaves; /* in order of variant and start */
    struct leaf **order; /* by rank; those kept */
    unsigned count, kept, most;
    uint64_t enough, min_count;
    const struct wide *numbers; /* of the variant being divided */
    unsigned stride;
    bool too_many;
};

/* ---- Dividing --------------------------------------------------------------------------------- */

/* How many of the samples from .. to - 1 count: all, or every other. */
static size_t samples_in(const struct division *d, size_t from, size_t to) {
    return (to + d->stride - 1) / d->stride - (from + d->stride - 1) / d->stride;
}

static bool worth_dividing(const struct division *d, unsigned size_log2, size_t from, size_t to) {
    if (size_log2 > LARGEST_RANGE) return true;
    if (size_log2 == 0 || samples_in(d, from, to) < d->enough) return false;
    uint64_t distinct = 1; /* what shows of a sample must show of several */
    for (size_t i = from + 1; i < to && distinct < d->min_count; i++)
        distinct += !wide_equal(d->numbers[i], d->numbers[i - 1]);
    return distinct >= d->min_count;
}

static void add_leaf(struct division *d, struct leaf leaf, size_t samples) {
    d->too_many |= d->count == d->most;
    if (d->too_many) return;
    leaf.density = log2_q8(samples ? 4 * (uint64_t)samples : 1) + (128u - leaf.size_log2) * 256;
    d->leaves[d->count++] = leaf;
}

/* Divides [start, start + 2^size_log2), where numbers from .. to - 1 lie. At most 128 deep. */
static void divide(struct division *d, struct leaf node, size_t from, size_t to) {
    if (d->too_many) return;
    if (!worth_dividing(d, node.size_log2, from, to)) {
        add_leaf(d, node, samples_in(d, from, to));
        return;
    }
    node.size_log2--;
    struct leaf upper = node;
    upper.start = wide_or(node.start, wide_left(wide_of(1), node.size_log2));
    size_t low = from, high = to;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (wide_compare(d->numbers[middle], upper.start) < 0) low = middle + 1;
        else high = middle;
    }
    divide(d, node, from, low);
    divide(d, upper, low, to);
}

static int compare_leaves(const void *a, const void *b) {
    const struct leaf *x = *(struct leaf *const *)a, *y = *(struct leaf *const *)b;
    if (x->density != y->density) return x->density > y->density ? -1 : 1;
    return x < y ? -1 : x > y;
}

/* Densest first; what does not fit into 128 bits of codes is not kept. */
static void rank_leaves(struct division *d) {
    struct wide codes = wide_of(0);
    d->kept = 0;
    for (unsigned i = 0; i < d->count; i++) d->order[i] = &d->leaves[i];
    qsort(d->order, d->count, sizeof(struct leaf *), compare_leaves);
    for (unsigned i = 0; i < d->count; i++) {
        struct wide more = wide_add(codes, wide_left(wide_of(1), d->order[i]->size_log2));
        d->order[i]->rank = UINT16_MAX;
        if (wide_compare(more, codes) <= 0) continue;
        codes = more;
        d->order[i]->rank = (uint16_t)d->kept;
        d->order[d->kept++] = d->order[i];
    }
}

static void divide_all(struct division *d, const struct numbers *variants, unsigned count) {
    d->count = 0;
    d->too_many = false;
    for (unsigned i = 0; i < count; i++) {
        d->numbers = variants[i].items;
        divide(d, (struct leaf){.variant = (uint8_t)i, .size_log2 = (uint8_t)variants[i].bits}, 0,
               variants[i].count);
    }
    rank_leaves(d);
}

/* ---- How many samples are enough ---------------------------------------------------------------- */

/* Bytes behind the header byte. */
static uint64_t code_bytes(struct wide code, size_t rest) {
    size_t bits = FREE_BITS, bytes = 0;
    for (; bits < rest; bits += 8) bytes++;
    for (bits -= rest; bits < 128 && wide_compare(code, wide_mask((unsigned)bits)) > 0; bits += 8) {
        code = wide_subtract(code, wide_left(wide_of(1), (unsigned)bits));
        bytes++;
    }
    return bytes;
}

/* What the samples that did not make the ranges would take; those outside take an untrained form. */
static uint64_t cost(const struct division *d, const struct numbers *variants, unsigned count, size_t rest) {
    struct wide code = wide_of(0);
    uint64_t bytes = 0;
    for (unsigned i = 0; i < count; i++) bytes += variants[i].count / 2 * ((variants[i].bits + rest) / 8 + 4);
    for (unsigned i = 0; i < d->kept; i++) {
        const struct leaf *leaf = d->order[i];
        const struct numbers *n = &variants[leaf->variant];
        size_t low = 0, high = n->count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (wide_compare(n->items[middle], leaf->start) < 0) low = middle + 1;
            else high = middle;
        }
        for (; low < n->count; low++) {
            struct wide offset = wide_subtract(n->items[low], leaf->start);
            if (wide_compare(offset, wide_mask(leaf->size_log2)) > 0) break;
            if (low & 1) bytes -= (n->bits + rest) / 8 + 4 - code_bytes(wide_add(code, offset), rest);
        }
        code = wide_add(code, wide_left(wide_of(1), leaf->size_log2));
    }
    return bytes;
}

static uint64_t choose_enough(struct division *d, const struct numbers *variants, unsigned count,
                              size_t rest) {
    uint64_t best = UINT64_MAX, chosen = 0;
    d->stride = 2;
    for (uint64_t enough = 2; enough < ((uint64_t)1 << 40); enough *= 2) {
        d->enough = enough;
        divide_all(d, variants, count);
        if (d->too_many) continue;
        uint64_t bytes = cost(d, variants, count, rest);
        if (best < UINT64_MAX && bytes > best + best / 256) continue;
        if (bytes < best) best = bytes;
        chosen = enough; /* fewer ranges, for about the same */
        if (d->count <= 4 * count) break;
    }
    d->stride = 1;
    return chosen;
}

/* ---- Writing ------------------------------------------------------------------------------------ */

static void write_ranges(const struct division *d, unsigned variants, struct writer *section) {
    unsigned at = 0;
    for (unsigned i = 0; i < variants; i++) {
        unsigned end = at, kept = 0;
        struct wide behind = wide_of(0);
        for (; end < d->count && d->leaves[end].variant == i; end++)
            kept += d->leaves[end].rank != UINT16_MAX;
        put_varint(section, kept);
        for (; at < end; at++) {
            const struct leaf *leaf = &d->leaves[at];
            struct wide last = wide_mask(leaf->size_log2);
            if (leaf->rank == UINT16_MAX) continue;
            struct wide first = wide_right(wide_add(behind, last), leaf->size_log2);
            put_byte(section, leaf->size_log2);
            put_wide_varint(section, wide_subtract(wide_right(leaf->start, leaf->size_log2), first));
            put_le16(section, leaf->rank);
            behind = wide_add(wide_add(leaf->start, last), wide_of(1));
        }
    }
}

static int compare_numbers(const void *a, const void *b) {
    const struct wide *x = a, *y = b;
    return wide_compare(*x, *y);
}

size_t distinct_numbers(struct wide *numbers, size_t count) {
    size_t distinct = count > 0;
    qsort(numbers, count, sizeof *numbers, compare_numbers);
    for (size_t i = 1; i < count; i++) distinct += !wide_equal(numbers[i], numbers[i - 1]);
    return distinct;
}

int train_ranges(const struct training *t, const struct numbers *variants, unsigned count, size_t rest,
                 struct writer *section) {
    uint64_t most = t->model_bytes / RANGE_BYTES;
    struct division d = {.min_count = t->min_count};
    d.most = most > RANGES_MOST ? RANGES_MOST : most < RANGES_LEAST ? RANGES_LEAST : (unsigned)most;
    d.leaves = memory_alloc(&t->allocator, RANGES_MOST * sizeof *d.leaves);
    d.order = memory_alloc(&t->allocator, RANGES_MOST * sizeof *d.order);
    int status = d.leaves && d.order ? VP_OK : VP_ERR_MEMORY;
    if (status == VP_OK) {
        for (unsigned i = 0; i < count; i++)
            qsort(variants[i].items, variants[i].count, sizeof(struct wide), compare_numbers);
        d.enough = choose_enough(&d, variants, count, rest);
        for (d.too_many = d.enough > 0; d.too_many; d.enough *= 2) divide_all(&d, variants, count);
        if (!d.enough || d.kept == 0) status = VP_ERR_NO_SAMPLES;
        else write_ranges(&d, count, section);
    }
    memory_free(&t->allocator, d.leaves);
    memory_free(&t->allocator, d.order);
    return status;
}
