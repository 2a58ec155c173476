/* What the model's trainer learns: what it saves, odd samples, and damage to what was learned. */
#include "test.h"

#include "learn_check.h"

#include <stdio.h>
#include <stdlib.h>

static const struct encoder *model(void) {
    return encoder_by_id(ENCODER_ID_model);
}

static void make_record(uint64_t *random, char *text) {
    static const char *const names[] = {"anna", "bertil", "chandra", "dimitri"};
    unsigned id = (unsigned)random_below(random, 10000), kind = (unsigned)random_below(random, 4);
    snprintf(text, LEARN_TEXT,
             "{\"id\":%04u,\"name\":\"%s\",\"friend\":\"%s\",\"home\":\"/home/%s\",\"key\":\"%04x%04x\"}", id,
             names[kind], names[random_below(random, 4)], names[kind], id * 7 & 0xFFFF,
             (unsigned)random_below(random, 65536));
}

static void make_line(uint64_t *random, char *text) {
    snprintf(text, LEARN_TEXT, "%u,%s,%u.%02u,%s", (unsigned)random_below(random, 90) + 10,
             random_below(random, 3) ? "open" : "closed", (unsigned)random_below(random, 30),
             (unsigned)random_below(random, 100), random_below(random, 5) ? "EUR" : "USD");
}

static void make_word(uint64_t *random, char *text) {
    static const char *const words[] = {"Sweden", "Norway", "Denmark", "Finland", "Iceland", "France"};
    snprintf(text, LEARN_TEXT, "%s", words[random_below(random, 6)]);
}

/* One of many long words without any order in them. */
static void make_long_word(uint64_t *random, char *text) {
    uint64_t letters = random_below(random, 100) * 7919 + 1;
    for (unsigned i = 0; i < 40; i++) text[i] = (char)('!' + random_below(&letters, 90));
    text[40] = '\0';
}

static const struct encoder_trainer *trainer(void) {
    size_t count;
    const struct encoder_trainer *const *all = encoder_trainers(&count);
    for (size_t i = 0; i < count; i++)
        if (all[i]->id == ENCODER_ID_model) return all[i];
    fail_msg("the model has no trainer");
    return NULL;
}

/* By variant: with anchors, with fields, without slots. */
enum { ANCHORS = 0, FIELDS = 3, PLACES_ONLY = 4 };

static uint64_t ratio_of(unsigned variant, text_maker *make) {
    struct learner l = {.trainer = trainer(), .encoder = model(), .variant = variant};
    return learn_and_try(&l, make, 100);
}

/* A record has 46 bits that can't be known: 6 bytes, of 82. A line has 25 bits, a word 3. */
static void what_is_learned_saves_much(void **state) {
    (void)state;
    assert_true(ratio_of(ANCHORS, make_record) > 900);
    assert_true(ratio_of(FIELDS, make_line) > 400);
    assert_true(ratio_of(PLACES_ONLY, make_word) > 550);
}

static void odd_samples_teach_something_valid(void **state) {
    (void)state;
    struct learner l = {.trainer = trainer(), .encoder = model(), .variant = ANCHORS};
    learn_from_odd_samples(&l, make_line);
    static const uint8_t zeros[600];
    const struct sample samples[] = {{zeros, 0}, {zeros, 1}, {zeros, 24}, {(const uint8_t *)"a,b,c", 5}};
    for (l.variant = 0; l.variant < l.trainer->variants; l.variant++)
        for (size_t from = 0; from < 4; from++)
            for (size_t count = 1; from + count <= 4; count++) {
                int status = learn_status(&l, samples + from, count);
                assert_int_equal(status, from + count == 1 ? VP_ERR_NO_SAMPLES : VP_OK);
            }
    const struct sample long_sample = {zeros, 600}; /* with a symbol for each byte it would take too long */
    l.variant = PLACES_ONLY;
    assert_int_equal(learn_status(&l, &long_sample, 1), VP_ERR_NO_SAMPLES);
    l.variant = ANCHORS;
    assert_int_equal(learn_status(&l, &long_sample, 1), VP_OK);
}

