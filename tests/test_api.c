/* The public functions: arguments, statuses, sizes. */
#include "test.h"

#include <stdio.h>

static const struct recipe sessions = {.kind = VALUE_SESSION, .count = 100};
static vp_profile *profile;
static struct coder coder;
static uint8_t value[VALUE_ROOM], encoded[VALUE_ROOM + 1], out[4 * VALUE_ROOM];
static size_t value_size, encoded_size;

static int open_all(void **state) {
    (void)state;
    uint64_t random = 17;
    profile = train_profile(&sessions);
    coder = coder_of(profile, NULL);
    value_size = make_value(VALUE_SESSION, &random, value);
    int64_t size = vp_encode(coder.context, value, value_size, encoded, sizeof encoded);
    encoded_size = (size_t)size;
    return size > 0 && encoded_size < value_size ? 0 : -1;
}

static int close_all(void **state) {
    (void)state;
    coder_close(&coder);
    vp_profile_release(profile);
    return 0;
}

static void statuses_have_names_and_texts(void **state) {
    (void)state;
    static const char *const names[] = {
        "VP_OK",          "VP_ERR_SPACE",    "VP_ERR_CORRUPT",    "VP_ERR_NO_PROFILE", "VP_ERR_UNSUPPORTED",
        "VP_ERR_MEMORY",  "VP_ERR_ARGUMENT", "VP_ERR_LIMIT",      "VP_ERR_OVERLAP",    "VP_ERR_CHECK",
        "VP_ERR_PROFILE", "VP_ERR_NO_RANGE", "VP_ERR_NO_SAMPLES", "VP_ERR_NAME"};
    for (int i = 0; i < 14; i++) {
        assert_string_equal(vp_status_name(-i), names[i]);
        const char *text = vp_status_text(-i);
        assert_true(strlen(text) > 4 && text[strlen(text) - 1] != '.');
        for (int j = 0; j < i; j++) assert_string_not_equal(text, vp_status_text(-j));
    }
    assert_string_equal(vp_status_name(1), "VP_ERR_?");
    assert_string_equal(vp_status_name(-100), "VP_ERR_?");
    assert_non_null(vp_status_text(1));
    assert_non_null(vp_status_text(INT32_MIN));
}

static void versions_agree(void **state) {
    (void)state;
    char text[40];
    snprintf(text, sizeof text, "%d.%d.%d", VP_VERSION_MAJOR, VP_VERSION_MINOR, VP_VERSION_PATCH);
    assert_string_equal(vp_version_string(), text);
    assert_int_equal(vp_version_number(),
                     VP_VERSION_MAJOR * 10000 + VP_VERSION_MINOR * 100 + VP_VERSION_PATCH);
}

static void bound(void **state) {
    (void)state;
    assert_int_equal(vp_encode_bound(0), 1);
    assert_int_equal(vp_encode_bound(100), 101);
    assert_true(vp_encode_bound(SIZE_MAX - 1) == SIZE_MAX);
    assert_true(vp_encode_bound(SIZE_MAX) == SIZE_MAX);
}

