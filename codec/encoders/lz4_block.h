/* The payload that lz4 and lz4_dict share: varint decoded size, then an LZ4 block up to the end. */
#ifndef VALPACK_ENCODERS_LZ4_BLOCK_H
#define VALPACK_ENCODERS_LZ4_BLOCK_H

#include "encoder.h"

/* The stream of one thread for one encoder, memory for an LZ4_stream_t. NULL without memory. */
void *lz4_stream_of(struct scratch *scratch, unsigned id);

/* What the block refers back to; size 0 without a dictionary. */
struct lz4_window {
    const uint8_t *bytes;
    size_t size; /* at most 64 KiB */
};

/* Decodes a payload. VP_OK, VP_ERR_SPACE or VP_ERR_CORRUPT. */
int lz4_decode_payload(struct writer *out, struct bit_reader *in, struct lz4_window window);

#endif
