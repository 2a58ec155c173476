#include "learn_check.h"
#include "test.h"

#include <stdio.h>

extern const struct encoder encoder_pack;
extern const struct encoder_trainer trainer_pack;

static const struct learner classes = {.trainer = &trainer_pack, .encoder = &encoder_pack, .variant = 0};
static const struct learner blocks = {.trainer = &trainer_pack, .encoder = &encoder_pack, .variant = 1};

static void fill(uint64_t *random, char *text, size_t size, const char *symbols) {
    for (size_t i = 0; i < size; i++) text[i] = symbols[random_below(random, strlen(symbols))];
    text[size] = 0;
}

static void make_digest(uint64_t *random, char *text) {
    fill(random, text, 64, "0123456789abcdef");
}

static void make_customer(uint64_t *random, char *text) {
    snprintf(text, LEARN_TEXT, "Customer#%09u", (unsigned)random_below(random, 150000));
}

/* Identifiers of three machines. */
static void make_object(uint64_t *random, char *text) {
    static const char *const machines[] = {"55f131b2c7447c3da7", "552786262cec76ed95", "553d24f33eb14d95fd"};
    snprintf(text, LEARN_TEXT, "%s%06x", machines[random_below(random, 3)],
             (unsigned)random_below(random, 1 << 16));
}

static void make_moves(uint64_t *random, char *text) {
    text[0] = '<';
    fill(random, text + 1, 20 + random_below(random, 80), "LRS");
    strcat(text, ">");
}

static void columns_take_their_bits(void **state) {
    (void)state;
    /* 256 bits: 33 bytes, and 32 for one of sixteen. */
    assert_in_range(learn_and_try(&classes, make_digest, 100), 193, 195);
    /* Positions 10 to 12 are always 0, the next is 0 or 1: 2 * 10^5 take 17.6 bits, 3 bytes. */
    assert_in_range(learn_and_try(&classes, make_customer, 100), 600, 630);
}

static void machines_have_classes_of_their_own(void **state) {
    (void)state;
    /* log2(3) + 16 bits: 3 bytes; without classes there would be 11 columns more. */
    assert_true(learn_and_try(&classes, make_object, 99) >= 795);
}

static void free_length(void **state) {
    (void)state;
    /* log2(3) = 1.585 bits a character, 60 on the average: 12 bytes and a half. */
    assert_true(learn_and_try(&classes, make_moves, 99) >= 450);
    assert_true(learn_and_try(&blocks, make_moves, 99) >= 440);
    assert_in_range(learn_and_try(&blocks, make_digest, 99), 193, 194);
}

static void nothing_to_learn(void **state) {
    (void)state;
    const struct sample empty = {.bytes = NULL, .size = 0};
    assert_int_equal(learn_status(&classes, &empty, 1), VP_ERR_NO_SAMPLES);
    assert_int_equal(learn_status(&blocks, &empty, 1), VP_ERR_NO_SAMPLES);
}

static void odd_samples(void **state) {
    (void)state;
    learn_from_odd_samples(&classes, make_object);
    learn_from_odd_samples(&blocks, make_moves);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_take_their_bits),
        cmocka_unit_test(machines_have_classes_of_their_own),
        cmocka_unit_test(free_length),
        cmocka_unit_test(nothing_to_learn),
        cmocka_unit_test(odd_samples),
    };
    return cmocka_run_group_tests_name("train pack", tests, NULL, NULL);
}
