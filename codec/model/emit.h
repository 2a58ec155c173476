/* Coding one symbol of a value with a model, and the parts of copies both ways. */
#ifndef VALPACK_MODEL_EMIT_H
#define VALPACK_MODEL_EMIT_H

#include "model.h"
#include "range_coder.h"

enum { CHAIN_LARGEST = 16 /* states from the deepest to the root */ };

/* One symbol of a value. */
struct step {
    uint32_t distance; /* of a copy */
    uint16_t size;     /* bytes of the value */
    uint16_t symbol;
};

/* The states in which a symbol may be coded at one place, and bits in 1/256 of the ESCAPEs before. */
struct state_chain {
    unsigned count;
    unsigned states[CHAIN_LARGEST];
    uint32_t escapes[CHAIN_LARGEST];
};

/* Where a symbol was found: its entry, UINT32_MAX = nowhere, and the number of the state in the chain. */
struct found {
    uint32_t entry;
    unsigned level;
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

static inline struct found find_in_chain(const struct model *m, const struct state_chain *chain,
                                         unsigned symbol) {
    struct found f = {UINT32_MAX, 0};
    for (; f.level < chain->count; f.level++)
        if ((f.entry = find_entry(m, chain->states[f.level], symbol)) != UINT32_MAX) return f;
    return f;
}

/* Codes a symbol that was found, with its ESCAPEs; text: the bytes of the step. */
void emit(struct range_encoder *e, const struct model *m, const struct state_chain *chain, struct found f);

/* Codes what follows the symbols of runs and copies. */
void emit_details(struct range_encoder *e, const struct model *m, struct step step, const uint8_t *text);

/* Decodes one part of a copy, whatever the input below 2^16. */
uint32_t take_part(struct range_decoder *d, const struct part_weights *p);

#endif
