/* What a trained profile keeps: ranges, options, presets, stored text, and the bound on memory. */
#define _GNU_SOURCE /* memmem */
#include "test.h"

#include "profile.h"

#include <stdio.h>
#include <stdlib.h>

static int64_t finish_status(vp_trainer *t) {
    const void *file = NULL;
    int64_t status = vp_trainer_finish(t, &file);
    assert_true((status < 0) == (file == NULL));
    return status;
}

static vp_trainer *small_trainer(uint32_t first_code, uint32_t width) {
    return trainer_of(&(struct recipe){.kind = VALUE_COUNTRY,
                                       .count = 8,
                                       .preset = VP_PRESET_FAST,
                                       .first_code = first_code,
                                       .width = width});
}

static vp_profile *finish_small(vp_trainer *t) {
    const void *file = NULL;
    int64_t size = vp_trainer_finish(t, &file);
    assert_true(size > 0);
    vp_profile *profile = load_profile((struct bytes){(uint8_t *)(uintptr_t)file, (size_t)size});
    vp_trainer_free(t);
    return profile;
}

/* ---- Ranges --------------------------------------------------------------------------------- */

static void ranges_are_handed_out_in_order(void **state) {
    (void)state;
    static const uint32_t expected[] = {0xB0, 0x90, 0xA0, 0x80};
    vp_profile *profiles[4];
    for (size_t i = 0; i < 4; i++) {
        vp_trainer *t = small_trainer(0, 16);
        for (size_t j = 0; j < i; j++) assert_int_equal(vp_trainer_beside(t, profiles[j]), VP_OK);
        profiles[i] = finish_small(t);
        assert_int_equal(vp_profile_first_code(profiles[i]), expected[i]);
    }
    vp_trainer *fifth = small_trainer(0, 1);
    for (size_t j = 0; j < 4; j++) assert_int_equal(vp_trainer_beside(fifth, profiles[j]), VP_OK);
    assert_int_equal(finish_status(fifth), VP_ERR_NO_RANGE);
    vp_trainer_free(fifth);
    vp_trainer *touching = small_trainer(0x98, 8);
    assert_int_equal(vp_trainer_beside(touching, profiles[1]), VP_OK);
    assert_int_equal(finish_status(touching), VP_ERR_OVERLAP);
    assert_int_equal(vp_trainer_set(touching, VP_TRAIN_FIRST_CODE, 0x88), VP_OK); /* another try */
    assert_true(finish_status(touching) > 0);
    vp_trainer_free(touching);
    for (size_t i = 0; i < 4; i++) vp_profile_release(profiles[i]);
}

/* A profile of values of this kind whose width the trainer chooses, beside another; and the held-out
   bytes of its report. */
static vp_profile *width_chosen(enum value_kind kind, const vp_profile *beside, uint32_t width, long *bytes) {
    vp_trainer *t =
        trainer_of(&(struct recipe){.kind = kind, .count = 300, .preset = VP_PRESET_FAST, .width = 16});
    assert_int_equal(vp_trainer_set(t, VP_TRAIN_WIDTH, width), VP_OK);
    if (beside) assert_int_equal(vp_trainer_beside(t, beside), VP_OK);
    const void *file = NULL;
    int64_t size = vp_trainer_finish(t, &file);
    assert_true(size > 0);
    const char *encoded = strstr(vp_trainer_report(t), "\"encoded_bytes\":");
    assert_non_null(encoded);
    *bytes = strtol(encoded + strlen("\"encoded_bytes\":"), NULL, 10);
    vp_profile *profile = load_profile((struct bytes){(uint8_t *)(uintptr_t)file, (size_t)size});
    vp_trainer_free(t);
    return profile;
}

