#include "alphabets.h"
#include "blocks.h"
#include "radix.h"

#include "payload_check.h"
#include "test.h"

#include <stdlib.h>

extern const struct encoder encoder_pack;

static const struct encoder *const pack = &encoder_pack;

/* "x", two of 012; then "x", runs of 1 to 4 of 012, "y". */
static const uint8_t classes[] = "\x03\x01x\x01y\x03"
                                 "012"
                                 "\x02"
                                 "\x03\x00\x00\x00\x00\x02\x02"
                                 "\x01\x01\x01\x04\x02\x00\x01";
/* "<", hexadecimal digits, "/>". */
static const uint8_t framed[] = "\x01\x10"
                                "0123456789abcdef"
                                "\x00\x00\x01<\x02/>";

static void known_alphabets_ascend(void **state) {
    (void)state;
    unsigned count = 0;
    for (unsigned i = 0; i <= ALPHABET_DECLARED; i++) {
        const char *symbols = known_alphabet(i);
        if (!symbols) continue;
        struct packing p;
        assert_true(packing_make(&p, (const uint8_t *)symbols, strlen(symbols)));
        assert_true(strlen(symbols) >= 2 && strlen(symbols) <= 95);
        struct byte_set set = set_of(symbols, strlen(symbols));
        assert_int_equal(set_size(&set), strlen(symbols));
        /* Covered by itself and, one symbol more, by none or a larger one: the table agrees with itself. */
        for (unsigned c = 0; c < 128; c++) {
            struct byte_set one = set_of(&(uint8_t){(uint8_t)c}, 1), more = set;
            set_unite(&more, &one);
            unsigned cover = smallest_alphabet(&more);
            if (cover == ALPHABET_DECLARED) continue;
            struct byte_set covering = set_of(known_alphabet(cover), strlen(known_alphabet(cover)));
            assert_true(set_covers(&covering, &more));
        }
        unsigned number = smallest_alphabet(&set);
        assert_int_equal(strlen(known_alphabet(number)), strlen(symbols));
        count++;
    }
    assert_int_equal(count, 29);
    assert_null(known_alphabet(ALPHABET_DECLARED));
    assert_null(known_alphabet(UINT32_MAX));
}

/* packing_make() against exact arithmetic. */
static void blocks_have_the_bits_they_need(void **state) {
    (void)state;
    uint8_t symbols[256];
    for (unsigned i = 0; i < 256; i++) symbols[i] = (uint8_t)i;
    for (unsigned base = 2; base <= 256; base++) {
        struct packing p;
        struct big largest = big_zero();
        assert_true(packing_make(&p, symbols, base));
        for (size_t i = 0; i <= BLOCK; i++) {
            assert_int_equal(p.bits[i], big_width(&largest));
            assert_true(big_multiply_add(&largest, base, base - 1));
        }
    }
}

static void alphabets_tell_their_symbols(void **state) {
    (void)state;
    struct alphabet a;
    assert_true(alphabet_make(&a, (const uint8_t *)"\0ac", 3));
    assert_true(alphabet_has(&a, 'a') && alphabet_has(&a, 0) && !alphabet_has(&a, 'b'));
    assert_int_equal(a.digits['c'], 2);
    assert_false(alphabet_make(&a, (const uint8_t *)"aa", 2));
    assert_false(alphabet_make(&a, (const uint8_t *)"ba", 2));
    assert_true(alphabet_make(&a, NULL, 0));
    assert_false(alphabet_has(&a, 0));
    struct byte_set set = set_of("\xFF\0z", 3);
    uint8_t members[256];
    assert_int_equal(set_members(&set, members), 3);
    assert_memory_equal(members, "\0z\xFF", 3);
    assert_int_equal(smallest_alphabet(&set), ALPHABET_DECLARED);
}

static void untrained_examples(void **state) {
    (void)state;
    payload_is(pack, NULL, 0, "deadbeef", "\x00\x38\xDE\xAD\xBE\xEF", 6); /* alphabet 7, r = 0 */
    payload_is(pack, NULL, 0, "deadbee", "\x00\x39\xDE\xAD\xBE\xE0", 6);  /* r = 1 */
    payload_is(pack, NULL, 0, "0120", "\x00\x09\x1E", 3);                 /* 15 in 7 bits; 5 would fit */
    payload_is(pack, NULL, 0, "#%%#%%##%%%#####%", "\x00\xFF\x00#%\x6C\xE0\x80",
               8); /* declared; 17 bits, r = 7 */
}

