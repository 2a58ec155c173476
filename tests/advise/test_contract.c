/* Advice: odd samples, wrong arguments, the same JSON again, and memory that runs out. */
#include "advise_check.h"

#include <stdio.h>
#include <stdlib.h>

static const vp_bytes none = {NULL, 0};

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
        for (int k = 0; k < cases[i].count; k++) add_sample(a, none, cases[i].value);
        const char *json = advice_of(a);
        assert_int_equal(json_number(json, "samples"), cases[i].count);
        assert_non_null(strstr(json, cases[i].note));
        assert_true(json_number(json, "memory") > 0);
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
        add_sample(a, none, (vp_bytes){value, sizeof value});
    }
    const char *json = advice_of(a);
    assert_true(json_is(advice_row(json, "run_length"), "worth", "true"));
    assert_null(advice_row_or_null(json, "model"));
    assert_int_equal(json_number(advice_row(json, "profile"), "profile_bytes"), 0);
    vp_advisor_free(a);
}

static void a_huge_value(void **state) {
    (void)state;
    const size_t size = 3 << 20;
    uint8_t *value = malloc(size);
    assert_non_null(value);
    make_long_value(VALUE_TEXT, &(uint64_t){5}, value, size);
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    add_sample(a, text("huge"), (vp_bytes){value, size});
    add_sample(a, text("small"), text("a small one beside it"));
    const char *json = advice_of(a);
    assert_true(json_number(json, "memory") > (long long)size);
    assert_true(json_is(advice_row(json, "compression"), "worth", "true"));
    vp_advisor_free(a);
    free(value);
}

/* The last value of a key counts, as after SET. */
static void duplicate_keys(void **state) {
    (void)state;
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    add_sample(a, text("session:a1"), text("a value that is not the last of its key, and long"));
    add_sample(a, text("session:b2"), text("asdfghjkly"));
    add_sample(a, text("session:a1"), text("qwertzuiop"));
    const char *json = advice_of(a);
    assert_int_equal(json_number(json, "samples"), 3);
    assert_int_equal(json_number(json, "kept"), 2);
    assert_int_equal(json_number(json, "duplicates"), 1);
    assert_int_equal(json_number(json, "memory"), 2 * 72 + 4 * 8);
    assert_non_null(strstr(json, "1 samples have a key that comes again: the last one counts"));
    vp_advisor_free(a);
}

static void keys_of_some(void **state) {
    (void)state;
    vp_advisor *a = advisor_for("redis-7.2", NULL);
    add_sample(a, text("session:a1"), text("qwertzuiop"));
    add_sample(a, none, text("asdfghjkly"));
    const char *json = advice_of(a);
    assert_true(json_is(json, "keyed", "false"));
    assert_int_equal(json_number(json, "key_bytes"), 16);
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
        add_sample(a, text(key), text("qwertzuiop"));
    }
    const char *json = advice_of(a);
    assert_int_equal(json_number(json, "samples"), 4000);
    assert_in_range(json_number(json, "kept"), 200, 500);
    assert_int_equal(json_number(json, "keys"), 4000);
    assert_int_equal(json_number(json, "memory"), 4000 * 72 + 4096 * 8);
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
        add_values(a, VALUE_SESSION, 150);
        const char *json = advice_of(a);
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
    add_values(a, VALUE_EMAIL, 50);
    advice_of(a);
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_samples),          cmocka_unit_test(few_and_odd_samples),
        cmocka_unit_test(every_first_byte),    cmocka_unit_test(a_huge_value),
        cmocka_unit_test(duplicate_keys),      cmocka_unit_test(keys_of_some),
        cmocka_unit_test(thinned_out),         cmocka_unit_test(wrong_arguments),
        cmocka_unit_test(same_again),          cmocka_unit_test(progress),
        cmocka_unit_test(memory_that_runs_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
