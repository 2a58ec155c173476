/* Looking inside: names of encoders, identification, JSON. */
#include "test.h"

#include "encoder.h"
#include "profile.h"

#include <stdio.h>
#include <stdlib.h>

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

/* ---- Explanations --------------------------------------------------------------------------- */

/* The model of one kind of values, and nothing else, behind 16 codes. */
static vp_profile *model_of(enum value_kind kind) {
    struct bytes section = train_section(ENCODER_ID_model, 0, kind, 400);
    assert_true(section.size > 0);
    struct bytes file = single_encoder_profile(ENCODER_ID_model, ROW_CODES, 4, section);
    vp_profile *profile = load_profile(file);
    test_free(file.at);
    test_free(section.at);
    return profile;
}

/* The explanation as a text with an end, in test memory. */
static char *explain(struct coder *c, struct bytes stored) {
    const void *json;
    int64_t size = vp_explain_view(c->context, stored.at, stored.size, &json);
    assert_true(size > 0 && is_json(json, (size_t)size));
    char *text = test_malloc((size_t)size + 1);
    memcpy(text, json, (size_t)size);
    text[size] = '\0';
    return text;
}

/* Puts the bytes of the JSON string at `at` behind those of the value so far. */
static size_t append_text(const char *at, uint8_t *value, size_t size) {
    for (; *at != '"'; size++) {
        bool escaped = *at == '\\';
        assert_true(size < VALUE_ROOM);
        value[size] = (uint8_t)(escaped ? strtoul((char[]){at[4], at[5], '\0'}, NULL, 16) : (uint8_t)*at);
        at += escaped ? 6 : 1;
    }
    return size;
}

/* The texts of all parts are the value, their bits the payload but for its last byte. */
static void assert_explained(const char *json, const uint8_t *value, size_t size) {
    static const char text_key[] = "\"text\":\"", bits_key[] = "\"bits\":";
    uint8_t texts[VALUE_ROOM];
    size_t told = 0;
    double bits = 0;
    const char *end = strstr(json, "\"total_bits\":");
    assert_non_null(end);
    for (const char *at = json; (at = strstr(at, text_key)) && at < end;) {
        told = append_text(at += strlen(text_key), texts, told);
        at = strstr(at, bits_key) + strlen(bits_key);
        bits += strtod(at, NULL);
    }
    assert_int_equal(told, size);
    assert_memory_equal(texts, value, size);
    double total = strtod(strchr(end, ':') + 1, NULL);
    double payload = strtod(strstr(json, "\"payload_bits\":") + strlen("\"payload_bits\":"), NULL);
    assert_true(bits > total - 0.005 * (double)size - 0.1 && bits < total + 0.005 * (double)size + 0.1);
    assert_true(payload > total * 0.99 - 8 && payload < total * 1.01 + 9);
}

static void symbols_of_a_model_are_explained(void **state) {
    (void)state;
    static const enum value_kind kinds[] = {VALUE_SESSION, VALUE_URL, VALUE_UTF8, VALUE_UUID, VALUE_LIST};
    uint8_t value[VALUE_ROOM];
    uint64_t random = 5;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        vp_profile *profile = model_of(kinds[k]);
        struct coder c = coder_of(profile, NULL);
        for (int i = 0; i < 40; i++) {
            size_t size = make_value(i % 4 ? kinds[k] : VALUE_HOSTILE, &random, value);
            struct bytes stored = round_trip(c.context, value, size);
            int64_t encoder = vp_identify(c.context, stored.at, stored.size);
            char *json = explain(&c, stored);
            if (encoder == ENCODER_ID_model) assert_explained(json, value, size);
            else assert_null(strstr(json, "explanation"));
            assert_true(encoder == ENCODER_ID_model || i % 4 == 0);
            test_free(json);
            test_free(stored.at);
        }
        coder_close(&c);
        vp_profile_release(profile);
    }
}

/* What can't be decoded is not explained; damage that still is a value is. */
static void damaged_values_are_not_explained(void **state) {
    (void)state;
    vp_profile *profile = model_of(VALUE_SESSION);
    struct coder c = coder_of(profile, NULL);
    uint8_t value[VALUE_ROOM];
    uint64_t random = 6;
    const void *json;
    struct bytes stored = round_trip(c.context, value, make_value(VALUE_SESSION, &random, value));
    for (size_t bit = 0; bit < stored.size * 8; bit++) {
        stored.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
        const void *view;
        int64_t decoded = vp_decode_view(c.context, stored.at, stored.size, &view);
        int64_t size = vp_explain_view(c.context, stored.at, stored.size, &json);
        if (decoded < 0) assert_int_equal(size, decoded);
        else assert_true(size > 0 && is_json(json, (size_t)size));
        stored.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_int_equal(vp_explain_view(NULL, stored.at, stored.size, &json), VP_ERR_ARGUMENT);
    assert_int_equal(vp_explain_view(c.context, NULL, 1, &json), VP_ERR_ARGUMENT);
    assert_int_equal(vp_explain_view(c.context, stored.at, stored.size, NULL), VP_ERR_ARGUMENT);
    test_free(stored.at);
    coder_close(&c);
    vp_profile_release(profile);
}

/* The list ends; the sums go on. */
static void long_explanations_are_bounded(void **state) {
    (void)state;
    enum { SIZE = 60000 };
    vp_profile *profile = model_of(VALUE_SESSION);
    struct coder c = coder_of(profile, NULL);
    uint8_t *value = test_malloc(SIZE);
    uint64_t random = 7;
    make_long_value(VALUE_SESSION, &random, value, SIZE);
    struct bytes stored = round_trip(c.context, value, SIZE);
    assert_true(vp_identify(c.context, stored.at, stored.size) > 0);
    char *json = explain(&c, stored), *at = json;
    unsigned listed = 0;
    for (; (at = strstr(at, "{\"kind\":")); at++) listed++;
    assert_int_equal(listed, 4096);
    assert_true(strtoul(strstr(json, "\"symbol_count\":") + strlen("\"symbol_count\":"), NULL, 10) > 4096);
    test_free(json);
    test_free(stored.at);
    test_free(value);
    coder_close(&c);
    vp_profile_release(profile);
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
        cmocka_unit_test(encoders_have_distinct_names),
        cmocka_unit_test(inspecting_values),
        cmocka_unit_test(headers_are_shown_as_they_are),
        cmocka_unit_test(descriptions_are_json),
        cmocka_unit_test(the_judge_of_json_is_strict),
        cmocka_unit_test(symbols_of_a_model_are_explained),
        cmocka_unit_test(damaged_values_are_not_explained),
        cmocka_unit_test(long_explanations_are_bounded),
    };
    return cmocka_run_group_tests_name("inspect", tests, NULL, NULL);
}
