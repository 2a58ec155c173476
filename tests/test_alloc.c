/* Memory that runs out, at every place: a status, no leak, and a context that goes on working. */
#include "test.h"

#include "encoder.h"
#include "profile.h"

static struct bytes session_file, section_file;

static int train_once(void **state) {
    (void)state;
    session_file = train_bytes(&(struct recipe){.kind = VALUE_SESSION, .count = 100});
    return 0;
}

static int free_once(void **state) {
    (void)state;
    test_free(session_file.at);
    return 0;
}

/* Runs a scenario once in peace, then with each allocation failing alone, then with all from there
   on; at most about `most` times of each. The scenario checks its own statuses. */
static void fail_everywhere(void (*scenario)(struct counting *c), uint64_t most) {
    struct counting peace = {0};
    scenario(&peace);
    assert_int_equal(peace.live, 0);
    uint64_t step = 1;
    for (uint64_t i = 1; i <= peace.calls; i += step) {
        struct counting one = {.fail_at = i}, all = {.fail_after = i};
        scenario(&one);
        assert_int_equal(one.live, 0);
        scenario(&all);
        assert_int_equal(all.live, 0);
        if (i > most / 2) step = 1 + peace.calls / (most / 2 + 1);
    }
}

static bool fails(const struct counting *c) {
    return c->fail_at || c->fail_after;
}

/* VP_OK in peace; VP_ERR_MEMORY or VP_OK when something fails. */
static void assert_memory_status(const struct counting *c, int status) {
    if (!fails(c)) assert_int_equal(status, VP_OK);
    else if (status != VP_OK) assert_int_equal(status, VP_ERR_MEMORY);
}

static void load_scenario(struct counting *c) {
    const vp_allocator allocator = counting_allocator(c);
    vp_profile *profile = (vp_profile *)c;
    int status = vp_profile_load(section_file.at, section_file.size, &allocator, &profile);
    assert_memory_status(c, status);
    if (c->fail_at == 1 || c->fail_after == 1) assert_int_equal(status, VP_ERR_MEMORY);
    assert_true((status == VP_OK) == (profile != NULL));
    vp_profile_release(profile);
}

static void loading(void **state) {
    (void)state;
    section_file = session_file;
    fail_everywhere(load_scenario, 1000);
}

/* What every encoder learns, one at a time. */
static void loading_every_encoder(void **state) {
    (void)state;
    static const enum value_kind kinds[] = {VALUE_SESSION, VALUE_COUNTRY, VALUE_TIMESTAMP, VALUE_PRICE};
    for (unsigned id = 1; id < ENCODER_ID_LIMIT; id++) {
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            struct bytes section = train_section(id, 0, kinds[k], 100);
            if (section.size == 0) continue;
            section_file = single_encoder_profile(id, ROW_EXTENDED, 0, section);
            fail_everywhere(load_scenario, 300);
            test_free(section_file.at);
            test_free(section.at);
        }
    }
}

/* Encodes and decodes values of every kind; each result is right or VP_ERR_MEMORY. */
static void code_values(const struct counting *c, vp_context *x) {
    static uint8_t value[20000], encoded[20001], out[20000];
    uint64_t random = 3;
    for (int i = 0; i < VALUE_KINDS + 2; i++) {
        enum value_kind kind = (enum value_kind)(i % VALUE_KINDS);
        size_t size = i < VALUE_KINDS ? make_value(kind, &random, value) : sizeof value;
        if (i >= VALUE_KINDS) make_long_value(kind, &random, value, size);
        int64_t stored = vp_encode(x, value, size, encoded, sizeof encoded);
        if (stored < 0) {
            assert_memory_status(c, (int)stored);
            continue;
        }
        int64_t back = vp_decode(x, encoded, (size_t)stored, out, sizeof out);
        assert_memory_status(c, back < 0 ? (int)back : VP_OK);
        if (back >= 0) assert_int_equal(back, size);
        if (back > 0) assert_memory_equal(out, value, size);
        const void *view = NULL;
        back = vp_decode_view(x, encoded, (size_t)stored, &view);
        assert_memory_status(c, back < 0 ? (int)back : VP_OK);
        if (back > 0) assert_memory_equal(view, value, size);
    }
}

