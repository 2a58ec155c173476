/* Packed tables: bytes worked out by hand, every kind of column, sizes. */
#include "table_test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

enum { TEXT = 24 };

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

static void expect_bytes(vp_bytes table, const uint8_t *bytes, size_t size) {
    assert_int_equal(table.size, size);
    assert_memory_equal(table.data, bytes, size);
}

/* ---- By hand -------------------------------------------------------------------------------- */

static void the_examples_of_the_format(void **state) {
    (void)state;
    static const uint8_t integers[] = {0xC1, 0x40, 0x02, 4,    23,   0x66, 0,    0xFF, 5,    0xE6, 0x8D, 0x8A,
                                       0xCC, 0x18, 0,    0x60, 0xB0, 0x9B, 0x80, 0x0B, 0xA3, 0x60, 0xB0};
    static const uint8_t users[] = {0xC1, 0x40, 0x94, 3,    30,   5,    'u',  's',  'e',  'r',
                                    ':',  14,   1,    0xFF, 1,    2,    2,    'n',  'o',  3,
                                    'y',  'e',  's',  0,    0xA8, 0x82, 0x8F, 0x0A, 0x87, 0xA8};
    vp_table_clear(t.builder);
    table_put(&t, "51", "3301000051");
    table_put(&t, "52", "3301000057");
    table_put(&t, "53", "3301000058");
    table_put(&t, "54", "3301000070");
    expect_bytes(table_finish(&t), integers, sizeof integers);
    vp_table_clear(t.builder);
    table_put(&t, "user:12", "yes");
    table_put(&t, "user:7", "yes");
    table_put(&t, "user:9", "no");
    vp_bytes table = table_finish(&t);
    expect_bytes(table, users, sizeof users);
    table_expect(&t, table, text_of("user:9"), text_of("no"));
    table_expect_none(&t, table, "user:8");
    table_expect_none(&t, table, "user:");
    table_expect_none(&t, table, "9");
    table_expect_none(&t, table, "user:09");
}

static void a_table_described(void **state) {
    (void)state;
    static const char expected[] = "{\"records\":2,\"table_bytes\":28,\"head_bytes\":27,\"blocks\":1,"
                                   "\"fields\":\"line\",\"prefix_bytes\":5,\"values\":\"choice\"}";
    char json[512];
    vp_table_clear(t.builder);
    table_put(&t, "user:7", "yes");
    table_put(&t, "user:9", "no");
    vp_bytes table = table_finish(&t);
    int64_t size = vp_table_describe(table, json, sizeof json);
    assert_true(size > 0 && is_json(json, (size_t)size));
    assert_int_equal(size, sizeof expected - 1);
    assert_memory_equal(json, expected, sizeof expected - 1);
    assert_int_equal(vp_table_describe(table, json, (size_t)size - 1), VP_ERR_SPACE);
    assert_int_equal(vp_table_describe(table, NULL, 1), VP_ERR_ARGUMENT);
    table.size--;
    assert_int_equal(vp_table_describe(table, json, sizeof json), VP_ERR_CORRUPT);
}

static void a_table_of_nothing(void **state) {
    (void)state;
    vp_table_clear(t.builder);
    vp_bytes table = table_finish(&t);
    assert_int_equal(table.size, 9);
    assert_int_equal(vp_table_count(table), 0);
    table_expect_none(&t, table, "");
    table_expect_none(&t, table, "1");
    vp_table_cursor cursor = {.next = 0};
    assert_int_equal(vp_table_next(t.coder.context, table, &cursor), 0);
    vp_table_range need;
    assert_int_equal(vp_table_part(table, text_of("1"), &need), VP_ERR_NOT_FOUND);
}

