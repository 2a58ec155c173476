/* Unsigned numbers of 128 bits, for encoders whose values are numbers: addresses, identifiers. */
#ifndef VALPACK_ENCODERS_WIDE_H
#define VALPACK_ENCODERS_WIDE_H

#include "bytes.h"

struct wide {
    uint64_t high, low;
};

static inline struct wide wide_of(uint64_t low) {
    return (struct wide){.high = 0, .low = low};
}

static inline int wide_compare(struct wide a, struct wide b) {
    if (a.high != b.high) return a.high < b.high ? -1 : 1;
    return a.low < b.low ? -1 : a.low > b.low;
}

static inline bool wide_equal(struct wide a, struct wide b) {
    return a.high == b.high && a.low == b.low;
}

/* Modulo 2^128; the sum has wrapped when it is below a summand. */
static inline struct wide wide_add(struct wide a, struct wide b) {
    uint64_t low = a.low + b.low;
    return (struct wide){.high = a.high + b.high + (low < a.low), .low = low};
}

static inline struct wide wide_subtract(struct wide a, struct wide b) {
    return (struct wide){.high = a.high - b.high - (a.low < b.low), .low = a.low - b.low};
}

static inline struct wide wide_and(struct wide a, struct wide b) {
    return (struct wide){.high = a.high & b.high, .low = a.low & b.low};
}

static inline struct wide wide_or(struct wide a, struct wide b) {
    return (struct wide){.high = a.high | b.high, .low = a.low | b.low};
}

static inline struct wide wide_xor(struct wide a, struct wide b) {
    return (struct wide){.high = a.high ^ b.high, .low = a.low ^ b.low};
}

/* Shifts by 0..128 bits. */
static inline struct wide wide_left(struct wide v, unsigned by) {
    if (by == 0) return v;
    if (by >= 128) return wide_of(0);
    if (by >= 64) return (struct wide){.high = v.low << (by - 64), .low = 0};
    return (struct wide){.high = v.high << by | v.low >> (64 - by), .low = v.low << by};
}

static inline struct wide wide_right(struct wide v, unsigned by) {
    if (by == 0) return v;
    if (by >= 128) return wide_of(0);
    if (by >= 64) return wide_of(v.high >> (by - 64));
    return (struct wide){.high = v.high >> by, .low = v.low >> by | v.high << (64 - by)};
}

/* The lowest 0..128 bits set. */
static inline struct wide wide_mask(unsigned bits) {
    return wide_right((struct wide){.high = UINT64_MAX, .low = UINT64_MAX}, 128 - bits);
}

/* The `length` bits of v above bit `at`; at + length <= 128. */
static inline struct wide wide_field(struct wide v, unsigned at, unsigned length) {
    return wide_and(wide_right(v, at), wide_mask(length));
}

/* v, `count` bits further to the left, with more bits at its low end. */
static inline struct wide wide_append(struct wide v, uint64_t bits, unsigned count) {
    return wide_or(wide_left(v, count), wide_of(bits));
}

/* The lowest `bits` bits, 0..128; v has no higher ones. */
static inline void put_wide(struct bit_writer *w, struct wide v, unsigned bits) {
    if (bits > 64) put_wide_bits(w, v.high, bits - 64);
    put_wide_bits(w, v.low, bits > 64 ? 64 : bits);
}

static inline struct wide take_wide(struct bit_reader *r, unsigned bits) {
    struct wide v = wide_of(0);
    if (bits > 64) v.high = take_bits(r, bits - 64);
    v.low = take_bits(r, bits > 64 ? 64 : bits);
    return v;
}

/* LEB128, as the varints of bytes.h but up to 128 bits. */
static inline void put_wide_varint(struct writer *w, struct wide v) {
    while (v.high || v.low >= 0x80) {
        put_byte(w, (unsigned)(v.low & 0x7F) | 0x80);
        v = wide_right(v, 7);
    }
    put_byte(w, (unsigned)v.low);
}

static inline struct wide take_wide_varint(struct reader *r) {
    struct wide v = wide_of(0);
    for (unsigned shift = 0; shift < 128; shift += 7) {
        unsigned byte = take_byte(r);
        if (shift == 126 && byte > 3) break;
        v = wide_or(v, wide_left(wide_of(byte & 0x7F), shift));
        if (byte < 0x80) {
            if (byte == 0 && shift > 0) break;
            return v;
        }
    }
    r->bad = true;
    return wide_of(0);
}

#endif
