/* JSON comes back in its own spelling, whatever RFC 8259 allows, and what it does not allow too. */
#include "test.h"

#include "encoder.h"
#include "profile.h"

#include <stdio.h>

enum { CODECS = 4, TEXT_ROOM = 8192 };

static struct coder coders[CODECS];
static vp_profile *profiles[CODECS];

/* Without a profile; msgpack alone, so that nothing else takes its values; trained twice. */
static int open_all(void **state) {
    (void)state;
    struct bytes file = single_encoder_profile(ENCODER_ID_msgpack, ROW_SYSTEM, 0, (struct bytes){NULL, 0});
    profiles[1] = load_profile(file);
    test_free(file.at);
    profiles[2] = train_profile(&(struct recipe){.kind = VALUE_SESSION, .count = 200});
    profiles[3] =
        train_profile(&(struct recipe){.kind = VALUE_SESSION, .count = 60, .preset = VP_PRESET_FAST});
    for (size_t i = 0; i < CODECS; i++) coders[i] = coder_of(profiles[i], NULL);
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

static void check(const char *text, size_t size) {
    for (size_t i = 0; i < CODECS; i++) test_free(round_trip(coders[i].context, text, size).at);
}

/* A value as a document, and inside of arrays and objects in three styles of spacing. */
static void check_in_context(const char *item) {
    static const char *const around[] = {"%s",
                                         "[%s]",
                                         "[%s,%s]",
                                         "[%s, %s]",
                                         "{\"key\":%s}",
                                         "{\"key\": %s, \"key\": %s}",
                                         "{\n  \"a\": [\n    %s,\n    %s\n  ]\n}",
                                         "{\"a\":{\"b\":[%s,{\"c\":%s}]}}",
                                         "[1,2,3,4,5,6,7,8,%s]",
                                         "{\"id\":12345,\"name\":\"alice\",\"tags\":[],\"v\":%s}",
                                         " %s",
                                         "%s\n",
                                         "[%s,]",
                                         "{\"key\":%s,}"};
    char text[TEXT_ROOM];
    for (size_t i = 0; i < sizeof around / sizeof around[0]; i++) {
        int size = snprintf(text, sizeof text, around[i], item, item);
        assert_true(size >= 0 && size < TEXT_ROOM);
        check(text, (size_t)size);
    }
}

static void numbers(void **state) {
    (void)state;
    static const char *const texts[] = {
        "0", "-0", "1", "-1", "10", "127", "128", "-128", "-129", "255", "256", "32767", "32768", "-32769",
        "65535", "65536", "2147483647", "2147483648", "-2147483649", "4294967295", "4294967296",
        "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "-9223372036854775809", "18446744073709551615", "18446744073709551616",
        "123456789012345678901234567890", "0.0", "-0.0", "1.0", "1.00", "0.1", "0.10", "19.99", "100.50",
        "3.141592653589793", "0.30000000000000004", "1e5", "1E5", "1e+5", "1E+05", "1e-5", "1.5e300", "1e400",
        "-1e-400", "5e-324", "4.9406564584124654e-324", "1.7976931348623157e308", "2.2250738585072014e-308",
        "0e0", "0E-0", "1.0e0", "123.456e-7", "0.000001", "0.0000001", "1e21", "1e22", "1e23",
        "100000000000000000000", "1e16", "12345678.9", "0.1e1", "9999999999999999", "1.7e3",
        /* not JSON */
        "01", "-01", "+1", "1.", ".5", "-.5", "1e", "1e+", "0x10", "1_000", "--1", "NaN", "Infinity",
        "-Infinity", "1.2.3"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) check_in_context(texts[i]);
}

static void strings(void **state) {
    (void)state;
    static const char *const texts[] = {
        "\"\"", "\"a\"", "\"\\\"\"", "\"\\\\\"", "\"\\/\"", "\"/\"", "\"\\b\\f\\n\\r\\t\"",
        "\"\\u0008\\u000c\\u000a\\u000d\\u0009\"", "\"\\u0022\"", "\"\\u005c\"", "\"\\u002f\"", "\"\\u0041\"",
        "\"\\u00e9\"", "\"\\u00E9\"", "\"\xC3\xA9\"", "\"\\u0000\"", "\"\\u001f\"", "\"\\u001F\"",
        "\"\\u007f\"", "\"\x7F\"", "\"\\ud83d\\ude42\"", "\"\\uD83D\\uDE42\"", "\"\\uD83d\\uDe42\"",
        "\"\xF0\x9F\x99\x82\"", "\"\\ud83d\"", "\"\\ude42\"", "\"\\ude42\\ud83d\"",
        "\"\\ud83d\\ud83d\\ude42\"", "\"\\ud83dx\"", "\"\\uffff\"", "\"\\ufffe\\ufeff\"",
        "\"\\u2028\\u2029\"", "\"\xE2\x80\xA8\"", "\"<\\/script>\"", "\"\\u003c\\u003e\\u0026\"", "\"it's\"",
        "\"mixed \\u00e9 and \xC3\xA9\"", "\"mixed / and \\/\"", "\"\\uD800\\uDC00\"", "\"\\udbff\\udfff\"",
        /* not JSON, or not UTF-8 */
        "\"\\a\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\U0041\"", "\"\\x41\"", "\"\n\"", "\"\t\"", "\"\x01\"",
        "\"unfinished", "\"\\\"", "\"\x80\"", "\"\xC3\"", "\"\xC0\xAF\"", "\"\xED\xA0\x80\"",
        "\"\xF4\x90\x80\x80\"", "\"\xFF\xFE\"", "'single'"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) check_in_context(texts[i]);
}

static void words(void **state) {
    (void)state;
    static const char *const texts[] = {
        "true", "false", "null", "True", "NULL", "nul",  "truefalse", "undefined", "[]",
        "{}",   "[ ]",   "{ }",  "[\n]", "[[]]", "[{}]", "[[],[]]",   "{\"\":{}}", "{\"a\":null,\"a\":null}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) check_in_context(texts[i]);
}

static void objects(void **state) {
    (void)state;
    static const char *const texts[] = {
        "{\"a\":1,\"a\":2}",
        "{\"b\":1,\"a\":2}",
        "{\"a\":1,\"A\":1}",
        "{\"\":1,\"\":2}",
        "{\"\\u0061\":1,\"a\":2}",
        "{\"a\" :1}",
        "{\"a\": 1,\"b\":2}",
        "{\"a\":1 ,\"b\":2}",
        "{ \"a\": 1, \"b\": 2 }",
        "{\"a\":1, \"b\":2}",
        "{\"a\":1}\n",
        "\xEF\xBB\xBF{\"a\":1}",
        "{\"a\":1}{\"b\":2}",
        "{\"a\":1}\n{\"b\":2}\n",
        "{a:1}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{1:2}",
        "[1 2]",
        "[1,,2]",
        "[",
        "]",
        "{",
        "}",
        "[}",
        "{]",
        "[1,2",
        "{\"a\":1",
        "/* c */ 1",
        "{\"long_key_one\":\"value one\",\"long_key_two\":[1,2,3],\"long_key_three\":{\"nested\":true}}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) check_in_context(texts[i]);
}

/* Each kind of white space at each place where RFC 8259 allows it, one and several at a time. */
static void white_space(void **state) {
    (void)state;
    static const char *const pieces[] = {"{",     "\"a\"", ":", "[",     "1", ",", "-2.5",  ",",
                                         "\"x\"", "]",     ",", "\"b\"", ":", "{", "\"c\"", ":",
                                         "null",  "}",     ",", "\"d\"", ":", "[", "]",     "}"};
    static const char *const spaces[] = {" ", "\t", "\n", "\r", "\r\n", "  ", "\n    "};
    enum { PIECES = sizeof pieces / sizeof pieces[0], SPACES = sizeof spaces / sizeof spaces[0] };
    uint64_t random = 31;
    for (unsigned round = 0; round < (PIECES + 1) * SPACES + 300; round++) {
        char text[TEXT_ROOM] = "";
        for (unsigned i = 0; i <= PIECES; i++) {
            bool here = round < (PIECES + 1) * SPACES ? i == round / SPACES : random_below(&random, 3) == 0;
            if (here)
                strcat(
                    text,
                    spaces[round < (PIECES + 1) * SPACES ? round % SPACES : random_below(&random, SPACES)]);
            if (i < PIECES) strcat(text, pieces[i]);
        }
        check(text, strlen(text));
    }
}

/* Indented as common libraries do, with 0 to 8 spaces or a tab, and different ends of lines. */
static void pretty_printing(void **state) {
    (void)state;
    static const char *const ends[] = {"\n", "\r\n", " "};
    char text[TEXT_ROOM];
    for (int indent = 0; indent <= 9; indent++) {
        for (size_t end = 0; end < 3; end++) {
            char one[10] = "\t", *at = text;
            if (indent < 9) snprintf(one, sizeof one, "%*s", indent, "");
            at += sprintf(at, "{%s%s\"id\": 17,%s%s\"tags\": [%s", ends[end], one, ends[end], one, ends[end]);
            at += sprintf(at, "%s%s\"a\",%s%s%s\"b\"%s%s],%s%s\"empty\": [],", one, one, ends[end], one, one,
                          ends[end], one, ends[end], one);
            at += sprintf(at, "%s%s\"object\": {%s%s%s\"x\": 1.50%s%s}%s}", ends[end], one, ends[end], one,
                          one, ends[end], one, ends[end]);
            check(text, (size_t)(at - text));
            check(text, (size_t)(at - text) - 1);
        }
    }
}

static void deep_nesting(void **state) {
    (void)state;
    static const unsigned depths[] = {1, 2, 8, 30, 31, 32, 33, 34, 64, 65, 500};
    char text[TEXT_ROOM];
    for (size_t i = 0; i < sizeof depths / sizeof depths[0]; i++) {
        unsigned depth = depths[i];
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        check(text, 2 * depth);
        check(text, depth);         /* never closed */
        check(text, 2 * depth - 1); /* closed once too little */
        size_t size = 0;
        for (unsigned d = 0; d < depth; d++) size += (size_t)sprintf(text + size, "{\"a\":");
        text[size++] = '1';
        memset(text + size, '}', depth);
        check(text, size + depth);
    }
}

/* Real documents with one byte changed, removed or doubled at every place. */
static void spoiled_documents(void **state) {
    (void)state;
    uint64_t random = 41;
    uint8_t value[VALUE_ROOM], spoiled[VALUE_ROOM + 1];
    static const char swaps[] = "{}[]:,\"\\0-.e \n\x80tu";
    for (int round = 0; round < 3; round++) {
        size_t size = make_value(VALUE_SESSION, &random, value);
        for (size_t at = 0; at < size; at++) {
            memcpy(spoiled, value, size);
            spoiled[at] = (uint8_t)swaps[random_below(&random, sizeof swaps - 1)];
            check((char *)spoiled, size);
            memmove(spoiled + at, value + at + 1, size - at - 1);
            check((char *)spoiled, size - 1);
            memcpy(spoiled + at, value + at, 1);
            memcpy(spoiled + at + 1, value + at, size - at);
            check((char *)spoiled, size + 1);
        }
    }
}

/* Values that already are msgpack. */
static void msgpack_values(void **state) {
    (void)state;
    static const struct bytes values[] = {{(uint8_t *)"\x82\xA2id\x01\xA4name\xA5"
                                                      "alice",
                                           15},
                                          {(uint8_t *)"\x93\x01\x02\x03", 4},
                                          {(uint8_t *)"\xDC\xFF\xFF", 3},
                                          {(uint8_t *)"\xDD\xFF\xFF\xFF\xFF", 5},
                                          {(uint8_t *)"\xDF\xFF\xFF\xFF\xFF", 5},
                                          {(uint8_t *)"\xC6\xFF\xFF\xFF\xFF", 5},
                                          {(uint8_t *)"\x81\xA1"
                                                      "a\xCB\x3F\xF0\0\0\0\0\0\0",
                                           12},
                                          {(uint8_t *)"\xDE\0\x01\xA1k\xC0", 6},
                                          {(uint8_t *)"\x91\x91\x91\x91\x91\x91\x91\x91\xC0", 9}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        for (size_t size = 0; size <= values[i].size; size++) check((const char *)values[i].at, size);
}

/* So that the tests above have tested something. */
static void documents_become_msgpack(void **state) {
    (void)state;
    static const char *const texts[] = {
        "{\"id\":12345,\"active\":true,\"name\":\"alice\"}", "[1.0, 2.50, 1e5, 100000, null]",
        "{\n  \"a\": \"caf\\u00e9 \\/ bar\",\n  \"b\": [\n    false,\n    true\n  ]\n}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct bytes stored = round_trip(coders[1].context, texts[i], strlen(texts[i]));
        if (vp_identify(coders[1].context, stored.at, stored.size) <= 0) fail_msg("%s", texts[i]);
        test_free(stored.at);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_become_msgpack),
        cmocka_unit_test(numbers),
        cmocka_unit_test(strings),
        cmocka_unit_test(words),
        cmocka_unit_test(objects),
        cmocka_unit_test(white_space),
        cmocka_unit_test(pretty_printing),
        cmocka_unit_test(deep_nesting),
        cmocka_unit_test(spoiled_documents),
        cmocka_unit_test(msgpack_values),
    };
    return cmocka_run_group_tests_name("json_exact", tests, open_all, close_all);
}
