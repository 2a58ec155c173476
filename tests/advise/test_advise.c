/* Advice: memory worked out by hand, what is left alone, what is detected, odd samples, and its JSON. */
#include "test.h"

#include "valpack_advise.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- Helpers -------------------------------------------------------------------------------- */

static vp_bytes text(const char *t) {
    return (vp_bytes){t, strlen(t)};
}

static const vp_bytes none = {NULL, 0};

static vp_server server_of(const char *name) {
    vp_server server;
    assert_int_equal(vp_server_named(name, &server), VP_OK);
    return server;
}

/* Times are left out, so that the JSON can be compared. */
static vp_advisor *advisor_for(const char *name, const vp_allocator *allocator) {
    const vp_server server = server_of(name);
    vp_advisor *a = vp_advisor_new(&server, allocator);
    if (a) assert_int_equal(vp_advisor_set(a, VP_ADVISE_TIMES, 0), VP_OK);
    return a;
}

static void add(vp_advisor *a, vp_bytes key, vp_bytes value) {
    assert_int_equal(vp_advisor_add(a, key, value), VP_OK);
}

/* The JSON, which lives as long as the advisor. */
static const char *finish(vp_advisor *a) {
    static const char *json; /* static: gcc 12 takes what it points to for a local variable */
    int64_t size = vp_advisor_finish(a, &json);
    assert_true(size > 0);
    assert_int_equal(strlen(json), size);
    assert_true(is_json(json, (size_t)size));
    return json;
}

/* What follows the first `"name":` behind `from`. */
static const char *member(const char *from, const char *name) {
    char pattern[64];
    snprintf(pattern, sizeof pattern, "\"%s\":", name);
    const char *at = strstr(from, pattern);
    assert_non_null(at);
    return at + strlen(pattern);
}

static long long number(const char *from, const char *name) {
    return atoll(member(from, name));
}

static bool member_is(const char *from, const char *name, const char *expected) {
    return strncmp(member(from, name), expected, strlen(expected)) == 0;
}

/* The row of a technique, or NULL. */
static const char *row_of(const char *json, const char *technique) {
    char pattern[64];
    snprintf(pattern, sizeof pattern, "{\"technique\":\"%s\",", technique);
    return strstr(json, pattern);
}

static const char *row(const char *json, const char *technique) {
    const char *found = row_of(json, technique);
    assert_non_null(found);
    return found;
}

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
        add(a, text("session:a1"), text("qwertzuiop"));
        add(a, text("session:b2"), text("asdfghjkly"));
        add(a, text("session:c3"), text("yxcvbnmqwe"));
        add(a, text("session:d4"), text("plokijuhzg"));
        const char *json = finish(a);
        assert_true(member_is(json, "server", "\"redis-7"));
        assert_int_equal(number(json, "keys"), 4);
        assert_int_equal(number(json, "key_bytes"), 10);
        assert_int_equal(number(json, "value_bytes"), 10);
        assert_int_equal(number(json, "memory"), cases[i].memory);
        assert_true(member_is(json, "keyed", "true"));
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
        add(a, text(key), text(value));
    }
    const char *json = finish(a), *hashes = row(json, "small_hashes");
    assert_int_equal(number(json, "memory"), 100 * 56 + vp_cost_index(&server, 100, 0));
    assert_int_equal(number(hashes, "memory"), 1280 + 56 + vp_cost_index(&server, 1, 0));
    assert_int_equal(number(hashes, "values"), 100);
    assert_true(member_is(hashes, "kind", "\"digits\""));
    assert_int_equal(number(hashes, "count"), 2);
    assert_int_equal(number(hashes, "buckets"), 1);
    assert_true(member_is(hashes, "worth", "true"));
    assert_true(member_is(json, "verdict", "\"change\""));
    vp_advisor_free(a);
}

/* A thousand times the keys, a thousand times the memory but for the index. */
static void scaled_to_all_keys(void **state) {
    (void)state;
    const vp_server server = server_of("valkey-9");
    vp_advisor *a = advisor_for("valkey-9", NULL);
    assert_int_equal(vp_advisor_set(a, VP_ADVISE_KEYS, 64000), VP_OK);
    assert_int_equal(vp_advisor_set(a, VP_ADVISE_KEY_SIZE, 13), VP_OK);
    for (int i = 0; i < 64; i++) add(a, none, text("0123456789abcdefghij"));
    const char *json = finish(a);
    assert_int_equal(number(json, "keys"), 64000);
    assert_int_equal(number(json, "memory"), 64000 * 48 + vp_cost_index(&server, 64000, 0));
    assert_true(member_is(json, "keyed", "false"));
    vp_advisor_free(a);
}

