#include "alphabets.h"

/* In ascending order of their symbols. The numbers are pinned: append only. */
static const char *const known[ALPHABET_KINDS] = {
    "01",
    "012",
    "ACGT",
    "acgt",
    "01234567",
    "0123456789",
    "0123456789ABCDEF",
    "0123456789abcdef",
    " ,-./0123456789:",
    "-0123456789abcdef",
    "234567ABCDEFGHIJKLMNOPQRSTUVWXYZ", /* base32, RFC 4648 */
    "234567abcdefghijklmnopqrstuvwxyz",
    "0123456789ABCDEFGHJKMNPQRSTVWXYZ", /* Crockford's base32: ULID */
    "0123456789abcdefghjkmnpqrstvwxyz",
    "0123456789ABCDEFGHIJKLMNOPQRSTUV", /* base32hex: xid, snowflake */
    "0123456789abcdefghijklmnopqrstuv",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "abcdefghijklmnopqrstuvwxyz",
    " abcdefghijklmnopqrstuvwxyz",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "0123456789abcdefghijklmnopqrstuvwxyz",
    "-.0123456789_abcdefghijklmnopqrstuvwxyz", /* slugs and host names */
    "-./0123456789:@_abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",       /* base58 */
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",   /* base62 */
    "+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", /* base64 without '=' */
    "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz", /* base64url, nanoid */
    " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~",
};

const char *known_alphabet(unsigned number) {
    return number < ALPHABET_KINDS ? known[number] : NULL;
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
    for (unsigned c = 0; c < 256; c++)
        if (set_has(s, (uint8_t)c)) symbols[size++] = (uint8_t)c;
    return size;
}

static bool all_in(const char *alphabet, size_t size, const uint8_t *members, size_t count) {
    if (size < count) return false;
    for (size_t i = 0; i < count; i++)
        if (!memchr(alphabet, members[i], size)) return false;
    return true;
}

unsigned smallest_alphabet(const struct byte_set *s) {
    unsigned best = ALPHABET_DECLARED;
    uint8_t members[256];
    size_t count = set_members(s, members), best_size = SIZE_MAX;
    for (unsigned i = 0; i < ALPHABET_KINDS && known[i]; i++) {
        size_t size = strlen(known[i]);
        if (size >= best_size || !all_in(known[i], size, members, count)) continue;
        best = i;
        best_size = size;
    }
    return best;
}
