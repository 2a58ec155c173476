#include "payload_check.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>

extern const struct encoder encoder_delta;
extern const struct encoder_trainer trainer_delta;

enum { TEXT = 512, MANY = 600, SECTION_ROOM = 64 * 1024 };

static const struct encoder *const delta = &encoder_delta;

static size_t untrained(const char *text) {
    return payload_round_trip(delta, NULL, 0, text);
}

/* ---- Without parameters ---------------------------------------------------------------------------- */

static void test_worked_examples(void **state) {
    (void)state;
    /* Style 5, varints: 10, +10, +10 in zigzag. */
    payload_is(delta, NULL, 0, "[10, 20, 30]", "\x00\xA0\x14\x14\x14", 5);
    /* Style 0, differences: 6 numbers from 5, each 1 more, in 0 bits. */
    payload_is(delta, NULL, 0, "5,6,7,8,9,10", "\x00\x08\x06\x0A\x02\x00", 6);
    /* Style 2, values: 8 numbers, least 0, 1 bit each: 10010110. */
    payload_is(delta, NULL, 0, "1 0 0 1 0 1 1 0", "\x00\x44\x08\x00\x01\x96", 6);
    /* Style 6, timestamps, varints; dates in days: 719528, +1. */
    payload_is(delta, NULL, 0, "[\"1970-01-01\",\"1970-01-02\"]", "\x00\xD0\x00\xD0\xEA\x57\x02", 7);
}

static void test_spellings(void **state) {
    (void)state;
    static const char *const texts[] = {
        "1,2",
        "-5,-4,-3",
        "0, 0, 0",
        "[7]",
        "[1,2,3]",
        "[-1, 1, -1, 1]",
        "[\"1\",\"2\"]",
        "[\"10\", \"20\"]",
        "1;2;3",
        "9223372036854775807 -9223372036854775808 0",
        "1700000000123,1700000000456,1700000001001",
        "2024-01-01T00:00:00Z,2024-01-01T00:01:00Z,2024-01-01T00:02:00Z",
        "[\"2024-01-01 00:00:00.123\", \"2024-01-01 00:00:00.456\"]",
        "2024-01-01 2024-02-01 2024-03-01",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_not_equal(untrained(texts[i]), PAYLOAD_NOT_TAKEN);
        payload_damage(delta, NULL, 0, texts[i]);
    }
}

