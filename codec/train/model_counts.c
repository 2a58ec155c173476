#include "model_counts.h"

/* ---- Contexts of an event ------------------------------------------------------------------- */

unsigned level_of_context(uint64_t key) {
    return (unsigned)(key & 7) + (key >> 43 ? (unsigned)LEVEL_SLOTS : 0);
}

static bool has_level(const struct counts *c, const struct event *e, unsigned level) {
    bool text = c->draft->outline.slot_flags[e->slot] & SLOT_TEXT;
    return level < LEVEL_SLOTS ? text || level <= SLOT_PLAIN : !text;
}

static uint64_t key_at(const struct counts *c, const struct event *e, unsigned level) {
    if (level < LEVEL_SLOTS) return context_key(level, 0, e->history);
    unsigned place = e->place;
    if (!(c->draft->outline.slot_flags[e->slot] & SLOT_POSITIONAL))
        place = place == 0 ? 0 : place == PLACE_COPIED ? 2 : 1;
    return context_key(level - LEVEL_SLOTS, (uint64_t)c->spots[e->slot] + place + 1, e->history);
}

/* ---- Counting ------------------------------------------------------------------------------- */

static void *grow(struct counts *c, void *old, uint32_t *room, uint32_t needed, size_t size) {
    if (needed <= *room) return old;
    uint32_t more = *room ? 2 * *room : 4096;
    while (more < needed) more *= 2;
    void *bigger = memory_zeroed(&c->arena.allocator, (size_t)more * size);
    if (!bigger) {
        c->failed = true;
        return old;
    }
    if (old) memcpy(bigger, old, (size_t)*room * size);
    memory_free(&c->arena.allocator, old);
    *room = more;
    return bigger;
}

static uint32_t count_event(struct counts *c, uint64_t key, unsigned symbol, uint32_t sample) {
    uint32_t context = number_of(&c->context_map, key);
    if (context == UINT32_MAX) return RECORD_NONE;
    uint32_t record = number_of(&c->record_map, (uint64_t)context << 16 | symbol);
    if (record == UINT32_MAX) return RECORD_NONE;
    c->contexts = grow(c, c->contexts, &c->context_room, context + 1, sizeof *c->contexts);
    c->records = grow(c, c->records, &c->record_room, record + 1, sizeof *c->records);
    if (c->failed) return RECORD_NONE;
    c->contexts[context].total++;
    struct record_count *r = &c->records[record];
    r->count++;
    r->distinct += r->last_sample != sample + 1;
    r->last_sample = sample + 1;
    r->context = context;
    r->symbol = (uint16_t)symbol;
    return record;
}

/* A context that was seen once says nothing, and neither do those within it. */
static bool parent_is_seen(const struct counts *c, unsigned level, size_t event) {
    if (level < 2 || level == LEVEL_SLOTS) return true;
    uint32_t parent = c->records_of[level - 1][event];
    return parent != RECORD_NONE && c->contexts[c->records[parent].context].total > 1;
}

static void count_level(struct counts *c, unsigned level) {
    const struct model_draft *d = c->draft;
    uint32_t *records = c->records_of[level];
    uint32_t sample = 0;
    for (size_t i = 0; i < d->event_count; i++) {
        const struct event *e = &d->events[i];
        while (i >= d->starts[sample + 1]) sample++;
        records[i] = RECORD_NONE;
        if (has_level(c, e, level) && parent_is_seen(c, level, i))
            records[i] = count_event(c, key_at(c, e, level), e->symbol, sample);
    }
}

/* Discounts of one level from how many records were seen once, twice, three and four times: modified
   Kneser-Ney (Chen, Goodman 1998). */
static void find_discounts(struct counts *c, unsigned level) {
    uint64_t seen[5] = {0};
    for (uint32_t i = 0; i < c->record_map.count; i++) {
        const struct record_count *r = &c->records[i];
        if (r->count < 5 && level_of_context(c->context_map.keys[r->context]) == level) seen[r->count]++;
    }
    uint64_t weight = (seen[1] << 16) / (seen[1] + 2 * seen[2] + 1);
    for (unsigned n = 1; n <= 3; n++) {
        uint64_t taken = ((n + 1) * weight * seen[n + 1] / (seen[n] + 1)) >> 8, least = 64 * n / 2 + 32;
        uint64_t discount = taken < 256 * n ? 256 * n - taken : 0;
        if (discount < least) discount = least;
        if (discount > 230 * n) discount = 230 * n;
        c->discounts[level][n] = (uint32_t)discount;
    }
}

