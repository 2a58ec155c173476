/* Packed tables: counts around the size of a block, limits, changes, arguments. */
#include "table_test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { MANY = 100000, TEXT = 24 };

static struct table_test t;

static int begin(void **state) {
    (void)state;
    t = table_test_new();
    return 0;
}

static int end(void **state) {
    (void)state;
    table_test_free(&t);
    return 0;
}

/* ---- Counts and limits ---------------------------------------------------------------------- */

static void counts_around_a_block(void **state) {
    (void)state;
    static const unsigned counts[] = {1, 2, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1000};
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        for (int64_t step = 1; step < 4; step++) {
            uint64_t random = 8;
            vp_table_clear(t.builder);
            for (int64_t i = 0; i < counts[c]; i++)
                table_put_integers(&t, i * i * (step - 1) + i - 50, (int64_t)random_below(&random, 1000));
            vp_bytes table = table_finish(&t);
            assert_int_equal(vp_table_count(table), counts[c]);
            random = 8;
            for (int64_t i = 0; i < counts[c]; i++)
                table_expect_integers(&t, table, i * i * (step - 1) + i - 50,
                                      (int64_t)random_below(&random, 1000));
            table_expect_none(&t, table, "-51");
            table_expect_none(&t, table, "4000000");
        }
    }
}

static void many_records(void **state) {
    (void)state;
    uint64_t random = 4;
    vp_table_clear(t.builder);
    for (int64_t i = MANY; i-- > 0;)
        table_put_integers(&t, i * 300 + (int64_t)random_below(&random, 300), -i);
    vp_bytes table = table_finish(&t);
    assert_int_equal(vp_table_count(table), MANY);
    random = 4;
    for (int64_t i = MANY; i-- > 0;)
        table_expect_integers(&t, table, i * 300 + (int64_t)random_below(&random, 300), -i);
    vp_table_builder *copy = vp_table_builder_new(t.coder.context);
    assert_int_equal(vp_table_load(copy, table), VP_OK);
    const void *again = NULL;
    assert_int_equal(vp_table_finish(copy, &again), (int64_t)table.size);
    assert_memory_equal(again, table.data, table.size);
    vp_table_builder_free(copy);
}

static void integers_at_their_limits(void **state) {
    (void)state;
    static const int64_t limits[] = {INT64_MIN, INT64_MIN + 1,       -4611686018427387904, -1,       0,
                                     1,         4611686018427387904, INT64_MAX - 1,        INT64_MAX};
    enum { COUNT = sizeof limits / sizeof limits[0] };
    for (unsigned set = 1; set < 1u << COUNT; set++) {
        vp_table_clear(t.builder);
        for (unsigned i = 0; i < COUNT; i++)
            if (set >> i & 1) table_put_integers(&t, limits[i], limits[(i * 4 + set) % COUNT]);
        vp_bytes table = table_finish(&t);
        assert_int_not_equal(table_head(table).fields.kind, FIELDS_STRINGS);
        for (unsigned i = 0; i < COUNT; i++) {
            char field[TEXT];
            snprintf(field, sizeof field, "%" PRId64, limits[i]);
            if (set >> i & 1) table_expect_integers(&t, table, limits[i], limits[(i * 4 + set) % COUNT]);
            else table_expect_none(&t, table, field);
        }
    }
}

static void large_values(void **state) {
    (void)state;
    enum { SIZE = 300000 };
    uint8_t *value = test_malloc(SIZE);
    uint64_t random = 6;
    vp_table_clear(t.builder);
    for (int kind = 0; kind < 2; kind++) {
        if (kind) random_fill(&random, value, SIZE);
        else make_long_value(VALUE_SESSION, &random, value, SIZE);
        assert_int_equal(
            vp_table_put(t.builder, text_of(kind ? "b" : "a"), (vp_bytes){.data = value, .size = SIZE}),
            VP_OK);
    }
    table_put(&t, "c", "");
    table_put(&t, "", "short");
    vp_bytes table = table_finish(&t);
    table_expect(&t, table, text_of("b"), (vp_bytes){.data = value, .size = SIZE});
    table_expect(&t, table, text_of("c"), text_of(""));
    table_expect(&t, table, text_of(""), text_of("short"));
    assert_true(table.size < SIZE * 3 / 2);
    test_free(value);
}

