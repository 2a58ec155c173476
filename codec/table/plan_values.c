#include "plan.h"

#include "chooser.h"
#include "integer.h"

enum { SAMPLES = 32 /* of integers, to see whether encoding them pays */ };

/* ---- Integers ------------------------------------------------------------------------------- */

static bool read_integers(struct plan *p, unsigned digits) {
    for (size_t i = 0; i < p->records->count; i++)
        if (!integer_parse(record_value(p->records, i), digits, plan_integers(p) + i)) return false;
    p->head.values.integers.digits = (uint8_t)digits;
    return true;
}

static bool find_integers(struct plan *p) {
    size_t digits = record_value(p->records, 0).size;
    return read_integers(p, 0) || (digits && digits <= TABLE_DIGITS && read_integers(p, (unsigned)digits));
}

static uint64_t difference(const struct plan *p, size_t i) {
    return (uint64_t)plan_integers(p)[i] - (uint64_t)plan_integers(p)[i - 1];
}

/* Is it the difference of the integers themselves, not only modulo 2^64? */
static bool is_exact(const struct plan *p, size_t i) {
    return ((int64_t)difference(p, i) >= 0) == (plan_integers(p)[i] >= plan_integers(p)[i - 1]);
}

static bool set_line(struct plan *p) {
    struct integers *v = &p->head.values.integers;
    v->base = plan_integers(p)[0];
    v->step = p->records->count > 1 ? difference(p, 1) : 0;
    for (size_t i = 1; i < p->records->count; i++)
        if (difference(p, i) != v->step || !is_exact(p, i)) return false;
    return true;
}

static void set_firsts(struct plan *p) {
    struct integers *v = &p->head.values.integers;
    int64_t least = plan_integers(p)[0], most = least;
    for (size_t i = 0; i < p->records->count; i += (size_t)p->head.per_block) {
        if (plan_integers(p)[i] < least) least = plan_integers(p)[i];
        if (plan_integers(p)[i] > most) most = plan_integers(p)[i];
    }
    v->base = least;
    v->first_bits = (uint8_t)bits_of((uint64_t)most - (uint64_t)least);
}

uint64_t plan_delta(const struct plan *p, size_t i) {
    if (p->head.values.kind == VALUES_GAPS) return difference(p, i) - p->head.values.integers.step;
    return zigzag(difference(p, i));
}

static void set_code(struct plan *p) {
    size_t found = 0;
    for (size_t i = 1; i < p->records->count; i++)
        if (!begins_block(p, i)) plan_numbers(p)[found++] = plan_delta(p, i);
    p->head.values.integers.gaps = code_choose(plan_numbers(p), found);
    set_firsts(p);
}

static bool set_gaps(struct plan *p) {
    int64_t least = INT64_MAX;
    bool any = false;
    for (size_t i = 1; i < p->records->count; i++) {
        if (begins_block(p, i)) continue;
        if (!is_exact(p, i)) return false;
        if ((int64_t)difference(p, i) < least) least = (int64_t)difference(p, i);
        any = true;
    }
    p->head.values.integers.step = any ? (uint64_t)least : 0;
    set_code(p);
    return true;
}

static bool set_deltas(struct plan *p) {
    set_code(p);
    return true;
}

/* The frame in which so many integers up to `range` above the base take the fewest bits. */
static struct frame choose_frame(uint64_t range, const struct head *h) {
    struct frame best = {.radix = 0}, f;
    uint64_t best_bits = UINT64_MAX, rest = block_records(h, h->blocks - 1);
    struct values_column v = {.kind = VALUES_FRAME};
    unsigned width = bits_of(range);
    for (unsigned low = width < 64 ? width : 63;; low--) {
        for (unsigned group = 1; group <= 64 && frame_make(&f, low, (range >> low) + 1, group); group++) {
            v.frame = f;
            uint64_t bits = (h->blocks - 1) * fixed_bits(&v, h->per_block) + fixed_bits(&v, rest);
            if (bits < best_bits) best = f;
            if (bits < best_bits) best_bits = bits;
            if (range >> low == 0) break;
        }
        if (low == 0) return best;
    }
}

static bool set_frame(struct plan *p) {
    int64_t least = INT64_MAX, most = INT64_MIN;
    for (size_t i = 0; i < p->records->count; i++) {
        if (plan_integers(p)[i] < least) least = plan_integers(p)[i];
        if (plan_integers(p)[i] > most) most = plan_integers(p)[i];
    }
    p->head.values.integers.base = least;
    p->head.values.frame = choose_frame((uint64_t)most - (uint64_t)least, &p->head);
    return true;
}

/* ---- Strings -------------------------------------------------------------------------------- */

