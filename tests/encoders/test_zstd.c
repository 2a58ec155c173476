#include "blob_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

extern const struct encoder encoder_zstd;

static int setup(void **state) {
    struct blob_coder *b = malloc(sizeof *b);
    if (!b) return -1;
    blob_coder_init(b, &encoder_zstd, NULL);
    *state = b;
    return 0;
}

static int teardown(void **state) {
    blob_coder_free(*state);
    free(*state);
    return 0;
}

/* `size` bytes of sessions in JSON. Free with free(). */
static char *sessions(size_t size) {
    char *text = malloc(size + 400);
    assert_non_null(text);
    for (size_t at = 0, i = 0; at < size; i++) at += blob_session((unsigned)i, text + at);
    return text;
}

static int decode(struct blob_coder *b, const void *payload, size_t size, char *text, size_t room) {
    struct writer out = writer_over(text, room - 1);
    int status = blob_decode(b, payload, size, &out);
    text[status == VP_OK ? out.length : 0] = 0;
    return status;
}

/* The worked example of FORMAT.md: 3 raw literals "ab,", then one match of 30 bytes 3 back. */
static void test_worked_example(void **state) {
    static const uint8_t payload[] = {0x18, 'a', 'b', ',', 0x01, 0x54, 0x03, 0x02, 0x1B, 0x06};
    char text[40];
    assert_int_equal(decode(*state, payload, sizeof payload, text, sizeof text), VP_OK);
    assert_string_equal(text, "ab,ab,ab,ab,ab,ab,ab,ab,ab,ab,ab,");
}

/* 0x03, frame header, RLE block of 40 times 'x': (40 << 3 | 1 << 1 | 1) = 0x143. */
static void test_worked_example_of_a_frame(void **state) {
    static const uint8_t frame[] = {0x03, 0x00, 0x38, 0x43, 0x01, 0x00, 'x'};
    char text[50];
    assert_int_equal(decode(*state, frame, sizeof frame, text, sizeof text), VP_OK);
    assert_string_equal(text, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
}

static void test_hostile_payloads(void **state) {
    static const struct {
        uint8_t size, bytes[20];
    } bad[] = {
        {0, {0}},
        {1, {0x03}},
        {3, {0x03, 0x00, 0x38}},
        {6, {0x03, 0x00, 0x38, 0x43, 0x01, 0x00}},                   /* RLE block without its byte */
        {8, {0x03, 0x00, 0x38, 0x43, 0x01, 0x00, 'x', 'x'}},         /* a byte after the last block */
        {7, {0x03, 0x00, 0x38, 0x42, 0x01, 0x00, 'x'}},              /* no last block */
        {11, {0x03, 0x04, 0x38, 0x43, 0x01, 0x00, 'x', 1, 2, 3, 4}}, /* checksum */
        {8, {0x03, 0x01, 0x38, 0x01, 0x43, 0x01, 0x00, 'x'}},        /* dictionary id */
        {8, {0x03, 0x20, 0x28, 0x43, 0x01, 0x00, 'x'}},              /* single segment with its size */
        {6, {0x03, 0x00, 0x38, 0x01, 0x00, 0x00}},                   /* nothing inside */
        {7, {0x03, 0x00, 0x38, 0x0F, 0x00, 0x00, 'x'}},              /* reserved block type */
        {2, {0x00, 0x00}},                                           /* a block of nothing */
        {16, {0x03, 0x00, 0x38, 0x55, 0x00, 0x00, 0x18, 'a', 'b', ',', 1, 0x54, 3, 2, 0x1B, 0x06}},
        {10, {0x18, 'a', 'b', ',', 0x01, 0x54, 0x03, 0x02, 0x1B, 0x07}}, /* 4 back, 3 there are */
        {11, {0x18, 'a', 'b', ',', 0x01, 0x54, 0x03, 0x02, 0x1B, 0x06, 0}},
    };
    char text[200];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(decode(*state, bad[i].bytes, bad[i].size, text, sizeof text), VP_ERR_CORRUPT);
}

static void test_round_trips(void **state) {
    static const size_t sizes[] = {100, 400, 3000, 20000, 131071, 131072, 131073, 300000};
    static const uint32_t levels[] = {0, 1, 9, 19};
    struct blob_coder *b = *state;
    char *text = sessions(300000);
    for (size_t l = 0; l < sizeof levels / sizeof levels[0]; l++) {
        b->settings.zstd_level = levels[l];
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            size_t size = blob_round_trip(b, text, sizes[i]);
            assert_true(size < sizes[i]);
            if (sizes[i] >= 3000) assert_true(size * 3 < sizes[i]);
        }
    }
    free(text);
}

static void test_runs_of_one_byte(void **state) {
    static const size_t sizes[] = {32, 1000, 131072, 131073, 1000000};
    char *run = malloc(1000000);
    assert_non_null(run);
    memset(run, 'r', 1000000);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        assert_true(blob_round_trip(*state, run, sizes[i]) < 64);
    free(run);
}

static void test_noise_round_trips_without_gain(void **state) {
    uint8_t noise[5000];
    blob_noise(7, noise, sizeof noise);
    assert_true(blob_round_trip(*state, noise, sizeof noise) < sizeof noise + 16);
}

static void test_damage(void **state) {
    char *text = sessions(600);
    blob_damage(*state, text, 600);
    free(text);
    char run[100];
    memset(run, 'r', sizeof run);
    blob_damage(*state, run, sizeof run);
}

static void test_larger_frames_are_damage_proof(void **state) {
    struct blob_coder *b = *state;
    char *text = sessions(140000);
    uint8_t *payload = malloc(140000), *decoded = malloc(200000);
    assert_non_null(payload);
    assert_non_null(decoded);
    size_t size = blob_encode(b, text, 140000, payload, 140000);
    assert_int_not_equal(size, BLOB_NOT_TAKEN);
    assert_int_equal(payload[0], 0x03);
    for (size_t at = 0; at < size; at += 97) {
        struct writer out = writer_over(decoded, 200000);
        assert_int_equal(blob_decode(b, payload, at, &out), VP_ERR_CORRUPT);
        payload[at] ^= 0x10;
        out = writer_over(decoded, 200000);
        int status = blob_decode(b, payload, size, &out);
        assert_true(status == VP_OK || status == VP_ERR_CORRUPT || status == VP_ERR_SPACE);
        payload[at] ^= 0x10;
    }
    free(text);
    free(payload);
    free(decoded);
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
        WITH_CODER(test_worked_example),
        WITH_CODER(test_worked_example_of_a_frame),
        WITH_CODER(test_hostile_payloads),
        WITH_CODER(test_round_trips),
        WITH_CODER(test_runs_of_one_byte),
        WITH_CODER(test_noise_round_trips_without_gain),
        WITH_CODER(test_damage),
        WITH_CODER(test_larger_frames_are_damage_proof),
        WITH_CODER(test_short_values_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
