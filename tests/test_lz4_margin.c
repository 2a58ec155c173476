/* Large values without a profile: lz4 unless zstd saves more than the margin. */
#include "test.h"

enum { LARGE = 8192, SMALL = 4000 };

/* The name of the encoder that takes a value under a margin, in percent. */
static const char *chosen(const uint8_t *value, size_t size, uint64_t margin) {
    vp_options *options = vp_options_new(NULL);
    assert_int_equal(vp_options_set(options, VP_OPTION_LZ4_MARGIN, margin), VP_OK);
    struct coder c = coder_with(NULL, NULL, options);
    struct bytes stored = round_trip(c.context, value, size);
    int64_t index = vp_identify(c.context, stored.at, stored.size);
    assert_true(index >= 0);
    test_free(stored.at);
    coder_close(&c);
    vp_options_free(options);
    return vp_encoder_name((size_t)index);
}

static void the_margin_decides_from_4_kib_up(void **state) {
    (void)state;
    static uint8_t value[LARGE];
    uint64_t random = 7;
    make_long_value(VALUE_SESSION, &random, value, sizeof value);
    assert_string_equal(chosen(value, LARGE, 0), "zstd");
    assert_string_equal(chosen(value, LARGE, 100), "lz4");
    assert_string_equal(chosen(value, SMALL, 100), "zstd");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_margin_decides_from_4_kib_up)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
