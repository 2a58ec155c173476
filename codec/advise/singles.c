/* Each encoder alone: with what it learned and all codes of a profile, or under its system code. */
#include "json.h"
#include "learn.h"
#include "techniques.h"

struct single {
    const struct technique *technique;
    unsigned id;
};

static const struct single singles[] = {{&technique_custom_base, ENCODER_ID_pack},
                                        {&technique_dictionary, ENCODER_ID_zstd_dict},
                                        {&technique_byte_dictionary, ENCODER_ID_bytedict},
                                        {&technique_delta, ENCODER_ID_delta},
                                        {&technique_mostly, ENCODER_ID_int},
                                        {&technique_run_length, ENCODER_ID_rle},
                                        {&technique_text_dictionary, ENCODER_ID_symbols},
                                        {&technique_structural_types, ENCODER_ID_typed},
                                        {&technique_model, ENCODER_ID_model}};

/* The forms in which an encoder may write a value. */
struct forms {
    struct candidate items[2];
    unsigned count;
};

/* ---- One encoder ---------------------------------------------------------------------------- */

static size_t smallest(vp_context *x, const struct forms *f, const struct value *v, size_t limit,
                       const struct candidate **winner) {
    size_t size = 0;
    for (unsigned i = 0; i < f->count; i++) {
        size_t tried = candidate_size(x, &f->items[i], v, size ? size - 1 : limit);
        if (!tried) continue;
        size = tried;
        *winner = &f->items[i];
    }
    return size;
}

/* What candidate_size() left behind, decoded again and again. */
static void decode_repeatedly(vp_context *x, const struct candidate *c, size_t size, struct writer out) {
    const struct coding coding = {
        .params = c->params, .scratch = &x->scratch, .settings = &x->codec->settings};
    const unsigned skip = 8u * c->header_size - c->bits;
    for (unsigned i = 0; i < timed_repeats(out.capacity); i++) {
        struct bit_reader in = bit_reader_over(x->tries[0].bytes, size, skip);
        struct writer again = writer_over(out.base, out.capacity);
        if (c->encoder->decode(&again, &in, &coding) != VP_OK) return;
    }
}

static bool time_record(vp_context *x, const struct candidate *c, const struct value *v, struct gain *gain) {
    struct arena work = arena_over(x->codec->allocator);
    struct writer out = writer_over(arena_array(&work, v->size + 1, 1), v->size + 1);
    size_t size = 0;
    if (!out.base) return false;
    const unsigned repeats = timed_repeats(out.capacity);
    uint64_t begin = cpu_time();
    for (unsigned i = 0; i < repeats; i++) size = candidate_size(x, c, v, v->size);
    uint64_t middle = cpu_time();
    decode_repeatedly(x, c, size, out);
    gain->decode_ns += cpu_time() - middle;
    gain->encode_ns += middle - begin;
    gain->timed += repeats;
    arena_free(&work);
    return true;
}

static int measure_single(struct learning *l, vp_context *x, const struct forms *forms,
                          const struct subset *subset, struct gain *gain) {
    const struct study *s = l->s;
    *gain = (struct gain){.values = 0};
    for (size_t i = 0; i < subset->count; i++) {
        const struct record *r = &s->records[subset->items[i]];
        const struct value v = value_of(r->value, r->value_size);
        size_t alone = v.size + header_needs_escape(v.bytes, v.size), size = 0;
        uint64_t cost = alone > v.size ? record_cost(s, r, NULL, alone) : r->cost;
        const struct candidate *winner = NULL;
        if (!r->integer && alone > 1) size = smallest(x, forms, &v, alone - 1, &winner);
        uint64_t encoded = size ? record_cost(s, r, NULL, size) : cost;
        strata_add(&gain->costs, r->value_size, r->cost, encoded < cost ? encoded : cost);
        if (encoded >= cost) continue;
        gain->values++;
        if (is_timed(s, subset, i) && !time_record(x, winner, &v, gain)) return VP_ERR_MEMORY;
    }
    return VP_OK;
}

/* ---- What was learned ----------------------------------------------------------------------- */

static bool is_kept(const struct division *d, unsigned way) {
    for (unsigned i = 0; i < d->count; i++)
        if (d->rows[i].way == way && d->rows[i].form != ROW_SYSTEM) return true;
    return false;
}

static unsigned bits_alone(const struct comparison *c, const struct way *w) {
    return w->trainer && !w->encoder->bytewise ? c->range.width_bits : 0;
}

