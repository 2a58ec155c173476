/* The trainer of the symbols encoder in parts: tokens, contexts, and the section they make. */
#ifndef VALPACK_TRAIN_SYMBOLS_TRAIN_H
#define VALPACK_TRAIN_SYMBOLS_TRAIN_H

#include "arena.h"
#include "encoders/symbols_params.h"
#include "training.h"

enum { PAIR_BITS_LARGEST = 20, SYMBOL_SECTION_LARGEST = 1 << 21 };

/* One token in the making. */
struct draft_token {
    const uint8_t *text; /* within a sample */
    uint32_t size;
    uint32_t count;    /* times it was used in the last parse */
    uint32_t distinct; /* samples it was used in */
};

/* A pair of symbols that followed each other, and how often. previous == PAIR_START: at the start. */
struct pair {
    uint16_t previous, next;
    uint32_t count, distinct, last_sample;
};

enum { PAIR_START = 0xFFFF, PAIR_FREE = 0 };

struct draft {
    const struct training *training;
    struct arena arena;
    struct sample *samples; /* those that this trainer looks at */
    size_t sample_count, longest;
    struct draft_token *tokens; /* sorted; TOKENS_LARGEST + room for new ones */
    unsigned token_count;
    uint32_t literals;  /* times a byte was escaped in the last parse */
    struct pair *pairs; /* hash table of 2^pair_bits, or the used ones first after pairs_compact() */
    unsigned pair_bits;
    size_t pair_count;
    uint32_t *last_sample; /* by token, for counting distinct samples */
    /* contexts */
    unsigned tables; /* code tables */
    uint8_t *next;   /* by token: the table behind it */
    unsigned start, after_literal;
    uint64_t *weights; /* by table and symbol */
    uint8_t *section;  /* SYMBOL_SECTION_LARGEST */
    size_t section_size;
    symbols_place *places;
    uint16_t *path;
    uint64_t cost; /* bits of all samples in the last parse */
};

static inline uint64_t *weights_of(const struct draft *d, unsigned table) {
    return d->weights + (size_t)table * (d->token_count + 1);
}

/* Learns tokens, about three times as many as `target`. */
bool learn_tokens(struct draft *d, unsigned target);

/* Keeps the tokens that pay, at most `target` of them, in at most this many bytes of the section. */
bool fit_tokens(struct draft *d, unsigned target, uint64_t most_bytes);

/* Divides the tokens into contexts, at most `tables` of them besides table 0. */
bool learn_contexts(struct draft *d, unsigned tables);

/* Weights for one table from how often each token was used. */
void weigh_alone(struct draft *d);

/* Weights for all tables from the pairs (compacted) and the contexts. */
void weigh_contexts(struct draft *d);

/* Makes the section from tokens, contexts and weights. false: out of memory or too large. */
bool make_section(struct draft *d);

/* Cuts all samples with the section and counts tokens and pairs. */
bool count_usage(struct draft *d);

/* Moves the used pairs to the front, sorted by previous and next. */
void pairs_compact(struct draft *d);

#endif
