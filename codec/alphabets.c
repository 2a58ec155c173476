#include "alphabets.h"

/* Symbols in ascending order, how many they are, and as a set: bits of 0x00 up and of 0x40 up. The
   numbers are pinned: append only. */
static const struct known {
    const char *symbols;
    size_t size;
    uint64_t low, high;
} known[] = {
    {"01", 2, 0x0003000000000000, 0x0000000000000000},
    {"012", 3, 0x0007000000000000, 0x0000000000000000},
    {"ACGT", 4, 0x0000000000000000, 0x000000000010008A},
    {"acgt", 4, 0x0000000000000000, 0x0010008A00000000},
    {"01234567", 8, 0x00FF000000000000, 0x0000000000000000},
    {"0123456789", 10, 0x03FF000000000000, 0x0000000000000000},
    {"0123456789ABCDEF", 16, 0x03FF000000000000, 0x000000000000007E},
    {"0123456789abcdef", 16, 0x03FF000000000000, 0x0000007E00000000},
    {" ,-./0123456789:", 16, 0x07FFF00100000000, 0x0000000000000000},
    {"-0123456789abcdef", 17, 0x03FF200000000000, 0x0000007E00000000},
    /* base32, RFC 4648 */
    {"234567ABCDEFGHIJKLMNOPQRSTUVWXYZ", 32, 0x00FC000000000000, 0x0000000007FFFFFE},
    {"234567abcdefghijklmnopqrstuvwxyz", 32, 0x00FC000000000000, 0x07FFFFFE00000000},
    /* Crockford's base32: ULID */
    {"0123456789ABCDEFGHJKMNPQRSTVWXYZ", 32, 0x03FF000000000000, 0x0000000007DF6DFE},
    {"0123456789abcdefghjkmnpqrstvwxyz", 32, 0x03FF000000000000, 0x07DF6DFE00000000},
    /* base32hex: xid, snowflake */
    {"0123456789ABCDEFGHIJKLMNOPQRSTUV", 32, 0x03FF000000000000, 0x00000000007FFFFE},
    {"0123456789abcdefghijklmnopqrstuv", 32, 0x03FF000000000000, 0x007FFFFE00000000},
    {"ABCDEFGHIJKLMNOPQRSTUVWXYZ", 26, 0x0000000000000000, 0x0000000007FFFFFE},
    {"abcdefghijklmnopqrstuvwxyz", 26, 0x0000000000000000, 0x07FFFFFE00000000},
    {" abcdefghijklmnopqrstuvwxyz", 27, 0x0000000100000000, 0x07FFFFFE00000000},
    {"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 36, 0x03FF000000000000, 0x0000000007FFFFFE},
    {"0123456789abcdefghijklmnopqrstuvwxyz", 36, 0x03FF000000000000, 0x07FFFFFE00000000},
    /* slugs and host names */
    {"-.0123456789_abcdefghijklmnopqrstuvwxyz", 39, 0x03FF600000000000, 0x07FFFFFE80000000},
    {"-./0123456789:@_abcdefghijklmnopqrstuvwxyz", 42, 0x07FFE00000000000, 0x07FFFFFE80000001},
    {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 52, 0x0000000000000000, 0x07FFFFFE07FFFFFE},
    /* base58 */
    {"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", 58, 0x03FE000000000000,
     0x07FFEFFE07FF7DFE},
    /* base62 */
    {"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 62, 0x03FF000000000000,
     0x07FFFFFE07FFFFFE},
    /* base64 without '=' */
    {"+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 64, 0x03FF880000000000,
     0x07FFFFFE07FFFFFE},
    /* base64url, nanoid */
    {"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz", 64, 0x03FF200000000000,
     0x07FFFFFE87FFFFFE},
    {" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~", 95,
     0xFFFFFFFF00000000, 0x7FFFFFFFFFFFFFFF},
};

enum { KNOWN = sizeof known / sizeof known[0] };

const char *known_alphabet(unsigned number) {
    return number < KNOWN ? known[number].symbols : NULL;
}

bool alphabet_make(struct alphabet *a, const uint8_t *symbols, size_t size) {
    *a = (struct alphabet){.symbols = symbols, .size = (uint16_t)size};
    for (size_t i = 0; i < size; i++) {
        if (i && symbols[i] <= symbols[i - 1]) return false;
        a->digits[symbols[i]] = (uint8_t)i;
    }
    return size <= 256;
}

struct byte_set set_of(const void *bytes, size_t size) {
    struct byte_set s = {{0, 0, 0, 0}};
    const uint8_t *p = bytes;
    for (size_t i = 0; i < size; i++) set_add(&s, p[i]);
    return s;
}

unsigned set_size(const struct byte_set *s) {
    unsigned size = 0;
    for (int i = 0; i < 4; i++)
        for (uint64_t word = s->words[i]; word; word &= word - 1) size++;
    return size;
}

size_t set_members(const struct byte_set *s, uint8_t *symbols) {
    size_t size = 0;
    for (unsigned word = 0; word < 4; word++) {
        unsigned bit = 0;
        for (uint64_t rest = s->words[word]; rest; rest >>= 1, bit++)
            if (rest & 1) symbols[size++] = (uint8_t)(word * 64 + bit);
    }
    return size;
}

unsigned smallest_alphabet(const struct byte_set *s) {
    unsigned best = ALPHABET_DECLARED;
    if (s->words[2] | s->words[3]) return best;
    for (unsigned i = 0; i < KNOWN; i++) {
        if ((s->words[0] & ~known[i].low) | (s->words[1] & ~known[i].high)) continue;
        if (best == ALPHABET_DECLARED || known[i].size < known[best].size) best = i;
    }
    return best;
}
