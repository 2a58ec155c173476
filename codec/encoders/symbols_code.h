/*
 * The prefix codes of the symbols encoder: one canonical code per context, code words of 1 to 16
 * bits. Shared by the encoder and its trainer.
 *
 * Code words are taken from the top of the 16-bit space downwards, shortest first, and the lowest
 * 1/256 of the space stays free: eight zero bits are no code word, so that the zero bits that pad
 * the last byte end the value and no end mark is stored (after D. Huffman's code in the canonical
 * form of Schwartz and Kallick, CACM 7 (1964), turned upside down).
 */
#ifndef VALPACK_SYMBOLS_CODE_H
#define VALPACK_SYMBOLS_CODE_H

#include "bytes.h"

enum {
    CODE_LONGEST = 16,
    CODE_SPACE = 1 << CODE_LONGEST,
    CODE_RESERVED = CODE_SPACE >> 8, /* below this, no code word */
    CODE_NONE = 0,                   /* length of a symbol without a code word */
    CODE_LONG = 1 << 30,
    CODE_FIRST_BITS = 10 /* with 8, decoding takes a fifth longer */
};

/* `firsts` answers by the first bits alone: symbol << 8 | length if they hold a whole code word, else
   CODE_LONG + a length that no code word there is below. */
struct code_table {
    uint32_t lows[CODE_LONGEST + 2];   /* smallest left-justified code word of each length; [0] = all */
    uint16_t starts[CODE_LONGEST + 2]; /* index into symbols of the first one of each length */
    uint32_t firsts[1 << CODE_FIRST_BITS];
    unsigned count;
    const uint8_t *symbols; /* little-endian u16 each: by length, then by number */
};

static inline unsigned code_symbol(const struct code_table *t, unsigned index) {
    return load_le16(t->symbols + 2 * (size_t)index);
}

/* Fills in a table from the number of code words of each length 1..16 and the symbols' bytes.
   false: more code words than fit above the reserved space. */
bool code_table_build(struct code_table *t, const uint16_t counts[CODE_LONGEST + 1], const uint8_t *symbols);

/* The code word that begins these 16 bits, as symbol << 8 | length; 0 if none does. */
static inline uint32_t code_lookup(const struct code_table *t, uint32_t bits) {
    uint32_t first = t->firsts[bits >> (CODE_LONGEST - CODE_FIRST_BITS)];
    if (first < CODE_LONG) return first;
    unsigned length = first - CODE_LONG;
    while (length <= CODE_LONGEST && bits < t->lows[length]) length++;
    if (length > CODE_LONGEST) return 0;
    unsigned index = t->starts[length] + ((bits - t->lows[length]) >> (CODE_LONGEST - length));
    return code_symbol(t, index) << 8 | length;
}

/* The code word of the symbol at this place of the table, one of those of this length. */
static inline uint32_t code_word_at(const struct code_table *t, unsigned index, unsigned length) {
    return (t->lows[length] >> (CODE_LONGEST - length)) + (index - t->starts[length]);
}

/* Code word lengths for `count` symbols with these weights: 1..16, CODE_NONE for weight 0. Ties go
   to the smaller number. `heap` has room for count numbers. false: more symbols than code words. */
bool code_lengths(const uint64_t *weights, unsigned count, uint8_t *lengths, uint32_t *heap);

#endif
