/* Codecs: who owns which first byte, rotation, options. */
#include "test.h"

#include "valpack_cost.h"

#include <stdlib.h>

static const struct recipe sessions = {.kind = VALUE_SESSION, .count = 120, .first_code = 0xB0, .width = 8};
static const struct recipe emails = {.kind = VALUE_EMAIL, .count = 120, .first_code = 0x90, .width = 16};

static struct bytes session_file, email_file;
static vp_profile *session_profile, *email_profile;

static int load_all(void **state) {
    (void)state;
    session_file = train_bytes(&sessions);
    email_file = train_bytes(&emails);
    session_profile = load_profile(session_file);
    email_profile = load_profile(email_file);
    return 0;
}

static int release_all(void **state) {
    (void)state;
    vp_profile_release(session_profile);
    vp_profile_release(email_profile);
    test_free(session_file.at);
    test_free(email_file.at);
    return 0;
}

static struct bytes session_value(void) {
    uint64_t random = 5;
    struct bytes value = {.at = test_malloc(VALUE_ROOM)};
    value.size = make_value(VALUE_SESSION, &random, value.at);
    return value;
}

static vp_options *option(int which, uint64_t value) {
    vp_options *options = vp_options_new(NULL);
    assert_non_null(options);
    assert_int_equal(vp_options_set(options, which, value), VP_OK);
    return options;
}

/* Encodes through a codec with one option set. */
static struct bytes encode_with(vp_profile *profile, int which, uint64_t setting, const void *value,
                                size_t size) {
    vp_options *options = option(which, setting);
    struct coder c = coder_with(profile, NULL, options);
    struct bytes encoded = round_trip(c.context, value, size);
    coder_close(&c);
    vp_options_free(options);
    return encoded;
}