static void keys_that_expire(void **state) {
    (void)state;
    const vp_server server = server_of("redis-7.2");
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    assert_int_equal(vp_advisor_set(a, VP_ADVISE_EXPIRES, 1), VP_OK);
    add(a, text("session:a1"), text("qwertzuiop"));
    add(a, text("session:b2"), text("asdfghjkly"));
    const char *json = finish(a);
    assert_int_equal(number(json, "memory"), 2 * (72 + 24) + vp_cost_index(&server, 2, 2));
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
        add(a, text(key), (vp_bytes){value, sizeof value});
    }
    const char *json = finish(a);
    assert_true(member_is(json, "verdict", "\"leave alone\""));
    assert_true(member_is(row(json, "profile"), "worth", "false"));
    assert_true(member_is(row(json, "compression"), "worth", "false"));
    assert_int_equal(number(row(json, "compression"), "saved"), 0);
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
        add(a, text(key), text(value));
    }
    const char *json = finish(a);
    assert_int_equal(number(json, "integers"), 300);
    static const char *const encoders[] = {"profile", "mostly", "custom_base", "delta", "compression"};
    for (size_t i = 0; i < sizeof encoders / sizeof encoders[0]; i++) {
        assert_int_equal(number(row(json, encoders[i]), "values"), 0);
        assert_int_equal(number(row(json, encoders[i]), "saved"), 0);
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
        add(a, text(key), text(value));
    }
    const char *json = finish(a), *hashes = row(json, "small_hashes");
    assert_true(member_is(hashes, "worth", "false"));
    assert_non_null(strstr(hashes, "hash-max-listpack-entries or -value would have to be raised"));
    vp_advisor_free(a);
}

/* ---- Techniques ----------------------------------------------------------------------------- */

static void fill(vp_advisor *a, enum value_kind kind, size_t count) {
    uint64_t random = 11;
    uint8_t value[VALUE_ROOM];
    for (size_t i = 0; i < count; i++) add(a, none, (vp_bytes){value, make_value(kind, &random, value)});
}

static void json_objects(void **state) {
    (void)state;
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    fill(a, VALUE_SESSION, 400);
    const char *json = finish(a);
    assert_int_equal(number(row(json, "positions"), "values"), 400);
    assert_int_equal(number(row(json, "hash_record"), "values"), 400);
    assert_true(number(row(json, "positions"), "saved") > 0);
    assert_true(number(row(json, "short_names"), "names") > 0);
    assert_true(number(row(json, "msgpack"), "saved") > 0);
    assert_true(number(row(json, "profile"), "saved") > number(row(json, "dictionary"), "saved"));
    assert_true(member_is(row(json, "profile"), "worth", "true"));
    assert_true(number(row(json, "profile"), "profile_bytes") > 1000);
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
        fill(a, cases[i].kind, 300);
        const char *json = finish(a), *best = row(json, cases[i].technique);
        assert_true(member_is(best, "worth", "true"));
        assert_true(number(best, "values") > 150);
        assert_true(member_is(best, "lossy", "false"));
        assert_true(member_is(best, "encode_ns", "null"));
        assert_true(number(row(json, "profile"), "saved") >= number(best, "saved") * 9 / 10);
        vp_advisor_free(a);
    }
}

static void best_first(void **state) {
    (void)state;
    vp_advisor *a = advisor_for("redis-7.0-debian", NULL);
    fill(a, VALUE_EMAIL, 300);
    const char *json = finish(a);
    const char *at = strstr(json, "\"rows\":");
    long long last = 0;
    for (at = strstr(at, "{\"technique\":"); at; at = strstr(at + 1, "{\"technique\":")) {
        if (strncmp(at, "{\"technique\":\"small", 19) == 0) continue; /* may have a cliff */
        assert_true(number(at, "memory") >= last);
        last = number(at, "memory");
    }
    vp_advisor_free(a);
}

