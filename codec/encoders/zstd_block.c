#include "zstd_block.h"

#include <zstd_errors.h>

/* Exponent 7 of the window descriptor: 128 KiB, what one block can reach. */
static const uint8_t window_of_block = (17 - 10) << 3;

static void *create_state(const vp_allocator *allocator) {
    struct zstd_state *state = memory_zeroed(allocator, sizeof *state);
    if (state) state->allocator = *allocator;
    return state;
}

static void destroy_state(void *pointer) {
    struct zstd_state *state = pointer;
    ZSTD_freeCCtx(state->compressor);
    ZSTD_freeDCtx(state->decompressor);
    ZSTD_freeCDict(state->prepared);
    vp_allocator allocator = state->allocator;
    memory_free(&allocator, state);
}

struct zstd_state *zstd_state_of(struct scratch *scratch, unsigned id) {
    return scratch_state(scratch, id, create_state, destroy_state);
}

static ZSTD_customMem memory_of(const struct zstd_state *state) {
    const vp_allocator *a = &state->allocator;
    return (ZSTD_customMem){.customAlloc = a->alloc, .customFree = a->release, .opaque = a->opaque};
}

ZSTD_CCtx *zstd_compressor(struct zstd_state *state) {
    if (state->compressor) return state->compressor;
    ZSTD_CCtx *c = ZSTD_createCCtx_advanced(memory_of(state));
    if (!c) return NULL;
    ZSTD_CCtx_setParameter(c, ZSTD_c_format, ZSTD_f_zstd1_magicless);
    ZSTD_CCtx_setParameter(c, ZSTD_c_contentSizeFlag, 0);
    ZSTD_CCtx_setParameter(c, ZSTD_c_dictIDFlag, 0);
    return state->compressor = c;
}

ZSTD_DCtx *zstd_decompressor(struct zstd_state *state) {
    if (state->decompressor) return state->decompressor;
    ZSTD_DCtx *d = ZSTD_createDCtx_advanced(memory_of(state));
    if (!d) return NULL;
    ZSTD_DCtx_setParameter(d, ZSTD_d_format, ZSTD_f_zstd1_magicless);
    return state->decompressor = d;
}

struct zstd_block_header zstd_block_header_at(const uint8_t *p) {
    uint32_t bits = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;
    struct zstd_block_header h = {.last = bits & 1, .type = bits >> 1 & 3, .size = bits >> 3};
    if (h.type == ZSTD_BLOCK_RLE) h.size = 1;
    return h;
}

bool zstd_frame_is_block(const uint8_t *frame, size_t size) {
    if (size <= ZSTD_HEADERS || frame[0] != 0) return false;
    struct zstd_block_header h = zstd_block_header_at(frame + ZSTD_FRAME_HEADER);
    return h.last && h.type == ZSTD_BLOCK_COMPRESSED && h.size == size - ZSTD_HEADERS;
}

int zstd_decode_frame(struct writer *out, const uint8_t *frame, size_t size, ZSTD_DCtx *decompressor) {
    size_t room = out->base ? out->capacity - out->length : 0;
    uint8_t *to = out->base ? out->base + out->length : NULL;
    size_t decoded = ZSTD_decompressDCtx(decompressor, to, room, frame, size);
    if (ZSTD_isError(decoded))
        return ZSTD_getErrorCode(decoded) == ZSTD_error_dstSize_tooSmall ? VP_ERR_SPACE : VP_ERR_CORRUPT;
    writer_reserve(out, decoded);
    return decoded ? VP_OK : VP_ERR_CORRUPT;
}

int zstd_decode_block(struct writer *out, struct reader *block, struct scratch *scratch,
                      ZSTD_DCtx *decompressor) {
    size_t size = reader_left(block);
    if (block->bad || size == 0 || size > ZSTD_BLOCK_LIMIT) return VP_ERR_CORRUPT;
    uint8_t *frame = scratch_buffer(scratch, 0, size + ZSTD_HEADERS);
    if (!frame) return VP_ERR_MEMORY;
    uint32_t header = 1u | ZSTD_BLOCK_COMPRESSED << 1 | (uint32_t)size << 3;
    struct writer w = writer_over(frame, size + ZSTD_HEADERS);
    put_byte(&w, 0);
    put_byte(&w, window_of_block);
    for (unsigned i = 0; i < ZSTD_BLOCK_HEADER; i++) put_byte(&w, header >> (8 * i) & 0xFF);
    put_bytes(&w, take_bytes(block, size), size);
    return zstd_decode_frame(out, frame, w.length, decompressor);
}