static void option_ranges(void **state) {
    (void)state;
    static const struct {
        int option;
        uint64_t value;
        int status;
    } table[] = {{VP_OPTION_MAX_DECODED, 0, VP_ERR_ARGUMENT},
                 {VP_OPTION_MAX_DECODED, 1, VP_OK},
                 {VP_OPTION_MAX_DECODED, (uint64_t)1 << 40, VP_OK},
                 {VP_OPTION_MAX_DECODED, ((uint64_t)1 << 40) + 1, VP_ERR_ARGUMENT},
                 {VP_OPTION_ENCODE_INTEGERS, 1, VP_OK},
                 {VP_OPTION_ENCODE_INTEGERS, 2, VP_ERR_ARGUMENT},
                 {VP_OPTION_PRESET, VP_PRESET_SMALL, VP_OK},
                 {VP_OPTION_PRESET, VP_PRESET_FAST, VP_OK},
                 {VP_OPTION_PRESET, 2, VP_ERR_ARGUMENT},
                 {VP_OPTION_ZSTD_LEVEL, 0, VP_OK},
                 {VP_OPTION_ZSTD_LEVEL, 22, VP_OK},
                 {VP_OPTION_ZSTD_LEVEL, 23, VP_ERR_ARGUMENT},
                 {VP_OPTION_LZ4_MARGIN, 100, VP_OK},
                 {VP_OPTION_LZ4_MARGIN, 101, VP_ERR_ARGUMENT},
                 {VP_OPTION_WRITE_RAW, 1, VP_OK},
                 {VP_OPTION_WRITE_RAW, UINT64_MAX, VP_ERR_ARGUMENT},
                 {VP_OPTION_VERIFY, 1, VP_OK},
                 {VP_OPTION_VERIFY, 2, VP_ERR_ARGUMENT},
                 {VP_OPTION_TARGET, VP_TARGET_PACKED, VP_OK},
                 {VP_OPTION_TARGET, 4, VP_ERR_ARGUMENT},
                 {VP_OPTION_SERVER, 0, VP_ERR_ARGUMENT},
                 {VP_OPTION_SERVER, VP_REDIS_7_0_DEBIAN, VP_OK},
                 {VP_OPTION_SERVER, VP_VALKEY_9, VP_OK},
                 {VP_OPTION_SERVER, VP_VALKEY_9 + 1, VP_ERR_ARGUMENT},
                 {VP_OPTION_SERVER, ((uint64_t)1 << 32) + VP_REDIS_8, VP_ERR_ARGUMENT},
                 {VP_OPTION_KEY_SIZE, 0, VP_OK},
                 {VP_OPTION_KEY_SIZE, (uint64_t)1 << 40, VP_OK},
                 {VP_OPTION_KEY_SIZE, ((uint64_t)1 << 40) + 1, VP_ERR_ARGUMENT},
                 {VP_OPTION_KEY_EXPIRES, 1, VP_OK},
                 {VP_OPTION_KEY_EXPIRES, 2, VP_ERR_ARGUMENT},
                 {VP_OPTION_ENCODERS, 0, VP_OK},
                 {VP_OPTION_ENCODERS, UINT32_MAX, VP_OK},
                 {VP_OPTION_ENCODERS, (uint64_t)UINT32_MAX + 1, VP_ERR_ARGUMENT},
                 {0, 0, VP_ERR_ARGUMENT},
                 {13, 0, VP_ERR_ARGUMENT},
                 {-1, 0, VP_ERR_ARGUMENT}};
    vp_options *options = vp_options_new(NULL);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        assert_int_equal(vp_options_set(options, table[i].option, table[i].value), table[i].status);
    assert_int_equal(vp_options_set(NULL, VP_OPTION_VERIFY, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_options_hand_back(options, 0x7F), VP_ERR_ARGUMENT);
    assert_int_equal(vp_options_hand_back(options, 0xC0), VP_ERR_ARGUMENT);
    assert_int_equal(vp_options_hand_back(NULL, 0x80), VP_ERR_ARGUMENT);
    assert_int_equal(vp_options_hand_back(options, 0x80), VP_OK);
    assert_int_equal(vp_options_hand_back(options, 0xBF), VP_OK);
    vp_options_free(options);
}

static void overlapping_profiles_are_refused(void **state) {
    (void)state;
    struct bytes copy = {.at = test_malloc(email_file.size), .size = email_file.size};
    memcpy(copy.at, email_file.at, copy.size);
    assert_int_equal(vp_profile_relocate(copy.at, copy.size, 0xB0), VP_OK);
    vp_profile *clash = load_profile(copy);
    vp_profile *const both[] = {session_profile, clash};
    vp_codec *codec = (vp_codec *)&copy;
    assert_int_equal(vp_codec_new(both, 2, 0, NULL, &codec), VP_ERR_OVERLAP);
    assert_null(codec);
    vp_profile *const twice[] = {session_profile, session_profile};
    assert_int_equal(vp_codec_new(twice, 2, 0, NULL, &codec), VP_ERR_OVERLAP);
    vp_profile_release(clash);
    test_free(copy.at);
}

static void handed_back_values_come_back_untouched(void **state) {
    (void)state;
    static const uint8_t pickle[] = "\x80\x04\x95\x0a\x00.";
    vp_options *options = vp_options_new(NULL);
    assert_int_equal(vp_options_hand_back(options, 0x80), VP_OK);
    struct coder c = coder_with(session_profile, NULL, options);
    assert_true(decodes_to(c.context, (struct bytes){(uint8_t *)(uintptr_t)pickle, 6}, pickle, 6));
    assert_int_equal(vp_identify(c.context, pickle, 6), 0);
    struct bytes encoded = round_trip(c.context, pickle, 6); /* new ones are escaped all the same */
    assert_int_equal(encoded.at[0], 0xC0);
    test_free(encoded.at);
    coder_close(&c);
    assert_int_equal(vp_options_hand_back(options, 0xB7), VP_OK); /* the last code of the profile */
    vp_codec *codec = NULL;
    assert_int_equal(vp_codec_new(&session_profile, 1, 0, options, &codec), VP_ERR_OVERLAP);
    assert_null(codec);
    vp_options_free(options);
}

static void codes_without_an_owner_are_an_error(void **state) {
    (void)state;
    struct coder c = coder_of(session_profile, NULL);
    for (unsigned first = 0x80; first <= 0xBF; first++) {
        const uint8_t data[4] = {(uint8_t)first, 1, 2, 3};
        uint8_t out[100];
        int64_t status = vp_decode(c.context, data, 4, out, sizeof out);
        if (first < 0xB0 || first > 0xB7) assert_int_equal(status, VP_ERR_NO_PROFILE);
        else assert_int_not_equal(status, VP_ERR_NO_PROFILE);
    }
    const uint8_t extended[4] = {0xC1, 10, 0x90, 1};
    assert_int_equal(vp_identify(c.context, extended, 4), VP_ERR_NO_PROFILE);
    coder_close(&c);
}

static void several_profiles_read_each_others_values(void **state) {
    (void)state;
    struct coder one = coder_of(session_profile, email_profile),
                 two = coder_of(email_profile, session_profile);
    uint64_t random = 77;
    uint8_t value[VALUE_ROOM];
    for (int i = 0; i < 60; i++) {
        size_t size = make_value(i % 2 ? VALUE_SESSION : VALUE_EMAIL, &random, value);
        struct bytes first = round_trip(one.context, value, size),
                     second = round_trip(two.context, value, size);
        assert_true(decodes_to(two.context, first, value, size));
        assert_true(decodes_to(one.context, second, value, size));
        if (first.at[0] >= 0x80 && first.at[0] <= 0xBF) assert_in_range(first.at[0], 0xB0, 0xB7);
        if (second.at[0] >= 0x80 && second.at[0] <= 0xBF) assert_in_range(second.at[0], 0x90, 0x9F);
        test_free(first.at);
        test_free(second.at);
    }
    coder_close(&one);
    coder_close(&two);
}

static void rotation(void **state) {
    (void)state;
    struct bytes value = session_value();
    struct coder old = coder_of(email_profile, NULL);
    struct bytes before = round_trip(old.context, value.at, value.size);
    struct coder next = {NULL, NULL};
    assert_int_equal(vp_codec_with(old.codec, session_profile, &next.codec), VP_OK);
    assert_int_equal(vp_context_new(next.codec, &next.context), VP_OK);
    struct bytes after = round_trip(next.context, value.at, value.size);
    assert_true(after.size < before.size);
    assert_in_range(after.at[0], 0xB0, 0xB7);
    assert_true(decodes_to(next.context, before, value.at, value.size));
    assert_int_equal(vp_identify(old.context, after.at, after.size), VP_ERR_NO_PROFILE);
    test_free(round_trip(old.context, value.at, value.size).at); /* the old one goes on working */
    vp_codec *same = NULL; /* a profile that is there is not added, and becomes current */
    vp_profile *loaded_again = load_profile(email_file);
    assert_int_equal(vp_codec_with(next.codec, loaded_again, &same), VP_OK);
    struct coder back = {.codec = same};
    assert_int_equal(vp_context_new(same, &back.context), VP_OK);
    struct bytes again = round_trip(back.context, value.at, value.size);
    assert_int_equal(again.size, before.size);
    assert_memory_equal(again.at, before.at, before.size);
    assert_true(decodes_to(back.context, after, value.at, value.size));
    vp_profile_release(loaded_again);
    coder_close(&old);
    coder_close(&next);
    coder_close(&back);
    test_free(before.at);
    test_free(after.at);
    test_free(again.at);
    test_free(value.at);
}

static void a_codec_keeps_its_profiles(void **state) {
    (void)state;
    vp_profile *profile = load_profile(session_file);
    struct coder c = coder_of(profile, NULL);
    vp_profile_release(profile);
    vp_codec_release(c.codec); /* the context has a reference of its own */
    struct bytes value = session_value();
    test_free(round_trip(c.context, value.at, value.size).at);
    vp_context_free(c.context);
    test_free(value.at);
}

static void write_raw_reads_all_and_encodes_nothing(void **state) {
    (void)state;
    struct bytes value = session_value();
    struct bytes raw = encode_with(session_profile, VP_OPTION_WRITE_RAW, 1, value.at, value.size);
    assert_int_equal(raw.size, value.size);
    struct coder normal = coder_of(session_profile, NULL);
    struct bytes encoded = round_trip(normal.context, value.at, value.size);
    vp_options *options = option(VP_OPTION_WRITE_RAW, 1);
    struct coder reader = coder_with(session_profile, NULL, options);
    assert_true(encoded.size < value.size);
    assert_true(decodes_to(reader.context, encoded, value.at, value.size));
    struct bytes escaped = round_trip(reader.context, "\xC1raw", 4);
    assert_memory_equal(escaped.at, "\xC0\xC1raw", 5);
    coder_close(&normal);
    coder_close(&reader);
    vp_options_free(options);
    test_free(raw.at);
    test_free(encoded.at);
    test_free(escaped.at);
    test_free(value.at);
}

static void integers_are_left_alone_unless_asked_for(void **state) {
    (void)state;
    static const char *const integers[] = {"0", "-17", "9223372036854775807", "-9223372036854775808",
                                           "1234567890"};
    struct coder leaves = coder_with(NULL, NULL, NULL), takes = coder_of(NULL, NULL);
    for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++) {
        size_t size = strlen(integers[i]);
        struct bytes left = round_trip(leaves.context, integers[i], size);
        assert_int_equal(left.size, size);
        assert_memory_equal(left.at, integers[i], size);
        struct bytes taken = round_trip(takes.context, integers[i], size);
        if (size > 6) assert_true(taken.size < size);
        test_free(left.at);
        test_free(taken.at);
    }
    struct bytes padded = round_trip(leaves.context, "0000000017", 10); /* not canonical: may be encoded */
    assert_true(padded.size < 10);
    test_free(padded.at);
    coder_close(&leaves);
    coder_close(&takes);
}

