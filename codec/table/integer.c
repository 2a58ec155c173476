#include "integer.h"

#include "value.h"

bool integer_parse(vp_bytes text, unsigned digits, int64_t *integer) {
    const uint8_t *p = text.data;
    bool negative = false;
    if (digits == 0) {
        if (!is_canonical_integer(p, text.size)) return false;
        negative = p[0] == '-';
    } else if (text.size != digits) return false;
    uint64_t number = 0;
    for (size_t i = negative; i < text.size; i++) {
        if (p[i] < '0' || p[i] > '9') return false;
        number = number * 10 + (p[i] - (unsigned)'0');
    }
    *integer = (int64_t)(negative ? 0 - number : number);
    return true;
}

size_t integer_text(int64_t integer, unsigned digits, uint8_t *out) {
    uint8_t reversed[20];
    size_t size = 0, at = 0;
    uint64_t rest = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;
    if (digits && integer < 0) return 0;
    do reversed[size++] = (uint8_t)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (digits && size > digits) return 0;
    while (size < digits) reversed[size++] = '0';
    if (integer < 0) out[at++] = '-';
    while (size) out[at++] = reversed[--size];
    return at;
}
