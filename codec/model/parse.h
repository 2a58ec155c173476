/* Cutting a value into the symbols of a model. */
#ifndef VALPACK_MODEL_PARSE_H
#define VALPACK_MODEL_PARSE_H

#include "model.h"

enum { COST_NONE = UINT32_MAX, CHAIN_LARGEST = 16 /* states from the deepest to the root */ };

/* One symbol of a value. */
struct step {
    uint32_t distance; /* of a copy */
    uint16_t size;     /* bytes of the value */
    uint16_t symbol;
};

/* What is known of a place before the way to it is. */
struct outlook {
    uint32_t rest; /* bits in 1/256 of all that is behind, on average */
    uint32_t copy_distance;
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
    struct step *steps;      /* size + 1: the result, without END */
    size_t step_count;
    struct slot_text *slots;  /* by slot of the model */
    uint32_t *chains, *heads; /* for copies: earlier places with the same bytes; size, 1 << head_bits */
    unsigned head_bits;
    uint32_t slot_begin;  /* of the present slot */
    size_t base;          /* what is before it is certain */
    struct cursor cursor; /* there */
    uint64_t cost, limit; /* bits in 1/256; the parse gives up above the limit */
};

/* Bytes of working memory for values of `size` bytes; parse_place() puts the parts into it. */
size_t parse_memory(const struct model *m, size_t size);
void parse_place(struct parse *p, const struct model *m, uint8_t *memory, size_t size);

/* Cuts p->value of p->size bytes. false: gave up at the limit. */
bool parse_value(struct parse *p);

/* The states in which a symbol may be coded at one place, and bits in 1/256 of the ESCAPEs before. */
struct state_chain {
    unsigned count;
    unsigned states[CHAIN_LARGEST];
    uint32_t escapes[CHAIN_LARGEST];
};

/* From this state, the one of a cursor, to the root. */
static inline void find_chain(const struct model *m, const struct cursor *c, unsigned state,
                              struct state_chain *chain) {
    uint32_t escapes = 0;
    chain->count = 0;
    for (;; state = parent_of(m, state, c)) {
        chain->states[chain->count] = state;
        chain->escapes[chain->count++] = escapes;
        if (state == STATE_ROOT) return;
        const struct state *s = &m->states[state];
        escapes += m->costs[s->first + s->count - 1];
    }
}

static inline uint32_t chain_cost(const struct model *m, const struct state_chain *chain, unsigned symbol) {
    for (unsigned i = 0; i < chain->count; i++) {
        const uint32_t entry = find_entry(m, chain->states[i], symbol);
        if (entry != UINT32_MAX) return chain->escapes[i] + m->costs[entry];
    }
    return COST_NONE;
}

/* Bits in 1/256 of what follows the symbol of a copy. */
static inline uint32_t copy_cost(const struct model *m, size_t size, uint32_t distance) {
    return (uint32_t)m->lengths.costs[part_class((uint32_t)size - COPY_SHORTEST)] +
           m->distances.costs[part_class(distance - 1)];
}

#endif
