/* Facts about values. */
#include "test.h"

#include "value.h"

static void canonical_integers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool canonical;
    } table[] = {{"", false},
                 {"0", true},
                 {"-0", false},
                 {"+0", false},
                 {"00", false},
                 {"-", false},
                 {"--1", false},
                 {"1", true},
                 {"-1", true},
                 {"+1", false},
                 {"01", false},
                 {"-01", false},
                 {"007", false},
                 {"10", true},
                 {"-17", true},
                 {" 1", false},
                 {"1 ", false},
                 {"1.0", false},
                 {"1e3", false},
                 {"0x1", false},
                 {"1-", false},
                 {"1-1", false},
                 {"123456789012345678", true},
                 {"999999999999999999", true},
                 {"1000000000000000000", true},
                 {"9223372036854775806", true},
                 {"9223372036854775807", true},
                 {"9223372036854775808", false},
                 {"9999999999999999999", false},
                 {"18446744073709551615", false},
                 {"-9223372036854775807", true},
                 {"-9223372036854775808", true},
                 {"-9223372036854775809", false},
                 {"-9999999999999999999", false},
                 {"-999999999999999999", true},
                 {"10000000000000000000", false},
                 {"-10000000000000000000", false},
                 {"09223372036854775807", false},
                 {"00000000000000000001", false}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        size_t size = strlen(table[i].text);
        bool direct = is_canonical_integer((const uint8_t *)table[i].text, size);
        bool fact = value_of(table[i].text, size).canonical_integer;
        if (direct != table[i].canonical || fact != table[i].canonical) fail_msg("%s", table[i].text);
    }
}

static void a_nul_is_no_end(void **state) {
    (void)state;
    assert_false(value_of("1\0", 2).canonical_integer);
    assert_false(value_of("\0", 1).canonical_integer);
    assert_true(
        value_within(&(struct value){.classes = value_of("1\0", 2).classes}, CLASS_DIGIT | CLASS_CONTROL));
}

static uint32_t expected_class(unsigned byte) {
    if (byte >= 0x80) return CLASS_HIGH;
    if (byte < 0x20 || byte == 0x7F) return CLASS_CONTROL;
    if (byte >= '0' && byte <= '9') return CLASS_DIGIT;
    if (byte >= 'a' && byte <= 'z') return byte <= 'f' ? CLASS_HEX_LOWER : CLASS_LOWER;
    if (byte >= 'A' && byte <= 'Z') return byte <= 'F' ? CLASS_HEX_UPPER : CLASS_UPPER;
    switch (byte) {
    case ' ': return CLASS_SPACE;
    case '-': return CLASS_DASH;
    case '_': return CLASS_UNDERSCORE;
    case '.': return CLASS_DOT;
    case ',': return CLASS_COMMA;
    case ':': return CLASS_COLON;
    case '+': return CLASS_PLUS;
    case '/': return CLASS_SLASH;
    case '=': return CLASS_EQUALS;
    case '"': return CLASS_QUOTE;
    case '[':
    case ']':
    case '{':
    case '}': return CLASS_BRACKET;
    default: return CLASS_PUNCTUATION;
    }
}

static void every_byte_has_its_class(void **state) {
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++)
        assert_int_equal(class_of((uint8_t)byte), expected_class(byte));
}

static void classes_are_the_union(void **state) {
    (void)state;
    struct value v = value_of("a1-Z", 4);
    assert_int_equal(v.classes, CLASS_HEX_LOWER | CLASS_DIGIT | CLASS_DASH | CLASS_UPPER);
    assert_true(value_within(&v, CLASS_HEX_LOWER | CLASS_DIGIT | CLASS_DASH | CLASS_UPPER | CLASS_DOT));
    assert_false(value_within(&v, CLASS_HEX_LOWER | CLASS_DIGIT | CLASS_DASH));
    struct value empty = value_of(NULL, 0);
    assert_int_equal(empty.classes, 0);
    assert_int_equal(empty.size, 0);
    assert_false(empty.canonical_integer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_integers),
        cmocka_unit_test(a_nul_is_no_end),
        cmocka_unit_test(every_byte_has_its_class),
        cmocka_unit_test(classes_are_the_union),
    };
    return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
