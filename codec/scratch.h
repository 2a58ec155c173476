/*
 * Working memory of one thread, shared by all encoders of a context. Nothing in it survives from
 * one call of an encoder to the next but the states.
 */
#ifndef VALPACK_SCRATCH_H
#define VALPACK_SCRATCH_H

#include "memory.h"

/* Buffers that an encoder may use during one call. Encoders do not call each other, but the
   numbers keep two uses inside one encoder apart. */
enum { SCRATCH_BUFFERS = 4, SCRATCH_STATES = 32 };

struct scratch {
    vp_allocator allocator;
    struct buffer buffers[SCRATCH_BUFFERS];
    struct scratch_state {
        void *state;
        void (*destroy)(void *state);
    } states[SCRATCH_STATES];
};

void scratch_init(struct scratch *s, vp_allocator allocator);
void scratch_free(struct scratch *s);

/* At least `size` bytes (also for 0), contents unspecified, aligned for any type. NULL without
   memory. Valid until the next call with the same number. */
void *scratch_buffer(struct scratch *s, unsigned number, size_t size);

/* A state that lives as long as the context, made on first use; `number` is the encoder's wire
   number. NULL without memory. */
void *scratch_state(struct scratch *s, unsigned number, void *(*create)(const vp_allocator *allocator),
                    void (*destroy)(void *state));

#endif
