/* The first byte: all 256 of them, here as numbers, because the wire format pins them. */
#include "test.h"

#include "encoder.h"
#include "header.h"

static enum header_kind expected_kind(unsigned first) {
    if (first <= 0x7F) return HEADER_IS_VALUE;
    if (first <= 0xBF) return HEADER_IS_PROFILE;
    if (first == 0xC0) return HEADER_IS_ESCAPE;
    if (first == 0xC1) return HEADER_IS_EXTENDED;
    if (first <= 0xF4) return HEADER_IS_VALUE;
    return first <= 0xFD ? HEADER_IS_SYSTEM : HEADER_IS_VALUE;
}

static void every_first_byte(void **state) {
    (void)state;
    for (unsigned first = 0; first < 256; first++) {
        uint8_t value[2] = {(uint8_t)first, 'x'};
        assert_int_equal(header_kind_of((uint8_t)first), expected_kind(first));
        assert_int_equal(header_needs_escape(value, 2), expected_kind(first) != HEADER_IS_VALUE);
    }
    assert_false(header_needs_escape(NULL, 0));
}

/* What is stored without a codec of any profile, by first byte. */
static void untouched_escaped_or_read(void **state) {
    (void)state;
    struct coder c = coder_of(NULL, NULL);
    for (unsigned first = 0; first < 256; first++) {
        const uint8_t value[3] = {(uint8_t)first, 0xE7, 0x01};
        uint8_t out[4];
        bool plain = expected_kind(first) == HEADER_IS_VALUE;
        assert_int_equal(vp_encode(c.context, value, 3, out, 4), plain ? 3 : 4);
        assert_memory_equal(out + !plain, value, 3);
        if (!plain) assert_int_equal(out[0], 0xC0);
        int64_t identified = vp_identify(c.context, value, 3);
        switch (expected_kind(first)) {
        case HEADER_IS_VALUE: assert_int_equal(identified, 0); break;
        case HEADER_IS_PROFILE: assert_int_equal(identified, VP_ERR_NO_PROFILE); break;
        case HEADER_IS_ESCAPE: assert_int_equal(identified, VP_ERR_CORRUPT); break; /* 0xE7 needs no escape */
        case HEADER_IS_EXTENDED: assert_int_equal(identified, VP_ERR_UNSUPPORTED); break;
        case HEADER_IS_SYSTEM:
            if (encoder_by_system_code(first)) assert_true(identified > 0);
            else assert_int_equal(identified, VP_ERR_UNSUPPORTED);
        }
    }
    coder_close(&c);
}

static void system_codes_belong_to_one_encoder(void **state) {
    (void)state;
    unsigned owned = 0;
    for (unsigned code = 0; code < 256; code++) {
        const struct encoder *owner = encoder_by_system_code(code);
        if (!owner) continue;
        assert_int_equal(header_kind_of((uint8_t)code), HEADER_IS_SYSTEM);
        assert_false(owner->needs_params);
        owned++;
    }
    for (unsigned id = 0; id < ENCODER_ID_LIMIT; id++)
        if (system_code_of(id))
            assert_ptr_equal(encoder_by_system_code(system_code_of(id)), encoder_by_id(id));
    assert_int_equal(owned, 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_first_byte),
        cmocka_unit_test(untouched_escaped_or_read),
        cmocka_unit_test(system_codes_belong_to_one_encoder),
    };
    return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
