#include "compare.h"

enum {
    SECTION_ROOM = 112 << 10,
    FILE_ROOM = 188 << 10 /* sections of one profile at the default model size */
};

/* ---- Learning ------------------------------------------------------------------------------- */

static bool allowed(const struct comparison *c, const struct encoder *encoder) {
    return option_of(c->trainer, VP_TRAIN_PRESET) != VP_PRESET_FAST || encoder->fast;
}

static bool asked_for(const struct comparison *c, unsigned id) {
    return option_of(c->trainer, VP_TRAIN_ENCODERS) >> id & 1;
}

/* A single sample is compared on itself. There a dictionary of zstd or lz4, which is the sample word for
   word, would always win, be of no use, and keep what may be a secret. */
static bool comparable(const struct comparison *c, const struct encoder *encoder) {
    return !encoder->bytewise || c->learn.items != c->held_out.items;
}

/* Gives a way a section, verified by loading it. The way is as before if that fails. */
static int adopt_section(struct comparison *c, struct way *w, const struct writer *section) {
    uint8_t *bytes = arena_array(&c->arena, section->length, 1);
    if (!bytes) return VP_ERR_MEMORY;
    memcpy(bytes, section->base, section->length);
    struct loading loading = {.allocator = c->trainer->allocator, .status = VP_OK};
    struct reader r = reader_over(bytes, section->length);
    void *params = w->encoder->load(&r, &loading);
    if (!params) return loading.status;
    if (w->params) w->encoder->unload(w->params, &c->trainer->allocator);
    w->params = params;
    w->section = bytes;
    w->section_size = section->length;
    return VP_OK;
}

/* Trains a variant to a section of at most this many bytes. VP_ERR_NO_SAMPLES: nothing learned. */
static int learn_section(struct comparison *c, struct way *w, struct samples samples, uint64_t most) {
    struct arena work = arena_over(c->trainer->allocator);
    size_t room = SECTION_ROOM + 4096 + (size_t)c->training.model_bytes;
    struct writer section = writer_over(arena_array(&work, room, 1), room);
    struct training training = c->training;
    training.samples = samples;
    int status = work.failed ? VP_ERR_MEMORY : w->trainer->train(&training, w->variant, &section);
    bool nothing = section.full || section.length == 0 || section.length > most;
    if (status == VP_OK) status = nothing ? VP_ERR_NO_SAMPLES : adopt_section(c, w, &section);
    arena_free(&work);
    return status;
}

uint64_t sections_room(const struct comparison *c) {
    const uint64_t model = c->training.model_bytes;
    if (model > 64 << 10) return 2 * model - 8192;
    return 3 * model < FILE_ROOM ? 3 * model : FILE_ROOM;
}

int retrain(struct comparison *c, struct way *w, struct samples samples, uint64_t most) {
    int status = learn_section(c, w, samples, most);
    return status == VP_ERR_NO_SAMPLES || status == VP_ERR_PROFILE ? VP_OK : status;
}

/* ---- Measuring ------------------------------------------------------------------------------ */

static uint32_t work_of(const struct comparison *c, const struct way *w, const struct value *v) {
    const struct encoder_work *work = &w->encoder->work;
    if (!w->encoder->fits(v, w->params)) return 0;
    const struct coding coding = {.params = w->params, .scratch = &c->context->scratch};
    uint32_t symbols = w->encoder->symbols ? w->encoder->symbols(v, &coding) : 0;
    return (uint32_t)(work->value + (uint64_t)work->bytes * v->size / 16 + (uint64_t)work->symbol * symbols);
}

/* Of a value that is left alone, `value` tells whether it is an integer. */
static uint32_t burden_of(const struct comparison *c, const void *value, size_t size) {
    if (!target_counts_memory(&c->target)) return (uint32_t)size;
    const uint64_t cost = target_cost(&c->target, value, size);
    return (uint32_t)((cost > c->beside ? cost - c->beside : 0) * BURDEN_MEMORY + size);
}

/* SIZE_NONE for an encoding that is not written, as the value alone costs no more. */
static uint32_t worthy_burden(const struct comparison *c, size_t i, size_t size) {
    if (size == SIZE_NONE || target_cost(&c->target, NULL, size) >= alone_cost(c, i)) return SIZE_NONE;
    return burden_of(c, NULL, size);
}

/* Sizes of all widths are known. */
static bool measure_burdens(struct comparison *c, struct way *w, unsigned widths) {
    const size_t count = c->held_out.count;
    const bool memory = target_counts_memory(&c->target);
    w->extended = arena_array(&c->arena, count, sizeof *w->extended);
    w->burdens = memory ? arena_array(&c->arena, widths * count, sizeof *w->burdens) : w->sizes;
    if (c->arena.failed) return false;
    for (size_t i = 0; i < count; i++) {
        const uint32_t size = w->sizes[i] == SIZE_NONE ? SIZE_NONE : w->sizes[i] + EXTENDED_MORE;
        w->extended[i] = memory ? worthy_burden(c, i, size) : size;
    }
    for (size_t i = 0; memory && i < widths * count; i++)
        w->burdens[i] = worthy_burden(c, i % count, w->sizes[i]);
    return true;
}

