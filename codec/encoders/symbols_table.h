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
    TOKEN_SHORTS = 1 << 16,
    TOKEN_KEY = 8, /* bytes of a token in its key */
    TOKEN_NONE = 0xFFFF
};

/* What decoding and matching need of a token, in one place. */
struct token {
    uint32_t offset; /* into the text of all tokens */
    uint8_t size;
    uint8_t next;    /* the table of the code word behind it */
    uint16_t parent; /* the longest other token that is a prefix; TOKEN_NONE */
};

/* The tokens of three bytes and more that begin with the same three; `end` == 0: free. */
struct token_bucket {
    uint32_t prefix;
    uint16_t first, end;
};

/* Tokens in rising lexicographic order, no two equal. Arrays belong to whoever fills them in. */
struct token_set {
    unsigned count;
    const uint8_t *text;          /* all tokens one after the other */
    struct token *items;          /* count of them */
    uint64_t *keys;               /* the first 8 bytes, big-endian, zeros behind */
    uint16_t *shorts;             /* TOKEN_SHORTS: the longest token within these two bytes, big-endian */
    struct token_bucket *buckets; /* a hash table of 2^bucket_bits places */
    unsigned bucket_bits;
};

static inline size_t token_size(const struct token_set *s, unsigned token) {
    return s->items[token].size;
}

static inline const uint8_t *token_bytes(const struct token_set *s, unsigned token) {
    return s->text + s->items[token].offset;
}

/* bucket_bits for so many tokens: at least half of all buckets are free. */
unsigned token_bucket_bits(unsigned count);

/* The bucket of a prefix, or the free place for it. */
static inline struct token_bucket *token_bucket_of(const struct token_set *s, uint32_t prefix) {
    const uint32_t mask = (1u << s->bucket_bits) - 1;
    uint32_t at = (prefix * 0x9E3779B1u) >> (32 - s->bucket_bits);
    while (s->buckets[at].end && s->buckets[at].prefix != prefix) at = (at + 1) & mask;
    return &s->buckets[at];
}

/* Fills in parents, keys, shorts and buckets (all zero before) from the other members. false: not
   sorted, or an empty or too long token. */
bool token_set_index(struct token_set *s);

/* The first 8 bytes of a text as a big-endian number, zeros behind its end. */
uint64_t token_key(const uint8_t *text, size_t size);

/* The longest token that is a prefix of the text, of those in a bucket or of two bytes. */
unsigned token_bucket_match(const struct token_set *s, const struct token_bucket *b, uint64_t key,
                            struct reader text);

/* The longest token that is a prefix of the text (size >= 1, with its key), TOKEN_NONE without one.
   The others that match are its parents. */
static inline unsigned token_set_match(const struct token_set *s, uint64_t key, const uint8_t *text,
                                       size_t size) {
    const struct token_bucket *b = token_bucket_of(s, (uint32_t)(key >> 40));
    unsigned token = b->end ? token_bucket_match(s, b, key, reader_over(text, size)) : s->shorts[key >> 48];
    while (token != TOKEN_NONE && token_size(s, token) > size) token = s->items[token].parent;
    return token;
}

#endif
