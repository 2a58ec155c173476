#include "lz4_block.h"

#include <limits.h>
#include <lz4.h>

struct lz4_state {
    vp_allocator allocator;
    LZ4_stream_t stream;
};

static void *create_state(const vp_allocator *allocator) {
    struct lz4_state *state = memory_alloc(allocator, sizeof *state);
    if (state) state->allocator = *allocator;
    return state;
}

static void destroy_state(void *pointer) {
    struct lz4_state *state = pointer;
    vp_allocator allocator = state->allocator;
    memory_free(&allocator, state);
}

void *lz4_stream_of(struct scratch *scratch, unsigned id) {
    struct lz4_state *state = scratch_state(scratch, id, create_state, destroy_state);
    return state ? &state->stream : NULL;
}

int lz4_decode_payload(struct writer *out, struct bit_reader *in, struct lz4_window window) {
    struct reader payload = rest_of(in);
    uint64_t size = take_varint(&payload);
    size_t block_size = reader_left(&payload);
    if (payload.bad || block_size == 0 || block_size > INT_MAX) return VP_ERR_CORRUPT;
    /* A byte of a block stands for 255 bytes at most. */
    if (size == 0 || size > LZ4_MAX_INPUT_SIZE || size / 255 > block_size) return VP_ERR_CORRUPT;
    uint8_t *to = writer_reserve(out, (size_t)size);
    if (!to) return VP_ERR_SPACE;
    const uint8_t *block = take_bytes(&payload, block_size);
    int decoded = LZ4_decompress_safe_usingDict((const char *)block, (char *)to, (int)block_size, (int)size,
                                                (const char *)window.bytes, (int)window.size);
    return decoded >= 0 && (uint64_t)decoded == size ? VP_OK : VP_ERR_CORRUPT;
}
