/*
 * Phrases of the model encoder: pieces of text that come again and again, so that keys, templates
 * and frequent words are one symbol each and end where what varies begins.
 */
#ifndef VALPACK_TRAIN_MODEL_PHRASES_H
#define VALPACK_TRAIN_MODEL_PHRASES_H

#include "arena.h"
#include "training.h"

enum { PHRASE_LARGEST = 128, PHRASES_LARGEST = 16384, PHRASE_FIRST = 256 };

struct phrase {
    const uint8_t *text;
    uint32_t size;
    uint32_t uses;     /* tokens of the stream */
    uint32_t distinct; /* samples it is a token of */
};

struct phrase_recipe {
    unsigned theta;      /* percent: how sure one neighbour must make the other inside of words */
    unsigned most;       /* phrases */
    uint64_t most_bytes; /* of all texts */
    uint64_t min_count;  /* a phrase of fewer samples may be a secret of somebody: it is none */
};

struct phrase_set {
    struct phrase *items; /* in the order of their texts, no two equal; 2 .. PHRASE_LARGEST bytes */
    unsigned count;
    uint16_t *tokens; /* of sample i: tokens[starts[i]] .. tokens[starts[i + 1] - 1] */
    uint32_t *starts; /* tokens 0 .. 255 are bytes, PHRASE_FIRST + j is items[j] */
};

/* Everything in the arena. Deterministic. false: out of memory. */
bool learn_phrases(struct arena *a, struct samples samples, const struct phrase_recipe *recipe,
                   struct phrase_set *out);

#endif
