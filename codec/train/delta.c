/* Learns where single integers lie (variant 0), or how lists are written and packed (variant 1). */
#include "encoders/delta.h"
#include "train/ranges.h"

#include <stdlib.h>

enum { SAMPLES_MOST = 1 << 16, SURE = 64, STYLES_MOST = 16, BASES = 4 };

static size_t sample_count(const struct training *t) {
    return t->samples.count < SAMPLES_MOST ? t->samples.count : SAMPLES_MOST;
}

/* An even choice of the samples. */
static const struct sample *sample_at(const struct training *t, size_t i) {
    return &t->samples.items[(uint64_t)i * t->samples.count / sample_count(t)];
}

/* ---- Single integers -------------------------------------------------------------------------- */

static const struct list_style alone = {.times = false};

static size_t collect_integers(const struct training *t, struct wide *numbers) {
    size_t count = 0;
    for (size_t i = 0; i < sample_count(t); i++) {
        const struct sample *s = sample_at(t, i);
        struct list_walk walk = list_begin(&alone, s->bytes, s->size);
        uint64_t number;
        if (!is_canonical_integer(s->bytes, s->size) || !list_next(&walk, &number)) continue;
        numbers[count++] = wide_of(number ^ (uint64_t)1 << 63);
    }
    return count;
}

/* What divides all differences; 1 unless many different numbers say so. Sorts them. */
static uint64_t common_step(const struct training *t, struct wide *numbers, size_t count) {
    uint64_t step = 0;
    size_t distinct = distinct_numbers(numbers, count);
    for (size_t i = 1; i < count; i++) {
        uint64_t a = numbers[0].low, b = numbers[i].low, rest = a > b ? a - b : b - a;
        while (rest) {
            uint64_t modulo = step % rest;
            step = rest;
            rest = modulo;
        }
    }
    return step && distinct >= SURE && distinct >= t->min_count ? step : 1;
}

static int train_single(const struct training *t, struct writer *section) {
    struct wide *items = memory_alloc(&t->allocator, sample_count(t) * sizeof *items);
    if (!items) return VP_ERR_MEMORY;
    struct numbers numbers = {.items = items, .count = collect_integers(t, items), .bits = 64};
    int status = VP_ERR_NO_SAMPLES;
    if (numbers.count >= t->min_count) {
        uint64_t step = common_step(t, items, numbers.count);
        put_byte(section, DELTA_SINGLE);
        put_varint(section, step);
        put_varint(section, items[0].low % step);
        for (size_t i = 0; i < numbers.count; i++) items[i].low /= step;
        status = train_ranges(t, &numbers, 1, 0, section);
    }
    memory_free(&t->allocator, items);
    return status;
}

/* ---- How lists are written ---------------------------------------------------------------------- */

static bool is_digit(uint8_t c) {
    return c >= '0' && c <= '9';
}

/* Marks taken from the text itself: before the first number, between two, behind the last. */
static bool guess_style(const struct sample *s, struct list_style *style) {
    size_t first = 0, end, next, last = s->size;
    while (first < s->size && !is_digit(s->bytes[first])) first++;
    for (end = first; end < s->size && is_digit(s->bytes[end]);) end++;
    for (next = end; next < s->size && !is_digit(s->bytes[next]);) next++;
    while (last > first && !is_digit(s->bytes[last - 1])) last--;
    if (next >= last) return false;
    if (next > end + 1 && s->bytes[next - 1] == '-') next--;
    if (first && s->bytes[first - 1] == '-') first--;
    *style = (struct list_style){.open = {.bytes = s->bytes, .size = first},
                                 .separator = {.bytes = s->bytes + end, .size = next - end},
                                 .close = {.bytes = s->bytes + last, .size = s->size - last}};
    return first <= LIST_MARK_MOST && next - end <= LIST_MARK_MOST && s->size - last <= LIST_MARK_MOST;
}

/* A style that needs no profile, with timestamps. */
static bool find_times(const struct sample *s, struct list_style *style) {
    for (unsigned i = 0; i < LIST_STYLES; i++) {
        *style = list_style_by_number(i);
        if (list_find_times(style, s->bytes, s->size)) return true;
    }
    return false;
}