static bool measure_way(struct comparison *c, struct way *w) {
    unsigned widths = w->trainer && !w->encoder->bytewise ? c->wider.width_bits + 1 : 1;
    w->sizes = arena_array(&c->arena, widths * c->held_out.count, sizeof *w->sizes);
    w->work = arena_array(&c->arena, c->held_out.count, sizeof *w->work);
    if (!w->sizes || !w->work) return false;
    for (unsigned bits = 0; bits < widths; bits++) {
        const struct candidate candidate = {.encoder = w->encoder,
                                            .params = w->params,
                                            .id = (uint8_t)w->id,
                                            .header = {HEADER_PROFILE_FIRST},
                                            .header_size = 1,
                                            .bits = (uint8_t)bits};
        for (size_t i = 0; i < c->held_out.count; i++) {
            const struct value v = value_of(c->held_out.items[i].bytes, c->held_out.items[i].size);
            size_t limit = c->alone[i] - 1;
            if (bits == 0) w->all_work += w->work[i] = work_of(c, w, &v);
            uint32_t *size = &w->sizes[bits * c->held_out.count + i];
            *size = limit ? (uint32_t)candidate_size(c->context, &candidate, &v, limit) : SIZE_NONE;
        }
    }
    return measure_burdens(c, w, widths);
}

static int add_way(struct comparison *c, struct way w) {
    if (w.trainer) {
        int status = learn_section(c, &w, c->learn, UINT64_MAX);
        if (status == VP_ERR_NO_SAMPLES || status == VP_ERR_PROFILE) return VP_OK;
        if (status != VP_OK) return status;
    }
    if (!measure_way(c, &w)) {
        if (w.params) w.encoder->unload(w.params, &c->trainer->allocator);
        return VP_ERR_MEMORY;
    }
    c->ways[c->way_count++] = w;
    return VP_OK;
}

/* The value, or NULL if it needs an escape, behind which it is no integer. */
static const void *stored_alone(const struct comparison *c, size_t i) {
    const struct sample *s = &c->held_out.items[i];
    return c->alone[i] == s->size ? s->bytes : NULL;
}

uint64_t alone_cost(const struct comparison *c, size_t i) {
    return target_cost(&c->target, stored_alone(c, i), c->alone[i]);
}

static bool measure_alone(struct comparison *c) {
    c->alone = arena_array(&c->arena, c->held_out.count, sizeof *c->alone);
    c->alone_burdens = arena_array(&c->arena, c->held_out.count, sizeof *c->alone_burdens);
    if (c->arena.failed) return false;
    for (size_t i = 0; i < c->held_out.count; i++) {
        const struct sample *s = &c->held_out.items[i];
        c->alone[i] = (uint32_t)(s->size + header_needs_escape(s->bytes, s->size));
        c->alone_burdens[i] = burden_of(c, stored_alone(c, i), c->alone[i]);
    }
    return true;
}

static int open_context(struct comparison *c) {
    vp_options *options = vp_options_new(&c->trainer->allocator);
    if (!options) return VP_ERR_MEMORY;
    vp_codec *codec = NULL;
    int status = vp_options_set(options, VP_OPTION_ZSTD_LEVEL, 0);
    if (status == VP_OK) status = vp_codec_new(NULL, 0, VP_NO_PROFILE, options, &codec);
    if (status == VP_OK) status = vp_context_new(codec, &c->context);
    vp_codec_release(codec);
    vp_options_free(options);
    return status;
}

static int compare_untrained(struct comparison *c) {
    int status = VP_OK;
    for (unsigned id = 1; status == VP_OK && id < ENCODER_ID_LIMIT; id++) {
        const struct encoder *encoder = encoder_by_id(id);
        if (!encoder || !system_code_of(id) || !asked_for(c, id) || !allowed(c, encoder)) continue;
        status = add_way(c, (struct way){.encoder = encoder, .id = id});
    }
    return status;
}

int compare_ways(struct comparison *c) {
    size_t count;
    const struct encoder_trainer *const *trainers = encoder_trainers(&count);
    int status = open_context(c);
    if (status == VP_OK && !measure_alone(c)) status = VP_ERR_MEMORY;
    if (status == VP_OK) status = compare_untrained(c);
    for (size_t i = 0; status == VP_OK && i < count; i++) {
        const struct encoder *encoder = encoder_by_id(trainers[i]->id);
        for (unsigned v = 0; status == VP_OK && v < trainers[i]->variants; v++) {
            report_progress(c->trainer, encoder->name, (uint32_t)(100 + 600 * i / count));
            if (!asked_for(c, trainers[i]->id)) continue;
            if (!allowed(c, encoder) || !comparable(c, encoder) || c->way_count == WAYS_LARGEST) continue;
            status = add_way(
                c, (struct way){
                       .encoder = encoder, .trainer = trainers[i], .id = trainers[i]->id, .variant = v});
        }
    }
    return status;
}

void comparison_free(struct comparison *c) {
    for (unsigned i = 0; i < c->way_count; i++)
        if (c->ways[i].params) c->ways[i].encoder->unload(c->ways[i].params, &c->trainer->allocator);
    vp_context_free(c->context);
    arena_free(&c->arena);
}
