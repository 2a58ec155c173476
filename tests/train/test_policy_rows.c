/* Which rows are tried first and when trying stops: bytes against work, on sizes made up here. */
#include "test.h"

#include "train/policy.h"

enum { VALUES = 64, RAW = 256 };

/* Values of one size, with a cheap way and a dear one; no encoder is asked. */
struct trial {
    struct comparison c;
    struct division d;
    struct sample items[VALUES];
    uint32_t alone[VALUES], sizes[2][VALUES], work[2][VALUES];
};

enum { DEAR, CHEAP };

static void make_trial(struct trial *t, uint32_t dear, uint32_t cheap) {
    static const uint8_t raw[RAW] = {0};
    static const uint32_t work[2] = {20000, 500};
    memset(t, 0, sizeof *t);
    t->c.held_out = (struct samples){.items = t->items, .count = VALUES, .bytes = VALUES * RAW};
    t->c.alone = t->c.alone_burdens = t->alone;
    t->c.way_count = t->d.count = 2;
    for (unsigned w = 0; w < 2; w++) {
        t->c.ways[w] = (struct way){
            .sizes = t->sizes[w], .burdens = t->sizes[w], .work = t->work[w], .all_work = VALUES * work[w]};
        t->d.rows[w] = (struct division_row){.way = w, .form = ROW_CODES};
        for (unsigned i = 0; i < VALUES; i++) t->work[w][i] = work[w];
    }
    for (unsigned i = 0; i < VALUES; i++) {
        t->items[i] = (struct sample){raw, RAW};
        t->alone[i] = RAW;
        t->sizes[DEAR][i] = dear;
        t->sizes[CHEAP][i] = cheap;
    }
}

static void twice_the_work_must_save_two_percent(void **state) {
    (void)state;
    const struct outcome o = {.burden = 100000, .work = 5000000};
    const struct outcome slow = {.burden = 100000, .work = 10000000};
    const struct outcome smaller = {.burden = 97900, .work = 10000000};
    const struct outcome hardly = {.burden = 98100, .work = 10000000};
    assert_true(price_of(slow) > price_of(o));
    assert_true(price_of(smaller) < price_of(o));
    assert_true(price_of(hardly) > price_of(o));
    const struct outcome double_bytes = {.burden = 200002, .work = 5000000}; /* what is odd counts exactly */
    assert_in_range(price_of(double_bytes) - price_of(o), 65535, 65537);
    assert_true(price_of((struct outcome){0, 0}) == 0);
    assert_true(price_of((struct outcome){UINT64_MAX, UINT64_MAX}) > price_of(slow));
}

static void a_cheap_row_that_is_good_enough_ends_it(void **state) {
    (void)state;
    struct trial t;
    make_trial(&t, 60, 60);
    for (unsigned i = 0; i < VALUES / 2; i++) t.sizes[CHEAP][i] = 120; /* on half of them not good */
    learn_policy(&t.c, &t.d);
    assert_int_equal(t.d.count, 2);
    assert_int_equal(t.d.rows[0].way, CHEAP);
    assert_in_range(t.d.rows[0].enough, 60, 119);
    assert_int_equal(t.d.rows[1].enough, 0);
    assert_int_equal(t.d.encoded_bytes, VALUES * 60);
    assert_int_equal(t.d.rows[0].values, VALUES / 2);
    assert_int_equal(t.d.rows[1].values, VALUES / 2);
    assert_int_equal(t.d.rows[1].raw_bytes, VALUES / 2 * RAW);
    assert_int_equal(t.d.rows[1].encoded_bytes, VALUES / 2 * 60);
}

/* The dear row saves a third of every value, however small the cheap one makes it. */
static void stopping_costs_next_to_nothing(void **state) {
    (void)state;
    struct trial t;
    make_trial(&t, 40, 60);
    t.sizes[CHEAP][0] = 39;
    learn_policy(&t.c, &t.d);
    assert_int_equal(t.d.encoded_bytes, (VALUES - 1) * 40 + 39);
    for (unsigned r = 0; r < t.d.count; r++) assert_true(t.d.rows[r].enough < 60);
}

static void a_row_that_wins_nothing_goes(void **state) {
    (void)state;
    struct trial t;
    make_trial(&t, 40, 60);
    learn_policy(&t.c, &t.d);
    assert_int_equal(t.d.count, 1);
    assert_int_equal(t.d.rows[0].way, DEAR);
    make_trial(&t, RAW, SIZE_NONE);
    learn_policy(&t.c, &t.d);
    assert_int_equal(t.d.count, 0);
    assert_int_equal(t.d.encoded_bytes, VALUES * RAW);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twice_the_work_must_save_two_percent),
        cmocka_unit_test(a_cheap_row_that_is_good_enough_ends_it),
        cmocka_unit_test(stopping_costs_next_to_nothing),
        cmocka_unit_test(a_row_that_wins_nothing_goes),
    };
    return cmocka_run_group_tests_name("policy_rows", tests, NULL, NULL);
}
