/*
 * Sizes and times of an engine over a set of values.
 */
#ifndef CLI_MEASURE_H
#define CLI_MEASURE_H

#include "engine.h"
#include "value_set.h"

struct measurement {
    struct value_set encoded; /* a value that could not be encoded is empty here */
    uint64_t failures;        /* values that did not come back byte for byte */
    double encode_ns;         /* per value, median of several passes */
    double decode_ns;
};

/* Some of the values, by number. */
struct selection {
    size_t *indices;
    size_t count;
};

/* 0, or EXIT_DATA after a complaint. */
int measure(const struct engine *engine, const struct value_set *values, struct measurement *result);
void free_measurement(struct measurement *result);

/* What an engine is to decode. */
struct decoding {
    const struct engine *engine;
    const struct value_set *encoded;
    size_t largest; /* size of the largest value that comes out */
};

/*
 * Nanoseconds that each of at most 2 engines takes to decode one of the selected values, measured in
 * turns. 0, or EXIT_DATA after a complaint.
 */
int time_decoding(const struct decoding *decodings, size_t count, struct selection selection, double *ns);

#endif
