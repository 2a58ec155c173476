/*
 * The planner of two-level keys: expected memory of every split that the server's limits allow.
 *
 * Records of a bucket are counted by chance: numbers that are taken or not with the density of the keyspace
 * (binomial), keys over shards (Poisson). The cost of a bucket is taken over that distribution and over the
 * spread of its listpack's size, since the size class of an average is not the average of size classes.
 */
#include "bucket_keyspace.h"
#include "bucket_spread.h"

enum {
    MAX_DIGITS = 9,
    QUICK_FIELDS = 160,    /* an HGET takes about 1 us up to here */
    SHARD_MEAN_LEAST = 80, /* between these, shards are tried in steps */
    SHARD_MEAN_MOST = 130,
    SHARD_MEAN_STEP = 5,
    HGET_NS = 250,
    FIELD_NS = 6, /* that are read past, half of the bucket */
    TABLE_NS = 220,
    SLOW_NS = 2000
};

#define LEAST_RISK 0.001 /* of any bucket beyond the server's limit */
#define WORTH_LARGER 0.9 /* of the memory: what a larger bucket must be below */

/* A split, and what its buckets hold. */
struct shape {
    const vp_server *server;
    double records, buckets; /* buckets that are not empty, on average */
    double fields, places;   /* mean and most of a bucket; most = 0 has no limit but the keys */
    double entry, entry_deviation;
    double pair_bytes; /* of a record in a hash table */
    double large;      /* share of records that turn their bucket into a table */
    uint64_t name_size;
};

/* ---- What a record is in the bucket ---------------------------------------------------------- */

/* The listpack entry of the numbers 0 .. count-1 on average. */
static double number_entry(uint64_t count) {
    static const struct {
        uint64_t below, size;
    } steps[] = {{128, 2}, {4096, 3}, {32768, 4}, {8388608, 5}, {(uint64_t)1 << 31, 6}};
    uint64_t done = 0, sum = 0;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && done < count; i++) {
        uint64_t end = steps[i].below < count ? steps[i].below : count;
        sum += (end - done) * steps[i].size;
        done = end;
    }
    return (double)sum / (double)count;
}

static uint64_t digits_below(uint64_t count) {
    uint64_t digits = 1;
    for (uint64_t most = 10; most < count; most *= 10) digits++;
    return digits;
}

static double pair_bytes(const vp_keyspace *space, uint64_t field_size) {
    const vp_bytes field = {NULL, (size_t)field_size};
    const vp_bytes value = {NULL, (size_t)((space->stored_bytes + space->samples / 2) / space->samples)};
    vp_hash_cost hash = {.fields = 0};
    vp_hash_cost_add(&space->server, &hash, field, value);
    return (double)hash.table_bytes;
}

static void shape_entries(struct shape *s, double mean, double squares) {
    s->entry = mean;
    s->entry_deviation = square_root(squares - mean * mean);
}

/* Fields are whole keys without prefix. */
static void shape_shards(struct shape *s, const vp_keyspace *space, const vp_bucketing *how) {
    const double samples = (double)space->samples;
    s->buckets = (double)how->count;
    s->fields = s->records / s->buckets;
    s->places = 0;
    shape_entries(s, (double)(space->field_entries + space->value_entries) / samples,
                  (double)space->pair_squares / samples);
    s->pair_bytes = pair_bytes(space, space->key_bytes / space->samples - how->prefix_size);
    s->large = (double)space->large_pairs / samples;
}

/* Fields are numbers below `range`. */
static void shape_numbers(struct shape *s, const vp_keyspace *space, uint64_t range) {
    const double samples = (double)space->samples;
    s->places = (double)range;
    s->fields = keyspace_density(space) * s->places;
    if (s->fields > s->records) s->fields = s->places = s->records;
    s->buckets = s->records / s->fields;
    shape_entries(s, (double)space->value_entries / samples, (double)space->value_squares / samples);
    s->entry += number_entry(range);
    s->pair_bytes = pair_bytes(space, digits_below(range));
    s->large = (double)space->large_values / samples;
}

static uint64_t range_of(const vp_bucketing *how) {
    if (how->kind == VP_BUCKET_RANGE) return how->count;
    uint64_t range = 1;
    for (uint64_t i = 0; i < how->count; i++) range *= 10;
    return range;
}

static struct shape shape_of(const vp_keyspace *space, const vp_bucketing *how) {
    struct shape s = {.server = &space->server,
                      .records = (double)keyspace_keys(space),
                      .name_size = keyspace_name_size(space, how)};
    if (how->kind == VP_BUCKET_SHARDS) shape_shards(&s, space, how);
    else shape_numbers(&s, space, range_of(how));
    return s;
}

/* ---- What a bucket costs --------------------------------------------------------------------- */

