/*
 * Boxes of a template: the space of its ranks, cut up so that each box is evenly filled by samples.
 * A density estimation tree (P. Ram, A. Gray: Density Estimation Trees, KDD 2011), grown best first,
 * its error being the bits that the samples need: log2(room) - log2(share) each.
 */
#ifndef VALPACK_TRAIN_BOXES_H
#define VALPACK_TRAIN_BOXES_H

#include "templates.h"

struct sides {
    uint64_t low, count, stride;
};

struct planned_box {
    size_t template, first_side;
    int64_t density; /* log2 of samples in a unit of room, in 1/256 bit */
};

/* Boxes of all templates; arrays of fixed capacity. */
struct plan {
    struct planned_box *boxes;
    struct sides *sides;
    size_t box_count, box_capacity, side_count, side_capacity;
};

/* Samples that follow one template: `count` rows of `fields` ranks. */
struct points {
    const uint64_t *ranks;
    size_t template, count, fields;
};

/* How far to cut: at most `limit` boxes, each cut saves this many bits over all samples, and a box with
   samples has at least `least` of them. */
struct cutting {
    size_t limit, least;
    unsigned split_bits;
};

/* Adds boxes for the samples and one behind them, for values that differ somewhat more from each other
   than the samples. false without memory or room in the plan. */
bool plan_boxes(struct plan *plan, const struct template *t, const struct points *points,
                const struct cutting *cutting, const vp_allocator *allocator);

/* The largest step from the first in which all of them lie; 1 when all are the same. */
uint64_t common_step(const uint64_t *ascending_ranks, size_t count);

/* Likely boxes first. */
void plan_sort(struct plan *plan);

#endif
