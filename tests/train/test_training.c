/* The arithmetic of training, and the division of a profile's codes. */
#include "test.h"

#include "train/training.h"

#include <stdio.h>

static void logarithms_are_exact_at_powers_of_two(void **state) {
    (void)state;
    assert_int_equal(log2_q8(0), 0);
    assert_int_equal(log2_q8(1), 0);
    for (unsigned bit = 0; bit < 64; bit++) assert_int_equal(log2_q8((uint64_t)1 << bit), bit * 256);
    assert_int_equal(log2_q8(3), 405);            /* 1.58496 * 256 = 405.7 */
    assert_int_equal(log2_q8(10), 850);           /* 3.32193 * 256 = 850.4 */
    assert_int_equal(log2_q8(UINT64_MAX), 16383); /* just below 64 * 256 */
}

static void logarithms_rise(void **state) {
    (void)state;
    for (uint64_t v = 1; v < 100000; v++) assert_true(log2_q8(v) <= log2_q8(v + 1));
}

/* The numbers of splitmix64 from the seed 1234567, as its authors' program prints them. */
static void random_numbers_are_those_of_splitmix64(void **state) {
    (void)state;
    uint64_t seed = 1234567;
    assert_true(next_random(&seed) == 6457827717110365317u);
    assert_true(next_random(&seed) == 3203168211198807973u);
    assert_true(next_random(&seed) == 9817491932198370423u);
}

/* Sums up every "codes": of the rows that a profile describes. */
static unsigned codes_in_use(const vp_profile *profile) {
    size_t room = vp_profile_describe_bound(profile);
    char *json = test_malloc(room + 1);
    int64_t size = vp_profile_describe(profile, json, room);
    assert_true(size > 0);
    json[size] = '\0';
    unsigned codes = 0, some = 0;
    for (const char *at = json; (at = strstr(at, "\"codes\":")) != NULL; at++)
        if (sscanf(at, "\"codes\":%u", &some) == 1) codes += some;
    test_free(json);
    return codes;
}

/* Nobody else wants the codes of a lone encoder that counts in bits, so it owns all of them. */
static void a_lone_encoder_owns_the_whole_range(void **state) {
    (void)state;
    static const enum value_kind kinds[] = {VALUE_DIGEST, VALUE_MOVES, VALUE_UUID, VALUE_IPV4};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        vp_profile *profile = train_profile(&(struct recipe){.kind = kinds[i], .count = 1500});
        assert_int_equal(codes_in_use(profile), 16);
        vp_profile_release(profile);
    }
}

enum { NOISE = 1000, PIECE = 8 };

static bool holds(const uint8_t *file, size_t size, const uint8_t *piece) {
    for (size_t i = 0; i + PIECE <= size; i++)
        if (memcmp(file + i, piece, PIECE) == 0) return true;
    return false;
}

/* Of few samples nothing is kept word for word: no dictionary that is the samples. */
static void few_samples_are_not_stored(void **state) {
    (void)state;
    static const size_t counts[] = {1, 2, 3, 10, 19};
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        vp_trainer *trainer = vp_trainer_new(NULL);
        uint8_t *samples = test_malloc(counts[c] * NOISE);
        uint64_t random = 11;
        for (size_t i = 0; i < counts[c] * NOISE; i++) samples[i] = (uint8_t)random_below(&random, 128);
        for (size_t i = 0; i < counts[c]; i++)
            assert_int_equal(vp_trainer_add(trainer, samples + i * NOISE, NOISE), VP_OK);
        const void *file;
        int64_t size = vp_trainer_finish(trainer, &file);
        assert_true(size > 0);
        for (size_t i = 0; i + PIECE <= counts[c] * NOISE; i++)
            assert_false(holds(file, (size_t)size, samples + i));
        test_free(samples);
        vp_trainer_free(trainer);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logarithms_are_exact_at_powers_of_two),
        cmocka_unit_test(logarithms_rise),
        cmocka_unit_test(random_numbers_are_those_of_splitmix64),
        cmocka_unit_test(a_lone_encoder_owns_the_whole_range),
        cmocka_unit_test(few_samples_are_not_stored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
