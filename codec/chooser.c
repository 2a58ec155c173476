#include "chooser.h"

#include "decoder.h"

#include <xxhash.h>

enum {
    LZ4_PREFERRED_FROM = 4096,
    FALLBACK_FROM = 256, /* bytes of a value */
    FALLBACK_ABOVE = 85  /* 1/256 of them: a third */
};

static void put_check(struct writer *w, const struct value *v, unsigned check) {
    if (check == 0) return;
    uint8_t hash[8];
    store_le64(hash, XXH64(v->bytes, v->size, 0));
    put_bytes(w, hash, check);
}

/* Header, payload and check bytes. false: not representable, or full. */
static bool write_candidate(vp_context *x, const struct candidate *c, const struct value *v,
                            struct writer *out) {
    if (!c->encoder->fits(v, c->params)) return false;
    struct coding coding = {.params = c->params, .scratch = &x->scratch, .settings = &x->codec->settings};
    struct bit_writer w = {.out = *out};
    put_bytes(&w.out, c->header, c->header_size - 1u);
    put_bits(&w, c->header[c->header_size - 1] >> c->bits, 8u - c->bits);
    if (w.out.full || !c->encoder->encode(&w, v, &coding) || w.out.full) return false;
    put_padding(&w);
    put_check(&w.out, v, c->check);
    *out = w.out;
    return !w.out.full;
}

size_t candidate_size(vp_context *x, const struct candidate *candidate, const struct value *v, size_t limit) {
    if (!buffer_grow(&x->codec->allocator, &x->tries[0], limit, 0)) return 0;
    struct writer out = writer_over(x->tries[0].bytes, limit);
    return write_candidate(x, candidate, v, &out) ? out.length : 0;
}

/* What an encoding may have to be kept. */
struct aim {
    size_t size;   /* bytes */
    uint64_t cost; /* under the context's target */
};

/* What a candidate may cost to be kept, given the best so far. From 4 KiB up lz4, which decodes several
   times faster, is preferred to zstd without a dictionary by a margin. */
static uint64_t cost_to_keep(const vp_codec *c, const struct candidate *candidate, const struct stored *best,
                             const struct aim *aim) {
    const uint64_t cost = best->cost, percent = 100 + c->settings.lz4_margin;
    if (!best->bytes) return aim->cost;
    bool large = aim->size >= LZ4_PREFERRED_FROM;
    if (large && best->encoder_id == ENCODER_ID_lz4 && candidate->id == ENCODER_ID_zstd)
        return cost * 100 / percent;
    if (large && best->encoder_id == ENCODER_ID_zstd && candidate->id == ENCODER_ID_lz4)
        return cost * percent / 100 < aim->cost ? cost * percent / 100 : aim->cost;
    return cost - 1;
}

/* Has an encoding been found that needs at most this part of the value, in 1/256? */
static bool is_within(const struct stored *best, const struct value *v, unsigned part) {
    return best->bytes && best->size <= v->size / 256 * part + v->size % 256 * part / 256;
}

/* Tries a candidate, and keeps its encoding in `best` if that is smaller. */
static bool try_for_bytes(vp_context *x, const struct candidate *c, const struct value *v,
                          const struct aim *aim, struct stored *best) {
    struct buffer *free_one = &x->tries[best->bytes == x->tries[0].bytes];
    struct writer out = writer_over(free_one->bytes, (size_t)cost_to_keep(x->codec, c, best, aim));
    if (!write_candidate(x, c, v, &out)) return false;
    *best = (struct stored){.bytes = out.base, .size = out.length, .encoder_id = c->id, .cost = out.length};
    return true;
}

/* The same for memory, which need not grow with the size, so that all the room is given. What takes as
   much as the best so far is kept if it is smaller. */
static bool try_for_memory(vp_context *x, const struct candidate *c, const struct value *v,
                           const struct aim *aim, struct stored *best) {
    const uint64_t most = cost_to_keep(x->codec, c, best, aim);
    struct buffer *free_one = &x->tries[best->bytes == x->tries[0].bytes];
    struct writer out = writer_over(free_one->bytes, aim->size);
    if (!write_candidate(x, c, v, &out)) return false;
    const uint64_t cost = target_cost(&x->target, NULL, out.length);
    const bool smaller = best->bytes && cost == best->cost && cost == most + 1 && out.length < best->size;
    if (cost > most && !smaller) return false;
    *best = (struct stored){.bytes = out.base, .size = out.length, .encoder_id = c->id, .cost = cost};
    return true;
}

