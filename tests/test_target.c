/* Targets: an encoding is written only where it takes less of what the target counts. */
#include "test.h"

#include "header.h"
#include "profile.h"
#include "valpack_cost.h"

#include <stdio.h>

enum { FLAVOURS = VP_VALKEY_9, LONGEST = 300 };

static vp_options *target_options(uint64_t target, uint64_t server) {
    vp_options *o = vp_options_new(NULL);
    assert_non_null(o);
    assert_int_equal(vp_options_set(o, VP_OPTION_TARGET, target), VP_OK);
    assert_int_equal(vp_options_set(o, VP_OPTION_SERVER, server), VP_OK);
    return o;
}

/* The untrained encoders of this mask alone. */
static struct coder coder_for(uint64_t target, uint64_t server, uint64_t key_size, uint64_t encoders) {
    vp_options *o = target_options(target, server);
    assert_int_equal(vp_options_set(o, VP_OPTION_KEY_SIZE, key_size), VP_OK);
    assert_int_equal(vp_options_set(o, VP_OPTION_ENCODERS, encoders), VP_OK);
    struct coder c = coder_with(NULL, NULL, o);
    vp_options_free(o);
    return c;
}

static bool is_encoded(struct coder *c, const char *value) {
    size_t size = strlen(value);
    struct bytes stored = round_trip(c->context, value, size);
    bool same = stored.size == size && memcmp(stored.at, value, size) == 0;
    assert_true(same || stored.size < size);
    test_free(stored.at);
    return !same;
}

/* ---- By hand -------------------------------------------------------------------------------- */

/* Pack writes n digits in 1 + ceil(n * log2(10) / 8) bytes, less a byte for a few n. The comments tell
   the sizes, and what the server takes for them as it was measured. */
static void a_string_is_encoded_where_its_class_drops(void **state) {
    (void)state;
    static const struct {
        uint32_t server;
        uint64_t key_size;
        size_t digits;
        bool encoded;
    } table[] = {
        {VP_REDIS_7_0_DEBIAN, 10, 12, false}, /* 12 in 7: 80, 80 */
        {VP_REDIS_7_0_DEBIAN, 10, 13, true},  /* 13 in 8: 96, 80 */
        {VP_REDIS_7_0_DEBIAN, 10, 24, true},  /* 24 in 12: 96, 80 */
        {VP_REDIS_7_0_DEBIAN, 10, 25, false}, /* 25 in 13: 96, 96 */
        {VP_REDIS_7_0_DEBIAN, 10, 28, false}, /* 28 in 14: 96, 96 */
        {VP_REDIS_7_0_DEBIAN, 10, 29, true},  /* 29 in 15: 112, 96 */
        {VP_REDIS_7_2, 10, 4, false},         /* 4 in 4 */
        {VP_REDIS_7_2, 10, 5, true},          /* 5 in 4: 72, 64 */
        {VP_REDIS_7_2, 10, 6, false},         /* 6 in 5: 72, 72 */
        {VP_REDIS_7_2, 10, 12, false},        /* 12 in 7: 72, 72 */
        {VP_REDIS_7_2, 10, 13, true},         /* 13 in 8: 80, 72 */
        {VP_REDIS_7_2, 10, 44, true},         /* 44 in 21: 104, 88 */
        {VP_REDIS_8, 10, 7, false},           /* 7 in 5: 40, 40 */
        {VP_REDIS_8, 10, 8, true},            /* 8 in 6: 48, 40 */
        {VP_REDIS_8, 10, 15, false},          /* 15 in 9: 48, 48 */
        {VP_REDIS_8, 10, 16, true},           /* 16 in 9: 56, 48 */
        {VP_REDIS_8, 32, 12, true},           /* 12 in 7: 72, 64 */
        {VP_REDIS_8, 32, 13, false},          /* 13 in 8: 72, 80, more for less */
        {VP_REDIS_8, 32, 16, false},          /* 16 in 9: 80, 80 */
        {VP_REDIS_8, 32, 17, true},           /* 17 in 10: 80, 72 */
        {VP_REDIS_8, 32, 29, true},           /* 29 in 15: 88, 80 */
        {VP_VALKEY_9, 10, 7, false},          /* 7 in 5: 32, 32 */
        {VP_VALKEY_9, 10, 8, true},           /* 8 in 6: 40, 32 */
        {VP_VALKEY_9, 10, 15, false},         /* 15 in 9: 40, 40 */
        {VP_VALKEY_9, 40, 14, false},         /* 14 in 8: 80, 80 */
        {VP_VALKEY_9, 40, 12, true},          /* 12 in 7: 80, 64 */
        {VP_VALKEY_9, 40, 23, false},         /* 23 in 12: 80, 80 */
        {VP_VALKEY_9, 40, 24, true},          /* 24 in 12: 96, 80 */
    };
    static const char digits[] = "03141592653589793238462643383279502884197169";
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct coder c =
            coder_for(VP_TARGET_STRING, table[i].server, table[i].key_size, 1 << ENCODER_ID_pack);
        char value[sizeof digits];
        snprintf(value, sizeof value, "%.*s", (int)table[i].digits, digits);
        if (is_encoded(&c, value) != table[i].encoded) fail_msg("row %zu is wrong", i);
        coder_close(&c);
    }
}

