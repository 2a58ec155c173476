/* Cutting a value into the symbols of a model. */
#ifndef VALPACK_MODEL_PARSE_H
#define VALPACK_MODEL_PARSE_H

#include "model.h"

/* One symbol of a value. */
struct step {
    uint32_t distance; /* of a copy */
    uint16_t size;     /* bytes of the value */
    uint16_t symbol;
};

/* The cheapest way found to a place in a value. */
struct place {
    uint32_t cost;    /* bits in 1/256 from the last certain place */
    struct step step; /* the last one to here */
    uint16_t slot;
    uint8_t place;
};

/* Text of the slots that have ended, by slot. */
struct slot_text {
    uint32_t begin, end;
};

/* Working memory of one parse, and its result. */
struct parse {
    const struct model *m;
    const uint8_t *value;
    size_t size;
    struct place *places; /* size + 1 */
    struct step *steps;   /* size + 1: the result, ENDing */
    size_t step_count;
    struct slot_text *slots;  /* by slot of the model */
    uint32_t *chains, *heads; /* for copies: earlier places with the same bytes; size, 1 << head_bits */
    unsigned head_bits;
    uint64_t cost, limit; /* bits in 1/256; the parse gives up above the limit */
    uint32_t slot_begin;  /* of the present slot */
    size_t indexed;       /* places before this one are in the chains */
    size_t base;          /* the last certain place */
    size_t ahead;         /* the cheapest place ahead, with its cost; UINT32_MAX = unknown */
    uint32_t ahead_cost, behind;
    size_t reach; /* the farthest place with a way to it */
};

/* Bytes of working memory for values of `size` bytes; parse_place() puts the parts into it. */
size_t parse_memory(const struct model *m, size_t size);
void parse_place(struct parse *p, const struct model *m, uint8_t *memory, size_t size);

/* Cuts p->value. false: gave up at the limit. */
bool parse_value(struct parse *p);

/* Bits in 1/256 of the next symbol at a cursor; UINT32_MAX if it can't be coded. */
uint32_t symbol_cost(const struct model *m, const struct cursor *c, unsigned symbol);

/* Bits in 1/256 of what follows the symbol of a copy. */
static inline uint32_t copy_cost(const struct model *m, size_t size, uint32_t distance) {
    return (uint32_t)m->lengths.costs[part_class((uint32_t)size - COPY_SHORTEST)] +
           m->distances.costs[part_class(distance - 1)];
}

#endif
