/* Valid UTF-8, for names that people read. */
#ifndef VALPACK_UTF8_H
#define VALPACK_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The size of the character at s (1 to 4 bytes, RFC 3629 section 4), 0 if it is none or a control
   character. left >= 1. */
static inline size_t utf8_size(const uint8_t *s, size_t left) {
    if (s[0] < 0x80) return s[0] >= 0x20 && s[0] != 0x7F;
    size_t size = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    if (s[0] < 0xC2 || s[0] > 0xF4 || size > left) return 0;
    for (size_t i = 1; i < size; i++)
        if ((s[i] & 0xC0) != 0x80) return 0;
    bool overlong = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xF0 && s[1] < 0x90);
    bool surrogate = s[0] == 0xED && s[1] > 0x9F, beyond = s[0] == 0xF4 && s[1] > 0x8F;
    return overlong || surrogate || beyond ? 0 : size;
}

/* True if all of it is valid UTF-8 without control characters. */
static inline bool utf8_valid(const uint8_t *s, size_t size) {
    for (size_t at = 0; at < size;) {
        size_t step = utf8_size(s + at, size - at);
        if (step == 0) return false;
        at += step;
    }
    return true;
}

#endif
