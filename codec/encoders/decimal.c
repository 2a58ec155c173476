#include "decimal.h"

#include "wide.h"

enum { DOUBLE_SCALE_LIMIT = 16, DOUBLE_DIGIT_BITS = 40, MANTISSA_BITS = 52, EXPONENT_BIAS = 1023 };

static bool is_digit(uint8_t c) {
    return c >= '0' && c <= '9';
}

bool decimal_of_text(const uint8_t *text, size_t size, struct decimal *d) {
    *d = (struct decimal){.negative = size && text[0] == '-'};
    size_t start = d->negative, point = size;
    for (size_t i = start; i < size; i++) {
        if (text[i] == '.' && point == size) {
            point = i;
            continue;
        }
        if (!is_digit(text[i]) || d->digits > (UINT64_MAX - 9) / 10) return false;
        d->digits = d->digits * 10 + (uint64_t)(text[i] - '0');
    }
    bool leading_zero = point > start + 1 && text[start] == '0';
    if (point == start || point + 1 >= size || leading_zero || size - point - 1 >= DECIMAL_SCALE_LIMIT)
        return false;
    d->scale = (unsigned)(size - point - 1);
    return true;
}

void put_decimal_text(struct writer *w, const struct decimal *d) {
    uint8_t text[DECIMAL_SCALE_LIMIT + 24];
    size_t at = sizeof text;
    uint64_t digits = d->digits;
    unsigned written = 0;
    while (written <= d->scale || digits) {
        if (written == d->scale && d->scale) text[--at] = '.';
        text[--at] = (uint8_t)('0' + digits % 10);
        digits /= 10;
        written++;
    }
    if (d->negative) text[--at] = '-';
    put_bytes(w, text + at, sizeof text - at);
}

static uint64_t power_of_ten(unsigned exponent) {
    uint64_t power = 1;
    while (exponent--) power *= 10;
    return power;
}

/* 64 x 64 bits by halves. */
static struct wide product(uint64_t a, uint64_t b) {
    uint64_t a1 = a >> 32, a0 = a & 0xFFFFFFFFu, b1 = b >> 32, b0 = b & 0xFFFFFFFFu;
    struct wide sum = {.high = a1 * b1, .low = a0 * b0};
    sum = wide_add(sum, wide_left(wide_of(a1 * b0), 32));
    return wide_add(sum, wide_left(wide_of(a0 * b1), 32));
}

/* Long division: two bits more than the mantissa has, and whether anything is left. */
bool double_of_decimal(const struct decimal *d, uint64_t *bits) {
    uint64_t sign = (uint64_t)d->negative << 63;
    if (d->scale >= DOUBLE_SCALE_LIMIT || d->digits >> DOUBLE_DIGIT_BITS) return false;
    *bits = sign;
    if (d->digits == 0) return true;
    uint64_t divisor = power_of_ten(d->scale), quotient = d->digits / divisor, rest = d->digits % divisor;
    unsigned exponent = EXPONENT_BIAS + MANTISSA_BITS;
    while (quotient >> (MANTISSA_BITS + 2) == 0) {
        rest *= 2;
        quotient = quotient << 1 | (rest >= divisor);
        if (rest >= divisor) rest -= divisor;
        exponent--;
    }
    bool above_half = (quotient & 1) || rest;
    uint64_t mantissa = quotient >> 2;
    if (quotient & 2 && (above_half || mantissa & 1)) mantissa++;
    exponent += 2;
    /* A mantissa rounded up to 2^53 carries into the exponent by itself. */
    *bits = sign | (((uint64_t)exponent << MANTISSA_BITS) + mantissa - ((uint64_t)1 << MANTISSA_BITS));
    return true;
}

/* mantissa / 2^down * 10^scale, rounded; false beyond the digits allowed. */
static bool scaled(uint64_t mantissa, unsigned down, unsigned scale, uint64_t *digits) {
    struct wide n = wide_right(product(mantissa, power_of_ten(scale)), down - 1);
    n = wide_right(wide_add(n, wide_of(1)), 1);
    *digits = n.low;
    return n.high == 0 && n.low >> DOUBLE_DIGIT_BITS == 0;
}

bool decimal_of_double(uint64_t bits, struct decimal *d) {
    *d = (struct decimal){.negative = bits >> 63};
    uint64_t magnitude = bits & ~((uint64_t)1 << 63);
    if (magnitude == 0) return true;
    unsigned exponent = (unsigned)(magnitude >> MANTISSA_BITS);
    uint64_t mantissa = (magnitude & (((uint64_t)1 << MANTISSA_BITS) - 1)) | (uint64_t)1 << MANTISSA_BITS;
    if (exponent >= EXPONENT_BIAS + MANTISSA_BITS || exponent + 64 < EXPONENT_BIAS) return false;
    unsigned down = EXPONENT_BIAS + MANTISSA_BITS - exponent;
    for (; d->scale < DOUBLE_SCALE_LIMIT; d->scale++) {
        uint64_t back;
        if (!scaled(mantissa, down, d->scale, &d->digits)) return false;
        if (double_of_decimal(d, &back) && back == bits) return true;
    }
    return false;
}