static void a_wide_range_has_to_pay(void **state) {
    (void)state;
    static const enum value_kind kinds[] = {VALUE_TIMESTAMP, VALUE_EMAIL, VALUE_PRICE, VALUE_UUID};
    bool chosen[2] = {false, false};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        long narrow, wide, bytes;
        vp_profile_release(width_chosen(kinds[i], NULL, 16, &narrow));
        vp_profile_release(width_chosen(kinds[i], NULL, 32, &wide));
        vp_profile *p = width_chosen(kinds[i], NULL, 0, &bytes);
        bool pays = wide < narrow - narrow / 50;
        assert_int_equal(vp_profile_width(p), pays ? 32 : 16);
        assert_int_equal(bytes, pays ? wide : narrow);
        chosen[pays] = true;
        vp_profile_release(p);
    }
    assert_true(chosen[0] && chosen[1]);
}

static void a_wide_range_leaves_room_for_another(void **state) {
    (void)state;
    long bytes;
    vp_profile *wide = width_chosen(VALUE_TIMESTAMP, NULL, 0, &bytes);
    assert_int_equal(vp_profile_first_code(wide), 0xA0);
    assert_int_equal(vp_profile_width(wide), 32);
    vp_profile *last = width_chosen(VALUE_TIMESTAMP, wide, 0, &bytes);
    assert_int_equal(vp_profile_first_code(last), 0x90);
    assert_int_equal(vp_profile_width(last), 16);
    vp_profile *second =
        width_chosen(VALUE_TIMESTAMP, last, 0, &bytes); /* 0xA0 .. 0xBF, and 0x80 stays free */
    assert_int_equal(vp_profile_width(second), 32);
    vp_profile_release(wide);
    vp_profile_release(last);
    vp_profile_release(second);
}

static void narrow_ranges_fill_the_gaps(void **state) {
    (void)state;
    vp_profile *first = finish_small(small_trainer(0xB0, 4));
    vp_trainer *t = small_trainer(0, 4);
    assert_int_equal(vp_trainer_beside(t, first), VP_OK);
    vp_profile *second = finish_small(t);
    assert_int_equal(vp_profile_first_code(second), 0xB4);
    t = small_trainer(0, 32); /* two blocks wide */
    assert_int_equal(vp_trainer_beside(t, first), VP_OK);
    vp_profile *wide = finish_small(t);
    assert_int_equal(vp_profile_first_code(wide), 0x80);
    vp_trainer *unaligned = small_trainer(0x88, 16);
    assert_int_equal(finish_status(unaligned), VP_ERR_ARGUMENT);
    vp_trainer_free(unaligned);
    vp_profile_release(first);
    vp_profile_release(second);
    vp_profile_release(wide);
}

static void codes_in_which_samples_begin_are_avoided(void **state) {
    (void)state;
    vp_trainer *t = small_trainer(0, 16);
    assert_int_equal(vp_trainer_add(t, "\xB3old value", 10), VP_OK);
    assert_int_equal(vp_trainer_add(t, "\x9Fold value", 10), VP_OK);
    vp_profile *profile = finish_small(t);
    assert_int_equal(vp_profile_first_code(profile), 0xA0);
    vp_profile_release(profile);
    t = small_trainer(0xB0, 16);
    assert_int_equal(vp_trainer_add(t, "\xB3old value", 10), VP_OK);
    assert_int_equal(finish_status(t), VP_ERR_OVERLAP);
    vp_trainer_free(t);
    t = small_trainer(0, 16);
    for (unsigned first = 0x80; first <= 0xBF; first += 16) {
        const uint8_t sample[2] = {(uint8_t)first, 'x'};
        assert_int_equal(vp_trainer_add(t, sample, 2), VP_OK);
    }
    assert_int_equal(finish_status(t), VP_ERR_NO_RANGE);
    vp_trainer_free(t);
}

/* ---- Options -------------------------------------------------------------------------------- */

