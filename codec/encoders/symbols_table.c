#include "symbols_table.h"

static uint64_t key_of(const uint8_t *text, size_t size) {
    if (size >= 8) return load_be64(text);
    uint64_t key = 0;
    for (size_t i = 0; i < size; i++) key |= (uint64_t)text[i] << (56 - 8 * i);
    return key;
}

/* Negative, zero or positive, as memcmp; a prefix comes before what it begins. */
static int compare_texts(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size) {
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    return order ? order : (a_size > b_size) - (a_size < b_size);
}

static size_t common_prefix(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size) {
    size_t limit = a_size < b_size ? a_size : b_size, i = 0;
    while (limit - i >= 8 && memcmp(a + i, b + i, 8) == 0) i += 8;
    while (i < limit && a[i] == b[i]) i++;
    return i;
}

/* The nearest ancestor of a token, itself included, that matches `common` bytes or fewer. */
static unsigned ancestor_within(const struct token_set *s, unsigned token, size_t common) {
    while (token != TOKEN_NONE && token_size(s, token) > common) token = s->parents[token];
    return token;
}

static void index_firsts(struct token_set *s) {
    unsigned token = 0;
    for (uint32_t prefix = 0; prefix < TOKEN_PREFIXES; prefix++) {
        while (token < s->count && s->keys[token] >> 48 < prefix) token++;
        s->firsts[prefix] = (uint16_t)token;
    }
    s->firsts[TOKEN_PREFIXES] = (uint16_t)s->count;
}

bool token_set_index(struct token_set *s) {
    for (unsigned i = 0; i < s->count; i++) {
        const uint8_t *text = token_bytes(s, i);
        size_t size = token_size(s, i);
        if (size == 0 || size > TOKEN_LARGEST) return false;
        s->keys[i] = key_of(text, size);
        s->parents[i] = TOKEN_NONE;
        if (i == 0) continue;
        const uint8_t *before = token_bytes(s, i - 1);
        size_t before_size = token_size(s, i - 1);
        if (compare_texts(before, before_size, text, size) >= 0) return false;
        /* What begins this token and sorts before it also begins the token before it. */
        s->parents[i] = (uint16_t)ancestor_within(s, i - 1, common_prefix(before, before_size, text, size));
    }
    index_firsts(s);
    return true;
}

/* True if the token sorts before the text or is equal to it. */
static bool sorts_before(const struct token_set *s, unsigned token, uint64_t key, struct reader text) {
    if (s->keys[token] != key) return s->keys[token] < key;
    return compare_texts(token_bytes(s, token), token_size(s, token), text.at, reader_left(&text)) <= 0;
}

unsigned token_set_match(const struct token_set *s, const uint8_t *text, size_t size) {
    const uint64_t key = key_of(text, size);
    unsigned low = s->firsts[key >> 48], high = s->firsts[(key >> 48) + 1];
    const struct reader all = reader_over(text, size);
    while (low < high) { /* tokens before low sort before the text */
        unsigned middle = (low + high) / 2;
        if (sorts_before(s, middle, key, all)) low = middle + 1;
        else high = middle;
    }
    if (low == 0) return TOKEN_NONE;
    return ancestor_within(s, low - 1,
                           common_prefix(token_bytes(s, low - 1), token_size(s, low - 1), text, size));
}
