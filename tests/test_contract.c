/*
 * What every encoder of the registry promises, each tested alone through the public functions: in a
 * profile where it owns the system code, 2^k codes or the extended header, with what it learned.
 */
#include "test.h"

#include "encoder.h"
#include "profile.h"

enum { SAMPLES = 150, DAMAGED_LARGEST = 160, ROOM = 16384, LIMIT = 1 << 20 };

struct bench {
    struct guard in, out;
    uint64_t random;
    unsigned taken;   /* values that the encoder encoded */
    unsigned damaged; /* values whose encoding was damaged in every way */
    unsigned learned; /* sections it learned */
};

/* Encodes a guarded value; 0 when the encoder under test left it alone. */
static size_t encode_guarded(struct bench *b, vp_context *x, struct bytes value, uint8_t *encoded) {
    const uint8_t *from = guard_put(&b->in, value.at, value.size);
    uint8_t *to = guard_end(&b->out, value.size + 1);
    size_t size = (size_t)vp_encode(x, from, value.size, to, value.size + 1);
    if (size > value.size + 1)
        fail_msg("a status, or larger than the bound"); /* statuses are huge as sizes */
    else memcpy(encoded, to, size);
    assert_int_equal(vp_encode(x, from, value.size, to, size), size);
    assert_memory_equal(to, encoded, size);
    int64_t identified = vp_identify(x, encoded, size);
    assert_true(identified >= 0);
    return identified ? size : 0;
}

/* Every one with step 1. */
static void shorter_buffers(struct bench *b, vp_context *x, struct bytes value, struct bytes encoded,
                            size_t step) {
    for (size_t capacity = 0; capacity < encoded.size; capacity += step)
        assert_int_equal(vp_encode(x, value.at, value.size, guard_end(&b->out, capacity), capacity),
                         VP_ERR_SPACE);
    for (size_t capacity = 0; capacity < value.size; capacity += step)
        assert_int_equal(decode_guarded(x, encoded, &b->in, &b->out, capacity), VP_ERR_SPACE);
    assert_int_equal(decode_guarded(x, encoded, &b->in, &b->out, value.size), value.size);
    assert_memory_equal(guard_end(&b->out, value.size), value.at, value.size);
}

static void decode_damaged(struct bench *b, vp_context *x, struct bytes data, size_t value_size) {
    const void *view = NULL;
    int64_t size = vp_decode_view(x, data.at, data.size, &view);
    assert_true(size <= LIMIT);
    assert_true((size >= 0) == (view != NULL));
    int64_t exact = decode_guarded(x, data, &b->in, &b->out, value_size);
    if (size >= 0) assert_int_equal(exact, (uint64_t)size <= value_size ? size : VP_ERR_SPACE);
    else assert_true(exact < 0);
    decode_guarded(x, data, &b->in, &b->out, b->out.size);
}

