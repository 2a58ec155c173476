/* Training through the public functions: options, odd samples, determinism, ranges, memory. */
#include "test.h"

#include "profile.h"

#include <stdio.h>
#include <stdlib.h>

static const void *finish(vp_trainer *t, size_t *size) {
    const void *file = NULL;
    int64_t result = vp_trainer_finish(t, &file);
    if (result <= 0) fail_msg("finishing gives %s", vp_status_name((int)result));
    *size = (size_t)result;
    return file;
}

/* Loads what the trainer made, checks its report, and takes some values through it. */
static vp_profile *finish_and_load(vp_trainer *t) {
    size_t size;
    const void *file = finish(t, &size);
    vp_profile *profile = load_profile((struct bytes){(uint8_t *)(uintptr_t)file, size});
    assert_true(is_json(vp_trainer_report(t), strlen(vp_trainer_report(t))));
    struct coder c = coder_of(profile, NULL);
    uint64_t random = 8;
    uint8_t value[VALUE_ROOM];
    for (int i = 0; i < VALUE_KINDS; i++) {
        size_t value_size = make_value((enum value_kind)i, &random, value);
        test_free(round_trip(c.context, value, value_size).at);
    }
    coder_close(&c);
    return profile;
}

static void check_training(vp_trainer *t) {
    vp_profile_release(finish_and_load(t));
    vp_trainer_free(t);
}

/* ---- Arguments ------------------------------------------------------------------------------ */

static void option_ranges(void **state) {
    (void)state;
    static const struct {
        int option;
        uint64_t value;
        int status;
    } table[] = {{VP_TRAIN_FIRST_CODE, 0x7F, VP_ERR_ARGUMENT},
                 {VP_TRAIN_FIRST_CODE, 0x80, VP_OK},
                 {VP_TRAIN_FIRST_CODE, 0xBF, VP_OK},
                 {VP_TRAIN_FIRST_CODE, 0xC0, VP_ERR_ARGUMENT},
                 {VP_TRAIN_FIRST_CODE, 0, VP_OK},
                 {VP_TRAIN_WIDTH, 0, VP_OK},
                 {VP_TRAIN_WIDTH, 3, VP_ERR_ARGUMENT},
                 {VP_TRAIN_WIDTH, 32, VP_OK},
                 {VP_TRAIN_WIDTH, 64, VP_ERR_ARGUMENT},
                 {VP_TRAIN_PRESET, 2, VP_ERR_ARGUMENT},
                 {VP_TRAIN_MODEL_BYTES, 4095, VP_ERR_ARGUMENT},
                 {VP_TRAIN_MODEL_BYTES, 4096, VP_OK},
                 {VP_TRAIN_MODEL_BYTES, 1 << 20, VP_OK},
                 {VP_TRAIN_MODEL_BYTES, (1 << 20) + 1, VP_ERR_ARGUMENT},
                 {VP_TRAIN_CHECK, 4, VP_OK},
                 {VP_TRAIN_CHECK, 5, VP_ERR_ARGUMENT},
                 {VP_TRAIN_MIN_COUNT, 0, VP_ERR_ARGUMENT},
                 {VP_TRAIN_MIN_COUNT, 1000, VP_OK},
                 {VP_TRAIN_MIN_COUNT, 1001, VP_ERR_ARGUMENT},
                 {VP_TRAIN_SEED, UINT64_MAX, VP_OK},
                 {VP_TRAIN_KEEP_INTEGERS, 2, VP_ERR_ARGUMENT},
                 {VP_TRAIN_ZSTD_LEVEL, 22, VP_OK},
                 {VP_TRAIN_ZSTD_LEVEL, 23, VP_ERR_ARGUMENT},
                 {VP_TRAIN_DATE, UINT64_MAX, VP_OK},
                 {VP_TRAIN_SAMPLE_BYTES, 65535, VP_ERR_ARGUMENT},
                 {VP_TRAIN_SAMPLE_BYTES, 1 << 30, VP_OK},
                 {0, 0, VP_ERR_ARGUMENT},
                 {VP_TRAIN_TARGET, VP_TARGET_PACKED, VP_OK},
                 {VP_TRAIN_TARGET, 4, VP_ERR_ARGUMENT},
                 {VP_TRAIN_TARGET, VP_TARGET_BYTES, VP_OK},
                 {VP_TRAIN_SERVER, 0, VP_ERR_ARGUMENT},
                 {VP_TRAIN_SERVER, 4, VP_OK},
                 {VP_TRAIN_SERVER, 5, VP_ERR_ARGUMENT},
                 {VP_TRAIN_SERVER, ((uint64_t)1 << 32) + 1, VP_ERR_ARGUMENT},
                 {VP_TRAIN_KEY_SIZE, (uint64_t)1 << 40, VP_OK},
                 {VP_TRAIN_KEY_SIZE, ((uint64_t)1 << 40) + 1, VP_ERR_ARGUMENT},
                 {VP_TRAIN_KEY_EXPIRES, 1, VP_OK},
                 {VP_TRAIN_KEY_EXPIRES, 2, VP_ERR_ARGUMENT},
                 {VP_TRAIN_ENCODERS, (uint64_t)1 << 32, VP_ERR_ARGUMENT},
                 {VP_TRAIN_ENCODERS, UINT32_MAX, VP_OK},
                 {17, 0, VP_ERR_ARGUMENT},
                 {-1, 0, VP_ERR_ARGUMENT},
                 {1000000, 0, VP_ERR_ARGUMENT}};
    vp_trainer *t = vp_trainer_new(NULL);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        assert_int_equal(vp_trainer_set(t, table[i].option, table[i].value), table[i].status);
    vp_trainer_free(t);
}