/* To a reader of values a table is something it does not know. */
static void a_table_is_no_value(void **state) {
    (void)state;
    vp_table_clear(t.builder);
    table_put(&t, "a", "b");
    vp_bytes table = table_finish(&t);
    uint8_t out[64];
    assert_int_equal(vp_decode(t.coder.context, table.data, table.size, out, sizeof out), VP_ERR_UNSUPPORTED);
    assert_int_equal(vp_is_table(table.data, table.size), 1);
    assert_int_equal(vp_is_table(table.data, 1), 0);
    assert_int_equal(vp_is_table("C1", 2), 0);
    assert_int_equal(vp_is_table(NULL, 0), 0);
}

/* ---- Kinds ---------------------------------------------------------------------------------- */

static void expect_kinds(vp_bytes table, unsigned fields, unsigned values) {
    struct head h = table_head(table);
    assert_int_equal(h.fields.kind, fields);
    assert_int_equal(h.values.kind, values);
}

static void the_smallest_kind_is_chosen(void **state) {
    (void)state;
    uint64_t random = 3, rising = 3301000051, walking = 1000000;
    char value[64], field[TEXT];
    static const unsigned kinds[] = {VALUES_LINE,  VALUES_GAPS,   VALUES_DELTAS,
                                     VALUES_FRAME, VALUES_CHOICE, VALUES_BYTES};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        vp_table_clear(t.builder);
        for (unsigned i = 0; i < 300; i++) {
            while (random_below(&random, 300)) rising++;
            rising++;
            for (walking += random_below(&random, 2); random_below(&random, 8); walking++) continue;
            while (random_below(&random, 8)) walking--;
            switch (kinds[k]) {
            case VALUES_LINE: snprintf(value, sizeof value, "%d", 100 - (int)i * 7); break;
            case VALUES_GAPS: snprintf(value, sizeof value, "%" PRIu64, rising); break;
            case VALUES_DELTAS: snprintf(value, sizeof value, "%" PRIu64, walking); break;
            case VALUES_FRAME:
                snprintf(value, sizeof value, "%" PRIu64, 1000000000 + random_below(&random, 9000000000));
                break;
            case VALUES_CHOICE:
                snprintf(value, sizeof value, "%s", random_below(&random, 3) ? "active" : "gone");
                break;
            default:
                for (unsigned c = 0; c < 6; c++) value[c] = "acgt"[random_below(&random, 4)];
                value[6] = '\0';
            }
            snprintf(field, sizeof field, "%u", 500 + i);
            table_put(&t, field, value);
        }
        expect_kinds(table_finish(&t), FIELDS_LINE, kinds[k]);
    }
}

static void values_are_encoded(void **state) {
    (void)state;
    uint64_t random = 9;
    uint8_t value[VALUE_ROOM];
    char field[TEXT];
    vp_table_clear(t.builder);
    for (unsigned i = 0; i < 200; i++) {
        snprintf(field, sizeof field, "%u", i * i);
        size_t size = make_value(VALUE_UUID, &random, value);
        assert_int_equal(vp_table_put(t.builder, text_of(field), (vp_bytes){.data = value, .size = size}),
                         VP_OK);
    }
    vp_bytes table = table_finish(&t);
    expect_kinds(table, FIELDS_GAPS, VALUES_ENCODED);
    assert_true(table.size < 200 * 20);
}

static void fields_that_are_no_integers(void **state) {
    (void)state;
    static const char *const odd[] = {"007", "-0", "+1", "", " 1", "1.5", "9223372036854775808",
                                      "1e3", "abc"};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        vp_table_clear(t.builder);
        table_put(&t, "12", "one");
        table_put(&t, odd[i], "two");
        table_put(&t, "5", "three");
        vp_bytes table = table_finish(&t);
        expect_kinds(table, FIELDS_STRINGS, table_head(table).values.kind);
        table_expect(&t, table, text_of("12"), text_of("one"));
        table_expect(&t, table, text_of(odd[i]), text_of("two"));
        table_expect(&t, table, text_of("5"), text_of("three"));
        table_expect_none(&t, table, "05");
        table_expect_none(&t, table, "1");
    }
}

