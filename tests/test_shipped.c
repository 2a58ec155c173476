/* The profiles that ship: found by name, whole, side by side in one codec, and each good for any value. */
#include "test.h"

#include <stdio.h>

static vp_profile *shipped(const char *name, uint32_t first_code) {
    vp_profile *profile = NULL;
    assert_int_equal(vp_profile_shipped(name, first_code, NULL, &profile), VP_OK);
    assert_non_null(profile);
    return profile;
}

static void names_and_what_is_said_about_them(void **state) {
    (void)state;
    assert_in_range(vp_shipped_count(), 8, 64);
    for (size_t i = 0; i < vp_shipped_count(); i++) {
        const char *name = vp_shipped_name(i), *about = vp_shipped_about(i);
        assert_true(strlen(name) > 0 && strspn(name, "abcdefghijklmnopqrstuvwxyz-") == strlen(name));
        for (size_t k = 0; k < i; k++) assert_string_not_equal(name, vp_shipped_name(k));
        assert_true(is_json(about, strlen(about)));
        char start[64];
        snprintf(start, sizeof start, "{\"name\": \"%s\", \"purpose\": \"", name);
        assert_memory_equal(about, start, strlen(start));
        static const char *const keys[] = {"profile_bytes", "raw_bytes", "encoded_bytes", "own_bytes",
                                           "untrained_bytes"};
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) assert_non_null(strstr(about, keys[k]));
    }
    assert_null(vp_shipped_name(vp_shipped_count()));
    assert_null(vp_shipped_about(vp_shipped_count()));
    assert_null(vp_shipped_name(SIZE_MAX));
}

static void each_is_whole_and_bears_its_name(void **state) {
    (void)state;
    for (size_t i = 0; i < vp_shipped_count(); i++) {
        size_t size = 0;
        const void *data = vp_shipped_data(vp_shipped_name(i), &size);
        assert_ptr_equal(data, vp_shipped_data(vp_shipped_name(i), NULL));
        char why[128];
        assert_int_equal(vp_profile_explain(data, size, why, sizeof why), VP_OK);
        vp_profile *profile = shipped(vp_shipped_name(i), 0);
        assert_string_equal(vp_profile_name(profile), vp_shipped_name(i));
        uint32_t first = vp_profile_first_code(profile), width = vp_profile_width(profile);
        assert_true(first >= 0x80 && first + width <= 0xB0); /* the rest is for people's own */
        vp_profile_release(profile);
    }
}

static void unknown_names(void **state) {
    (void)state;
    static const char *const names[] = {"", "nosuch", "Email", "email ", "emai"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        vp_profile *profile = (vp_profile *)state;
        size_t size = 1;
        assert_int_equal(vp_profile_shipped(names[i], 0, NULL, &profile), VP_ERR_NAME);
        assert_null(profile);
        assert_null(vp_shipped_data(names[i], &size));
        assert_int_equal(size, 0);
    }
    vp_profile *profile = (vp_profile *)state;
    assert_int_equal(vp_profile_shipped(NULL, 0, NULL, &profile), VP_ERR_ARGUMENT);
    assert_null(profile);
    assert_int_equal(vp_profile_shipped("email", 0, NULL, NULL), VP_ERR_ARGUMENT);
    assert_null(vp_shipped_data(NULL, NULL));
}

static void at_another_first_code(void **state) {
    (void)state;
    vp_profile *usual = shipped("email", 0), *moved = shipped("email", 0xB0), *again = NULL;
    assert_int_equal(vp_profile_first_code(moved), 0xB0);
    assert_int_equal(vp_profile_width(moved), vp_profile_width(usual));
    assert_true(vp_profile_fingerprint(moved) == vp_profile_fingerprint(usual));
    static const uint32_t wrong[] = {1, 0x7F, 0xB1, 0xC0, UINT32_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(vp_profile_shipped("email", wrong[i], NULL, &again), VP_ERR_ARGUMENT);
        assert_null(again);
    }
    assert_int_equal(vp_profile_first_code(usual), 0x98); /* what is shared was not written to */

    struct coder writer = coder_of(moved, NULL), reader = coder_of(usual, moved);
    static const char value[] = "maria.smith@gmail.com";
    struct bytes encoded = round_trip(writer.context, value, strlen(value));
    assert_in_range(encoded.at[0], 0xB0, 0xBF);
    assert_true(decodes_to(reader.context, encoded, value, strlen(value)));
    test_free(encoded.at);
    coder_close(&writer);
    coder_close(&reader);
    vp_profile_release(usual);
    vp_profile_release(moved);
}

static void memory_that_runs_out(void **state) {
    (void)state;
    for (uint32_t first_code = 0; first_code <= 0xB0; first_code += 0xB0) {
        struct counting c = {0};
        int status = VP_ERR_MEMORY;
        for (c.fail_after = 1; status != VP_OK; c.fail_after++, c.calls = 0) {
            const vp_allocator allocator = counting_allocator(&c);
            vp_profile *profile = NULL;
            status = vp_profile_shipped("email", first_code, &allocator, &profile);
            assert_true(status == VP_OK || status == VP_ERR_MEMORY);
            vp_profile_release(profile);
            assert_int_equal(c.live, 0);
        }
        assert_true(c.fail_after > 2);
    }
}

/* All of them in one codec, each in turn the one that writes. */
static void side_by_side(void **state) {
    (void)state;
    enum { MOST = 64, VALUES_OF_EACH = 12 };
    vp_profile *profiles[MOST];
    size_t count = vp_shipped_count();
    for (size_t i = 0; i < count; i++) profiles[i] = shipped(vp_shipped_name(i), 0);
    for (size_t i = 0; i < count; i++) {
        vp_codec *codec = NULL;
        vp_context *context = NULL;
        assert_int_equal(vp_codec_new(profiles, count, i, NULL, &codec), VP_OK);
        assert_int_equal(vp_context_new(codec, &context), VP_OK);
        uint64_t random = 17 + i;
        for (unsigned kind = 0; kind < VALUE_KINDS * VALUES_OF_EACH; kind++) {
            uint8_t value[VALUE_ROOM];
            size_t size = make_value((enum value_kind)(kind % VALUE_KINDS), &random, value);
            test_free(round_trip(context, value, size).at);
        }
        for (unsigned byte = 0; byte < 256; byte++)
            test_free(round_trip(context, (uint8_t[]){(uint8_t)byte, 0, 0xFF}, 1 + byte % 3).at);
        vp_context_free(context);
        vp_codec_release(codec);
    }
    for (size_t i = 0; i < count; i++) vp_profile_release(profiles[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_what_is_said_about_them),
        cmocka_unit_test(each_is_whole_and_bears_its_name),
        cmocka_unit_test(unknown_names),
        cmocka_unit_test(at_another_first_code),
        cmocka_unit_test(memory_that_runs_out),
        cmocka_unit_test(side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
