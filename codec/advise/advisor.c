/* The advisor's public functions, and the reservoir of samples. */
#include "report.h"
#include "techniques.h"
#include "train/training.h"

#include <xxhash.h>

enum { VALUE_LARGEST = 512 << 20, KEY_LARGEST = 65535 };

static const uint64_t defaults[16] = {[VP_ADVISE_KEY_SIZE] = 16,
                                      [VP_ADVISE_SEED] = 1,
                                      [VP_ADVISE_TIMES] = 1,
                                      [VP_ADVISE_KEPT_VALUES] = 1000000,
                                      [VP_ADVISE_KEPT_BYTES] = 256 << 20,
                                      [VP_ADVISE_TRAIN_VALUES] = 10000,
                                      [VP_ADVISE_TRAIN_BYTES] = 512 << 10};

static void *noting_alloc(void *opaque, size_t size) {
    vp_advisor *a = opaque;
    void *p = memory_alloc(&a->hooks, size);
    if (!p) a->out_of_memory = true;
    return p;
}

static void noting_release(void *opaque, void *pointer) {
    vp_advisor *a = opaque;
    memory_free(&a->hooks, pointer);
}

vp_advisor *vp_advisor_new(const vp_server *server, const vp_allocator *allocator) {
    if (!server || !vp_server_name(server->flavour)) return NULL;
    vp_allocator hooks = memory_hooks(allocator);
    vp_advisor *a = memory_zeroed(&hooks, sizeof *a);
    if (!a) return NULL;
    a->hooks = hooks;
    a->allocator = (vp_allocator){.alloc = noting_alloc, .release = noting_release, .opaque = a};
    a->server = *server;
    a->priority_limit = UINT64_MAX;
    memcpy(a->options, defaults, sizeof defaults);
    return a;
}

static void forget_samples(vp_advisor *a) {
    for (size_t i = 0; i < a->kept_count; i++) memory_free(&a->hooks, a->kept[i].bytes);
    memory_free(&a->hooks, a->kept);
    a->kept = NULL;
    a->kept_count = 0;
}

void vp_advisor_free(vp_advisor *a) {
    if (!a) return;
    vp_allocator hooks = a->hooks;
    forget_samples(a);
    memory_free(&hooks, a->json);
    memory_free(&hooks, a);
}

static bool option_valid(int option, uint64_t value) {
    switch (option) {
    case VP_ADVISE_KEYS: return value <= (uint64_t)1 << 40;
    case VP_ADVISE_KEY_SIZE: return value >= 1 && value <= KEY_LARGEST;
    case VP_ADVISE_EXPIRES:
    case VP_ADVISE_TIMES: return value <= 1;
    case VP_ADVISE_KEPT_VALUES: return value >= 100 && value <= 1 << 24;
    case VP_ADVISE_KEPT_BYTES: return value >= 1 << 20 && value <= (uint64_t)4 << 30;
    case VP_ADVISE_TRAIN_VALUES: return value >= 100 && value <= 40000;
    case VP_ADVISE_TRAIN_BYTES: return value >= 64 << 10 && value <= 64 << 20;
    case VP_ADVISE_SEED: return true;
    default: return false;
    }
}

int vp_advisor_set(vp_advisor *a, int option, uint64_t value) {
    if (!a || a->seen || a->finished || !option_valid(option, value)) return VP_ERR_ARGUMENT;
    a->options[option] = value;
    return VP_OK;
}

int vp_advisor_on_progress(vp_advisor *a, vp_advise_progress progress, void *opaque) {
    if (!a || a->finished) return VP_ERR_ARGUMENT;
    a->progress = progress;
    a->progress_opaque = opaque;
    return VP_OK;
}

/* ---- The reservoir -------------------------------------------------------------------------- */

/* Samples below a limit of priority stay. When they are too many the limit is halved. */
static void thin_out(vp_advisor *a) {
    size_t left = 0;
    a->priority_limit /= 2;
    for (size_t i = 0; i < a->kept_count; i++) {
        struct kept_record *r = &a->kept[i];
        if (r->priority <= a->priority_limit) {
            a->kept[left++] = *r;
            continue;
        }
        a->kept_bytes -= r->key_size + (uint64_t)r->value_size;
        memory_free(&a->allocator, r->bytes);
    }
    a->kept_count = left;
}

