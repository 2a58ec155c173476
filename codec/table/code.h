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
    bool quick;          /* to be read in one go */
    uint64_t modulus;
    uint64_t shorts; /* so many remainders are short, others take one bit more */
    uint64_t largest;
    uint64_t first_long; /* bits behind the ones from which on a remainder is long */
};

/* The code that two bytes name; false if they name none. */
bool code_make(struct code *c, unsigned name, unsigned width);

/* The code in which these numbers take the fewest bits. */
struct code code_choose(const uint64_t *numbers, size_t count);

/* How many bits the numbers take. */
uint64_t code_bits(const struct code *c, const uint64_t *numbers, size_t count);

void put_coded(struct bit_writer *w, const struct code *c, uint64_t number);

/* What take_coded() does with long remainders and escapes. */
uint64_t take_coded_slowly(struct bit_reader *r, const struct code *c);

/* How many zeros v begins with; v is not 0. */
static inline uint64_t leading_zeros(uint64_t v) {
#if defined(__GNUC__)
    return (uint64_t)__builtin_clzll(v);
#else
    uint64_t zeros = 0;
    for (; !(v >> 63); v <<= 1) zeros++;
    return zeros;
#endif
}

/* How many bits v has without leading zeros. */
static inline unsigned bits_of(uint64_t v) {
    return v ? 64 - (unsigned)leading_zeros(v) : 0;
}

/* The next bits, 57 at least, with zeros behind the last one. */
static inline uint64_t peek_bits(const struct bit_reader *r) {
    size_t byte = r->at >> 3, end = (r->end + 7) >> 3, left = end - byte;
    if (left >= 8) return load_be64(r->base + byte) << (r->at & 7);
    if (left && end >= 8) return load_be64(r->base + end - 8) << (8 * (8 - left)) << (r->at & 7);
    uint64_t bits = 0;
    for (size_t i = 0; i < left; i++) bits |= (uint64_t)r->base[byte + i] << (56 - 8 * i);
    return bits << (r->at & 7);
}

/* As take_bits(), most often in one go. */
static inline uint64_t take_plain(struct bit_reader *r, unsigned count) {
    if (r->bad || count == 0 || count > 57 || count > r->end - r->at) return take_bits(r, count);
    uint64_t bits = peek_bits(r) >> (64 - count);
    r->at += count;
    return bits;
}

static inline uint64_t take_coded_rarely(struct bit_reader *r, const struct code *c) {
    struct bit_reader copy = *r; /* so that *r itself may stay in registers */
    uint64_t number = take_coded_slowly(&copy, c);
    *r = copy;
    return number;
}

/* Bits at hand; and of the codes read, how many ones and long remainders they had, and all ones as bits. */
struct window {
    uint64_t bits, extra, any_ones;
};

/* A code that is quick, if it turns out to be no escape: any_ones is below CODE_ESCAPE then. Each step waits for
   the one before, so there are few: the highest zero bit, what is behind it, whether that begins a long
   remainder. No branch depends on it. */
static inline uint64_t pop_coded(struct window *w, const struct code *c) {
    uint64_t ones = leading_zeros(~w->bits | 1), rest = w->bits << ones << 1, longer = rest >= c->first_long;
    w->bits = rest << c->remainder << longer;
    w->extra += ones + longer;
    w->any_ones |= ones;
    return ones * c->modulus + (rest >> 1 >> (63 - c->remainder - longer)) - (c->shorts & (0 - longer));
}

static inline uint64_t take_coded(struct bit_reader *r, const struct code *c) {
    if (!c->quick || r->bad) return take_coded_rarely(r, c);
    struct window w = {.bits = peek_bits(r)};
    uint64_t number = pop_coded(&w, c);
    if (w.any_ones >= CODE_ESCAPE) return take_coded_rarely(r, c);
    size_t used = (size_t)w.extra + 1 + c->remainder;
    if (number > c->largest || used > r->end - r->at) r->bad = true;
    else r->at += used;
    return number;
}

/* Can two such codes, if they are no escapes, be read in one go? */
static inline bool is_quick_twice(const struct code *c) {
    return c->quick && 2 * (c->remainder + 1 + CODE_ESCAPE) <= 57;
}

/* Where reading in one go must end, so that nothing behind the last bit is touched. */
static inline size_t quick_end(const struct bit_reader *r) {
    return r->end < 64 ? 0 : (r->end & ~(size_t)7) - 63;
}

/* Two numbers in one go, of a code that is quick twice, from before quick_end(). false, and nothing was read,
   for escapes. Whether the numbers are within the code's width is not asked. */
static inline bool take_two_coded(struct bit_reader *r, const struct code *c, uint64_t numbers[2]) {
    struct window w = {.bits = load_be64(r->base + (r->at >> 3)) << (r->at & 7)};
    numbers[0] = pop_coded(&w, c);
    numbers[1] = pop_coded(&w, c);
    if (w.any_ones >= CODE_ESCAPE) return false;
    r->at += (size_t)w.extra + 2 * (1 + (size_t)c->remainder);
    return true;
}

#endif
