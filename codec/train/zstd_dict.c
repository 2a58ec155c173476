/*
 * Learns the dictionary of zstd_dict: content chosen by fastCover (ZDICT) or evenly spread samples,
 * and the entropy tables that ZDICT computes for it. How much effort encoding is worth is measured
 * on every fourth sample with a dictionary made of the others.
 *
 * The recipes below were chosen, by what they gave on values not trained on, from k = 250 .. 3000, d = 6
 * and 8 and spread samples over 42 sets of JSON, HTML, logs and sessions. ZDICT's own search for k takes
 * three to five times as long as one recipe; at level 3 k = 1000, d = 8 gave 10 % fewer bytes than it.
 */
#include "dictionary_samples.h"
#include "encoder.h"
#include "training.h"

#define ZDICT_STATIC_LINKING_ONLY
#include <zdict.h>
#include <zstd.h>

enum {
    DICTIONARY_CAPACITY = 112 * 1024 - 1, /* what the encoder accepts, less the byte of effort */
    DICTIONARY_LEAST = 1024,
    SAMPLES_MOST = 4 << 20, /* bytes learned from */
    SAMPLES_MEASURED = 1 << 19,
    SAMPLES_FEWEST = 8,
    EFFORT_UNMEASURED = 32 + 4,
    TABLES_LEVEL = 3 /* for computing entropy tables; higher levels give no better ones */
};

/* Segments of k bytes that share d-byte strings with many samples; k = 0: samples, evenly spread. */
struct recipe {
    unsigned k, d, capacity;
};
static const struct recipe recipes[] = {
    {3000, 6, DICTIONARY_CAPACITY}, {0, 0, DICTIONARY_CAPACITY},    {1000, 8, DICTIONARY_CAPACITY},
    {3000, 6, 32 * 1024},           {1000, 6, DICTIONARY_CAPACITY},
};

/* What encoding may cost. Twice the time must save 5 %: `price` is bytes weighted so, in 1/1000, for
   1.9, 2.2 and 2.6 times the time of level 3, on the high side of the means measured (1.8 to 2.1; on
   values of several KB 3 to 4). */
struct effort {
    unsigned code, price;
};
static const struct effort efforts[] = {{3, 1000}, {32 + 3, 1047}, {32 + 4, 1058}, {32 + 5, 1071}};

/* Content without tables; 0 if it would be taken for a dictionary that begins with tables. */
static size_t raw_content(const struct flat_samples *flat, uint8_t *dictionary, size_t capacity) {
    size_t size = spread_samples(flat, dictionary, capacity);
    return size >= DICTIONARY_LEAST && load_le32(dictionary) != ZSTD_MAGIC_DICTIONARY ? size : 0;
}

static size_t spread_with_tables(const struct training *t, const struct flat_samples *flat,
                                 uint8_t *dictionary, size_t capacity) {
    uint8_t *content = memory_alloc(&t->allocator, capacity);
    if (!content) return 0;
    size_t size = spread_samples(flat, content, capacity);
    ZDICT_params_t params = {.compressionLevel = TABLES_LEVEL};
    size_t made = ZDICT_finalizeDictionary(dictionary, capacity, content, size, flat->bytes, flat->sizes,
                                           (unsigned)flat->count, params);
    memory_free(&t->allocator, content);
    /* ZDICT gives up on some sets of samples: https://github.com/facebook/zstd/issues/1735 */
    return ZDICT_isError(made) ? raw_content(flat, dictionary, capacity) : made;
}

/* The size of the dictionary, 0 if there is nothing to learn or no memory for it. */
static size_t learn(const struct training *t, const struct recipe *r, const struct flat_samples *flat,
                    uint8_t *dictionary) {
    if (flat->count < SAMPLES_FEWEST || flat->total < DICTIONARY_LEAST) return 0;
    if (r->k == 0) return spread_with_tables(t, flat, dictionary, r->capacity);
    ZDICT_fastCover_params_t params = {.k = r->k, .d = r->d, .f = 20, .accel = 1};
    params.zParams.compressionLevel = TABLES_LEVEL;
    size_t made = ZDICT_trainFromBuffer_fastCover(dictionary, r->capacity, flat->bytes, flat->sizes,
                                                  (unsigned)flat->count, params);
    return ZDICT_isError(made) ? 0 : made;
}

