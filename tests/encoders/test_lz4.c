#include "blob_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

extern const struct encoder encoder_lz4;

static int setup(void **state) {
    struct blob_coder *b = malloc(sizeof *b);
    if (!b) return -1;
    blob_coder_init(b, &encoder_lz4, NULL);
    *state = b;
    return 0;
}

static int teardown(void **state) {
    blob_coder_free(*state);
    free(*state);
    return 0;
}

/* The worked example of FORMAT.md: 40 bytes: "ab", a match of 33 bytes 2 back, then "babab". */
static const uint8_t example[] = {0x28, 0x2F, 'a', 'b', 0x02, 0x00, 0x0E, 0x50, 'b', 'a', 'b', 'a', 'b'};

static void test_worked_example(void **state) {
    char text[41] = {0};
    struct writer out = writer_over(text, 40);
    assert_int_equal(blob_decode(*state, example, sizeof example, &out), VP_OK);
    assert_int_equal(out.length, 40);
    assert_string_equal(text, "abababababababababababababababababababab");
    uint8_t payload[64];
    assert_int_equal(blob_encode(*state, text, 40, payload, sizeof payload), sizeof example);
    assert_memory_equal(payload, example, sizeof example);
}

static void test_hostile_payloads(void **state) {
    static const struct {
        uint8_t size, bytes[14];
    } bad[] = {
        {0, {0}},
        {1, {0x28}},                                    /* no block */
        {2, {0x00, 0x00}},                              /* a value of 0 bytes */
        {3, {0xA8, 0x00, 0x00}},                        /* a varint too long */
        {7, {0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x1F, 'a'}}, /* 2 GiB out of 2 bytes */
        {13, {0x27, 0x2F, 'a', 'b', 0x02, 0x00, 0x0E, 0x50, 'b', 'a', 'b', 'a', 'b'}}, /* one too few */
        {13, {0x29, 0x2F, 'a', 'b', 0x02, 0x00, 0x0E, 0x50, 'b', 'a', 'b', 'a', 'b'}}, /* one too many */
        {13,
         {0x28, 0x2F, 'a', 'b', 0x03, 0x00, 0x0E, 0x50, 'b', 'a', 'b', 'a', 'b'}}, /* 3 back, 2 there are */
        {14, {0x28, 0x2F, 'a', 'b', 0x02, 0x00, 0x0E, 0x50, 'b', 'a', 'b', 'a', 'b', 'b'}},
    };
    uint8_t text[100];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct writer out = writer_over(text, sizeof text);
        assert_int_equal(blob_decode(*state, bad[i].bytes, bad[i].size, &out), VP_ERR_CORRUPT);
    }
}

static void test_round_trips(void **state) {
    static const size_t sizes[] = {60, 400, 4095, 4096, 65536, 200000};
    char *text = malloc(200400);
    assert_non_null(text);
    for (size_t at = 0, i = 0; at < 200000; i++) at += blob_session((unsigned)i, text + at);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        size_t size = blob_round_trip(*state, text, sizes[i]);
        if (sizes[i] >= 4095) assert_true(size * 3 < sizes[i] * 2);
    }
    free(text);
}

static void test_noise_round_trips_without_gain(void **state) {
    uint8_t noise[5000];
    blob_noise(3, noise, sizeof noise);
    assert_true(blob_round_trip(*state, noise, sizeof noise) <= sizeof noise + 30);
}

static void test_damage(void **state) {
    char text[800];
    size_t size = blob_session(1, text);
    size += blob_session(2, text + size);
    blob_damage(*state, text, size);
}

static void test_short_values_do_not_fit(void **state) {
    uint8_t out[64];
    assert_int_equal(blob_encode(*state, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 31, out, sizeof out),
                     BLOB_NOT_TAKEN);
    assert_int_equal(blob_encode(*state, "", 0, out, sizeof out), BLOB_NOT_TAKEN);
}

#define WITH_CODER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_CODER(test_worked_example), WITH_CODER(test_hostile_payloads),
        WITH_CODER(test_round_trips),    WITH_CODER(test_noise_round_trips_without_gain),
        WITH_CODER(test_damage),         WITH_CODER(test_short_values_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