static void times(void **state) {
    (void)state;
    const vp_server server = server_of("redis-7.2");
    vp_advisor *a = vp_advisor_new(&server, NULL);
    fill(a, VALUE_EMAIL, 300);
    const char *profile = row(finish(a), "profile");
    assert_false(member_is(profile, "encode_ns", "null"));
    assert_false(member_is(profile, "decode_ns", "null"));
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
        add(a, text(key), text("1"));
    }
    const char *json = finish(a), *bloom = row(json, "bloom"), *counter = row(json, "hyperloglog");
    assert_true(member_is(bloom, "lossy", "true"));
    assert_true(member_is(bloom, "error", "1e-2"));
    /* 9.6 bits for each of a million keys; the string is one allocation. */
    assert_int_equal(number(bloom, "memory"),
                     vp_cost_string(&server, 16, 0, NULL, 1200001) + vp_cost_index(&server, 1, 0));
    assert_true(member_is(counter, "error", "81e-4"));
    assert_int_equal(number(counter, "bytes"), 12304);
    assert_int_equal(number(counter, "memory"),
                     vp_cost_string(&server, 16, 0, NULL, 12304) + vp_cost_index(&server, 1, 0));
    /* Behind all others, however much they save. */
    assert_true(bloom > row(json, "small_hashes") && bloom > row(json, "profile"));
    assert_null(strstr(member(json, "advice"), "Bloom filter ("));
    assert_null(row_of(json, "fingerprint"));
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
        add(a, text(key), text(value));
    }
    const char *json = finish(a), *fingerprint = row(json, "fingerprint");
    assert_int_equal(number(fingerprint, "bits"), 64);
    assert_int_equal(number(fingerprint, "memory"),
                     300 * vp_cost_string(&server, 10, 0, NULL, 8) + vp_cost_index(&server, 300, 0));
    /* 300^2 / 2^65 = 2.4e-15, given from above */
    double error = atof(member(fingerprint, "error"));
    assert_true(error >= 2.4e-15 && error <= 5e-15);
    assert_null(row_of(json, "bloom"));
    vp_advisor_free(a);
}

/* Texts are neither tokens nor flags. */
static void neither(void **state) {
    (void)state;
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    fill(a, VALUE_TEXT, 100);
    const char *json = finish(a);
    assert_null(row_of(json, "fingerprint"));
    assert_null(row_of(json, "bloom"));
    assert_null(row_of(json, "hyperloglog"));
    vp_advisor_free(a);
}

/* ---- Odd samples ---------------------------------------------------------------------------- */

static void no_samples(void **state) {
    (void)state;
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    const char *json = "";
    assert_int_equal(vp_advisor_finish(a, &json), VP_ERR_NO_SAMPLES);
    assert_null(json);
    vp_advisor_free(a);
}

