/* In which order the rows of a profile are tried and when trying stops, and what that is worth. */
#ifndef VALPACK_TRAIN_POLICY_H
#define VALPACK_TRAIN_POLICY_H

#include "compare.h"

/* What the held-out values take: burdens, and work as struct encoder_work counts it. */
struct outcome {
    uint64_t burden, work;
};

/* The logarithm to base 2, in 1/2^16, of the burden times a power of the work. Twice the work must save
   2 % of the burden. */
uint64_t price_of(struct outcome o);

/* Work for all held-out values below which nobody cares: what zstd takes at level 3. */
uint64_t least_work(const struct comparison *c);

/* Orders the rows, drops those that win nothing, and sets their thresholds and what they win. */
void learn_policy(const struct comparison *c, struct division *d);

#endif
