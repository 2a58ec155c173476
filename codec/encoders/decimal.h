/* Decimal numbers such as 19.99 as integers: digits / 10^scale. No floating point is involved, so the
   same bytes come out on every machine. */
#ifndef VALPACK_ENCODERS_DECIMAL_H
#define VALPACK_ENCODERS_DECIMAL_H

#include "bytes.h"

enum { DECIMAL_SCALE_LIMIT = 32 };

struct decimal {
    bool negative;
    unsigned scale; /* digits after the point, below DECIMAL_SCALE_LIMIT */
    uint64_t digits;
};

/* Reads "-12.50" and the like: JSON's spelling, at least one digit after the point, no exponent. false
   for anything else, and for what does not fit. */
bool decimal_of_text(const uint8_t *text, size_t size, struct decimal *d);

/* The inverse; without a point for scale 0. */
void put_decimal_text(struct writer *w, const struct decimal *d);

/* The shortest decimal of at most 40 bits and 15 digits after the point that is this IEEE double and
   no other; false if there is none. */
bool decimal_of_double(uint64_t bits, struct decimal *d);

/* The double nearest to the decimal, ties to even. false beyond what decimal_of_double() gives. */
bool double_of_decimal(const struct decimal *d, uint64_t *bits);

#endif