/* What all there is to learn takes, just below that, and far below. */
static void a_section_fits_whatever_its_limit(void **state) {
    (void)state;
    enum { TEXTS = 2000 };
    static char texts[TEXTS][LEARN_TEXT];
    static uint8_t section[LEARN_SECTION];
    uint64_t random = 5;
    text_maker *const makers[] = {make_record, make_line, make_word, make_long_word};
    for (size_t i = 0; i < TEXTS; i++) makers[i % 4](&random, texts[i]);
    struct training t = payload_training(texts[0], LEARN_TEXT, TEXTS);
    struct writer out = writer_over(section, sizeof section);
    assert_int_equal(trainer()->train(&t, ANCHORS, &out), VP_OK);
    const uint64_t most = out.length;
    const uint64_t limits[] = {most, most - 1, most - most / 20, most - most / 4, most / 2, most / 4};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        t.model_bytes = limits[i];
        out = writer_over(section, sizeof section);
        assert_int_equal(trainer()->train(&t, ANCHORS, &out), VP_OK);
        assert_in_range(out.length, limits[i] / 2, limits[i]);
    }
    payload_training_free(&t);
}

/* A section that was learned, changed at single places: refused, or the values come back. */
static void damage_of_learned_sections_is_harmless(void **state) {
    (void)state;
    for (unsigned variant = 0; variant < trainer()->variants; variant++) {
        struct bytes section = train_section(ENCODER_ID_model, variant, VALUE_EMAIL, 60);
        if (section.size == 0) continue;
        uint64_t random = variant;
        const vp_allocator allocator = memory_default();
        for (unsigned i = 0; i < 300; i++) {
            size_t at = random_below(&random, section.size);
            uint8_t before = section.at[at], *copy;
            section.at[at] = (uint8_t)random_next(&random);
            void *params = payload_load(model(), section.at, section.size, &copy);
            if (params) payload_round_trip(model(), params, 4, "erika.mustermann@example.com");
            if (params) model()->unload(params, &allocator);
            free(copy);
            section.at[at] = before;
        }
        test_free(section.at);
    }
}

static const char secret[] = "Zq7!kV2#hW9$";

/* Bytes that the secret takes with a model of 200 lines and two samples that are full of it. */
static size_t size_of_secret(uint64_t min_count) {
    static char lines[200][LEARN_TEXT], confession[sizeof secret * 20];
    static struct sample samples[202];
    static uint8_t section[1 << 20], payload[64];
    struct samples all = {.items = samples, .count = 202};
    for (unsigned i = 0; i < 200; i++) {
        snprintf(lines[i], LEARN_TEXT, "%u,%s,%u", i % 90 + 10, i % 3 ? "open" : "closed", i * 37 % 1000);
        samples[i] = (struct sample){(const uint8_t *)lines[i], strlen(lines[i])};
    }
    for (size_t i = 0; i + sizeof secret <= sizeof confession; i += sizeof secret - 1)
        memcpy(confession + i, secret, sizeof secret);
    samples[200] = samples[201] = (struct sample){(const uint8_t *)confession, strlen(confession)};
    for (unsigned i = 0; i < 202; i++) all.bytes += samples[i].size;
    const struct training t = {
        .allocator = memory_default(), .samples = all, .model_bytes = 64 << 10, .min_count = min_count};
    struct writer w = writer_over(section, sizeof section);
    assert_int_equal(trainer()->train(&t, ANCHORS, &w), VP_OK);
    uint8_t *copy;
    void *params = payload_load(model(), section, w.length, &copy);
    assert_non_null(params);
    struct scratch scratch;
    scratch_init(&scratch, memory_default());
    const struct coding coding = {.params = params, .scratch = &scratch};
    const struct value v = value_of(secret, strlen(secret));
    struct bit_writer out = {.out = writer_over(payload, sizeof payload)};
    assert_true(model()->encode(&out, &v, &coding));
    scratch_free(&scratch);
    model()->unload(params, &t.allocator);
    free(copy);
    return out.out.length;
}

/* Who holds a profile must not find in it what is in a single sample or two, however often. */
static void what_few_samples_hold_is_not_learned(void **state) {
    (void)state;
    const size_t learned = size_of_secret(1), kept_out = size_of_secret(3);
    /* How often each byte occurs is known in any case. */
    assert_true(kept_out >= strlen(secret) / 2 && learned < kept_out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_learned_saves_much),
        cmocka_unit_test(odd_samples_teach_something_valid),
        cmocka_unit_test(a_section_fits_whatever_its_limit),
        cmocka_unit_test(what_few_samples_hold_is_not_learned),
        cmocka_unit_test(damage_of_learned_sections_is_harmless),
    };
    return cmocka_run_group_tests_name("train model", tests, NULL, NULL);
}
