#include "training.h"

/* Binary logarithm bit by bit: squaring the mantissa doubles its logarithm (Knuth, TAOCP 1, 1.2.2). */
uint32_t log2_q8(uint64_t v) {
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

uint64_t next_random(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}
