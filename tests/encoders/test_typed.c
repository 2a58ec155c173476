#include "payload_check.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>

extern const struct encoder encoder_typed;

enum { TEXT = 64, MANY = 2000 };

static const struct encoder *const typed = &encoder_typed;

static size_t untrained(const char *text) {
    return payload_round_trip(typed, NULL, 0, text);
}

/* ---- Worked examples of the format --------------------------------------------------------------- */

static void test_worked_examples(void **state) {
    (void)state;
    /* 10000 IPv4, then C0 A8 00 01 three bits to the left. */
    payload_is(typed, NULL, 0, "192.168.0.1", "\x00\x86\x05\x40\x00\x08", 6);
    /* 10110 time, 0000000 date alone, 719528 days in 22 bits. */
    payload_is(typed, NULL, 0, "1970-01-01", "\x00\xB0\x02\xBE\xAA\x00", 6);
    /* 010 UUID of version 4, 000 lower case, then 122 bits: 0x123456789ABCDEF (60), 0x0123... (62). */
    payload_is(typed, NULL, 0, "12345678-9abc-4def-8123-456789abcdef",
               "\x00\x40\x48\xD1\x59\xE2\x6A\xF3\x7B\xC1\x23\x45\x67\x89\xAB\xCD\xEF", 17);
    /* 11001 base64, 000 neither url nor padded, the bytes. */
    payload_is(typed, NULL, 0, "TWFueSBo", "\x00\xC8Many h", 8);
    /* 11000 hex, lower case, odd. */
    payload_is(typed, NULL, 0, "abcdef7", "\x00\xC2\xAB\xCD\xEF\x70", 6);
    /* 11010 JWT, 000, 2 bytes of header, 2 of body, signature. */
    payload_is(typed, NULL, 0, "e30.e30.AQI", "\x00\xD0\x02{}\x02{}\x01\x02", 10);
}

/* ---- Spellings ----------------------------------------------------------------------------------- */

/* Values and their sizes with header. */
static const struct {
    const char *text;
    size_t size;
} spellings[] = {
    {"c232ab00-9414-11ec-b3c8-9f6bdeced846", 17},
    {"919108f7-52d1-4320-9bac-f847db4148a8", 17},
    {"017f22e2-79b0-7cc3-98c4-dc0c0c07398f", 17},
    {"919108F7-52D1-4320-9BAC-F847DB4148A8", 17},
    {"{919108f7-52d1-4320-9bac-f847db4148a8}", 17},
    {"{919108F7-52D1-4320-9BAC-F847DB4148A8}", 17},
    {"urn:uuid:919108f7-52d1-4320-9bac-f847db4148a8", 17},
    {"urn:uuid:919108F7-52D1-4320-9BAC-F847DB4148A8", 17},
    {"00000000-0000-0000-0000-000000000000", 18},
    {"ffffffff-ffff-ffff-ffff-ffffffffffff", 18},
    {"919108f752d143209bacf847db4148a8", 18},
    {"0.0.0.0", 6},
    {"255.255.255.255", 6},
    {"10.0.0.0/8", 4},
    {"0.0.0.0/0", 3},
    {"1.2.3.4/32", 7},
    {"1.2.3.4:8080", 8},
    {"::", 18},
    {"::1", 18},
    {"2001:db8::1", 18},
    {"1:2:3:4:5:6:7:8", 18},
    {"1:0:0:2::3", 18},
    {"2001:db8:0:1:1:1:1:1", 18},
    {"::ffff:192.0.2.1", 18},
    {"2001:db8::/32", 7},
    {"::/0", 3},
    {"00:1b:44:11:3a:b7", 8},
    {"00-1B-44-11-3A-B7", 8},
    {"001b.4411.3ab7", 8},
    {"2024-02-29", 6},
    {"2024-02-29T12:34Z", 7},
    {"2024-02-29 12:34:56", 8},
    {"2024-02-29T12:34:56Z", 8},
    {"2024-02-29T12:34:56.789Z", 9},
    {"2024-02-29T12:34:56.123456789+05:45", 13},
    {"2024-02-29T12:34:56-0800", 9},
    {"0000-01-01T00:00:00-00:00", 9},
    {"9999-12-31T23:59:59+23:59", 9},
    {"0000-02-29", 6},
    {"0000-03-01", 6},
    {"507f1f77bcf86cd799439011", 14},
    {"01ARZ3NDEKTSV4RRFFQ69G5FAV", 18},
    {"01arz3ndektsv4rrffq69g5fav", 18},
    {"d41d8cd98f00b204e9800998ecf8427e", 18},
    {"DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", 22},
    {"TWFueSBoYW5kcw==", 12},
    {"TWFueSBoYW5kcyE=", 13},
    {"TWFueSBoYW5kcw", 12},
    {"-_-_TWFu", 8},
    {"eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", 29},
};

