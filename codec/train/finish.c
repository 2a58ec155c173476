/* From the reservoir to a profile: split, compare, divide, learn again on everything, write, verify. */
#include "compare.h"
#include "json.h"

enum {
    HELD_OUT_SHARE = 5,
    HELD_OUT_VALUES = 4000,
    HELD_OUT_BYTES = 2 << 20,
    FEW_SAMPLES = 20,
    WORTH_WIDER = 50, /* a range of 32 codes saves more than 1/50 of what 16 leave */
    SIZES_SOUGHT = 64,
    REPORT_ROOM = 16384
};

/* ---- Splitting ------------------------------------------------------------------------------ */

static bool is_left_alone(const vp_trainer *t, const struct comparison *c, const struct kept_sample *s) {
    const struct value v = {.bytes = s->bytes, .size = s->size};
    return is_canonical_integer(s->bytes, s->size) &&
           target_keeps_integer(&c->target, &v, !option_of(t, VP_TRAIN_KEEP_INTEGERS));
}

/* All samples that may be encoded, in a random order that depends on the seed alone. */
static bool shuffle(const vp_trainer *t, struct comparison *c, struct samples *all) {
    struct sample *items = arena_array(&c->arena, t->kept_count, sizeof *items);
    if (!items) return false;
    size_t count = 0;
    uint64_t random = option_of(t, VP_TRAIN_SEED), bytes = 0;
    for (size_t i = 0; i < t->kept_count; i++) {
        if (is_left_alone(t, c, &t->kept[i])) continue;
        items[count++] = (struct sample){.bytes = t->kept[i].bytes, .size = t->kept[i].size};
        bytes += t->kept[i].size;
    }
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)(next_random(&random) % i);
        struct sample moved = items[i - 1];
        items[i - 1] = items[j];
        items[j] = moved;
    }
    *all = (struct samples){.items = items, .count = count, .bytes = bytes};
    return true;
}

static struct samples first_bytes(struct samples samples, uint64_t most) {
    size_t count = 0;
    uint64_t bytes = 0;
    while (count < samples.count && bytes < most) bytes += samples.items[count++].size;
    return (struct samples){.items = samples.items, .count = count, .bytes = bytes};
}

/* The first fifth is held out, of few samples the first half; a single one is compared on itself. */
static void split(struct comparison *c, struct samples all) {
    c->learn = c->held_out = all;
    if (all.count < 2) return;
    size_t most = all.count / (all.count < FEW_SAMPLES ? 2 : HELD_OUT_SHARE), count = 0;
    uint64_t bytes = 0, limit = c->trainer->watcher.compare_bytes;
    const uint64_t most_bytes = limit ? limit / 2 : HELD_OUT_BYTES;
    while (count < most && count < HELD_OUT_VALUES && bytes < most_bytes) bytes += all.items[count++].size;
    c->held_out = (struct samples){.items = all.items, .count = count, .bytes = bytes};
    c->learn =
        (struct samples){.items = all.items + count, .count = all.count - count, .bytes = all.bytes - bytes};
    if (limit) c->learn = first_bytes(c->learn, limit);
}

/* ---- Writing -------------------------------------------------------------------------------- */

static void plan_rows(const struct comparison *c, const struct division *d, struct profile_plan *plan,
                      struct profile_row *rows) {
    for (unsigned i = 0; i < d->count; i++) {
        const struct division_row *row = &d->rows[i];
        const struct way *w = &c->ways[row->way];
        rows[i] = (struct profile_row){.id = (uint8_t)w->id,
                                       .form = row->form,
                                       .offset = row->offset,
                                       .bits = row->bits,
                                       .enough = row->enough};
        if (row->form == ROW_SYSTEM) continue;
        plan->sections[w->id] = w->section;
        plan->section_sizes[w->id] = w->section_size;
    }
    plan->rows = rows;
    plan->row_count = d->count;
}

static int write_profile(vp_trainer *t, const struct comparison *c, const struct division *d) {
    struct profile_row rows[PROFILE_ROWS];
    struct profile_plan plan = {.name = t->name,
                                .name_size = t->name_size,
                                .first_code = c->range.first_code,
                                .width_bits = c->range.width_bits,
                                .check = (uint32_t)option_of(t, VP_TRAIN_CHECK),
                                .margin = 1,
                                .provenance = {.date = option_of(t, VP_TRAIN_DATE),
                                               .samples = t->seen,
                                               .sample_bytes = t->seen_bytes,
                                               .held_out_values = c->held_out.count,
                                               .held_out_raw = c->held_out.bytes,
                                               .held_out_encoded = d->encoded_bytes}};
    plan_rows(c, d, &plan, rows);
    size_t room = 4096;
    for (unsigned id = 0; id < ENCODER_ID_LIMIT; id++) room += plan.section_sizes[id] + PROFILE_SECTION;
    t->profile = memory_alloc(&t->allocator, room);
    if (!t->profile) return VP_ERR_MEMORY;
    struct writer w = writer_over(t->profile, room);
    profile_write(&w, &plan);
    t->profile_size = w.length;
    return w.full ? VP_ERR_MEMORY : VP_OK;
}

