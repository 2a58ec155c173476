/*
 * Numbers of up to BIG_BITS bits in mixed radix, and their shortest spelling as bits.
 *
 * Digits of different bases that are multiplied into one number lose no bits between them; numbers
 * that are written in as few bytes as possible, with the length known to the reader, use every bit
 * of every length (bijective numeration).
 */
#ifndef VALPACK_RADIX_H
#define VALPACK_RADIX_H

#include "bytes.h"

enum { BIG_LIMBS = 34, BIG_BITS = BIG_LIMBS * 32 };

/* Least significant limb first; limbs[used - 1] is not 0, and nothing above it is looked at. */
struct big {
    uint32_t limbs[BIG_LIMBS];
    unsigned used;
};

static inline struct big big_zero(void) {
    return (struct big){.used = 0};
}

/* n = n * factor + add, 1 <= factor <= 2^32, add < 2^32. false (and n spoiled) beyond BIG_BITS. */
bool big_multiply_add(struct big *n, uint64_t factor, uint64_t add);

/* n = n / divisor, 1 <= divisor <= 2^32; returns the remainder. */
uint64_t big_divide(struct big *n, uint64_t divisor);

/* a = a + b; false (and a spoiled) beyond BIG_BITS. */
bool big_add(struct big *a, const struct big *b);

/* a = a - b for a >= b. */
void big_subtract(struct big *a, const struct big *b);

/* Below 0, 0 or above 0 as a is less than, equal to or more than b. */
int big_compare(const struct big *a, const struct big *b);

/* The number of bits up to the highest that is set. */
unsigned big_width(const struct big *n);

/* One digit of any radix up to 2^64 - 1: push puts it below what n holds, pop takes it off again.
   A radix above 2^32 is worked as two digits and takes up to 2^-31 more room than it needs, so pop
   may give a digit that is not below the radix: the caller checks. push is false beyond BIG_BITS. */
bool big_push(struct big *n, uint64_t digit, uint64_t radix);
uint64_t big_pop(struct big *n, uint64_t radix);

/* n = n * (the room one digit of this radix takes); false beyond BIG_BITS. */
bool big_push_room(struct big *n, uint64_t radix);

/* A radix 1..256 with what replaces division by it (T. Granlund, P. Montgomery: Division by Invariant
   Integers using Multiplication, PLDI 1994): m / size = m * reciprocal >> shift for m < 2^31. */
struct radix {
    uint32_t size, reciprocal;
    uint8_t shift;
};

struct radix radix_of(unsigned size);

/* Many digits of small radices, the first one the most significant. push is false beyond BIG_BITS. */
bool big_push_digits(struct big *n, const uint8_t *digits, const struct radix *radices, size_t count);
void big_pop_digits(struct big *n, uint8_t *digits, const struct radix *radices, size_t count);

/* The same for digits of one radix. */
bool big_push_run(struct big *n, const uint8_t *digits, struct radix radix, size_t count);
void big_pop_run(struct big *n, uint8_t *digits, struct radix radix, size_t count);

/* The last of starts[0..count) that is not above n; starts[0] is 0 and they ascend. */
size_t big_search(const struct big *starts, size_t count, const struct big *n);

/* ---- Numbers as bits ------------------------------------------------------------------------ */

/* `count` bits of n, most significant first. n has no more than that. */
void put_big(struct bit_writer *w, const struct big *n, unsigned count);
/* 0 <= count <= BIG_BITS. */
struct big take_big(struct bit_reader *in, unsigned count);

/*
 * A payload that is one number: with k bits before the next byte boundary, the first 2^k numbers
 * take those k bits, the next 2^(k+8) take one byte more, and so on. Needs no length and no padding.
 * take_number takes all that is left; false when it is too long for a number.
 */
bool put_number(struct bit_writer *w, const struct big *n);
bool take_number(struct bit_reader *in, struct big *n);

#endif
