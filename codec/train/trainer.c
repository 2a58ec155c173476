/* The trainer's public functions, and the reservoir of samples. */
#include "trainer.h"

#include "utf8.h"

enum { KEPT_LARGEST = 40000, SAMPLE_LARGEST = 1 << 20 };

static const uint64_t defaults[TRAIN_OPTIONS] = {
    [VP_TRAIN_MODEL_BYTES] = 64 << 10,  [VP_TRAIN_MIN_COUNT] = 3,         [VP_TRAIN_SEED] = 1,
    [VP_TRAIN_SAMPLE_BYTES] = 16 << 20, [VP_TRAIN_SERVER] = VP_REDIS_7_2, [VP_TRAIN_KEY_SIZE] = 16,
    [VP_TRAIN_ENCODERS] = UINT32_MAX};

static void *noting_alloc(void *opaque, size_t size) {
    vp_trainer *t = opaque;
    void *p = memory_alloc(&t->hooks, size);
    if (!p) t->out_of_memory = true;
    return p;
}

static void noting_release(void *opaque, void *pointer) {
    vp_trainer *t = opaque;
    memory_free(&t->hooks, pointer);
}

vp_trainer *vp_trainer_new(const vp_allocator *allocator) {
    vp_allocator hooks = memory_hooks(allocator);
    vp_trainer *t = memory_zeroed(&hooks, sizeof *t);
    if (!t) return NULL;
    t->hooks = hooks;
    t->allocator = (vp_allocator){.alloc = noting_alloc, .release = noting_release, .opaque = t};
    t->priority_limit = UINT64_MAX;
    memcpy(t->options, defaults, sizeof defaults);
    return t;
}

void vp_trainer_free(vp_trainer *t) {
    if (!t) return;
    vp_allocator allocator = t->hooks;
    for (size_t i = 0; i < t->kept_count; i++) memory_free(&allocator, t->kept[i].bytes);
    memory_free(&allocator, t->kept);
    memory_free(&allocator, t->profile);
    memory_free(&allocator, t->report);
    memory_free(&allocator, t);
}

static bool option_valid(int option, uint64_t value) {
    switch (option) {
    case VP_TRAIN_FIRST_CODE: return value == 0 || (value >= 0x80 && value <= 0xBF);
    case VP_TRAIN_WIDTH: return value <= 32 && (value & (value - 1)) == 0;
    case VP_TRAIN_PRESET: return value <= VP_PRESET_FAST;
    case VP_TRAIN_MODEL_BYTES: return value >= 4 << 10 && value <= 1 << 20;
    case VP_TRAIN_CHECK: return value <= PROFILE_CHECK_LARGEST;
    case VP_TRAIN_MIN_COUNT: return value >= 1 && value <= 1000;
    case VP_TRAIN_KEEP_INTEGERS:
    case VP_TRAIN_KEY_EXPIRES: return value <= 1;
    case VP_TRAIN_ZSTD_LEVEL: return value <= 22;
    case VP_TRAIN_SAMPLE_BYTES: return value >= 64 << 10 && value <= 1 << 30;
    case VP_TRAIN_TARGET: return value <= VP_TARGET_PACKED;
    case VP_TRAIN_SERVER: return value <= UINT32_MAX && vp_server_name((uint32_t)value);
    case VP_TRAIN_KEY_SIZE: return value <= KEY_SIZE_LARGEST;
    case VP_TRAIN_ENCODERS: return value <= UINT32_MAX;
    case VP_TRAIN_SEED:
    case VP_TRAIN_DATE: return true;
    default: return false;
    }
}

int vp_trainer_set(vp_trainer *t, int option, uint64_t value) {
    if (!t || t->finished || !option_valid(option, value)) return VP_ERR_ARGUMENT;
    t->options[option] = value;
    return VP_OK;
}

struct target target_of(const vp_trainer *t) {
    struct target target = {.kind = (uint32_t)option_of(t, VP_TRAIN_TARGET),
                            .expires = option_of(t, VP_TRAIN_KEY_EXPIRES) == 1,
                            .key_size = option_of(t, VP_TRAIN_KEY_SIZE)};
    target_set_server(&target, option_of(t, VP_TRAIN_SERVER));
    return target;
}

