/* Training on some of the samples, and what the profile gives. */
#include "learn.h"

#include "json.h"
#include "techniques.h"

#include <stdio.h>
#include <time.h>

enum {
    COMPARED_LEAST = 48 << 10, /* bytes that variants of encoders learn from until the best are known */
    COMPARED_MOST = 80 << 10,
    MEASURED_SHARE = 5,
    FEW_RECORDS = 20,
    SHORT_VALUE = 32,
    PROGRESS_FROM = 100, /* permille of all the work */
    PROGRESS_TO = 800
};

/* ---- Drawing and measuring ------------------------------------------------------------------ */

static uint32_t *shuffled_records(struct study *s) {
    uint32_t *items = arena_array(&s->arena, s->count, sizeof *items);
    uint64_t random = advise_option(s->advisor, VP_ADVISE_SEED);
    if (!items) return NULL;
    for (size_t i = 0; i < s->count; i++) items[i] = (uint32_t)i;
    for (size_t i = s->count; i > 1; i--) {
        size_t j = (size_t)(next_random(&random) % i);
        uint32_t moved = items[i - 1];
        items[i - 1] = items[j];
        items[j] = moved;
    }
    return items;
}

/* The first records of these, at most so many of them and of bytes, and at least one. */
static struct subset first_of(const struct study *s, uint32_t *items, size_t most_values,
                              uint64_t most_bytes) {
    struct subset subset = {.items = items};
    while (subset.count < most_values && subset.bytes < most_bytes) {
        const struct record *r = &s->records[items[subset.count++]];
        subset.bytes += r->value_size;
    }
    return subset;
}

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

/* A fifth is kept to measure on, of few records half. */
bool draw_subsets(struct study *s, struct subset *learned, struct subset *measured, struct subset *any) {
    uint32_t *items = shuffled_records(s);
    if (!items) return false;
    size_t reserved = s->count < 2 ? 0 : s->count / (s->count < FEW_RECORDS ? 2 : MEASURED_SHARE);
    *learned =
        first_of(s, items, smaller(s->count - reserved, advise_option(s->advisor, VP_ADVISE_TRAIN_VALUES)),
                 advise_option(s->advisor, VP_ADVISE_TRAIN_BYTES));
    size_t others = reserved ? learned->count : 0;
    *measured = first_of(s, items + others, smaller(s->count - others, MEASURED_VALUES), MEASURED_BYTES);
    *any = first_of(s, items, smaller(s->count, MEASURED_VALUES), MEASURED_BYTES);
    return true;
}

uint64_t cpu_time(void) {
    return (uint64_t)clock() * (1000000000 / CLOCKS_PER_SEC);
}

bool is_timed(const struct study *s, const struct subset *subset, size_t i) {
    size_t step = subset->count / TIMED_VALUES + 1;
    return advise_option(s->advisor, VP_ADVISE_TIMES) && i % step == 0;
}

struct advice_row *add_gain(struct study *s, const struct technique *t, const struct subset *subset,
                            const struct gain *gain) {
    struct advice_row *row = add_advice(s, t);
    row->values = scaled(gain->values, s->count, subset->count);
    row->memory = keys_memory(s, strata_scale(&gain->costs, s->cost_by_size));
    row->timed = gain->timed > 0;
    if (!row->timed) return row;
    row->encode_ns = gain->encode_ns / gain->timed;
    row->decode_ns = gain->decode_ns / gain->timed;
    return row;
}

/* ---- Training ------------------------------------------------------------------------------- */

static void pass_progress(void *opaque, const char *stage, uint32_t permille) {
    const struct learning *l = opaque;
    advise_progress(l->s, stage, PROGRESS_FROM + permille * (PROGRESS_TO - PROGRESS_FROM) / 1000);
}

static int watch(void *opaque, struct comparison *c, const struct division *d, struct samples all) {
    return advise_singles(opaque, c, d, all);
}

/* Comparing the variants takes as long as a quarter of the samples may take, within bounds. */
static uint64_t compared_bytes(const struct subset *samples) {
    uint64_t quarter = samples->bytes / 4;
    if (quarter > COMPARED_MOST) return COMPARED_MOST;
    return quarter > COMPARED_LEAST ? quarter : COMPARED_LEAST;
}

