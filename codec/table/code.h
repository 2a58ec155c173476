/*
 * Codes of a packed table: small numbers in few bits. Golomb codes with moduli that have three
 * significant bits, and plain numbers. Geometric gaps lose 0.03 bits each.
 */
#ifndef VALPACK_TABLE_CODE_H
#define VALPACK_TABLE_CODE_H

#include "bytes.h"

enum {
    CODE_PLAIN = 255, /* in place of a modulus: the number in `width` bits */
    CODE_ESCAPE = 16, /* one bits after which the number itself follows */
    CODE_QUICK = 38   /* bits of a remainder up to which a code lies within one load of 57 bits */
};

struct code {
    uint8_t name, width; /* as in the head */
    uint8_t remainder;   /* bits that a short remainder takes */
    uint64_t modulus;
    uint64_t shorts; /* so many remainders are short, others take one bit more */
    uint64_t largest;
};

/* The code that two bytes name; false if they name none. */
bool code_make(struct code *c, unsigned name, unsigned width);

/* The code in which these numbers take the fewest bits. */
struct code code_choose(const uint64_t *numbers, size_t count);

/* How many bits the numbers take. */
uint64_t code_bits(const struct code *c, const uint64_t *numbers, size_t count);

void put_coded(struct bit_writer *w, const struct code *c, uint64_t number);

/* What take_coded() does with long remainders, after escapes and at the end. */
uint64_t take_rarely_coded(struct bit_reader *r, const struct code *c);

/* How many bits v has without leading zeros. */
static inline unsigned bits_of(uint64_t v) {
#if defined(__GNUC__)
    return v ? 64u - (unsigned)__builtin_clzll(v) : 0;
#else
    unsigned bits = 0;
    for (; v; v >>= 1) bits++;
    return bits;
#endif
}

static inline uint64_t take_coded(struct bit_reader *r, const struct code *c) {
    size_t byte = r->at >> 3;
    if (r->bad || c->name == CODE_PLAIN || c->width == 0 || c->remainder > CODE_QUICK ||
        (r->end >> 3) - byte < 8)
        return take_rarely_coded(r, c);
    uint64_t window = load_be64(r->base + byte) << (r->at & 7);
    unsigned ones = 64 - bits_of(~window);
    if (ones >= CODE_ESCAPE) return take_rarely_coded(r, c);
    uint64_t rest = window << (ones + 1), remainder = rest >> 1 >> (63 - c->remainder);
    size_t size = ones + 1u + c->remainder;
    if (remainder >= c->shorts) {
        remainder = (rest >> (63 - c->remainder)) - c->shorts;
        size++;
    }
    uint64_t number = ones * c->modulus + remainder;
    r->at += size;
    if (number > c->largest) r->bad = true;
    return number;
}

#endif
