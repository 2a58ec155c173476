/* The chooser: the smallest result wins, and a value is left alone when nothing gains. */
#include "test.h"

#include "profile.h"

#include <stdio.h>

static void text_is_untouched_when_nothing_gains(void **state) {
    (void)state;
    static const char *const texts[] = {"",     "a",       "ab", "x1", "Hi!", "\xC3\xA9", "\xF0\x9F\x99\x82",
                                        "q~Z@", "\x01\x7F"};
    struct coder c = coder_of(NULL, NULL);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t size = strlen(texts[i]);
        struct bytes stored = round_trip(c.context, texts[i], size);
        if (stored.size == size) assert_memory_equal(stored.at, texts[i], size);
        else assert_true(stored.size < size);
        test_free(stored.at);
    }
    coder_close(&c);
}

/* What is stored is either the value, the value behind an escape, or smaller than both. */
static void stored_values_gain_or_are_the_value(void **state) {
    (void)state;
    vp_profile *profile = train_profile(&(struct recipe){.kind = VALUE_TEXT, .count = 100});
    struct coder with = coder_of(profile, NULL), without = coder_of(NULL, NULL);
    uint64_t random = 21;
    uint8_t value[VALUE_ROOM];
    for (int i = 0; i < 2000; i++) {
        size_t size = make_value((enum value_kind)(i % VALUE_KINDS), &random, value);
        struct coder *c = i & 32 ? &with : &without;
        struct bytes stored = round_trip(c->context, value, size);
        bool special =
            size && ((value[0] >= 0x80 && value[0] <= 0xC1) || (value[0] >= 0xF5 && value[0] <= 0xFD));
        bool alone = stored.size == size + special && memcmp(stored.at + special, value, size) == 0;
        if (alone && special) assert_int_equal(stored.at[0], 0xC0);
        assert_true(alone || stored.size < size + special);
        test_free(stored.at);
    }
    coder_close(&with);
    coder_close(&without);
    vp_profile_release(profile);
}

/* Without `enough`, adding a row to a profile never makes a value larger. */
static void the_smallest_candidate_wins(void **state) {
    (void)state;
    struct bytes none = {NULL, 0};
    struct bytes packed = single_encoder_profile(ENCODER_ID_pack, ROW_SYSTEM, 0, none);
    struct bytes delta = single_encoder_profile(ENCODER_ID_delta, ROW_SYSTEM, 0, none);
    vp_profile *pack_profile = load_profile(packed), *delta_profile = load_profile(delta);
    struct coder pack = coder_of(pack_profile, NULL), list = coder_of(delta_profile, NULL),
                 all = coder_of(NULL, NULL);
    static const char value[] = "100000,100001,100002,100003,100005,100006,100007,100009";
    struct bytes by_pack = round_trip(pack.context, value, sizeof value - 1);
    struct bytes by_delta = round_trip(list.context, value, sizeof value - 1);
    struct bytes by_all = round_trip(all.context, value, sizeof value - 1);
    assert_true(by_pack.size < sizeof value - 1);
    assert_true(by_delta.size < by_pack.size);
    assert_true(by_all.size <= by_delta.size);
    test_free(by_pack.at);
    test_free(by_delta.at);
    test_free(by_all.at);
    coder_close(&pack);
    coder_close(&list);
    coder_close(&all);
    vp_profile_release(pack_profile);
    vp_profile_release(delta_profile);
    test_free(packed.at);
    test_free(delta.at);
}

/* The margin stands in the policy: width, check, margin. */
static void a_gain_below_the_margin_is_left(void **state) {
    (void)state;
    static const char digits[] = "01234567890123456789"; /* 20 digits: 66.4 bits */
    size_t smallest = SIZE_MAX;
    for (unsigned margin = 1; margin <= 20; margin++) {
        struct bytes file = single_encoder_profile(ENCODER_ID_pack, ROW_SYSTEM, 0, (struct bytes){NULL, 0});
        size_t policy = PROFILE_HEADER + PROFILE_SECTION + 1 + 6 + 6 * 8 + PROFILE_SECTION;
        assert_int_equal(file.at[policy + 2], 1);
        file.at[policy + 2] = (uint8_t)margin;
        reseal(file.at, file.size);
        vp_profile *profile = load_profile(file);
        struct coder c = coder_of(profile, NULL);
        struct bytes stored = round_trip(c.context, digits, 20);
        if (margin == 1) smallest = stored.size;
        assert_int_equal(stored.size, 20 - smallest >= margin ? smallest : 20);
        test_free(stored.at);
        coder_close(&c);
        vp_profile_release(profile);
        test_free(file.at);
    }
    assert_true(smallest <= 11);
}

