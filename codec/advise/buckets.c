/*
 * Small hashes. Where the samples are all keys, they are split for real and every bucket is costed; where they
 * are a part of them, the planner tells what the buckets will be.
 */
#include "buckets.h"

#include "json.h"
#include "survey.h"
#include "techniques.h"

#include <xxhash.h>

enum {
    USUAL_FILL = 100, /* records in a shard: HGET stays near a microsecond */
    USUAL_DIGITS = 2,
    BETTER = 95,          /* percent: what another layout may take at most to be preferred */
    CONVERTED_MOST = 100, /* one record in so many may be in a hash that is no listpack */
};

static const char *const kind_names[] = {"", "digits", "shards", "range"};

struct bucket {
    vp_hash_cost cost;
    uint32_t key_size;
};

/* Records on their way into buckets. */
struct splitting {
    struct study *s;
    struct layout *layout;
    const vp_bytes *values;
    struct arena arena;
    struct hash_set names;
    struct bucket *buckets; /* [0] is not used */
    char *room;
    uint8_t *key_room;
    size_t room_size;
    uint64_t alone, alone_cost; /* records whose key can't be split */
};

static uint64_t largest_key(const struct study *s) {
    uint64_t largest = 0;
    for (size_t i = 0; i < s->count; i++)
        if (s->records[i].key_size > largest) largest = s->records[i].key_size;
    return largest;
}

static bool splitting_open(struct splitting *p) {
    struct study *s = p->s;
    p->arena = arena_over(s->arena.allocator);
    p->buckets = arena_array(&p->arena, s->count + 1, sizeof *p->buckets);
    p->room_size = vp_bucket_bound((size_t)largest_key(s));
    p->room = arena_array(&p->arena, p->room_size, 1);
    p->key_room = arena_array(&p->arena, p->room_size, 1);
    return hash_set_make(&p->names, &p->arena, s->count) && !p->arena.failed;
}

/* The value of a record in a bucket. */
static vp_bytes value_of_record(const struct splitting *p, size_t i) {
    const struct record *r = &p->s->records[i];
    return p->values ? p->values[i] : (vp_bytes){r->value, r->value_size};
}

static void put_in_buckets(struct splitting *p) {
    struct study *s = p->s;
    uint32_t count = 0;
    for (size_t i = 0; i < s->count; i++) {
        vp_place place;
        vp_bytes key = record_key(s, i, p->key_room);
        if (vp_bucket_split(&p->layout->how, key, p->room, p->room_size, &place) != VP_OK) {
            p->alone++;
            p->alone_cost += s->records[i].cost;
            continue;
        }
        uint32_t *number = hash_set_place(&p->names, XXH3_64bits(p->room, place.bucket_size));
        if (*number == 0) *number = ++count;
        struct bucket *b = &p->buckets[*number];
        b->key_size = (uint32_t)place.bucket_size;
        vp_hash_cost_add(s->server, &b->cost, (vp_bytes){p->room + place.bucket_size, place.field_size},
                         value_of_record(p, i));
        p->layout->split++;
    }
}

/* All keys are there: every bucket is what it will be. */
static void cost_buckets(struct splitting *p) {
    struct study *s = p->s;
    struct layout *l = p->layout;
    uint64_t cost = p->alone_cost;
    for (size_t i = 1; i <= p->names.count; i++) {
        const struct bucket *b = &p->buckets[i];
        cost += vp_hash_cost_total(s->server, &b->cost, b->key_size, s->expires);
        if (!vp_hash_cost_is_listpack(s->server, &b->cost)) l->converted += b->cost.fields;
    }
    l->buckets = scaled(p->names.count, s->keys, s->count);
    uint64_t keys = l->buckets + scaled(p->alone, s->keys, s->count);
    l->memory = scaled(cost, s->keys, s->count) + index_cost(s, keys);
}

/* ---- The best ------------------------------------------------------------------------------- */

static int judge(struct study *s, const vp_bytes *values, struct layout *l) {
    struct splitting p = {.s = s, .layout = l, .values = values};
    bool good = splitting_open(&p);
    if (good) {
        put_in_buckets(&p);
        cost_buckets(&p);
    }
    arena_free(&p.arena);
    return good ? VP_OK : VP_ERR_MEMORY;
}

uint32_t common_prefix(const struct study *s) {
    if (!s->keyed) return 0;
    const struct record *first = &s->records[0];
    uint32_t size = first->key_size ? first->key_size - 1 : 0;
    for (size_t i = 1; i < s->count; i++) {
        const struct record *r = &s->records[i];
        uint32_t same = 0;
        while (same < size && same + 1 < r->key_size && r->key[same] == first->key[same]) same++;
        size = same;
    }
    while (size > 0 && !strchr(":/-_.|#", first->key[size - 1])) size--;
    return size;
}

bool layout_is_hazardous(const struct layout *l) {
    return l->converted > l->split / CONVERTED_MOST;
}

