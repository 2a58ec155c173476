/* The codes of packed tables, and the check of blocks: by hand, and against plain ones of the tests. */
#include "test.h"

#include "table/head.h"

enum { ROOM = 4096 };

static struct code named(unsigned name, unsigned width) {
    struct code c;
    assert_true(code_make(&c, name, width));
    return c;
}

/* The bits of a number in a code, as text. */
static const char *bits_as_text(const struct code *c, uint64_t number) {
    static char text[200];
    uint8_t bytes[32];
    struct bit_writer w = {.out = writer_over(bytes, sizeof bytes)};
    put_coded(&w, c, number);
    size_t count = w.out.length * 8 + w.count;
    put_padding(&w);
    struct bit_reader r = bit_reader_over(bytes, w.out.length, 0);
    for (size_t i = 0; i < count; i++) text[i] = take_bits(&r, 1) ? '1' : '0';
    text[count] = '\0';
    return text;
}

static void codes_by_hand(void **state) {
    (void)state;
    struct code tens = named(13, 8), ones = named(0, 8), twos = named(4, 8), threes = named(6, 8);
    assert_int_equal(tens.modulus, 10);
    assert_string_equal(bits_as_text(&tens, 3), "0011");
    assert_string_equal(bits_as_text(&tens, 5), "0101");
    assert_string_equal(bits_as_text(&tens, 6), "01100");
    assert_string_equal(bits_as_text(&tens, 27), "1101101");
    assert_string_equal(bits_as_text(&tens, 163), "111111111111111110100011");
    assert_string_equal(bits_as_text(&ones, 0), "0");
    assert_string_equal(bits_as_text(&ones, 15), "1111111111111110");
    assert_string_equal(bits_as_text(&ones, 16), "111111111111111100010000");
    assert_string_equal(bits_as_text(&twos, 3), "101");
    assert_int_equal(threes.modulus, 3);
    assert_string_equal(bits_as_text(&threes, 3), "100");
    assert_string_equal(bits_as_text(&threes, 5), "1011");
    struct code plain = named(CODE_PLAIN, 5), nothing = named(0, 0);
    assert_string_equal(bits_as_text(&plain, 12), "01100");
    assert_string_equal(bits_as_text(&nothing, 0), "");
}

static void names_that_are_none(void **state) {
    (void)state;
    struct code c;
    assert_false(code_make(&c, 1, 0));
    assert_false(code_make(&c, CODE_PLAIN, 0));
    assert_false(code_make(&c, CODE_PLAIN, 65));
    for (unsigned fraction = 1; fraction < 4; fraction++) assert_false(code_make(&c, fraction, 8));
    assert_false(code_make(&c, 5, 8));
    assert_false(code_make(&c, 7, 8));
    assert_false(code_make(&c, 8 << 2, 8));
    assert_true(code_make(&c, 7 << 2, 8));
    assert_true(code_make(&c, (62 << 2) + 3, 64));
}

/* Numbers around every multiple of the modulus, its powers of two, and some by chance. */
static size_t numbers_for(const struct code *c, uint64_t *numbers) {
    uint64_t random = c->name + 256u * c->width;
    size_t count = 0;
    for (uint64_t k = 0; k < 18; k++)
        for (uint64_t d = 0; d < 4; d++) numbers[count++] = k * c->modulus + d - 2;
    for (unsigned shift = 0; shift < 64; shift++) numbers[count++] = (uint64_t)1 << shift;
    for (unsigned i = 0; i < 64; i++) numbers[count++] = random_next(&random) >> (i % 64);
    for (size_t i = 0; i < count; i++) numbers[i] &= c->largest;
    return count;
}

static void check_code(const struct code *c) {
    static uint8_t bytes[ROOM];
    uint64_t numbers[300];
    size_t count = numbers_for(c, numbers);
    struct bit_writer w = {.out = writer_over(bytes, sizeof bytes)};
    for (size_t i = 0; i < count; i++) put_coded(&w, c, numbers[i]);
    assert_int_equal(code_bits(c, numbers, count), w.out.length * 8 + w.count);
    put_padding(&w);
    assert_false(w.out.full);
    struct guard guard = guard_new(w.out.length);
    struct bit_reader r = bit_reader_over(guard_put(&guard, bytes, w.out.length), w.out.length, 0);
    for (size_t i = 0; i < count; i++) assert_int_equal(take_coded(&r, c), numbers[i]);
    assert_true(take_padding(&r));
    guard_free(&guard);
}