int vp_trainer_set_name(vp_trainer *t, const char *name, size_t size) {
    if (!t || t->finished || (!name && size) || size > PROFILE_NAME_LARGEST) return VP_ERR_ARGUMENT;
    if (!utf8_valid((const uint8_t *)name, size)) return VP_ERR_ARGUMENT;
    if (size) memcpy(t->name, name, size);
    t->name_size = size;
    return VP_OK;
}

int vp_trainer_beside(vp_trainer *t, const vp_profile *profile) {
    if (!t || t->finished || !profile) return VP_ERR_ARGUMENT;
    for (unsigned code = profile->first_code; profile_owns(profile, code); code++)
        t->neighbours |= (uint64_t)1 << (code - 0x80);
    return VP_OK;
}

int vp_trainer_on_progress(vp_trainer *t, vp_train_progress progress, void *opaque) {
    if (!t || t->finished) return VP_ERR_ARGUMENT;
    t->progress = progress;
    t->progress_opaque = opaque;
    return VP_OK;
}

void report_progress(const vp_trainer *t, const char *stage, uint32_t permille) {
    if (t->progress) t->progress(t->progress_opaque, stage, permille);
}

const char *vp_trainer_report(const vp_trainer *t) {
    return t && t->report ? t->report : "";
}

/* ---- The reservoir -------------------------------------------------------------------------- */

/*
 * Every sample draws a random priority, and those below a limit stay. When they are too many, the
 * limit is halved and the reservoir thinned out: at any time it holds each sample seen so far with
 * the same probability.
 */
static void thin_out(vp_trainer *t) {
    size_t left = 0;
    t->priority_limit /= 2;
    for (size_t i = 0; i < t->kept_count; i++) {
        struct kept_sample *s = &t->kept[i];
        if (s->priority <= t->priority_limit) {
            t->kept[left++] = *s;
            continue;
        }
        t->kept_bytes -= s->size;
        memory_free(&t->allocator, s->bytes);
    }
    t->kept_count = left;
}

static bool make_room(vp_trainer *t) {
    if (t->kept_count < t->kept_capacity) return true;
    size_t capacity = t->kept_capacity ? 2 * t->kept_capacity : 256;
    struct kept_sample *more = memory_alloc(&t->allocator, capacity * sizeof *more);
    if (!more) return false;
    if (t->kept_count) memcpy(more, t->kept, t->kept_count * sizeof *more);
    memory_free(&t->allocator, t->kept);
    t->kept = more;
    t->kept_capacity = capacity;
    return true;
}

static int keep(vp_trainer *t, const void *value, size_t size, uint64_t priority) {
    uint8_t *bytes = make_room(t) ? memory_alloc(&t->allocator, size) : NULL;
    if (!bytes) return VP_ERR_MEMORY;
    memcpy(bytes, value, size);
    t->kept[t->kept_count++] =
        (struct kept_sample){.priority = priority, .size = (uint32_t)size, .bytes = bytes};
    t->kept_bytes += size;
    while (t->kept_count > KEPT_LARGEST ||
           (t->kept_bytes > option_of(t, VP_TRAIN_SAMPLE_BYTES) && t->kept_count > 1))
        thin_out(t);
    return VP_OK;
}

int vp_trainer_add(vp_trainer *t, const void *value, size_t size) {
    if (!t || t->finished || (!value && size)) return VP_ERR_ARGUMENT;
    if (t->seen == 0) t->random = option_of(t, VP_TRAIN_SEED);
    t->seen++;
    t->seen_bytes += size;
    uint64_t priority = next_random(&t->random);
    if (size == 0) return VP_OK;
    const uint8_t first = *(const uint8_t *)value;
    if (first >= 0x80 && first <= 0xBF) t->beginnings |= (uint64_t)1 << (first - 0x80);
    if (size > SAMPLE_LARGEST) return VP_OK; /* too long to learn from */
    return priority <= t->priority_limit ? keep(t, value, size, priority) : VP_OK;
}