static int set_up(struct learning *l, vp_trainer *t, uint64_t target, uint64_t width) {
    const struct study *s = l->s;
    const struct {
        int option;
        uint64_t value;
    } settings[] = {{VP_TRAIN_SEED, advise_option(s->advisor, VP_ADVISE_SEED)},
                    {VP_TRAIN_TARGET, target},
                    {VP_TRAIN_SERVER, s->server->flavour},
                    {VP_TRAIN_KEY_SIZE, (s->key_bytes + s->count / 2) / s->count},
                    {VP_TRAIN_KEY_EXPIRES, (uint64_t)s->expires},
                    {VP_TRAIN_WIDTH, width},
                    {VP_TRAIN_SAMPLE_BYTES, 1 << 30}};
    int status = VP_OK;
    for (size_t i = 0; status == VP_OK && i < sizeof settings / sizeof settings[0]; i++)
        status = vp_trainer_set(t, settings[i].option, settings[i].value);
    t->watcher.compare_bytes = compared_bytes(&l->learned);
    return status;
}

/* Training on all samples would see how each of them begins. */
static void note_beginnings(const struct study *s, vp_trainer *t) {
    for (size_t i = 0; i < s->count; i++) {
        const struct record *r = &s->records[i];
        if (r->value_size && r->value[0] >= HEADER_PROFILE_FIRST && r->value[0] <= HEADER_PROFILE_LAST)
            t->beginnings |= (uint64_t)1 << (r->value[0] - HEADER_PROFILE_FIRST);
    }
}

static int add_learned_samples(const struct learning *l, vp_trainer *t) {
    int status = VP_OK;
    for (size_t i = 0; status == VP_OK && i < l->learned.count; i++) {
        const struct record *r = &l->s->records[l->learned.items[i]];
        status = vp_trainer_add(t, r->value, r->value_size);
    }
    note_beginnings(l->s, t);
    return status;
}

/* Returns the size of the profile, or a status. */
static int64_t finish_training(const struct learning *l, vp_trainer *t, vp_profile **profile) {
    const void *bytes;
    int64_t size = vp_trainer_finish(t, &bytes);
    if (size < 0) return size;
    int status = vp_profile_load(bytes, (size_t)size, &l->s->arena.allocator, profile);
    return status == VP_OK ? size : status;
}

static int train(struct learning *l, uint64_t width) {
    vp_trainer *t = vp_trainer_new(&l->s->arena.allocator);
    if (!t) return VP_ERR_MEMORY;
    int64_t size = set_up(l, t, VP_TARGET_STRING, width);
    t->watcher.watch = watch;
    t->watcher.opaque = l;
    if (size == VP_OK) size = vp_trainer_on_progress(t, pass_progress, l);
    if (size == VP_OK) size = add_learned_samples(l, t);
    if (size == VP_OK) size = finish_training(l, t, &l->profile);
    vp_trainer_free(t);
    if (size < 0) return (int)size;
    l->profile_bytes = (size_t)size;
    return VP_OK;
}

/* A profile with as few codes as there can be where samples begin with the codes of most; none where they
   begin with all of them. */
static int learn(struct learning *l) {
    int status = train(l, 0);
    if (status == VP_ERR_NO_RANGE) status = train(l, 1);
    if (status != VP_ERR_NO_RANGE) return status;
    return advise_singles(l, NULL, NULL, (struct samples){.items = NULL});
}

/* In a key of its own a short value may never reach a smaller size class, and integers are left alone: a profile
   for that knows nothing of what counts inside of hashes and tables. */
static bool differs_inside(const struct learning *l) {
    return l->measured.bytes <= (uint64_t)l->measured.count * SHORT_VALUE;
}

/* VP_OK or VP_ERR_MEMORY. */
static int learn_inside(struct learning *l) {
    l->inside = l->profile;
    if (!differs_inside(l)) return VP_OK;
    vp_trainer *t = vp_trainer_new(&l->s->arena.allocator);
    if (!t) return VP_ERR_MEMORY;
    int64_t size = set_up(l, t, VP_TARGET_HASH_FIELD, 0);
    if (size == VP_OK) size = add_learned_samples(l, t);
    if (size == VP_OK) size = finish_training(l, t, &l->inside);
    vp_trainer_free(t);
    return size < 0 && size != VP_ERR_NO_RANGE ? (int)size : VP_OK;
}

/* ---- The profile ---------------------------------------------------------------------------- */