static void every_damage(struct bench *b, vp_context *x, struct bytes value, struct bytes encoded) {
    for (size_t size = 0; size < encoded.size; size++)
        decode_damaged(b, x, (struct bytes){encoded.at, size}, value.size);
    for (size_t bit = 0; bit < 8 * encoded.size; bit++) {
        encoded.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        decode_damaged(b, x, encoded, value.size);
        encoded.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    encoded.at[encoded.size] = (uint8_t)random_next(&b->random); /* and a byte too many */
    decode_damaged(b, x, (struct bytes){encoded.at, encoded.size + 1}, value.size);
    b->damaged++;
}

/* Damage takes 8 decodings a byte: most values of a codec are only taken there and back. */
static void check_value(struct bench *b, vp_context *x, struct bytes value, unsigned *left_to_damage) {
    static uint8_t encoded[ROOM + 2];
    size_t size = encode_guarded(b, x, value, encoded);
    if (size == 0) return;
    b->taken++;
    bool damaged = size <= DAMAGED_LARGEST && *left_to_damage;
    shorter_buffers(b, x, value, (struct bytes){encoded, size}, damaged ? 1 : 1 + value.size / 5);
    if (!damaged) return;
    every_damage(b, x, value, (struct bytes){encoded, size});
    --*left_to_damage;
}

static void check_codec(struct bench *b, vp_context *x, bool with_long_values) {
    static uint8_t value[ROOM];
    for (int kind = 0; kind < VALUE_KINDS; kind++) {
        unsigned left_to_damage = 1;
        for (int i = 0; i < 8; i++) {
            size_t size = make_value((enum value_kind)kind, &b->random, value);
            check_value(b, x, (struct bytes){value, size}, &left_to_damage);
        }
        if (!with_long_values) continue;
        left_to_damage = 1;
        make_long_value((enum value_kind)kind, &b->random, value, 3000);
        check_value(b, x, (struct bytes){value, 3000}, &left_to_damage);
        make_long_value((enum value_kind)kind, &b->random, value, ROOM);
        check_value(b, x, (struct bytes){value, ROOM}, &left_to_damage);
    }
}

static void check_form(struct bench *b, unsigned id, enum row_form form, unsigned bits,
                       struct bytes section) {
    struct bytes file = single_encoder_profile(id, form, bits, section);
    vp_profile *profile = load_profile(file);
    vp_options *options = vp_options_new(NULL);
    assert_int_equal(vp_options_set(options, VP_OPTION_ENCODE_INTEGERS, 1), VP_OK);
    assert_int_equal(vp_options_set(options, VP_OPTION_MAX_DECODED, LIMIT), VP_OK);
    struct coder c = coder_with(profile, NULL, options);
    check_codec(b, c.context, form == ROW_SYSTEM || bits == 0);
    coder_close(&c);
    vp_options_free(options);
    vp_profile_release(profile);
    test_free(file.at);
}

static void check_learned(struct bench *b, unsigned id) {
    static const enum value_kind kinds[] = {VALUE_SESSION, VALUE_COUNTRY, VALUE_TIMESTAMP, VALUE_PRICE,
                                            VALUE_LIST,    VALUE_MOVES,   VALUE_UUID,      VALUE_TEXT};
    const struct encoder *encoder = encoder_by_id(id);
    for (unsigned k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        struct bytes section = train_section(id, k % 3, kinds[k], SAMPLES);
        if (section.size == 0) section = train_section(id, 0, kinds[k], SAMPLES);
        if (section.size == 0) continue;
        b->learned++;
        unsigned bits = encoder->bytewise ? 0 : 5 - k % 6;
        check_form(b, id, ROW_CODES, bits, section);
        if (k == 0 || k == 4) check_form(b, id, ROW_EXTENDED, 0, section);
        test_free(section.at);
    }
}

static void every_encoder_keeps_the_contract(void **state) {
    (void)state;
    for (unsigned id = 1; id < ENCODER_ID_LIMIT; id++) {
        const struct encoder *encoder = encoder_by_id(id);
        if (!encoder) continue;
        struct bench b = {.in = guard_new(2 * ROOM), .out = guard_new(2 * ROOM), .random = id};
        if (system_code_of(id)) check_form(&b, id, ROW_SYSTEM, 0, (struct bytes){NULL, 0});
        unsigned untrained = b.taken;
        check_learned(&b, id);
        print_message("%s: %u values untrained, %u trained with %u sections, %u damaged\n", encoder->name,
                      untrained, b.taken - untrained, b.learned, b.damaged);
        if (system_code_of(id) && untrained == 0) fail_msg("%s took no value", encoder->name);
        if (encoder->load && b.taken == untrained)
            fail_msg("%s took no value with parameters", encoder->name);
        assert_true(b.damaged > 0);
        guard_free(&b.in);
        guard_free(&b.out);
    }
}

static void encoders_fill_in_their_table(void **state) {
    (void)state;
    for (unsigned id = 0; id < ENCODER_ID_LIMIT; id++) {
        const struct encoder *e = encoder_by_id(id);
        if (!e) continue;
        assert_true(id > 0 && e->name && e->name[0]);
        assert_true(e->fits && e->encode && e->decode);
        assert_true((e->load != NULL) == (e->unload != NULL));
        assert_true(e->needs_params == (system_code_of(id) == 0));
        if (e->needs_params) assert_true(e->load != NULL);
        if (e->load) assert_true(e->describe != NULL);
    }
}

/* Sections of any bytes are refused or give parameters; they never harm. */
static void random_sections_are_harmless(void **state) {
    (void)state;
    uint64_t random = 5;
    uint8_t section[256];
    for (unsigned id = 1; id < ENCODER_ID_LIMIT; id++) {
        if (!encoder_by_id(id) || !encoder_by_id(id)->load) continue;
        for (int i = 0; i < 300; i++) {
            size_t size = 1 + random_below(&random, sizeof section);
            random_fill(&random, section, size);
            for (size_t j = 0; j < 4 && j < size; j++) section[j] %= 8; /* small counts get further */
            struct bytes file = single_encoder_profile(id, ROW_CODES, 0, (struct bytes){section, size});
            vp_profile *profile = NULL;
            int status = vp_profile_load(file.at, file.size, NULL, &profile);
            assert_true(status == VP_OK || status == VP_ERR_PROFILE || status == VP_ERR_UNSUPPORTED);
            vp_profile_release(profile);
            test_free(file.at);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encoders_fill_in_their_table),
        cmocka_unit_test(every_encoder_keeps_the_contract),
        cmocka_unit_test(random_sections_are_harmless),
    };
    return cmocka_run_group_tests_name("contract", tests, NULL, NULL);
}
