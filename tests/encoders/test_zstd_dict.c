#include "blob_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

extern const struct encoder encoder_zstd_dict;
extern const struct encoder_trainer trainer_zstd_dict;

enum { SECTION_ROOM = 128 * 1024 };

/* A section of raw content: effort (level 3), then a dictionary of 26 letters. */
static const uint8_t letters[] = "\x03"
                                 "abcdefghijklmnopqrstuvwxyz";

static struct blob_coder coder_with_letters(int *status) {
    struct blob_coder b;
    blob_coder_init(&b, &encoder_zstd_dict, blob_load(&encoder_zstd_dict, letters, 27, status));
    return b;
}

static void release(struct blob_coder *b) {
    encoder_zstd_dict.unload((void *)b->params, &b->scratch.allocator);
    blob_coder_free(b);
}

/* Trains variant `variant` on sessions and loads the section. */
static struct blob_coder trained_coder(unsigned variant, uint8_t *section, size_t *size) {
    struct training t = blob_training(400);
    struct writer w = writer_over(section, SECTION_ROOM);
    assert_int_equal(trainer_zstd_dict.train(&t, variant, &w), VP_OK);
    assert_false(w.full);
    *size = w.length;
    int status;
    struct blob_coder b;
    blob_coder_init(&b, &encoder_zstd_dict, blob_load(&encoder_zstd_dict, section, w.length, &status));
    assert_int_equal(status, VP_OK);
    blob_training_free(&t);
    return b;
}

/* The worked example of FORMAT.md: no literals but "!", one match of all 26 letters.
   08 21        raw literals (type 0, size format 0), 1 byte: (1 << 3); '!'
   01           one sequence
   54           its tables: three times RLE
   01 .. .. ..  literal length code, offset code, match length code
   ..           offset bits and the end mark */
static void test_worked_example(void **state) {
    (void)state;
    int status;
    struct blob_coder b = coder_with_letters(&status);
    assert_int_equal(status, VP_OK);
    /* Literal length 1 (code 1), offset 1+26 = 27, stored 27 + 3 = 30 = 2^4 + 14 (code 4, bits 1110),
       match length 26 = 23 + 3 (code 23, no bits); the bit stream is 1 (end mark) then 1110. */
    static const uint8_t payload[] = {0x08, 0x21, 0x01, 0x54, 0x01, 0x04, 0x17, 0x1E};
    uint8_t decoded[27];
    struct writer out = writer_over(decoded, sizeof decoded);
    assert_int_equal(blob_decode(&b, payload, sizeof payload, &out), VP_OK);
    assert_int_equal(out.length, 27);
    assert_memory_equal(decoded, "!abcdefghijklmnopqrstuvwxyz", 27);
    release(&b);
}

static void test_hostile_payloads(void **state) {
    (void)state;
    int status;
    struct blob_coder b = coder_with_letters(&status);
    uint8_t decoded[64];
    struct writer out = writer_over(decoded, sizeof decoded);
    assert_int_equal(blob_decode(&b, "", 0, &out), VP_ERR_CORRUPT);
    /* An offset one byte before the dictionary. */
    static const uint8_t before[] = {0x08, 0x21, 0x01, 0x54, 0x01, 0x04, 0x17, 0x1F};
    assert_int_equal(blob_decode(&b, before, sizeof before, &out), VP_ERR_CORRUPT);
    /* A byte too many, a block of nothing, tables repeated that raw content does not have. */
    static const uint8_t more[] = {0x08, 0x21, 0x01, 0x54, 0x01, 0x04, 0x17, 0x1E, 0x00};
    assert_int_equal(blob_decode(&b, more, sizeof more, &out), VP_ERR_CORRUPT);
    assert_int_equal(blob_decode(&b, "\x00\x00", 2, &out), VP_ERR_CORRUPT);
    assert_int_equal(blob_decode(&b, "\x08\x21\x01\xFC\x01", 5, &out), VP_ERR_CORRUPT);
    size_t huge = 128 * 1024 + 1;
    uint8_t *zeros = calloc(huge, 1);
    assert_non_null(zeros);
    assert_int_equal(blob_decode(&b, zeros, huge, &out), VP_ERR_CORRUPT);
    free(zeros);
    release(&b);
}