static bool try_candidate(vp_context *x, const struct candidate *c, const struct value *v,
                          const struct aim *aim, struct stored *best) {
    if (target_counts_memory(&x->target)) return try_for_memory(x, c, v, aim, best);
    return try_for_bytes(x, c, v, aim, best);
}

/* The rows of a profile were chosen for values like its samples, whose sizes and savings the profile
   tells. A long value that they do not make small is likely unlike those. */
static bool is_unlike_samples(const vp_codec *codec, const struct stored *best, const struct value *v) {
    unsigned part = FALLBACK_ABOVE;
    if (v->size <= codec->usual_size && codec->usual_part > part) part = codec->usual_part;
    return v->size >= FALLBACK_FROM && !is_within(best, v, part);
}

/* Tries the candidates in order, and then, when nothing made a long value small, lz4 and zstd without a
   dictionary, which suit any long value. */
static struct stored try_candidates(vp_context *x, const struct value *v, const struct aim *aim) {
    const vp_codec *codec = x->codec;
    struct stored best = {.bytes = NULL};
    for (unsigned i = 0; i < codec->candidate_count; i++) {
        const struct candidate *c = &codec->candidates[i];
        if (try_candidate(x, c, v, aim, &best) && c->enough && is_within(&best, v, c->enough)) break;
    }
    if (!is_unlike_samples(codec, &best, v)) return best;
    for (unsigned i = 0; i < codec->fallback_count; i++)
        try_candidate(x, &codec->fallbacks[i], v, aim, &best);
    return best;
}

static bool reads_back(vp_context *x, const struct value *v, const struct stored *s) {
    int64_t size = decode_growing(x, reader_over(s->bytes, s->size), &x->checked, 0);
    return size >= 0 && (uint64_t)size == v->size && memcmp(x->checked.bytes, v->bytes, v->size) == 0;
}

static int leave_alone(vp_context *x, const struct value *v, struct stored *result) {
    *result = (struct stored){.bytes = v->bytes, .size = v->size};
    if (!header_needs_escape(v->bytes, v->size)) return VP_OK;
    x->tries[0].bytes[0] = HEADER_ESCAPE;
    memcpy(x->tries[0].bytes + 1, v->bytes, v->size);
    *result = (struct stored){.bytes = x->tries[0].bytes, .size = v->size + 1};
    return VP_OK;
}

/* An encoding must save bytes under every target, so that it fits where the value does. */
static struct aim aim_for(const vp_context *x, const struct value *v, size_t alone) {
    const size_t size = alone - x->codec->margin;
    if (!target_counts_memory(&x->target)) return (struct aim){.size = size, .cost = size};
    const uint8_t *raw = alone == v->size ? v->bytes : NULL; /* behind an escape there is no integer */
    return (struct aim){.size = size, .cost = target_cost(&x->target, raw, alone) - 1};
}

int choose(vp_context *x, const void *value, size_t size, struct stored *result) {
    const vp_codec *codec = x->codec;
    const struct settings *settings = &codec->settings;
    if (size > settings->max_decoded) return VP_ERR_LIMIT;
    for (unsigned i = 0; i < 2; i++)
        if (!buffer_grow(&codec->allocator, &x->tries[i], size + 1, 0)) return VP_ERR_MEMORY;
    const struct value v = value_of(value, size);
    size_t alone = size + header_needs_escape(v.bytes, size);
    bool keep = v.canonical_integer && target_keeps_integer(&x->target, &v, settings->encode_integers);
    if (settings->write_raw || keep || alone <= codec->margin) return leave_alone(x, &v, result);
    const struct aim aim = aim_for(x, &v, alone);
    struct stored best = try_candidates(x, &v, &aim);
    if (!best.bytes || (settings->verify && !reads_back(x, &v, &best))) return leave_alone(x, &v, result);
    *result = best;
    return VP_OK;
}
