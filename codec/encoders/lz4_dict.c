/*
 * LZ4 with a dictionary of the profile: for speed, where zstd_dict is not wanted.
 *
 * Payload: as of lz4; matches may reach back into the dictionary, which lies right before the value.
 * Section: the dictionary, 8 bytes to 64 KiB.
 */
#include "lz4_block.h"

#include <lz4.h>

enum { DICTIONARY_SMALLEST = 8, DICTIONARY_LARGEST = 64 * 1024, SMALLEST = 13, ACCELERATION = 1 };

struct lz4_dictionary {
    struct lz4_window window;
    LZ4_stream_t loaded; /* never compresses: each call starts with a copy */
};

static bool lz4_dict_fits(const struct value *v, const void *params) {
    return params && v->size >= SMALLEST && v->size <= LZ4_MAX_INPUT_SIZE;
}

static bool lz4_dict_encode(struct bit_writer *w, const struct value *v, const struct coding *c) {
    const struct lz4_dictionary *d = c->params;
    if (!lz4_dict_fits(v, d)) return false;
    int bound = LZ4_compressBound((int)v->size);
    LZ4_stream_t *stream = lz4_stream_of(c->scratch, ENCODER_ID_lz4_dict);
    char *block = stream ? scratch_buffer(c->scratch, 0, (size_t)bound) : NULL;
    if (!block) return false;
    memcpy(stream, &d->loaded, sizeof *stream); /* lz4 before 1.10 can't attach a dictionary */
    int size =
        LZ4_compress_fast_continue(stream, (const char *)v->bytes, block, (int)v->size, bound, ACCELERATION);
    if (size <= 0) return false;
    put_varint(bytes_of(w), v->size);
    put_bytes(bytes_of(w), block, (size_t)size);
    return true;
}

static int lz4_dict_decode(struct writer *out, struct bit_reader *in, const struct coding *c) {
    const struct lz4_dictionary *d = c->params;
    return d ? lz4_decode_payload(out, in, d->window) : VP_ERR_CORRUPT;
}

static void *lz4_dict_load(struct reader *section, struct loading *l) {
    size_t size = reader_left(section);
    if (section->bad || size < DICTIONARY_SMALLEST || size > DICTIONARY_LARGEST)
        return loading_fails(l, VP_ERR_PROFILE, section->at, "lz4 dictionary: not 8 bytes to 64 KiB");
    struct lz4_dictionary *d = memory_alloc(&l->allocator, sizeof *d);
    if (!d) return loading_fails(l, VP_ERR_MEMORY, section->at, "no memory for an lz4 dictionary");
    d->window = (struct lz4_window){take_bytes(section, size), size};
    LZ4_initStream(&d->loaded, sizeof d->loaded);
    LZ4_loadDict(&d->loaded, (const char *)d->window.bytes, (int)size);
    return d;
}

static void lz4_dict_unload(void *params, const vp_allocator *allocator) {
    memory_free(allocator, params);
}

static void lz4_dict_describe(const void *params, struct writer *json) {
    const struct lz4_dictionary *d = params;
    put_text(json, "\"dictionary_bytes\":");
    put_decimal(json, d->window.size);
}

const struct encoder encoder_lz4_dict = {
    .name = "lz4_dict",
    .bytewise = true,
    .fast = true,
    .needs_params = true,
    .work = {.value = 900, .bytes = 16},
    .fits = lz4_dict_fits,
    .encode = lz4_dict_encode,
    .decode = lz4_dict_decode,
    .load = lz4_dict_load,
    .unload = lz4_dict_unload,
    .describe = lz4_dict_describe,
};
