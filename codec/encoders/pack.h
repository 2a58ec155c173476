/* The learned parameters of the encoder `pack`; their section is described in pack.c. */
#ifndef VALPACK_ENCODERS_PACK_H
#define VALPACK_ENCODERS_PACK_H

#include "blocks.h"
#include "encoder.h"
#include "radix.h"

enum { CLASS_TEXT = 1024 /* bytes of the longest text of a class */ };

struct class {
    size_t head, tail, shortest, longest; /* longest = 0: no run */
    const struct alphabet *run;
    struct radix run_radix;
    struct big shortest_runs; /* how many there are of the shortest length */
    size_t columns;           /* first of head + tail, and where their text begins */
    size_t varying;           /* first place whose alphabet has several symbols */
    size_t varying_count;
};

struct pack_params {
    struct alphabet *alphabets;
    struct class *classes;
    const struct alphabet **columns;
    uint8_t *texts;        /* the first symbol of each column */
    uint16_t *places;      /* of the columns that vary, from the first of their class */
    struct radix *radices; /* of these */
    struct big *starts;    /* of each class, and the end of the last */
    size_t alphabet_count, class_count;
    struct packing *packing; /* without classes, as the rest */
    const uint8_t *prefix, *suffix;
    size_t prefix_size, suffix_size;
};

/* As load, unload and describe of struct encoder. */
void *pack_load(struct reader *section, struct loading *l);
void pack_unload(void *params, const vp_allocator *allocator);
void pack_describe(const void *params, struct writer *json);

#endif
