/* What the library advised, as the tool prints it. */
#ifndef CLI_ADVICE_H
#define CLI_ADVICE_H

#include "command.h"

enum { MOST_TECHNIQUES = 64 };

/* Numbers that do not apply are negative. */
struct technique {
    const char *row; /* JSON with the words about it */
    double values, memory, saved_percent, encode_ns, decode_ns, error;
    size_t number;  /* from 1 among those that save enough, 0 for others */
    bool has_catch; /* it saves enough, but is not worth it all the same */
    bool lossy, worth;
};

struct advice {
    const char *json; /* an object of the library's, see vp_advisor_finish() */
    double keys, samples, kept, key_bytes, value_bytes, memory;
    bool keyed;
    struct technique techniques[MOST_TECHNIQUES]; /* best first, those that lose data last */
    size_t count;
};

void read_advice(const char *json, struct advice *advice);

/* Bytes when each best technique that keeps the data is carried out; all of them now if none is worth it. */
double best_memory(const struct advice *advice);

/* Prints the table, what to do below it, and the verdict. */
void print_advice(const struct advice *advice);

/* What the best of each group saves together. */
void print_total(double memory, double best, size_t groups);

#endif