static void long_fields(void **state) {
    (void)state;
    static char field[TABLE_FIELD + 1];
    memset(field, 'x', sizeof field);
    vp_table_clear(t.builder);
    assert_int_equal(vp_table_put(t.builder, (vp_bytes){.data = field, .size = TABLE_FIELD}, text_of("1")),
                     VP_OK);
    assert_int_equal(
        vp_table_put(t.builder, (vp_bytes){.data = field, .size = TABLE_FIELD - 1}, text_of("2")), VP_OK);
    assert_int_equal(vp_table_put(t.builder, (vp_bytes){.data = field, .size = sizeof field}, text_of("3")),
                     VP_ERR_LIMIT);
    vp_bytes table = table_finish(&t);
    assert_int_equal(vp_table_count(table), 2);
    table_expect(&t, table, (vp_bytes){.data = field, .size = TABLE_FIELD}, text_of("1"));
    table_expect(&t, table, (vp_bytes){.data = field, .size = TABLE_FIELD - 1}, text_of("2"));
}

/* ---- Changes -------------------------------------------------------------------------------- */

static void updates(void **state) {
    (void)state;
    vp_table_clear(t.builder);
    table_put(&t, "1", "a");
    table_put(&t, "2", "b");
    table_put(&t, "2", "c");
    table_put(&t, "3", "d");
    assert_int_equal(vp_table_remove(t.builder, text_of("3")), VP_OK);
    assert_int_equal(vp_table_remove(t.builder, text_of("4")), VP_OK);
    vp_bytes table = table_finish(&t);
    assert_int_equal(vp_table_count(table), 2);
    table_expect(&t, table, text_of("2"), text_of("c"));
    table_expect_none(&t, table, "3");
    table_put(&t, "3", "e");
    assert_int_equal(vp_table_remove(t.builder, text_of("1")), VP_OK);
    table = table_finish(&t);
    table_expect_none(&t, table, "1");
    table_expect(&t, table, text_of("3"), text_of("e"));
}

static void duplicates(void **state) {
    (void)state;
    const void *table = "";
    vp_table_clear(t.builder);
    assert_int_equal(vp_table_add(t.builder, text_of("1"), text_of("a")), VP_OK);
    assert_int_equal(vp_table_remove(t.builder, text_of("1")), VP_OK);
    assert_int_equal(vp_table_add(t.builder, text_of("1"), text_of("b")), VP_OK);
    table_expect(&t, table_finish(&t), text_of("1"), text_of("b"));
    assert_int_equal(vp_table_add(t.builder, text_of("1"), text_of("b")), VP_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(vp_table_finish(t.builder, &table), VP_ERR_DUPLICATE);
        assert_null(table);
    }
    vp_table_clear(t.builder);
    const uint64_t sizes[] = {1, 2, 1}, value_sizes[] = {2, 0, 1};
    vp_records records = {
        .fields = "1221", .field_sizes = sizes, .values = "aab", .value_sizes = value_sizes, .count = 2};
    assert_int_equal(vp_table_add_many(t.builder, &records), VP_OK);
    vp_bytes two = table_finish(&t);
    table_expect(&t, two, text_of("1"), text_of("aa"));
    table_expect(&t, two, text_of("22"), text_of(""));
    records.count = 3;
    vp_table_clear(t.builder);
    assert_int_equal(vp_table_add_many(t.builder, &records), VP_OK);
    assert_int_equal(vp_table_finish(t.builder, &table), VP_ERR_DUPLICATE);
}

static void arguments(void **state) {
    (void)state;
    const vp_bytes bad = {.data = NULL, .size = 1}, good = text_of("1");
    const void *out = "";
    vp_table_range need;
    vp_table_cursor cursor = {.next = 0};
    assert_null(vp_table_builder_new(NULL));
    vp_table_builder_free(NULL);
    vp_table_clear(NULL);
    assert_int_equal(vp_table_put(NULL, good, good), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_put(t.builder, bad, good), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_add(t.builder, good, bad), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_remove(t.builder, bad), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_load(t.builder, bad), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_load(NULL, good), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_add_many(t.builder, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_add_many(t.builder, &(vp_records){.count = 1}), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_finish(t.builder, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_finish(NULL, &out), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_count(bad), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_get(t.coder.context, good, good, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_get(NULL, good, good, &out), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_get(t.coder.context, bad, good, &out), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_get(t.coder.context, good, bad, &out), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_get(t.coder.context, good, good, &out), VP_ERR_CORRUPT);
    assert_int_equal(vp_table_next(NULL, good, &cursor), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_next(t.coder.context, good, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_part(good, good, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_part(bad, good, &need), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_get_part(t.coder.context, good, bad, good, &out), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_get_part(t.coder.context, good, good, good, NULL), VP_ERR_ARGUMENT);
    assert_null(out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_around_a_block),
        cmocka_unit_test(many_records),
        cmocka_unit_test(integers_at_their_limits),
        cmocka_unit_test(large_values),
        cmocka_unit_test(long_fields),
        cmocka_unit_test(updates),
        cmocka_unit_test(duplicates),
        cmocka_unit_test(arguments),
    };
    return cmocka_run_group_tests_name("table records", tests, begin, end);
}
