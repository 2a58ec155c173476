/* Alphabets: sets of bytes, in ascending order, in which text is written as digits of a number. */
#ifndef VALPACK_ALPHABETS_H
#define VALPACK_ALPHABETS_H

#include "bytes.h"

enum {
    ALPHABET_KINDS = 31,   /* numbers of known alphabets are below; the wire format holds them */
    ALPHABET_DECLARED = 31 /* in the place of a known one: the symbols follow */
};

struct alphabet {
    const uint8_t *symbols;
    uint16_t size;       /* 0..256 */
    uint8_t digits[256]; /* of each symbol; of other bytes 0, so symbols[digits[c]] == c tells */
};

/* Makes an alphabet of ascending symbols, whose bytes live as long as it. false if they do not
   ascend strictly. */
bool alphabet_make(struct alphabet *a, const uint8_t *symbols, size_t size);

static inline bool alphabet_has(const struct alphabet *a, uint8_t c) {
    return a->size > 0 && a->symbols[a->digits[c]] == c;
}

/* The symbols of a known alphabet; NULL for a number that stands for none yet. */
const char *known_alphabet(unsigned number);

/* A set of bytes. */
struct byte_set {
    uint64_t words[4];
};

static inline void set_add(struct byte_set *s, uint8_t c) {
    s->words[c >> 6] |= (uint64_t)1 << (c & 63);
}

static inline bool set_has(const struct byte_set *s, uint8_t c) {
    return s->words[c >> 6] >> (c & 63) & 1;
}

static inline void set_unite(struct byte_set *a, const struct byte_set *b) {
    for (int i = 0; i < 4; i++) a->words[i] |= b->words[i];
}

/* All of b are in a. */
static inline bool set_covers(const struct byte_set *a, const struct byte_set *b) {
    for (int i = 0; i < 4; i++)
        if (b->words[i] & ~a->words[i]) return false;
    return true;
}

struct byte_set set_of(const void *bytes, size_t size);
unsigned set_size(const struct byte_set *s);

/* The members in ascending order into `symbols`, 256 bytes of room; returns how many. */
size_t set_members(const struct byte_set *s, uint8_t *symbols);

/* The number of the smallest known alphabet that covers the set, the lowest of equals;
   ALPHABET_DECLARED if there is none. */
unsigned smallest_alphabet(const struct byte_set *s);

#endif
