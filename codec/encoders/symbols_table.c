#include "symbols_table.h"

enum { LONG_FROM = 3 }; /* bytes of the tokens in buckets */

uint64_t token_key(const uint8_t *text, size_t size) {
    if (size >= TOKEN_KEY) return load_be64(text);
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

/* The nearest ancestor of a token, itself included, that has `common` bytes or fewer. */
static unsigned ancestor_within(const struct token_set *s, unsigned token, size_t common) {
    while (token != TOKEN_NONE && token_size(s, token) > common) token = s->items[token].parent;
    return token;
}

/* ---- Indexing ------------------------------------------------------------------------------- */

unsigned token_bucket_bits(unsigned count) {
    unsigned bits = 1;
    while (1u << bits < 2 * count) bits++;
    return bits;
}

static void index_buckets(struct token_set *s) {
    for (unsigned i = 0; i < s->count; i++) {
        if (token_size(s, i) < LONG_FROM) continue;
        uint32_t prefix = (uint32_t)(s->keys[i] >> 40);
        struct token_bucket *b = token_bucket_of(s, prefix);
        if (b->end == 0) *b = (struct token_bucket){.prefix = prefix, .first = (uint16_t)i};
        b->end = (uint16_t)(i + 1);
    }
}

static void index_shorts(struct token_set *s) {
    memset(s->shorts, 0xFF, TOKEN_SHORTS * sizeof *s->shorts); /* TOKEN_NONE */
    for (unsigned i = 0; i < s->count; i++) {
        uint32_t from = (uint32_t)(s->keys[i] >> 48), to = token_size(s, i) == 1 ? from + 255 : from;
        if (token_size(s, i) >= LONG_FROM) continue;
        for (uint32_t prefix = from; prefix <= to; prefix++) s->shorts[prefix] = (uint16_t)i;
    }
}

bool token_set_index(struct token_set *s) {
    for (unsigned i = 0; i < s->count; i++) {
        const uint8_t *text = token_bytes(s, i);
        size_t size = token_size(s, i);
        if (size == 0 || size > TOKEN_LARGEST) return false;
        s->keys[i] = token_key(text, size);
        s->items[i].parent = TOKEN_NONE;
        if (i == 0) continue;
        const uint8_t *before = token_bytes(s, i - 1);
        size_t before_size = token_size(s, i - 1);
        if (compare_texts(before, before_size, text, size) >= 0) return false;
        /* What begins this token and sorts before it also begins the token before it. */
        s->items[i].parent =
            (uint16_t)ancestor_within(s, i - 1, common_prefix(before, before_size, text, size));
    }
    index_buckets(s);
    index_shorts(s);
    return true;
}

/* ---- Matching ------------------------------------------------------------------------------- */

/* True if the token sorts before the text or is equal to it. */
static bool sorts_before(const struct token_set *s, unsigned token, uint64_t key, struct reader text) {
    if (s->keys[token] != key) return s->keys[token] < key;
    return compare_texts(token_bytes(s, token), token_size(s, token), text.at, reader_left(&text)) <= 0;
}

/* Among tokens first .. end - 1, some of which have the first 8 bytes of the text. */
static unsigned match_beyond_key(const struct token_set *s, const struct token_bucket *b, uint64_t key,
                                 struct reader text) {
    unsigned low = b->first, high = b->end;
    while (low < high) { /* tokens before low sort before the text */
        unsigned middle = (low + high) / 2;
        if (sorts_before(s, middle, key, text)) low = middle + 1;
        else high = middle;
    }
    if (low == b->first) return s->shorts[key >> 48];
    size_t common =
        common_prefix(token_bytes(s, low - 1), token_size(s, low - 1), text.at, reader_left(&text));
    return ancestor_within(s, low - 1, common);
}

/* True if two keys that are not equal, given as their difference, have the first `size` bytes in common. */
static inline bool key_agrees(uint64_t differing, size_t size) {
    return size < TOKEN_KEY && differing >> (64 - 8 * size) == 0;
}

/* What begins a text also begins the last token that does not sort behind it, or is that token. */
unsigned token_bucket_match(const struct token_set *s, const struct token_bucket *b, uint64_t key,
                            struct reader text) {
    unsigned at = b->first;
    for (unsigned left = b->end - at; left > 1;) {
        unsigned half = left / 2;
        at += s->keys[at + half] <= key ? half : 0;
        left -= half;
    }
    if (s->keys[at] > key) return s->shorts[key >> 48];
    if (s->keys[at] == key) {
        if (token_size(s, at) > TOKEN_KEY) return match_beyond_key(s, b, key, text);
        return at;
    }
    const uint64_t differing = s->keys[at] ^ key;
    unsigned token = at;
    while (token != TOKEN_NONE && !key_agrees(differing, token_size(s, token)))
        token = s->items[token].parent;
    return token;
}
