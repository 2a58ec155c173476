/* An allocator that counts, measures and fails on demand. */
#include "test.h"

#include <stdlib.h>

/* In front of every block: its size, and room for any alignment. */
union block_head {
    size_t size;
    max_align_t alignment;
};

static void *counting_alloc(void *opaque, size_t size) {
    struct counting *c = opaque;
    c->calls++;
    assert_int_not_equal(size, 0);
    if (c->calls == c->fail_at || (c->fail_after && c->calls >= c->fail_after)) return NULL;
    union block_head *head = malloc(sizeof *head + size);
    if (!head) return NULL;
    head->size = size;
    memset(head + 1, 0xA5, size); /* nobody may count on zeros */
    c->live++;
    c->live_bytes += (int64_t)size;
    if (c->live_bytes > c->peak_bytes) c->peak_bytes = c->live_bytes;
    return head + 1;
}

static void counting_release(void *opaque, void *pointer) {
    struct counting *c = opaque;
    assert_non_null(pointer);
    union block_head *head = (union block_head *)pointer - 1;
    c->live--;
    c->live_bytes -= (int64_t)head->size;
    free(head);
}

vp_allocator counting_allocator(struct counting *c) {
    return (vp_allocator){.alloc = counting_alloc, .release = counting_release, .opaque = c};
}
