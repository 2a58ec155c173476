#include "radix.h"

#include "test.h"

static struct big big_of(uint64_t high, uint64_t low) {
    struct big n = big_zero();
    assert_true(big_multiply_add(&n, 1, high >> 32));
    assert_true(big_multiply_add(&n, (uint64_t)1 << 32, high & 0xFFFFFFFFu));
    assert_true(big_multiply_add(&n, (uint64_t)1 << 32, low >> 32));
    assert_true(big_multiply_add(&n, (uint64_t)1 << 32, low & 0xFFFFFFFFu));
    return n;
}

static void assert_equal(const struct big *a, const struct big *b) {
    assert_int_equal(big_compare(a, b), 0);
}

static void arithmetic_at_the_edges_of_limbs(void **state) {
    (void)state;
    struct big n = big_of(0, UINT64_MAX), one = big_of(0, 1), expected = big_of(1, 0);
    assert_int_equal(big_width(&n), 64);
    assert_true(big_add(&n, &one));
    assert_equal(&n, &expected);
    assert_int_equal(big_width(&n), 65);
    big_subtract(&n, &one);
    expected = big_of(0, UINT64_MAX);
    assert_equal(&n, &expected);
    assert_int_equal(big_divide(&n, (uint64_t)1 << 32), 0xFFFFFFFFu);
    assert_int_equal(big_divide(&n, 10), 0xFFFFFFFFu % 10);
    big_subtract(&one, &one);
    assert_int_equal(big_width(&one), 0);
    assert_true(big_compare(&one, &n) < 0 && big_compare(&n, &one) > 0);
}

static void numbers_beyond_the_largest_are_refused(void **state) {
    (void)state;
    struct big n = big_of(0, 1), one = n;
    for (unsigned i = 1; i < BIG_LIMBS; i++) assert_true(big_multiply_add(&n, (uint64_t)1 << 32, 0));
    assert_int_equal(big_width(&n), BIG_BITS - 31);
    struct big largest = n;
    for (unsigned i = 0; i < 31; i++) assert_true(big_multiply_add(&largest, 2, 1));
    assert_false(big_multiply_add(&n, (uint64_t)1 << 32, 0));
    for (unsigned i = 0; i < BIG_LIMBS; i++) largest.limbs[i] = 0xFFFFFFFFu;
    assert_false(big_add(&largest, &one));
}

static void digits_of_any_radix_come_back(void **state) {
    (void)state;
    static const uint64_t radices[] = {
        1,         2, 10, 255, 65536, UINT32_MAX, (uint64_t)1 << 32, 10000000000u, ((uint64_t)1 << 63) + 1,
        UINT64_MAX};
    enum { COUNT = sizeof radices / sizeof radices[0] };
    uint64_t random = 7, digits[COUNT];
    for (unsigned round = 0; round < 500; round++) {
        struct big n = big_zero(), room = big_of(0, 1);
        for (size_t i = 0; i < COUNT; i++) {
            digits[i] = round ? random_below(&random, radices[i]) : radices[i] - 1;
            assert_true(big_push(&n, digits[i], radices[i]));
            assert_true(big_push_room(&room, radices[i]));
        }
        assert_true(big_compare(&n, &room) < 0);
        for (size_t i = COUNT; i-- > 0;) assert_int_equal(big_pop(&n, radices[i]), digits[i]);
        assert_int_equal(n.used, 0);
    }
}

static void small_digits_are_worked_in_groups(void **state) {
    (void)state;
    uint64_t random = 11;
    for (size_t count = 0; count < 120; count++) {
        uint8_t digits[120], back[120];
        struct radix radices[120];
        struct big n = big_zero(), one_by_one = big_zero();
        for (size_t i = 0; i < count; i++) {
            radices[i] = radix_of(1 + (unsigned)random_below(&random, 256));
            digits[i] = (uint8_t)random_below(&random, radices[i].size);
            assert_true(big_multiply_add(&one_by_one, radices[i].size, digits[i]));
        }
        assert_true(big_push_digits(&n, digits, radices, count));
        assert_equal(&n, &one_by_one);
        big_pop_digits(&n, back, radices, count);
        assert_memory_equal(back, digits, count);
        assert_int_equal(n.used, 0);
    }
}

static void runs_are_digits_of_one_radix(void **state) {
    (void)state;
    uint64_t random = 12;
    for (unsigned size = 1; size <= 256; size++) {
        uint8_t digits[130], back[130];
        struct radix radices[130], radix = radix_of(size);
        size_t count = (size_t)random_below(&random, 130);
        struct big n = big_zero(), by_digits = big_zero();
        for (size_t i = 0; i < count; i++) {
            radices[i] = radix;
            digits[i] = (uint8_t)random_below(&random, size);
        }
        assert_true(big_push_run(&n, digits, radix, count));
        assert_true(big_push_digits(&by_digits, digits, radices, count));
        assert_equal(&n, &by_digits);
        big_pop_run(&n, back, radix, count);
        assert_memory_equal(back, digits, count);
        assert_int_equal(n.used, 0);
    }
}