/* The style of a sample that is a list. */
static bool style_of(const struct sample *s, struct list_style *style) {
    struct list_facts facts;
    if (guess_style(s, style) && list_facts_of(style, s->bytes, s->size, &facts)) return true;
    return find_times(s, style) && list_facts_of(style, s->bytes, s->size, &facts) && facts.count > 1;
}

static bool same_mark(struct mark a, struct mark b) {
    return a.size == b.size && memcmp(a.bytes, b.bytes, a.size) == 0;
}

static bool same_style(const struct list_style *a, const struct list_style *b) {
    return same_mark(a->open, b->open) && same_mark(a->separator, b->separator) &&
           same_mark(a->close, b->close) && a->times == b->times && a->detail == b->detail;
}

/* True if min_count different samples are lists of the style. */
static bool seen_often(const struct training *t, const struct list_style *style) {
    const struct sample **seen = memory_alloc(&t->allocator, (size_t)t->min_count * sizeof *seen);
    struct list_facts facts;
    size_t count = 0, same;
    for (size_t at = 0; seen && at < sample_count(t) && count < t->min_count; at++) {
        const struct sample *s = sample_at(t, at);
        if (!list_facts_of(style, s->bytes, s->size, &facts)) continue;
        for (same = 0; same < count; same++)
            if (seen[same]->size == s->size && memcmp(seen[same]->bytes, s->bytes, s->size) == 0) break;
        if (same == count) seen[count++] = s;
    }
    memory_free(&t->allocator, seen);
    return seen && count == t->min_count;
}

/* The commonest of the first few styles; false if too few samples share one. */
static bool commonest_style(const struct training *t, struct list_style *style) {
    struct list_style seen[STYLES_MOST], guess;
    uint64_t counts[STYLES_MOST];
    unsigned count = 0, best = 0, i;
    for (size_t at = 0; at < sample_count(t); at++) {
        const struct sample *s = sample_at(t, at);
        if (!style_of(s, &guess)) continue;
        for (i = 0; i < count && !same_style(&seen[i], &guess);) i++;
        if (i == STYLES_MOST) continue;
        if (i == count) {
            seen[count] = guess;
            counts[count++] = 0;
        }
        counts[i]++;
        if (counts[i] > counts[best]) best = i;
    }
    if (count) *style = seen[best];
    return count && seen_often(t, style);
}

/* ---- How lists are packed ----------------------------------------------------------------------- */

/* The numbers of a list that are packed. */
struct span {
    int64_t least, largest;
    uint64_t count;
};

struct packing {
    uint64_t cost; /* bits */
    int64_t base;
    unsigned least_width, largest_width;
    bool differences;
};

static int compare_spans(const void *a, const void *b) {
    const struct span *x = a, *y = b;
    if (x->least != y->least) return x->least < y->least ? -1 : 1;
    return x->largest < y->largest ? -1 : x->largest > y->largest;
}

/* Lists that reach below the base are left to untrained delta, at perhaps 16 bits a number. */
static struct packing packing_with(const struct span *spans, size_t count, int64_t base) {
    struct packing p = {.base = base, .least_width = 64};
    for (size_t i = 0; i < count; i++) {
        unsigned width = bit_width((uint64_t)spans[i].largest - (uint64_t)base);
        p.cost += spans[i].least < base ? 32 + 16 * spans[i].count : width * spans[i].count;
        if (spans[i].least < base || spans[i].count == 0) continue;
        if (width < p.least_width) p.least_width = width;
        if (width > p.largest_width) p.largest_width = width;
    }
    if (p.least_width > p.largest_width) p.least_width = p.largest_width;
    p.cost += count * bit_width(p.largest_width - p.least_width);
    return p;
}

/* A base not above the least number: rounded down by a sixteenth of what lies between least and
   largest at most, so that no single sample's number is stored. */
static int64_t rounded_base(int64_t least, int64_t largest) {
    unsigned bits = bit_width((uint64_t)largest - (uint64_t)least);
    uint64_t unit = bits > 4 ? (uint64_t)1 << (bits - 4) : 1;
    uint64_t below = ((uint64_t)least ^ (uint64_t)1 << 63) & (unit - 1);
    return (int64_t)((uint64_t)least - below);
}