/* 13 digits in 8 bytes: 48 and 48 with a key of 10 bytes, 56 and 48 with one of 13, 72 and 80 with 32. */
static void the_key_of_a_context_may_change(void **state) {
    (void)state;
    struct coder c = coder_for(VP_TARGET_STRING, VP_REDIS_8, 13, 1 << ENCODER_ID_pack);
    static const char value[] = "0314159265358";
    assert_true(is_encoded(&c, value));
    assert_int_equal(vp_context_set_key(c.context, 10, 0), VP_OK);
    assert_false(is_encoded(&c, value));
    assert_int_equal(vp_context_set_key(c.context, 13, 0), VP_OK);
    assert_true(is_encoded(&c, value));
    assert_int_equal(vp_context_set_key(c.context, 32, 1), VP_OK);
    assert_false(is_encoded(&c, value));
    assert_int_equal(vp_context_set_key(NULL, 10, 0), VP_ERR_ARGUMENT);
    assert_int_equal(vp_context_set_key(c.context, ((uint64_t)1 << 40) + 1, 0), VP_ERR_ARGUMENT);
    assert_int_equal(vp_context_set_key(c.context, 13, 2), VP_ERR_ARGUMENT);
    assert_int_equal(vp_context_set_key(c.context, 13, -1), VP_ERR_ARGUMENT);
    assert_false(is_encoded(&c, value)); /* still 32 and a TTL */
    coder_close(&c);
}

/* Redis 8.6 with a TTL: 16 + 8 + 1 + 18 + 4 + v in a class while v is at most 25. */
static void a_ttl_counts(void **state) {
    (void)state;
    struct coder c = coder_for(VP_TARGET_STRING, VP_REDIS_8, 20, 1 << ENCODER_ID_pack);
    static const char value[] = "03141592653589"; /* in 8: 64 and 56 without, 80 and 64 with a TTL */
    assert_true(is_encoded(&c, value));
    assert_int_equal(vp_context_set_key(c.context, 20, 1), VP_OK);
    assert_true(is_encoded(&c, value));
    static const char shorter[] = "0314159265358"; /* in 8: 56 and 56 without, 64 and 64 with */
    assert_false(is_encoded(&c, shorter));
    static const char longer[] = "031415926535897932384"; /* 21 in 11: 64 and 56 without, 80 and 64 with */
    assert_true(is_encoded(&c, longer));
    coder_close(&c);
}

static void an_entry_of_a_hash_gets_smaller(void **state) {
    (void)state;
    static const struct {
        const char *value;
        bool encoded;
    } table[] = {
        {"", false},
        {"0", false},
        {"127", false},
        {"2147483647", false},  /* 6 */
        {"-2147483648", false}, /* 6 */
        {"2147483648", true},   /* 10, and 6 bytes in 8 */
        {"-2147483649", true},
        {"3301000051", true},
        {"1099511627776", true},        /* 7 bytes in 9 */
        {"281474976710655", false},     /* 8 bytes in 10 */
        {"9223372036854775807", false}, /* 10 bytes in 12 */
        {"9223372036854775808", true},  /* no int64: 19 bytes in 21 */
        {"031", false},                 /* 3 bytes in 3 */
        {"03141", true},                /* 5 in 4: 7, 6 */
        {"0314159265358979323846264338327950288419716939937510582097494459230781", true}, /* 70 in 32 */
    };
    struct coder c =
        coder_for(VP_TARGET_HASH_FIELD, VP_REDIS_7_2, 16, 1 << ENCODER_ID_int | 1 << ENCODER_ID_pack);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (is_encoded(&c, table[i].value) != table[i].encoded) fail_msg("%s", table[i].value);
    coder_close(&c);
}