static bool make_room(vp_advisor *a) {
    if (a->kept_count < a->kept_capacity) return true;
    size_t capacity = a->kept_capacity ? 2 * a->kept_capacity : 256;
    struct kept_record *more = memory_alloc(&a->allocator, capacity * sizeof *more);
    if (!more) return false;
    if (a->kept_count) memcpy(more, a->kept, a->kept_count * sizeof *more);
    memory_free(&a->allocator, a->kept);
    a->kept = more;
    a->kept_capacity = capacity;
    return true;
}

static int keep(vp_advisor *a, vp_bytes key, vp_bytes value, uint64_t priority) {
    uint8_t *bytes = make_room(a) ? memory_alloc(&a->allocator, key.size + value.size + 1) : NULL;
    if (!bytes) return VP_ERR_MEMORY;
    if (key.size) memcpy(bytes, key.data, key.size);
    if (value.size) memcpy(bytes + key.size, value.data, value.size);
    a->kept[a->kept_count++] = (struct kept_record){.priority = priority,
                                                    .bytes = bytes,
                                                    .key_size = (uint32_t)key.size,
                                                    .value_size = (uint32_t)value.size};
    a->kept_bytes += key.size + value.size;
    while (a->kept_count > 1 && (a->kept_count > advise_option(a, VP_ADVISE_KEPT_VALUES) ||
                                 a->kept_bytes > advise_option(a, VP_ADVISE_KEPT_BYTES)))
        thin_out(a);
    return VP_OK;
}

/* The priority of a sample with a key depends on the key, so that all samples of a key stay or go. */
int vp_advisor_add(vp_advisor *a, vp_bytes key, vp_bytes value) {
    if (!a || a->finished || (!key.data && key.size) || (!value.data && value.size)) return VP_ERR_ARGUMENT;
    if (key.size > KEY_LARGEST || value.size > VALUE_LARGEST) return VP_ERR_ARGUMENT;
    const uint64_t seed = advise_option(a, VP_ADVISE_SEED);
    if (a->seen == 0) a->random = seed;
    uint64_t priority = key.size ? XXH3_64bits_withSeed(key.data, key.size, seed) : next_random(&a->random);
    int status = priority <= a->priority_limit ? keep(a, key, value, priority) : VP_OK;
    if (status != VP_OK) return status;
    a->seen++;
    a->without_key += key.size == 0;
    return VP_OK;
}

/* ---- Finishing ------------------------------------------------------------------------------ */

/* Never less than before, as when learning begins anew. */
void advise_progress(struct study *s, const char *stage, uint32_t permille) {
    if (permille < s->permille) permille = s->permille;
    s->permille = permille;
    if (s->advisor->progress) s->advisor->progress(s->advisor->progress_opaque, stage, permille);
}

static int advise(struct study *s) {
    advise_progress(s, "looking at the samples", 0);
    int status = survey(s);
    for (size_t i = 0; status == VP_OK && advice_makers[i]; i++) status = advice_makers[i](s);
    if (status == VP_OK) status = write_report(s);
    advise_progress(s, "done", 1000);
    return status;
}

int64_t vp_advisor_finish(vp_advisor *a, const char **json) {
    if (json) *json = NULL;
    if (!a || !json || a->finished) return VP_ERR_ARGUMENT;
    if (a->seen == 0) return VP_ERR_NO_SAMPLES;
    a->finished = true;
    a->out_of_memory = false;
    struct study *s = memory_zeroed(&a->allocator, sizeof *s);
    if (!s) return VP_ERR_MEMORY;
    s->advisor = a;
    s->server = &a->server;
    s->arena = arena_over(a->allocator);
    s->expires = (int)advise_option(a, VP_ADVISE_EXPIRES);
    int status = advise(s);
    arena_free(&s->arena);
    memory_free(&a->allocator, s);
    forget_samples(a);
    /* An encoder without memory only says that a value is not its own: the advice would differ. */
    if (status == VP_OK && a->out_of_memory) status = VP_ERR_MEMORY;
    if (status != VP_OK) return status;
    *json = a->json;
    return (int64_t)strlen(a->json);
}
