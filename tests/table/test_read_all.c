/* Whole tables in one call: what it gives, what it refuses, and what it does without memory. */
#include "test.h"

#include <stdio.h>

#include "valpack_table.h"

enum { COUNT = 300, TABLE_ROOM = 1 << 16 };

static uint8_t table_bytes[TABLE_ROOM];

/* COUNT records user:I and number I in words, or so many of one record. */
static vp_bytes make_table(vp_context *x, unsigned count) {
    vp_table_builder *builder = vp_table_builder_new(x);
    char field[40], value[40];
    const void *table = NULL;
    for (unsigned i = 0; i < count; i++) {
        size_t field_size = (size_t)sprintf(field, "user:%u", 3 * i);
        size_t value_size = (size_t)sprintf(value, "number %u %s", i, i % 3 ? "odd one" : "");
        assert_int_equal(vp_table_put(builder, (vp_bytes){field, field_size}, (vp_bytes){value, value_size}),
                         VP_OK);
    }
    int64_t size = vp_table_finish(builder, &table);
    assert_in_range(size, 1, TABLE_ROOM);
    memcpy(table_bytes, table, (size_t)size);
    vp_table_builder_free(builder);
    return (vp_bytes){table_bytes, (size_t)size};
}

static void check_records(const vp_records *all) {
    assert_int_equal(all->count, COUNT);
    const char *field = all->fields, *value = all->values;
    for (unsigned i = 0; i < COUNT; i++) {
        char text[40];
        assert_int_equal(all->field_sizes[i], sprintf(text, "user:%u", 3 * i));
        assert_memory_equal(field, text, all->field_sizes[i]);
        assert_int_equal(all->value_sizes[i], sprintf(text, "number %u %s", i, i % 3 ? "odd one" : ""));
        assert_memory_equal(value, text, all->value_sizes[i]);
        field += all->field_sizes[i];
        value += all->value_sizes[i];
    }
}

static void gives_what_add_many_takes(void **state) {
    (void)state;
    struct coder c = coder_of(NULL, NULL);
    vp_bytes table = make_table(c.context, COUNT);
    vp_table_builder *builder = vp_table_builder_new(c.context);
    vp_records all;
    const void *again = NULL;
    for (int round = 0; round < 2; round++) {
        assert_int_equal(vp_table_read_all(c.context, table, &all), COUNT);
        check_records(&all);
        vp_table_clear(builder);
        assert_int_equal(vp_table_add_many(builder, &all), VP_OK);
        assert_int_equal(vp_table_finish(builder, &again), (int64_t)table.size);
        assert_memory_equal(again, table.data, table.size);
    }
    vp_table_builder_free(builder);
    coder_close(&c);
}

static void a_table_without_records(void **state) {
    (void)state;
    struct coder c = coder_of(NULL, NULL);
    vp_bytes table = make_table(c.context, 0);
    vp_records all = {.count = 7};
    assert_int_equal(vp_table_read_all(c.context, table, &all), 0);
    assert_int_equal(all.count, 0);
    coder_close(&c);
}

static void arguments(void **state) {
    (void)state;
    struct coder c = coder_of(NULL, NULL);
    vp_bytes table = make_table(c.context, 3);
    vp_records all = {.count = 7};
    assert_int_equal(vp_table_read_all(NULL, table, &all), VP_ERR_ARGUMENT);
    assert_int_equal(all.count, 0);
    assert_int_equal(vp_table_read_all(c.context, table, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_read_all(c.context, (vp_bytes){NULL, 5}, &all), VP_ERR_ARGUMENT);
    assert_int_equal(vp_table_read_all(c.context, (vp_bytes){NULL, 0}, &all), VP_ERR_CORRUPT);
    coder_close(&c);
}

static void damage(void **state) {
    (void)state;
    struct coder c = coder_of(NULL, NULL);
    vp_bytes table = make_table(c.context, COUNT);
    for (size_t bit = 0; bit < 8 * table.size; bit++) {
        vp_records all = {.count = 7};
        table_bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true(vp_table_read_all(c.context, table, &all) < 0);
        assert_true(all.count == 0 && all.fields == NULL && all.values == NULL);
        table_bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t size = 0; size < table.size; size++) {
        vp_records all;
        assert_int_equal(vp_table_read_all(c.context, (vp_bytes){table_bytes, size}, &all), VP_ERR_CORRUPT);
    }
    vp_records all;
    assert_int_equal(vp_table_read_all(c.context, table, &all), COUNT);
    check_records(&all);
    coder_close(&c);
}

/* Fields and values together may have max_decoded bytes, and no byte more. */
static void limit(void **state) {
    (void)state;
    struct coder writer = coder_of(NULL, NULL);
    vp_bytes table = make_table(writer.context, COUNT);
    vp_records all;
    uint64_t bytes = 0;
    assert_int_equal(vp_table_read_all(writer.context, table, &all), COUNT);
    for (unsigned i = 0; i < COUNT; i++) bytes += all.field_sizes[i] + all.value_sizes[i];
    for (unsigned less = 0; less < 2; less++) {
        vp_options *options = vp_options_new(NULL);
        assert_int_equal(vp_options_set(options, VP_OPTION_MAX_DECODED, bytes - less), VP_OK);
        struct coder c = coder_with(NULL, NULL, options);
        assert_int_equal(vp_table_read_all(c.context, table, &all), less ? VP_ERR_LIMIT : COUNT);
        assert_int_equal(all.count, less ? 0 : COUNT);
        coder_close(&c);
        vp_options_free(options);
    }
    coder_close(&writer);
}

/* Each allocation in turn fails: no memory, nothing lost, and it works afterwards. */
static void without_memory(void **state) {
    (void)state;
    struct coder writer = coder_of(NULL, NULL);
    vp_bytes table = make_table(writer.context, COUNT);
    unsigned failures = 0;
    for (uint64_t fail_at = 1;; fail_at++) {
        struct counting counting = {.fail_at = 0};
        vp_allocator allocator = counting_allocator(&counting);
        vp_options *options = vp_options_new(&allocator);
        struct coder c = coder_with(NULL, NULL, options);
        vp_records all;
        counting.fail_at = counting.calls + fail_at;
        int64_t count = vp_table_read_all(c.context, table, &all);
        counting.fail_at = 0;
        if (count < 0) {
            assert_int_equal(count, VP_ERR_MEMORY);
            assert_int_equal(all.count, 0);
            failures++;
        }
        assert_int_equal(vp_table_read_all(c.context, table, &all), COUNT);
        check_records(&all);
        coder_close(&c);
        vp_options_free(options);
        assert_int_equal(counting.live, 0);
        if (count >= 0) break;
    }
    assert_true(failures >= 4);
    coder_close(&writer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_what_add_many_takes),
        cmocka_unit_test(a_table_without_records),
        cmocka_unit_test(arguments),
        cmocka_unit_test(damage),
        cmocka_unit_test(limit),
        cmocka_unit_test(without_memory),
    };
    return cmocka_run_group_tests_name("table read all", tests, NULL, NULL);
}
