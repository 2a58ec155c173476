/*
 * zstd without a dictionary, for long values.
 *
 * Payload, one of
 *   - the content of one compressed block (RFC 8878, section 3.1.1.2) up to the end: values up to
 *     128 KiB. It can't begin with 0x03, which would be literals coded with a table that nobody sent;
 *   - 0x03, then one frame without magic number, content size, dictionary id and checksum, and of
 *     anything else than a single compressed block.
 * The decoded size is not stored.
 */
#include "zstd_block.h"

enum { FRAME_FOLLOWS = 0x03, LEVEL_DEFAULT = 3, SMALLEST = 32 };

static bool zstd_fits(const struct value *v, const void *params) {
    (void)params;
    return v->size >= SMALLEST;
}

static ZSTD_CCtx *compressor_for(const struct coding *c) {
    struct zstd_state *state = zstd_state_of(c->scratch, ENCODER_ID_zstd);
    ZSTD_CCtx *compressor = state ? zstd_compressor(state) : NULL;
    int level = c->settings->zstd_level ? (int)c->settings->zstd_level : LEVEL_DEFAULT;
    if (compressor) ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, level);
    return compressor;
}

static void put_frame(struct writer *out, const uint8_t *frame, size_t size) {
    if (zstd_frame_is_block(frame, size)) {
        put_bytes(out, frame + ZSTD_HEADERS, size - ZSTD_HEADERS);
    } else {
        put_byte(out, FRAME_FOLLOWS);
        put_bytes(out, frame, size);
    }
}

static bool zstd_encode(struct bit_writer *w, const struct value *v, const struct coding *c) {
    ZSTD_CCtx *compressor = v->size ? compressor_for(c) : NULL;
    if (!compressor) return false;
    /* Not into the writer at once: with little room zstd's result would depend on how little. */
    size_t bound = ZSTD_compressBound(v->size);
    uint8_t *frame = scratch_buffer(c->scratch, 0, bound);
    if (!frame) return false;
    size_t size = ZSTD_compress2(compressor, frame, bound, v->bytes, v->size);
    if (ZSTD_isError(size)) return false;
    put_frame(bytes_of(w), frame, size);
    return true;
}

/* True if the bytes are one frame as the encoder writes it: the blocks end where the bytes end. */
static bool is_frame(struct reader frame) {
    size_t blocks = 0;
    const uint8_t *header = take_bytes(&frame, ZSTD_FRAME_HEADER);
    if (!header || header[0] != 0) return false;
    struct zstd_block_header block;
    do {
        const uint8_t *at = take_bytes(&frame, ZSTD_BLOCK_HEADER);
        if (!at) return false;
        block = zstd_block_header_at(at);
        take_bytes(&frame, block.size);
        blocks++;
    } while (!frame.bad && !block.last);
    if (blocks == 1 && block.type == ZSTD_BLOCK_COMPRESSED) return false;
    return !frame.bad && reader_left(&frame) == 0;
}

static int zstd_decode(struct writer *out, struct bit_reader *in, const struct coding *c) {
    struct reader payload = rest_of(in);
    if (payload.bad || reader_left(&payload) == 0) return VP_ERR_CORRUPT;
    struct zstd_state *state = zstd_state_of(c->scratch, ENCODER_ID_zstd);
    ZSTD_DCtx *decompressor = state ? zstd_decompressor(state) : NULL;
    if (!decompressor) return VP_ERR_MEMORY;
    if (*payload.at != FRAME_FOLLOWS) return zstd_decode_block(out, &payload, c->scratch, decompressor);
    take_byte(&payload);
    if (!is_frame(payload)) return VP_ERR_CORRUPT;
    return zstd_decode_frame(out, payload.at, reader_left(&payload), decompressor);
}

const struct encoder encoder_zstd = {
    .name = "zstd",
    .bytewise = true,
    .work = {.value = 5000, .bytes = 100},
    .fits = zstd_fits,
    .encode = zstd_encode,
    .decode = zstd_decode,
};