/* Loads what was written and takes every held-out sample through it and back. */
static int verify(const vp_trainer *t, const struct comparison *c) {
    vp_profile *profile = NULL;
    vp_codec *codec = NULL;
    vp_context *context = NULL;
    struct profile_problem problem;
    int status = profile_load(t->profile, t->profile_size, t->allocator, &profile, &problem);
    vp_options *options = vp_options_new(&t->allocator);
    if (status == VP_OK && !options) status = VP_ERR_MEMORY;
    if (status == VP_OK) status = vp_options_set(options, VP_OPTION_ENCODE_INTEGERS, 1);
    if (status == VP_OK) status = vp_codec_new(&profile, 1, 0, options, &codec);
    if (status == VP_OK) status = vp_context_new(codec, &context);
    for (size_t i = 0; status == VP_OK && i < c->held_out.count; i++) {
        const struct sample *s = &c->held_out.items[i];
        uint64_t size = s->size;
        const void *value = NULL;
        int64_t stored = vp_encode_many(context, s->bytes, &size, 1, &size);
        const uint8_t *bytes = vp_context_results(context);
        struct arena copy = arena_over(t->allocator);
        uint8_t *encoded = stored >= 0 ? arena_array(&copy, (size_t)stored, 1) : NULL;
        if (encoded) memcpy(encoded, bytes, (size_t)stored);
        int64_t back = encoded ? vp_decode_view(context, encoded, (size_t)stored, &value) : VP_ERR_MEMORY;
        if (back < 0) status = (int)back;
        else if ((size_t)back != s->size || memcmp(value, s->bytes, s->size) != 0) status = VP_ERR_CORRUPT;
        arena_free(&copy);
    }
    vp_context_free(context);
    vp_codec_release(codec);
    vp_options_free(options);
    vp_profile_release(profile);
    return status;
}

/* ---- Reporting ------------------------------------------------------------------------------ */

/* The row that a way was given, or NULL. */
static const struct division_row *row_of(const struct division *d, unsigned way) {
    for (unsigned i = 0; i < d->count; i++)
        if (d->rows[i].way == way) return &d->rows[i];
    return NULL;
}

/* All held-out values, each by this way with all codes or as it is. */
static uint64_t alone_bytes(const struct comparison *c, const struct way *w) {
    bool divided = w->trainer && !w->encoder->bytewise;
    const uint32_t *sizes = sizes_of(c, w, divided ? c->range.width_bits : 0);
    uint64_t bytes = 0;
    for (size_t i = 0; i < c->held_out.count; i++) bytes += sizes[i] ? sizes[i] : c->alone[i];
    return bytes;
}

static void put_way(struct writer *w, const struct comparison *c, const struct division *d, unsigned way) {
    const struct division_row *row = row_of(d, way);
    put_byte(w, '{');
    put_json_string(w, "name", c->ways[way].encoder->name);
    put_json_string(w, "form", !c->ways[way].trainer ? "untrained" : "learned");
    put_json_number(w, "variant", c->ways[way].variant);
    put_json_number(w, "section_bytes", c->ways[way].section_size);
    put_json_number(w, "codes", row && row->form == ROW_CODES ? 1u << row->bits : 0);
    put_json_number(w, "values", row ? row->values : 0);
    put_json_number(w, "raw_bytes", row ? row->raw_bytes : 0);
    put_json_number(w, "encoded_bytes", row ? row->encoded_bytes : 0);
    put_json_number(w, "alone_bytes", alone_bytes(c, &c->ways[way]));
    put_member(w, "kept");
    put_text(w, row ? "true}" : "false}");
}

/* Default targets report as they always did. */
static void put_target(struct writer *w, const struct comparison *c, const struct division *d) {
    uint64_t raw = 0;
    if (c->target.kind == VP_TARGET_BYTES) return;
    put_json_string(w, "target", target_name(c->target.kind));
    if (!target_counts_memory(&c->target)) return;
    for (size_t i = 0; i < c->held_out.count; i++)
        raw += target_cost(&c->target, c->held_out.items[i].bytes, c->held_out.items[i].size);
    put_json_number(w, "server_raw_bytes", raw);
    put_json_number(w, "server_encoded_bytes", d->encoded_cost);
}

static int write_report(vp_trainer *t, const struct comparison *c, const struct division *d) {
    t->report = memory_alloc(&t->allocator, REPORT_ROOM);
    if (!t->report) return VP_ERR_MEMORY;
    struct writer w = writer_over(t->report, REPORT_ROOM - 1);
    put_byte(&w, '{');
    put_json_number(&w, "samples", t->seen);
    put_json_number(&w, "kept_samples", t->kept_count);
    put_json_number(&w, "held_out", c->held_out.count);
    put_json_number(&w, "raw_bytes", c->held_out.bytes);
    put_json_number(&w, "encoded_bytes", d->encoded_bytes);
    put_json_number(&w, "first_code", c->range.first_code);
    put_json_number(&w, "width", 1u << c->range.width_bits);
    put_target(&w, c, d);
    put_member(&w, "encoders");
    put_byte(&w, '[');
    for (unsigned i = 0; i < c->way_count; i++) {
        if (i) put_byte(&w, ',');
        put_way(&w, c, d, i);
    }
    put_text(&w, "]}");
    t->report[w.length] = '\0';
    return w.full ? VP_ERR_MEMORY : VP_OK;
}