static void padded_fields(void **state) {
    (void)state;
    char field[TEXT], value[TEXT];
    vp_table_clear(t.builder);
    for (unsigned i = 0; i < 1000; i++) {
        snprintf(field, sizeof field, "%03u", i);
        snprintf(value, sizeof value, "%010u", i * 3);
        table_put(&t, field, value);
    }
    vp_bytes table = table_finish(&t);
    expect_kinds(table, FIELDS_LINE, VALUES_LINE);
    assert_true(table.size < 24);
    table_expect(&t, table, text_of("007"), text_of("0000000021"));
    table_expect_none(&t, table, "7");
    table_expect_none(&t, table, "0007");
    table_expect_none(&t, table, "1000");
}

/* ---- Sizes ---------------------------------------------------------------------------------- */

/* Behind a prefix as long as a field may be, an integer of two digits is one too many for every reader. */
static void a_field_too_long(void **state) {
    (void)state;
    enum { PREFIX = TABLE_FIELD - 1, BASE = 10 + PREFIX /* behind C1 40, kinds, count, sizes, prefix */ };
    static uint8_t field[TABLE_FIELD + 1], bytes[2 * TABLE_FIELD];
    memset(field, 'x', PREFIX);
    vp_table_clear(t.builder);
    for (field[PREFIX] = '5'; field[PREFIX] < '8'; field[PREFIX]++)
        assert_int_equal(vp_table_put(t.builder, (vp_bytes){field, TABLE_FIELD}, text_of("a")), VP_OK);
    vp_bytes table = table_finish(&t);
    assert_true(table.size <= sizeof bytes);
    memcpy(bytes, table.data, table.size);
    table.data = bytes;
    vp_records records;
    assert_int_equal(vp_table_read_all(t.coder.context, table, &records), 3);
    assert_int_equal(bytes[BASE], zigzag(5));
    const size_t checked = table_head(table).head_size - 4;
    bytes[BASE] = (uint8_t)zigzag(50);
    store_le32(bytes + checked, (uint32_t)XXH64(bytes, checked, 0));
    vp_table_cursor cursor = {.next = 0};
    const void *value;
    assert_int_equal(vp_table_read_all(t.coder.context, table, &records), VP_ERR_CORRUPT);
    assert_int_equal(vp_table_next(t.coder.context, table, &cursor), VP_ERR_CORRUPT);
    assert_int_equal(vp_table_load(t.builder, table), VP_ERR_CORRUPT);
    memcpy(field + PREFIX, "50", 2);
    const vp_bytes sought = {field, sizeof field};
    assert_int_equal(vp_table_get(t.coder.context, table, sought, &value), VP_ERR_NOT_FOUND);
}

static int64_t gap(uint64_t *random) {
    int64_t gap = 1;
    while (random_below(random, 300)) gap++;
    return gap;
}

/* Bytes for 1,000 records, beside an entropy of 1209, 2417 and 4134 of the records alone. */
static void a_thousand_records(void **state) {
    (void)state;
    static const size_t most[] = {1290, 2590, 4190};
    for (int way = 0; way < 3; way++) {
        uint64_t random = 12;
        int64_t field = 1101000000, value = 3301000051;
        vp_table_clear(t.builder);
        for (int i = 0; i < 1000; i++) {
            field += way == 1 ? gap(&random) : 1;
            value = way == 2 ? 1000000000 + (int64_t)random_below(&random, 9000000000) : value + gap(&random);
            table_put_integers(&t, field, value);
        }
        assert_in_range(table_finish(&t).size, most[way] - 40, most[way]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_format),
        cmocka_unit_test(a_table_described),
        cmocka_unit_test(a_table_of_nothing),
        cmocka_unit_test(a_table_is_no_value),
        cmocka_unit_test(the_smallest_kind_is_chosen),
        cmocka_unit_test(values_are_encoded),
        cmocka_unit_test(fields_that_are_no_integers),
        cmocka_unit_test(padded_fields),
        cmocka_unit_test(a_field_too_long),
        cmocka_unit_test(a_thousand_records),
    };
    return cmocka_run_group_tests_name("table", tests, begin, end);
}