/* Is `l` to be preferred to what is the best so far? */
static bool is_better(const struct layout *l, const struct layout *best) {
    if (layout_is_hazardous(l) != layout_is_hazardous(best)) return layout_is_hazardous(best);
    return l->memory < scaled(best->memory, BETTER, 100);
}

int survey_keys(struct study *s, const vp_bytes *values, vp_keyspace *space) {
    struct arena arena = arena_over(s->arena.allocator);
    uint8_t *room = arena_array(&arena, ASSUMED_KEY_LARGEST, 1);
    *space = (vp_keyspace){.server = *s->server,
                           .expires = (uint32_t)s->expires,
                           .prefix_size = common_prefix(s),
                           .keys = is_part(s) ? s->keys : s->count};
    int status = room ? VP_OK : VP_ERR_MEMORY;
    for (size_t i = 0; status == VP_OK && i < s->count; i++) {
        const vp_bytes value = {s->records[i].value, s->records[i].value_size};
        status = vp_keyspace_add(space, record_key(s, i, room), value, values ? values[i] : value);
        if (status == VP_ERR_KEY) status = VP_OK;
    }
    arena_free(&arena);
    return status;
}

/* What the planner says, as the records between the samples are not known. */
static void as_planned(const struct study *s, const vp_bucket_plan *plan, struct layout *best) {
    *best = (struct layout){.how = plan->how,
                            .memory = scaled(plan->record_millibytes, s->keys, 1000),
                            .buckets = plan->buckets,
                            .split = s->count,
                            .converted = scaled(s->count, plan->tables_ppm, 1000000)};
}

/* Of what the planner says and what is usual, whatever is best when all records are split so. */
static int best_of_all(struct study *s, const vp_bytes *values, const vp_bucketing *plan, struct layout *best,
                       bool *found) {
    uint64_t fill = (uint64_t)s->server->hash_max_entries * 6 / 10;
    if (fill > USUAL_FILL) fill = USUAL_FILL;
    if (fill == 0) fill = 1;
    const vp_bucketing tries[] = {
        {.kind = VP_BUCKET_DIGITS, .count = USUAL_DIGITS},
        {.kind = VP_BUCKET_SHARDS, .prefix_size = common_prefix(s), .count = (s->keys + fill - 1) / fill},
        *plan};
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        struct layout l = {.how = tries[i]};
        if (l.how.kind == VP_BUCKET_SHARDS && !s->keyed) continue;
        int status = judge(s, values, &l);
        if (status != VP_OK) return status;
        if (l.split < s->count / 2 || l.split == 0 || (*found && !is_better(&l, best))) continue;
        *best = l;
        *found = true;
    }
    return VP_OK;
}

int best_layout(struct study *s, const vp_bytes *values, struct layout *best, bool *found) {
    vp_keyspace space;
    vp_bucket_plan plan = {.how = {.kind = VP_BUCKET_DIGITS, .count = 1}};
    int status = survey_keys(s, values, &space);
    *found = false;
    if (status != VP_OK) return status;
    bool is_planned = vp_plan_buckets(&space, &plan) == VP_OK;
    if (!is_part(s)) return best_of_all(s, values, &plan.how, best, found);
    if (is_planned) as_planned(s, &plan, best);
    *found = is_planned;
    return VP_OK;
}

/* ---- Rows ----------------------------------------------------------------------------------- */

void put_bucketing(struct writer *w, const vp_bucketing *how, uint64_t buckets) {
    put_json_string(w, "kind", kind_names[how->kind]);
    put_json_number(w, "prefix_size", how->prefix_size);
    put_json_number(w, "count", how->count);
    put_json_number(w, "buckets", buckets);
}

static void put_number(struct writer *w, const char *before, uint64_t number, const char *after) {
    put_text(w, before);
    put_decimal(w, number);
    put_text(w, after);
}

void add_layout(struct study *s, const struct technique *technique, const struct layout *l) {
    struct advice_row *row = add_advice(s, technique);
    row->values = l->split;
    row->memory = l->memory;
    row->hazardous = layout_is_hazardous(l);
    struct writer w = row_text(row->parameters), text = row_text(row->detail);
    put_bucketing(&w, &l->how, l->buckets);
    uint64_t records = scaled(l->split, s->keys, s->count);
    put_number(&text, "about ", records / (l->buckets ? l->buckets : 1), " records in a hash");
    if (l->split < s->count)
        put_number(&text, "; ", s->count - l->split, " keys can't be split and stay as they are");
    if (l->converted == 0) return;
    put_number(&text, "; ", l->converted, " records are in hashes with more than ");
    put_number(&text, "", s->server->hash_max_entries, " fields or a value of more than ");
    put_number(
        &text, "", s->server->hash_max_value,
        " bytes, which the server turns into tables: hash-max-listpack-entries or -value would have to "
        "be raised first");
}

int advise_buckets(struct study *s) {
    struct layout best;
    bool found;
    advise_progress(s, "small hashes", 20);
    int status = best_layout(s, NULL, &best, &found);
    if (status == VP_OK && found) add_layout(s, &technique_small_hashes, &best);
    return status;
}