/* The variant of an encoder that held-out samples need least with; NULL if there is none. */
static struct way *best_variant(struct comparison *c, unsigned id) {
    struct way *best = NULL;
    uint64_t least = 0;
    for (unsigned i = 0; i < c->way_count; i++) {
        struct way *w = &c->ways[i];
        if (w->id != id || !w->trainer) continue;
        const uint32_t *burdens = burdens_of(c, w, bits_alone(c, w));
        uint64_t total = 0;
        for (size_t k = 0; k < c->held_out.count; k++)
            total += burdens[k] && burdens[k] < c->alone_burdens[k] ? burdens[k] : c->alone_burdens[k];
        if (best && total >= least) continue;
        best = w;
        least = total;
    }
    return best;
}

static int add_learned(struct comparison *c, const struct division *d, struct samples all, unsigned id,
                       struct forms *forms) {
    struct way *w = best_variant(c, id);
    if (!w) return VP_OK;
    bool again = c->learn.count < all.count && !is_kept(d, (unsigned)(w - c->ways));
    int status = again ? retrain(c, w, all, UINT64_MAX) : VP_OK;
    forms->items[forms->count++] = (struct candidate){.encoder = w->encoder,
                                                      .params = w->params,
                                                      .id = (uint8_t)id,
                                                      .header = {HEADER_PROFILE_FIRST},
                                                      .header_size = 1,
                                                      .bits = (uint8_t)bits_alone(c, w)};
    return status;
}

static void add_untrained(unsigned id, struct forms *forms) {
    if (!system_code_of(id)) return;
    forms->items[forms->count++] = (struct candidate){.encoder = encoder_by_id(id),
                                                      .id = (uint8_t)id,
                                                      .header = {(uint8_t)system_code_of(id)},
                                                      .header_size = 1};
}

/* ---- Rows ----------------------------------------------------------------------------------- */

static void describe_single(struct advice_row *row, unsigned id, bool learned) {
    struct writer how = row_text(row->how);
    if (learned) {
        put_text(&how, "valpack train --target string --encoders ");
        put_text(&how, encoder_by_id(id)->name);
        put_text(&how, " SAMPLES, then vp_encode() before SET and vp_decode() after GET with "
                       "VP_OPTION_TARGET string and "
                       "VP_OPTION_ENCODERS of the same one");
    } else {
        put_text(&how, "vp_encode() without a profile, VP_OPTION_TARGET string, VP_OPTION_ENCODERS ");
        put_text(&how, encoder_by_id(id)->name);
        put_text(&how, " alone");
    }
}

static int advise_compression(struct learning *l, vp_context *x) {
    static const unsigned ids[] = {ENCODER_ID_zstd, ENCODER_ID_lz4};
    struct gain best = {.values = 0};
    uint64_t least = 0;
    unsigned winner = 0;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        struct forms forms = {.count = 0};
        struct gain gain;
        add_untrained(ids[i], &forms);
        int status = measure_single(l, x, &forms, &l->any, &gain);
        if (status != VP_OK) return status;
        uint64_t cost = strata_scale(&gain.costs, l->s->cost_by_size);
        if (winner && cost >= least) continue;
        least = cost;
        best = gain;
        winner = ids[i];
    }
    struct advice_row *row = add_gain(l->s, &technique_compression, &l->any, &best);
    struct writer w = row_text(row->parameters);
    put_json_string(&w, "encoder", encoder_by_id(winner)->name);
    describe_single(row, winner, false);
    return VP_OK;
}

static int advise_all(struct learning *l, vp_context *x, struct comparison *c, const struct division *d,
                      struct samples all) {
    int status = advise_compression(l, x);
    for (size_t i = 0; status == VP_OK && i < sizeof singles / sizeof singles[0]; i++) {
        struct forms forms = {.count = 0};
        struct gain gain;
        if (c) status = add_learned(c, d, all, singles[i].id, &forms);
        bool learned = forms.count > 0;
        add_untrained(singles[i].id, &forms);
        if (status != VP_OK || !forms.count) continue;
        const struct subset *subset = learned ? &l->measured : &l->any;
        status = measure_single(l, x, &forms, subset, &gain);
        if (status == VP_OK)
            describe_single(add_gain(l->s, singles[i].technique, subset, &gain), singles[i].id, learned);
    }
    return status;
}

int advise_singles(struct learning *l, struct comparison *c, const struct division *d, struct samples all) {
    struct learning plain = {.s = l->s};
    vp_context *x = NULL;
    int status = open_encoding(&plain, VP_TARGET_BYTES, &x);
    if (status == VP_OK) status = advise_all(l, x, c, d, all);
    vp_context_free(x);
    return status;
}
