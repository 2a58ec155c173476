/* Packed tables: built for real from some of the buckets, with the sizes of the others taken to be alike. */
#include "buckets.h"
#include "json.h"
#include "learn.h"
#include "survey.h"
#include "techniques.h"
#include "valpack_table.h"

#include <xxhash.h>

enum {
    USUAL_RECORDS = 1000, /* in a table */
    LEAST_RECORDS = 16,
    WANTED_BYTES = 8 << 10,  /* of a table, or half or twice as many: it is written anew for each change */
    TABLE_BYTES = 256 << 10, /* of values in a table at most */
    BUILT_RECORDS = 20000,   /* in all tables that are built */
    BUILT_BYTES = 8 << 20,
    TIMED_FIELDS = 64
};

struct part {
    uint32_t name_size, records;
    uint32_t begin; /* of its records in `order` */
    uint64_t bytes; /* of its table if that was built, else 0 */
};

/* Tables that may be advised. */
struct choice {
    vp_bucketing how;
    uint64_t memory, tables; /* for all keys */
    uint64_t values, records, bytes;
    uint64_t encode_ns, decode_ns;
    bool timed;
};

struct tables {
    struct study *s;
    struct arena arena;
    struct hash_set names;
    struct part *parts; /* [0] holds what can't be split */
    uint32_t *part_of;  /* by record */
    uint32_t *order;    /* records by part */
    size_t part_count, room_size;
    char *room;
    uint8_t *key_room;
    uint64_t alone_cost;
    const struct strata *sizes; /* of values, before and after encoding */
    uint64_t split[STRATA];     /* sizes of values in tables, and in those that were built */
    uint64_t built_sizes[STRATA];
    vp_context *context;
    vp_table_builder *builder;
    uint64_t built, built_bytes, built_tables, built_cost; /* tables that were built */
    uint64_t build_ns, get_ns, gets;
};

static bool tables_open(struct tables *t) {
    const struct study *s = t->s;
    size_t longest = 0;
    for (size_t i = 0; i < s->count; i++)
        if (s->records[i].key_size > longest) longest = s->records[i].key_size;
    t->arena = arena_over(s->arena.allocator);
    t->room_size = vp_bucket_bound(longest);
    t->room = arena_array(&t->arena, t->room_size, 1);
    t->key_room = arena_array(&t->arena, t->room_size, 1);
    t->parts = arena_array(&t->arena, s->count + 1, sizeof *t->parts);
    t->part_of = arena_array(&t->arena, s->count, sizeof *t->part_of);
    t->order = arena_array(&t->arena, s->count, sizeof *t->order);
    return hash_set_make(&t->names, &t->arena, s->count) && !t->arena.failed;
}

/* A record is at least some bits of a field besides its value. */
static uint64_t size_in_table(const struct record *r) {
    return r->value_size + (uint64_t)1;
}

static bool split_record(struct tables *t, const vp_bucketing *how, size_t i, vp_place *place) {
    vp_bytes key = record_key(t->s, i, t->key_room);
    return vp_bucket_split(how, key, t->room, t->room_size, place) == VP_OK;
}

/* Sorts the records by bucket. */
static void divide_records(struct tables *t, const vp_bucketing *how) {
    const struct study *s = t->s;
    for (size_t i = 0; i < s->count; i++) {
        vp_place place;
        t->part_of[i] = 0;
        if (split_record(t, how, i, &place)) {
            uint32_t *number = hash_set_place(&t->names, XXH3_64bits(t->room, place.bucket_size));
            if (*number == 0) *number = (uint32_t)++t->part_count;
            t->part_of[i] = *number;
            t->parts[*number].name_size = (uint32_t)place.bucket_size;
            t->split[stratum_of(s->records[i].value_size)] += size_in_table(&s->records[i]);
        } else {
            t->alone_cost += s->records[i].cost;
        }
        t->parts[t->part_of[i]].records++;
    }
    uint32_t at = 0;
    for (size_t p = 0; p <= t->part_count; p++) {
        t->parts[p].begin = at;
        at += t->parts[p].records;
        t->parts[p].records = 0;
    }
    for (size_t i = 0; i < s->count; i++) {
        struct part *p = &t->parts[t->part_of[i]];
        t->order[p->begin + p->records++] = (uint32_t)i;
    }
}

/* ---- Building ------------------------------------------------------------------------------- */

static int time_gets(struct tables *t, const vp_bucketing *how, const struct part *p, vp_bytes table) {
    for (uint32_t k = 0; k < p->records && k < TIMED_FIELDS; k++) {
        size_t i = t->order[p->begin + (uint64_t)k * p->records / TIMED_FIELDS % p->records];
        vp_place place;
        const void *value;
        if (!split_record(t, how, i, &place)) continue;
        vp_bytes field = {t->room + place.bucket_size, place.field_size};
        int64_t size = 0;
        const unsigned repeats = timed_repeats(t->s->records[i].value_size);
        uint64_t begin = cpu_time();
        for (unsigned n = 0; n < repeats && size >= 0; n++)
            size = vp_table_get(t->context, table, field, &value);
        t->get_ns += cpu_time() - begin;
        t->gets += repeats;
        if (size < 0) return (int)size;
    }
    return VP_OK;
}