static double cost_of_table(const struct shape *s, uint64_t fields) {
    const vp_hash_cost hash = {.fields = fields,
                               .listpack_bytes = 0,
                               .table_bytes = rounded(s->pair_bytes * (double)fields),
                               .largest = UINT64_MAX};
    return (double)vp_hash_cost_total(s->server, &hash, s->name_size, 0);
}

/* Over the spread of what its entries take. */
static double cost_of_listpack(const struct shape *s, uint64_t fields) {
    const double mean = s->entry * (double)fields,
                 deviation = s->entry_deviation * square_root((double)fields);
    double sum = 0;
    for (unsigned part = 0; part < NORMAL_PARTS; part++) {
        double weight;
        const double bytes = mean + normal_part(part, &weight) * deviation;
        const vp_hash_cost hash = {
            .fields = fields, .listpack_bytes = rounded(bytes), .table_bytes = 0, .largest = 0};
        sum += weight * (double)vp_hash_cost_total(s->server, &hash, s->name_size, 0);
    }
    return sum;
}

/* The probability that a bucket of so many records has a large one: 1 - (1 - large)^fields. */
static double converted_by_value(const struct shape *s, uint64_t fields) {
    double none = 1, factor = 1 - s->large;
    for (; fields > 0; fields >>= 1) {
        if (fields & 1) none *= factor;
        factor *= factor;
    }
    return 1 - none;
}

/* Means over all buckets, empty ones included. */
struct expectation {
    double bytes, tables, filled;
};

static struct expectation expect(const struct shape *s, const struct spread *spread) {
    struct expectation e = {.bytes = 0, .tables = 0, .filled = 0};
    for (size_t i = 0; i < spread->count; i++) {
        const uint64_t fields = spread->first + i;
        if (fields == 0) continue;
        const double table = fields > s->server->hash_max_entries ? 1 : converted_by_value(s, fields);
        const double weight = spread->weight[i];
        e.filled += weight;
        e.tables += weight * table;
        if (table > 0) e.bytes += weight * table * cost_of_table(s, fields);
        if (table < 1) e.bytes += weight * (1 - table) * cost_of_listpack(s, fields);
    }
    return e;
}

/* ---- Plans ----------------------------------------------------------------------------------- */

static uint64_t warnings_of(const struct shape *s, const struct spread *spread, const vp_keyspace *space,
                            const vp_bucket_plan *plan) {
    const uint64_t limit = s->server->hash_max_entries;
    uint64_t warnings = keyspace_warnings(space);
    if (s->large > 0) warnings |= VP_PLAN_LARGE_VALUE;
    if (s->buckets * spread_above(spread, limit) > LEAST_RISK) warnings |= VP_PLAN_FULL_BUCKET;
    else if (s->places > (double)limit) warnings |= VP_PLAN_UNEVEN;
    if (plan->server_ns >= SLOW_NS) warnings |= VP_PLAN_SLOW;
    if (plan->record_millibytes * 10 > plan->today_millibytes * 9) warnings |= VP_PLAN_SMALL_GAIN;
    return warnings;
}

static void plan_split(const vp_keyspace *space, const vp_bucketing *how, vp_bucket_plan *plan) {
    const struct shape s = shape_of(space, how);
    struct spread spread;
    spread_make(&spread, s.fields, s.places);
    const struct expectation e = expect(&s, &spread);
    const double filled = s.buckets * e.filled, tables = e.filled > 0 ? e.tables / e.filled : 0;
    const double index = (double)vp_cost_index(s.server, rounded(filled), 0);
    plan->how = *how;
    plan->buckets = rounded(filled) ? rounded(filled) : 1;
    plan->fields = rounded(s.records / (double)plan->buckets);
    plan->largest = spread_largest(&spread, s.buckets);
    plan->bucket_bytes = rounded(e.bytes * s.buckets / (double)plan->buckets);
    plan->record_millibytes = rounded(1000 * (e.bytes * s.buckets + index) / s.records);
    plan->today_millibytes = rounded(1000 * keyspace_today(space));
    plan->tables_ppm = rounded(1e6 * tables);
    plan->server_ns =
        rounded(tables * TABLE_NS + (1 - tables) * (HGET_NS + FIELD_NS * s.records / (double)plan->buckets));
    plan->warnings = warnings_of(&s, &spread, space, plan);
}

static int splits(const vp_keyspace *space, const vp_bucketing *how) {
    /* What a valid way is, the splitting knows. */
    vp_place place;
    if (vp_bucket_split(how, (vp_bytes){NULL, 0}, NULL, 0, &place) == VP_ERR_ARGUMENT) return VP_ERR_ARGUMENT;
    const bool fits = how->kind == VP_BUCKET_SHARDS   ? how->prefix_size == space->prefix_size
                      : how->kind == VP_BUCKET_DIGITS ? keyspace_numbered(space)
                                                      : keyspace_canonical(space);
    return fits ? VP_OK : VP_ERR_KEY;
}

