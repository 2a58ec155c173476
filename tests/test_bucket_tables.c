/* Keyspaces summed up by hand, and the planner of packed tables: tables end just below a size class. */
#include "test.h"

#include "valpack_bucket.h"

#include <stdio.h>

static vp_bytes text(const char *t) {
    return (vp_bytes){t, strlen(t)};
}

/* ---- Keyspaces ------------------------------------------------------------------------------ */

static void sums_of_samples(void **state) {
    (void)state;
    vp_keyspace space = {.prefix_size = 6};
    assert_int_equal(vp_server_named("redis-7.2", &space.server), VP_OK);
    assert_int_equal(vp_keyspace_add(&space, text("photo:0051"), text("17"), text("17")), VP_OK);
    assert_int_equal(vp_keyspace_add(&space, text("photo:12"), text("abcdefgh"), text("xyz")), VP_OK);
    assert_int_equal(space.samples, 2);
    assert_int_equal(space.numbered, 2);
    assert_int_equal(space.canonical, 1);
    assert_int_equal(space.first, 12);
    assert_int_equal(space.last, 51);
    assert_int_equal(space.fewest_digits, 2);
    assert_int_equal(space.key_bytes, 18);
    assert_int_equal(space.stored_bytes, 5);
    assert_int_equal(space.value_entries, 2 + 5);
    assert_int_equal(space.value_squares, 4 + 25);
    assert_int_equal(space.field_entries, 6 + 2); /* "0051" is no integer, "12" is */
    assert_int_equal(space.pair_squares, 64 + 49);
    /* dictEntry 24, key 12 and 10 bytes in 16; 17 is shared; "abcdefgh" an object of 16 + 3 + 8 + 1 = 28. */
    assert_int_equal(space.string_bytes, 24 + 16 + 24 + 16 + 32);
    assert_int_equal(vp_keyspace_add(&space, text("image:13"), text(""), text("")), VP_OK);
    assert_int_equal(space.numbered, 2);
    const vp_bucketing how = {.kind = VP_BUCKET_DIGITS, .count = 2};
    vp_bucket_plan plan;
    assert_int_equal(vp_plan_split(&space, &how, &plan), VP_ERR_KEY);
}