/* Every alphabet, every length over two blocks: the size promised, and back. */
static void untrained_texts(void **state) {
    (void)state;
    uint64_t random = 17;
    for (unsigned i = 0; known_alphabet(i); i++) {
        const char *symbols = known_alphabet(i);
        size_t base = strlen(symbols);
        struct packing p;
        assert_true(packing_make(&p, (const uint8_t *)symbols, base));
        for (size_t size = 4; size <= 140; size += 1 + size / 40) {
            char text[141];
            for (size_t k = 0; k < size; k++) text[k] = symbols[random_below(&random, base)];
            text[size] = 0;
            assert_true(payload_round_trip(pack, NULL, 0, text) <= 2 + (packed_bits(&p, size) + 7) / 8);
        }
    }
}

static void untrained_bytes_outside_ascii(void **state) {
    (void)state;
    char text[400];
    for (size_t i = 0; i < sizeof text - 1; i++) text[i] = i % 7 % 3 ? '\xF0' : '\x81';
    text[sizeof text - 1] = 0;
    assert_int_equal(payload_round_trip(pack, NULL, 0, text), 2 + 3 + 50);
    assert_int_equal(payload_round_trip(pack, NULL, 0, "\xC3\xC3\xC3\xC3\xC3\xC3\xC3"), PAYLOAD_NOT_TAKEN);
    payload_damage(pack, NULL, 0, "deadbeef0");
    payload_damage(pack, NULL, 0,
                   "LRSSLRSLRRRLSLRSLRSLSLRSLSRLSRLRSLSRLSRLSRLSRLSRLSRLSRSLRSLSRLSRLSRLSRLRSSSLRS");
    payload_damage(pack, NULL, 0, text);
}

