#include "blob_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

extern const struct encoder encoder_msgpack;

static int setup(void **state) {
    struct blob_coder *b = malloc(sizeof *b);
    if (!b) return -1;
    blob_coder_init(b, &encoder_msgpack, NULL);
    *state = b;
    return 0;
}

static int teardown(void **state) {
    blob_coder_free(*state);
    free(*state);
    return 0;
}

static void assert_payload(struct blob_coder *b, const char *value, size_t size, const void *payload,
                           size_t expected) {
    uint8_t out[256];
    assert_int_equal(blob_encode(b, value, size, out, sizeof out), expected);
    assert_memory_equal(out, payload, expected);
    blob_round_trip(b, value, size);
}

/* The worked examples of FORMAT.md. */
static void test_worked_examples(void **state) {
    static const char json[] = "{\"id\":12345,\"ok\":true,\"n\":null}";
    static const uint8_t packed[] = {0x00, 0x83, 0xA2, 'i',  'd',  0xCD, 0x30, 0x39,
                                     0xA2, 'o',  'k',  0xC3, 0xA1, 'n',  0xC0};
    assert_payload(*state, json, sizeof json - 1, packed, sizeof packed);
    static const char prices[] = "[19.99, -0.5, 1e5]";
    static const uint8_t packed_prices[] = {0x01, 0x93, 0xD5, 0x02, 0x07, 0xCF, 0xD4, 0x21,
                                            0x05, 0xC7, 0x03, 0x7F, '1',  'e',  '5'};
    assert_payload(*state, prices, sizeof prices - 1, packed_prices, sizeof packed_prices);
    static const uint8_t floats[] = {0x92, 0xCB, 0x40, 0x33, 0xFD, 0x70, 0xA3, 0xD7, 0x0A, 0x3D, 0xCC, 0x01};
    static const uint8_t packed_floats[] = {0x07, 0x92, 0xD5, 0x02, 0x07, 0xCF, 0xCC, 0x01};
    assert_payload(*state, (const char *)floats, sizeof floats, packed_floats, sizeof packed_floats);
}