/* ---- Finishing ------------------------------------------------------------------------------ */

/* Divides the codes of either range. A wider one has to pay for the room it takes from other profiles. */
static int divide_either(struct comparison *c, struct division *d) {
    struct division wide;
    if (!divide_codes(c, d)) return VP_ERR_MEMORY;
    if (c->wider.width_bits == c->range.width_bits) return VP_OK;
    struct code_range narrow = c->range;
    c->range = c->wider;
    if (!divide_codes(c, &wide)) return VP_ERR_MEMORY;
    uint64_t gain = d->burden > wide.burden ? d->burden - wide.burden : 0;
    if (gain > d->burden / WORTH_WIDER) *d = wide;
    else c->range = narrow;
    return VP_OK;
}

/* What is kept learns once more, from the held-out samples too. */
static int learn_again(struct comparison *c, const struct division *d, struct samples all) {
    int status = VP_OK;
    const bool shortened = c->trainer->watcher.compare_bytes > 0;
    uint64_t bytes = 0;
    for (unsigned i = 0; i < d->count; i++) bytes += c->ways[d->rows[i].way].section_size;
    for (unsigned i = 0; status == VP_OK && i < d->count; i++) {
        struct way *w = &c->ways[d->rows[i].way];
        report_progress(c->trainer, "learning from all samples", 750 + 200 * i / d->count);
        if (d->rows[i].form == ROW_SYSTEM) continue;
        bytes -= w->section_size;
        /* What was compared on a part has small sections, and must not stay for want of room. */
        status = retrain(c, w, all, shortened ? UINT64_MAX : sections_room(c) - bytes);
        bytes += w->section_size;
    }
    return status;
}

static int finish(vp_trainer *t, struct comparison *c) {
    struct samples all;
    struct division division = {.count = 0};
    if (!shuffle(t, c, &all)) return VP_ERR_MEMORY;
    split(c, all);
    int status = all.count ? compare_ways(c) : VP_OK;
    if (status == VP_OK && all.count) {
        report_progress(t, "dividing the codes", 700);
        status = divide_either(c, &division);
    }
    if (status == VP_OK && c->learn.count < all.count) status = learn_again(c, &division, all);
    if (status == VP_OK && t->watcher.watch) status = t->watcher.watch(t->watcher.opaque, c, &division, all);
    report_progress(t, "verifying", 950);
    if (status == VP_OK) status = write_profile(t, c, &division);
    if (status == VP_OK) status = verify(t, c);
    if (status == VP_OK) status = write_report(t, c, &division);
    report_progress(t, "done", 1000);
    return status;
}

/* What storing costs beside the bytes, so that gains weigh as much as gains in bytes do: the average, or
   what the cheapest encoding costs if that is more. */
static uint64_t cost_beside_bytes(const struct target *t) {
    uint64_t least = UINT64_MAX, beside = 0;
    for (size_t size = 1; size <= SIZES_SOUGHT; size++) {
        const uint64_t cost = target_cost(t, NULL, size);
        if (cost < least) least = cost;
        beside += cost - size;
    }
    beside /= SIZES_SOUGHT;
    return beside > least ? beside : least;
}

static int forget_report(vp_trainer *t, int status) {
    memory_free(&t->allocator, t->report);
    t->report = NULL;
    return status;
}

int64_t vp_trainer_finish(vp_trainer *t, const void **profile) {
    if (!t || !profile || t->finished) return VP_ERR_ARGUMENT;
    *profile = NULL;
    if (t->seen == 0) return VP_ERR_NO_SAMPLES;
    struct code_range range, wider;
    int status = choose_ranges(t, &range, &wider);
    if (status != VP_OK) return status;
    t->finished = true;
    t->out_of_memory = false;
    struct comparison c = {.trainer = t,
                           .arena = arena_over(t->allocator),
                           .range = range,
                           .wider = wider,
                           .target = target_of(t),
                           .training = {.allocator = t->allocator,
                                        .model_bytes = option_of(t, VP_TRAIN_MODEL_BYTES),
                                        .min_count = option_of(t, VP_TRAIN_MIN_COUNT),
                                        .seed = option_of(t, VP_TRAIN_SEED),
                                        .zstd_level = option_of(t, VP_TRAIN_ZSTD_LEVEL),
                                        .preset = (uint32_t)option_of(t, VP_TRAIN_PRESET)}};
    c.beside = cost_beside_bytes(&c.target);
    status = finish(t, &c);
    comparison_free(&c);
    /* An encoder without memory only says that a value is not its own: the profile would differ. */
    if (status == VP_OK && t->out_of_memory) status = VP_ERR_MEMORY;
    if (status != VP_OK) return forget_report(t, status);
    *profile = t->profile;
    return (int64_t)t->profile_size;
}
