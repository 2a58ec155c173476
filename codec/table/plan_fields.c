#include "plan.h"

#include "integer.h"

size_t shared_size(vp_bytes a, vp_bytes b) {
    const uint8_t *x = a.data, *y = b.data;
    size_t most = a.size < b.size ? a.size : b.size, size = 0;
    while (size < most && x[size] == y[size]) size++;
    return size;
}

void characters_meet(struct characters *c, const uint8_t *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] < c->low) c->low = bytes[i];
        if (bytes[i] > c->high) c->high = bytes[i];
    }
}

void characters_settle(const struct characters *c, struct strings *s) {
    bool any = c->high >= c->low;
    unsigned bits = any ? bits_of((uint64_t)c->high - c->low) : 1;
    s->bits = (uint8_t)(bits ? bits : 1);
    s->low = any && s->bits < 8 ? c->low : 0;
}

/* ---- Prefix and kind ------------------------------------------------------------------------ */

struct outline {
    size_t shared; /* bytes that all fields begin with */
    size_t shortest, longest;
};

static struct outline outline_of(const struct records *r) {
    vp_bytes first = record_field(r, 0);
    struct outline o = {.shared = first.size, .shortest = first.size, .longest = first.size};
    for (size_t i = 1; i < r->count; i++) {
        vp_bytes field = record_field(r, i);
        size_t shared = shared_size((vp_bytes){.data = first.data, .size = o.shared}, field);
        if (shared < o.shared) o.shared = shared;
        if (field.size < o.shortest) o.shortest = field.size;
        if (field.size > o.longest) o.longest = field.size;
    }
    return o;
}

/* The prefix less the digits at its end, as long as what stands behind it has no more than `most` bytes. */
static size_t without_digits(const struct records *r, const struct outline *o, size_t most) {
    const uint8_t *first = record_field(r, 0).data;
    size_t prefix = o->shared;
    while (prefix && first[prefix - 1] >= '0' && first[prefix - 1] <= '9' && o->longest - prefix < most)
        prefix--;
    return prefix;
}

/* Are fields integers behind this prefix? Then the records have them. */
static bool read_integers(struct plan *p, size_t prefix, unsigned digits) {
    p->head.fields.prefix = (vp_bytes){.data = record_field(p->records, 0).data, .size = prefix};
    for (size_t i = 0; i < p->records->count; i++)
        if (!integer_parse(plan_field(p, i), digits, &record_at(p->records, i)->integer)) return false;
    p->head.fields.integers.digits = (uint8_t)digits;
    return true;
}

static bool find_integers(struct plan *p, const struct outline *o) {
    bool canonical = true;
    for (size_t i = 0; i < p->records->count && canonical; i++)
        canonical = record_at(p->records, i)->is_integer;
    if (canonical) return true;
    if (read_integers(p, without_digits(p->records, o, SIZE_MAX), 0)) return true;
    size_t prefix = without_digits(p->records, o, TABLE_DIGITS), digits = o->longest - prefix;
    return o->shortest == o->longest && digits && digits <= TABLE_DIGITS &&
           read_integers(p, prefix, (unsigned)digits);
}

/* ---- Integers ------------------------------------------------------------------------------- */

static uint64_t gap_before(const struct plan *p, size_t i) {
    return (uint64_t)record_at(p->records, i)->integer - (uint64_t)record_at(p->records, i - 1)->integer;
}

static bool are_line(const struct plan *p) {
    for (size_t i = 2; i < p->records->count; i++)
        if (gap_before(p, i) != gap_before(p, 1)) return false;
    return true;
}

static void plan_gaps(struct plan *p) {
    struct integers *v = &p->head.fields.integers;
    uint64_t *numbers = plan_numbers(p), least = UINT64_MAX;
    size_t count = p->records->count, found = 0;
    for (size_t i = 1; i < count; i++)
        if (!begins_block(p, i)) numbers[found++] = gap_before(p, i);
    for (size_t i = 0; i < found; i++)
        if (numbers[i] < least) least = numbers[i];
    for (size_t i = 0; i < found; i++) numbers[i] -= least;
    v->step = found ? least : 1;
    v->gaps = code_choose(numbers, found);
    size_t last = (size_t)((p->head.blocks - 1) * p->head.per_block);
    p->head.key_bits = (uint8_t)bits_of((uint64_t)record_at(p->records, last)->integer - (uint64_t)v->base);
}

static void plan_integer_fields(struct plan *p) {
    struct fields_column *f = &p->head.fields;
    f->integers.base = record_at(p->records, 0)->integer;
    f->kind = are_line(p) ? FIELDS_LINE : FIELDS_GAPS;
    head_cut(&p->head);
    if (f->kind == FIELDS_GAPS) plan_gaps(p);
    else f->integers.step = p->records->count > 1 ? gap_before(p, 1) : 1;
}

/* ---- Strings -------------------------------------------------------------------------------- */

vp_bytes plan_separator(const struct plan *p, uint64_t block) {
    size_t i = (size_t)(block * p->head.per_block);
    vp_bytes first = plan_field(p, i);
    return (vp_bytes){.data = first.data, .size = shared_size(plan_field(p, i - 1), first) + 1};
}

static void plan_strings(struct plan *p, const struct outline *o) {
    struct strings *s = &p->head.fields.strings;
    uint64_t *numbers = plan_numbers(p);
    size_t count = p->records->count, found = 0;
    p->head.fields.kind = FIELDS_STRINGS;
    head_cut(&p->head);
    p->head.fields.prefix = (vp_bytes){.data = record_field(p->records, 0).data, .size = o->shared};
    s->least = o->shortest - o->shared;
    for (size_t i = 0; i < count; i++) numbers[i] = plan_field(p, i).size - s->least;
    s->sizes = code_choose(numbers, count);
    struct characters characters = {.low = 0xFF, .high = 0};
    for (size_t i = 0; i < count; i++) {
        vp_bytes field = plan_field(p, i);
        size_t shared = begins_block(p, i) ? 0 : shared_size(plan_field(p, i - 1), field);
        characters_meet(&characters, (const uint8_t *)field.data + shared, field.size - shared);
        if (!begins_block(p, i)) numbers[found++] = field.size - shared - 1;
    }
    s->suffixes = code_choose(numbers, found);
    characters_settle(&characters, s);
    for (uint64_t block = 1; block < p->head.blocks; block++)
        p->head.fields.separators.size += plan_separator(p, block).size;
    p->head.key_bits = (uint8_t)bits_of(p->head.fields.separators.size);
}

bool plan_fields(struct plan *p) {
    const struct outline o = outline_of(p->records);
    bool integers = find_integers(p, &o);
    if (!records_sort(p->records, integers ? ORDER_INTEGERS : ORDER_BYTES)) return false;
    if (integers) plan_integer_fields(p);
    else plan_strings(p, &o);
    return true;
}