static void profile_arguments(void **state) {
    (void)state;
    vp_profile *p = profile;
    char text[100];
    assert_int_equal(vp_profile_load("x", 1, NULL, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_profile_load(NULL, 1, NULL, &p), VP_ERR_ARGUMENT);
    assert_null(p);
    p = profile;
    assert_int_equal(vp_profile_load("x", SIZE_MAX, NULL, &p), VP_ERR_ARGUMENT);
    assert_null(p);
    assert_int_equal(vp_profile_load(NULL, 0, NULL, &p), VP_ERR_PROFILE);
    assert_int_equal(vp_profile_explain(NULL, 1, text, sizeof text), VP_ERR_ARGUMENT);
    assert_int_equal(vp_profile_explain("x", 1, NULL, 1), VP_ERR_ARGUMENT);
    assert_null(vp_profile_retain(NULL));
    vp_profile_release(NULL);
    assert_string_equal(vp_profile_name(NULL), "");
    assert_true(vp_profile_fingerprint(NULL) == 0);
    assert_int_equal(vp_profile_first_code(NULL), 0);
    assert_int_equal(vp_profile_width(NULL), 0);
    assert_int_equal(vp_profile_describe_bound(NULL), 0);
    assert_int_equal(vp_profile_describe(NULL, text, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_profile_describe(profile, NULL, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_profile_describe(profile, NULL, 0), VP_ERR_SPACE);
    assert_ptr_equal(vp_profile_retain(profile), profile);
    vp_profile_release(profile);
}

static void codec_and_context_arguments(void **state) {
    (void)state;
    vp_profile *const none[] = {NULL};
    vp_codec *codec = coder.codec;
    vp_context *context = coder.context;
    assert_int_equal(vp_codec_new(&profile, 1, 0, NULL, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_codec_new(NULL, 1, 0, NULL, &codec), VP_ERR_ARGUMENT);
    assert_null(codec);
    assert_int_equal(vp_codec_new(none, 1, 0, NULL, &codec), VP_ERR_ARGUMENT);
    assert_int_equal(vp_codec_new(&profile, 1, 1, NULL, &codec), VP_ERR_ARGUMENT);
    assert_int_equal(vp_codec_new(NULL, 0, 0, NULL, &codec), VP_ERR_ARGUMENT);
    assert_int_equal(vp_codec_with(NULL, profile, &codec), VP_ERR_ARGUMENT);
    assert_int_equal(vp_codec_with(coder.codec, NULL, &codec), VP_ERR_ARGUMENT);
    assert_int_equal(vp_codec_with(coder.codec, profile, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_codec_new(&profile, 1, VP_NO_PROFILE, NULL, &codec), VP_OK); /* reads only */
    assert_ptr_equal(vp_codec_retain(codec), codec);
    vp_codec_release(codec);
    vp_codec_release(codec);
    assert_null(vp_codec_retain(NULL));
    vp_codec_release(NULL);
    assert_int_equal(vp_context_new(NULL, &context), VP_ERR_ARGUMENT);
    assert_null(context);
    assert_int_equal(vp_context_new(coder.codec, NULL), VP_ERR_ARGUMENT);
    vp_context_free(NULL);
    vp_options_free(NULL);
}

static void coding_arguments(void **state) {
    (void)state;
    vp_context *x = coder.context;
    const void *view = out;
    assert_int_equal(vp_encode(NULL, value, 1, out, 9), VP_ERR_ARGUMENT);
    assert_int_equal(vp_encode(x, NULL, 1, out, 9), VP_ERR_ARGUMENT);
    assert_int_equal(vp_encode(x, value, 1, NULL, 9), VP_ERR_ARGUMENT);
    assert_int_equal(vp_encode(x, value, SIZE_MAX, out, 9), VP_ERR_ARGUMENT);
    assert_int_equal(vp_encode(x, NULL, 0, NULL, 0), 0);
    assert_int_equal(vp_encode(x, value, 1, NULL, 0), VP_ERR_SPACE);
    assert_int_equal(vp_decode(NULL, encoded, 1, out, 9), VP_ERR_ARGUMENT);
    assert_int_equal(vp_decode(x, NULL, 1, out, 9), VP_ERR_ARGUMENT);
    assert_int_equal(vp_decode(x, encoded, 1, NULL, 9), VP_ERR_ARGUMENT);
    assert_int_equal(vp_decode(x, encoded, SIZE_MAX, out, 9), VP_ERR_ARGUMENT);
    assert_int_equal(vp_decode(x, NULL, 0, NULL, 0), 0);
    assert_int_equal(vp_decode(x, encoded, encoded_size, NULL, 0), VP_ERR_SPACE);
    assert_int_equal(vp_encode_view(x, value, 1, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_encode_view(NULL, value, 1, &view), VP_ERR_ARGUMENT);
    assert_null(view);
    view = out;
    assert_int_equal(vp_encode_view(x, NULL, 1, &view), VP_ERR_ARGUMENT);
    assert_null(view);
    assert_int_equal(vp_decode_view(x, encoded, 1, NULL), VP_ERR_ARGUMENT);
    view = out;
    assert_int_equal(vp_decode_view(NULL, encoded, 1, &view), VP_ERR_ARGUMENT);
    assert_null(view);
    view = out;
    assert_int_equal(vp_decode_view(x, NULL, 1, &view), VP_ERR_ARGUMENT);
    assert_null(view);
    assert_int_equal(vp_identify(NULL, value, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_identify(x, NULL, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_identify(x, NULL, 0), 0);
}

static void many_arguments(void **state) {
    (void)state;
    vp_context *x = coder.context;
    uint64_t sizes[2] = {1, 1}, result_sizes[2];
    assert_int_equal(vp_encode_many(NULL, value, sizes, 2, result_sizes), VP_ERR_ARGUMENT);
    assert_int_equal(vp_encode_many(x, NULL, sizes, 2, result_sizes), VP_ERR_ARGUMENT);
    assert_int_equal(vp_encode_many(x, value, NULL, 2, result_sizes), VP_ERR_ARGUMENT);
    assert_int_equal(vp_encode_many(x, value, sizes, 2, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_decode_many(x, value, sizes, 2, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_decode_many(x, NULL, sizes, 2, result_sizes), VP_ERR_ARGUMENT);
    assert_int_equal(vp_encode_many(x, NULL, NULL, 0, NULL), 0);
    assert_int_equal(vp_decode_many(x, NULL, NULL, 0, NULL), 0);
    sizes[0] = sizes[1] = UINT64_MAX / 2 + 1; /* the sum wraps */
    assert_int_equal(vp_encode_many(x, value, sizes, 2, result_sizes), VP_ERR_ARGUMENT);
    assert_int_equal(vp_decode_many(x, value, sizes, 2, result_sizes), VP_ERR_ARGUMENT);
    assert_null(vp_context_results(NULL));
}

static void shorter_buffers_are_refused(void **state) {
    (void)state;
    struct guard room = guard_new(VALUE_ROOM);
    for (size_t capacity = 0; capacity <= encoded_size; capacity++) {
        int64_t size = vp_encode(coder.context, value, value_size, guard_end(&room, capacity), capacity);
        assert_int_equal(size, capacity < encoded_size ? VP_ERR_SPACE : (int64_t)encoded_size);
    }
    for (size_t capacity = 0; capacity <= value_size; capacity++) {
        uint8_t *at = guard_end(&room, capacity);
        int64_t size = vp_decode(coder.context, encoded, encoded_size, at, capacity);
        assert_int_equal(size, capacity < value_size ? VP_ERR_SPACE : (int64_t)value_size);
        if (size >= 0) assert_memory_equal(at, value, value_size);
    }
    guard_free(&room);
}

static void views_give_the_same(void **state) {
    (void)state;
    const void *view = NULL;
    assert_int_equal(vp_encode_view(coder.context, value, value_size, &view), encoded_size);
    assert_memory_equal(view, encoded, encoded_size);
    assert_int_equal(vp_decode_view(coder.context, encoded, encoded_size, &view), value_size);
    assert_memory_equal(view, value, value_size);
    assert_int_equal(vp_encode_view(coder.context, NULL, 0, &view), 0);
    assert_int_equal(vp_decode_view(coder.context, NULL, 0, &view), 0);
    assert_int_equal(vp_decode_view(coder.context, "\xC0", 1, &view), VP_ERR_CORRUPT);
    assert_null(view);
}

static void many_values_in_one_call(void **state) {
    (void)state;
    enum { COUNT = 300 };
    uint8_t *values = test_malloc(COUNT * VALUE_ROOM), *stored = test_malloc(COUNT * VALUE_ROOM);
    uint64_t sizes[COUNT], stored_sizes[COUNT], back_sizes[COUNT], random = 1;
    size_t total = 0;
    for (size_t i = 0; i < COUNT; i++) {
        sizes[i] = i % 7 ? make_value(i % 3 ? VALUE_SESSION : VALUE_HOSTILE, &random, values + total) : 0;
        total += sizes[i];
    }
    int64_t stored_total = vp_encode_many(coder.context, values, sizes, COUNT, stored_sizes);
    assert_true(stored_total > 0);
    memcpy(stored, vp_context_results(coder.context), (size_t)stored_total);
    size_t at = 0, sum = 0;
    for (size_t i = 0; i < COUNT; i++) { /* each as vp_encode() gives it */
        int64_t size = vp_encode(coder.context, values + at, sizes[i], out, sizeof out);
        assert_int_equal(size, stored_sizes[i]);
        assert_memory_equal(out, stored + sum, (size_t)size);
        at += sizes[i];
        sum += stored_sizes[i];
    }
    assert_int_equal(sum, stored_total);
    assert_int_equal(vp_decode_many(coder.context, stored, stored_sizes, COUNT, back_sizes), total);
    assert_memory_equal(back_sizes, sizes, sizeof sizes);
    assert_memory_equal(vp_context_results(coder.context), values, total);
    test_free(values);
    test_free(stored);
}

static void decoding_many_names_the_value_that_fails(void **state) {
    (void)state;
    const uint64_t sizes[4] = {1, 0, 2, 1};
    uint64_t back_sizes[4];
    assert_int_equal(vp_decode_many(coder.context, "a\xC0qb", sizes, 4, back_sizes), VP_ERR_CORRUPT);
    assert_int_equal(back_sizes[0], 2);
    assert_int_equal(vp_decode_many(coder.context, "a\x82qb", sizes, 4, back_sizes), VP_ERR_NO_PROFILE);
    assert_int_equal(back_sizes[0], 2);
}

static void a_warm_context_does_not_allocate(void **state) {
    (void)state;
    struct counting counting = {0};
    const vp_allocator allocator = counting_allocator(&counting);
    vp_options *options = vp_options_new(&allocator);
    struct coder warm = coder_with(profile, NULL, options);
    uint64_t calls = 0;
    for (int round = 0; round < 3; round++) {
        uint64_t random = 8;
        for (int i = 0; i < 200; i++) {
            size_t size = make_value((enum value_kind)(i % VALUE_KINDS), &random, value);
            int64_t stored = vp_encode(warm.context, value, size, encoded, sizeof encoded);
            assert_true(vp_decode(warm.context, encoded, (size_t)stored, out, sizeof out) >= 0);
        }
        if (round == 1) calls = counting.calls;
    }
    assert_int_equal(counting.calls, calls);
    coder_close(&warm);
    vp_options_free(options);
    assert_int_equal(counting.live, 0);
    uint64_t random = 17;
    value_size = make_value(VALUE_SESSION, &random, value);
    assert_int_equal(vp_encode(coder.context, value, value_size, encoded, sizeof encoded), encoded_size);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_have_names_and_texts),
        cmocka_unit_test(versions_agree),
        cmocka_unit_test(bound),
        cmocka_unit_test(profile_arguments),
        cmocka_unit_test(codec_and_context_arguments),
        cmocka_unit_test(coding_arguments),
        cmocka_unit_test(many_arguments),
        cmocka_unit_test(shorter_buffers_are_refused),
        cmocka_unit_test(views_give_the_same),
        cmocka_unit_test(many_values_in_one_call),
        cmocka_unit_test(a_warm_context_does_not_allocate),
        cmocka_unit_test(decoding_many_names_the_value_that_fails),
    };
    return cmocka_run_group_tests_name("api", tests, open_all, close_all);
}
