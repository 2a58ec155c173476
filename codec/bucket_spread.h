/* How many records chance puts into a bucket. */
#ifndef VALPACK_BUCKET_SPREAD_H
#define VALPACK_BUCKET_SPREAD_H

#include <stddef.h>
#include <stdint.h>

enum {
    SPREAD_ROOM = 4096,
    SPREAD_MEAN_MAX = 16384, /* 16 standard deviations of a Poisson distribution fit the room */
    NORMAL_PARTS = 25
};

/* weight[i] is the probability of first + i records; what is less probable than 1e-12 is left out. */
struct spread {
    uint64_t first;
    size_t count;
    double weight[SPREAD_ROOM];
};

/* Of `places` that are taken or not, independent of each other, `mean` are taken on average: binomial. Any
   number of places is meant by places = 0: Poisson. mean beyond SPREAD_MEAN_MAX is taken for certain. */
void spread_make(struct spread *s, double mean, double places);

/* The probability of more than `limit`. */
double spread_above(const struct spread *s, uint64_t limit);

/* What the fullest of this many buckets has, as chance has it. */
uint64_t spread_largest(const struct spread *s, double buckets);

/* The normal distribution in NORMAL_PARTS parts from -3 to 3 standard deviations: where a part is, and its
   probability. */
double normal_part(unsigned part, double *weight);

double square_root(double x);

/* The nearest whole number, between 0 and the largest there is: sizes of absurd keyspaces go beyond it. */
uint64_t rounded(double x);

#endif
