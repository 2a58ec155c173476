/* bytedict: payloads by hand for every width, and lists that are refused. */
#include "test.h"

#include "bytes.h"
#include "encoder.h"
#include "profile.h"

#include <stdio.h>

/* The list "value 0", "value 1", ... */
static struct bytes file_of(unsigned entries, unsigned bits) {
    uint8_t *room = test_malloc(20 * entries + 2);
    struct writer w = writer_over(room, 20 * entries + 2);
    char text[20];
    put_le16(&w, entries);
    for (unsigned i = 0; i < entries; i++)
        put_varint(&w, (uint64_t)snprintf(text, sizeof text, "value %u", i));
    for (unsigned i = 0; i < entries; i++)
        put_bytes(&w, text, (size_t)snprintf(text, sizeof text, "value %u", i));
    assert_false(w.full);
    struct bytes file =
        single_encoder_profile(ENCODER_ID_bytedict, ROW_CODES, bits, (struct bytes){room, w.length});
    test_free(room);
    return file;
}

/* E entries behind 2^k codes: q codes are followed by a byte, m = 2^k - q stand for an entry alone. */
static void worked_examples(void **state) {
    (void)state;
    static const struct {
        unsigned entries, bits, entry;
        const char *expected;
        size_t size;
    } table[] = {{18, 4, 0, "\xA0", 1}, /* q = 1, m = 15 */
                 {18, 4, 14, "\xAE", 1},
                 {18, 4, 15, "\xAF\x00", 2},
                 {18, 4, 17, "\xAF\x02", 2},
                 {16, 4, 15, "\xAF", 1}, /* 16 codes for 16 entries */
                 {17, 4, 14, "\xAE", 1},
                 {17, 4, 16, "\xAF\x01", 2},
                 {1, 0, 0, "\xA0", 1},
                 {3, 0, 0, "\xA0\x00", 2},
                 {3, 0, 2, "\xA0\x02", 2},
                 {256, 0, 255, "\xA0\xFF", 2},
                 {271, 4, 270, "\xAF\xFF", 2}, /* 15 + 256 */
                 {272, 4, 13, "\xAD", 1},
                 {272, 4, 14, "\xAE\x00", 2}, /* q = 2 */
                 {272, 4, 269, "\xAE\xFF", 2},
                 {272, 4, 270, "\xAF\x00", 2},
                 {8192, 5, 8191, "\xBF\xFF", 2}, /* every code followed by a byte */
                 {2, 1, 1, "\xA1", 1}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct bytes file = file_of(table[i].entries, table[i].bits);
        vp_profile *profile = load_profile(file);
        struct coder c = coder_of(profile, NULL);
        char value[20];
        size_t size = (size_t)snprintf(value, sizeof value, "value %u", table[i].entry);
        struct bytes stored = round_trip(c.context, value, size);
        assert_int_equal(stored.size, table[i].size);
        assert_memory_equal(stored.at, table[i].expected, stored.size);
        test_free(stored.at);
        coder_close(&c);
        vp_profile_release(profile);
        test_free(file.at);
    }
}

static void every_entry_of_every_width(void **state) {
    (void)state;
    static const unsigned counts[] = {1, 2, 15, 16, 17, 31, 33, 255, 257, 300, 600};
    for (size_t n = 0; n < sizeof counts / sizeof counts[0]; n++) {
        for (unsigned bits = 0; bits <= 5; bits++) {
            struct bytes file = file_of(counts[n], bits);
            vp_profile *profile = load_profile(file);
            struct coder c = coder_of(profile, NULL);
            for (unsigned i = 0; i <= counts[n]; i++) {
                char value[20];
                size_t size = (size_t)snprintf(value, sizeof value, "value %u", i);
                struct bytes stored = round_trip(c.context, value, size);
                bool listed = i < counts[n] && i < 256u << bits; /* what no code is left for stays as it is */
                assert_int_equal(stored.size <= 2, listed);
                test_free(stored.at);
            }
            coder_close(&c);
            vp_profile_release(profile);
            test_free(file.at);
        }
    }
}

static void payloads_that_nobody_writes(void **state) {
    (void)state;
    struct bytes file = file_of(18, 4);
    vp_profile *profile = load_profile(file);
    struct coder c = coder_of(profile, NULL);
    uint8_t out[20];
    assert_int_equal(vp_decode(c.context, "\xAF", 1, out, sizeof out), VP_ERR_CORRUPT);
    assert_int_equal(vp_decode(c.context, "\xAF\x03", 2, out, sizeof out), VP_ERR_CORRUPT); /* entry 18 */
    assert_int_equal(vp_decode(c.context, "\xAE\x00", 2, out, sizeof out), VP_ERR_CORRUPT);
    assert_int_equal(vp_decode(c.context, "\xAF\x00\x00", 3, out, sizeof out), VP_ERR_CORRUPT);
    assert_int_equal(vp_decode(c.context, "\xB0", 1, out, sizeof out), VP_ERR_CORRUPT); /* beside the part */
    assert_int_equal(vp_decode(c.context, "\xA3", 1, out, 6), VP_ERR_SPACE);
    assert_int_equal(vp_decode(c.context, "\xA3", 1, out, 7), 7);
    coder_close(&c);
    vp_profile_release(profile);
    test_free(file.at);
}

static void damaged_lists_are_refused(void **state) {
    (void)state;
    static const struct bytes sections[] = {{(uint8_t *)"\0\0", 2},        /* no entry */
                                            {(uint8_t *)"\1", 1},          /* half a number */
                                            {(uint8_t *)"\1\0\2x", 4},     /* an entry cut short */
                                            {(uint8_t *)"\1\0\1xy", 5},    /* a byte too many */
                                            {(uint8_t *)"\2\0\1\1xx", 6},  /* two equal entries */
                                            {(uint8_t *)"\2\0\0\0", 4},    /* two empty ones */
                                            {(uint8_t *)"\xFF\xFF\1x", 4}, /* more entries than bytes */
                                            {(uint8_t *)"\1\0\x80\0", 4},  /* a size spelled too long */
                                            {(uint8_t *)"\1\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\1", 12}};
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        struct bytes file = single_encoder_profile(ENCODER_ID_bytedict, ROW_CODES, 0, sections[i]);
        vp_profile *profile = NULL;
        assert_int_equal(vp_profile_load(file.at, file.size, NULL, &profile), VP_ERR_PROFILE);
        test_free(file.at);
    }
}

/* The commonest value of few takes one byte. */
static void trained_lists(void **state) {
    (void)state;
    struct bytes section = train_section(ENCODER_ID_bytedict, 0, VALUE_COUNTRY, 100);
    struct bytes file = single_encoder_profile(ENCODER_ID_bytedict, ROW_CODES, 4, section);
    vp_profile *profile = load_profile(file);
    struct coder c = coder_of(profile, NULL);
    uint64_t random = 12;
    uint8_t value[VALUE_ROOM];
    for (int i = 0; i < 50; i++) {
        size_t size = make_value(VALUE_COUNTRY, &random, value);
        struct bytes stored = round_trip(c.context, value, size);
        assert_int_equal(stored.size, 1);
        test_free(stored.at);
    }
    coder_close(&c);
    vp_profile_release(profile);
    test_free(file.at);
    test_free(section.at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_examples),
        cmocka_unit_test(every_entry_of_every_width),
        cmocka_unit_test(payloads_that_nobody_writes),
        cmocka_unit_test(damaged_lists_are_refused),
        cmocka_unit_test(trained_lists),
    };
    return cmocka_run_group_tests_name("bytedict", tests, NULL, NULL);
}
