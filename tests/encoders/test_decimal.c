#include "encoders/decimal.h"

#include "train/training.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static uint64_t bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static void assert_text(const char *text, bool negative, unsigned scale, uint64_t digits) {
    struct decimal d;
    char back[64] = {0};
    struct writer w = writer_over(back, sizeof back - 1);
    assert_true(decimal_of_text((const uint8_t *)text, strlen(text), &d));
    assert_int_equal(d.negative, negative);
    assert_int_equal(d.scale, scale);
    assert_true(d.digits == digits);
    put_decimal_text(&w, &d);
    assert_string_equal(back, text);
}

static void test_text(void **state) {
    (void)state;
    assert_text("19.99", false, 2, 1999);
    assert_text("-19.99", true, 2, 1999);
    assert_text("0.5", false, 1, 5);
    assert_text("0.0", false, 1, 0);
    assert_text("-0.0", true, 1, 0);
    assert_text("1.0", false, 1, 10);
    assert_text("100.00", false, 2, 10000);
    assert_text("0.0000000000000000000000000000007", false, 31, 7);
    assert_text("1844674407370955160.1", false, 1, 18446744073709551601u);
    static const char *const others[] = {"",
                                         "-",
                                         "1",
                                         "-1",
                                         ".5",
                                         "1.",
                                         "-.5",
                                         "01.5",
                                         "-00.1",
                                         "1e5",
                                         "1.5e3",
                                         "1.2.3",
                                         "+1.5",
                                         "0.00000000000000000000000000000007",
                                         "99999999999999999999.5"};
    struct decimal d;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(decimal_of_text((const uint8_t *)others[i], strlen(others[i]), &d));
}

/* The compiler's own reading of decimals is the reference. */
static void test_doubles(void **state) {
    (void)state;
    uint64_t seed = 5;
    for (unsigned i = 0; i < 20000; i++) {
        struct decimal d = {
            .negative = i & 1, .scale = i % 16, .digits = next_random(&seed) >> (24 + i % 39)};
        char text[64] = {0};
        struct writer w = writer_over(text, sizeof text - 1);
        put_decimal_text(&w, &d);
        uint64_t bits;
        assert_true(double_of_decimal(&d, &bits));
        assert_true(bits == bits_of(strtod(text, NULL)));
        struct decimal shortest;
        uint64_t again;
        assert_true(decimal_of_double(bits, &shortest));
        assert_true(shortest.scale <= d.scale);
        assert_true(double_of_decimal(&shortest, &again));
        assert_true(again == bits);
    }
}

static void test_known_doubles(void **state) {
    (void)state;
    struct decimal d;
    assert_true(decimal_of_double(bits_of(19.99), &d));
    assert_int_equal(d.scale, 2);
    assert_true(d.digits == 1999);
    assert_true(decimal_of_double(bits_of(-0.0), &d));
    assert_true(d.negative && d.scale == 0 && d.digits == 0);
    assert_true(decimal_of_double(bits_of(1099511627775.0), &d));
    assert_true(d.digits == 1099511627775u && d.scale == 0);
    assert_true(decimal_of_double(bits_of(1e-15), &d));
    assert_true(d.digits == 1 && d.scale == 15);
    static const double others[] = {1e-16,  1099511627776.0, 3.141592653589793, 1e300,
                                    1e-300, 5e-324,          0.1 + 0.2};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(decimal_of_double(bits_of(others[i]), &d));
    assert_false(decimal_of_double(0x7FF0000000000000u, &d)); /* infinity */
    assert_false(decimal_of_double(0xFFF8000000000000u, &d)); /* not a number */
    assert_false(decimal_of_double(0x000FFFFFFFFFFFFFu, &d)); /* subnormal */
}

static void test_doubles_out_of_bounds(void **state) {
    (void)state;
    uint64_t bits;
    assert_false(double_of_decimal(&(struct decimal){.scale = 16, .digits = 1}, &bits));
    assert_false(double_of_decimal(&(struct decimal){.scale = 1, .digits = (uint64_t)1 << 40}, &bits));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_doubles),
        cmocka_unit_test(test_known_doubles),
        cmocka_unit_test(test_doubles_out_of_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