static void verifying_changes_nothing_that_is_right(void **state) {
    (void)state;
    uint64_t random = 3;
    uint8_t value[VALUE_ROOM];
    for (int kind = 0; kind < VALUE_KINDS; kind++) {
        size_t size = make_value((enum value_kind)kind, &random, value);
        struct bytes plain = encode_with(session_profile, VP_OPTION_VERIFY, 0, value, size);
        struct bytes verified = encode_with(session_profile, VP_OPTION_VERIFY, 1, value, size);
        assert_int_equal(plain.size, verified.size);
        assert_memory_equal(plain.at, verified.at, plain.size);
        test_free(plain.at);
        test_free(verified.at);
    }
}

static void decoding_has_a_limit(void **state) {
    (void)state;
    uint8_t value[1000], encoded[1001], out[1000];
    memset(value, 'a', sizeof value);
    struct coder free_one = coder_of(NULL, NULL);
    int64_t size = vp_encode(free_one.context, value, 1000, encoded, sizeof encoded);
    assert_true(size > 0 && size < 100);
    vp_options *options = option(VP_OPTION_MAX_DECODED, 999);
    struct coder limited = coder_with(NULL, NULL, options);
    const void *view = value;
    assert_int_equal(vp_decode(limited.context, encoded, (size_t)size, out, 1000), VP_ERR_LIMIT);
    assert_int_equal(vp_decode(limited.context, encoded, (size_t)size, out, 999), VP_ERR_LIMIT);
    assert_int_equal(vp_decode(limited.context, encoded, (size_t)size, out, 998), VP_ERR_SPACE);
    assert_int_equal(vp_decode_view(limited.context, encoded, (size_t)size, &view), VP_ERR_LIMIT);
    assert_null(view);
    assert_int_equal(vp_decode(limited.context, value, 1000, out, 1000), VP_ERR_LIMIT); /* as it is, too */
    assert_int_equal(vp_encode(limited.context, value, 1000, encoded, sizeof encoded), VP_ERR_LIMIT);
    assert_true(vp_encode(limited.context, value, 999, encoded, sizeof encoded) > 0);
    assert_int_equal(vp_options_set(options, VP_OPTION_MAX_DECODED, 1000), VP_OK);
    struct coder exact = coder_with(NULL, NULL, options);
    size = vp_encode(exact.context, value, 1000, encoded, sizeof encoded);
    assert_int_equal(vp_decode(exact.context, encoded, (size_t)size, out, 1000), 1000);
    coder_close(&free_one);
    coder_close(&limited);
    coder_close(&exact);
    vp_options_free(options);
}

