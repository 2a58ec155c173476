/* Profiles and codecs for the tests. */
#include "test.h"

#include "codec.h"
#include "memory.h"
#include "train/training.h"

#include <xxhash.h>

static void set_unless_zero(vp_trainer *t, int option, uint64_t value) {
    if (value) assert_int_equal(vp_trainer_set(t, option, value), VP_OK);
}

vp_trainer *trainer_of(const struct recipe *recipe) {
    vp_trainer *t = vp_trainer_new(recipe->allocator);
    assert_non_null(t);
    set_unless_zero(t, VP_TRAIN_FIRST_CODE, recipe->first_code);
    set_unless_zero(t, VP_TRAIN_WIDTH, recipe->width ? recipe->width : 16);
    set_unless_zero(t, VP_TRAIN_CHECK, recipe->check);
    set_unless_zero(t, VP_TRAIN_PRESET, recipe->preset);
    set_unless_zero(t, VP_TRAIN_MIN_COUNT, recipe->min_count);
    set_unless_zero(t, VP_TRAIN_KEEP_INTEGERS, recipe->keep_integers);
    set_unless_zero(t, VP_TRAIN_MODEL_BYTES, recipe->model_bytes);
    set_unless_zero(t, VP_TRAIN_SEED, recipe->seed);
    assert_int_equal(vp_trainer_set_name(t, kind_name(recipe->kind), strlen(kind_name(recipe->kind))), VP_OK);
    uint64_t random = 1000 + recipe->kind;
    uint8_t value[VALUE_ROOM];
    for (size_t i = 0; i < recipe->count; i++) {
        size_t size = make_value(recipe->kind, &random, value);
        assert_int_equal(vp_trainer_add(t, value, size), VP_OK);
    }
    return t;
}

struct bytes train_bytes(const struct recipe *recipe) {
    vp_trainer *t = trainer_of(recipe);
    const void *file = NULL;
    int64_t size = vp_trainer_finish(t, &file);
    assert_true(size > 0);
    struct bytes copy = {.at = test_malloc((size_t)size), .size = (size_t)size};
    memcpy(copy.at, file, copy.size);
    vp_trainer_free(t);
    return copy;
}

vp_profile *load_profile(struct bytes file) {
    vp_profile *profile = NULL;
    assert_int_equal(vp_profile_load(file.at, file.size, NULL, &profile), VP_OK);
    return profile;
}

vp_profile *train_profile(const struct recipe *recipe) {
    struct bytes file = train_bytes(recipe);
    vp_profile *profile = load_profile(file);
    test_free(file.at);
    return profile;
}

void reseal(uint8_t *file, size_t size) {
    assert_true(size >= PROFILE_HEADER + PROFILE_CHECKSUM);
    size_t body = size - PROFILE_CHECKSUM;
    store_le64(file + 8, XXH64(file + PROFILE_HEADER, body - PROFILE_HEADER, 0));
    store_le64(file + body, XXH64(file, body, 0));
}

struct bytes single_encoder_profile(unsigned id, unsigned form, unsigned bits, struct bytes section) {
    struct profile_row row = {.id = (uint8_t)id, .form = (uint8_t)form, .bits = (uint8_t)bits};
    struct profile_plan plan = {
        .name = "single", .name_size = 6, .first_code = 0xA0, .width_bits = 5, .margin = 1};
    plan.rows = &row;
    plan.row_count = 1;
    plan.sections[id] = section.size ? section.at : NULL;
    plan.section_sizes[id] = section.size;
    struct bytes file = {.at = test_malloc(section.size + 512)};
    struct writer w = writer_over(file.at, section.size + 512);
    profile_write(&w, &plan);
    assert_false(w.full);
    file.size = w.length;
    return file;
}

static const struct encoder_trainer *trainer_by_id(unsigned id) {
    size_t count;
    const struct encoder_trainer *const *trainers = encoder_trainers(&count);
    for (size_t i = 0; i < count; i++)
        if (trainers[i]->id == id) return trainers[i];
    return NULL;
}

