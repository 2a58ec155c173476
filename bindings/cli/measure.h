/*
 * Sizes and times of an engine over a set of values.
 */
#ifndef CLI_MEASURE_H
#define CLI_MEASURE_H

#include "engine.h"
#include "value_set.h"

/* The time of an engine that is measured without a clock. */
#define NOT_TIMED (-1.0)

struct measurement {
    struct value_set encoded; /* a value that could not be encoded is empty here */
    uint64_t failures;        /* values that did not come back byte for byte */
    double encode_ns;         /* per value, median of several passes, or NOT_TIMED */
    double decode_ns;
};

enum { MOST_TRIALS = 2 };

struct trial {
    const struct engine *engine;
    struct measurement *result;
};

/* Engines whose passes over the values take turns, so that a disturbance of the machine hits all of them. */
struct contest {
    struct trial trials[MOST_TRIALS];
    size_t count;
    bool timed;
};

/* Some of the values, by number. */
struct selection {
    size_t *indices;
    size_t count;
};

/* 0, or EXIT_DATA after a complaint. */
int measure(const struct contest *contest, const struct value_set *values);
void free_measurement(struct measurement *result);

/* What an engine is to decode. */
struct decoding {
    const struct engine *engine;
    const struct value_set *encoded;
    size_t largest; /* size of the largest value that comes out */
};

/*
 * Nanoseconds that each of at most MOST_TRIALS engines takes to decode one of the selected values,
 * measured in turns. 0, or EXIT_DATA after a complaint.
 */
int time_decoding(const struct decoding *decodings, size_t count, struct selection selection, double *ns);

#endif