/* Every single code may have its own profile, 64 in all, and not one more. */
static void sixty_four_narrow_profiles(void **state) {
    (void)state;
    const struct recipe narrow = {
        .kind = VALUE_COUNTRY, .count = 30, .first_code = 0x80, .width = 1, .preset = VP_PRESET_FAST};
    struct bytes file = train_bytes(&narrow);
    vp_profile *profiles[65];
    for (uint32_t i = 0; i < 65; i++) {
        assert_int_equal(vp_profile_relocate(file.at, file.size, 0x80 + i % 64), VP_OK);
        profiles[i] = load_profile(file);
    }
    vp_codec *codec = NULL, *next = NULL;
    assert_int_equal(vp_codec_new(profiles, 65, 0, NULL, &codec), VP_ERR_OVERLAP);
    assert_int_equal(vp_codec_new(profiles, 64, 63, NULL, &codec), VP_OK);
    assert_int_equal(vp_codec_with(codec, session_profile, &next), VP_ERR_OVERLAP);
    assert_null(next);
    assert_int_equal(vp_codec_with(codec, profiles[64], &next), VP_OK); /* the first one again */
    vp_codec_release(next);
    vp_codec_release(codec);
    for (uint32_t i = 0; i < 65; i++) vp_profile_release(profiles[i]);
    test_free(file.at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(option_ranges),
        cmocka_unit_test(overlapping_profiles_are_refused),
        cmocka_unit_test(handed_back_values_come_back_untouched),
        cmocka_unit_test(codes_without_an_owner_are_an_error),
        cmocka_unit_test(several_profiles_read_each_others_values),
        cmocka_unit_test(rotation),
        cmocka_unit_test(a_codec_keeps_its_profiles),
        cmocka_unit_test(write_raw_reads_all_and_encodes_nothing),
        cmocka_unit_test(integers_are_left_alone_unless_asked_for),
        cmocka_unit_test(verifying_changes_nothing_that_is_right),
        cmocka_unit_test(decoding_has_a_limit),
        cmocka_unit_test(sixty_four_narrow_profiles),
    };
    return cmocka_run_group_tests_name("codec", tests, load_all, release_all);
}
