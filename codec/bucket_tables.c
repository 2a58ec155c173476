/*
 * The planner of packed tables. A table is one string, so all that is lost is the rounding of its allocation:
 * up to a fifth where a class has just begun, next to nothing just below its end. The number of records per
 * table is chosen so that tables end there, as far as their spread allows.
 */
#include "bucket_keyspace.h"
#include "bucket_spread.h"

enum { LEAST_RECORDS = 500, MOST_RECORDS = 2000, RECORDS_LIMIT = 16384, GET_NS = 150 };

#define MAX_RANGE ((uint64_t)1000000000)
#define MAX_SHARDS ((uint64_t)1 << 32)

/* What tables are made of. */
struct tables {
    const vp_keyspace *space;
    double density; /* 0: keys over shards */
    double fixed_bytes, record_bytes;
    double variance; /* of a table's size, for each record */
};

static struct tables tables_of(const vp_keyspace *space, const vp_table_sample *sample) {
    const double records = (double)sample->records, spread = (double)sample->spread_bytes;
    struct tables t = {.space = space,
                       .density = keyspace_canonical(space) ? keyspace_density(space) : 0,
                       .fixed_bytes = (double)sample->fixed_bytes,
                       .record_bytes = (double)(sample->bytes - sample->fixed_bytes) / records,
                       .variance = spread * spread / records};
    /* The number of records itself varies: binomial in a range, Poisson in a shard. */
    t.variance += (1 - t.density) * t.record_bytes * t.record_bytes;
    return t;
}

static vp_bucketing way_of(const struct tables *t, uint64_t records) {
    vp_bucketing how = {.kind = VP_BUCKET_RANGE, .prefix_size = 0, .count = 0};
    if (t->density > 0) {
        const double range = (double)records / t->density + 0.5;
        how.count = range < (double)MAX_RANGE ? (uint64_t)range : MAX_RANGE;
        return how;
    }
    const uint64_t shards = keyspace_keys(t->space) / records;
    how.kind = VP_BUCKET_SHARDS;
    how.prefix_size = t->space->prefix_size;
    how.count = shards < MAX_SHARDS ? shards : MAX_SHARDS;
    if (how.count == 0) how.count = 1;
    return how;
}

/* How many tables there are then, on average. */
static double tables_for(const struct tables *t, const vp_bucketing *how) {
    if (how->kind == VP_BUCKET_SHARDS) return (double)how->count;
    const double keys = (double)keyspace_keys(t->space), tables = keys / ((double)how->count * t->density);
    if (tables > keys) return keys; /* further apart than the widest range reaches */
    return tables > 1 ? tables : 1;
}

/* A table with its key, over the spread of its size. */
static double cost_of_table(const struct tables *t, double records, uint64_t name_size) {
    const double mean = t->fixed_bytes + t->record_bytes * records;
    const double deviation = square_root(t->variance * records);
    double sum = 0;
    for (unsigned part = 0; part < NORMAL_PARTS; part++) {
        double weight;
        const double size = mean + normal_part(part, &weight) * deviation;
        sum += weight * (double)vp_cost_string(&t->space->server, name_size, 0, NULL, rounded(size));
    }
    return sum;
}

static vp_bucket_plan plan_for(const struct tables *t, uint64_t records) {
    const double keys = (double)keyspace_keys(t->space);
    vp_bucket_plan plan = {.how = way_of(t, records), .server_ns = GET_NS};
    const double tables = tables_for(t, &plan.how);
    const double bytes = cost_of_table(t, keys / tables, keyspace_name_size(t->space, &plan.how));
    const double index = (double)vp_cost_index(&t->space->server, rounded(tables), 0);
    plan.buckets = rounded(tables);
    plan.fields = rounded(keys / tables);
    plan.bucket_bytes = rounded(t->fixed_bytes + t->record_bytes * keys / tables);
    plan.record_millibytes = rounded(1000 * (bytes * tables + index) / keys);
    plan.today_millibytes = rounded(1000 * keyspace_today(t->space));
    plan.warnings = keyspace_warnings(t->space);
    if (plan.record_millibytes * 10 > plan.today_millibytes * 9) plan.warnings |= VP_PLAN_SMALL_GAIN;
    return plan;
}

/* The fullest table of the plan that was chosen. */
static uint64_t largest_of(const struct tables *t, const vp_bucket_plan *plan) {
    struct spread spread;
    const double mean = (double)keyspace_keys(t->space) / tables_for(t, &plan->how);
    spread_make(&spread, mean, t->density > 0 ? mean / t->density : 0);
    return spread_largest(&spread, (double)plan->buckets);
}

static bool sample_valid(const vp_table_sample *s) {
    return s && s->records > 0 && s->bytes > s->fixed_bytes && s->bytes < (uint64_t)1 << 40 &&
           s->spread_bytes < (uint64_t)1 << 40 && s->least <= RECORDS_LIMIT && s->most <= RECORDS_LIMIT;
}

int vp_plan_tables(const vp_keyspace *space, const vp_table_sample *tables, vp_bucket_plan *plan) {
    if (!plan) return VP_ERR_ARGUMENT;
    *plan = (vp_bucket_plan){.buckets = 0};
    if (!keyspace_valid(space) || !sample_valid(tables)) return VP_ERR_ARGUMENT;
    const uint64_t keys = keyspace_keys(space);
    uint64_t most = tables->most ? tables->most : MOST_RECORDS,
             least = tables->least ? tables->least : LEAST_RECORDS;
    if (least > most) return VP_ERR_ARGUMENT;
    if (most > keys) most = keys;
    if (least > most) least = most;
    const struct tables t = tables_of(space, tables);
    for (uint64_t records = least; records <= most; records++) {
        const vp_bucket_plan tried = plan_for(&t, records);
        if (records == least || tried.record_millibytes < plan->record_millibytes) *plan = tried;
    }
    plan->largest = largest_of(&t, plan);
    return VP_OK;
}
