/*
 * From some records to all: what happens to a value depends on its size first, and few long values make up much
 * of the memory. So each power of two of sizes is scaled up on its own (post-stratification: Cochran, Sampling
 * Techniques, 5A.9).
 */
#ifndef VALPACK_ADVISE_STRATA_H
#define VALPACK_ADVISE_STRATA_H

#include <stdint.h>

enum { STRATA = 65 };

/* By stratum: sums over the records looked at, before and after. */
struct strata {
    uint64_t before[STRATA], after[STRATA];
};

static inline unsigned stratum_of(uint64_t size) {
    unsigned stratum = 0;
    for (; size; size >>= 1) stratum++;
    return stratum;
}

/* Adds a record with a value of this size. */
void strata_add(struct strata *t, uint64_t size, uint64_t before, uint64_t after);

/* What these sums by stratum become, at the rate of the records that were added; a stratum without any goes at
   the rate of all. */
uint64_t strata_scale(const struct strata *t, const uint64_t *sums);

#endif