static void test_spellings(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        assert_int_equal(untrained(spellings[i].text), spellings[i].size);
        payload_damage(typed, NULL, 0, spellings[i].text);
    }
}

static void test_irregular_is_left(void **state) {
    (void)state;
    static const char *const texts[] = {"01.2.3.4",
                                        "1.2.3.256",
                                        "1.2.3",
                                        "1.2.3.4.5",
                                        "10.0.0.1/8",
                                        "1.2.3.4/33",
                                        "1.2.3.4/08",
                                        "1.2.3.4:65536",
                                        "2001:DB8::1",
                                        "2001:0db8::1",
                                        "0:0:0:0:0:0:0:0",
                                        "1::2::3",
                                        "::ffff:c000:201",
                                        "2001:db8::1/32",
                                        "1:2:3:4:5:6:7::",
                                        "00:1b:44:11:3A:b7",
                                        "2023-02-29",
                                        "2024-13-01",
                                        "2024-00-10",
                                        "2024-01-01T24:00",
                                        "2024-01-01T12:60",
                                        "2024-01-01T12:34:60",
                                        "2024-01-01T12:34:56.",
                                        "2024-01-01T12:34:56.1234567890",
                                        "2024-01-01T12:34+24:00",
                                        "2024-1-1 12:34",
                                        "2024-01-01T",
                                        "a1B2c3",
                                        "{919108f7-52d1-4320-9bac-f847db4148a8)",
                                        "urn-uuid:919108f7-52d1-4320-9bac-f847db4148a8",
                                        "TWFueSBoYW5kcx",
                                        "TWFu+-__",
                                        "TWFueSBoYW5kcw=",
                                        "hello, world",
                                        "a b",
                                        "",
                                        "..",
                                        "e30.e30",
                                        "e30.e30.e30.e30"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t size = untrained(texts[i]);
        if (size != PAYLOAD_NOT_TAKEN && strcmp(texts[i], "..") != 0) fail_msg("%s was taken", texts[i]);
    }
}