static void numbers_stay_numbers_whatever_the_option_says(void **state) {
    (void)state;
    static const char *const integers[] = {"0", "-17", "100000", "9223372036854775807",
                                           "-9223372036854775808"};
    for (uint64_t encode = 0; encode < 2; encode++) {
        vp_options *string = target_options(VP_TARGET_STRING, VP_REDIS_8);
        vp_options *packed = target_options(VP_TARGET_PACKED, VP_REDIS_8);
        assert_int_equal(vp_options_set(string, VP_OPTION_ENCODE_INTEGERS, encode), VP_OK);
        assert_int_equal(vp_options_set(packed, VP_OPTION_ENCODE_INTEGERS, encode), VP_OK);
        struct coder stay = coder_with(NULL, NULL, string), go = coder_with(NULL, NULL, packed);
        for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) {
            assert_false(is_encoded(&stay, integers[i]));
            assert_int_equal(is_encoded(&go, integers[i]), strlen(integers[i]) > 5);
        }
        coder_close(&stay);
        coder_close(&go);
        vp_options_free(string);
        vp_options_free(packed);
    }
}

static void only_the_encoders_allowed_write_and_all_read(void **state) {
    (void)state;
    vp_profile *profile = train_profile(&(struct recipe){.kind = VALUE_SESSION, .count = 100});
    vp_options *none = vp_options_new(NULL), *pack = vp_options_new(NULL);
    assert_int_equal(vp_options_set(none, VP_OPTION_ENCODERS, 0), VP_OK);
    assert_int_equal(vp_options_set(pack, VP_OPTION_ENCODERS, 1 << ENCODER_ID_pack), VP_OK);
    struct coder all = coder_of(profile, NULL), nobody = coder_with(profile, NULL, none),
                 packer = coder_with(NULL, NULL, pack);
    uint8_t value[VALUE_ROOM], long_value[5000];
    uint64_t random = 2;
    size_t size = make_value(VALUE_SESSION, &random, value);
    struct bytes stored = round_trip(all.context, value, size),
                 left = round_trip(nobody.context, value, size);
    assert_true(stored.size < size && left.size == size);
    assert_true(decodes_to(nobody.context, stored, value, size));
    make_long_value(VALUE_TEXT, &random, long_value, sizeof long_value); /* no fallback either */
    struct bytes text = round_trip(nobody.context, long_value, sizeof long_value);
    assert_int_equal(text.size, sizeof long_value);
    struct bytes digits = round_trip(packer.context, "00000000000000000000", 20); /* rle would take 3 bytes */
    assert_int_equal(vp_identify(packer.context, digits.at, digits.size), ENCODER_ID_pack);
    test_free(stored.at);
    test_free(left.at);
    test_free(text.at);
    test_free(digits.at);
    coder_close(&all);
    coder_close(&nobody);
    coder_close(&packer);
    vp_options_free(none);
    vp_options_free(pack);
    vp_profile_release(profile);
}

/* ---- For all values ------------------------------------------------------------------------- */

static uint64_t cost_of(uint64_t target, const vp_server *server, uint64_t key_size, int expires,
                        const uint8_t *at, size_t size) {
    if (target == VP_TARGET_HASH_FIELD) return vp_cost_listpack_entry(at, size);
    return vp_cost_string(server, key_size, expires, at, size);
}

struct sweep {
    struct coder c;
    uint64_t target, random, encoded, escaped;
    vp_server server;
};

