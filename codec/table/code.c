#include "code.h"

bool code_make(struct code *c, unsigned name, unsigned width) {
    *c = (struct code){.name = (uint8_t)name, .width = (uint8_t)width};
    if (width > 64) return false;
    if (width == 0) return name == 0;
    c->largest = UINT64_MAX >> (64 - width);
    if (name == CODE_PLAIN) return true;
    unsigned shift = name >> 2, fraction = name & 3;
    if (shift >= width || (shift == 0 && fraction) || (shift == 1 && fraction & 1)) return false;
    c->modulus = shift >= 2 ? (uint64_t)(4 + fraction) << (shift - 2) : (4 + fraction) << shift >> 2;
    c->remainder = c->modulus == 1 ? 0 : (uint8_t)(bits_of(c->modulus - 1) - 1);
    c->shorts = ((uint64_t)2 << c->remainder) - c->modulus; /* 2^64 wraps to 0 where that is meant */
    c->quick = c->remainder <= CODE_QUICK;
    c->first_long = c->modulus == 1 ? UINT64_MAX : c->shorts << (63 - c->remainder) << 1;
    return true;
}

/* ---- Writing -------------------------------------------------------------------------------- */

static uint64_t bits_of_one(const struct code *c, uint64_t number) {
    uint64_t ones = number / c->modulus;
    if (ones >= CODE_ESCAPE) return CODE_ESCAPE + (uint64_t)c->width;
    return ones + 1 + c->remainder + (number - ones * c->modulus >= c->shorts);
}

uint64_t code_bits(const struct code *c, const uint64_t *numbers, size_t count) {
    if (c->width == 0) return 0;
    if (c->name == CODE_PLAIN) return (uint64_t)count * c->width;
    uint64_t bits = 0;
    for (size_t i = 0; i < count; i++) bits += bits_of_one(c, numbers[i]);
    return bits;
}

/* The same for a modulus of 2^shift, without divisions. */
static uint64_t shifted_bits(const uint64_t *numbers, size_t count, unsigned shift, unsigned width) {
    uint64_t bits = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t ones = numbers[i] >> shift;
        bits += ones < CODE_ESCAPE ? ones + 1 + shift : CODE_ESCAPE + (uint64_t)width;
    }
    return bits;
}

static void keep_better(struct code *best, uint64_t *bits, const struct code *c, uint64_t its_bits) {
    if (its_bits >= *bits) return;
    *best = *c;
    *bits = its_bits;
}

/* The best power of two, then what lies between it and its neighbours. */
struct code code_choose(const uint64_t *numbers, size_t count) {
    uint64_t any = 0;
    for (size_t i = 0; i < count; i++) any |= numbers[i];
    unsigned width = bits_of(any), best_shift = 0;
    struct code best, c;
    code_make(&best, width ? CODE_PLAIN : 0, width);
    uint64_t bits = code_bits(&best, numbers, count), shifted = UINT64_MAX;
    for (unsigned shift = 0; shift < width; shift++) {
        uint64_t its_bits = shifted_bits(numbers, count, shift, width);
        if (its_bits < shifted) best_shift = shift;
        if (its_bits < shifted) shifted = its_bits;
        if (code_make(&c, shift << 2, width)) keep_better(&best, &bits, &c, its_bits);
    }
    unsigned from = best_shift ? (best_shift - 1) << 2 : 0;
    for (unsigned name = from; width && name < from + 8; name++)
        if (name & 3 && code_make(&c, name, width))
            keep_better(&best, &bits, &c, code_bits(&c, numbers, count));
    return best;
}

void put_coded(struct bit_writer *w, const struct code *c, uint64_t number) {
    if (c->name == CODE_PLAIN || c->width == 0) {
        put_wide_bits(w, number, c->width);
        return;
    }
    uint64_t ones = number / c->modulus, remainder = number - ones * c->modulus;
    if (ones >= CODE_ESCAPE) {
        put_bits(w, 0xFFFF, CODE_ESCAPE);
        put_wide_bits(w, number, c->width);
        return;
    }
    put_bits(w, ((uint64_t)2 << ones) - 2, (unsigned)ones + 1);
    if (remainder < c->shorts) put_wide_bits(w, remainder, c->remainder);
    else put_wide_bits(w, remainder + c->shorts, c->remainder + 1u);
}

/* ---- Reading -------------------------------------------------------------------------------- */

static uint64_t refuse(struct bit_reader *r) {
    r->bad = true;
    return 0;
}

static uint64_t take_escaped(struct bit_reader *r, const struct code *c) {
    uint64_t number = take_plain(r, c->width);
    return number / c->modulus < CODE_ESCAPE ? refuse(r) : number;
}

uint64_t take_coded_slowly(struct bit_reader *r, const struct code *c) {
    if (c->name == CODE_PLAIN || c->width == 0) return take_plain(r, c->width);
    unsigned ones = 0;
    while (ones < CODE_ESCAPE && take_plain(r, 1)) ones++;
    if (ones == CODE_ESCAPE) return take_escaped(r, c);
    uint64_t remainder = take_plain(r, c->remainder);
    if (remainder >= c->shorts) remainder = (remainder << 1 | take_plain(r, 1)) - c->shorts;
    if (ones && c->modulus > (UINT64_MAX - remainder) / ones) return refuse(r);
    uint64_t number = ones * c->modulus + remainder;
    return number > c->largest ? refuse(r) : number;
}
