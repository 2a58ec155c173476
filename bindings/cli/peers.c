/*
 * The compressors that valpack is compared with, each used the fastest way its API has for many
 * short values: states are made once, dictionaries are digested once, frames carry no size, no
 * dictionary id and no checksum.
 */
#include <lz4.h>
#include <stdlib.h>
#include <string.h>
#include <zdict.h>
#define ZLIB_CONST /* input pointers are const */
#include <zlib.h>
#include <zstd.h>

#include "engine.h"
#include "value_set.h"

enum {
    ZSTD_DICTIONARY_BYTES = 110 << 10, /* the size that zstd's own tool trains by default */
    LZ4_DICTIONARY_BYTES = 64 << 10,   /* lz4 reaches no further back */
    DEFLATE_DICTIONARY_BYTES = 32 << 10,
    MOST_TRAINING_BYTES = 32 << 20,
    ZSTD_LEVEL = 3,
    ZSTD_HIGH_LEVEL = 19,
    DEFLATE_LEVEL = 9
};

/* ---- zstd ----------------------------------------------------------------------------------- */

struct zstd_state {
    ZSTD_CCtx *writer;
    ZSTD_DCtx *reader;
    ZSTD_CDict *writer_dictionary;
    ZSTD_DDict *reader_dictionary;
};

static size_t zstd_encode(void *state, struct span value, uint8_t *out, size_t capacity) {
    struct zstd_state *zstd = state;
    size_t size = ZSTD_compress2(zstd->writer, out, capacity, value.data, value.size);
    return ZSTD_isError(size) ? ENGINE_FAILED : size;
}

static size_t zstd_decode(void *state, struct span data, uint8_t *out, size_t capacity) {
    struct zstd_state *zstd = state;
    size_t size = ZSTD_decompress_usingDDict(zstd->reader, out, capacity, data.data, data.size,
                                             zstd->reader_dictionary);
    return ZSTD_isError(size) ? ENGINE_FAILED : size;
}

static void zstd_free(void *state) {
    struct zstd_state *zstd = state;
    ZSTD_freeCCtx(zstd->writer);
    ZSTD_freeDCtx(zstd->reader);
    ZSTD_freeCDict(zstd->writer_dictionary);
    ZSTD_freeDDict(zstd->reader_dictionary);
    free(zstd);
}

