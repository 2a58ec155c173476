/*
 * Distributions without a mathematics library: the weights of neighbours have simple ratios, so that all
 * follow from the most probable one and are scaled to the sum 1 at the end (W. Feller, An Introduction to
 * Probability Theory I, chapter VI).
 */
#include "bucket_spread.h"

#define LEAST_WEIGHT 1e-12 /* of the most probable number's */

static void certain(struct spread *s, double mean) {
    s->first = rounded(mean);
    s->count = 1;
    s->weight[0] = 1;
}

/* weight(k + 1) / weight(k) */
static double ratio_above(uint64_t k, double mean, double places) {
    double next = (double)k + 1;
    if (places == 0) return mean / next;
    double taken = mean / places;
    return places - (double)k < 0.5 ? 0 : (places - (double)k) / next * taken / (1 - taken);
}

/* However improbable, a bucket with one record is kept: somewhere the records are. */
void spread_make(struct spread *s, double mean, double places) {
    if (mean > SPREAD_MEAN_MAX || (places > 0 && mean > places * (1 - 1e-9))) {
        certain(s, mean);
        return;
    }
    uint64_t mode = (uint64_t)mean, low = mode;
    double weight = 1, sum = 1;
    while (low > 0 && mode - low < SPREAD_ROOM / 2 - 1 && weight > LEAST_WEIGHT) {
        weight /= ratio_above(--low, mean, places);
        sum += weight;
    }
    s->first = low;
    s->count = (size_t)(mode - low);
    for (size_t i = 0; i < s->count; i++) {
        s->weight[i] = weight;
        weight *= ratio_above(low + i, mean, places);
    }
    weight = 1; /* the most probable one's, without what rounding did to it */
    for (; s->count < SPREAD_ROOM && (weight > LEAST_WEIGHT || low + s->count < 2); s->count++) {
        s->weight[s->count] = weight;
        weight *= ratio_above(low + s->count, mean, places);
        sum += weight;
    }
    for (size_t i = 0; i < s->count; i++) s->weight[i] /= sum;
}

double spread_above(const struct spread *s, uint64_t limit) {
    double sum = 0;
    for (size_t i = s->count; i > 0 && s->first + i - 1 > limit; i--) sum += s->weight[i - 1];
    return sum;
}

uint64_t spread_largest(const struct spread *s, double buckets) {
    double above = 0;
    size_t i = s->count - 1;
    while (i > 0 && (above + s->weight[i]) * buckets < 1) above += s->weight[i--];
    return s->first + i;
}

double normal_part(unsigned part, double *weight) {
    static const double weights[NORMAL_PARTS / 2 + 1] = {0.099908, 0.096835, 0.088169, 0.075415, 0.060597,
                                                         0.045741, 0.032435, 0.021607, 0.013521, 0.007949,
                                                         0.004390, 0.002277, 0.001110};
    const unsigned middle = NORMAL_PARTS / 2, away = part < middle ? middle - part : part - middle;
    *weight = weights[away];
    return ((double)part - middle) / 4;
}

uint64_t rounded(double x) {
    if (!(x > 0)) return 0;
    return x < 18446744073709551616.0 ? (uint64_t)(x + 0.5) : UINT64_MAX; /* the literal is 2^64 */
}

/* Newton's method; enough steps for every magnitude there is here. */
double square_root(double x) {
    if (!(x > 0)) return 0;
    double root = x > 1 ? x : 1;
    for (int i = 0; i < 64; i++) root = (root + x / root) / 2;
    return root;
}