static void check_bytes_are_those_of_the_value(void **state) {
    (void)state;
    uint8_t value[VALUE_ROOM];
    for (uint32_t check = 1; check <= 4; check++) {
        vp_profile *profile =
            train_profile(&(struct recipe){.kind = VALUE_SESSION, .count = 80, .check = check});
        struct coder c = coder_of(profile, NULL);
        uint64_t random = 4;
        size_t size = make_value(VALUE_SESSION, &random, value);
        struct bytes stored = round_trip(c.context, value, size);
        uint8_t out[VALUE_ROOM];
        assert_true(stored.at[0] >= 0x80 && stored.at[0] <= 0xBF);
        for (uint32_t i = 0; i < check; i++) {
            stored.at[stored.size - 1 - i] ^= 0x40;
            assert_int_equal(vp_decode(c.context, stored.at, stored.size, out, sizeof out), VP_ERR_CHECK);
            stored.at[stored.size - 1 - i] ^= 0x40;
        }
        test_free(stored.at);
        coder_close(&c);
        vp_profile_release(profile);
    }
}

/* A profile that tries zstd and lz4 under their system codes, in this order. */
static vp_profile *zstd_before_lz4(void) {
    const struct profile_row rows[] = {{.id = ENCODER_ID_zstd, .form = ROW_SYSTEM},
                                       {.id = ENCODER_ID_lz4, .form = ROW_SYSTEM}};
    const struct profile_plan plan = {
        .name = "", .first_code = 0xA0, .margin = 1, .rows = rows, .row_count = 2};
    uint8_t room[512];
    struct writer w = writer_over(room, sizeof room);
    profile_write(&w, &plan);
    assert_false(w.full);
    return load_profile((struct bytes){room, w.length});
}

static size_t size_with_margin(vp_profile *profile, uint64_t margin, const uint8_t *value, size_t size) {
    vp_options *options = vp_options_new(NULL);
    assert_int_equal(vp_options_set(options, VP_OPTION_LZ4_MARGIN, margin), VP_OK);
    struct coder c = coder_with(profile, NULL, options);
    struct bytes stored = round_trip(c.context, value, size);
    test_free(stored.at);
    coder_close(&c);
    vp_options_free(options);
    return stored.size;
}

/* lz4 is kept from 4 KiB up unless zstd saves the margin, whichever is tried first; with margin 0 the
   smaller one wins. Below 4 KiB the smaller one wins with any margin. */
static void lz4_is_preferred_by_its_margin(void **state) {
    (void)state;
    enum { SIZE = 20000, SMALL = 4095 };
    uint8_t *value = test_malloc(SIZE);
    uint64_t random = 9;
    make_long_value(VALUE_SESSION, &random, value, SIZE);
    vp_profile *reversed = zstd_before_lz4();
    size_t smaller = size_with_margin(NULL, 0, value, SIZE),
           preferred = size_with_margin(NULL, 100, value, SIZE);
    assert_true(smaller < preferred && preferred <= 2 * smaller + 1);
    assert_int_equal(size_with_margin(reversed, 0, value, SIZE), smaller);
    assert_int_equal(size_with_margin(reversed, 100, value, SIZE), preferred);
    assert_int_equal(size_with_margin(NULL, 100, value, SMALL), size_with_margin(NULL, 0, value, SMALL));
    assert_int_equal(size_with_margin(reversed, 100, value, SMALL),
                     size_with_margin(reversed, 0, value, SMALL));
    vp_profile_release(reversed);
    test_free(value);
}

/* A value of `size` bytes that says the same thing again and again, numbered. */
static uint8_t *repetitive_text(size_t size) {
    uint8_t *value = test_malloc(size + 64);
    for (size_t at = 0, line = 0; at < size; line++)
        at +=
            (size_t)snprintf((char *)value + at, 64, "%zu: der Kater sitzt noch immer auf dem Dach;\n", line);
    return value;
}