static void few_and_odd_samples(void **state) {
    (void)state;
    static const struct {
        vp_bytes value;
        int count;
        const char *note;
    } cases[] = {
        {{"x", 1}, 1, "1 samples are few"},
        {{NULL, 0}, 1, "1 values are empty"},
        {{NULL, 0}, 50, "50 values are all the same"},
        {{"hello \"world\"\n", 14}, 200, "200 values are all the same"},
        {{"\0\0\xff\x80\x80", 5}, 60, "60 values are all the same"},
        {{"12", 2}, 3, "3 values are integers"},
        {{"{\"a\":", 5}, 20, "20 values are all the same"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        vp_advisor *a = advisor_for("valkey-9", NULL);
        for (int k = 0; k < cases[i].count; k++) add(a, none, cases[i].value);
        const char *json = finish(a);
        assert_int_equal(number(json, "samples"), cases[i].count);
        assert_non_null(strstr(json, cases[i].note));
        assert_true(number(json, "memory") > 0);
        vp_advisor_free(a);
    }
}

/* Values that begin with every byte leave no code for a profile. */
static void every_first_byte(void **state) {
    (void)state;
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    uint8_t value[200];
    for (unsigned i = 0; i < 512; i++) {
        memset(value, 'a' + (int)(i % 7), sizeof value);
        value[0] = (uint8_t)i;
        add(a, none, (vp_bytes){value, sizeof value});
    }
    const char *json = finish(a);
    assert_true(member_is(row(json, "run_length"), "worth", "true"));
    assert_null(row_of(json, "model"));
    assert_int_equal(number(row(json, "profile"), "profile_bytes"), 0);
    vp_advisor_free(a);
}

static void a_huge_value(void **state) {
    (void)state;
    const size_t size = 3 << 20;
    uint8_t *value = malloc(size);
    assert_non_null(value);
    make_long_value(VALUE_TEXT, &(uint64_t){5}, value, size);
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    add(a, text("huge"), (vp_bytes){value, size});
    add(a, text("small"), text("a small one beside it"));
    const char *json = finish(a);
    assert_true(number(json, "memory") > (long long)size);
    assert_true(member_is(row(json, "compression"), "worth", "true"));
    vp_advisor_free(a);
    free(value);
}

/* The last value of a key counts, as after SET. */
static void duplicate_keys(void **state) {
    (void)state;
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    add(a, text("session:a1"), text("a value that is not the last of its key, and long"));
    add(a, text("session:b2"), text("asdfghjkly"));
    add(a, text("session:a1"), text("qwertzuiop"));
    const char *json = finish(a);
    assert_int_equal(number(json, "samples"), 3);
    assert_int_equal(number(json, "kept"), 2);
    assert_int_equal(number(json, "duplicates"), 1);
    assert_int_equal(number(json, "memory"), 2 * 72 + 4 * 8);
    assert_non_null(strstr(json, "1 samples have a key that comes again: the last one counts"));
    vp_advisor_free(a);
}

static void keys_of_some(void **state) {
    (void)state;
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    add(a, text("session:a1"), text("qwertzuiop"));
    add(a, none, text("asdfghjkly"));
    const char *json = finish(a);
    assert_true(member_is(json, "keyed", "false"));
    assert_int_equal(number(json, "key_bytes"), 16);
    assert_non_null(strstr(json, "1 samples have a key, but not all: no key was looked at"));
    vp_advisor_free(a);
}

/* Many samples are thinned out to a part that tells the same. */
static void thinned_out(void **state) {
    (void)state;
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    assert_int_equal(vp_advisor_set(a, VP_ADVISE_KEPT_VALUES, 500), VP_OK);
    char key[32];
    for (int i = 0; i < 4000; i++) {
        snprintf(key, sizeof key, "user:%05d", i);
        add(a, text(key), text("qwertzuiop"));
    }
    const char *json = finish(a);
    assert_int_equal(number(json, "samples"), 4000);
    assert_in_range(number(json, "kept"), 200, 500);
    assert_int_equal(number(json, "keys"), 4000);
    assert_int_equal(number(json, "memory"), 4000 * 72 + 4096 * 8);
    vp_advisor_free(a);
}

/* ---- The rest of the contract --------------------------------------------------------------- */

static void wrong_arguments(void **state) {
    (void)state;
    const vp_server unknown = {.flavour = 99}, known = server_of("redis-8");
    const char *json;
    assert_null(vp_advisor_new(NULL, NULL));
    assert_null(vp_advisor_new(&unknown, NULL));
    vp_advisor *a = vp_advisor_new(&known, NULL);
    assert_int_equal(vp_advisor_set(NULL, VP_ADVISE_SEED, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_advisor_set(a, 0, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_advisor_set(a, 10, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_advisor_set(a, VP_ADVISE_KEYS, ((uint64_t)1 << 40) + 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_advisor_set(a, VP_ADVISE_KEY_SIZE, 0), VP_ERR_ARGUMENT);
    assert_int_equal(vp_advisor_set(a, VP_ADVISE_EXPIRES, 2), VP_ERR_ARGUMENT);
    assert_int_equal(vp_advisor_set(a, VP_ADVISE_KEPT_VALUES, 99), VP_ERR_ARGUMENT);
    assert_int_equal(vp_advisor_set(a, VP_ADVISE_TRAIN_BYTES, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_advisor_add(a, none, (vp_bytes){NULL, 3}), VP_ERR_ARGUMENT);
    assert_int_equal(vp_advisor_add(a, (vp_bytes){NULL, 3}, none), VP_ERR_ARGUMENT);
    assert_int_equal(vp_advisor_add(NULL, none, text("x")), VP_ERR_ARGUMENT);
    assert_int_equal(vp_advisor_add(a, none, text("x")), VP_OK);
    assert_int_equal(vp_advisor_set(a, VP_ADVISE_SEED, 2), VP_ERR_ARGUMENT);
    assert_int_equal(vp_advisor_finish(a, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_advisor_finish(NULL, &json), VP_ERR_ARGUMENT);
    assert_true(vp_advisor_finish(a, &json) > 0);
    assert_int_equal(vp_advisor_finish(a, &json), VP_ERR_ARGUMENT);
    assert_null(json);
    assert_int_equal(vp_advisor_add(a, none, text("x")), VP_ERR_ARGUMENT);
    assert_int_equal(vp_advisor_on_progress(a, NULL, NULL), VP_ERR_ARGUMENT);
    vp_advisor_free(a);
    vp_advisor_free(NULL);
}

static void same_again(void **state) {
    (void)state;
    char *first = NULL;
    for (int i = 0; i < 2; i++) {
        vp_advisor *a = advisor_for("redis-7.2", NULL);
        fill(a, VALUE_SESSION, 150);
        const char *json = finish(a);
        if (first) assert_string_equal(json, first);
        else {
            first = malloc(strlen(json) + 1);
            assert_non_null(first);
            strcpy(first, json);
        }
        vp_advisor_free(a);
    }
    free(first);
}

static void note_progress(void *opaque, const char *stage, uint32_t permille) {
    uint32_t *last = opaque;
    assert_non_null(stage);
    assert_true(permille >= *last && permille <= 1000);
    *last = permille;
}

static void progress(void **state) {
    (void)state;
    uint32_t last = 0;
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    assert_int_equal(vp_advisor_on_progress(a, note_progress, &last), VP_OK);
    fill(a, VALUE_EMAIL, 50);
    finish(a);
    assert_int_equal(last, 1000);
    vp_advisor_free(a);
}

/* One run with an allocator that fails at some place: a status, and everything is given back. */
static void run_short_of_memory(struct counting *c) {
    const vp_allocator allocator = counting_allocator(c);
    const bool fails = c->fail_at || c->fail_after;
    vp_advisor *a = advisor_for("redis-7.2", &allocator);
    if (!a) {
        assert_true(fails);
        return;
    }
    int status = VP_OK;
    uint64_t random = 2;
    uint8_t value[VALUE_ROOM];
    char key[16];
    for (int i = 0; status == VP_OK && i < 12; i++) {
        size_t size = make_value(i % 2 ? VALUE_SESSION : VALUE_EMAIL, &random, value);
        snprintf(key, sizeof key, "k:%d", i);
        status = vp_advisor_add(a, text(key), (vp_bytes){value, size});
    }
    const char *json = NULL;
    if (status == VP_OK) {
        int64_t size = vp_advisor_finish(a, &json);
        status = size < 0 ? (int)size : VP_OK;
    }
    assert_true(status == VP_OK || (fails && status == VP_ERR_MEMORY));
    assert_true((status == VP_OK) == (json != NULL));
    vp_advisor_free(a);
}

static void memory_that_runs_out(void **state) {
    (void)state;
    struct counting peace = {0};
    run_short_of_memory(&peace);
    assert_int_equal(peace.live, 0);
    for (uint64_t i = 1; i <= peace.calls; i += 1 + i / 8) {
        struct counting one = {.fail_at = i}, all = {.fail_after = i};
        run_short_of_memory(&one);
        assert_int_equal(one.live, 0);
        run_short_of_memory(&all);
        assert_int_equal(all.live, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(plain_strings),
                                       cmocka_unit_test(two_level_keys),
                                       cmocka_unit_test(scaled_to_all_keys),
                                       cmocka_unit_test(keys_that_expire),
                                       cmocka_unit_test(random_values),
                                       cmocka_unit_test(integers),
                                       cmocka_unit_test(beyond_the_cliff),
                                       cmocka_unit_test(json_objects),
                                       cmocka_unit_test(single_encoders),
                                       cmocka_unit_test(best_first),
                                       cmocka_unit_test(times),
                                       cmocka_unit_test(membership),
                                       cmocka_unit_test(comparison),
                                       cmocka_unit_test(neither),
                                       cmocka_unit_test(no_samples),
                                       cmocka_unit_test(few_and_odd_samples),
                                       cmocka_unit_test(every_first_byte),
                                       cmocka_unit_test(a_huge_value),
                                       cmocka_unit_test(duplicate_keys),
                                       cmocka_unit_test(keys_of_some),
                                       cmocka_unit_test(thinned_out),
                                       cmocka_unit_test(wrong_arguments),
                                       cmocka_unit_test(same_again),
                                       cmocka_unit_test(progress),
                                       cmocka_unit_test(memory_that_runs_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
