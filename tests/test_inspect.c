/* Looking inside: names of encoders, identification, JSON. */
#include "test.h"

#include "encoder.h"

#include <stdio.h>

static void encoders_have_distinct_names(void **state) {
    (void)state;
    size_t count = vp_encoder_count();
    assert_true(count > 12);
    assert_string_equal(vp_encoder_name(0), "raw");
    for (size_t i = 0; i < count; i++) {
        assert_true(strlen(vp_encoder_name(i)) > 1);
        for (size_t j = 0; j < i; j++) assert_string_not_equal(vp_encoder_name(i), vp_encoder_name(j));
    }
    assert_null(vp_encoder_name(count));
    assert_null(vp_encoder_name(SIZE_MAX));
}

/* The text of `"name":` up to the next comma or brace, in a small JSON object without nesting. */
static void member_of(const char *json, size_t size, const char *name, char *text, size_t room) {
    char key[40];
    snprintf(key, sizeof key, "\"%s\":", name);
    char *copy = test_malloc(size + 1);
    memcpy(copy, json, size);
    copy[size] = '\0';
    const char *at = strstr(copy, key);
    assert_non_null(at);
    at += strlen(key);
    size_t length = strcspn(at, ",}");
    assert_true(length < room);
    memcpy(text, at, length);
    text[length] = '\0';
    test_free(copy);
}

static void assert_member(const char *json, int64_t size, const char *name, const char *expected) {
    char text[100];
    member_of(json, (size_t)size, name, text, sizeof text);
    assert_string_equal(text, expected);
}

static void inspecting_values(void **state) {
    (void)state;
    vp_profile *profile = train_profile(&(struct recipe){.kind = VALUE_EMAIL, .count = 100, .check = 3});
    struct coder c = coder_of(profile, NULL);
    uint64_t random = 2;
    uint8_t value[VALUE_ROOM];
    char json[2048], number[40];
    for (int kind = 0; kind < VALUE_KINDS; kind++) {
        size_t size = make_value((enum value_kind)kind, &random, value);
        struct bytes stored = round_trip(c.context, value, size);
        int64_t length = vp_inspect(c.context, stored.at, stored.size, json, sizeof json);
        assert_true(length > 0 && length < 2048 && is_json(json, (size_t)length));
        snprintf(number, sizeof number, "%zu", size);
        assert_member(json, length, "value_bytes", number);
        snprintf(number, sizeof number, "%zu", stored.size);
        assert_member(json, length, "stored_bytes", number);
        int64_t identified = vp_identify(c.context, stored.at, stored.size);
        assert_true(identified >= 0);
        snprintf(number, sizeof number, "\"%s\"", vp_encoder_name((size_t)identified));
        assert_member(json, length, "encoder", number);
        for (size_t room = 0; room < (size_t)length; room++)
            assert_int_equal(vp_inspect(c.context, stored.at, stored.size, json, room), VP_ERR_SPACE);
        test_free(stored.at);
    }
    assert_int_equal(vp_inspect(NULL, value, 1, json, sizeof json), VP_ERR_ARGUMENT);
    assert_int_equal(vp_inspect(c.context, NULL, 1, json, sizeof json), VP_ERR_ARGUMENT);
    assert_int_equal(vp_inspect(c.context, value, 1, NULL, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_inspect(c.context, "\xC0", 1, json, sizeof json), VP_ERR_CORRUPT);
    assert_int_equal(vp_inspect(c.context, "\x80", 1, json, sizeof json), VP_ERR_NO_PROFILE);
    coder_close(&c);
    vp_profile_release(profile);
}

static void headers_are_shown_as_they_are(void **state) {
    (void)state;
    struct coder c = coder_of(NULL, NULL);
    char json[2048];
    int64_t size = vp_inspect(c.context, "\xC0\x80x", 3, json, sizeof json);
    assert_member(json, size, "header", "\"c0\"");
    assert_member(json, size, "encoder", "\"raw\"");
    assert_member(json, size, "value_bytes", "2");
    size = vp_inspect(c.context, "text", 4, json, sizeof json);
    assert_member(json, size, "header", "\"\"");
    size = vp_inspect(c.context, "", 0, json, sizeof json);
    assert_member(json, size, "value_bytes", "0");
    coder_close(&c);
}

/* Text in profiles may hold any byte. */
static void descriptions_are_json(void **state) {
    (void)state;
    for (int kind = 0; kind < VALUE_KINDS; kind++) {
        struct recipe recipe = {
            .kind = (enum value_kind)kind, .count = 60, .preset = VP_PRESET_FAST, .width = 1};
        vp_trainer *t = trainer_of(&recipe);
        const char *name = "\"quoted\\ \xC3\xA9 \xE6\xBC\xA2";
        const void *file = NULL;
        assert_int_equal(vp_trainer_set_name(t, name, strlen(name)), VP_OK);
        assert_string_equal(vp_trainer_report(t), "");
        int64_t size = vp_trainer_finish(t, &file);
        assert_true(size > 0);
        assert_true(is_json(vp_trainer_report(t), strlen(vp_trainer_report(t))));
        vp_profile *profile = load_profile((struct bytes){(uint8_t *)(uintptr_t)file, (size_t)size});
        assert_string_equal(vp_profile_name(profile), name);
        size_t bound = vp_profile_describe_bound(profile);
        char *json = test_malloc(bound);
        int64_t length = vp_profile_describe(profile, json, bound);
        assert_true(length > 0 && is_json(json, (size_t)length));
        assert_int_equal(vp_profile_describe(profile, json, (size_t)length), length);
        assert_int_equal(vp_profile_describe(profile, json, (size_t)length - 1), VP_ERR_SPACE);
        test_free(json);
        vp_profile_release(profile);
        vp_trainer_free(t);
    }
}

static void the_judge_of_json_is_strict(void **state) {
    (void)state;
    static const char *const good[] = {"0",  "-0.5e+10", " {\"a\":[1,2,{}],\"b\":null} ", "\"\\u00e9\\n\"",
                                       "[]", "true"};
    static const char *const bad[] = {"",      "01",     "1.",      ".5",    "[1,]", "{\"a\"}",
                                      "{a:1}", "\"\n\"", "\"\\x\"", "[1] 2", "nul"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) assert_true(is_json(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) assert_false(is_json(bad[i], strlen(bad[i])));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encoders_have_distinct_names),  cmocka_unit_test(inspecting_values),
        cmocka_unit_test(headers_are_shown_as_they_are), cmocka_unit_test(descriptions_are_json),
        cmocka_unit_test(the_judge_of_json_is_strict),
    };
    return cmocka_run_group_tests_name("inspect", tests, NULL, NULL);
}
