/* Text of any length over one alphabet, as numbers of 64 characters each. */
#ifndef VALPACK_BLOCKS_H
#define VALPACK_BLOCKS_H

#include "alphabets.h"

enum { BLOCK = 64 };

/* An alphabet with the bits that 0..BLOCK of its characters need: those of base^n - 1. */
struct packing {
    struct alphabet alphabet;
    uint16_t bits[BLOCK + 1];
};

/* For 2..256 symbols, as alphabet_make(). */
bool packing_make(struct packing *p, const uint8_t *symbols, size_t size);

/* Bits of so many characters in blocks. */
size_t packed_bits(const struct packing *p, size_t characters);

/* How much shorter a text is than the longest that fits into the same bytes, `before` bits of which
   are taken by what stands before it; and in how many bits that can always be said. */
size_t slack_of(const struct packing *p, size_t size, size_t before);
unsigned slack_bits(const struct packing *p);

/* The size of the text in the bits left, or SIZE_MAX when it would leave a byte unused. */
size_t text_size(const struct bit_reader *in, const struct packing *p, uint64_t slack);

/* Blocks of 64 characters and one of those left. put is false if the text has other characters. */
bool put_blocks(struct bit_writer *w, const uint8_t *text, size_t size, const struct packing *p);
int take_blocks(struct writer *out, struct bit_reader *in, size_t size, const struct packing *p);

#endif
