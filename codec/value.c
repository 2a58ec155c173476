#include "value.h"

#include <string.h>

/* The number of the class bit of each ASCII byte. */
// clang-format off
static const uint8_t class_bit[128] = {
    17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, // 0x00
    17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, // 0x10
    5, 16, 15, 16, 16, 16, 16, 16, 16, 16, 16, 11, 9, 6, 8, 12,     // space to /
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 16, 16, 13, 16, 16,           // 0 to ?
    16, 2, 2, 2, 2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4, 4,                // @ to O
    4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 14, 16, 14, 16, 7,             // P to _
    16, 1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 3, 3, 3,                // ` to o
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 14, 16, 14, 16, 17};           // p to DEL
// clang-format on

uint32_t class_of(uint8_t byte) {
    return byte < 128 ? 1u << class_bit[byte] : (uint32_t)CLASS_HIGH;
}

bool is_canonical_integer(const uint8_t *bytes, size_t size) {
    static const char largest[] = "9223372036854775807", smallest[] = "9223372036854775808";
    if (size == 0) return false;
    bool negative = bytes[0] == '-';
    size_t digits = size - negative;
    if (digits == 0 || digits > 19) return false;
    const uint8_t *first = bytes + negative;
    for (size_t i = 0; i < digits; i++)
        if (first[i] < '0' || first[i] > '9') return false;
    if (first[0] == '0') return size == 1;
    return digits < 19 || memcmp(first, negative ? smallest : largest, 19) <= 0;
}

struct value value_of(const void *bytes, size_t size) {
    struct value v = {.bytes = bytes, .size = size, .classes = 0, .canonical_integer = false};
    for (size_t i = 0; i < size; i++) v.classes |= class_of(v.bytes[i]);
    if (size <= 20 && value_within(&v, CLASS_DIGIT | CLASS_DASH))
        v.canonical_integer = is_canonical_integer(v.bytes, size);
    return v;
}