static void hostile_untrained_payloads(void **state) {
    (void)state;
    static const struct {
        const char *payload;
        size_t size;
    } cases[] = {
        {"", 0},               /* nothing */
        {"\x38", 1},           /* no text */
        {"\x39", 1},           /* shorter than no text */
        {"\x3A\xDE", 2},       /* so short that a byte is left */
        {"\x39\xDE", 2},       /* padding that is not zero */
        {"\x09\xFE", 2},       /* 127 is no number of four digits in base 3 */
        {"\xF0\x00", 2},       /* alphabet 30 does not exist */
        {"\xF8\x00%#\x00", 5}, /* symbols that do not ascend */
        {"\xF8\x00##\x00", 5}, /* a symbol twice */
        {"\xF8\xFF", 2},       /* 257 symbols */
        {"\xF8\x05#%", 4},     /* symbols cut off */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        payload_decodes_to(pack, cases[i].payload, cases[i].size, VP_ERR_CORRUPT);
}

static void learned_classes(void **state) {
    (void)state;
    const vp_allocator allocator = memory_default();
    uint8_t *copy, text[16];
    void *params = payload_load(pack, classes, sizeof classes - 1, &copy);
    assert_non_null(params);
    payload_is(pack, params, 4, "x21", "\x07", 1);        /* 2 * 3 + 1 */
    payload_is(pack, params, 4, "x2y", "\x0B", 1);        /* 9 + 2 */
    payload_is(pack, params, 4, "x00y", "\x0C", 1);       /* 9 + 3 shorter */
    payload_is(pack, params, 4, "x2222y", "\x00\x70", 2); /* 9 + 39 + 80 less 16 */
    static const char *const others[] = {"x", "xy", "x23", "x20000y", "y21", "x2z", "", "x21y0"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(payload_round_trip(pack, params, 4, others[i]), PAYLOAD_NOT_TAKEN);
    for (unsigned bits = 0; bits <= 5; bits++) payload_damage(pack, params, bits, "x0121y");
    const uint8_t beyond[] = {0, 0x71}; /* behind the last class */
    struct writer out = writer_over(text, sizeof text);
    assert_int_equal(payload_decode(pack, params, 4, beyond, sizeof beyond, &out), VP_ERR_CORRUPT);
    pack->unload(params, &allocator);
    free(copy);
}

static void learned_frame(void **state) {
    (void)state;
    const vp_allocator allocator = memory_default();
    uint8_t *copy;
    void *params = payload_load(pack, framed, sizeof framed - 1, &copy);
    assert_non_null(params);
    payload_is(pack, params, 4, "<123456/>", "\x00\x91\xA2\xB0",
               4); /* r = 0, 24 bits, 3 to fill: none fits */
    payload_is(pack, params, 5, "<1234567/>", "\x01\x23\x45\x67", 4);
    payload_is(pack, params, 0, "<f/>", "\x00\x78", 2);
    static const char *const others[] = {"<>", "</>", "<g/>", "<12", "12/>", ""};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(payload_round_trip(pack, params, 4, others[i]), PAYLOAD_NOT_TAKEN);
    for (unsigned bits = 0; bits <= 5; bits++) payload_damage(pack, params, bits, "<0123456789abcdef/>");
    pack->unload(params, &allocator);
    free(copy);
}

static void damaged_sections(void **state) {
    (void)state;
    static const char *const texts[] = {"x21", "x2222y", "<1234567/>", NULL};
    payload_damage_section(pack, classes, sizeof classes - 1, texts);
    payload_damage_section(pack, framed, sizeof framed - 1, texts);
    static const struct {
        const char *bytes;
        size_t size;
    } bad[] = {
        {"\x00\x00", 2},                 /* no alphabet */
        {"\x01\x00\x00\x00\x00\x00", 6}, /* an empty alphabet */
        {"\x01\x02"
         "aa"
         "\x00\x00\x00\x00",
         8}, /* a symbol twice */
        {"\x01\x01"
         "a"
         "\x00\x00\x00\x00",
         7}, /* blocks of one symbol */
        {"\x01\x02"
         "ab"
         "\x01\x00\x00\x00\x00",
         9}, /* a class of nothing */
        {"\x01\x02"
         "ab"
         "\x01\x01\x00\x00\x00\x01",
         10}, /* an unknown alphabet */
        {"\x01\x02"
         "ab"
         "\x01\x00\x00\x03\x02\x00",
         10}, /* shortest above longest */
        {"\x01\x02"
         "ab"
         "\x01\x00\x00\x01\xC0\x08\x00",
         11}, /* a run of 1088 bits and more */
        {"\x01\x02"
         "ab"
         "\x01\x01\x00\x00\x00\x00\x00",
         11}, /* a byte too many */
        {"\x01\x01"
         "a"
         "\x01\x00\x00\x00\x02\x00",
         9}, /* a run of one symbol */
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint8_t *copy;
        assert_null(payload_load(pack, (const uint8_t *)bad[i].bytes, bad[i].size, &copy));
        free(copy);
    }
}

static void assert_describes(const uint8_t *section, size_t size, const char *expected) {
    const vp_allocator allocator = memory_default();
    uint8_t *copy;
    char json[200];
    void *params = payload_load(pack, section, size, &copy);
    struct writer out = writer_over(json, sizeof json);
    pack->describe(params, &out);
    assert_int_equal(out.length, strlen(expected));
    assert_memory_equal(json, expected, out.length);
    pack->unload(params, &allocator);
    free(copy);
}

static void describes_what_it_stores(void **state) {
    (void)state;
    assert_describes(classes, sizeof classes - 1, "\"alphabets\":3,\"classes\":[\"x??\",\"x*y\"]");
    assert_describes(framed, sizeof framed - 1, "\"alphabets\":1,\"prefix\":\"<\",\"suffix\":\"/>\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_alphabets_ascend),
        cmocka_unit_test(blocks_have_the_bits_they_need),
        cmocka_unit_test(alphabets_tell_their_symbols),
        cmocka_unit_test(untrained_examples),
        cmocka_unit_test(untrained_texts),
        cmocka_unit_test(untrained_bytes_outside_ascii),
        cmocka_unit_test(hostile_untrained_payloads),
        cmocka_unit_test(learned_classes),
        cmocka_unit_test(learned_frame),
        cmocka_unit_test(damaged_sections),
        cmocka_unit_test(describes_what_it_stores),
    };
    return cmocka_run_group_tests_name("pack", tests, NULL, NULL);
}