static void check_value(struct sweep *s, const uint8_t *value, size_t size) {
    const uint64_t key_size = 1 + random_below(&s->random, 130);
    const int expires = (int)random_below(&s->random, 2);
    assert_int_equal(vp_context_set_key(s->c.context, key_size, expires), VP_OK);
    struct bytes stored = round_trip(s->c.context, value, size);
    const bool same = stored.size == size && memcmp(stored.at, value, size) == 0;
    const bool escaped = stored.size == size + 1 && stored.at[0] == 0xC0;
    const uint64_t before = cost_of(s->target, &s->server, key_size, expires, value, size);
    const uint64_t after = cost_of(s->target, &s->server, key_size, expires, stored.at, stored.size);
    const bool special = header_needs_escape(value, size);
    if (!same && !escaped && after >= before + special)
        fail_msg("%zu bytes in %zu, key %d, server %d: %d to %d", size, stored.size, (int)key_size,
                 (int)s->server.flavour, (int)before, (int)after);
    const bool integer = vp_cost_listpack_entry(value, size) != vp_cost_listpack_entry(NULL, size);
    if (integer && (s->target == VP_TARGET_STRING || before <= 6)) assert_true(same);
    s->encoded += !same && !escaped;
    s->escaped += escaped;
    test_free(stored.at);
}

static void sweep(uint64_t target, uint32_t flavour, vp_profile *profile) {
    struct sweep s = {.target = target, .random = 77 + flavour};
    assert_int_equal(vp_server_named(vp_server_name(flavour), &s.server), VP_OK);
    vp_options *o = target_options(target, flavour);
    s.c = coder_with(profile, NULL, o);
    vp_options_free(o);
    uint8_t value[VALUE_ROOM];
    for (size_t size = 0; size <= LONGEST; size++) {
        for (int kind = 0; kind < VALUE_KINDS; kind++) {
            make_long_value((enum value_kind)kind, &s.random, value, size);
            check_value(&s, value, size);
        }
    }
    for (int i = 0; i < 500; i++) {
        int length = snprintf((char *)value, sizeof value, "%s%llu", i & 1 ? "-" : "",
                              (unsigned long long)(random_next(&s.random) >> random_below(&s.random, 64)));
        check_value(&s, value, (size_t)length);
    }
    assert_true(s.encoded > 400);
    assert_in_range(s.escaped, 1, LONGEST); /* of what is noise or hostile */
    coder_close(&s.c);
}

static void no_value_ever_takes_more(void **state) {
    (void)state;
    static const enum value_kind kinds[] = {VALUE_SESSION, VALUE_PADDED, VALUE_TEXT};
    for (size_t i = 0; i <= sizeof kinds / sizeof *kinds; i++) {
        vp_profile *profile = i ? train_profile(&(struct recipe){.kind = kinds[i - 1], .count = 150}) : NULL;
        for (uint32_t flavour = 1; flavour <= FLAVOURS; flavour++) sweep(VP_TARGET_STRING, flavour, profile);
        sweep(VP_TARGET_HASH_FIELD, VP_REDIS_7_2, profile);
        vp_profile_release(profile);
    }
}

/* From 4 KiB up the preference of lz4 counts in memory too. */
static void long_values_take_less_too(void **state) {
    (void)state;
    struct sweep s = {.target = VP_TARGET_STRING, .random = 5};
    assert_int_equal(vp_server_named("redis-7.2", &s.server), VP_OK);
    vp_options *o = target_options(VP_TARGET_STRING, VP_REDIS_7_2);
    s.c = coder_with(NULL, NULL, o);
    vp_options_free(o);
    uint8_t *value = test_malloc(20000);
    for (size_t size = 4000; size <= 20000; size += 1777) {
        make_long_value(VALUE_SESSION, &s.random, value, size);
        check_value(&s, value, size);
        random_fill(&s.random, value, size);
        value[0] = 'x';
        check_value(&s, value, size);
    }
    assert_int_equal(s.encoded, 10);
    test_free(value);
    coder_close(&s.c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_string_is_encoded_where_its_class_drops),
        cmocka_unit_test(the_key_of_a_context_may_change),
        cmocka_unit_test(a_ttl_counts),
        cmocka_unit_test(an_entry_of_a_hash_gets_smaller),
        cmocka_unit_test(numbers_stay_numbers_whatever_the_option_says),
        cmocka_unit_test(only_the_encoders_allowed_write_and_all_read),
        cmocka_unit_test(no_value_ever_takes_more),
        cmocka_unit_test(long_values_take_less_too),
    };
    return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
