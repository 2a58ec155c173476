#include "codec.h"

/* The order in which the untrained encoders are tried without a profile: the cheap and exact ones
   first; lz4 before zstd, which must beat it by a margin. */
static const uint8_t untrained_order[] = {ENCODER_ID_int,   ENCODER_ID_typed, ENCODER_ID_pack,
                                          ENCODER_ID_delta, ENCODER_ID_rle,   ENCODER_ID_msgpack,
                                          ENCODER_ID_lz4,   ENCODER_ID_zstd};

static const uint8_t fallback_order[CODEC_FALLBACKS] = {ENCODER_ID_lz4, ENCODER_ID_zstd};

struct settings settings_default(void) {
    return (struct settings){.max_decoded = (uint64_t)512 << 20,
                             .preset = VP_PRESET_SMALL,
                             .lz4_margin = 15,
                             .encoders = UINT32_MAX,
                             .target = target_default()};
}

static bool is_allowed(const vp_codec *c, const struct candidate *candidate) {
    if (!(c->settings.encoders >> candidate->id & 1)) return false;
    return c->settings.preset != VP_PRESET_FAST || candidate->encoder->fast;
}

static void add_candidate(vp_codec *c, struct candidate candidate) {
    if (is_allowed(c, &candidate) && c->candidate_count < CODEC_CANDIDATES)
        c->candidates[c->candidate_count++] = candidate;
}

static struct candidate system_candidate(unsigned id) {
    return (struct candidate){.encoder = encoder_by_id(id),
                              .id = (uint8_t)id,
                              .header = {(uint8_t)system_code_of(id)},
                              .header_size = 1};
}

static struct candidate row_candidate(const vp_profile *p, const struct profile_row *row) {
    struct candidate c = {.encoder = row->encoder,
                          .params = row->params,
                          .id = row->id,
                          .enough = row->enough,
                          .check = (uint8_t)p->check};
    if (row->form == ROW_CODES) {
        c.header[0] = (uint8_t)(p->first_code + row->offset);
        c.header_size = 1;
        c.bits = row->bits;
    } else {
        c.header[0] = HEADER_EXTENDED;
        c.header[1] = row->id;
        c.header[2] = (uint8_t)p->first_code;
        c.header_size = 3;
    }
    return c;
}

static bool has_candidate(const vp_codec *c, unsigned id) {
    for (unsigned i = 0; i < c->candidate_count; i++)
        if (c->candidates[i].id == id) return true;
    return false;
}

/* What is usual for a profile: 4 times the average size of the values held out in training, and 9/8 of
   the part of it that they need. */
static void learn_usual(vp_codec *c, const struct provenance *seen) {
    const uint64_t raw = seen->held_out_raw, encoded = seen->held_out_encoded;
    if (!seen->held_out_values || !raw || raw > UINT64_MAX / 288 || encoded > raw) return;
    c->usual_size = raw * 4 / seen->held_out_values;
    c->usual_part = (unsigned)(encoded * 288 / raw);
}

/* Those that a profile has no row for. */
static void build_fallbacks(vp_codec *c) {
    for (unsigned i = 0; i < CODEC_FALLBACKS; i++) {
        struct candidate candidate = system_candidate(fallback_order[i]);
        if (is_allowed(c, &candidate) && !has_candidate(c, candidate.id))
            c->fallbacks[c->fallback_count++] = candidate;
    }
}

static void build_candidates(vp_codec *c) {
    c->margin = 1;
    if (c->current == VP_NO_PROFILE) {
        for (size_t i = 0; i < sizeof untrained_order; i++)
            add_candidate(c, system_candidate(untrained_order[i]));
        return;
    }
    const vp_profile *p = c->profiles[c->current];
    if (!target_counts_memory(&c->settings.target)) c->margin = p->margin; /* bytes mean nothing there */
    learn_usual(c, &p->provenance);
    for (unsigned i = 0; i < p->row_count; i++) {
        const struct profile_row *row = &p->rows[i];
        struct candidate candidate =
            row->form == ROW_SYSTEM ? system_candidate(row->id) : row_candidate(p, row);
        candidate.enough = row->enough;
        add_candidate(c, candidate);
    }
}

