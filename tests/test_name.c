/* Names of profiles: UTF-8 that people read, never anything that would break a report. */
#include "test.h"

#include "utf8.h"

static void utf8_by_its_definition(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t size;
        bool valid;
    } cases[] = {
        {"", 0, true},
        {"abc", 3, true},
        {"\xC3\xA9", 2, true}, /* e acute */
        {"\xE2\x82\xAC", 3, true},
        /* euro sign */ {"\xF0\x9F\x98\x80", 4, true},
        {"\xF4\x8F\xBF\xBF", 4, true},
        /* U+10FFFF */ {"\xC0\x80", 2, false},
        {"\xC3", 1, false},
        {"\xC3(", 2, false},
        {"\x80", 1, false},
        {"\xE0\x80\x80", 3, false},
        /* overlong */ {"\xED\xA0\x80", 3, false}, /* surrogate */
        {"\xF0\x8F\xBF\xBF", 4, false},
        /* overlong */ {"\xF4\x90\x80\x80", 4, false}, /* above U+10FFFF */
        {"\xF5\x80\x80\x80", 4, false},
        {"a\nb", 3, false},
        {"\x7F", 1, false},
        {"a\0b", 3, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(utf8_valid((const uint8_t *)cases[i].text, cases[i].size), cases[i].valid);
}

static void names_come_back(void **state) {
    (void)state;
    static const char name[] = "caf\xC3\xA9 \"menu\" \\";
    vp_trainer *trainer = vp_trainer_new(NULL);
    assert_int_equal(vp_trainer_set_name(trainer, "\xC3", 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_set_name(trainer, name, sizeof name - 1), VP_OK);
    assert_int_equal(vp_trainer_add(trainer, "x", 1), VP_OK);
    const void *file;
    int64_t size = vp_trainer_finish(trainer, &file);
    assert_true(size > 0);
    vp_profile *profile = NULL;
    assert_int_equal(vp_profile_load(file, (size_t)size, NULL, &profile), VP_OK);
    assert_string_equal(vp_profile_name(profile), name);
    char json[16384];
    int64_t length = vp_profile_describe(profile, json, sizeof json - 1);
    assert_true(length > 0);
    json[length] = '\0';
    assert_non_null(strstr(json, "\"name\":\"caf\xC3\xA9 \\\"menu\\\" \\\\\""));
    vp_profile_release(profile);
    vp_trainer_free(trainer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_by_its_definition),
        cmocka_unit_test(names_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