static void every_code_reads_what_it_wrote(void **state) {
    (void)state;
    static const unsigned widths[] = {1, 2, 5, 12, 13, 31, 33, 63, 64};
    struct code c;
    for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++)
        for (unsigned name = 0; name < 256; name++)
            if (code_make(&c, name, widths[w])) check_code(&c);
}

/* The chosen code is not larger than any other. */
static void the_best_code(void **state) {
    (void)state;
    uint64_t random = 5, numbers[500];
    for (unsigned mean = 1; mean < 5000; mean = mean * 3 / 2 + 1) {
        for (size_t i = 0; i < 500; i++) {
            numbers[i] = 0;
            while (random_below(&random, mean)) numbers[i]++;
        }
        struct code best = code_choose(numbers, 500), c;
        uint64_t bits = code_bits(&best, numbers, 500);
        for (unsigned shift = 0; shift < best.width; shift++)
            if (code_make(&c, shift << 2, best.width)) assert_true(bits <= code_bits(&c, numbers, 500));
        if (mean > 8) assert_true(bits < (uint64_t)500 * best.width);
    }
    numbers[0] = UINT64_MAX;
    for (size_t i = 1; i < 500; i++) numbers[i] = i % 2;
    struct code best = code_choose(numbers, 500);
    assert_true(code_bits(&best, numbers, 500) <= 499 * 2 + 80); /* one escape */
    best = code_choose(numbers, 0);
    assert_int_equal(best.width, 0);
}

/* Two at a time is the same as one at a time, and never behind the last bit. */
static void two_at_a_time(void **state) {
    (void)state;
    struct guard guard = guard_new(ROOM);
    for (unsigned name = 0; name < 48; name++) {
        struct code c;
        if (!code_make(&c, name, 20) || !is_quick_twice(&c)) continue;
        uint64_t random = name;
        for (size_t size = 0; size < 80; size++) {
            uint8_t *bytes = guard_end(&guard, size);
            random_fill(&random, bytes, size);
            struct bit_reader r = bit_reader_over(bytes, size, 0), slow = r;
            uint64_t two[2];
            while (r.at < quick_end(&r) && take_two_coded(&r, &c, two)) {
                assert_int_equal(take_coded(&slow, &c), two[0]);
                assert_int_equal(take_coded(&slow, &c), two[1]);
                assert_int_equal(r.at, slow.at);
            }
        }
    }
    guard_free(&guard);
}

static uint32_t plain_check(const uint8_t *bytes, size_t size) {
    uint32_t rest = 0;
    for (size_t i = 0; i < size; i++) rest = (rest * 256 + bytes[i]) % TABLE_MODULUS;
    return rest;
}

static void checks_of_blocks(void **state) {
    (void)state;
    static uint8_t bytes[1000];
    uint64_t random = 1;
    for (size_t size = 0; size < sizeof bytes; size += 1 + size / 50) {
        random_fill(&random, bytes, size);
        if (size % 3 == 0) memset(bytes, 0xFF, size);
        uint32_t check = block_check((vp_bytes){.data = bytes, .size = size});
        assert_int_equal(check, plain_check(bytes, size));
        for (size_t bit = 0; bit < 8 * size; bit += 1 + size / 100) {
            bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
            assert_int_not_equal(block_check((vp_bytes){.data = bytes, .size = size}), check);
            bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_by_hand),
        cmocka_unit_test(names_that_are_none),
        cmocka_unit_test(every_code_reads_what_it_wrote),
        cmocka_unit_test(the_best_code),
        cmocka_unit_test(two_at_a_time),
        cmocka_unit_test(checks_of_blocks),
    };
    return cmocka_run_group_tests_name("table code", tests, NULL, NULL);
}
