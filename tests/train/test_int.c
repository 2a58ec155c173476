#include "learn_check.h"
#include "test.h"
#include "train/boxes.h"

#include <stdio.h>

extern const struct encoder encoder_int;
extern const struct encoder_trainer trainer_int;

static const struct learner learner = {.trainer = &trainer_int, .encoder = &encoder_int};

static unsigned below(uint64_t *random, unsigned limit) {
    return (unsigned)random_below(random, limit);
}

static void make_address(uint64_t *random, char *text) {
    snprintf(text, LEARN_TEXT, "%u.%u.%u.%u", below(random, 256), below(random, 256), below(random, 256),
             below(random, 256));
}

static void make_milliseconds(uint64_t *random, char *text) {
    snprintf(text, LEARN_TEXT, "15174%08u", below(random, 100000000));
}

/* Two places, many of them round. */
static void make_price(uint64_t *random, char *text) {
    unsigned digits = 1 + below(random, 5), limit = 10;
    while (--digits) limit *= 10;
    snprintf(text, LEARN_TEXT, below(random, 3) ? "%u.%02u" : "%u.00", below(random, limit),
             below(random, 100));
}

static void make_position(uint64_t *random, char *text) {
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr"};
    snprintf(text, LEARN_TEXT, "%s %u%s,%s%u.%04u", months[below(random, 4)], below(random, 28) + 1,
             below(random, 2) ? "pm" : "am", below(random, 2) ? "-" : "", below(random, 90),
             below(random, 10000));
}

/* Half of them one of three values. */
static void make_favourite(uint64_t *random, char *text) {
    static const unsigned favourites[] = {4877, 14872, 52315};
    unsigned value = below(random, 2) ? favourites[below(random, 3)] : below(random, 1000000);
    snprintf(text, LEARN_TEXT, "%u", value);
}

static void make_step(uint64_t *random, char *text) {
    snprintf(text, LEARN_TEXT, "#%u", 1000000 + 250 * below(random, 4096));
}

static void fields_share_their_bits(void **state) {
    (void)state;
    /* 32 bits and 4 of the header: 5 bytes for 13.2 characters, rarely less. */
    assert_in_range(learn_and_try(&learner, make_address, 99), 260, 272);
    /* 26.6 bits: 4 bytes, and 3 for one of 96. */
    assert_in_range(learn_and_try(&learner, make_milliseconds, 99), 325, 330);
}

static void likely_values_are_short(void **state) {
    (void)state;
    assert_true(learn_and_try(&learner, make_favourite, 99) >= 200);
    assert_true(learn_and_try(&learner, make_price, 99) >= 200);
}

static void words_signs_and_steps(void **state) {
    (void)state;
    /* log2(4 * 28 * 2 * 2 * 90 * 10^4) = 28.6 bits: 4 or 5 bytes for 17.1 characters. */
    assert_true(learn_and_try(&learner, make_position, 95) >= 350);
    /* 12 bits and 4 of the header. */
    assert_true(learn_and_try(&learner, make_step, 99) >= 395);
}

/* A value of which there are too few samples is not stored. */
static void rare_words_are_not_stored(void **state) {
    (void)state;
    struct sample samples[20];
    for (size_t i = 0; i < 20; i++) {
        const char *text = i < 2 ? "secret 1" : "common 2";
        samples[i] = (struct sample){.bytes = (const uint8_t *)text, .size = 8};
    }
    uint8_t section[1000];
    struct writer out = writer_over(section, sizeof section);
    struct training t = {.allocator = memory_default(), .samples = {samples, 20, 160}, .min_count = 3};
    assert_int_equal(trainer_int.train(&t, 0, &out), VP_OK);
    bool common = false;
    for (size_t i = 0; i + 6 <= out.length; i++) {
        assert_memory_not_equal(section + i, "secret", 6);
        common = common || memcmp(section + i, "common", 6) == 0;
    }
    assert_true(common);
}

/* Boxes for 200 samples in three places, one of them two samples only; returns the boxes with samples. */
static size_t boxes_with_samples(size_t least, unsigned split_bits, size_t *fewest) {
    struct piece number = {.kind = PIECE_INTEGER};
    struct template t = {.pieces = &number, .piece_count = 1, .field_count = 1, .widest = RUN_DIGITS};
    uint64_t ranks[200], random = 1;
    for (size_t i = 0; i < 200; i++) {
        uint64_t apart = random_below(&random, 4);
        ranks[i] = (i < 2 ? 900000 : i < 100 ? 1000 : 50000) + apart * random_below(&random, 40);
    }
    struct points points = {.ranks = ranks, .count = 200, .fields = 1};
    struct planned_box boxes[64];
    struct sides sides[64];
    struct plan plan = {.boxes = boxes, .sides = sides, .box_capacity = 64, .side_capacity = 64};
    struct cutting cutting = {.limit = 60, .least = least, .split_bits = split_bits};
    vp_allocator memory = memory_default();
    assert_true(plan_boxes(&plan, &t, &points, &cutting, &memory));
    size_t filled = 0;
    *fewest = 200;
    for (size_t box = 0; box + 1 < plan.box_count; box++) { /* the last one is everything */
        size_t samples = 0;
        for (size_t i = 0; i < 200; i++)
            samples += ranks[i] >= sides[box].low && ranks[i] - sides[box].low < sides[box].count;
        filled += samples > 0;
        if (samples && samples < *fewest) *fewest = samples;
    }
    return filled;
}

static void boxes_are_of_several_samples(void **state) {
    (void)state;
    size_t fewest, filled = boxes_with_samples(1, 3, &fewest);
    assert_true(filled > 3 && fewest <= 2);
    size_t coarse = boxes_with_samples(3, 12, &fewest), fine = boxes_with_samples(3, 3, &fewest);
    assert_true(coarse >= 2 && fine > coarse);
    assert_true(fewest >= 3);
}

static void odd_samples(void **state) {
    (void)state;
    learn_from_odd_samples(&learner, make_position);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_share_their_bits),      cmocka_unit_test(likely_values_are_short),
        cmocka_unit_test(words_signs_and_steps),        cmocka_unit_test(rare_words_are_not_stored),
        cmocka_unit_test(boxes_are_of_several_samples), cmocka_unit_test(odd_samples),
    };
    return cmocka_run_group_tests_name("train int", tests, NULL, NULL);
}
