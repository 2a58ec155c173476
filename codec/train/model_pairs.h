/* Pairs of neighbours in a stream of tokens, counted in a hash table while the stream changes. */
#ifndef VALPACK_TRAIN_MODEL_PAIRS_H
#define VALPACK_TRAIN_MODEL_PAIRS_H

#include "memory.h"

struct pair {
    uint32_t left, right, count;
    uint32_t distinct; /* samples it was counted in; never less after pairs_uncount() */
    uint32_t last_sample;
    uint32_t joined; /* the token that replaces it; 0: none */
};

/* Empty with an allocator and zeros. Pointers to pairs hold until the next pairs_count(). */
struct pairs {
    vp_allocator allocator;
    struct pair *items;
    uint32_t *slots; /* index of a pair + 1, by hash; twice as many as there is room for pairs */
    uint32_t count, room;
};

/* Counts one more. false: out of memory. */
bool pairs_count(struct pairs *p, uint32_t left, uint32_t right, uint32_t sample);

/* Counts one less of a pair that was counted, or finds it. */
void pairs_uncount(struct pairs *p, uint32_t left, uint32_t right);
const struct pair *pairs_find(const struct pairs *p, uint32_t left, uint32_t right);

void pairs_free(struct pairs *p);

#endif
