/*
 * zstd with a dictionary of the profile, for values up to 128 KiB.
 *
 * Payload: the content of one compressed block (RFC 8878, section 3.1.1.2) up to the end; matches may
 * reach into the dictionary, and the block may repeat the dictionary's tables. The decoded size is
 * not stored.
 *
 * Section: one byte of effort (for encoders alone), then a dictionary of 8 bytes to 112 KiB as RFC 8878
 * section 5 has it, or without the magic number raw content.
 * Effort 1 .. 22 is a zstd level; 32 + s, s = 1 .. 8, is zstd's strategy "greedy" with 2^s candidates
 * from hash chains: with a dictionary it saves on average 12 % more than level 3, at twice its time.
 */
#include "zstd_block.h"

enum { DICTIONARY_SMALLEST = 8, DICTIONARY_LARGEST = 112 * 1024, EFFORT_GREEDY = 32 };

struct zstd_dictionary {
    vp_allocator allocator;
    bool out_of_memory;
    const uint8_t *bytes;
    size_t size;
    unsigned effort;
    ZSTD_CDict *encoding;
    ZSTD_DDict *decoding;
};

static bool is_effort(unsigned effort) {
    return (effort >= 1 && effort <= 22) || (effort > EFFORT_GREEDY && effort <= EFFORT_GREEDY + 8);
}

static void set_effort(ZSTD_CCtx_params *p, unsigned effort) {
    ZSTD_CCtxParams_init(p, effort < EFFORT_GREEDY ? (int)effort : 3);
    if (effort < EFFORT_GREEDY) return;
    /* Chains long enough for a dictionary of full size. Rows of hashes, zstd's choice on machines with
       vector instructions, compress worse here and would make bytes depend on the machine. */
    ZSTD_CCtxParams_setParameter(p, ZSTD_c_strategy, ZSTD_greedy);
    ZSTD_CCtxParams_setParameter(p, ZSTD_c_searchLog, (int)(effort - EFFORT_GREEDY));
    ZSTD_CCtxParams_setParameter(p, ZSTD_c_minMatch, 5);
    ZSTD_CCtxParams_setParameter(p, ZSTD_c_windowLog, 17);
    ZSTD_CCtxParams_setParameter(p, ZSTD_c_hashLog, 17);
    ZSTD_CCtxParams_setParameter(p, ZSTD_c_chainLog, 17);
    ZSTD_CCtxParams_setParameter(p, ZSTD_c_useRowMatchFinder, ZSTD_ps_disable);
}

/*
 * The one block that a prepared dictionary lies in, allocated before libzstd asks for it: until 1.5.6
 * libzstd crashes when it gets none (facebook/zstd, pull request 3847).
 */
struct reserved {
    vp_allocator allocator;
    size_t size;
    bool *taken; /* looked at while the dictionary is made only */
    max_align_t bytes[];
};

static void *reserved_alloc(void *opaque, size_t size) {
    struct reserved *r = opaque;
    if (*r->taken || size > r->size) return memory_alloc(&r->allocator, size);
    *r->taken = true;
    return r->bytes;
}

static void reserved_release(void *opaque, void *pointer) {
    struct reserved *r = opaque;
    const vp_allocator allocator = r->allocator;
    memory_free(&allocator, pointer == r->bytes ? (void *)r : pointer);
}

/* What libzstd asks for, or a little more. */
static size_t prepared_size(size_t dictionary_size, unsigned effort) {
    enum { SHORT_VALUE = 513 }; /* what libzstd supposes when it prepares a dictionary */
    if (effort < EFFORT_GREEDY) return ZSTD_estimateCDictSize(dictionary_size, (int)effort);
    const ZSTD_compressionParameters largest = {17, 17, 17, effort - EFFORT_GREEDY, 5, 0, ZSTD_greedy};
    ZSTD_compressionParameters p = ZSTD_adjustCParams(largest, SHORT_VALUE, dictionary_size);
    p.strategy = ZSTD_btlazy2; /* as large as greedy without rows, of which the estimate knows nothing */
    return ZSTD_estimateCDictSize_advanced(dictionary_size, p, ZSTD_dlm_byRef);
}

/* The bytes stay where they are; libzstd has no allocator hook for the small parameter block. NULL with
   *out_of_memory as it was: the dictionary is damaged. */
static ZSTD_CDict *prepare(const struct zstd_dictionary *d, unsigned effort, const vp_allocator *a,
                           bool *out_of_memory) {
    size_t size = prepared_size(d->size, effort);
    ZSTD_CCtx_params *p = ZSTD_createCCtxParams();
    struct reserved *r = p ? memory_alloc(a, sizeof *r + size) : NULL;
    ZSTD_CDict *made = NULL;
    bool taken = false;
    if (r) {
        *r = (struct reserved){.allocator = *a, .size = size, .taken = &taken};
        set_effort(p, effort);
        const ZSTD_customMem memory = {reserved_alloc, reserved_release, r};
        made = ZSTD_createCDict_advanced2(d->bytes, d->size, ZSTD_dlm_byRef, ZSTD_dct_auto, p, memory);
        if (!taken) memory_free(a, r); /* nothing was asked for */
    } else {
        *out_of_memory = true;
    }
    ZSTD_freeCCtxParams(p);
    return made;
}

/* The dictionary prepared for the effort asked for: nearly always the one every thread shares. */
static const ZSTD_CDict *prepared_for(struct zstd_state *state, const struct coding *c) {
    const struct zstd_dictionary *d = c->params;
    unsigned effort = c->settings->zstd_level ? c->settings->zstd_level : d->effort;
    if (effort == d->effort) return d->encoding;
    if (state->prepared && state->prepared_from == d && state->prepared_effort == effort)
        return state->prepared;
    ZSTD_freeCDict(state->prepared);
    bool out_of_memory = false;
    state->prepared = prepare(d, effort, &state->allocator, &out_of_memory);
    state->prepared_from = d;
    state->prepared_effort = effort;
    return state->prepared;
}