/* Writes the owners of the codes; false if two claim one. */
static bool settle_owners(vp_codec *c) {
    for (size_t i = 0; i < c->profile_count; i++) {
        const vp_profile *p = c->profiles[i];
        for (unsigned code = p->first_code; profile_owns(p, code); code++) {
            if (c->owners[code - HEADER_PROFILE_FIRST] || codec_hands_back(c, code)) return false;
            c->owners[code - HEADER_PROFILE_FIRST] = (uint8_t)(i + 1);
        }
    }
    return true;
}

static void codec_free(vp_codec *c) {
    for (size_t i = 0; i < c->profile_count; i++) vp_profile_release(c->profiles[i]);
    vp_allocator allocator = c->allocator;
    memory_free(&allocator, c);
}

static int codec_build(const struct vp_options *options, vp_profile *const *profiles, size_t count,
                       size_t current, vp_codec **codec) {
    vp_codec *c = memory_zeroed(&options->allocator, sizeof *c);
    if (!c) return VP_ERR_MEMORY;
    c->allocator = options->allocator;
    atomic_init(&c->references, 1);
    c->settings = options->settings;
    c->handed_back = options->handed_back;
    c->profile_count = count;
    c->current = current;
    for (size_t i = 0; i < count; i++) c->profiles[i] = vp_profile_retain(profiles[i]);
    if (!settle_owners(c)) {
        codec_free(c);
        return VP_ERR_OVERLAP;
    }
    build_candidates(c);
    build_fallbacks(c);
    *codec = c;
    return VP_OK;
}

int vp_codec_new(vp_profile *const *profiles, size_t count, size_t current, const vp_options *options,
                 vp_codec **codec) {
    if (!codec) return VP_ERR_ARGUMENT;
    *codec = NULL;
    if ((count && !profiles) || (current != VP_NO_PROFILE && current >= count)) return VP_ERR_ARGUMENT;
    for (size_t i = 0; i < count; i++)
        if (!profiles[i]) return VP_ERR_ARGUMENT;
    if (count > CODEC_PROFILES) return VP_ERR_OVERLAP; /* there are no more codes than that */
    const struct vp_options defaults = {.allocator = memory_default(), .settings = settings_default()};
    return codec_build(options ? options : &defaults, profiles, count, current, codec);
}

int vp_codec_with(const vp_codec *codec, vp_profile *profile, vp_codec **next) {
    if (!next) return VP_ERR_ARGUMENT;
    *next = NULL;
    if (!codec || !profile) return VP_ERR_ARGUMENT;
    vp_profile *profiles[CODEC_PROFILES + 1];
    size_t count = codec->profile_count, current = count;
    for (size_t i = 0; i < count; i++) {
        profiles[i] = codec->profiles[i];
        if (profiles[i]->fingerprint == profile->fingerprint &&
            profiles[i]->first_code == profile->first_code)
            current = i;
    }
    if (current == count) profiles[count++] = profile;
    if (count > CODEC_PROFILES) return VP_ERR_OVERLAP;
    const struct vp_options options = {
        .allocator = codec->allocator, .settings = codec->settings, .handed_back = codec->handed_back};
    return codec_build(&options, profiles, count, current, next);
}

vp_codec *vp_codec_retain(vp_codec *codec) {
    if (codec) atomic_fetch_add_explicit(&codec->references, 1, memory_order_relaxed);
    return codec;
}

void vp_codec_release(vp_codec *codec) {
    if (codec && atomic_fetch_sub_explicit(&codec->references, 1, memory_order_acq_rel) == 1)
        codec_free(codec);
}