/* The best of a few bases: the least of all, or one that leaves the most distant out. */
static struct packing best_packing(struct span *spans, size_t count) {
    static const uint8_t share[BASES] = {0, 1, 4, 16}; /* of 64 */
    struct packing best = {.cost = UINT64_MAX};
    int64_t largest = INT64_MIN;
    for (size_t i = 0; i < count; i++)
        if (spans[i].largest > largest) largest = spans[i].largest;
    qsort(spans, count, sizeof *spans, compare_spans);
    for (unsigned i = 0; i < BASES; i++) {
        int64_t least = spans[count * share[i] / 64].least;
        struct packing p = packing_with(spans, count, rounded_base(least, largest));
        if (p.cost < best.cost) best = p;
    }
    return best;
}

struct bounds {
    uint64_t least_count, largest_count, count;
    int64_t least_first, largest_first;
};

static struct bounds collect_spans(const struct training *t, const struct list_style *style, bool differences,
                                   struct span *spans) {
    struct bounds b = {.least_count = UINT64_MAX, .least_first = INT64_MAX, .largest_first = INT64_MIN};
    struct list_facts f;
    for (size_t i = 0; i < sample_count(t); i++) {
        const struct sample *s = sample_at(t, i);
        if (!list_facts_of(style, s->bytes, s->size, &f)) continue;
        struct span values = {f.least_value, f.largest_value, f.count};
        struct span steps = {f.least_step, f.largest_step, f.count - 1};
        if (f.count < 2) steps.least = steps.largest = 0;
        spans[b.count++] = differences ? steps : values;
        if (f.count < b.least_count) b.least_count = f.count;
        if (f.count > b.largest_count) b.largest_count = f.count;
        if ((int64_t)f.first < b.least_first) b.least_first = (int64_t)f.first;
        if ((int64_t)f.first > b.largest_first) b.largest_first = (int64_t)f.first;
    }
    return b;
}

static void put_mark(struct writer *section, struct mark mark) {
    put_byte(section, (unsigned)mark.size);
    put_bytes(section, mark.bytes, mark.size);
}

static void write_list(struct writer *section, const struct list_style *style, const struct bounds *b,
                       const struct packing *p) {
    int64_t first = rounded_base(b->least_first, b->largest_first);
    put_byte(section, DELTA_LIST);
    put_mark(section, style->open);
    put_mark(section, style->separator);
    put_mark(section, style->close);
    put_byte(section, style->times);
    if (style->times) put_varint(section, style->detail);
    put_varint(section, b->least_count);
    put_byte(section, bit_width(b->largest_count - b->least_count));
    put_byte(section, p->differences);
    put_le64(section, (uint64_t)first);
    put_byte(section, bit_width((uint64_t)b->largest_first - (uint64_t)first));
    put_le64(section, (uint64_t)p->base);
    put_byte(section, p->least_width);
    put_byte(section, bit_width(p->largest_width - p->least_width));
}

static int train_list(const struct training *t, struct writer *section) {
    struct list_style style;
    if (!commonest_style(t, &style)) return VP_ERR_NO_SAMPLES;
    struct span *spans = memory_alloc(&t->allocator, sample_count(t) * sizeof *spans);
    if (!spans) return VP_ERR_MEMORY;
    struct bounds b = collect_spans(t, &style, false, spans);
    struct packing values = best_packing(spans, (size_t)b.count);
    collect_spans(t, &style, true, spans);
    struct packing steps = best_packing(spans, (size_t)b.count);
    steps.differences = true;
    uint64_t first = bit_width((uint64_t)b.largest_first - (uint64_t)b.least_first) * b.count;
    bool better = steps.cost < UINT64_MAX - first && steps.cost + first < values.cost;
    int status = b.largest_count - b.least_count <= UINT32_MAX ? VP_OK : VP_ERR_NO_SAMPLES;
    if (status == VP_OK) write_list(section, &style, &b, better ? &steps : &values);
    memory_free(&t->allocator, spans);
    return status;
}

static int train(const struct training *t, unsigned variant, struct writer *section) {
    return variant == 0 ? train_single(t, section) : train_list(t, section);
}

const struct encoder_trainer trainer_delta = {.id = ENCODER_ID_delta, .variants = 2, .train = train};
