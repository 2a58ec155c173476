#include "scratch.h"

void scratch_init(struct scratch *s, vp_allocator allocator) {
    *s = (struct scratch){.allocator = allocator};
}

void scratch_free(struct scratch *s) {
    for (unsigned i = 0; i < SCRATCH_BUFFERS; i++) memory_free(&s->allocator, s->buffers[i].bytes);
    for (unsigned i = 0; i < SCRATCH_STATES; i++)
        if (s->states[i].state) s->states[i].destroy(s->states[i].state);
}

void *scratch_buffer(struct scratch *s, unsigned number, size_t size) {
    struct buffer *b = &s->buffers[number];
    return buffer_grow(&s->allocator, b, size ? size : 1, 0) ? b->bytes : NULL;
}

void *scratch_state(struct scratch *s, unsigned number, void *(*create)(const vp_allocator *allocator),
                    void (*destroy)(void *state)) {
    struct scratch_state *slot = &s->states[number];
    if (!slot->state) {
        slot->state = create(&s->allocator);
        slot->destroy = destroy;
    }
    return slot->state;
}
