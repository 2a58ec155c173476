/* Facts about a value, found in one pass, from which encoders say quickly what is not theirs. */
#ifndef VALPACK_VALUE_H
#define VALPACK_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Classes of bytes; a value has the union of those of its bytes. */
enum byte_class {
    CLASS_DIGIT = 1 << 0,
    CLASS_HEX_LOWER = 1 << 1, /* a-f */
    CLASS_HEX_UPPER = 1 << 2, /* A-F */
    CLASS_LOWER = 1 << 3,     /* g-z */
    CLASS_UPPER = 1 << 4,     /* G-Z */
    CLASS_SPACE = 1 << 5,
    CLASS_DASH = 1 << 6,
    CLASS_UNDERSCORE = 1 << 7,
    CLASS_DOT = 1 << 8,
    CLASS_COMMA = 1 << 9,
    CLASS_COLON = 1 << 10,
    CLASS_PLUS = 1 << 11,
    CLASS_SLASH = 1 << 12,
    CLASS_EQUALS = 1 << 13,
    CLASS_BRACKET = 1 << 14, /* [ ] { } */
    CLASS_QUOTE = 1 << 15,   /* " */
    CLASS_PUNCTUATION = 1 << 16,
    CLASS_CONTROL = 1 << 17, /* 0x00-0x1F, 0x7F */
    CLASS_HIGH = 1 << 18     /* 0x80-0xFF */
};

struct value {
    const uint8_t *bytes;
    size_t size;
    uint32_t classes; /* of enum byte_class */
    bool canonical_integer;
};

uint32_t class_of(uint8_t byte);

struct value value_of(const void *bytes, size_t size);

/* What Redis stores as an integer: an optional '-', no leading zero, no "-0", within int64. */
bool is_canonical_integer(const uint8_t *bytes, size_t size);

/* True if the value has bytes of these classes only. */
static inline bool value_within(const struct value *v, uint32_t classes) {
    return (v->classes & ~classes) == 0;
}

#endif
