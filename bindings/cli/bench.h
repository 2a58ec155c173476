/*
 * What `valpack bench` found, and how it is printed.
 */
#ifndef CLI_BENCH_H
#define CLI_BENCH_H

#include "engine.h"
#include "measure.h"

enum { MOST_ENCODERS = 64 };

struct encoder_use {
    const char *name;
    uint64_t values, raw_bytes, encoded_bytes;
    double decode_ns;
    double zstd_dict_decode_ns; /* of the same values; negative without a dictionary */
};

struct findings {
    const struct value_set *values;
    struct measurement valpack;
    const char *target;
    uint64_t server_raw_bytes, server_encoded_bytes; /* zeros where the target counts bytes */
    struct encoder_use encoders[MOST_ENCODERS];
    size_t encoder_count;
    const struct peers *peers;
    struct measurement by_peer[MOST_PEERS]; /* in the order of peers */
};

void print_findings_json(const struct findings *findings);
void print_findings_table(const struct findings *findings);

#endif