/* Payloads that name a form but no value of it. */
static void test_hostile_payloads(void **state) {
    (void)state;
    static const struct {
        const char *payload;
        size_t size;
    } cases[] = {
        {"", 0},                             /* no kind */
        {"\x86\x05\x40\x00", 4},             /* IPv4 cut */
        {"\x86\x05\x40\x00\x09", 5},         /* padding not zero */
        {"\x86\x05\x40\x00\x08\x00", 6},     /* a byte too many */
        {"\xB0\x0D\xEE\xD2\x40", 5},         /* day 3652425: 10000-01-01 */
        {"\xB5\x90\x00\x00\x00", 5},         /* detail 89 of time */
        {"\x8C\x20\x00\x00\x00\x00\x00", 7}, /* IPv4 net of 33 bits */
        {"\xC0", 1},                         /* hex of nothing */
        {"\xC4\x12\x34\x56", 4},             /* upper case without a letter */
        {"\xC1\xAB\xCD\xEF", 4},             /* spare bit set */
        {"\xC2\xAB\xCD\xEF\x71", 5},         /* odd, half a byte not zero */
        {"\xCC"
         "abcdef",
         7}, /* base64url that does not show */
        {"\xCA"
         "abcdef",
         7},                         /* padded without padding */
        {"\xD0\x02{}\x05{}", 7},     /* JWT with a body too long */
        {"\xD0\x82\x00{}\x02{}", 8}, /* a varint longer than needed */
        {"\xD8", 1},                 /* kind 27 */
        {"\x1C\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 17}, /* UUID detail 7 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        payload_decodes_to(typed, cases[i].payload, cases[i].size, VP_ERR_CORRUPT);
}

/* ---- Generated values ------------------------------------------------------------------------------ */

static unsigned below(uint64_t *seed, unsigned limit) {
    return (unsigned)(next_random(seed) >> 33) % limit;
}

/* One of a dozen kinds, at random. */
static void any_value(uint64_t *seed, unsigned kind, char *text) {
    unsigned a = (unsigned)next_random(seed), b = (unsigned)next_random(seed),
             c = (unsigned)next_random(seed);
    switch (kind % 8) {
    case 0:
        snprintf(text, TEXT, "%08x-%04x-%x%03x-%x%03x-%08x%04x", a, b >> 16, 1 + c % 15, b & 0xFFF, 8 + b % 8,
                 c >> 20, a ^ c, c & 0xFFFF);
        break;
    case 1: snprintf(text, TEXT, "%u.%u.%u.%u", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255); break;
    case 2:
        snprintf(text, TEXT, "%u.%u.%u.%u:%u", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255, b >> 16);
        break;
    case 3:
        snprintf(text, TEXT, "%02X-%02X-%02X-%02X-%02X-FF", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255,
                 b >> 24);
        break;
    case 4:
        snprintf(text, TEXT, "%04u-%02u-%02uT%02u:%02u:%02u.%03u%c%02u:%02u", a % 10000, 1 + b % 12,
                 1 + c % 28, a % 24, b % 60, c % 60, a % 1000, b % 2 ? '+' : '-', c % 15, b % 4 * 15);
        break;
    case 5: snprintf(text, TEXT, "%08x%08x%08x", a, b, c); break;
    case 6: snprintf(text, TEXT, "%08X%08X%08X%08X%08XA", a, b, c, a ^ b, b ^ c); break;
    default:
        snprintf(text, TEXT, "%x:%x:%x:%x:%x:%x:%x:%x", 1 + (a >> 17), 1 + (a & 0x7FFF), 1 + (b >> 17),
                 1 + (b & 0x7FFF), 1 + (c >> 17), 1 + (c & 0x7FFF), a % 9 + 1, b % 9 + 1);
        break;
    }
}

static void test_generated_values(void **state) {
    (void)state;
    uint64_t seed = 7;
    for (unsigned i = 0; i < MANY; i++) {
        char text[TEXT];
        any_value(&seed, i, text);
        size_t size = untrained(text);
        if (size == PAYLOAD_NOT_TAKEN || size >= strlen(text)) fail_msg("%s takes %zu bytes", text, size);
    }
}

/* Every day of the calendar's first and last 4 years and of a century's end. */
static void test_calendar(void **state) {
    (void)state;
    static const unsigned starts[] = {0, 1896, 1999, 9996};
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (unsigned i = 0; i < 4 * 48; i++) {
        unsigned year = starts[i / 48] + i % 48 / 12, month = i % 12 + 1;
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        unsigned last = days[month - 1] + (month == 2 && leap ? 1u : 0u);
        for (unsigned day = 1; day <= 31; day++) {
            char text[TEXT];
            snprintf(text, sizeof text, "%04u-%02u-%02u", year, month, day);
            assert_int_equal(untrained(text), day <= last ? 6 : PAYLOAD_NOT_TAKEN);
        }
    }
}

static void test_noise_is_harmless(void **state) {
    (void)state;
    uint64_t seed = 3;
    for (unsigned i = 0; i < 20000; i++) {
        uint8_t noise[40], decoded[200];
        for (unsigned at = 0; at < sizeof noise; at++) noise[at] = (uint8_t)(next_random(&seed) >> 40);
        struct writer out = writer_over(decoded, sizeof decoded);
        int status = payload_decode(typed, NULL, 0, noise, 1 + below(&seed, sizeof noise), &out);
        assert_true(status == VP_OK || status == VP_ERR_CORRUPT || status == VP_ERR_SPACE);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worked_examples),   cmocka_unit_test(test_spellings),
        cmocka_unit_test(test_irregular_is_left), cmocka_unit_test(test_hostile_payloads),
        cmocka_unit_test(test_generated_values),  cmocka_unit_test(test_calendar),
        cmocka_unit_test(test_noise_is_harmless),
    };
    return cmocka_run_group_tests_name("typed", tests, NULL, NULL);
}