static void test_trained_dictionary_pays(void **state) {
    (void)state;
    static uint8_t section[SECTION_ROOM];
    for (unsigned variant = 0; variant < trainer_zstd_dict.variants; variant++) {
        size_t size, raw = 0, encoded = 0;
        struct blob_coder b = trained_coder(variant, section, &size);
        assert_true(size <= 112 * 1024);
        for (unsigned i = 1000; i < 1100; i++) {
            char session[400];
            size_t length = blob_session(i, session);
            raw += length;
            encoded += blob_round_trip(&b, session, length);
        }
        assert_true(encoded * 3 < raw);
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

static void test_damaged_sections_are_refused_or_harmless(void **state) {
    (void)state;
    static uint8_t section[SECTION_ROOM];
    size_t size;
    struct blob_coder b = trained_coder(3, section, &size);
    char session[400];
    size_t length = blob_session(5000, session);
    uint8_t payload[400];
    size_t encoded = blob_encode(&b, session, length, payload, sizeof payload);
    release(&b);
    section[0] = 3; /* the cheapest to prepare a few thousand times */
    for (size_t at = 0; at < size && at < 400; at++)
        for (unsigned bit = 0; bit < 8; bit++) {
            section[at] ^= (uint8_t)(1u << bit);
            int status;
            const void *params = blob_load(&encoder_zstd_dict, section, size, &status);
            section[at] ^= (uint8_t)(1u << bit);
            if (!params) {
                assert_int_equal(status, VP_ERR_PROFILE);
                continue;
            }
            blob_coder_init(&b, &encoder_zstd_dict, params);
            uint8_t decoded[800];
            struct writer out = writer_over(decoded, sizeof decoded);
            int decoding = blob_decode(&b, payload, encoded, &out);
            assert_true(decoding == VP_OK || decoding == VP_ERR_CORRUPT || decoding == VP_ERR_SPACE);
            release(&b);
        }
}

static void test_sections_out_of_bounds(void **state) {
    (void)state;
    static uint8_t section[SECTION_ROOM];
    static const uint8_t bad_efforts[] = {0, 23, 31, 32, 41, 255};
    int status;
    for (size_t size = 0; size < 9; size++) {
        assert_null(blob_load(&encoder_zstd_dict, letters, size, &status));
        assert_int_equal(status, VP_ERR_PROFILE);
    }
    section[0] = 3;
    assert_null(blob_load(&encoder_zstd_dict, section, 112 * 1024 + 2, &status));
    assert_int_equal(status, VP_ERR_PROFILE);
    memcpy(section, letters, 27);
    for (size_t i = 0; i < sizeof bad_efforts; i++) {
        section[0] = bad_efforts[i];
        assert_null(blob_load(&encoder_zstd_dict, section, 27, &status));
        assert_int_equal(status, VP_ERR_PROFILE);
    }
    /* The magic number of a dictionary with tables, and nothing that could be tables. */
    memcpy(section, "\x03\x37\xA4\x30\xEC\x00\x00\x00\x00\x00\x00\x00", 12);
    assert_null(blob_load(&encoder_zstd_dict, section, 12, &status));
    assert_int_equal(status, VP_ERR_PROFILE);
}

static void test_level_option(void **state) {
    (void)state;
    static uint8_t section[SECTION_ROOM];
    size_t size, sums[2] = {0, 0};
    struct blob_coder b = trained_coder(0, section, &size);
    static const uint32_t levels[2] = {1, 19};
    for (unsigned l = 0; l < 2; l++) {
        b.settings.zstd_level = levels[l];
        for (unsigned i = 2000; i < 2050; i++) {
            char session[400];
            size_t length = blob_session(i, session);
            sums[l] += blob_round_trip(&b, session, length);
        }
    }
    assert_true(sums[1] < sums[0]);
    release(&b);
}

static void test_not_taken(void **state) {
    (void)state;
    int status;
    struct blob_coder b = coder_with_letters(&status);
    size_t size = 128 * 1024 + 1;
    uint8_t *bytes = malloc(size), *out = malloc(2 * size);
    assert_non_null(bytes);
    assert_non_null(out);
    memset(bytes, 'a', size);
    assert_int_equal(blob_encode(&b, bytes, size, out, 2 * size), BLOB_NOT_TAKEN);
    assert_int_equal(blob_encode(&b, bytes, 7, out, 2 * size), BLOB_NOT_TAKEN);
    blob_noise(1, bytes, 1000);
    assert_int_equal(blob_encode(&b, bytes, 1000, out, 2 * size), BLOB_NOT_TAKEN);
    for (size_t i = 0; i < size - 1; i++) bytes[i] = (uint8_t) "abcdefghijklm"[i * i % 13];
    assert_true(blob_round_trip(&b, bytes, size - 1) < 1000);
    free(bytes);
    free(out);
    release(&b);
}

static void test_few_and_odd_samples(void **state) {
    (void)state;
    static uint8_t section[SECTION_ROOM], same[9000];
    memset(same, 'x', sizeof same);
    for (unsigned variant = 0; variant < trainer_zstd_dict.variants; variant++) {
        for (unsigned count = 0; count < 40; count += 3) {
            struct training t = blob_training(count);
            struct writer w = writer_over(section, sizeof section);
            int status = trainer_zstd_dict.train(&t, variant, &w), loading;
            assert_true(status == VP_OK || status == VP_ERR_NO_SAMPLES);
            if (count < 8) assert_int_equal(status, VP_ERR_NO_SAMPLES);
            if (status == VP_OK) {
                void *params = blob_load(&encoder_zstd_dict, section, w.length, &loading);
                assert_int_equal(loading, VP_OK);
                encoder_zstd_dict.unload(params, &t.allocator);
            }
            blob_training_free(&t);
        }
        struct sample items[9];
        for (unsigned i = 0; i < 9; i++) items[i] = (struct sample){same, i * 1000};
        struct training t = {.allocator = memory_default(), .samples = {items, 9, 36000}};
        struct writer w = writer_over(section, sizeof section);
        int status = trainer_zstd_dict.train(&t, variant, &w);
        assert_true(status == VP_OK || status == VP_ERR_NO_SAMPLES);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worked_example),
        cmocka_unit_test(test_hostile_payloads),
        cmocka_unit_test(test_trained_dictionary_pays),
        cmocka_unit_test(test_training_is_deterministic),
        cmocka_unit_test(test_damaged_payloads_are_harmless),
        cmocka_unit_test(test_damaged_sections_are_refused_or_harmless),
        cmocka_unit_test(test_sections_out_of_bounds),
        cmocka_unit_test(test_level_option),
        cmocka_unit_test(test_not_taken),
        cmocka_unit_test(test_few_and_odd_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
