/* Code word lengths of the symbols encoder: prefix codes that keep the lowest 1/256 free. */
#include "test.h"

#include "encoders/symbols_code.h"

enum { MOST = 20000 };

/* In units of the longest code word. */
static uint32_t space_of(const uint8_t *lengths, unsigned count) {
    uint32_t space = 0;
    for (unsigned i = 0; i < count; i++)
        if (lengths[i]) space += 1u << (CODE_LONGEST - lengths[i]);
    return space;
}

static uint64_t cost_of(const uint64_t *weights, const uint8_t *lengths, unsigned count) {
    uint64_t cost = 0;
    for (unsigned i = 0; i < count; i++) cost += weights[i] * lengths[i];
    return cost;
}

static void hand_computed_lengths(void **state) {
    (void)state;
    static const struct {
        unsigned count;
        uint64_t weights[5];
        uint8_t lengths[5];
    } table[] = {{1, {9}, {1}},
                 {2, {9, 3}, {1, 2}}, /* two of one bit would leave nothing free */
                 {2, {3, 9}, {2, 1}},
                 {3, {0, 5, 0}, {0, 1, 0}}, /* what never occurs has no code word */
                 {3, {8, 4, 2}, {1, 2, 3}},
                 {4, {16, 8, 4, 2}, {1, 2, 3, 4}},
                 {4, {1, 1, 1, 1}, {2, 2, 2, 3}}}; /* equal weights: the smaller number first */
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        uint8_t lengths[5];
        uint32_t heap[5];
        assert_true(code_lengths(table[i].weights, table[i].count, lengths, heap));
        assert_memory_equal(lengths, table[i].lengths, table[i].count);
    }
}

static void build(const uint8_t *lengths, unsigned count, uint8_t *symbols, struct code_table *t) {
    uint16_t counts[CODE_LONGEST + 1] = {0};
    struct writer w = writer_over(symbols, 2 * (size_t)count);
    for (unsigned length = 1; length <= CODE_LONGEST; length++)
        for (unsigned i = 0; i < count; i++)
            if (lengths[i] == length) {
                counts[length]++;
                put_le16(&w, i);
            }
    assert_true(code_table_build(t, counts, symbols));
}

/* Every code word is found again whatever follows it, and none begins with eight zeros. */
static void assert_prefix_code(const uint8_t *lengths, unsigned count, uint8_t *symbols) {
    static struct code_table t;
    build(lengths, count, symbols, &t);
    for (unsigned length = 1; length <= CODE_LONGEST; length++) {
        for (unsigned i = t.starts[length]; i < t.starts[length + 1]; i++) {
            uint32_t low = code_word_at(&t, i, length) << (CODE_LONGEST - length);
            uint32_t high = low + (1u << (CODE_LONGEST - length)) - 1;
            unsigned symbol = code_symbol(&t, i);
            assert_int_equal(lengths[symbol], length);
            assert_true(low >= CODE_RESERVED && high < CODE_SPACE);
            assert_int_equal(code_lookup(&t, low), symbol << 8 | length);
            assert_int_equal(code_lookup(&t, high), symbol << 8 | length);
        }
    }
    for (uint32_t bits = 0; bits < CODE_RESERVED; bits++) assert_int_equal(code_lookup(&t, bits), 0);
}

static void lengths_keep_the_reserved_space_free(void **state) {
    (void)state;
    uint64_t *weights = test_malloc(MOST * sizeof *weights), random = 1;
    uint8_t *lengths = test_malloc(MOST), *symbols = test_malloc(2 * MOST);
    uint32_t *heap = test_malloc(MOST * sizeof *heap);
    for (int round = 0; round < 60; round++) {
        unsigned count = 1 + (unsigned)random_below(&random, round < 55 ? 500 : MOST);
        unsigned skew = 1 + (unsigned)random_below(&random, 40);
        for (unsigned i = 0; i < count; i++)
            weights[i] = random_next(&random) >> (24 + random_below(&random, skew));
        assert_true(code_lengths(weights, count, lengths, heap));
        for (unsigned i = 0; i < count; i++) {
            assert_int_equal(lengths[i] == CODE_NONE, weights[i] == 0);
            assert_in_range(lengths[i], 0, CODE_LONGEST);
        }
        assert_true(space_of(lengths, count) <= CODE_SPACE - CODE_RESERVED);
        assert_prefix_code(lengths, count, symbols);
    }
    test_free(weights);
    test_free(lengths);
    test_free(symbols);
    test_free(heap);
}

/* Near the entropy: for weights that are powers of two the best code is known. */
static void lengths_are_near_the_best(void **state) {
    (void)state;
    uint64_t weights[12];
    uint8_t lengths[12];
    uint32_t heap[12];
    uint64_t best = 0;
    for (unsigned i = 0; i < 12; i++) {
        weights[i] = (uint64_t)1 << (20 - i);
        best += weights[i] * (i + 1);
    }
    assert_true(code_lengths(weights, 12, lengths, heap));
    assert_true(cost_of(weights, lengths, 12) * 100 <= best * 102);
}

static void too_many_symbols_are_refused(void **state) {
    (void)state;
    const unsigned most = CODE_SPACE - CODE_RESERVED;
    uint64_t *weights = test_malloc((most + 1) * sizeof *weights);
    uint8_t *lengths = test_malloc(most + 1);
    uint32_t *heap = test_malloc((most + 1) * sizeof *heap);
    for (unsigned i = 0; i <= most; i++) weights[i] = 1;
    assert_false(code_lengths(weights, most + 1, lengths, heap));
    assert_true(code_lengths(weights, most, lengths, heap));
    for (unsigned i = 0; i < most; i++) assert_int_equal(lengths[i], CODE_LONGEST);
    test_free(weights);
    test_free(lengths);
    test_free(heap);
}

static void overfull_tables_are_refused(void **state) {
    (void)state;
    static const struct {
        uint16_t one, two, eight, sixteen;
        bool good;
    } table[] = {{1, 1, 63, 0, true},    {1, 1, 64, 0, false}, /* 255/256 of the space, and all of it */
                 {1, 2, 0, 0, false},    {2, 0, 0, 0, false},    {0, 0, 255, 0, true},
                 {0, 0, 255, 1, false},  {0, 0, 254, 256, true}, {0, 0, 254, 257, false},
                 {0, 0, 0, 65280, true}, {0, 0, 0, 65281, false}};
    uint8_t *symbols = test_malloc(2 * (1 << 16));
    memset(symbols, 0, 2 * (1 << 16));
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct code_table t;
        const uint16_t counts[CODE_LONGEST + 1] = {
            [1] = table[i].one, [2] = table[i].two, [8] = table[i].eight, [16] = table[i].sixteen};
        assert_int_equal(code_table_build(&t, counts, symbols), table[i].good);
    }
    test_free(symbols);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hand_computed_lengths),       cmocka_unit_test(lengths_keep_the_reserved_space_free),
        cmocka_unit_test(lengths_are_near_the_best),   cmocka_unit_test(too_many_symbols_are_refused),
        cmocka_unit_test(overfull_tables_are_refused),
    };
    return cmocka_run_group_tests_name("symbols_code", tests, NULL, NULL);
}
