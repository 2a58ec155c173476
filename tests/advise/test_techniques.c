/* Advice: what single techniques save, carried out where that is short. */
#include "advise_check.h"
#include "valpack_table.h"

#include <stdio.h>
#include <stdlib.h>

static void json_objects(void **state) {
    (void)state;
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    add_values(a, VALUE_SESSION, 400);
    const char *json = advice_of(a);
    assert_int_equal(json_number(advice_row(json, "positions"), "values"), 400);
    assert_int_equal(json_number(advice_row(json, "hash_record"), "values"), 400);
    assert_true(json_number(advice_row(json, "positions"), "saved") > 0);
    assert_true(json_number(advice_row(json, "short_names"), "names") > 0);
    assert_true(json_number(advice_row(json, "msgpack"), "saved") > 0);
    assert_true(json_number(advice_row(json, "profile"), "saved") >
                json_number(advice_row(json, "dictionary"), "saved"));
    assert_true(json_is(advice_row(json, "profile"), "worth", "true"));
    assert_true(json_number(advice_row(json, "profile"), "profile_bytes") > 1000);
    vp_advisor_free(a);
}

/* What the profile saves is what a codec with this target saves; here every value is measured. */
static void single_encoders(void **state) {
    (void)state;
    static const struct {
        enum value_kind kind;
        const char *technique;
    } cases[] = {{VALUE_MOVES, "custom_base"}, {VALUE_UUID, "structural_types"}, {VALUE_GROUPS, "run_length"},
                 {VALUE_LIST, "delta"},        {VALUE_TEXT, "text_dictionary"},  {VALUE_URL, "model"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        vp_advisor *a = advisor_for("redis-7.2", NULL);
        add_values(a, cases[i].kind, 300);
        const char *json = advice_of(a), *best = advice_row(json, cases[i].technique);
        assert_true(json_is(best, "worth", "true"));
        assert_true(json_number(best, "values") > 150);
        assert_true(json_is(best, "lossy", "false"));
        assert_true(json_is(best, "encode_ns", "null"));
        assert_true(json_number(advice_row(json, "profile"), "saved") >= json_number(best, "saved") * 9 / 10);
        vp_advisor_free(a);
    }
}

static void best_first(void **state) {
    (void)state;
    vp_advisor *a = advisor_for("redis-7.0-debian", NULL);
    add_values(a, VALUE_EMAIL, 300);
    const char *json = advice_of(a);
    const char *at = strstr(json, "\"rows\":");
    long long last = 0;
    for (at = strstr(at, "{\"technique\":"); at; at = strstr(at + 1, "{\"technique\":")) {
        if (strncmp(at, "{\"technique\":\"small", 19) == 0) continue; /* may have a cliff */
        assert_true(json_number(at, "memory") >= last);
        last = json_number(at, "memory");
    }
    vp_advisor_free(a);
}

static void times(void **state) {
    (void)state;
    const vp_server server = server_of("redis-7.2");
    vp_advisor *a = vp_advisor_new(&server, NULL);
    add_values(a, VALUE_EMAIL, 300);
    const char *profile = advice_row(advice_of(a), "profile");
    assert_false(json_is(profile, "encode_ns", "null"));
    assert_false(json_is(profile, "decode_ns", "null"));
    vp_advisor_free(a);
}

/* Tables are built as advised, and take what was said. */
static void packed_tables(void **state) {
    (void)state;
    enum { PHOTOS = 3000 };
    const vp_server server = server_of("redis-7.2");
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    struct coder plain = coder_of(NULL, NULL);
    vp_table_builder *builder = vp_table_builder_new(plain.context);
    char key[32], value[32], names[64], last[64] = "";
    uint64_t memory = 0, tables = 0;
    size_t last_size = 0;
    for (int i = 0; i < PHOTOS; i++) {
        snprintf(key, sizeof key, "%d", 1101000000 + i);
        snprintf(value, sizeof value, "%lld", 3301000000LL + i * 300LL + i % 7);
        add_sample(a, text(key), text(value));
    }
    const char *json = advice_of(a), *packed = advice_row(json, "packed_tables");
    assert_true(json_is(packed, "kind", "\"range\""));
    const vp_bucketing how = {.kind = VP_BUCKET_RANGE, .count = (uint64_t)json_number(packed, "count")};
    for (int i = 0; i <= PHOTOS; i++) {
        vp_place place = {0};
        const void *table;
        snprintf(key, sizeof key, "%d", 1101000000 + i);
        snprintf(value, sizeof value, "%lld", 3301000000LL + i * 300LL + i % 7);
        assert_int_equal(vp_bucket_split(&how, text(key), names, sizeof names, &place), VP_OK);
        if (i == PHOTOS || (i && (place.bucket_size != last_size || memcmp(names, last, last_size) != 0))) {
            int64_t size = vp_table_finish(builder, &table);
            assert_true(size > 0);
            memory += vp_cost_string(&server, last_size, 0, NULL, (uint64_t)size);
            tables++;
            vp_table_clear(builder);
        }
        memcpy(last, names, last_size = place.bucket_size);
        vp_bytes field = {names + place.bucket_size, place.field_size};
        assert_int_equal(vp_table_put(builder, field, text(value)), VP_OK);
    }
    assert_int_equal(json_number(packed, "buckets"), tables);
    assert_int_equal(json_number(packed, "memory"), memory + vp_cost_index(&server, tables, 0));
    vp_table_builder_free(builder);
    coder_close(&plain);
    vp_advisor_free(a);
}

/* Large integers are short inside of hashes, though they are left alone in keys of their own. */
static void encoded_fields(void **state) {
    (void)state;
    uint64_t random = 9;
    char key[32], value[32];
    vp_advisor *a = advisor_for("redis-7.0-debian", NULL);
    for (int i = 0; i < 2000; i++) {
        snprintf(key, sizeof key, "photo:%d", 1101000000 + i);
        snprintf(value, sizeof value, "%llu", 3000000000ULL + random_below(&random, 4000000000ULL));
        add_sample(a, text(key), text(value));
    }
    const char *json = advice_of(a), *encoded = advice_row(json, "small_hashes_encoded");
    /* 2 or 3 bytes of a field and 6 or 7 of a value instead of 10 */
    assert_in_range(json_number(encoded, "memory"), 2000 * 9, 2000 * 12);
    assert_true(json_number(advice_row(json, "small_hashes"), "memory") > 2000 * 13);
    vp_advisor_free(a);
}

/* Some of the keys: what the planner tells of all of them. */
static void some_of_the_keys(void **state) {
    (void)state;
    char key[32], value[32];
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    assert_int_equal(vp_advisor_set(a, VP_ADVISE_KEYS, 1000000), VP_OK);
    for (int i = 0; i < 2000; i++) {
        snprintf(key, sizeof key, "photo:%d", 1101000000 + i * 500);
        snprintf(value, sizeof value, "%lld", 3301000000LL + i * 150000LL);
        add_sample(a, text(key), text(value));
    }
    const char *json = advice_of(a), *hashes = advice_row(json, "small_hashes");
    assert_int_equal(json_number(json, "keys"), 1000000);
    assert_int_equal(json_number(hashes, "count"), 2);
    assert_in_range(json_number(hashes, "buckets"), 9900, 10100);
    assert_in_range(json_number(hashes, "memory"), 13000000, 14500000); /* measured: 13.57 a record */
    vp_advisor_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(json_objects),    cmocka_unit_test(single_encoders),
                                       cmocka_unit_test(best_first),      cmocka_unit_test(times),
                                       cmocka_unit_test(packed_tables),   cmocka_unit_test(encoded_fields),
                                       cmocka_unit_test(some_of_the_keys)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