static void test_irregular_is_left(void **state) {
    (void)state;
    static const char *const texts[] = {"",
                                        "1",
                                        "12345",
                                        "[]",
                                        "1,2,",
                                        ",1,2",
                                        "1, 2,3",
                                        "01,02",
                                        "-0,1",
                                        "1,,2",
                                        "1.5,2.5",
                                        "[1,2",
                                        "1,2]",
                                        "[1 2]",
                                        "[\"1\",2]",
                                        "1,2 ",
                                        "+1,+2",
                                        "1,a",
                                        "[1,[2]]",
                                        "2024-01-01,2024-1-2",
                                        "9223372036854775808,1",
                                        "2024-01-01,2024-01-01T00:00:00Z",
                                        "2024-01-01T00:00:00+01:00,2024-01-01T00:00:00+01:00"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (untrained(texts[i]) != PAYLOAD_NOT_TAKEN) fail_msg("%s was taken", texts[i]);
}

static void test_hostile_payloads(void **state) {
    (void)state;
    static const struct {
        const char *payload;
        size_t size;
    } cases[] = {
        {"", 0},                                     /* nothing */
        {"\x00", 1},                                 /* an empty list without brackets */
        {"\x00\x02", 2},                             /* a single number without brackets */
        {"\x80", 1},                                 /* an empty list with them */
        {"\x01\x02\x02", 3},                         /* a spare bit */
        {"\x0C\x02\x02", 3},                         /* way 3 */
        {"\x00\x02\x82\x00", 4},                     /* a varint longer than needed */
        {"\x00\x02\x82", 3},                         /* a varint cut */
        {"\x08\x06\x0A\x02", 4},                     /* no width */
        {"\x08\x06\x0A\x02\x01\xF8", 6},             /* no difference is the least */
        {"\x08\x06\x0A\x02\x02\x10\x00", 7},         /* width too large */
        {"\x08\x06\x0A\x02\x00\x00", 6},             /* a byte too many */
        {"\x08\x00\x0A\x02\x00", 5},                 /* no numbers */
        {"\x04\xFF\xFF\xFF\xFF\x0F\x00\x01\x96", 9}, /* more numbers than bits */
        {"\x04\x02\x00\x41\x00", 5},                 /* width 65 */
        {"\x10\x59\x00\x02", 4},                     /* a detail that timestamps do not have */
        {"\x10\x03\x02\x02", 4},                     /* timestamps with offsets */
        {"\x10\x00\x01\x02", 4},                     /* a date before all dates */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        payload_decodes_to(delta, cases[i].payload, cases[i].size, VP_ERR_CORRUPT);
    /* 2^63 numbers in 0 bits: full at once. */
    payload_decodes_to(delta, "\x04\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F\x00\x00", 12, VP_ERR_SPACE);
}

static unsigned below(uint64_t *seed, unsigned limit) {
    return (unsigned)(next_random(seed) >> 33) % limit;
}

static size_t append(char *text, size_t at, const char *format, long long number) {
    return at + (size_t)snprintf(text + at, TEXT - at, format, number);
}

/* Ids of followers, for example: ascending. */
static void make_ascending(uint64_t *seed, char *text) {
    long long id = 1000000 + below(seed, 1 << 24);
    size_t at = append(text, 0, "[%lld", id);
    for (unsigned i = 3 + below(seed, 20); i; i--)
        at = append(text, at, ", %lld", id += 1 + below(seed, 5000));
    append(text, at, "]", 0);
}

/* Bytes, for example: small, in no order. */
static void make_small(uint64_t *seed, char *text) {
    size_t at = append(text, 0, "%lld", below(seed, 256));
    for (unsigned i = 3 + below(seed, 20); i; i--) at = append(text, at, ",%lld", below(seed, 256));
}

/* Times of measurements: nearly even. */
static void make_even(uint64_t *seed, char *text) {
    long long time = 1700000000 + below(seed, 10000000);
    size_t at = append(text, 0, "ids=%lld", time);
    for (unsigned i = 0; i < 20; i++) at = append(text, at, "|%lld", time += 58 + below(seed, 5));
}

typedef void (*generator)(uint64_t *seed, char *text);

/* The bytes that untrained delta takes for some values, and what they have. */
static void measure(generator make, size_t *taken, size_t *raw) {
    uint64_t seed = 1;
    *taken = *raw = 0;
    for (unsigned i = 0; i < 200; i++) {
        char text[TEXT];
        make(&seed, text);
        *taken += untrained(text);
        *raw += strlen(text);
    }
}

static void test_it_wins(void **state) {
    (void)state;
    size_t taken, raw;
    measure(make_ascending, &taken, &raw);
    assert_true(taken * 4 < raw);
    measure(make_small, &taken, &raw);
    assert_true(taken * 2 < raw);
}

/* ---- With parameters -------------------------------------------------------------------------------- */

/* Integers from 2^20 to 2^21 - 1: step 1, remainder 0, one range of 2^20 numbers at 2^63 + 2^20. */
static const uint8_t one_range[] = {0x00, 0x01, 0x00, 0x01, 0x14, 0x81, 0x80,
                                    0x80, 0x80, 0x80, 0x80, 0x02, 0x00, 0x00};

/* Lists "<1/2/3>" of 2 to 5 numbers; differences; the first from 100, 4 bits; differences from -1,
   1 or 2 bits. */
static const uint8_t small_lists[] = {0x01, 1,    '<',  1,    '/',  1,    '>',  0,    2, 2,
                                      1,    100,  0,    0,    0,    0,    0,    0,    0, 4,
                                      0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1};

static void test_worked_examples_of_profiles(void **state) {
    (void)state;
    const vp_allocator allocator = memory_default();
    uint8_t *copy;
    void *params = payload_load(delta, one_range, sizeof one_range, &copy);
    assert_non_null(params);
    payload_is(delta, params, 4, "1048577", "\x01", 1);
    payload_is(delta, params, 4, "1048592", "\x00\x00", 2);
    payload_is(delta, params, 0, "1048577", "\x00\x00", 2);
    assert_int_equal(payload_round_trip(delta, params, 4, "1048575"), PAYLOAD_NOT_TAKEN);
    assert_int_equal(payload_round_trip(delta, params, 4, "-1048576"), PAYLOAD_NOT_TAKEN);
    assert_int_equal(payload_round_trip(delta, params, 4, "01048577"), PAYLOAD_NOT_TAKEN);
    delta->unload(params, &allocator);
    free(copy);
    params = payload_load(delta, small_lists, sizeof small_lists, &copy);
    assert_non_null(params);
    /* 01 (3 numbers), 0111 (107), 0 (1 bit), 1, 0 (+0, -1). */
    payload_is(delta, params, 0, "<107/107/106>", "\x00\x5D\x00", 3);
    payload_is(delta, params, 4, "<107/107/106>", "\x05\xD0", 2);
    /* 00 (2 numbers), 1111 (115), 1 (2 bits), 11 (+2). */
    payload_is(delta, params, 4, "<115/117>", "\x03\xF8", 2);
    assert_int_equal(payload_round_trip(delta, params, 4, "<115/118>"), PAYLOAD_NOT_TAKEN);
    assert_int_equal(payload_round_trip(delta, params, 4, "<116/116>"), PAYLOAD_NOT_TAKEN);
    assert_int_equal(payload_round_trip(delta, params, 4, "<115>"), PAYLOAD_NOT_TAKEN);
    assert_int_equal(payload_round_trip(delta, params, 4, "<100/100/100/100/100/100>"), PAYLOAD_NOT_TAKEN);
    payload_damage(delta, params, 4, "<107/107/106>");
    delta->unload(params, &allocator);
    free(copy);
}

static void test_damaged_sections(void **state) {
    (void)state;
    static const char *const integers[] = {"1048577", "2000000", NULL};
    static const char *const lists[] = {"<107/107/106>", "<115/117>", NULL};
    payload_damage_section(delta, one_range, sizeof one_range, integers);
    payload_damage_section(delta, small_lists, sizeof small_lists, lists);
}

/* Trains on the first half, gives the bytes of the other. */
static size_t learned_bytes(generator make, unsigned variant) {
    const vp_allocator allocator = memory_default();
    char(*texts)[TEXT] = malloc(MANY * sizeof *texts);
    uint8_t *room = malloc(2 * (size_t)SECTION_ROOM), *copy;
    assert_true(texts && room);
    uint64_t seed = 11;
    for (size_t i = 0; i < MANY; i++) make(&seed, texts[i]);
    struct training t = payload_training(texts[0], TEXT, MANY / 2);
    struct writer section = writer_over(room, SECTION_ROOM),
                  again = writer_over(room + SECTION_ROOM, SECTION_ROOM);
    assert_int_equal(trainer_delta.train(&t, variant, &section), VP_OK);
    assert_int_equal(trainer_delta.train(&t, variant, &again), VP_OK);
    assert_int_equal(section.length, again.length);
    assert_memory_equal(room, room + SECTION_ROOM, section.length);
    payload_training_free(&t);
    void *params = payload_load(delta, room, section.length, &copy);
    assert_non_null(params);
    size_t bytes = 0;
    for (size_t i = MANY / 2; i < MANY; i++) {
        size_t size = payload_round_trip(delta, params, 4, texts[i]);
        bytes += size == PAYLOAD_NOT_TAKEN ? strlen(texts[i]) : size;
        if (i % 64 == 0 && size != PAYLOAD_NOT_TAKEN) payload_damage(delta, params, 4, texts[i]);
    }
    char json[256];
    struct writer w = writer_over(json, sizeof json);
    delta->describe(params, &w);
    assert_true(w.length > 0 && !w.full);
    delta->unload(params, &allocator);
    free(copy);
    free(texts);
    free(room);
    return bytes;
}

/* Log-ins of a day, for example. */
static void make_times(uint64_t *seed, char *text) {
    unsigned month = 1 + below(seed, 12), day = 1 + below(seed, 28), minute = below(seed, 600), at = 0;
    for (unsigned i = 1 + below(seed, 8); i; i--, minute += 1 + below(seed, 60))
        at += (unsigned)snprintf(text + at, TEXT - at, "%s\"2024-%02u-%02uT%02u:%02u:00Z\"", at ? ", " : "[",
                                 month, day, minute / 60, minute % 60);
    append(text, at, "]", 0);
}

static void make_milliseconds(uint64_t *seed, char *text) {
    snprintf(text, TEXT, "%lld", 1517363399650 + (long long)below(seed, 604505278));
}

static void make_even_hundreds(uint64_t *seed, char *text) {
    snprintf(text, TEXT, "%lld", 17 - 100000ll + 100ll * below(seed, 4000));
}

/* 300 values each. */
static void test_learning(void **state) {
    (void)state;
    assert_true(learned_bytes(make_milliseconds, 0) <= 300 * 9 / 2 + 75);
    assert_true(learned_bytes(make_even_hundreds, 0) <= 300 * 2);
    size_t taken, raw;
    measure(make_ascending, &taken, &raw);
    assert_true(learned_bytes(make_ascending, 1) * 200 < taken * 300);
    measure(make_small, &taken, &raw);
    assert_true(learned_bytes(make_small, 1) * 200 < taken * 300);
    measure(make_times, &taken, &raw);
    assert_true(learned_bytes(make_times, 1) * 200 < taken * 300);
    assert_true(learned_bytes(make_even, 1) <= 300 * 13); /* 24 bits of the first, 20 times 3 */
}

static void test_nothing_to_learn(void **state) {
    (void)state;
    char texts[4][TEXT] = {"hello world", "1,2,3", "17", ""};
    uint8_t room[1024];
    for (size_t count = 1; count <= 4; count++) {
        for (unsigned variant = 0; variant < trainer_delta.variants; variant++) {
            struct training t = payload_training(texts[0], TEXT, count);
            struct writer section = writer_over(room, sizeof room);
            assert_int_equal(trainer_delta.train(&t, variant, &section), VP_ERR_NO_SAMPLES);
            payload_training_free(&t);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worked_examples),   cmocka_unit_test(test_spellings),
        cmocka_unit_test(test_irregular_is_left), cmocka_unit_test(test_hostile_payloads),
        cmocka_unit_test(test_it_wins),           cmocka_unit_test(test_worked_examples_of_profiles),
        cmocka_unit_test(test_damaged_sections),  cmocka_unit_test(test_learning),
        cmocka_unit_test(test_nothing_to_learn),
    };
    return cmocka_run_group_tests_name("delta", tests, NULL, NULL);
}
