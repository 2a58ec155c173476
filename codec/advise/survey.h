/* Sets of 64-bit hashes with a number for each, for counting what is different. */
#ifndef VALPACK_ADVISE_SURVEY_H
#define VALPACK_ADVISE_SURVEY_H

#include "advisor.h"

struct hash_set {
    uint64_t *hashes; /* 0 = free */
    uint32_t *items;
    size_t mask, count;
};

/* Room for at most this many different hashes. false without memory. */
bool hash_set_make(struct hash_set *set, struct arena *arena, size_t most);

/* The number that belongs to a hash: 0 for a new one. */
uint32_t *hash_set_place(struct hash_set *set, uint64_t hash);

#endif
