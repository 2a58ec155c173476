/* Phrases in the making: what their learner's parts share. */
#ifndef VALPACK_TRAIN_MODEL_DRAFT_H
#define VALPACK_TRAIN_MODEL_DRAFT_H

#include "model_pairs.h"
#include "model_phrases.h"

enum {
    SYMBOLS_LARGEST = 1 << 17, /* bytes and all phrases ever joined */
    PAIR_FEWEST = 4,
    PHRASE_FEWEST = 3, /* uses */
    ROUND_SHARE = 8    /* 1 / this of what could be joined or dropped is, in a round */
};

static const uint32_t SYMBOL_NONE = UINT32_MAX;

struct symbol {
    const uint8_t *text;
    uint32_t size, left, right; /* the two symbols it was joined from */
    uint32_t uses, distinct, last_sample;
    uint32_t same_hash;     /* another symbol, 0: none */
    bool is_left, is_right; /* of a pair that is joined in this round */
    uint16_t number;        /* of the token in the end */
    bool gains, dropped;    /* a symbol it is part of is dropped; it is itself */
};

/* Something to be chosen or dropped in the order of its score. */
struct scored {
    uint64_t score;
    uint32_t index;
};

struct phrase_draft {
    struct arena work;
    struct samples samples;
    const struct phrase_recipe *recipe;
    uint32_t *tokens, *spare; /* bytes of all samples at most */
    uint32_t *starts;
    struct symbol *symbols;
    uint32_t symbol_count;
    uint32_t *by_hash; /* symbols by hash of the text; SYMBOLS_LARGEST */
    uint8_t *text_block;
    uint32_t text_left;
    struct pairs pairs;
    struct scored *scored; /* room for every pair that is not too rare, and for every symbol */
};

static inline uint32_t token_count(const struct phrase_draft *l) {
    return l->starts[l->samples.count];
}

static inline bool is_rare(const struct phrase_draft *l, const struct symbol *s) {
    return s->uses < PHRASE_FEWEST || s->distinct < l->recipe->min_count;
}

/* Counts the uses of all symbols anew. */
void count_uses(struct phrase_draft *l);

/* How likely, in percent, one of two neighbours must make the other to be joined. Digits mostly vary,
   and where punctuation meets a word, either may belong to a template and the other to what is
   filled in. */
unsigned needed_at(uint8_t before, uint8_t after, unsigned theta);

int highest_first(const void *a, const void *b);

/* The symbol of this text, in use or not, or SYMBOL_NONE. */
uint32_t find_text(const struct phrase_draft *l, const uint8_t *text, uint32_t size);

/* Joins pairs until nothing is worth it. false: out of memory. */
bool join_phrases(struct phrase_draft *l);

/* Takes apart what is too rare or was joined wrongly, and what goes beyond the limits. */
void drop_phrases(struct phrase_draft *l);

/* Cuts the samples anew by cost; phrases may get rare by that. false: out of memory. */
bool parse_phrases(struct phrase_draft *l);

/* Takes apart what is too rare, into what is not. */
void drop_last(struct phrase_draft *l);

#endif
