#include "templates.h"

#include "payload_check.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

extern const struct encoder encoder_int;

static const struct encoder *const number = &encoder_int;

/* {integer, favourite 7} "." {fraction} {"" | "GB"}; 7 or 0..98 with 0..9, then up to 999 with up to 99. */
static const uint8_t section[] = "\x01\x04"
                                 "\x02\x01\x07"
                                 "\x00\x01."
                                 "\x04\x00"
                                 "\x01\x02\x00\x02GB"
                                 "\x02"
                                 "\x00\x00\x64\x01\x00\x0A\x01\x00\x02\x01"
                                 "\x00\x00\xE8\x07\x01\x00\x64\x01\x00\x02\x01";
enum { SECTION = sizeof section - 1 };

static void untrained_examples(void **state) {
    (void)state;
    payload_is(number, NULL, 0, "19.99", "\x00\x09\xBF\xB0", 4);
    payload_is(number, NULL, 0, "1234567890", "\x00\x07\xBC\x02\x88\x8F", 6);
    payload_is(number, NULL, 0, "-42", "\x00\x02\x57", 3);
}

static void untrained_spellings(void **state) {
    (void)state;
    static const char *const taken[] = {"007",      "-0",        "2016-03-09",  "-1.5e",
                                        "12:34:56", "-12:34",    "1,2,3,-4",    "640/480",
                                        "1 2 3",    "1_000_000", "..........",  "18446744073709551616",
                                        "--1",      "-,-",       "000000000000"};
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        bool mixed =
            strchr(taken[i], 'e') || strcmp(taken[i], "1,2,3,-4") == 0 || strcmp(taken[i], "-,-") == 0;
        size_t size = payload_round_trip(number, NULL, 0, taken[i]);
        bool digits = strpbrk(taken[i], "0123456789") && strlen(taken[i]) > 2;
        assert_int_equal(size == PAYLOAD_NOT_TAKEN, mixed || !digits);
        if (digits && !mixed) payload_damage(number, NULL, 0, taken[i]);
    }
}

static void untrained_numbers_of_any_length(void **state) {
    (void)state;
    uint64_t random = 5;
    for (size_t size = 3; size <= 130; size++) {
        char text[131];
        for (size_t i = 0; i < size; i++) text[i] = (char)('0' + random_below(&random, 10));
        text[size] = 0;
        size_t encoded = payload_round_trip(number, NULL, 0, text);
        if (size > 128) assert_int_equal(encoded, PAYLOAD_NOT_TAKEN);
        else assert_true(encoded <= 1 + (size * 3322 / 1000 + 5 + 7) / 8);
    }
}

static void every_short_payload_has_one_value(void **state) {
    (void)state;
    for (unsigned i = 0; i < 65536 + 256; i++) {
        uint8_t payload[3] = {0, (uint8_t)(i < 256 ? i : (i - 256) >> 8), (uint8_t)(i - 256)}, text[64],
                again[64];
        size_t size = i < 256 ? 2 : 3;
        struct writer out = writer_over(text, sizeof text), back = writer_over(again, sizeof again);
        if (payload_decode(number, NULL, 0, payload, size, &out) != VP_OK || out.length < 3) continue;
        struct sample value = {.bytes = text, .size = out.length};
        if (payload_encode(number, NULL, 0, &value, &back) == PAYLOAD_NOT_TAKEN) continue; /* no digit */
        assert_int_equal(back.length, size);
        assert_memory_equal(again, payload, size);
    }
}

static void hostile_untrained_payloads(void **state) {
    (void)state;
    char nines[140];
    memset(nines, '\xFF', sizeof nines);
    payload_decodes_to(number, "", 0, VP_ERR_CORRUPT);      /* an empty value */
    payload_decodes_to(number, "\x00", 1, VP_ERR_CORRUPT);  /* number 1: a separator that is not there */
    payload_decodes_to(number, nines, 100, VP_ERR_CORRUPT); /* more than 128 characters */
    payload_decodes_to(number, nines, sizeof nines, VP_ERR_CORRUPT); /* no number is that long */
}