struct bytes train_section(unsigned id, unsigned variant, enum value_kind kind, size_t count) {
    enum { ROOM = 512 << 10 };
    const struct encoder_trainer *trainer = trainer_by_id(id);
    if (!trainer || variant >= trainer->variants) return (struct bytes){NULL, 0};
    uint64_t random = 1000 + kind;
    uint8_t *values = test_malloc(count * VALUE_ROOM);
    struct sample *items = test_malloc(count * sizeof *items);
    struct training training = {
        .allocator = memory_default(), .model_bytes = 64 << 10, .min_count = 3, .seed = 1};
    for (size_t i = 0; i < count; i++) {
        uint8_t *value = values + i * VALUE_ROOM;
        items[i] = (struct sample){.bytes = value, .size = make_value(kind, &random, value)};
        training.samples.bytes += items[i].size;
    }
    training.samples.items = items;
    training.samples.count = count;
    struct bytes section = {.at = test_malloc(ROOM)};
    struct writer w = writer_over(section.at, ROOM);
    int status = trainer->train(&training, variant, &w);
    assert_true(status == VP_OK || status == VP_ERR_NO_SAMPLES);
    section.size = status == VP_OK && !w.full ? w.length : 0;
    test_free(items);
    test_free(values);
    if (section.size == 0) test_free(section.at);
    return section;
}

struct coder coder_with(vp_profile *current, vp_profile *other, const vp_options *options) {
    vp_profile *const profiles[] = {current, other};
    size_t count = current ? other ? 2 : 1 : 0;
    struct coder c = {NULL, NULL};
    assert_int_equal(vp_codec_new(profiles, count, count ? 0 : VP_NO_PROFILE, options, &c.codec), VP_OK);
    assert_int_equal(vp_context_new(c.codec, &c.context), VP_OK);
    return c;
}

struct coder coder_of(vp_profile *current, vp_profile *other) {
    vp_options *options = vp_options_new(NULL);
    assert_non_null(options);
    assert_int_equal(vp_options_set(options, VP_OPTION_ENCODE_INTEGERS, 1), VP_OK);
    struct coder c = coder_with(current, other, options);
    vp_options_free(options);
    return c;
}

void coder_close(struct coder *c) {
    vp_context_free(c->context);
    vp_codec_release(c->codec);
}

bool decodes_to(vp_context *x, struct bytes encoded, const void *value, size_t size) {
    const void *decoded = NULL;
    int64_t decoded_size = vp_decode_view(x, encoded.at, encoded.size, &decoded);
    if (decoded_size < 0 || (uint64_t)decoded_size != size) return false;
    return size == 0 || memcmp(decoded, value, size) == 0;
}

struct bytes round_trip(vp_context *x, const void *value, size_t size) {
    size_t room = vp_encode_bound(size);
    struct bytes encoded = {.at = test_malloc(room)};
    int64_t encoded_size = vp_encode(x, value, size, encoded.at, room);
    assert_true(encoded_size >= 0 && (uint64_t)encoded_size <= size + 1);
    encoded.size = (size_t)encoded_size;
    const void *again = NULL;
    assert_int_equal(vp_encode_view(x, value, size, &again), encoded_size);
    assert_memory_equal(again, encoded.at, encoded.size);
    assert_true(decodes_to(x, encoded, value, size));
    return encoded;
}

int64_t decode_guarded(vp_context *x, struct bytes data, const struct guard *in, const struct guard *out,
                       size_t capacity) {
    const uint8_t *from = guard_put(in, data.at, data.size);
    int64_t size = vp_decode(x, from, data.size, guard_end(out, capacity), capacity);
    assert_true(size <= (int64_t)capacity);
    if (size < 0) assert_string_not_equal(vp_status_name((int)size), "VP_ERR_?");
    return size;
}
