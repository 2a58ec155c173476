/* The codecs that the fuzz targets drive, made when first asked for and never freed. */
#ifndef VALPACK_FUZZ_CODECS_H
#define VALPACK_FUZZ_CODECS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "valpack.h"
#include "valpack_train.h"

enum { FUZZ_CODECS = 4, FUZZ_LIMIT = 1 << 20 };

static inline void fuzz_require(int holds) {
    if (!holds) abort();
}

/* Sample number i of a profile; different enough to learn from. At most 200 bytes. */
static inline size_t fuzz_sample(unsigned profile, unsigned i, char *out) {
    static const char *const names[] = {"alice", "bob", "carol", "dmitri", "eve", "franz", "grace"};
    unsigned n = (i + 1) * 2654435761u >> 8;
    if (profile == 1)
        return (size_t)sprintf(out, "2024-%02u-%02uT%02u:00:00Z", 1 + n % 12, 1 + n % 28, n % 24);
    size_t size = profile == 0 ? (size_t)sprintf(out, "{\"id\":%u,\"friends\":[", n)
                  : i % 4      ? (size_t)sprintf(out, "/home")
                               : (size_t)sprintf(out, "%u.%02u", n % 500, n % 100);
    for (unsigned words = n % 9; words > 0 && (profile == 0 || i % 4); words--) {
        n = n * 1103515245u + 12345;
        size += (size_t)sprintf(out + size, profile ? "/%s" : "\"%s\",", names[(n >> 16) % 7]);
    }
    return profile ? size : size + (size_t)sprintf(out + size, "0],\"ok\":%s}", n & 8 ? "true" : "false");
}

static inline vp_profile *fuzz_profile(unsigned which, uint32_t first_code, uint32_t width, uint32_t check) {
    vp_trainer *t = vp_trainer_new(NULL);
    vp_profile *profile = NULL;
    const void *file = NULL;
    char sample[200];
    fuzz_require(t && vp_trainer_set(t, VP_TRAIN_FIRST_CODE, first_code) == VP_OK);
    fuzz_require(vp_trainer_set(t, VP_TRAIN_WIDTH, width) == VP_OK &&
                 vp_trainer_set(t, VP_TRAIN_CHECK, check) == VP_OK);
    for (unsigned i = 0; i < 200; i++)
        fuzz_require(vp_trainer_add(t, sample, fuzz_sample(which, i, sample)) == VP_OK);
    int64_t size = vp_trainer_finish(t, &file);
    fuzz_require(size > 0 && vp_profile_load(file, (size_t)size, NULL, &profile) == VP_OK);
    vp_trainer_free(t);
    return profile;
}

static inline vp_context *fuzz_open(vp_profile *const *profiles, size_t count, size_t current) {
    vp_options *options = vp_options_new(NULL);
    vp_codec *codec = NULL;
    vp_context *context = NULL;
    fuzz_require(options && vp_options_set(options, VP_OPTION_MAX_DECODED, FUZZ_LIMIT) == VP_OK);
    fuzz_require(vp_options_set(options, VP_OPTION_ENCODE_INTEGERS, 1) == VP_OK);
    fuzz_require(vp_codec_new(profiles, count, current, options, &codec) == VP_OK);
    fuzz_require(vp_context_new(codec, &context) == VP_OK);
    vp_codec_release(codec);
    vp_options_free(options);
    return context;
}

/* Three profiles in one codec, each current once, and none. */
static inline vp_context *fuzz_context(unsigned which) {
    static vp_context *contexts[FUZZ_CODECS];
    if (!contexts[0]) {
        vp_profile *const profiles[] = {fuzz_profile(0, 0xB0, 16, 0), fuzz_profile(1, 0x90, 4, 1),
                                        fuzz_profile(2, 0xA0, 8, 0)};
        for (size_t i = 0; i < FUZZ_CODECS; i++)
            contexts[i] = fuzz_open(profiles, 3, i < 3 ? i : VP_NO_PROFILE);
    }
    return contexts[which % FUZZ_CODECS];
}

/* Encodes and decodes: the same value, at most one byte more, twice the same. */
static inline void fuzz_round_trip(vp_context *x, const uint8_t *value, size_t size) {
    uint8_t *encoded = malloc(size + 1);
    const void *view = NULL;
    fuzz_require(encoded != NULL);
    int64_t stored = vp_encode(x, value, size, encoded, size + 1);
    fuzz_require(stored >= 0);
    fuzz_require(vp_encode_view(x, value, size, &view) == stored &&
                 memcmp(view, encoded, (size_t)stored) == 0);
    fuzz_require(vp_decode_view(x, encoded, (size_t)stored, &view) == (int64_t)size);
    fuzz_require(size == 0 || memcmp(view, value, size) == 0);
    free(encoded);
}

#endif
