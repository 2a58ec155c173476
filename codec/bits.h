/* Arithmetic on single numbers. */
#ifndef VALPACK_BITS_H
#define VALPACK_BITS_H

#include <stdint.h>

/* log2(v) in units of 1/256 bit, rounded down; 0 for v <= 1. Integers only, so that it is the same on
   every machine: squaring the mantissa doubles its logarithm (Knuth, TAOCP 1, 1.2.2). */
static inline uint32_t log2_q8(uint64_t v) {
    if (v <= 1) return 0;
    unsigned whole = 0;
    for (unsigned step = 32; step; step /= 2)
        if (v >> (whole + step)) whole += step;
    uint64_t mantissa = whole >= 31 ? v >> (whole - 31) : v << (31 - whole); /* 1.0 = 2^31 */
    uint32_t result = whole;
    for (unsigned i = 0; i < 8; i++) {
        mantissa = mantissa * mantissa >> 31;
        unsigned carry = mantissa >> 32 ? 1 : 0;
        mantissa >>= carry;
        result = result << 1 | carry;
    }
    return result;
}

/* Small numbers of either sign, modulo 2^64, become small ones: 0, -1, 1, -2, ... are 0, 1, 2, 3, ... */
static inline uint64_t zigzag(uint64_t v) {
    return v << 1 ^ (0 - (v >> 63));
}

static inline uint64_t unzigzag(uint64_t v) {
    return v >> 1 ^ (0 - (v & 1));
}

#endif
