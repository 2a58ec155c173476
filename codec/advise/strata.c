#include "strata.h"

#include "advisor.h"

void strata_add(struct strata *t, uint64_t size, uint64_t before, uint64_t after) {
    t->before[stratum_of(size)] += before;
    t->after[stratum_of(size)] += after;
}

uint64_t strata_scale(const struct strata *t, const uint64_t *sums) {
    uint64_t before = 0, after = 0, scaled_sum = 0, others = 0;
    for (unsigned i = 0; i < STRATA; i++) {
        before += t->before[i];
        after += t->after[i];
        if (t->before[i]) scaled_sum += scaled(sums[i], t->after[i], t->before[i]);
        else others += sums[i];
    }
    return scaled_sum + scaled(others, after, before);
}