static void learned_examples(void **state) {
    (void)state;
    uint8_t *copy;
    void *params = payload_load(number, section, SECTION, &copy);
    const vp_allocator allocator = memory_default();
    assert_non_null(params);
    /* 7 is the first rank, 12 the 13th: (12 * 10 + 5) * 2 = 250, and 16 shorter ones: 234 = 0x0EA. */
    payload_is(number, params, 4, "7.5", "\x0A", 1);
    payload_is(number, params, 4, "12.5GB", "\x00\xEB", 2);
    payload_is(number, params, 4, "6.0", "\x00\x7C", 2); /* the 8th rank: (7 * 10) * 2 - 16 */
    /* The last of the second box but one: 2000 + (999 * 100 + 99) * 2 less 65793 shorter ones. */
    payload_is(number, params, 0, "999.99", "\x00\x02\x14\x0D", 4);
    static const char *const others[] = {"07.5", "1000.0", "5.50",   "5.500", "5.",
                                         "5",    "5.5MB",  "5.5GBs", "",      "-1.5"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(payload_round_trip(number, params, 4, others[i]), PAYLOAD_NOT_TAKEN);
    for (unsigned bits = 0; bits <= 5; bits++) payload_damage(number, params, bits, "123.45GB");
    number->unload(params, &allocator);
    free(copy);
}

/* 7.5 has a number in both boxes: the one in the first is written (above), both are read. */
static void both_boxes_are_read(void **state) {
    (void)state;
    uint8_t *copy, text[16];
    void *params = payload_load(number, section, SECTION, &copy);
    const vp_allocator allocator = memory_default();
    const uint8_t payload[] = {0, 0x06, 0xD9}; /* 257 + 1753 = 2010 = 2000 + 5 * 2 */
    struct writer out = writer_over(text, sizeof text);
    assert_int_equal(payload_decode(number, params, 0, payload, sizeof payload, &out), VP_OK);
    assert_int_equal(out.length, 3);
    assert_memory_equal(text, "7.5", 3);
    const uint8_t beyond[] = {0, 0xFF, 0xFF, 0xFF}; /* behind the last box */
    assert_int_equal(payload_decode(number, params, 0, beyond, sizeof beyond, &out), VP_ERR_CORRUPT);
    number->unload(params, &allocator);
    free(copy);
}

static void damaged_sections(void **state) {
    (void)state;
    static const char *const texts[] = {"7.5", "12.5GB", "999.99", NULL};
    payload_damage_section(number, section, SECTION, texts);
    static const struct {
        const char *bytes;
        size_t size;
    } bad[] = {
        {"\x00\x00", 2},                                      /* no template */
        {"\x01\x01\x05\x00\x01\x00\x00\x01\x01", 9},          /* an unknown kind */
        {"\x01\x01\x01\x00\x01\x00\x00\x01\x01", 9},          /* no option */
        {"\x01\x01\x02\x02\x07\x07\x01\x00\x00\x01\x01", 11}, /* a favourite twice */
        {"\x01\x01\x02\x00\x00", 5},                          /* no box */
        {"\x01\x01\x02\x00\x01\x01\x00\x01\x01", 9},          /* a box of template 1 */
        {"\x01\x01\x02\x00\x01\x00\x00\x00\x01", 9},          /* an empty box */
        {"\x01\x01\x02\x00\x01\x00\x00\x01\x00", 9},          /* a stride of 0 */
        {"\x01\x01\x01\x01\x01x\x01\x00\x00\x02\x01", 11},    /* beyond the options */
        {"\x01\x01\x02\x00\x01\x00\x02\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x01",
         18},                                             /* beyond 19 digits */
        {"\x01\x01\x02\x00\x01\x00\x00\x01\x01\x00", 10}, /* a byte too many */
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint8_t *copy;
        assert_null(payload_load(number, (const uint8_t *)bad[i].bytes, bad[i].size, &copy));
        free(copy);
    }
}

static void ordinals_count_up(void **state) {
    (void)state;
    static const struct {
        enum piece_kind kind;
        const char *digits;
        uint64_t ordinal;
    } cases[] = {
        {PIECE_INTEGER, "0", 0},
        {PIECE_INTEGER, "10", 10},
        {PIECE_DIGITS, "9", 9},
        {PIECE_DIGITS, "00", 10},
        {PIECE_DIGITS, "99", 109},
        {PIECE_DIGITS, "000", 110},
        {PIECE_FRACTION, "9", 9},
        {PIECE_FRACTION, "01", 10},
        {PIECE_FRACTION, "09", 18},
        {PIECE_FRACTION, "11", 19},
        {PIECE_FRACTION, "99", 99},
        {PIECE_FRACTION, "001", 100},
        {PIECE_INTEGER, "9999999999999999999", 9999999999999999999u},
        {PIECE_DIGITS, "9999999999999999999", 11111111111111111109u},
        {PIECE_FRACTION, "9999999999999999999", 9999999999999999999u},
    };
    uint64_t ordinal;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const uint8_t *digits = (const uint8_t *)cases[i].digits;
        assert_true(digits_ordinal(cases[i].kind, digits, strlen(cases[i].digits), &ordinal));
        assert_true(ordinal == cases[i].ordinal);
    }
    assert_false(digits_ordinal(PIECE_INTEGER, (const uint8_t *)"01", 2, &ordinal));
    assert_false(digits_ordinal(PIECE_FRACTION, (const uint8_t *)"10", 2, &ordinal));
    assert_false(digits_ordinal(PIECE_DIGITS, (const uint8_t *)"", 0, &ordinal));
    assert_false(digits_ordinal(PIECE_DIGITS, (const uint8_t *)"00000000000000000000", 20, &ordinal));
}

static void describes_what_it_stores(void **state) {
    (void)state;
    uint8_t *copy;
    char json[200];
    void *params = payload_load(number, section, SECTION, &copy);
    const vp_allocator allocator = memory_default();
    struct writer out = writer_over(json, sizeof json);
    number->describe(params, &out);
    static const char expected[] = "\"boxes\":2,\"templates\":[\"{integer:7}.{fraction}{|GB}\"]";
    assert_int_equal(out.length, sizeof expected - 1);
    assert_memory_equal(json, expected, sizeof expected - 1);
    number->unload(params, &allocator);
    free(copy);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(untrained_examples),
        cmocka_unit_test(untrained_spellings),
        cmocka_unit_test(untrained_numbers_of_any_length),
        cmocka_unit_test(every_short_payload_has_one_value),
        cmocka_unit_test(hostile_untrained_payloads),
        cmocka_unit_test(learned_examples),
        cmocka_unit_test(both_boxes_are_read),
        cmocka_unit_test(damaged_sections),
        cmocka_unit_test(ordinals_count_up),
        cmocka_unit_test(describes_what_it_stores),
    };
    return cmocka_run_group_tests_name("int", tests, NULL, NULL);
}