static void arguments(void **state) {
    (void)state;
    char long_name[65] = "";
    memset(long_name, 'n', 64);
    vp_trainer *t = vp_trainer_new(NULL);
    assert_int_equal(vp_trainer_set(NULL, VP_TRAIN_SEED, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_set_name(NULL, "x", 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_set_name(t, NULL, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_set_name(t, "a\nb", 3), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_set_name(t, "\xFF", 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_set_name(t, long_name, 65), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_set_name(t, long_name, 64), VP_OK);
    assert_int_equal(vp_trainer_beside(NULL, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_beside(t, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_on_progress(NULL, NULL, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_add(NULL, "x", 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_add(t, NULL, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_add(t, "sample", 6), VP_OK);
    const void *file = t;
    assert_int_equal(vp_trainer_finish(NULL, &file), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_finish(t, NULL), VP_ERR_ARGUMENT);
    vp_profile *profile = finish_and_load(t);
    assert_string_equal(vp_profile_name(profile), long_name);
    assert_int_equal(vp_trainer_finish(t, &file), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_add(t, "late", 4), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_set(t, VP_TRAIN_SEED, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_set_name(t, "late", 4), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_beside(t, profile), VP_ERR_ARGUMENT);
    assert_int_equal(vp_trainer_on_progress(t, NULL, NULL), VP_ERR_ARGUMENT);
    vp_profile_release(profile);
    vp_trainer_free(t);
    vp_trainer_free(NULL);
    assert_string_equal(vp_trainer_report(NULL), "");
}

/* ---- Odd samples ---------------------------------------------------------------------------- */

static void few_samples(void **state) {
    (void)state;
    static const size_t counts[] = {1, 2, 19, 20};
    static const enum value_kind kinds[] = {VALUE_SESSION, VALUE_INTEGER};
    vp_trainer *none = vp_trainer_new(NULL);
    const void *file = none;
    assert_int_equal(vp_trainer_finish(none, &file), VP_ERR_NO_SAMPLES);
    assert_null(file);
    assert_int_equal(vp_trainer_add(none, "now one", 7), VP_OK); /* it can still go on */
    check_training(none);
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
            check_training(trainer_of(&(struct recipe){.kind = kinds[k], .count = counts[i]}));
}

static void train_on_copies(const void *value, size_t size, size_t count) {
    vp_trainer *t = vp_trainer_new(NULL);
    for (size_t i = 0; i < count; i++) assert_int_equal(vp_trainer_add(t, value, size), VP_OK);
    check_training(t);
}

static void identical_samples(void **state) {
    (void)state;
    static const size_t counts[] = {2, 300};
    uint8_t *zeros = test_malloc(100000);
    memset(zeros, 0, 100000);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        train_on_copies("", 0, counts[i]);
        train_on_copies("x", 1, counts[i]);
        train_on_copies("42", 2, counts[i]);
        train_on_copies("\xFF\xFE\x00\x01", 4, counts[i]);
        train_on_copies("{\"the\":\"same\",\"session\":[1,2,3],\"again\":true}", 46, counts[i]);
    }
    train_on_copies(zeros, 100000, 25);
    test_free(zeros);
}

/* Bytes without any order, but for a first byte that leaves the profile a range. */
static void random_samples(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 8, 100, 700};
    uint8_t value[700];
    uint64_t random = 10;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        vp_trainer *t = vp_trainer_new(NULL);
        for (int n = 0; n < 60; n++) {
            random_fill(&random, value, sizes[i]);
            value[0] &= 0x7F;
            assert_int_equal(vp_trainer_add(t, value, sizes[i]), VP_OK);
        }
        check_training(t);
    }
}

static void many_kinds_of_samples(void **state) {
    (void)state;
    for (int kind = 1; kind < VALUE_KINDS; kind += 2)
        check_training(trainer_of(&(struct recipe){.kind = (enum value_kind)kind, .count = 40, .width = 1}));
}

static void huge_samples_teach_nothing_but_are_counted(void **state) {
    (void)state;
    enum { SIZE = (1 << 20) + 1 };
    uint8_t *value = test_malloc(SIZE);
    memset(value, 0xB5, SIZE);
    vp_trainer *t = vp_trainer_new(NULL);
    assert_int_equal(vp_trainer_add(t, value, SIZE), VP_OK);
    vp_profile *profile = finish_and_load(t);
    assert_int_equal(profile->provenance.samples, 1);
    assert_int_equal(profile->provenance.sample_bytes, SIZE);
    assert_int_equal(vp_profile_first_code(profile), 0x90); /* not where that sample begins */
    vp_profile_release(profile);
    vp_trainer_free(t);
    test_free(value);
}

/* ---- Determinism ---------------------------------------------------------------------------- */

static void assert_same_bytes(const struct recipe *one, const struct recipe *two) {
    struct bytes a = train_bytes(one), b = train_bytes(two);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.at, b.at, a.size);
    test_free(a.at);
    test_free(b.at);
}

/* An allocator with other addresses and other garbage changes nothing. */
static void the_same_samples_give_the_same_bytes(void **state) {
    (void)state;
    static const enum value_kind kinds[] = {VALUE_SESSION, VALUE_PRICE, VALUE_COUNTRY, VALUE_LIST,
                                            VALUE_TIMESTAMP};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct counting counting = {0};
        const vp_allocator allocator = counting_allocator(&counting);
        struct recipe plain = {.kind = kinds[i], .count = 150, .seed = 1 + i}, hooked = plain;
        hooked.allocator = &allocator;
        assert_same_bytes(&plain, &hooked);
        assert_int_equal(counting.live, 0);
        assert_true(counting.peak_bytes < 200 << 20);
    }
}

struct stages {
    unsigned calls;
    uint32_t last;
};

static void note_progress(void *opaque, const char *stage, uint32_t permille) {
    struct stages *s = opaque;
    assert_true(strlen(stage) > 1);
    assert_true(permille >= s->last && permille <= 1000);
    s->last = permille;
    s->calls++;
}

static void progress_rises_to_the_end(void **state) {
    (void)state;
    struct stages stages = {0, 0};
    vp_trainer *t = trainer_of(&(struct recipe){.kind = VALUE_EMAIL, .count = 50});
    assert_int_equal(vp_trainer_on_progress(t, note_progress, &stages), VP_OK);
    check_training(t);
    assert_true(stages.calls > 5);
    assert_int_equal(stages.last, 1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(option_ranges),
        cmocka_unit_test(arguments),
        cmocka_unit_test(few_samples),
        cmocka_unit_test(identical_samples),
        cmocka_unit_test(random_samples),
        cmocka_unit_test(many_kinds_of_samples),
        cmocka_unit_test(huge_samples_teach_nothing_but_are_counted),
        cmocka_unit_test(the_same_samples_give_the_same_bytes),
        cmocka_unit_test(progress_rises_to_the_end),
    };
    return cmocka_run_group_tests_name("trainer", tests, NULL, NULL);
}
