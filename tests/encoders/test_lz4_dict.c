#include "blob_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

extern const struct encoder encoder_lz4_dict;
extern const struct encoder_trainer trainer_lz4_dict;

enum { SECTION_ROOM = 64 * 1024 };

static void release(struct blob_coder *b) {
    encoder_lz4_dict.unload((void *)b->params, &b->scratch.allocator);
    blob_coder_free(b);
}

static struct blob_coder coder_of(const uint8_t *section, size_t size) {
    struct blob_coder b;
    int status;
    blob_coder_init(&b, &encoder_lz4_dict, blob_load(&encoder_lz4_dict, section, size, &status));
    assert_int_equal(status, VP_OK);
    return b;
}

static struct blob_coder trained_coder(unsigned variant, uint8_t *section, size_t *size) {
    struct training t = blob_training(400);
    struct writer w = writer_over(section, SECTION_ROOM);
    assert_int_equal(trainer_lz4_dict.train(&t, variant, &w), VP_OK);
    assert_false(w.full);
    *size = w.length;
    blob_training_free(&t);
    return coder_of(section, w.length);
}

/* The worked example of FORMAT.md: "!", the 26 letters of the dictionary 27 back, then "12345". */
static void test_worked_example(void **state) {
    (void)state;
    struct blob_coder b = coder_of((const uint8_t *)"abcdefghijklmnopqrstuvwxyz", 26);
    static const uint8_t payload[] = {0x20, 0x1F, '!', 0x1B, 0x00, 0x07, 0x50, '1', '2', '3', '4', '5'};
    uint8_t text[32];
    struct writer out = writer_over(text, sizeof text);
    assert_int_equal(blob_decode(&b, payload, sizeof payload, &out), VP_OK);
    assert_int_equal(out.length, 32);
    assert_memory_equal(text, "!abcdefghijklmnopqrstuvwxyz12345", 32);
    uint8_t encoded[64];
    assert_int_equal(blob_encode(&b, text, 32, encoded, sizeof encoded), sizeof payload);
    assert_memory_equal(encoded, payload, sizeof payload);

    static const uint8_t before[] = {0x20, 0x1F, '!', 0x1C, 0x00, 0x07, 0x50, '1', '2', '3', '4', '5'};
    out = writer_over(text, sizeof text);
    assert_int_equal(blob_decode(&b, before, sizeof before, &out), VP_ERR_CORRUPT);
    release(&b);
}

static void test_trained_dictionary_pays(void **state) {
    (void)state;
    static uint8_t section[SECTION_ROOM];
    for (unsigned variant = 0; variant < trainer_lz4_dict.variants; variant++) {
        size_t size, raw = 0, encoded = 0;
        struct blob_coder b = trained_coder(variant, section, &size);
        for (unsigned i = 1000; i < 1100; i++) {
            char session[400];
            size_t length = blob_session(i, session);
            raw += length;
            encoded += blob_round_trip(&b, session, length);
        }
        assert_true(encoded * 2 < raw);
        release(&b);
    }
}

static void test_training_is_deterministic(void **state) {
    (void)state;
    static uint8_t first[SECTION_ROOM], second[SECTION_ROOM];
    size_t first_size, second_size;
    struct blob_coder b = trained_coder(0, first, &first_size), c = trained_coder(0, second, &second_size);
    assert_int_equal(first_size, second_size);
    assert_memory_equal(first, second, first_size);
    release(&b);
    release(&c);
}

/* Values longer than what lz4 reaches back: the dictionary leaves its window. */
static void test_long_values(void **state) {
    (void)state;
    static uint8_t section[SECTION_ROOM];
    size_t size;
    struct blob_coder b = trained_coder(0, section, &size);
    char *text = malloc(200400);
    assert_non_null(text);
    for (size_t at = 0, i = 0; at < 200000; i++) at += blob_session((unsigned)i, text + at);
    blob_round_trip(&b, text, 65535);
    blob_round_trip(&b, text, 200000);
    free(text);
    release(&b);
}

static void test_damaged_payloads_are_harmless(void **state) {
    (void)state;
    static uint8_t section[SECTION_ROOM];
    size_t size;
    struct blob_coder b = trained_coder(0, section, &size);
    char session[400];
    size_t length = blob_session(5000, session);
    blob_damage(&b, session, length);
    release(&b);
}

/* Any bytes are a dictionary; only the size can be wrong. */
static void test_sections_out_of_bounds(void **state) {
    (void)state;
    static uint8_t section[SECTION_ROOM + 1];
    int status;
    for (size_t size = 0; size < 8; size++) {
        assert_null(blob_load(&encoder_lz4_dict, section, size, &status));
        assert_int_equal(status, VP_ERR_PROFILE);
    }
    assert_null(blob_load(&encoder_lz4_dict, section, SECTION_ROOM + 1, &status));
    assert_int_equal(status, VP_ERR_PROFILE);
    struct blob_coder b = coder_of(section, SECTION_ROOM);
    release(&b);
}

static void test_few_and_odd_samples(void **state) {
    (void)state;
    static uint8_t section[SECTION_ROOM], same[9000];
    memset(same, 'x', sizeof same);
    for (unsigned variant = 0; variant < trainer_lz4_dict.variants; variant++) {
        for (unsigned count = 0; count < 40; count += 3) {
            struct training t = blob_training(count);
            struct writer w = writer_over(section, sizeof section);
            int status = trainer_lz4_dict.train(&t, variant, &w);
            assert_true(status == VP_OK || status == VP_ERR_NO_SAMPLES);
            if (count < 8) assert_int_equal(status, VP_ERR_NO_SAMPLES);
            if (status == VP_OK) {
                struct blob_coder b = coder_of(section, w.length);
                release(&b);
            }
            blob_training_free(&t);
        }
        struct sample items[9];
        for (unsigned i = 0; i < 9; i++) items[i] = (struct sample){same, i * 1000};
        struct training t = {.allocator = memory_default(), .samples = {items, 9, 36000}};
        struct writer w = writer_over(section, sizeof section);
        int status = trainer_lz4_dict.train(&t, variant, &w);
        assert_true(status == VP_OK || status == VP_ERR_NO_SAMPLES);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worked_example),
        cmocka_unit_test(test_trained_dictionary_pays),
        cmocka_unit_test(test_training_is_deterministic),
        cmocka_unit_test(test_long_values),
        cmocka_unit_test(test_damaged_payloads_are_harmless),
        cmocka_unit_test(test_sections_out_of_bounds),
        cmocka_unit_test(test_few_and_odd_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
