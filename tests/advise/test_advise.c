/* Advice: memory worked out by hand, what is left alone, what is only counted or compared. */
#include "advise_check.h"

#include <stdio.h>
#include <stdlib.h>

static const vp_bytes none = {NULL, 0};

/* ---- Memory by hand ------------------------------------------------------------------------- */

/* Keys of 10 bytes and texts of 10: 72 bytes on Redis 7.2, 80 with the allocator of Debian, 40 on Redis 8,
   and the slots of an index of four: 8 bytes each before Redis 8. */
static void plain_strings(void **state) {
    (void)state;
    static const struct {
        const char *server;
        long long memory;
    } cases[] = {{"redis-7.2", 4 * 72 + 4 * 8}, {"redis-7.0-debian", 4 * 80 + 4 * 8}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        vp_advisor *a = advisor_for(cases[i].server, NULL);
        add_sample(a, text("session:a1"), text("qwertzuiop"));
        add_sample(a, text("session:b2"), text("asdfghjkly"));
        add_sample(a, text("session:c3"), text("yxcvbnmqwe"));
        add_sample(a, text("session:d4"), text("plokijuhzg"));
        const char *json = advice_of(a);
        assert_true(json_is(json, "server", "\"redis-7"));
        assert_int_equal(json_number(json, "keys"), 4);
        assert_int_equal(json_number(json, "key_bytes"), 10);
        assert_int_equal(json_number(json, "value_bytes"), 10);
        assert_int_equal(json_number(json, "memory"), cases[i].memory);
        assert_true(json_is(json, "keyed", "true"));
        vp_advisor_free(a);
    }
}

/* 100 records with integer fields of 2 bytes and values above int32 of 10: a listpack of 1207 bytes in a class
   of 1280, and 56 for the key photo:10 on Redis 7.2. As strings: 56 each. */
static void two_level_keys(void **state) {
    (void)state;
    const vp_server server = server_of("redis-7.2");
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    char key[32], value[32];
    for (int i = 0; i < 100; i++) {
        snprintf(key, sizeof key, "photo:10%02d", i);
        snprintf(value, sizeof value, "%lld", 3301000000LL + i * 7919LL);
        add_sample(a, text(key), text(value));
    }
    const char *json = advice_of(a), *hashes = advice_row(json, "small_hashes");
    assert_int_equal(json_number(json, "memory"), 100 * 56 + vp_cost_index(&server, 100, 0));
    assert_int_equal(json_number(hashes, "memory"), 1280 + 56 + vp_cost_index(&server, 1, 0));
    assert_int_equal(json_number(hashes, "values"), 100);
    assert_true(json_is(hashes, "kind", "\"digits\""));
    assert_int_equal(json_number(hashes, "count"), 2);
    assert_int_equal(json_number(hashes, "buckets"), 1);
    assert_true(json_is(hashes, "worth", "true"));
    assert_true(json_is(json, "verdict", "\"change\""));
    vp_advisor_free(a);
}

/* A thousand times the keys, a thousand times the memory but for the index. */
static void scaled_to_all_keys(void **state) {
    (void)state;
    const vp_server server = server_of("valkey-9");
    vp_advisor *a = advisor_for("valkey-9", NULL);
    assert_int_equal(vp_advisor_set(a, VP_ADVISE_KEYS, 64000), VP_OK);
    assert_int_equal(vp_advisor_set(a, VP_ADVISE_KEY_SIZE, 13), VP_OK);
    for (int i = 0; i < 64; i++) add_sample(a, none, text("0123456789abcdefghij"));
    const char *json = advice_of(a);
    assert_int_equal(json_number(json, "keys"), 64000);
    assert_int_equal(json_number(json, "memory"), 64000 * 48 + vp_cost_index(&server, 64000, 0));
    assert_true(json_is(json, "keyed", "false"));
    vp_advisor_free(a);
}

static void keys_that_expire(void **state) {
    (void)state;
    const vp_server server = server_of("redis-7.2");
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    assert_int_equal(vp_advisor_set(a, VP_ADVISE_EXPIRES, 1), VP_OK);
    add_sample(a, text("session:a1"), text("qwertzuiop"));
    add_sample(a, text("session:b2"), text("asdfghjkly"));
    const char *json = advice_of(a);
    assert_int_equal(json_number(json, "memory"), 2 * (72 + 24) + vp_cost_index(&server, 2, 2));
    vp_advisor_free(a);
}

/* ---- What is left alone --------------------------------------------------------------------- */

/* Long random values: no technique saves 10 %. */
static void random_values(void **state) {
    (void)state;
    uint64_t random = 7;
    uint8_t value[5000];
    char key[32];
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    for (int i = 0; i < 100; i++) {
        random_fill(&random, value, sizeof value);
        snprintf(key, sizeof key, "blob:%c%c%d", 'a' + i % 26, 'a' + i / 7, i);
        add_sample(a, text(key), (vp_bytes){value, sizeof value});
    }
    const char *json = advice_of(a);
    assert_true(json_is(json, "verdict", "\"leave alone\""));
    assert_true(json_is(advice_row(json, "profile"), "worth", "false"));
    assert_true(json_is(advice_row(json, "compression"), "worth", "false"));
    assert_int_equal(json_number(advice_row(json, "compression"), "saved"), 0);
    vp_advisor_free(a);
}

