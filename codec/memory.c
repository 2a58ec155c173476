#include "memory.h"

#include <stdlib.h>

static void *default_alloc(void *opaque, size_t size) {
    (void)opaque;
    return malloc(size);
}

static void default_release(void *opaque, void *pointer) {
    (void)opaque;
    free(pointer);
}

vp_allocator memory_default(void) {
    return (vp_allocator){.alloc = default_alloc, .release = default_release, .opaque = NULL};
}

vp_allocator memory_hooks(const vp_allocator *allocator) {
    return allocator ? *allocator : memory_default();
}

bool buffer_grow(const vp_allocator *a, struct buffer *b, size_t size, size_t keep) {
    if (size <= b->capacity) return true;
    size_t more = b->capacity + b->capacity / 2, capacity = size > more ? size : more;
    uint8_t *bytes = memory_alloc(a, capacity);
    if (!bytes) return false;
    if (keep) memcpy(bytes, b->bytes, keep);
    memory_free(a, b->bytes);
    b->bytes = bytes;
    b->capacity = capacity;
    return true;
}