int open_encoding(const struct learning *l, uint64_t target, vp_context **context) {
    const struct study *s = l->s;
    vp_options *options = vp_options_new(&s->arena.allocator);
    vp_codec *codec = NULL;
    vp_profile *profile = target == VP_TARGET_STRING ? l->profile : l->inside;
    if (!options) return VP_ERR_MEMORY;
    int status = vp_options_set(options, VP_OPTION_TARGET, target);
    if (status == VP_OK) status = vp_options_set(options, VP_OPTION_SERVER, s->server->flavour);
    if (status == VP_OK)
        status = vp_codec_new(&profile, profile != NULL, profile ? 0 : VP_NO_PROFILE, options, &codec);
    if (status == VP_OK) status = vp_context_new(codec, context);
    vp_codec_release(codec);
    vp_options_free(options);
    return status;
}

/* Encodes a record, decodes it, and does both again if it is to be timed. */
static int measure_record(vp_context *x, const struct study *s, const struct record *r, bool timed,
                          struct gain *gain) {
    const void *stored = NULL, *back = NULL;
    int status = vp_context_set_key(x, r->key_size, s->expires);
    int64_t size = status == VP_OK ? vp_encode_view(x, r->value, r->value_size, &stored) : status;
    if (size < 0) return (int)size;
    uint64_t cost = record_cost(s, r, stored, (uint64_t)size);
    bool changed = cost < r->cost; /* not one that was only escaped */
    strata_add(&gain->costs, r->value_size, r->cost, cost);
    gain->values += changed;
    if (!timed || !changed || !stored) return VP_OK;
    struct arena copy = arena_over(s->arena.allocator);
    uint8_t *data = arena_array(&copy, (size_t)size, 1);
    if (!data) return VP_ERR_MEMORY;
    memcpy(data, stored, (size_t)size);
    const unsigned repeats = timed_repeats(r->value_size);
    uint64_t begin = cpu_time();
    for (unsigned i = 0; i < repeats; i++) vp_encode_view(x, r->value, r->value_size, &stored);
    uint64_t middle = cpu_time();
    for (unsigned i = 0; i < repeats; i++) vp_decode_view(x, data, (size_t)size, &back);
    gain->decode_ns += cpu_time() - middle;
    gain->encode_ns += middle - begin;
    gain->timed += repeats;
    arena_free(&copy);
    return VP_OK;
}

static void describe_profile(const struct learning *l, struct advice_row *row) {
    const struct study *s = l->s;
    struct writer w = row_text(row->parameters), how = row_text(row->how);
    put_json_number(&w, "profile_bytes", l->profile_bytes);
    if (!l->profile) {
        put_text(&how,
                 "vp_encode() without a profile, VP_OPTION_TARGET string: samples begin with every code that "
                 "a profile could have");
        return;
    }
    put_text(&how, "valpack train --target string --server ");
    put_text(&how, vp_server_name(s->server->flavour));
    put_text(&how, " --key-size ");
    put_decimal(&how, (s->key_bytes + s->count / 2) / s->count);
    put_text(&how,
             " SAMPLES, then vp_encode() before SET and vp_decode() after GET with VP_OPTION_TARGET string");
}

static int advise_profile(struct learning *l) {
    struct study *s = l->s;
    struct gain gain = {.values = 0};
    vp_context *x = NULL;
    int status = open_encoding(l, VP_TARGET_STRING, &x);
    for (size_t i = 0; status == VP_OK && i < l->measured.count; i++)
        status = measure_record(x, s, &s->records[l->measured.items[i]], is_timed(s, &l->measured, i), &gain);
    vp_context_free(x);
    if (status != VP_OK) return status;
    describe_profile(l, add_gain(s, &technique_profile, &l->measured, &gain));
    return VP_OK;
}

int advise_encoders(struct study *s) {
    struct learning l = {.s = s};
    advise_progress(s, "learning", PROGRESS_FROM);
    if (!draw_subsets(s, &l.learned, &l.measured, &l.any)) return VP_ERR_MEMORY;
    int status = learn(&l);
    advise_progress(s, "encoding", PROGRESS_TO);
    if (status == VP_OK) status = advise_profile(&l);
    if (status == VP_OK) status = learn_inside(&l);
    if (status == VP_OK) status = advise_encoded_buckets(&l);
    if (status == VP_OK) status = advise_tables(&l);
    if (l.inside != l.profile) vp_profile_release(l.inside);
    vp_profile_release(l.profile);
    return status;
}
