#include "payload_check.h"

#include "test.h"

#include <stdlib.h>

extern const struct encoder encoder_rle;

enum { LONGEST = 600 };

static const struct encoder *const rle = &encoder_rle;

static void test_worked_examples(void **state) {
    (void)state;
    /* One literal; 1 byte repeats for 4 + 5 more. */
    payload_is(rle, NULL, 0, "aaaaaaaaaa", "\x00\x00\x61\xA1\x01", 5);
    /* Two literals; 2 bytes repeat for 4 + 4 more. */
    payload_is(rle, NULL, 0, "ababababab",
               "\x00\x02"
               "ab\x83\x01",
               6);
    /* A run between literals. */
    payload_is(rle, NULL, 0, "x-----y--", "\x00\x02x-\x01\x04y--", 9);
}

static void test_what_it_takes(void **state) {
    (void)state;
    char text[LONGEST + 1];
    for (size_t size = 8; size <= LONGEST; size++) {
        memset(text, '0', size);
        text[size] = 0;
        assert_true(payload_round_trip(rle, NULL, 0, text) <= 6);
        for (size_t i = 0; i < size; i++) text[i] = (char)('A' + i % 16);
        size_t taken = payload_round_trip(rle, NULL, 0, text);
        if (size < 20) assert_int_equal(taken, PAYLOAD_NOT_TAKEN);
        else assert_true(taken <= 21);
    }
    assert_int_equal(payload_round_trip(rle, NULL, 0, "nothing repeats"), PAYLOAD_NOT_TAKEN);
    assert_int_equal(payload_round_trip(rle, NULL, 0, "aaaaaaa"), PAYLOAD_NOT_TAKEN);
    assert_int_equal(payload_round_trip(rle, NULL, 0, ""), PAYLOAD_NOT_TAKEN);
    payload_damage(rle, NULL, 0, "heads--------and======tails1212121212");
}

/* Runs of every period between literals. */
static void test_generated_values(void **state) {
    (void)state;
    uint64_t seed = 1;
    for (unsigned i = 0; i < 3000; i++) {
        char text[LONGEST + 1];
        size_t size = 0;
        while (size < 100) {
            size_t period = 1 + next_random(&seed) % 18, length = next_random(&seed) % 40, from = size;
            for (size_t j = 0; j < period + length; j++, size++)
                text[size] = j < period ? (char)('a' + next_random(&seed) % 26) : text[from + j - period];
        }
        text[size] = 0;
        assert_int_not_equal(payload_round_trip(rle, NULL, 0, text), 0);
    }
}

static void test_hostile_payloads(void **state) {
    (void)state;
    static const struct {
        const char *payload;
        size_t size;
    } cases[] = {
        {"", 0},     /* nothing */
        {"\x01", 1}, /* a repetition of nothing */
        {"\x00"
         "a",
         2}, /* literals alone */
        {"\x00"
         "a\x03",
         3}, /* two bytes of one */
        {"\x02"
         "a",
         2}, /* literals cut */
        {"\x00"
         "a\x00"
         "b\x01",
         5}, /* literals behind literals */
        {"\x00"
         "a\x81",
         3}, /* a varint cut */
        {"\x00"
         "a\x81\x00",
         4}, /* a varint longer than needed */
        {"\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"
         "a",
         11}, /* 2^63 literals */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        payload_decodes_to(rle, cases[i].payload, cases[i].size, VP_ERR_CORRUPT);
    /* Full at once, however much is to come. */
    payload_decodes_to(rle,
                       "\x00"
                       "a\xE1\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01",
                       12, VP_ERR_SPACE);
}

/* A writer without memory counts what decoding would write. */
static void test_measuring(void **state) {
    (void)state;
    static const uint8_t payload[] = {0x02, 'a', 'b', 0x83, 0x01, 0x00, 'c'};
    struct bit_reader in = bit_reader_over(payload, sizeof payload, 0);
    struct writer out = writer_over(NULL, 100);
    const struct coding c = {.params = NULL};
    assert_int_equal(rle->decode(&out, &in, &c), VP_OK);
    assert_int_equal(out.length, 11);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worked_examples),  cmocka_unit_test(test_what_it_takes),
        cmocka_unit_test(test_generated_values), cmocka_unit_test(test_hostile_payloads),
        cmocka_unit_test(test_measuring),
    };
    return cmocka_run_group_tests_name("rle", tests, NULL, NULL);
}
