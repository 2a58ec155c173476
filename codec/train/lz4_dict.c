/*
 * Learns the dictionary of lz4_dict: the end of what fastCover (ZDICT) chooses, best segments last, or
 * samples, evenly spread.
 */
#include "dictionary_samples.h"
#include "encoder.h"
#include "training.h"

#define ZDICT_STATIC_LINKING_ONLY
#include <zdict.h>

enum {
    DICTIONARY_LEAST = 1024,
    TABLES_ROOM = 1024, /* ZDICT puts entropy tables before the content; lz4 has no use for them */
    SAMPLES_MOST = 4 << 20,
    SAMPLES_FEWEST = 8
};

/* lz4 indexes 4096 places, the last ones win, so a smaller dictionary may be the better one.
   k = 0: samples, evenly spread. */
struct recipe {
    unsigned k, d, capacity;
};
static const struct recipe recipes[] = {
    {1000, 6, 64 * 1024}, {0, 0, 64 * 1024}, {300, 8, 64 * 1024}, {500, 6, 16 * 1024}};

static size_t cover(const struct recipe *r, const struct flat_samples *flat, uint8_t *room) {
    ZDICT_fastCover_params_t params = {.k = r->k, .d = r->d, .f = 20, .accel = 1};
    size_t size = ZDICT_trainFromBuffer_fastCover(room, r->capacity + TABLES_ROOM, flat->bytes, flat->sizes,
                                                  (unsigned)flat->count, params);
    if (ZDICT_isError(size)) return 0;
    size_t tables = ZDICT_getDictHeaderSize(room, size);
    if (ZDICT_isError(tables)) return 0;
    size_t content = size - tables;
    if (content > r->capacity) content = r->capacity;
    memmove(room, room + size - content, content);
    return content;
}

static int learn(const struct recipe *r, const struct flat_samples *flat, uint8_t *room,
                 struct writer *section) {
    if (flat->count < SAMPLES_FEWEST || flat->total < DICTIONARY_LEAST) return VP_ERR_NO_SAMPLES;
    size_t size = r->k ? cover(r, flat, room) : spread_samples(flat, room, r->capacity);
    if (size < DICTIONARY_LEAST) return VP_ERR_NO_SAMPLES;
    put_bytes(section, room, size);
    return VP_OK;
}

static int train_lz4_dict(const struct training *t, unsigned variant, struct writer *section) {
    const struct recipe *r = &recipes[variant];
    struct flat_samples all;
    uint8_t *room = memory_alloc(&t->allocator, r->capacity + TABLES_ROOM);
    int status = VP_ERR_MEMORY;
    if (flat_samples_of(t, SAMPLES_ALL, SAMPLES_MOST, &all) && room) status = learn(r, &all, room, section);
    flat_samples_free(t, &all);
    memory_free(&t->allocator, room);
    return status;
}

const struct encoder_trainer trainer_lz4_dict = {
    .id = ENCODER_ID_lz4_dict,
    .variants = sizeof recipes / sizeof recipes[0],
    .train = train_lz4_dict,
};
