/*
 * zstd as the encoders zstd and zstd_dict use it: values as one compressed block (RFC 8878, section
 * 3.1.1.2) without the headers around it, and the contexts of a thread.
 *
 * The functions of libzstd for single blocks are deprecated, so a frame is made with the ordinary
 * ones and its 5 bytes of headers, which are always the same but for the size, are dropped and put
 * back.
 */
#ifndef VALPACK_ENCODERS_ZSTD_BLOCK_H
#define VALPACK_ENCODERS_ZSTD_BLOCK_H

#include "encoder.h"

#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

enum {
    ZSTD_BLOCK_LIMIT = 128 * 1024, /* bytes a block decodes to at most */
    ZSTD_BLOCK_HEADER = 3,         /* last block (1 bit), type (2), size (21), little-endian */
    ZSTD_FRAME_HEADER = 2,         /* descriptor, always 0, and window */
    ZSTD_HEADERS = ZSTD_FRAME_HEADER + ZSTD_BLOCK_HEADER
};

enum zstd_block_type { ZSTD_BLOCK_RAW, ZSTD_BLOCK_RLE, ZSTD_BLOCK_COMPRESSED, ZSTD_BLOCK_RESERVED };

/* The contexts of one thread for one encoder, each made when first asked for. */
struct zstd_state {
    vp_allocator allocator;
    ZSTD_CCtx *compressor;
    ZSTD_DCtx *decompressor;
    /* A dictionary prepared for another level than its profile's; only zstd_dict has it. */
    ZSTD_CDict *prepared;
    const void *prepared_from;
    unsigned prepared_effort;
};

/* NULL without memory. */
struct zstd_state *zstd_state_of(struct scratch *scratch, unsigned id);

/* Makes frames without magic number, sizes, dictionary id and checksum. NULL without memory. */
ZSTD_CCtx *zstd_compressor(struct zstd_state *state);

/* Reads frames without magic number. NULL without memory. */
ZSTD_DCtx *zstd_decompressor(struct zstd_state *state);

/* What a block header at p says; p has ZSTD_BLOCK_HEADER bytes. */
struct zstd_block_header {
    bool last;
    enum zstd_block_type type;
    size_t size; /* of the content that follows */
};
struct zstd_block_header zstd_block_header_at(const uint8_t *p);

/* True if a frame of the compressor consists of one compressed block. */
bool zstd_frame_is_block(const uint8_t *frame, size_t size);

/* Decodes a frame of `size` bytes to the end of out: VP_OK, VP_ERR_SPACE or VP_ERR_CORRUPT. */
int zstd_decode_frame(struct writer *out, const uint8_t *frame, size_t size, ZSTD_DCtx *decompressor);

/* The same with the content of a single compressed block; also VP_ERR_MEMORY. */
int zstd_decode_block(struct writer *out, struct reader *block, struct scratch *scratch,
                      ZSTD_DCtx *decompressor);

#endif
