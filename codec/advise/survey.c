/* Facts about all samples: duplicates, sizes, and the memory they take now. */
#include "survey.h"

#include "value.h"

#include <xxhash.h>

/* ---- Numbers -------------------------------------------------------------------------------- */

uint64_t scaled(uint64_t a, uint64_t b, uint64_t c) {
    if (c == 0) return 0;
    uint64_t rest = a % c, factor = b, divisor = c;
    while (rest && divisor > 1 && factor > UINT64_MAX / rest) {
        factor >>= 1;
        divisor >>= 1;
    }
    uint64_t whole = a / c;
    if (whole && b > UINT64_MAX / 2 / whole) return UINT64_MAX / 2;
    return whole * b + rest * factor / divisor;
}

uint64_t index_cost(const struct study *s, uint64_t keys) {
    return vp_cost_index(s->server, keys, s->expires ? keys : 0);
}

uint64_t keys_memory(const struct study *s, uint64_t cost) {
    return scaled(cost, s->keys, s->count) + index_cost(s, s->keys);
}

uint64_t record_cost(const struct study *s, const struct record *r, const void *value, uint64_t size) {
    return vp_cost_string(s->server, r->key_size, s->expires, value, size);
}

/* ---- Made-up keys --------------------------------------------------------------------------- */

/* Consecutive numbers behind letters, all of the size assumed; where that is too small for the number the
   digits that fit. */
vp_bytes record_key(const struct study *s, size_t i, uint8_t *room) {
    const struct record *r = &s->records[i];
    if (s->keyed) return (vp_bytes){r->key, r->key_size};
    uint64_t number = 100000000 + (uint64_t)i;
    size_t at = r->key_size;
    for (unsigned digit = 0; at > 0 && digit < 9; digit++, number /= 10)
        room[--at] = (uint8_t)('0' + number % 10);
    memset(room, 'k', at);
    return (vp_bytes){room, r->key_size};
}

/* ---- Sets of hashes ------------------------------------------------------------------------- */

bool hash_set_make(struct hash_set *set, struct arena *arena, size_t most) {
    size_t room = 16;
    while (room < 2 * most) room *= 2;
    *set = (struct hash_set){.mask = room - 1};
    set->hashes = arena_array(arena, room, sizeof *set->hashes);
    set->items = arena_array(arena, room, sizeof *set->items);
    return set->hashes && set->items;
}

uint32_t *hash_set_place(struct hash_set *set, uint64_t hash) {
    hash += hash == 0; /* 0 means empty */
    size_t at = hash & set->mask;
    while (set->hashes[at] && set->hashes[at] != hash) at = (at + 1) & set->mask;
    if (!set->hashes[at]) set->count++;
    set->hashes[at] = hash;
    return &set->items[at];
}

/* ---- Facts ---------------------------------------------------------------------------------- */

/* Keeps the last sample of each key, in the order of the samples. */
static bool drop_duplicates(struct study *s) {
    const vp_advisor *a = s->advisor;
    struct arena work = arena_over(a->allocator);
    struct hash_set last;
    bool good = hash_set_make(&last, &work, a->kept_count);
    for (size_t i = 0; good && i < a->kept_count; i++)
        *hash_set_place(&last, XXH3_64bits(a->kept[i].bytes, a->kept[i].key_size)) = (uint32_t)i;
    for (size_t i = 0; good && i < a->kept_count; i++) {
        const struct kept_record *k = &a->kept[i];
        if (*hash_set_place(&last, XXH3_64bits(k->bytes, k->key_size)) != i) continue;
        s->records[s->count++] = (struct record){.key = k->bytes,
                                                 .key_size = k->key_size,
                                                 .value = k->bytes + k->key_size,
                                                 .value_size = k->value_size};
    }
    arena_free(&work);
    return good;
}

static void take_all(struct study *s) {
    const vp_advisor *a = s->advisor;
    for (size_t i = 0; i < a->kept_count; i++) {
        const struct kept_record *k = &a->kept[i];
        s->records[s->count++] = (struct record){.key_size = (uint32_t)advise_option(a, VP_ADVISE_KEY_SIZE),
                                                 .value = k->bytes + k->key_size,
                                                 .value_size = k->value_size};
    }
}

static bool count_distinct(struct study *s) {
    struct arena work = arena_over(s->arena.allocator);
    struct hash_set seen;
    bool good = hash_set_make(&seen, &work, s->count);
    for (size_t i = 0; good && i < s->count; i++)
        hash_set_place(&seen, XXH3_64bits(s->records[i].value, s->records[i].value_size));
    s->distinct = seen.count;
    arena_free(&work);
    return good;
}

static void add_up(struct study *s) {
    for (size_t i = 0; i < s->count; i++) {
        struct record *r = &s->records[i];
        r->integer = is_canonical_integer(r->value, r->value_size);
        r->cost = record_cost(s, r, r->value, r->value_size);
        s->cost += r->cost;
        s->cost_by_size[stratum_of(r->value_size)] += r->cost;
        s->key_bytes += r->key_size;
        s->value_bytes += r->value_size;
        s->integers += r->integer;
        s->empty += r->value_size == 0;
        if (r->value_size > s->longest) s->longest = r->value_size;
    }
}

int survey(struct study *s) {
    const vp_advisor *a = s->advisor;
    if (a->kept_count == 0) return VP_ERR_NO_SAMPLES;
    s->records = arena_array(&s->arena, a->kept_count, sizeof *s->records);
    if (!s->records) return VP_ERR_MEMORY;
    s->keyed = a->without_key == 0;
    if (!s->keyed) take_all(s);
    else if (!drop_duplicates(s)) return VP_ERR_MEMORY;
    if (!count_distinct(s)) return VP_ERR_MEMORY;
    add_up(s);
    s->duplicates = a->kept_count - s->count;
    uint64_t seen = scaled(a->seen, s->count, a->kept_count), asked = advise_option(a, VP_ADVISE_KEYS);
    s->keys = asked > seen ? asked : seen;
    s->memory = keys_memory(s, s->cost);
    return VP_OK;
}

/* ---- Rows ----------------------------------------------------------------------------------- */

struct advice_row *add_advice(struct study *s, const struct technique *technique) {
    struct advice_row *row = &s->rows[s->row_count < STUDY_ROWS - 1 ? s->row_count++ : STUDY_ROWS - 1];
    *row = (struct advice_row){.technique = technique};
    return row;
}

struct writer row_text(char *text) {
    size_t size = strlen(text);
    struct writer w = writer_over(text, TEXT_ROOM - 1);
    w.length = size;
    return w;
}
