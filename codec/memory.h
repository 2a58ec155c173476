/* The allocator hooks. Every allocation of the library goes through these functions. */
#ifndef VALPACK_MEMORY_H
#define VALPACK_MEMORY_H

#include "valpack.h"

#include <stdbool.h>
#include <string.h>

/* malloc and free in the form of hooks. */
vp_allocator memory_default(void);

/* The caller's hooks, or the default ones for NULL. */
vp_allocator memory_hooks(const vp_allocator *allocator);

/* NULL without memory, or for 0 bytes. */
static inline void *memory_alloc(const vp_allocator *a, size_t size) {
    return size ? a->alloc(a->opaque, size) : NULL;
}

static inline void *memory_zeroed(const vp_allocator *a, size_t size) {
    void *p = memory_alloc(a, size);
    if (p) memset(p, 0, size);
    return p;
}

static inline void memory_free(const vp_allocator *a, void *pointer) {
    if (pointer) a->release(a->opaque, pointer);
}

/* A block of memory that only grows. */
struct buffer {
    uint8_t *bytes;
    size_t capacity;
};

/* At least `size` bytes, the first `keep` of them preserved; grows by half at the least. false
   without memory, the buffer then is as it was. */
bool buffer_grow(const vp_allocator *a, struct buffer *b, size_t size, size_t keep);

#endif