/* Reciprocals at the quotients that are hardest to get right: next to multiples of the radix. */
static void reciprocals_divide(void **state) {
    (void)state;
    for (unsigned size = 1; size <= 256; size++) {
        const struct radix r = radix_of(size);
        uint64_t random = size;
        for (unsigned i = 0; i < 2000; i++) {
            uint64_t at = i ? random_below(&random, (uint64_t)1 << 31) : ((uint64_t)1 << 31) - 1;
            uint64_t multiple = at / size * size, below = multiple ? multiple - 1 : 0;
            assert_int_equal(at * r.reciprocal >> r.shift, at / size);
            assert_int_equal(multiple * r.reciprocal >> r.shift, at / size);
            assert_int_equal(below * r.reciprocal >> r.shift, below / size);
        }
    }
}

/* Quotient and remainder make the number again, for divisors of every width and the edges of each. */
static void long_numbers_are_divided(void **state) {
    (void)state;
    uint64_t random = 5;
    for (unsigned i = 0; i < 20000; i++) {
        unsigned limbs = 1 + i % BIG_LIMBS, bits = (unsigned)random_below(&random, 33);
        uint64_t power = (uint64_t)1 << bits, divisor = i % 4 == 0 ? power : 1 + random_below(&random, power);
        struct big n = {.used = 0}, quotient;
        for (unsigned k = 0; k < limbs; k++)
            n.limbs[k] = i % 3 ? (uint32_t)random_below(&random, (uint64_t)1 << 32) : i % 2 ? UINT32_MAX : 0;
        n.limbs[limbs - 1] |= 1;
        n.used = limbs;
        quotient = n;
        uint64_t remainder = big_divide(&quotient, divisor);
        assert_true(remainder < divisor);
        assert_true(big_multiply_add(&quotient, divisor, remainder));
        assert_equal(&quotient, &n);
    }
}

static void a_number_is_found_among_starts(void **state) {
    (void)state;
    const struct big starts[] = {big_of(0, 0), big_of(0, 5), big_of(0, 6), big_of(1, 0)};
    static const struct {
        uint64_t high, low;
        size_t found;
    } cases[] = {{0, 0, 0}, {0, 4, 0}, {0, 5, 1}, {0, 6, 2}, {0, UINT64_MAX, 2}, {1, 0, 3}, {9, 9, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct big n = big_of(cases[i].high, cases[i].low);
        assert_int_equal(big_search(starts, 4, &n), cases[i].found);
    }
}

/* Writes n behind 8 - k pending bits; returns the bytes. */
static size_t write_number(const struct big *n, unsigned k, uint8_t *bytes, size_t capacity) {
    struct bit_writer w = {.out = writer_over(bytes, capacity), .count = k ? 8 - k : 0};
    assert_true(put_number(&w, n));
    assert_int_equal(w.count, 0);
    return w.out.length;
}

static void every_bit_of_every_length_is_used(void **state) {
    (void)state;
    for (unsigned k = 0; k <= 5; k++) {
        uint64_t length_starts = (uint64_t)1 << k;
        size_t size = k ? 1 : 0;
        for (uint64_t i = 0; i < 70000; i++) {
            uint8_t bytes[8];
            struct big n = big_of(0, i), back;
            if (i == length_starts) {
                size++;
                length_starts += (uint64_t)1 << (k + 8 * (size - (k ? 1 : 0)));
            }
            assert_int_equal(write_number(&n, k, bytes, sizeof bytes), size);
            struct bit_reader in = bit_reader_over(bytes, size, k ? 8 - k : 0);
            assert_true(take_number(&in, &back));
            assert_equal(&n, &back);
        }
    }
}

static void long_numbers_come_back(void **state) {
    (void)state;
    uint64_t random = 3;
    for (unsigned bits = 1; bits < BIG_BITS - 8; bits += 5) {
        struct big n = big_of(0, 1), back;
        while (big_width(&n) < bits) assert_true(big_multiply_add(&n, 2, random_below(&random, 2)));
        uint8_t bytes[BIG_BITS / 8 + 1];
        unsigned k = bits % 6;
        size_t size = write_number(&n, k, bytes, sizeof bytes);
        struct bit_reader in = bit_reader_over(bytes, size, k ? 8 - k : 0);
        assert_true(take_number(&in, &back));
        assert_equal(&n, &back);
    }
}

static void too_many_bits_are_refused(void **state) {
    (void)state;
    static const uint8_t bytes[BIG_BITS / 8 + 1];
    struct big n;
    struct bit_reader in = bit_reader_over(bytes, sizeof bytes, 0);
    assert_false(take_number(&in, &n));
    in = bit_reader_over(bytes, 1, 8);
    assert_true(take_number(&in, &n));
    assert_int_equal(n.used, 0);
    in.bad = true;
    assert_false(take_number(&in, &n));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic_at_the_edges_of_limbs),
        cmocka_unit_test(numbers_beyond_the_largest_are_refused),
        cmocka_unit_test(digits_of_any_radix_come_back),
        cmocka_unit_test(small_digits_are_worked_in_groups),
        cmocka_unit_test(runs_are_digits_of_one_radix),
        cmocka_unit_test(reciprocals_divide),
        cmocka_unit_test(long_numbers_are_divided),
        cmocka_unit_test(a_number_is_found_among_starts),
        cmocka_unit_test(every_bit_of_every_length_is_used),
        cmocka_unit_test(long_numbers_come_back),
        cmocka_unit_test(too_many_bits_are_refused),
    };
    return cmocka_run_group_tests_name("radix", tests, NULL, NULL);
}