static void numbers_at_the_end(void **state) {
    (void)state;
    static const struct {
        const char *key;
        bool numbered, canonical;
    } cases[] = {
        {"photo:5", true, true},
        {"photo:0", true, true},
        {"photo:05", true, false},
        {"5", true, true},
        {"photo:", false, false},
        {"photo:999999999999999999", true, true},
        {"photo:1000000000000000000", false, false},
        {"5x", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        vp_keyspace space = {.prefix_size = 0};
        assert_int_equal(vp_server_named("redis-7.2", &space.server), VP_OK);
        assert_int_equal(vp_keyspace_add(&space, text(cases[i].key), text("v"), text("v")), VP_OK);
        assert_int_equal(space.numbered, cases[i].numbered);
        assert_int_equal(space.canonical, cases[i].canonical);
    }
}

/* ---- Tables --------------------------------------------------------------------------------- */

/* Ten-digit numbers from 1101000000 on, one in `step`, with ten-digit values. */
static vp_keyspace numbers(const char *server, uint64_t keys, uint64_t step) {
    vp_keyspace space = {.prefix_size = 0};
    assert_int_equal(vp_server_named(server, &space.server), VP_OK);
    assert_int_equal(vp_keyspace_add(&space, text("1101000000"), text("3301000051"), text("3301000051")),
                     VP_OK);
    space.keys = keys;
    space.last = space.first + keys * step - 1;
    return space;
}

static vp_bucket_plan plan_of(const vp_keyspace *space, const vp_table_sample *sample) {
    vp_bucket_plan plan;
    assert_int_equal(vp_plan_tables(space, sample, &plan), VP_OK);
    return plan;
}

static void assert_near(uint64_t predicted, uint64_t measured, uint64_t permille) {
    const uint64_t apart = predicted > measured ? predicted - measured : measured - predicted;
    if (apart * 1000 > measured * permille)
        fail_msg("predicted %llu, measured %llu", (unsigned long long)predicted,
                 (unsigned long long)measured);
}

/* Strings of fixed-width records. used_memory per record as measured, in thousandths of a byte: 5 bytes each,
   1022 of them, 4 bytes each, 1278 of them. 5110 + 6 and 5112 + 6 bytes end in the class of 5120. */
static void measured_strings(void **state) {
    (void)state;
    static const struct {
        const char *server;
        uint64_t keys, five, four;
    } rows[] = {
        {"redis-7.0-debian", 1000000, 5080, 4060},
        {"redis-7.2", 200000, 5070, 4060},
        {"redis-8", 200000, 5070, 4060},
        {"valkey-9", 200000, 5050, 4040},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const vp_keyspace space = numbers(rows[i].server, rows[i].keys, 1);
        vp_bucket_plan plan =
            plan_of(&space, &(vp_table_sample){.records = 10, .bytes = 50, .least = 900, .most = 1100});
        assert_int_equal(plan.how.kind, VP_BUCKET_RANGE);
        assert_int_equal(plan.how.count, 1022);
        assert_int_equal(plan.fields, 1022);
        assert_int_equal(plan.largest, 1022);
        assert_int_equal(plan.bucket_bytes, 5110);
        assert_int_equal(plan.warnings, 0);
        assert_near(plan.record_millibytes, rows[i].five, 5);
        plan = plan_of(&space, &(vp_table_sample){.records = 10, .bytes = 40, .least = 1100, .most = 1400});
        assert_int_equal(plan.how.count, 1278);
        assert_near(plan.record_millibytes, rows[i].four, 6);
    }
}

/* 10 tables of 1000 on Redis 7.2: 5000 + 6 bytes in 5120, object 16, key "1101000" 9 bytes in 16,
   dictEntry 24; an index of 16 pointers. */
static void by_hand(void **state) {
    (void)state;
    const vp_keyspace space = numbers("redis-7.2", 10000, 1);
    const vp_table_sample sample = {.records = 1000, .bytes = 5000, .least = 1000, .most = 1000};
    const vp_bucket_plan plan = plan_of(&space, &sample);
    assert_int_equal(plan.buckets, 10);
    assert_int_equal(plan.record_millibytes,
                     5189); /* (10 * (5120 + 16 + 16 + 24) + 16 * 8) / 10000 = 5.1888 */
    assert_int_equal(plan.server_ns, 150);
}

/* With a deviation of 60 bytes a table of 5110 bytes would overflow its class of 5120 every other time. */
static void spread_keeps_a_distance(void **state) {
    (void)state;
    const vp_keyspace space = numbers("redis-7.2", 1000000, 1);
    vp_table_sample sample = {.records = 1000, .bytes = 5000, .least = 900, .most = 1100};
    const uint64_t exact = plan_of(&space, &sample).record_millibytes;
    sample.spread_bytes = 60;
    const vp_bucket_plan plan = plan_of(&space, &sample);
    assert_in_range(plan.bucket_bytes, 5114 - 150, 5114 - 60); /* 1 to 2.5 deviations */
    assert_true(plan.record_millibytes > exact);
    assert_near(plan.record_millibytes, exact, 30);
}

/* One number in 300: records per range vary with a deviation of their root. */
static void gaps_spread_sizes(void **state) {
    (void)state;
    const vp_keyspace space = numbers("redis-7.0-debian", 1000000, 300);
    const vp_table_sample sample = {.records = 1000, .bytes = 2600};
    const vp_bucket_plan plan = plan_of(&space, &sample);
    assert_int_equal(plan.how.kind, VP_BUCKET_RANGE);
    assert_in_range(plan.fields, 500, 2000);
    assert_near(plan.how.count, plan.fields * 300, 2);
    assert_near(plan.buckets * plan.fields, 1000000, 2);
    assert_true(plan.largest > plan.fields && plan.largest < plan.fields * 5 / 4);
    /* What no planner gets below: records, and 80 bytes and 16 of index a table. */
    assert_true(plan.record_millibytes > 2600 && plan.record_millibytes < 2600 * 107 / 100);
}

static void fixed_bytes_prefer_many_records(void **state) {
    (void)state;
    const vp_keyspace space = numbers("redis-7.2", 1000000, 1);
    const vp_table_sample sample = {
        .records = 1000, .bytes = 2600, .fixed_bytes = 600, .least = 500, .most = 4096};
    const vp_bucket_plan plan = plan_of(&space, &sample);
    assert_true(plan.fields > 3000);
    assert_int_equal(plan.bucket_bytes, 600 + 2 * plan.fields);
}

static void keys_without_numbers(void **state) {
    (void)state;
    vp_keyspace space = {.prefix_size = 5};
    assert_int_equal(vp_server_named("redis-7.2", &space.server), VP_OK);
    assert_int_equal(vp_keyspace_add(&space, text("user:ada"), text("17"), text("17")), VP_OK);
    space.keys = 100000;
    const vp_table_sample sample = {.records = 1000, .bytes = 8000};
    vp_bucket_plan plan = plan_of(&space, &sample);
    assert_int_equal(plan.how.kind, VP_BUCKET_SHARDS);
    assert_int_equal(plan.how.prefix_size, 5);
    assert_in_range(plan.how.count, 100000 / 2001, 100000 / 500);
    assert_int_equal(plan.warnings, VP_PLAN_NOT_NUMBERED);
    assert_true(plan.largest > plan.fields);
    space.keys = 3; /* fewer than the least: one table for all */
    plan = plan_of(&space, &sample);
    assert_int_equal(plan.buckets, 1);
    assert_int_equal(plan.fields, 3);
}

static void wrong_samples(void **state) {
    (void)state;
    const vp_keyspace space = numbers("redis-7.2", 1000, 1);
    static const vp_table_sample wrong[] = {
        {.records = 0, .bytes = 10},
        {.records = 10, .bytes = 0},
        {.records = 10, .bytes = 10, .fixed_bytes = 10},
        {.records = 10, .bytes = 10, .least = 20, .most = 10},
        {.records = 10, .bytes = 10, .most = 16385},
        {.records = 10, .bytes = 10, .least = 3000},
        {.records = 10, .bytes = UINT64_MAX},
        {.records = 10, .bytes = 10, .spread_bytes = UINT64_MAX},
    };
    vp_bucket_plan plan;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(vp_plan_tables(&space, &wrong[i], &plan), VP_ERR_ARGUMENT);
    const vp_table_sample right = {.records = 10, .bytes = 10};
    assert_int_equal(vp_plan_tables(&space, NULL, &plan), VP_ERR_ARGUMENT);
    assert_int_equal(vp_plan_tables(&space, &right, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_plan_tables(NULL, &right, &plan), VP_ERR_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_of_samples),
        cmocka_unit_test(numbers_at_the_end),
        cmocka_unit_test(measured_strings),
        cmocka_unit_test(by_hand),
        cmocka_unit_test(spread_keeps_a_distance),
        cmocka_unit_test(gaps_spread_sizes),
        cmocka_unit_test(fixed_bytes_prefer_many_records),
        cmocka_unit_test(keys_without_numbers),
        cmocka_unit_test(wrong_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