/* Where a value stands among the choices, or where it would. */
static uint32_t choice_of(const struct plan *p, vp_bytes value, bool *found) {
    const vp_bytes *choices = (const vp_bytes *)(const void *)p->choices.bytes;
    uint32_t low = 0, high = p->head.values.choices;
    *found = false;
    while (low < high && !*found) {
        uint32_t middle = low + (high - low) / 2;
        int order = bytes_compare(choices[middle], value);
        *found = order == 0;
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return high;
}

static bool set_choice(struct plan *p) {
    vp_bytes *choices = (vp_bytes *)(void *)p->choices.bytes;
    uint32_t *count = &p->head.values.choices;
    *count = 0;
    bool found;
    for (size_t i = 0; i < p->records->count; i++) {
        vp_bytes value = record_value(p->records, i);
        uint32_t at = choice_of(p, value, &found);
        if (found) continue;
        if (*count == TABLE_CHOICES) return false;
        memmove(choices + at + 1, choices + at, (*count - at) * sizeof *choices);
        choices[at] = value;
        (*count)++;
    }
    for (size_t i = 0; i < p->records->count; i++)
        plan_numbers(p)[i] = choice_of(p, record_value(p->records, i), &found);
    return true;
}

static void set_sizes(struct plan *p) {
    struct strings *s = &p->head.values.strings;
    s->least = UINT64_MAX;
    for (size_t i = 0; i < p->records->count; i++)
        if (plan_value(p, i).size < s->least) s->least = plan_value(p, i).size;
    for (size_t i = 0; i < p->records->count; i++) plan_numbers(p)[i] = plan_value(p, i).size - s->least;
    s->sizes = code_choose(plan_numbers(p), p->records->count);
}

static bool set_bytes(struct plan *p) {
    struct characters characters = {.low = 0xFF, .high = 0};
    for (size_t i = 0; i < p->records->count; i++) {
        vp_bytes value = record_value(p->records, i);
        characters_meet(&characters, value.data, value.size);
    }
    characters_settle(&characters, &p->head.values.strings);
    set_sizes(p);
    return true;
}

static bool set_encoded(struct plan *p) {
    p->head.values.strings.low = 0;
    p->head.values.strings.bits = 8;
    set_sizes(p);
    return true;
}

static int encode_all(struct plan *p) {
    uint64_t *ends = (uint64_t *)(void *)p->ends.bytes;
    size_t used = 0;
    for (size_t i = 0; i < p->records->count; i++) {
        struct stored stored;
        vp_bytes value = record_value(p->records, i);
        int status = choose(p->context, value.data, value.size, &stored);
        if (status != VP_OK) return status;
        if (!buffer_grow(&p->allocator, &p->encoded, used + stored.size + 1, used)) return VP_ERR_MEMORY;
        if (stored.size) memcpy(p->encoded.bytes + used, stored.bytes, stored.size);
        ends[i] = used += stored.size;
    }
    return VP_OK;
}

/* Can encoded values take fewer bytes than that? Each that is not empty takes one at least; of integers,
   which the other kinds suit mostly, some tell about all. */
static int may_encode(struct plan *p, bool integers, uint64_t best, bool *may) {
    size_t count = p->records->count, step = integers ? (count + SAMPLES - 1) / SAMPLES : 1, samples = 0;
    uint64_t bytes = 0;
    for (size_t i = 0; i < count; i += step, samples++) {
        vp_bytes value = record_value(p->records, i);
        struct stored stored = {.size = value.size > 0};
        int status = integers ? choose(p->context, value.data, value.size, &stored) : VP_OK;
        if (status != VP_OK) return status;
        bytes += stored.size;
    }
    *may = bytes < best && bytes * count < best * samples;
    return VP_OK;
}

/* ---- The smallest --------------------------------------------------------------------------- */

static bool (*const setters[VALUES_KINDS])(struct plan *p) = {
    [VALUES_LINE] = set_line,       [VALUES_GAPS] = set_gaps,     [VALUES_DELTAS] = set_deltas,
    [VALUES_FRAME] = set_frame,     [VALUES_CHOICE] = set_choice, [VALUES_BYTES] = set_bytes,
    [VALUES_ENCODED] = set_encoded,
};

static bool try_kind(struct plan *p, unsigned kind, uint64_t *size) {
    p->head.values.kind = kind;
    if (!setters[kind](p)) return false;
    *size = plan_measure(p);
    return true;
}

int plan_values(struct plan *p) {
    bool integers = find_integers(p);
    if (!integers) p->head.values.integers.digits = 0;
    uint64_t best = UINT64_MAX, size;
    unsigned kind = VALUES_BYTES;
    for (unsigned k = integers ? VALUES_LINE : VALUES_CHOICE; k < VALUES_ENCODED; k++) {
        if (!try_kind(p, k, &size)) continue;
        if (size < best) kind = k;
        if (size < best) best = size;
        if (k == VALUES_LINE) break;
    }
    bool may = false;
    int status = kind == VALUES_LINE ? VP_OK : may_encode(p, integers, best, &may);
    if (may) status = encode_all(p);
    if (may && status == VP_OK && try_kind(p, VALUES_ENCODED, &size) && size < best) return VP_OK;
    if (status == VP_OK) try_kind(p, kind, &size);
    return status;
}