int vp_plan_split(const vp_keyspace *space, const vp_bucketing *how, vp_bucket_plan *plan) {
    if (!plan) return VP_ERR_ARGUMENT;
    *plan = (vp_bucket_plan){.buckets = 0};
    if (!keyspace_valid(space) || !how) return VP_ERR_ARGUMENT;
    int status = splits(space, how);
    if (status == VP_OK) plan_split(space, how, plan);
    return status;
}

/* True if `a` is to be preferred to `b`, which may be none. */
static bool better(const vp_bucket_plan *a, const vp_bucket_plan *b) {
    if (b->buckets == 0) return true;
    const double own = (double)a->record_millibytes, other = (double)b->record_millibytes;
    const bool large = a->fields > QUICK_FIELDS, other_large = b->fields > QUICK_FIELDS;
    if (large == other_large) return own < other;
    return large ? own < WORTH_LARGER * other : own * WORTH_LARGER <= other;
}

static void try_way(const vp_keyspace *space, const vp_bucketing *how, vp_bucket_plan *best) {
    vp_bucket_plan plan;
    plan_split(space, how, &plan);
    if (!(plan.warnings & VP_PLAN_FULL_BUCKET) && better(&plan, best)) *best = plan;
}

/* Numbers that come in clusters fill some buckets more than others: twice the fullest must still fit. */
static void try_digits(const vp_keyspace *space, vp_bucket_plan *best) {
    const uint64_t limit = space->server.hash_max_entries;
    const uint64_t most = space->fewest_digits < MAX_DIGITS ? space->fewest_digits : MAX_DIGITS;
    for (uint64_t digits = 1; digits <= most; digits++) {
        const vp_bucketing how = {.kind = VP_BUCKET_DIGITS, .prefix_size = 0, .count = digits};
        if (range_of(&how) > limit && 2 * keyspace_density(space) * (double)range_of(&how) > (double)limit)
            break;
        try_way(space, &how, best);
    }
}

static vp_bucketing shards_of(const vp_keyspace *space, uint64_t fields) {
    const uint64_t most = (uint64_t)1 << 32, keys = keyspace_keys(space);
    const uint64_t shards = keys / fields + (keys % fields != 0);
    return (vp_bucketing){
        .kind = VP_BUCKET_SHARDS, .prefix_size = space->prefix_size, .count = shards < most ? shards : most};
}

static void try_shards(const vp_keyspace *space, vp_bucket_plan *best) {
    for (uint64_t fields = SHARD_MEAN_MOST; fields >= SHARD_MEAN_LEAST; fields -= SHARD_MEAN_STEP) {
        const vp_bucketing how = shards_of(space, fields);
        try_way(space, &how, best);
    }
    for (uint64_t fields = SHARD_MEAN_LEAST - 1; best->buckets == 0 && fields > 0; fields--) {
        const vp_bucketing how = shards_of(space, fields);
        try_way(space, &how, best);
    }
}

int vp_plan_buckets(const vp_keyspace *space, vp_bucket_plan *plan) {
    if (!plan) return VP_ERR_ARGUMENT;
    *plan = (vp_bucket_plan){.buckets = 0};
    if (!keyspace_valid(space)) return VP_ERR_ARGUMENT;
    if (keyspace_numbered(space)) try_digits(space, plan);
    try_shards(space, plan);
    if (plan->buckets == 0) { /* limits that no bucket keeps to: the warnings say so */
        const vp_bucketing how = shards_of(space, SHARD_MEAN_LEAST);
        plan_split(space, &how, plan);
    }
    return VP_OK;
}

/* ---- Texts ----------------------------------------------------------------------------------- */

const char *vp_plan_warning_text(uint32_t warning) {
    switch (warning) {
    case VP_PLAN_LARGE_VALUE:
        return "values or fields beyond hash-max-listpack-value turn their buckets into hash tables for good";
    case VP_PLAN_FULL_BUCKET:
        return "buckets of more than hash-max-listpack-entries fields turn into hash tables for good";
    case VP_PLAN_UNEVEN:
        return "numbers that are not spread evenly fill some buckets beyond hash-max-listpack-entries";
    case VP_PLAN_LONG_VALUES: return "values are not small, so that keys are not what costs most";
    case VP_PLAN_TTL_LOST: return "fields have no TTL of their own before Redis 7.4 and Valkey 9";
    case VP_PLAN_NOT_NUMBERED:
        return "keys do not end in numbers, so that fields are keys without their prefix";
    case VP_PLAN_SLOW: return "an access reads past so many fields that it takes 2 microseconds and more";
    case VP_PLAN_SMALL_GAIN: return "less than 10 % would be saved: leave the keys alone";
    default: return NULL;
    }
}