uint32_t discount_of(const struct counts *c, unsigned level, uint64_t mass) {
    uint64_t count = mass / MASS_ONE;
    if (count == 0) return (uint32_t)(mass * c->discounts[level][1] / MASS_ONE);
    return c->discounts[level][count < 3 ? count : 3];
}

static void sum_discounts(struct counts *c) {
    for (uint32_t i = 0; i < c->record_map.count; i++) {
        struct record_count *r = &c->records[i];
        unsigned level = level_of_context(c->context_map.keys[r->context]);
        c->contexts[r->context].discounts += discount_of(c, level, (uint64_t)r->count * MASS_ONE);
    }
}

bool counts_make(struct counts *c, struct model_draft *d) {
    *c = (struct counts){.draft = d,
                         .arena = arena_over(d->arena.allocator),
                         .context_map = number_map_over(d->arena.allocator),
                         .record_map = number_map_over(d->arena.allocator)};
    for (unsigned slot = 0; slot < d->outline.slot_count; slot++)
        c->spots[slot + 1] = c->spots[slot] + places_of(d->outline.slot_flags[slot]);
    for (unsigned level = 0; level < LEVELS; level++) {
        c->records_of[level] = arena_array(&c->arena, d->event_count, sizeof(uint32_t));
        if (c->arena.failed) return false;
        count_level(c, level);
        if (c->failed || c->context_map.failed || c->record_map.failed) return false;
        find_discounts(c, level);
    }
    sum_discounts(c);
    return true;
}

void counts_free(struct counts *c) {
    number_map_free(&c->context_map);
    number_map_free(&c->record_map);
    memory_free(&c->arena.allocator, c->contexts);
    memory_free(&c->arena.allocator, c->records);
    arena_free(&c->arena);
}

/* ---- Weighing ------------------------------------------------------------------------------- */

static uint32_t bits_of(uint64_t probability) { /* of 2^32 */
    return (32u << 8) - log2_q8(probability ? probability : 1);
}

/* The probability (of 2^32) of an event in one more context, given that in the shallower ones, as if
   it had not been counted; adds what the record saves and what ESCAPE would cost. */
static uint64_t weigh_in_context(struct counts *c, unsigned level, uint32_t record, uint64_t shallower) {
    struct record_count *r = &c->records[record];
    struct context_count *x = &c->contexts[r->context];
    const uint64_t others = (uint64_t)(x->total - 1) * MASS_ONE, n = r->count;
    if (others == 0) return shallower;
    uint64_t with = discount_of(c, level, n * MASS_ONE);
    uint64_t less = n > 1 ? discount_of(c, level, (n - 1) * MASS_ONE) : 0;
    uint64_t escape = x->discounts - with + less;
    if (escape == 0) escape = 1;
    if (escape > others) escape = others;
    uint64_t own = n > 1 ? (n - 1) * MASS_ONE - less : 0;
    uint64_t dropped = escape * shallower / others, kept = (own << 32) / others + dropped;
    if (dropped == 0) dropped = 1;
    x->losses += bits_of(dropped) - (uint64_t)bits_of(shallower);
    r->gain += bits_of(dropped) - (uint64_t)bits_of(kept < dropped ? dropped : kept);
    return kept ? kept : 1;
}

void counts_weigh(struct counts *c) {
    struct model_draft *d = c->draft;
    uint64_t symbols = outline_symbols(&d->outline);
    for (size_t i = 0; i < d->event_count; i++) {
        const struct record_count *r = &c->records[c->records_of[0][i]];
        uint64_t total = c->contexts[r->context].total;
        uint64_t p = ((8 * (uint64_t)(r->count - 1) + 1) << 32) / (8 * total + symbols);
        for (unsigned level = 1; level < LEVELS; level++)
            if (c->records_of[level][i] != RECORD_NONE)
                p = weigh_in_context(c, level, c->records_of[level][i], p);
        d->events[i].cost = bits_of(p);
    }
}

bool estimate_costs(struct model_draft *d) {
    struct counts c;
    bool good = counts_make(&c, d);
    if (good) counts_weigh(&c);
    counts_free(&c);
    return good;
}