static bool set_up_zstd(struct zstd_state *zstd, int level, const struct span *dictionary) {
    zstd->writer = ZSTD_createCCtx();
    zstd->reader = ZSTD_createDCtx();
    if (!zstd->writer || !zstd->reader) return false;
    ZSTD_CCtx_setParameter(zstd->writer, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(zstd->writer, ZSTD_c_contentSizeFlag, 0);
    ZSTD_CCtx_setParameter(zstd->writer, ZSTD_c_dictIDFlag, 0);
    if (!dictionary) return true;
    zstd->writer_dictionary = ZSTD_createCDict(dictionary->data, dictionary->size, level);
    zstd->reader_dictionary = ZSTD_createDDict(dictionary->data, dictionary->size);
    return zstd->writer_dictionary && zstd->reader_dictionary &&
           !ZSTD_isError(ZSTD_CCtx_refCDict(zstd->writer, zstd->writer_dictionary));
}

static bool open_zstd(struct engine *engine, const char *name, int level, const struct span *dictionary) {
    struct zstd_state *zstd = calloc(1, sizeof *zstd);
    if (!zstd) return false;
    *engine = (struct engine){name, zstd, zstd_encode, zstd_decode, ZSTD_compressBound, zstd_free};
    return set_up_zstd(zstd, level, dictionary);
}

/* ---- lz4 ------------------------------------------------------------------------------------ */

struct lz4_state {
    LZ4_stream_t *loaded;  /* the dictionary, digested */
    LZ4_stream_t *working; /* a copy of it for each value; liblz4 1.9 has no public attaching */
    struct span dictionary;
};

static size_t lz4_encode(void *state, struct span value, uint8_t *out, size_t capacity) {
    struct lz4_state *lz4 = state;
    const char *from = (const char *)value.data;
    int size;
    if (lz4->loaded) {
        *lz4->working = *lz4->loaded;
        size = LZ4_compress_fast_continue(lz4->working, from, (char *)out, (int)value.size, (int)capacity, 1);
    } else {
        size = LZ4_compress_default(from, (char *)out, (int)value.size, (int)capacity);
    }
    return size > 0 ? (size_t)size : ENGINE_FAILED;
}

static size_t lz4_decode(void *state, struct span data, uint8_t *out, size_t capacity) {
    struct lz4_state *lz4 = state;
    int size =
        LZ4_decompress_safe_usingDict((const char *)data.data, (char *)out, (int)data.size, (int)capacity,
                                      (const char *)lz4->dictionary.data, (int)lz4->dictionary.size);
    return size >= 0 ? (size_t)size : ENGINE_FAILED;
}

static size_t lz4_bound(size_t size) {
    return (size_t)LZ4_COMPRESSBOUND(size);
}

static void lz4_free(void *state) {
    struct lz4_state *lz4 = state;
    LZ4_freeStream(lz4->loaded);
    LZ4_freeStream(lz4->working);
    free(lz4);
}

/* The end of a dictionary is its best part: zstd's trainer puts the commonest pieces there. */
static struct span last_bytes(struct span dictionary, size_t size) {
    if (dictionary.size <= size) return dictionary;
    return (struct span){dictionary.data + dictionary.size - size, size};
}

static bool set_up_lz4(struct lz4_state *lz4, struct span dictionary) {
    lz4->dictionary = last_bytes(dictionary, LZ4_DICTIONARY_BYTES);
    lz4->loaded = LZ4_createStream();
    lz4->working = LZ4_createStream();
    if (!lz4->loaded || !lz4->working) return false;
    LZ4_loadDict(lz4->loaded, (const char *)lz4->dictionary.data, (int)lz4->dictionary.size);
    return true;
}

static bool open_lz4(struct engine *engine, const char *name, const struct span *dictionary) {
    struct lz4_state *lz4 = calloc(1, sizeof *lz4);
    if (!lz4) return false;
    *engine = (struct engine){name, lz4, lz4_encode, lz4_decode, lz4_bound, lz4_free};
    return dictionary ? set_up_lz4(lz4, *dictionary) : true;
}

/* ---- deflate -------------------------------------------------------------------------------- */

struct deflate_state {
    z_stream writer, reader;
    struct span dictionary;
};

static size_t deflate_encode(void *state, struct span value, uint8_t *out, size_t capacity) {
    struct deflate_state *deflater = state;
    z_stream *stream = &deflater->writer;
    deflateReset(stream);
    deflateSetDictionary(stream, deflater->dictionary.data, (uInt)deflater->dictionary.size);
    stream->next_in = value.data;
    stream->avail_in = (uInt)value.size;
    stream->next_out = out;
    stream->avail_out = (uInt)capacity;
    return deflate(stream, Z_FINISH) == Z_STREAM_END ? capacity - stream->avail_out : ENGINE_FAILED;
}

static size_t deflate_decode(void *state, struct span data, uint8_t *out, size_t capacity) {
    struct deflate_state *deflater = state;
    z_stream *stream = &deflater->reader;
    inflateReset(stream);
    inflateSetDictionary(stream, deflater->dictionary.data, (uInt)deflater->dictionary.size);
    stream->next_in = data.data;
    stream->avail_in = (uInt)data.size;
    stream->next_out = out;
    stream->avail_out = (uInt)capacity;
    return inflate(stream, Z_FINISH) == Z_STREAM_END ? capacity - stream->avail_out : ENGINE_FAILED;
}

/* compressBound() is for one-shot use; with a dictionary a little more may be needed. */
static size_t deflate_bound(size_t size) {
    return (size_t)compressBound((uLong)size) + 64;
}

static void deflate_free(void *state) {
    struct deflate_state *deflater = state;
    deflateEnd(&deflater->writer);
    inflateEnd(&deflater->reader);
    free(deflater);
}

static bool open_deflate(struct engine *engine, const char *name, const struct span *dictionary) {
    struct deflate_state *deflater = calloc(1, sizeof *deflater);
    if (!deflater) return false;
    *engine = (struct engine){name, deflater, deflate_encode, deflate_decode, deflate_bound, deflate_free};
    deflater->dictionary = last_bytes(*dictionary, DEFLATE_DICTIONARY_BYTES);
    return deflateInit2(&deflater->writer, DEFLATE_LEVEL, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL,
                        Z_DEFAULT_STRATEGY) == Z_OK &&
           inflateInit2(&deflater->reader, -MAX_WBITS) == Z_OK;
}

/* ---- all of them ---------------------------------------------------------------------------- */

/* Counts the engine even when it is only half open, so that it will be closed. */
static struct engine *next_engine(struct peers *peers) {
    return &peers->engines[peers->count++];
}

static bool open_all(struct peers *peers, const struct span *dictionary) {
    bool good = open_zstd(next_engine(peers), "zstd-3", ZSTD_LEVEL, NULL) &&
                open_lz4(next_engine(peers), "lz4", NULL);
    if (!good || !dictionary) return good;
    return open_zstd(next_engine(peers), "zstd-dict", ZSTD_LEVEL, dictionary) &&
           open_zstd(next_engine(peers), "zstd-dict-19", ZSTD_HIGH_LEVEL, dictionary) &&
           open_lz4(next_engine(peers), "lz4-dict", dictionary) &&
           open_deflate(next_engine(peers), "deflate-dict", dictionary);
}

int open_peers(struct peers *peers, const struct span *dictionary) {
    *peers = (struct peers){.count = 0};
    if (open_all(peers, dictionary)) return 0;
    close_peers(peers);
    return complain(NULL, "can't set up zstd, lz4 and zlib: out of memory");
}

void close_peers(struct peers *peers) {
    for (size_t i = 0; i < peers->count; i++)
        if (peers->engines[i].free) peers->engines[i].free(peers->engines[i].state);
    peers->count = 0;
}

const struct engine *find_peer(const struct peers *peers, const char *name) {
    for (size_t i = 0; i < peers->count; i++)
        if (strcmp(peers->engines[i].name, name) == 0) return &peers->engines[i];
    return NULL;
}

/* How many of the first samples the dictionary is trained on, and their sizes as ZDICT wants them. */
static size_t *sample_sizes(const struct value_set *samples, size_t *count) {
    size_t *sizes = malloc((samples->count + 1) * sizeof *sizes);
    *count = 0;
    while (sizes && *count < samples->count && samples->ends[*count] <= MOST_TRAINING_BYTES) {
        sizes[*count] = value_at(samples, *count).size;
        ++*count;
    }
    return sizes;
}

struct bytes make_dictionary(const struct value_set *samples) {
    size_t count, *sizes = sample_sizes(samples, &count);
    uint8_t *bytes = malloc(ZSTD_DICTIONARY_BYTES);
    if (!sizes || !bytes) {
        free(sizes);
        free(bytes);
        complain(NULL, "out of memory");
        return (struct bytes){NULL, 0};
    }
    size_t size = ZDICT_trainFromBuffer(bytes, ZSTD_DICTIONARY_BYTES, samples->bytes, sizes, (unsigned)count);
    if (ZDICT_isError(size)) { /* too few samples to choose among: the samples themselves are the best */
        struct span all = {samples->bytes, total_bytes(samples)};
        struct span last = last_bytes(all, ZSTD_DICTIONARY_BYTES);
        size = last.size;
        if (size > 0) memcpy(bytes, last.data, size);
    }
    free(sizes);
    return (struct bytes){bytes, size};
}