/* Texts that some writer of JSON makes, and that come back from a payload that is shorter. */
static const char *const taken[] = {
    "{\"a\":1,\"b\":[1,2,3],\"c\":{\"d\":\"e\"},\"f\":[],\"g\":{}}",
    "{\"a\": 1, \"b\": [1, 2, 3], \"c\": {\"d\": \"e\"}, \"f\": [], \"g\": {}}",
    "{\"a\": 1,\"b\": [1,2,3],\"c\": {\"d\": \"e\"},\"f\": [],\"g\": {}}",
    "{\"a\":1, \"b\":[1, 2, 3], \"c\":{\"d\":\"e\"}, \"f\":[], \"g\":{}}",
    "{\n  \"a\": 1,\n  \"b\": [\n    1,\n    2\n  ],\n  \"c\": {},\n  \"d\": []\n}",
    "{\n    \"a\": 1,\n    \"b\": [\n        1,\n        2\n    ]\n}\n",
    "{\n\t\"a\": 1,\n\t\"b\": [\n\t\t1,\n\t\t2\n\t]\n}",
    "{\n          \"a\": 1,\n          \"b\": [\n            \"c\"\n          ]\n        }",
    "[\"first\",\"second\",\"third\"]\n",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"deep enough\"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    "{\"same\":1,\"same\":2,\"same\":3}",
    "[0,-1,127,128,255,256,65535,65536,4294967295,4294967296,18446744073709551615]",
    "[-32,-33,-128,-129,-32768,-32769,-2147483648,-2147483649,-9223372036854775807]",
    "[1.5,19.99,-0.1,-0.0,0.0,1.0,100.00,52.520008,13.404954123456,0.00001]",
    "{\"a long key\":1e5,\"another long key\":-1.5E+10,\"third\":-0,\"a large number\":18446744073709551616}",
    "[\"https:\\/\\/example.com\\/a\",\"b\\/c\",\"d\\/e\"]",
    "[\"caf\\u00e9\",\"na\\u00efve\",\"\\u20ac\",\"\\ud83d\\ude00\"]",
    "[\"caf\\u00E9\",\"na\\u00EFve\",\"\\u20AC\",\"\\uD83D\\uDE00\"]",
    "[\"caf\xC3\xA9\",\"\xE2\x82\xAC\",\"\xF0\x9F\x98\x80\",\"\xE2\x80\xA8\",\"plain\"]",
    "[\"\\u003cb\\u003e bold \\u0026 so on \\u2028\",\"caf\xC3\xA9 and more\"]",
    "[\"tab\\tline\\nreturn\\rquote\\\"backslash\\\\bell\\u0007\\b\\f\",\"and so on\"]",
    "[\"backspace\\u0008form\\u000c\",\"and so on\",\"and on\"]",
    "[\"lone \\ud800 and \\udc00 and \\udc00\\ud800\",\"surrogates\"]",
    "[\"not UTF-8: \xFF\xC0\x80\xED\xA0\x80 \xE2\x82\",\"more text\"]",
    "[\"delete \x7F\",\"more text\"]",
};

static void test_spellings_that_come_back(void **state) {
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
        assert_true(blob_round_trip(*state, taken[i], strlen(taken[i])) < strlen(taken[i]));
}

/* Good JSON that no style says, and bad JSON. */
static const char *const not_taken[] = {
    "{ \"a\": 1, \"b\": 2 }",
    "{\"a\":1, \"b\":2,\"c\":3}",
    "{\"a\" : 1, \"b\" : 2}",
    "{\n   \"three spaces\": 1\n}",
    "{\r\n  \"a\": 1\r\n}",
    "[\n  {\"in one line\": true}\n]",
    "[\"\\/\",\"a/b\",\"and more\"]",
    "[\"\\u00e9\",\"\xC3\xA9\",\"and more\"]",
    "[\"\\u00e9\\u00E9\",\"and more\"]",
    "[\"\\u0041\\u0042\",\"no need to escape\"]",
    "[\"\\u0022\",\"no need to write it so long\"]",
    "[\"\\u003c but > too\",\"and more\"]",
    "[\"\\b and \\u0008\",\"and more\"]",
    "{\"a\":\"b\"}\n\n",
    " {\"a\":\"b\"}",
    "{\"a\":\"b\"} ",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"too deep\"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    "[1,2,3",
    "[1,2,3]]",
    "[1,2,3,]",
    "[,1,2,3]",
    "{\"a\"}",
    "{\"a\":}",
    "{1:2,\"abcd\":3}",
    "[tru,fals,nul]",
    "[True,False,None]",
    "[\"open]",
    "[\"bad escape \\x\"]",
    "[\"bad escape \\u12g4\"]",
    "[\"bad escape \\u12",
    "[\"bad escape \\",
    "[\"line\nbreak\"]",
    "[1 2 3]",
    "[//comment\n1]",
    "{{{{{{{{",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
};

static void test_spellings_that_do_not(void **state) {
    uint8_t out[256];
    for (size_t i = 0; i < sizeof not_taken / sizeof not_taken[0]; i++)
        assert_int_equal(blob_encode(*state, not_taken[i], strlen(not_taken[i]), out, sizeof out),
                         BLOB_NOT_TAKEN);
}

static void test_sessions(void **state) {
    size_t raw = 0, encoded = 0;
    for (unsigned i = 0; i < 2000; i++) {
        char session[400];
        size_t size = blob_session(i, session);
        raw += size;
        encoded += blob_round_trip(*state, session, size);
    }
    assert_true(encoded * 100 < raw * 85);
}

/* A text of random pieces of JSON: what is taken comes back, and nothing goes wrong on the rest. */
static void test_random_texts(void **state) {
    static const char *const pieces[] = {"{",    "}",    "[",       "]",       ",",    ":",    " ",   "\n",
                                         "\"",   "\\",   "\"a\"",   "\"b\":",  "1",    "-",    "0.5", "e",
                                         "true", "null", "\\u00e9", "\\ud83d", "\xC3", "\xA9", "\\/", "  "};
    uint64_t seed = 9;
    for (unsigned i = 0; i < 200000; i++) {
        char text[64] = "[";
        size_t size = 1, count = next_random(&seed) % 10;
        for (size_t p = 0; p < count; p++) {
            const char *piece = pieces[next_random(&seed) % (sizeof pieces / sizeof pieces[0])];
            memcpy(text + size, piece, strlen(piece));
            size += strlen(piece);
        }
        if (i % 2) text[size++] = ']';
        uint8_t payload[200];
        if (blob_encode(*state, text, size, payload, sizeof payload) != BLOB_NOT_TAKEN)
            blob_round_trip(*state, text, size);
    }
}

static void test_hostile_payloads(void **state) {
    static const struct {
        uint8_t size, bytes[16];
    } bad[] = {
        {0, {0}},
        {1, {0x00}},
        {2, {0x00, 0xC0}},                         /* a scalar */
        {3, {0x00, 0x90, 0xC0}},                   /* a byte after the object */
        {3, {0x80, 0x00, 0x90}},                   /* a varint too long */
        {4, {0x80, 0x80, 0x01, 0x90}},             /* an unknown style */
        {3, {0x0F, 0x91, 0xC0}},                   /* a layout that is none */
        {6, {0x00, 0xDD, 0xFF, 0xFF, 0xFF, 0xFF}}, /* 4 Gi members in 5 bytes */
        {6, {0x00, 0xDF, 0x80, 0x00, 0x00, 0x01}},
        {7, {0x00, 0x91, 0xDB, 0xFF, 0xFF, 0xFF, 0xFF}}, /* a string of 4 GiB */
        {4, {0x00, 0x81, 0x01, 0x01}},                   /* a key that is no string */
        {2, {0x00, 0x91}},                               /* a member missing */
        {3, {0x00, 0x91, 0xC1}},
        {4, {0x00, 0x91, 0xCC, 0x7F}},             /* 127 in two bytes */
        {4, {0x00, 0x91, 0xD0, 0x05}},             /* 5 as a signed number */
        {4, {0x00, 0x91, 0xD0, 0xE0}},             /* -32 in two bytes */
        {5, {0x00, 0x91, 0xD9, 0x01, 'a'}},        /* a short string with a long head */
        {5, {0x00, 0xDC, 0x00, 0x01, 0x01}},       /* a short array with a long head */
        {7, {0x00, 0x91, 0xCA, 0, 0, 0, 0}},       /* a float */
        {5, {0x00, 0x91, 0xC4, 0x01, 'a'}},        /* binary */
        {5, {0x00, 0x91, 0xD4, 0x00, 0x05}},       /* a decimal without a point */
        {5, {0x00, 0x91, 0xD4, 0x40, 0x05}},       /* an unknown extension */
        {6, {0x00, 0x91, 0xD5, 0x01, 0x00, 0x05}}, /* a decimal's body too long */
        {5, {0x00, 0x91, 0xD4, 0x7F, 'x'}},        /* spelled like no number */
        {5, {0x00, 0x91, 0xD4, 0x7F, '1'}},        /* a number that needs no spelling */
        {2, {0x07, 0x90}},                         /* nothing was made shorter */
        {11, {0x07, 0x91, 0xCB, 0x40, 0x33, 0xFD, 0x70, 0xA3, 0xD7, 0x0A, 0x3D}}, /* 19.99 in full */
        {6, {0x07, 0x91, 0xD5, 0x02, 0x00, 0x05}},                                /* a body too long */
        {5, {0x07, 0x91, 0xD4, 0x01, 0x32}}, /* 5.0, which is shorter as 5 */
        {5, {0x07, 0x91, 0xD4, 0x10, 0x05}}, /* a scale too large */
        {6, {0x07, 0x91, 0xD4, 0x00, 0x05, 0xC0}},
    };
    uint8_t text[200];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct writer out = writer_over(text, sizeof text);
        assert_int_equal(blob_decode(*state, bad[i].bytes, bad[i].size, &out), VP_ERR_CORRUPT);
    }
    uint8_t deep[40] = {0x00};
    memset(deep + 1, 0x91, 33);
    deep[34] = 0x90;
    struct writer out = writer_over(text, sizeof text);
    assert_int_equal(blob_decode(*state, deep, 35, &out), VP_ERR_CORRUPT);
}

static void test_damage(void **state) {
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
        blob_damage(*state, taken[i], strlen(taken[i]));
}

/* What msgpack packers write for {"name":"x","scores":[0.5,19.99,100.0],"raw":...}. */
static void test_values_that_are_msgpack(void **state) {
    static const uint8_t value[] = {
        0x83, 0xA4, 'n',  'a',  'm',  'e',  0xD9, 0x01, 'x', 0xA6, 's',  'c',  'o',  'r',  'e',  's',
        0x94, 0xCB, 0x3F, 0xE0, 0,    0,    0,    0,    0,   0,    0xCB, 0x40, 0x33, 0xFD, 0x70, 0xA3,
        0xD7, 0x0A, 0x3D, 0xCB, 0x40, 0x59, 0,    0,    0,   0,    0,    0,    0xCB, 0x40, 0x09, 0x21,
        0xFB, 0x54, 0x44, 0x2D, 0x18, 0xA3, 'r',  'a',  'w', 0xC7, 0x02, 0x41, 0x01, 0x02,
    };
    assert_int_equal(blob_round_trip(*state, value, sizeof value), sizeof value + 1 - 6 - 5 - 6);
    blob_damage(*state, value, sizeof value);
}

static void test_msgpack_without_gain_is_not_taken(void **state) {
    static const uint8_t integers[] = {0x94, 0x01, 0x02, 0x03, 0x04};
    static const uint8_t ours[] = {0x92, 0xCB, 0x40, 0x59, 0, 0, 0, 0, 0, 0, 0xD4, 0x05, 0x01};
    static const uint8_t cut[] = {0x92, 0xCB, 0x40, 0x59, 0, 0, 0, 0, 0, 0};
    uint8_t out[64];
    assert_int_equal(blob_encode(*state, integers, sizeof integers, out, sizeof out), BLOB_NOT_TAKEN);
    assert_int_equal(blob_encode(*state, ours, sizeof ours, out, sizeof out), BLOB_NOT_TAKEN);
    assert_int_equal(blob_encode(*state, cut, sizeof cut, out, sizeof out), BLOB_NOT_TAKEN);
}

#define WITH_CODER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_CODER(test_worked_examples),
        WITH_CODER(test_spellings_that_come_back),
        WITH_CODER(test_spellings_that_do_not),
        WITH_CODER(test_sessions),
        WITH_CODER(test_random_texts),
        WITH_CODER(test_hostile_payloads),
        WITH_CODER(test_damage),
        WITH_CODER(test_values_that_are_msgpack),
        WITH_CODER(test_msgpack_without_gain_is_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