/* Bytes that the samples take, encoded with this section; UINT64_MAX when it can't be loaded. */
static uint64_t encoded_bytes(const struct training *t, const uint8_t *section, size_t size,
                              const struct flat_samples *measured) {
    const struct encoder *zstd_dict = encoder_by_id(ENCODER_ID_zstd_dict);
    struct loading l = {.allocator = t->allocator, .status = VP_OK};
    struct reader r = reader_over(section, size);
    void *params = zstd_dict->load(&r, &l);
    if (!params) return UINT64_MAX;
    struct scratch scratch;
    scratch_init(&scratch, t->allocator);
    struct settings settings = {.max_decoded = SIZE_MAX};
    struct coding c = {.params = params, .scratch = &scratch, .settings = &settings};
    uint64_t total = 0;
    const uint8_t *at = measured->bytes;
    for (size_t i = 0; i < measured->count; at += measured->sizes[i++]) {
        struct value v = value_of(at, measured->sizes[i]);
        struct bit_writer w = {.out = writer_over(NULL, v.size)};
        total += zstd_dict->encode(&w, &v, &c) && !w.out.full ? w.out.length + 1 : v.size;
    }
    scratch_free(&scratch);
    zstd_dict->unload(params, &t->allocator);
    return total;
}

/* The effort with the lowest price for the samples held back. */
static unsigned cheapest_effort(const struct training *t, uint8_t *section, size_t size,
                                const struct flat_samples *measured) {
    unsigned best = 0;
    uint64_t lowest = UINT64_MAX;
    for (size_t i = 0; i < sizeof efforts / sizeof efforts[0]; i++) {
        section[0] = (uint8_t)efforts[i].code;
        uint64_t bytes = encoded_bytes(t, section, size, measured);
        uint64_t price = bytes == UINT64_MAX ? bytes : bytes * efforts[i].price;
        if (price < lowest) {
            lowest = price;
            best = efforts[i].code;
        }
    }
    return best ? best : EFFORT_UNMEASURED;
}

static unsigned measured_effort(const struct training *t, const struct recipe *r, uint8_t *section) {
    if (t->zstd_level) return (unsigned)t->zstd_level;
    struct flat_samples learned, measured = {0};
    unsigned effort = EFFORT_UNMEASURED;
    if (flat_samples_of(t, SAMPLES_LEARN, SAMPLES_MOST, &learned) &&
        flat_samples_of(t, SAMPLES_MEASURE, SAMPLES_MEASURED, &measured)) {
        size_t size = learn(t, r, &learned, section + 1);
        if (size) effort = cheapest_effort(t, section, size + 1, &measured);
    }
    flat_samples_free(t, &learned);
    flat_samples_free(t, &measured);
    return effort;
}

static int train_with(const struct training *t, const struct recipe *r, uint8_t *section,
                      struct writer *out) {
    struct flat_samples all;
    size_t size = 0;
    bool flattened = flat_samples_of(t, SAMPLES_ALL, SAMPLES_MOST, &all);
    if (flattened && all.count >= SAMPLES_FEWEST) {
        unsigned effort = measured_effort(t, r, section);
        size = learn(t, r, &all, section + 1);
        section[0] = (uint8_t)effort;
    }
    flat_samples_free(t, &all);
    if (!flattened) return VP_ERR_MEMORY;
    if (size == 0) return VP_ERR_NO_SAMPLES;
    put_bytes(out, section, size + 1);
    return VP_OK;
}

static int train_zstd_dict(const struct training *t, unsigned variant, struct writer *out) {
    uint8_t *section = memory_alloc(&t->allocator, 1 + DICTIONARY_CAPACITY);
    if (!section) return VP_ERR_MEMORY;
    int status = train_with(t, &recipes[variant], section, out);
    memory_free(&t->allocator, section);
    return status;
}

const struct encoder_trainer trainer_zstd_dict = {
    .id = ENCODER_ID_zstd_dict,
    .variants = sizeof recipes / sizeof recipes[0],
    .train = train_zstd_dict,
};