static int build(struct tables *t, const vp_bucketing *how, struct part *p) {
    const struct study *s = t->s;
    const void *bytes = NULL;
    int status = VP_OK;
    uint64_t begin = cpu_time();
    vp_table_clear(t->builder);
    for (uint32_t k = 0; status == VP_OK && k < p->records; k++) {
        const struct record *r = &s->records[t->order[p->begin + k]];
        vp_place place;
        if (!split_record(t, how, t->order[p->begin + k], &place)) continue;
        status = vp_table_add(t->builder, (vp_bytes){t->room + place.bucket_size, place.field_size},
                              (vp_bytes){r->value, r->value_size});
        t->built_sizes[stratum_of(r->value_size)] += size_in_table(r);
    }
    int64_t size = status == VP_OK ? vp_table_finish(t->builder, &bytes) : status;
    if (size < 0) return (int)size;
    t->build_ns += cpu_time() - begin;
    p->bytes = (uint64_t)size;
    t->built += p->records;
    t->built_bytes += (uint64_t)size;
    t->built_tables++;
    t->built_cost += vp_cost_string(s->server, p->name_size, s->expires, NULL, (uint64_t)size);
    if (t->built_tables > 1 || !advise_option(s->advisor, VP_ADVISE_TIMES)) return VP_OK;
    return time_gets(t, how, p, (vp_bytes){bytes, (size_t)size});
}

/* Builds all tables, or every so many of them. */
static int build_some(struct tables *t, const vp_bucketing *how) {
    size_t step = t->s->count / BUILT_RECORDS + (size_t)(t->s->value_bytes / BUILT_BYTES) + 1;
    int status = VP_OK;
    for (size_t p = 1; status == VP_OK && p <= t->part_count; p += step) status = build(t, how, &t->parts[p]);
    return status;
}

static void tables_close(struct tables *t) {
    vp_table_builder_free(t->builder);
    vp_context_free(t->context);
    arena_free(&t->arena);
}

/* Divides the records and builds tables of them. */
static int try_tables(const struct learning *l, const vp_bucketing *how, const struct strata *sizes,
                      struct tables *t) {
    *t = (struct tables){.s = l->s, .sizes = sizes};
    if (!tables_open(t)) return VP_ERR_MEMORY;
    int status = open_encoding(l, VP_TARGET_PACKED, &t->context);
    if (status == VP_OK && !(t->builder = vp_table_builder_new(t->context))) status = VP_ERR_MEMORY;
    if (status != VP_OK) return status;
    divide_records(t, how);
    return build_some(t, how);
}

/* ---- Which tables --------------------------------------------------------------------------- */

static uint64_t usual_records(const struct study *s) {
    const uint64_t fit = TABLE_BYTES / (s->value_bytes / s->count + 1);
    return fit < USUAL_RECORDS ? fit : USUAL_RECORDS;
}

/* Ranges of numbers with so many samples each if all keys end in numbers, else shards. */
static vp_bucketing usual_tables(const struct study *s, const vp_keyspace *space) {
    const uint64_t largest = 1000000000, span = space->last - space->first, records = usual_records(s);
    if (space->canonical == s->count && span / records < UINT64_MAX / USUAL_RECORDS / 2) {
        uint64_t count = scaled(span, records, s->count);
        if (count < records) count = records;
        if (count <= largest) return (vp_bucketing){.kind = VP_BUCKET_RANGE, .count = count};
    }
    return (vp_bucketing){.kind = VP_BUCKET_SHARDS,
                          .prefix_size = space->prefix_size,
                          .count = (s->count + records - 1) / records};
}

static uint64_t square_root(uint64_t x) {
    uint64_t root = 0;
    for (uint64_t bit = (uint64_t)1 << 31; bit; bit >>= 1)
        if ((root + bit) * (root + bit) <= x) root += bit;
    return root;
}

/* How far tables of the same number of records differ in size. */
static uint64_t spread_of(const struct tables *t, const vp_table_sample *mean) {
    uint64_t squares = 0, tables = 0;
    for (size_t p = 1; p <= t->part_count; p++) {
        const struct part *one = &t->parts[p];
        if (one->bytes == 0 || one->records < mean->records / 2) continue;
        uint64_t bytes = scaled(one->bytes, mean->records, one->records);
        uint64_t off = bytes > mean->bytes ? bytes - mean->bytes : mean->bytes - bytes;
        squares += off < 1 << 24 ? off * off : (uint64_t)1 << 48;
        tables++;
    }
    return tables ? square_root(squares / tables) : 0;
}