static void code_many(const struct counting *c, vp_context *x) {
    const uint64_t sizes[3] = {5, 0, 7};
    uint64_t result_sizes[3];
    int64_t total = vp_encode_many(x, "aaaaa1234567", sizes, 3, result_sizes);
    assert_memory_status(c, total < 0 ? (int)total : VP_OK);
    total = vp_decode_many(x, "aaaaa1234567", sizes, 3, result_sizes);
    assert_memory_status(c, total < 0 ? (int)total : VP_OK);
    if (total >= 0) assert_memory_equal(vp_context_results(x), "aaaaa1234567", 12);
}

static void use_codec(struct counting *c, vp_codec *codec) {
    vp_context *context = NULL;
    int status = vp_context_new(codec, &context);
    assert_memory_status(c, status);
    if (status != VP_OK) return;
    code_values(c, context);
    code_many(c, context);
    vp_context_free(context);
}

static void coding_scenario(struct counting *c) {
    const vp_allocator allocator = counting_allocator(c);
    vp_profile *profile = load_profile(session_file);
    vp_codec *codec = NULL, *next = NULL;
    vp_options *options = vp_options_new(&allocator);
    if (!options) {
        assert_true(fails(c));
        vp_profile_release(profile);
        return;
    }
    assert_int_equal(vp_options_set(options, VP_OPTION_VERIFY, 1), VP_OK);
    int status = vp_codec_new(NULL, 0, VP_NO_PROFILE, options, &codec);
    assert_memory_status(c, status);
    if (status == VP_OK) status = vp_codec_with(codec, profile, &next);
    assert_memory_status(c, status);
    if (codec) use_codec(c, codec);
    if (next) use_codec(c, next);
    assert_true((status == VP_OK) == (next != NULL));
    vp_codec_release(next);
    vp_codec_release(codec);
    vp_options_free(options);
    vp_profile_release(profile);
}

static void coding(void **state) {
    (void)state;
    fail_everywhere(coding_scenario, 1000);
}

static void training_scenario(struct counting *c, const struct recipe *recipe) {
    const vp_allocator allocator = counting_allocator(c);
    vp_trainer *t = vp_trainer_new(&allocator);
    if (!t) {
        assert_true(fails(c));
        return;
    }
    assert_int_equal(vp_trainer_set(t, VP_TRAIN_PRESET, recipe->preset), VP_OK);
    uint64_t random = 6;
    uint8_t value[VALUE_ROOM];
    unsigned lost = 0;
    for (size_t i = 0; i < recipe->count; i++) {
        size_t size = make_value(recipe->kind, &random, value);
        int status = vp_trainer_add(t, value, size);
        assert_memory_status(c, status);
        lost += status != VP_OK;
    }
    const void *file = c;
    int64_t size = vp_trainer_finish(t, &file);
    if (size < 0) {
        assert_true(fails(c));
        assert_true(size == VP_ERR_MEMORY || size == VP_ERR_NO_SAMPLES);
        assert_null(file);
        assert_string_equal(vp_trainer_report(t), "");
    } else { /* only a sample was lost, and vp_trainer_add() has said so */
        assert_true(!fails(c) || lost == 1);
        vp_profile_release(load_profile((struct bytes){(uint8_t *)(uintptr_t)file, (size_t)size}));
    }
    vp_trainer_free(t);
}

static void fast_training_scenario(struct counting *c) {
    training_scenario(c, &(struct recipe){.kind = VALUE_COUNTRY, .count = 24, .preset = VP_PRESET_FAST});
}

static void small_training_scenario(struct counting *c) {
    training_scenario(c, &(struct recipe){.kind = VALUE_SESSION, .count = 12});
}

static void training(void **state) {
    (void)state;
    fail_everywhere(fast_training_scenario, 100);
    fail_everywhere(small_training_scenario, 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loading),
        cmocka_unit_test(loading_every_encoder),
        cmocka_unit_test(coding),
        cmocka_unit_test(training),
    };
    return cmocka_run_group_tests_name("alloc", tests, train_once, free_once);
}
