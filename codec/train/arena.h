/* Memory of one training step, freed at once. Running out is remembered, so that many allocations
   need one check. */
#ifndef VALPACK_TRAIN_ARENA_H
#define VALPACK_TRAIN_ARENA_H

#include "memory.h"

struct arena_block {
    struct arena_block *next;
    max_align_t bytes[];
};

struct arena {
    vp_allocator allocator;
    struct arena_block *blocks;
    bool failed;
};

static inline struct arena arena_over(vp_allocator allocator) {
    return (struct arena){.allocator = allocator};
}

/* count * size zeroed bytes, never NULL unless `failed` is set; count and size may be 0. */
static inline void *arena_array(struct arena *a, size_t count, size_t size) {
    if (size && count > (SIZE_MAX / 2 - sizeof(struct arena_block)) / size) {
        a->failed = true;
        return NULL;
    }
    struct arena_block *block = memory_zeroed(&a->allocator, sizeof *block + count * size + 1);
    if (!block) {
        a->failed = true;
        return NULL;
    }
    block->next = a->blocks;
    a->blocks = block;
    return block->bytes;
}

static inline void arena_free(struct arena *a) {
    while (a->blocks) {
        struct arena_block *next = a->blocks->next;
        memory_free(&a->allocator, a->blocks);
        a->blocks = next;
    }
}

#endif
