/*
 * The tokens of the symbols encoder, sorted, and how those that match at a place are found. Shared
 * by the encoder and its trainer.
 */
#ifndef VALPACK_SYMBOLS_TABLE_H
#define VALPACK_SYMBOLS_TABLE_H

#include "bytes.h"

enum {
    TOKEN_LARGEST = 128,    /* bytes of the longest token */
    TOKENS_LARGEST = 16384, /* tokens at most */
    TOKEN_PREFIXES = 1 << 16,
    TOKEN_NONE = 0xFFFF
};

/* Tokens in rising lexicographic order, no two equal. Arrays belong to whoever fills them in. */
struct token_set {
    unsigned count;
    const uint8_t *text;     /* all tokens one after the other */
    const uint32_t *offsets; /* count + 1 of them, into text */
    uint64_t *keys;          /* the first 8 bytes, big-endian, zeros behind */
    uint16_t *parents;       /* the longest other token that is a prefix; TOKEN_NONE */
    uint16_t *firsts;        /* TOKEN_PREFIXES + 1: the first token whose first two bytes, big-endian,
                                are this number or more */
};

static inline size_t token_size(const struct token_set *s, unsigned token) {
    return s->offsets[token + 1] - s->offsets[token];
}

static inline const uint8_t *token_bytes(const struct token_set *s, unsigned token) {
    return s->text + s->offsets[token];
}

/* Fills in keys, parents and firsts from count, text and offsets. false: not sorted, or an empty or
   too long token. */
bool token_set_index(struct token_set *s);

/* The longest token that is a prefix of the text (size >= 1), TOKEN_NONE without one. The others
   that match are its parents. */
unsigned token_set_match(const struct token_set *s, const uint8_t *text, size_t size);

#endif