static bool zstd_dict_fits(const struct value *v, const void *params) {
    return params && v->size >= 8 && v->size <= ZSTD_BLOCK_LIMIT;
}

static bool zstd_dict_encode(struct bit_writer *w, const struct value *v, const struct coding *c) {
    if (!zstd_dict_fits(v, c->params)) return false;
    struct zstd_state *state = zstd_state_of(c->scratch, ENCODER_ID_zstd_dict);
    ZSTD_CCtx *compressor = state ? zstd_compressor(state) : NULL;
    const ZSTD_CDict *prepared = compressor ? prepared_for(state, c) : NULL;
    size_t bound = ZSTD_compressBound(v->size);
    uint8_t *frame = prepared ? scratch_buffer(c->scratch, 0, bound) : NULL;
    if (!frame) return false;
    /* More than one block would be of no use. The parameter is useBlockSplitter, which zstd 1.5.7
       calls splitAfterSequences: only its number is the same in both. */
    ZSTD_CCtx_setParameter(compressor, ZSTD_c_experimentalParam13, ZSTD_ps_disable);
    if (ZSTD_isError(ZSTD_CCtx_refCDict(compressor, prepared))) return false;
    size_t size = ZSTD_compress2(compressor, frame, bound, v->bytes, v->size);
    if (ZSTD_isError(size) || !zstd_frame_is_block(frame, size)) return false;
    put_bytes(bytes_of(w), frame + ZSTD_HEADERS, size - ZSTD_HEADERS);
    return true;
}

static int zstd_dict_decode(struct writer *out, struct bit_reader *in, const struct coding *c) {
    const struct zstd_dictionary *d = c->params;
    struct reader block = rest_of(in);
    if (!d || block.bad) return VP_ERR_CORRUPT;
    struct zstd_state *state = zstd_state_of(c->scratch, ENCODER_ID_zstd_dict);
    ZSTD_DCtx *decompressor = state ? zstd_decompressor(state) : NULL;
    if (!decompressor || ZSTD_isError(ZSTD_DCtx_refDDict(decompressor, d->decoding))) return VP_ERR_MEMORY;
    return zstd_decode_block(out, &block, c->scratch, decompressor);
}

/* libzstd gives NULL for a bad dictionary and for want of memory alike; this tells them apart. */
static void *noting_alloc(void *opaque, size_t size) {
    struct zstd_dictionary *d = opaque;
    void *p = memory_alloc(&d->allocator, size);
    if (!p) d->out_of_memory = true;
    return p;
}

static void noting_release(void *opaque, void *pointer) {
    struct zstd_dictionary *d = opaque;
    memory_free(&d->allocator, pointer);
}

static void zstd_dict_unload(void *params, const vp_allocator *allocator) {
    struct zstd_dictionary *d = params;
    ZSTD_freeCDict(d->encoding);
    ZSTD_freeDDict(d->decoding);
    memory_free(allocator, d);
}

static struct zstd_dictionary *build(struct reader *section, unsigned effort, struct loading *l) {
    struct zstd_dictionary *d = memory_zeroed(&l->allocator, sizeof *d);
    if (!d) return loading_fails(l, VP_ERR_MEMORY, section->at, "no memory for a zstd dictionary");
    d->allocator = l->allocator;
    d->effort = effort;
    d->size = reader_left(section);
    d->bytes = take_bytes(section, d->size);
    ZSTD_customMem memory = {noting_alloc, noting_release, d};
    d->decoding = ZSTD_createDDict_advanced(d->bytes, d->size, ZSTD_dlm_byRef, ZSTD_dct_auto, memory);
    if (d->decoding) d->encoding = prepare(d, effort, &d->allocator, &d->out_of_memory);
    return d;
}

static void *zstd_dict_load(struct reader *section, struct loading *l) {
    const uint8_t *start = section->at;
    unsigned effort = take_byte(section);
    if (section->bad || !is_effort(effort))
        return loading_fails(l, VP_ERR_PROFILE, start, "zstd dictionary: unknown effort");
    size_t size = reader_left(section);
    if (size < DICTIONARY_SMALLEST || size > DICTIONARY_LARGEST)
        return loading_fails(l, VP_ERR_PROFILE, start, "zstd dictionary: not 8 bytes to 112 KiB");
    struct zstd_dictionary *d = build(section, effort, l);
    if (!d || d->encoding) return d;
    loading_fails(l, d->out_of_memory ? VP_ERR_MEMORY : VP_ERR_PROFILE, start + 1,
                  d->out_of_memory ? "no memory for a zstd dictionary" : "zstd dictionary: damaged tables");
    zstd_dict_unload(d, &l->allocator);
    return NULL;
}

static void zstd_dict_describe(const void *params, struct writer *json) {
    const struct zstd_dictionary *d = params;
    put_text(json, "\"dictionary_bytes\":");
    put_decimal(json, d->size);
    put_text(json, d->effort < EFFORT_GREEDY ? ",\"level\":" : ",\"search_log\":");
    put_decimal(json, d->effort < EFFORT_GREEDY ? d->effort : d->effort - EFFORT_GREEDY);
}

const struct encoder encoder_zstd_dict = {
    .name = "zstd_dict",
    .bytewise = true,
    .needs_params = true,
    .work = {.value = 900, .bytes = 128},
    .fits = zstd_dict_fits,
    .encode = zstd_dict_encode,
    .decode = zstd_dict_decode,
    .load = zstd_dict_load,
    .unload = zstd_dict_unload,
    .describe = zstd_dict_describe,
};
