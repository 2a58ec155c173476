/* Cutting a value into the symbols of a model. */
#ifndef VALPACK_MODEL_PARSE_H
#define VALPACK_MODEL_PARSE_H

#include "emit.h"

/* What is known of a place before the way to it is. */
struct outlook {
    uint32_t rest; /* bits in 1/256 of all that is behind, on average */
    uint32_t copy_distance, copy_cost;
    uint16_t copy_size; /* 0 = none */
    uint16_t phrase;    /* the longest, TOKEN_NONE */
};

/* Text of a slot that has ended. */
struct slot_text {
    uint32_t begin, end;
};

/* Working memory of one parse, and its result. */
struct parse {
    const struct model *m;
    const uint8_t *value;
    size_t size;
    struct outlook *outlook; /* size + 1 */
    struct step *steps;      /* size + 1: the result without coder, without END */
    size_t step_count;
    struct slot_text *slots;  /* by slot of the model */
    uint32_t *chains, *heads; /* for copies: earlier places with the same bytes; size, 1 << head_bits */
    unsigned head_bits;
    uint32_t slot_begin;         /* of the present slot */
    size_t base;                 /* what is before it is certain */
    struct cursor cursor;        /* there */
    unsigned state;              /* and in which state */
    struct range_encoder *coder; /* NULL: the value is only cut */
    uint64_t cost, limit;        /* bits in 1/256; the parse gives up above the limit */
};

/* Bytes of working memory for values of `size` bytes; parse_place() puts the parts into it. */
size_t parse_memory(const struct model *m, size_t size);
void parse_place(struct parse *p, const struct model *m, uint8_t *memory, size_t size);

/* Cuts p->value of p->size bytes, and codes it with END if there is a coder; steps are kept only if not.
   false: gave up at the limit. */
bool parse_value(struct parse *p);

/* Bits in 1/256 of what follows the symbol of a copy. */
static inline uint32_t copy_cost(const struct model *m, size_t size, uint32_t distance) {
    return (uint32_t)m->length_costs[size - COPY_SHORTEST] + m->distances.costs[part_class(distance - 1)];
}

#endif
