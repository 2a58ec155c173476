/* A codec: profiles, options, who owns each first byte, and the candidates for writing. Immutable. */
#ifndef VALPACK_CODEC_H
#define VALPACK_CODEC_H

#include "header.h"
#include "profile.h"

struct vp_options {
    vp_allocator allocator;
    struct settings settings;
    uint64_t handed_back; /* bit i: first byte 0x80 + i is handed back untouched */
};

/* One way of writing a value: an encoder, its parameters and the header it stands behind. */
struct candidate {
    const struct encoder *encoder;
    const void *params;
    uint8_t id;
    uint8_t header[HEADER_LARGEST], header_size;
    uint8_t bits;   /* free low bits of the last header byte */
    uint8_t enough; /* as in struct profile_row */
    uint8_t check;  /* check bytes after the payload */
};

enum {
    CODEC_CANDIDATES = PROFILE_ROWS + ENCODER_ID_LIMIT,
    CODEC_FALLBACKS = 2,
    CODEC_CODES = 64,
    CODEC_PROFILES = 64
};

struct vp_codec {
    vp_allocator allocator;
    atomic_size_t references;
    struct settings settings;
    uint64_t handed_back;
    vp_profile *profiles[CODEC_PROFILES];
    size_t profile_count, current;
    uint8_t owners[CODEC_CODES]; /* by first byte - 0x80: index of a profile + 1; 0 = nobody */
    struct candidate candidates[CODEC_CANDIDATES];
    unsigned candidate_count;
    struct candidate fallbacks[CODEC_FALLBACKS]; /* for long values unlike the samples of a profile */
    unsigned fallback_count;
    uint64_t usual_size; /* values up to this size that need at most this part of it (1/256) are */
    unsigned usual_part; /* as those held out in training; zeros without any */
    size_t margin;       /* bytes that an encoding must save */
};

/* The profile that owns a first byte 0x80..0xBF, or NULL. */
static inline const vp_profile *codec_owner(const vp_codec *c, unsigned code) {
    unsigned owner = c->owners[code - HEADER_PROFILE_FIRST];
    return owner ? c->profiles[owner - 1] : NULL;
}

static inline bool codec_hands_back(const vp_codec *c, unsigned code) {
    return c->handed_back >> (code - HEADER_PROFILE_FIRST) & 1;
}

struct settings settings_default(void);

#endif