/* A value encoded with one profile and decoded with another of the same range. */
static void check_bytes_detect_a_wrong_profile(void **state) {
    (void)state;
    for (uint32_t check = 1; check <= 4; check++) {
        vp_profile *right =
            train_profile(&(struct recipe){.kind = VALUE_SESSION, .count = 80, .check = check});
        vp_profile *wrong = train_profile(&(struct recipe){.kind = VALUE_TEXT, .count = 80, .check = check});
        struct coder writer = coder_of(right, NULL), reader = coder_of(wrong, NULL);
        uint64_t random = 6;
        uint8_t value[VALUE_ROOM], out[16 * VALUE_ROOM];
        unsigned values = 400, silent = 0;
        for (unsigned i = 0; i < values; i++) {
            size_t size = make_value(VALUE_SESSION, &random, value);
            struct bytes stored = round_trip(writer.context, value, size);
            silent += vp_decode(reader.context, stored.at, stored.size, out, sizeof out) >= 0;
            test_free(stored.at);
        }
        assert_true(silent <= (check == 1 ? values / 50 : 0)); /* 1 of 256 by chance */
        coder_close(&writer);
        coder_close(&reader);
        vp_profile_release(right);
        vp_profile_release(wrong);
    }
}

static void the_fast_preset_uses_fast_encoders(void **state) {
    (void)state;
    for (int kind = 0; kind < VALUE_NOISE; kind++) {
        vp_profile *p = train_profile(&(struct recipe){
            .kind = (enum value_kind)kind, .count = 60, .preset = VP_PRESET_FAST, .width = 1});
        for (unsigned i = 0; i < p->row_count; i++) assert_true(p->rows[i].encoder->fast);
        vp_profile_release(p);
    }
}

static void kept_integers_are_not_learned(void **state) {
    (void)state;
    struct recipe recipe = {.kind = VALUE_INTEGER, .count = 200, .keep_integers = 1};
    vp_profile *keeps = train_profile(&recipe);
    recipe.keep_integers = 0;
    vp_profile *takes = train_profile(&recipe);
    assert_int_equal(keeps->row_count, 0);
    assert_true(takes->row_count > 0);
    vp_profile_release(keeps);
    vp_profile_release(takes);
}

static void provenance_is_recorded(void **state) {
    (void)state;
    vp_trainer *t = small_trainer(0, 16);
    assert_int_equal(vp_trainer_set(t, VP_TRAIN_DATE, 1750000000), VP_OK);
    vp_profile *p = finish_small(t);
    assert_true(p->provenance.date == 1750000000);
    assert_true(p->provenance.samples == 8);
    assert_true(p->provenance.held_out_encoded <= p->provenance.held_out_raw);
    vp_profile_release(p);
}

/* ---- Stored text ---------------------------------------------------------------------------- */

struct corpus {
    uint8_t *values;
    size_t sizes[400], count;
};

static size_t samples_with(const struct corpus *c, const uint8_t *text, size_t size, bool whole) {
    size_t found = 0, at = 0;
    for (size_t i = 0; i < c->count; at += c->sizes[i++]) {
        if (whole) found += c->sizes[i] == size && memcmp(c->values + at, text, size) == 0;
        else found += memmem(c->values + at, c->sizes[i], text, size) != NULL;
    }
    return found;
}

/* Reads a JSON string as the bytes it stands for (code points are bytes); moves behind its end. */
static size_t read_string(const char **at, uint8_t *text) {
    size_t size = 0;
    for (++*at; **at != '"'; ++*at) {
        unsigned code = (uint8_t) * *at;
        if (code == '\\') {
            assert_int_equal(sscanf(*at, "\\u%4x", &code), 1);
            *at += 5;
        }
        text[size++] = (uint8_t)code;
    }
    ++*at;
    return size;
}

/* Every string of the list behind `"name":[`; single bytes are nobody's secret. */
static size_t check_list(const char *json, const char *name, const struct corpus *c, bool whole,
                         size_t fewest) {
    const char *at = strstr(json, name);
    if (!at) return 0;
    size_t count = 0;
    uint8_t text[VALUE_ROOM];
    for (at += strlen(name); *at != ']'; at += *at == ',') {
        size_t size = read_string(&at, text);
        count++;
        if (size > 1 && samples_with(c, text, size, whole) < fewest)
            fail_msg("%s stores \"%.*s\"", name, (int)size, (char *)text);
    }
    return count;
}

static struct corpus corpus_of(enum value_kind kind) {
    struct corpus c = {.values = test_malloc(400 * VALUE_ROOM), .count = 400};
    uint64_t random = 1000 + kind; /* the samples of trainer_of() */
    for (size_t i = 0, at = 0; i < c.count; at += c.sizes[i++])
        c.sizes[i] = make_value(kind, &random, c.values + at);
    return c;
}