static size_t stored_size(struct coder *c, const uint8_t *value, size_t size, uint8_t *first) {
    struct bytes stored = round_trip(c->context, value, size);
    *first = stored.at[0];
    test_free(stored.at);
    return stored.size;
}

/* A profile of short values, and long ones unlike them: as small as without the profile. */
static void long_values_unlike_the_samples_get_small(void **state) {
    (void)state;
    static const size_t sizes[] = {6000, 100000, 200000}; /* the model takes up to 64 KiB */
    static const enum value_kind kinds[] = {VALUE_EMAIL, VALUE_COUNTRY, VALUE_TOKEN};
    uint8_t *value = repetitive_text(200000), first;
    struct coder untrained = coder_of(NULL, NULL);
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        vp_profile *profile = train_profile(&(struct recipe){.kind = kinds[kind], .count = 200});
        struct coder c = coder_of(profile, NULL);
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            const size_t size = stored_size(&c, value, sizes[i], &first);
            assert_true(first == 0xFB || first == 0xFC);
            assert_true(size < sizes[i] / 3);
            assert_int_equal(size, stored_size(&untrained, value, sizes[i], &first));
        }
        coder_close(&c);
        vp_profile_release(profile);
    }
    coder_close(&untrained);
    test_free(value);
}

/* Below 256 bytes, or when a row needs no more than a third, the rows of the profile alone decide. */
static void rows_alone_decide_on_short_and_on_small(void **state) {
    (void)state;
    struct bytes file = single_encoder_profile(ENCODER_ID_pack, ROW_SYSTEM, 0, (struct bytes){NULL, 0});
    vp_profile *profile = load_profile(file);
    struct coder c = coder_of(profile, NULL);
    uint8_t value[1000], first;
    memset(value, 'a', sizeof value);
    value[254] = 0xFF; /* beside it, pack has no alphabet that saves anything */
    for (size_t i = 0; i < 250; i++) value[i] = (uint8_t)(i % 125 + 1);
    assert_int_equal(stored_size(&c, value, 255, &first), 255);
    assert_true(stored_size(&c, value, 256, &first) < 200); /* 125 bytes, and again */
    assert_true(first == 0xFB || first == 0xFC);
    for (size_t i = 0; i < sizeof value; i++) value[i] = i % 2 ? '1' : '0';
    assert_true(stored_size(&c, value, sizeof value, &first) > 100); /* zstd needs 20 */
    assert_int_equal(first, 0xF6);
    coder_close(&c);
    vp_profile_release(profile);
    test_free(file.at);
}

/* VP_PRESET_FAST keeps to lz4, however much smaller zstd is. */
static void fast_falls_back_on_lz4_alone(void **state) {
    (void)state;
    enum { SIZE = 20000 };
    vp_profile *profile = train_profile(&(struct recipe){.kind = VALUE_EMAIL, .count = 200});
    vp_options *options = vp_options_new(NULL);
    assert_int_equal(vp_options_set(options, VP_OPTION_PRESET, VP_PRESET_FAST), VP_OK);
    struct coder fast = coder_with(profile, NULL, options), small = coder_of(profile, NULL);
    uint8_t *value = repetitive_text(SIZE), first;
    assert_true(stored_size(&fast, value, SIZE, &first) > stored_size(&small, value, SIZE, &first));
    assert_int_equal(first, 0xFC);
    stored_size(&fast, value, SIZE, &first);
    assert_int_equal(first, 0xFB);
    coder_close(&fast);
    coder_close(&small);
    vp_options_free(options);
    vp_profile_release(profile);
    test_free(value);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_untouched_when_nothing_gains),
        cmocka_unit_test(stored_values_gain_or_are_the_value),
        cmocka_unit_test(the_smallest_candidate_wins),
        cmocka_unit_test(a_gain_below_the_margin_is_left),
        cmocka_unit_test(check_bytes_are_those_of_the_value),
        cmocka_unit_test(lz4_is_preferred_by_its_margin),
        cmocka_unit_test(long_values_unlike_the_samples_get_small),
        cmocka_unit_test(rows_alone_decide_on_short_and_on_small),
        cmocka_unit_test(fast_falls_back_on_lz4_alone),
    };
    return cmocka_run_group_tests_name("chooser", tests, NULL, NULL);
}