/* How many records make tables that fill a size class of the allocator well. */
static int plan_tables(const vp_keyspace *space, const struct tables *t, vp_bucket_plan *plan) {
    const uint64_t fit = scaled(WANTED_BYTES, t->built, t->built_bytes);
    uint64_t usual = usual_records(t->s);
    if (fit < usual) usual = fit > LEAST_RECORDS ? fit : LEAST_RECORDS;
    vp_table_sample sample = {.records = t->built / t->built_tables,
                              .bytes = t->built_bytes / t->built_tables,
                              .least = usual / 2,
                              .most = usual * 2};
    sample.spread_bytes = spread_of(t, &sample);
    return vp_plan_tables(space, &sample, plan);
}

/* What encoding does to sizes of values. */
static int measure_sizes(const struct learning *l, struct strata *sizes) {
    vp_context *x = NULL;
    const void *stored;
    int status = open_encoding(l, VP_TARGET_PACKED, &x);
    for (size_t i = 0; status == VP_OK && i < l->measured.count; i++) {
        const struct record *r = &l->s->records[l->measured.items[i]];
        int64_t size = vp_encode_view(x, r->value, r->value_size, &stored);
        if (size < 0) status = (int)size;
        else strata_add(sizes, r->value_size, size_in_table(r), (uint64_t)size + 1);
    }
    vp_context_free(x);
    return status;
}

/* ---- The row -------------------------------------------------------------------------------- */

static struct choice choice_of(const struct study *s, const struct tables *t, const vp_bucketing *how) {
    uint64_t alone = t->parts[0].records, split = s->count - alone;
    uint64_t all_sizes = strata_scale(t->sizes, t->split), built = strata_scale(t->sizes, t->built_sizes);
    uint64_t cost = scaled(t->built_cost, all_sizes, built) + t->alone_cost;
    struct choice c = {.how = *how, .tables = scaled(t->part_count, s->keys, s->count), .values = split};
    if (c.tables == 0) c.tables = 1;
    c.memory = scaled(cost, s->keys, s->count) + index_cost(s, c.tables + scaled(alone, s->keys, s->count));
    c.records = t->built / t->built_tables;
    c.bytes = t->built_bytes / t->built_tables;
    c.timed = t->gets > 0;
    if (!c.timed) return c;
    c.encode_ns = t->build_ns / t->built;
    c.decode_ns = t->get_ns / t->gets;
    return c;
}

/* Tables as planned; where samples are some of the keys they can't be built, and the plan counts. */
static int improve(struct learning *l, const vp_keyspace *space, const struct tables *t,
                   struct choice *best) {
    const struct study *s = l->s;
    vp_bucket_plan plan;
    struct tables planned;
    if (plan_tables(space, t, &plan) != VP_OK) return VP_OK;
    if (is_part(s)) {
        best->how = plan.how;
        best->tables = plan.buckets;
        best->memory = scaled(plan.record_millibytes, s->keys, 1000);
        best->records = plan.fields;
        best->bytes = plan.bucket_bytes;
        return VP_OK;
    }
    int status = try_tables(l, &plan.how, t->sizes, &planned);
    if (status == VP_OK && planned.built) {
        struct choice c = choice_of(s, &planned, &plan.how);
        if (c.memory < best->memory || best->bytes > 2 * WANTED_BYTES) *best = c;
    }
    tables_close(&planned);
    return status;
}

static void add_choice(struct study *s, const struct choice *c) {
    struct advice_row *row = add_advice(s, &technique_packed_tables);
    row->values = c->values;
    row->memory = c->memory;
    row->timed = c->timed;
    row->encode_ns = c->encode_ns;
    row->decode_ns = c->decode_ns;
    struct writer w = row_text(row->parameters), text = row_text(row->detail);
    put_bucketing(&w, &c->how, c->tables);
    put_text(&text, "about ");
    put_decimal(&text, c->records);
    put_text(&text, " records in a table of ");
    put_decimal(&text, c->bytes);
    put_text(&text, " bytes; each change writes a table anew");
    if (is_part(s)) put_text(&text, "; the keys between the samples will make it smaller than this");
}

int advise_tables(struct learning *l) {
    struct study *s = l->s;
    struct tables t;
    vp_keyspace space;
    if (usual_records(s) < LEAST_RECORDS) return VP_OK;
    int status = survey_keys(s, NULL, &space);
    if (status != VP_OK) return status;
    vp_bucketing how = usual_tables(s, &space);
    struct strata sizes = {.before = {0}};
    status = measure_sizes(l, &sizes);
    if (status != VP_OK) return status;
    status = try_tables(l, &how, &sizes, &t);
    if (status == VP_OK && t.built && t.parts[0].records <= s->count / 2) {
        struct choice best = choice_of(s, &t, &how);
        status = improve(l, &space, &t, &best);
        if (status == VP_OK) add_choice(s, &best);
    }
    tables_close(&t);
    return status;
}