static void stored_text_was_seen_often_enough(void **state) {
    (void)state;
    static const enum value_kind kinds[] = {VALUE_SESSION, VALUE_EMAIL, VALUE_COUNTRY, VALUE_UTF8, VALUE_URL};
    static const uint32_t fewest[] = {3, 20, 50, 3, 100};
    size_t stored = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct corpus corpus = corpus_of(kinds[i]);
        vp_profile *p = train_profile(&(struct recipe){
            .kind = kinds[i], .count = corpus.count, .min_count = fewest[i], .preset = VP_PRESET_FAST});
        size_t bound = vp_profile_describe_bound(p) + 1;
        char *json = test_malloc(bound);
        int64_t size = vp_profile_describe(p, json, bound - 1);
        assert_true(size > 0);
        json[size] = '\0';
        stored += check_list(json, "\"tokens\":[", &corpus, false, fewest[i]);
        stored += check_list(json, "\"values\":[", &corpus, true, fewest[i]);
        test_free(json);
        vp_profile_release(p);
        test_free(corpus.values);
    }
    assert_true(stored > 100);
}

/* ---- Memory --------------------------------------------------------------------------------- */

static void a_million_samples_in_bounded_memory(void **state) {
    (void)state;
    struct counting counting = {0};
    const vp_allocator allocator = counting_allocator(&counting);
    vp_trainer *t = vp_trainer_new(&allocator);
    uint64_t random = 1;
    uint8_t value[VALUE_ROOM];
    assert_int_equal(vp_trainer_set(t, VP_TRAIN_SAMPLE_BYTES, 1 << 20), VP_OK);
    assert_int_equal(vp_trainer_set(t, VP_TRAIN_PRESET, VP_PRESET_FAST), VP_OK);
    size_t size = make_value(VALUE_SESSION, &random, value);
    for (uint32_t i = 0; i < 1000000; i++) {
        memcpy(value + 11,
               &(char[6]){(char)('0' + i % 10), (char)('0' + i / 10 % 10), (char)('0' + i / 100 % 10)}, 3);
        if (vp_trainer_add(t, value, size) != VP_OK) fail();
    }
    assert_true(counting.peak_bytes < 4 << 20);
    const void *file = NULL;
    int64_t file_size = vp_trainer_finish(t, &file);
    assert_true(file_size > 0);
    assert_true(counting.peak_bytes < 200 << 20);
    vp_profile *p = load_profile((struct bytes){(uint8_t *)(uintptr_t)file, (size_t)file_size});
    assert_true(p->provenance.samples == 1000000);
    vp_profile_release(p);
    vp_trainer_free(t);
    assert_int_equal(counting.live, 0);
}

/* The sections of encoders together keep to what the whole file may be. */
static void files_keep_to_their_limits(void **state) {
    (void)state;
    struct bytes file = train_bytes(&(struct recipe){.kind = VALUE_SESSION, .count = 4000});
    assert_true(file.size < 192 << 10);
    test_free(file.at);
    file = train_bytes(
        &(struct recipe){.kind = VALUE_TOKEN, .count = 3000, .model_bytes = 4096, .preset = VP_PRESET_FAST});
    assert_true(file.size < 24 << 10);
    test_free(file.at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_handed_out_in_order),
        cmocka_unit_test(a_wide_range_has_to_pay),
        cmocka_unit_test(a_wide_range_leaves_room_for_another),
        cmocka_unit_test(narrow_ranges_fill_the_gaps),
        cmocka_unit_test(codes_in_which_samples_begin_are_avoided),
        cmocka_unit_test(check_bytes_detect_a_wrong_profile),
        cmocka_unit_test(the_fast_preset_uses_fast_encoders),
        cmocka_unit_test(kept_integers_are_not_learned),
        cmocka_unit_test(provenance_is_recorded),
        cmocka_unit_test(stored_text_was_seen_often_enough),
        cmocka_unit_test(a_million_samples_in_bounded_memory),
        cmocka_unit_test(files_keep_to_their_limits),
    };
    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