/* Integers stay integers: no encoder touches them at top level. */
static void integers(void **state) {
    (void)state;
    char key[32], value[32];
    vp_advisor *a = advisor_for("redis-8", NULL);
    for (int i = 0; i < 300; i++) {
        snprintf(key, sizeof key, "counter:%c%c%03d", 'a' + i % 26, 'a' + i / 26, i);
        snprintf(value, sizeof value, "%d", i * 1000003);
        add_sample(a, text(key), text(value));
    }
    const char *json = advice_of(a);
    assert_int_equal(json_number(json, "integers"), 300);
    static const char *const encoders[] = {"profile", "mostly", "custom_base", "delta", "compression"};
    for (size_t i = 0; i < sizeof encoders / sizeof encoders[0]; i++) {
        assert_int_equal(json_number(advice_row(json, encoders[i]), "values"), 0);
        assert_int_equal(json_number(advice_row(json, encoders[i]), "saved"), 0);
    }
    assert_non_null(strstr(json, "300 values are integers"));
    vp_advisor_free(a);
}

/* A value beyond hash-max-listpack-value makes a table of its hash: not advised. */
static void beyond_the_cliff(void **state) {
    (void)state;
    char key[32], value[128];
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    for (unsigned i = 0; i < 400; i++) {
        snprintf(key, sizeof key, "doc:%u", 1000 + i);
        snprintf(value, sizeof value, "%08x%064u%08x", i * 2654435u, i, i * 40503u);
        add_sample(a, text(key), text(value));
    }
    const char *json = advice_of(a), *hashes = advice_row(json, "small_hashes");
    assert_true(json_is(hashes, "worth", "false"));
    assert_non_null(strstr(hashes, "hash-max-listpack-entries or -value would have to be raised"));
    vp_advisor_free(a);
}

/* ---- Counting and membership ---------------------------------------------------------------- */

static void membership(void **state) {
    (void)state;
    const vp_server server = server_of("redis-7.2");
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    assert_int_equal(vp_advisor_set(a, VP_ADVISE_KEYS, 1000000), VP_OK);
    char key[32];
    for (int i = 0; i < 500; i++) {
        snprintf(key, sizeof key, "seen:%08x", (unsigned)i * 2654435761u);
        add_sample(a, text(key), text("1"));
    }
    const char *json = advice_of(a), *bloom = advice_row(json, "bloom"),
               *counter = advice_row(json, "hyperloglog");
    assert_true(json_is(bloom, "lossy", "true"));
    assert_true(json_is(bloom, "error", "1e-2"));
    /* 9.6 bits for each of a million keys; the string is one allocation. */
    assert_int_equal(json_number(bloom, "memory"),
                     vp_cost_string(&server, 16, 0, NULL, 1200001) + vp_cost_index(&server, 1, 0));
    assert_true(json_is(counter, "error", "81e-4"));
    assert_int_equal(json_number(counter, "bytes"), 12304);
    assert_int_equal(json_number(counter, "memory"),
                     vp_cost_string(&server, 16, 0, NULL, 12304) + vp_cost_index(&server, 1, 0));
    /* Behind all others, however much they save. */
    assert_true(bloom > advice_row(json, "small_hashes") && bloom > advice_row(json, "profile"));
    assert_null(strstr(json_member(json, "advice"), "Bloom filter ("));
    assert_null(advice_row_or_null(json, "fingerprint"));
    vp_advisor_free(a);
}

static void comparison(void **state) {
    (void)state;
    const vp_server server = server_of("redis-7.2");
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    uint64_t random = 3;
    char key[32], value[80];
    for (int i = 0; i < 300; i++) {
        snprintf(key, sizeof key, "etag:%05d", i);
        for (int k = 0; k < 4; k++)
            snprintf(value + 16 * k, 17, "%016llx", (unsigned long long)random_next(&random));
        add_sample(a, text(key), text(value));
    }
    const char *json = advice_of(a), *fingerprint = advice_row(json, "fingerprint");
    assert_int_equal(json_number(fingerprint, "bits"), 64);
    assert_int_equal(json_number(fingerprint, "memory"),
                     300 * vp_cost_string(&server, 10, 0, NULL, 8) + vp_cost_index(&server, 300, 0));
    /* 300^2 / 2^65 = 2.4e-15, given from above */
    double error = atof(json_member(fingerprint, "error"));
    assert_true(error >= 2.4e-15 && error <= 5e-15);
    assert_null(advice_row_or_null(json, "bloom"));
    vp_advisor_free(a);
}

/* Texts are neither tokens nor flags. */
static void neither(void **state) {
    (void)state;
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    add_values(a, VALUE_TEXT, 100);
    const char *json = advice_of(a);
    assert_null(advice_row_or_null(json, "fingerprint"));
    assert_null(advice_row_or_null(json, "bloom"));
    assert_null(advice_row_or_null(json, "hyperloglog"));
    vp_advisor_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_strings),      cmocka_unit_test(two_level_keys),
        cmocka_unit_test(scaled_to_all_keys), cmocka_unit_test(keys_that_expire),
        cmocka_unit_test(random_values),      cmocka_unit_test(integers),
        cmocka_unit_test(beyond_the_cliff),   cmocka_unit_test(membership),
        cmocka_unit_test(comparison),         cmocka_unit_test(neither)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
