/* Whatever the value: the same bytes come back, and nothing grows by more than one byte. */
#include "test.h"

#include <stdlib.h>

enum { CODECS = 8, LARGEST = 300 };

static struct coder coders[CODECS];
static vp_profile *profiles[CODECS];

static int open_all(void **state) {
    (void)state;
    static const struct recipe recipes[CODECS] = {
        {.kind = VALUE_SESSION, .count = 0}, /* without a profile */
        {.kind = VALUE_SESSION, .count = 150},
        {.kind = VALUE_EMAIL, .count = 150, .width = 1},
        {.kind = VALUE_COUNTRY, .count = 100, .width = 32},
        {.kind = VALUE_PRICE, .count = 200, .width = 4, .check = 1},
        {.kind = VALUE_TIMESTAMP, .count = 200, .width = 2},
        {.kind = VALUE_UTF8, .count = 150, .preset = VP_PRESET_FAST},
        {.kind = VALUE_LIST, .count = 150, .width = 8, .check = 4},
    };
    for (size_t i = 0; i < CODECS; i++) {
        if (recipes[i].count) profiles[i] = train_profile(&recipes[i]);
        coders[i] = coder_of(profiles[i], NULL);
    }
    return 0;
}

static int close_all(void **state) {
    (void)state;
    for (size_t i = 0; i < CODECS; i++) {
        coder_close(&coders[i]);
        vp_profile_release(profiles[i]);
    }
    return 0;
}

static void check(size_t coder, const uint8_t *value, size_t size) {
    test_free(round_trip(coders[coder].context, value, size).at);
}

static void check_everywhere(const uint8_t *value, size_t size) {
    for (size_t i = 0; i < CODECS; i++) check(i, value, size);
}

static void every_kind_of_value(void **state) {
    (void)state;
    uint64_t random = 11;
    uint8_t value[VALUE_ROOM];
    for (int i = 0; i < 4000; i++) {
        size_t size = make_value((enum value_kind)(i % VALUE_KINDS), &random, value);
        check((size_t)i / VALUE_KINDS % CODECS, value, size);
    }
}

static void every_size(void **state) {
    (void)state;
    uint64_t random = 12;
    uint8_t value[LARGEST];
    for (size_t size = 0; size <= LARGEST; size++) {
        make_long_value((enum value_kind)(size % VALUE_HOSTILE), &random, value, size);
        check(size % CODECS, value, size);
        random_fill(&random, value, size);
        check((size + 1) % CODECS, value, size);
        memset(value, (int)size, size);
        check((size + 2) % CODECS, value, size);
        for (size_t i = 0; i < size; i++) value[i] = (uint8_t)i;
        check((size + 3) % CODECS, value, size);
    }
}

static void every_first_byte(void **state) {
    (void)state;
    uint8_t value[VALUE_ROOM];
    for (unsigned first = 0; first < 256; first++) {
        uint64_t random = first;
        size_t size = make_value((enum value_kind)(first % VALUE_KINDS), &random, value);
        value[0] = (uint8_t)first;
        check_everywhere(value, size ? size : 1);
        check_everywhere(value, 1);
        check_everywhere(value, size < 2 ? 2 : 2 + size % 9);
    }
}

/* Encoded values, and encoded encoded values, are values too. */
static void what_valpack_wrote_is_a_value(void **state) {
    (void)state;
    uint64_t random = 13;
    uint8_t value[VALUE_ROOM];
    for (int i = 0; i < 300; i++) {
        size_t size = make_value((enum value_kind)(i % VALUE_KINDS), &random, value);
        struct coder *first = &coders[i % CODECS], *second = &coders[i / 3 % CODECS];
        struct bytes once = round_trip(first->context, value, size);
        struct bytes twice = round_trip(second->context, once.at, once.size);
        test_free(round_trip(first->context, twice.at, twice.size).at);
        test_free(once.at);
        test_free(twice.at);
    }
}

/* Short strings over few bytes reach the edges of digits, signs, runs and separators. */
static void short_values_over_small_alphabets(void **state) {
    (void)state;
    static const char *const alphabets[] = {
        "01",        "0-",           "-.0123456789", "0:-T.Z1",           "a\0",
        "{}[],:\"0", "\xC0\x80\xFF", "=Aa",          "0123456789abcdef-", ",1 ",
        "eE+-.0",    "\\u\"0d",      "/.:f0"};
    static const size_t sizes[] = {2, 2, 12, 7, 2, 9, 3, 3, 17, 3, 6, 5, 5};
    uint64_t random = 14;
    uint8_t value[40];
    for (int i = 0; i < 12000; i++) {
        size_t alphabet = (size_t)i % (sizeof sizes / sizeof sizes[0]),
               size = random_below(&random, sizeof value);
        for (size_t j = 0; j < size; j++)
            value[j] = (uint8_t)alphabets[alphabet][random_below(&random, sizes[alphabet])];
        check((size_t)i / 13 % CODECS, value, size);
    }
}

/* Every string of up to 4 bytes over a hostile handful. */
static void all_tiny_values(void **state) {
    (void)state;
    static const uint8_t bytes[] = {0, '0', '-', '9', 'a', '"', 0x80, 0xB0, 0xC0, 0xC1, 0xF5, 0xFF};
    const size_t count = sizeof bytes;
    for (size_t n = 0; n < count * count * count * count; n += n < count * count ? 1 : 7) {
        const uint8_t value[4] = {bytes[n % count], bytes[n / count % count],
                                  bytes[n / count / count % count], bytes[n / count / count / count]};
        for (size_t size = 1; size <= 4; size++) check(n % CODECS, value, size);
    }
}

static void large_values(void **state) {
    (void)state;
    static const size_t sizes[] = {4095, 4096, 65535, 65536, 65537, 131072, 131073, 200000, 1 << 20};
    uint8_t *value = test_malloc(1 << 20);
    uint64_t random = 15;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        static const enum value_kind kinds[] = {VALUE_SESSION, VALUE_TEXT, VALUE_LIST, VALUE_RUNS,
                                                VALUE_NOISE};
        enum value_kind kind = kinds[i % 5];
        make_long_value(kind, &random, value, sizes[i]);
        check(0, value, sizes[i]);
        check(1 + i % (CODECS - 1), value, sizes[i]);
    }
    memset(value, 'x', 1 << 20);
    check(0, value, 1 << 20);
    check(3, value, 1 << 20);
    test_free(value);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_value),
        cmocka_unit_test(every_size),
        cmocka_unit_test(every_first_byte),
        cmocka_unit_test(what_valpack_wrote_is_a_value),
        cmocka_unit_test(short_values_over_small_alphabets),
        cmocka_unit_test(all_tiny_values),
        cmocka_unit_test(large_values),
    };
    return cmocka_run_group_tests_name("property", tests, open_all, close_all);
}
