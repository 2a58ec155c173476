/* How the symbols encoder finds tokens and cuts a value: against the plainest way of doing either. */
#include "test.h"

#include "encoders/symbols_params.h"
#include "train/training.h"

#include <stdlib.h>

enum { TOKENS = 400, TEXT_ROOM = 1 << 14, VALUE = 60, VALUES = 3000 };

struct tokens {
    struct token_set set;
    uint8_t text[TEXT_ROOM];
    struct token items[TOKENS];
    uint64_t keys[TOKENS];
    uint16_t shorts[TOKEN_SHORTS];
    struct token_bucket buckets[1 << 10];
};

struct text {
    uint8_t bytes[40], size;
};

static int by_bytes(const void *a, const void *b) {
    const struct text *x = a, *y = b;
    int order = memcmp(x->bytes, y->bytes, x->size < y->size ? x->size : y->size);
    return order ? order : (int)x->size - (int)y->size;
}

/* Few letters, one of them zero, so that tokens overlap and begin one another. */
static void random_text(uint64_t *random, uint8_t *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) bytes[i] = (uint8_t)(next_random(random) % 3);
}

static void add_token(struct tokens *t, const struct text *text, uint32_t *total) {
    memcpy(t->text + *total, text->bytes, text->size);
    t->items[t->set.count++] = (struct token){.offset = *total, .size = text->size};
    *total += text->size;
}

static void make_tokens(struct tokens *t, uint64_t *random) {
    static struct text texts[TOKENS];
    memset(t, 0, sizeof *t);
    t->set = (struct token_set){.text = t->text,
                                .items = t->items,
                                .keys = t->keys,
                                .shorts = t->shorts,
                                .buckets = t->buckets,
                                .bucket_bits = token_bucket_bits(TOKENS)};
    assert_true(1u << t->set.bucket_bits <= sizeof t->buckets / sizeof t->buckets[0]);
    for (unsigned i = 0; i < TOKENS; i++) {
        bool longer = i % 8 == 0; /* some longer than a key, many of them with the same one */
        texts[i].size = (uint8_t)(1 + next_random(random) % (longer ? 40 : 7));
        random_text(random, texts[i].bytes, texts[i].size);
        if (longer && texts[i].size > 12) memset(texts[i].bytes, 1, 12);
    }
    qsort(texts, TOKENS, sizeof texts[0], by_bytes);
    uint32_t total = 0;
    for (unsigned i = 0; i < TOKENS; i++)
        if (i == 0 || by_bytes(&texts[i - 1], &texts[i]) != 0) add_token(t, &texts[i], &total);
    assert_true(token_set_index(&t->set));
}

static bool begins(const struct token_set *s, unsigned token, const uint8_t *text, size_t size) {
    return token_size(s, token) <= size && memcmp(token_bytes(s, token), text, token_size(s, token)) == 0;
}

/* All that match, longest first: a token that begins another sorts before it. */
static void assert_matches(const struct token_set *s, const uint8_t *text, size_t size) {
    unsigned token = token_set_match(s, token_key(text, size), text, size);
    for (unsigned i = s->count; i-- > 0;) {
        if (!begins(s, i, text, size)) continue;
        assert_int_equal(token, i);
        token = s->items[token].parent;
    }
    assert_int_equal(token, TOKEN_NONE);
}

static void the_tokens_that_match_are_found(void **state) {
    (void)state;
    struct tokens *t = test_malloc(sizeof *t);
    uint64_t random = 11;
    make_tokens(t, &random);
    for (unsigned i = 0; i < VALUES; i++) {
        uint8_t value[VALUE];
        size_t size = 1 + next_random(&random) % VALUE;
        random_text(&random, value, size);
        if (i % 4 == 0) memset(value, 1, size < 12 ? size : 12);
        uint8_t *exact = test_malloc(size); /* so that reading beyond the end is seen */
        memcpy(exact, value, size);
        for (size_t at = 0; at < size; at++) assert_matches(&t->set, exact + at, size - at);
        test_free(exact);
    }
    for (unsigned i = 0; i < t->set.count; i++)
        assert_matches(&t->set, token_bytes(&t->set, i), token_size(&t->set, i));
    test_free(t);
}

static void no_tokens_match_nothing(void **state) {
    (void)state;
    struct tokens *t = test_malloc(sizeof *t);
    memset(t, 0, sizeof *t);
    t->set = (struct token_set){.shorts = t->shorts, .buckets = t->buckets};
    t->set.bucket_bits = token_bucket_bits(0);
    assert_true(token_set_index(&t->set));
    assert_matches(&t->set, (const uint8_t *)"abc", 3);
    test_free(t);
}

/* ---- Cutting -------------------------------------------------------------------------------- */

/* One table, in which each token costs what a random number says. */
struct cutting {
    struct tokens tokens;
    struct symbols symbols;
    uint8_t costs[TOKENS + 1];
};

static const struct parse_limits everything = {PARSE_UNLIMITED, PARSE_UNLIMITED};

static struct cutting *open_cutting(uint64_t *random) {
    struct cutting *c = test_malloc(sizeof *c);
    make_tokens(&c->tokens, random);
    c->symbols = (struct symbols){.tokens = c->tokens.set, .table_count = 1, .costs = c->costs};
    for (unsigned i = 0; i <= c->tokens.set.count; i++) c->costs[i] = (uint8_t)(1 + next_random(random) % 24);
    c->costs[c->tokens.set.count] = 24; /* a literal */
    return c;
}

/* Every way tried, from the end on. */
static uint32_t least_cost(const struct cutting *c, const uint8_t *text, size_t size) {
    const struct token_set *s = &c->tokens.set;
    uint32_t costs[VALUE + 1] = {0};
    for (size_t at = size; at-- > 0;) {
        costs[at] = costs[at + 1] + c->costs[s->count];
        for (unsigned i = 0; i < s->count; i++) {
            if (!begins(s, i, text + at, size - at)) continue;
            uint32_t cost = c->costs[i] + costs[at + token_size(s, i)];
            if (cost < costs[at]) costs[at] = cost;
        }
    }
    return costs[0];
}

static void assert_path(const struct cutting *c, const symbols_place *places, struct reader value,
                        uint32_t expected) {
    uint16_t path[VALUE];
    const size_t size = reader_left(&value);
    const struct token_set *s = &c->tokens.set;
    uint32_t cost = 0;
    for (size_t i = symbols_path(&c->symbols, places, size, path); i < size; i++) {
        cost += c->costs[path[i]];
        if (path[i] != s->count) assert_true(begins(s, path[i], value.at, reader_left(&value)));
        take_bytes(&value, path[i] == s->count ? 1 : token_size(s, path[i]));
    }
    assert_false(value.bad);
    assert_int_equal(reader_left(&value), 0);
    assert_int_equal(cost, expected);
}

static void values_are_cut_at_the_least_cost(void **state) {
    (void)state;
    uint64_t random = 12;
    struct cutting *c = open_cutting(&random);
    for (unsigned i = 0; i < VALUES / 10; i++) {
        uint8_t value[VALUE];
        symbols_place places[VALUE + 1];
        const size_t size = 1 + next_random(&random) % VALUE;
        random_text(&random, value, size);
        const struct reader text = reader_over(value, size);
        struct parse_limits limits = everything;
        const uint32_t least = least_cost(c, value, size);
        assert_int_equal(symbols_parse(&c->symbols, text, limits, places), least);
        assert_path(c, places, text, least);
        limits.most = least;
        assert_int_equal(symbols_parse(&c->symbols, text, limits, places), least);
        assert_path(c, places, text, least);
        limits.most = least - 1;
        assert_int_equal(symbols_parse(&c->symbols, text, limits, places), UINT32_MAX);
    }
    test_free(c);
}

static void passing_over_places_loses_little(void **state) {
    (void)state;
    uint64_t random = 13;
    struct cutting *c = open_cutting(&random);
    for (unsigned i = 0; i < VALUES; i++) {
        uint8_t value[VALUE];
        symbols_place places[VALUE + 1];
        const size_t size = 1 + next_random(&random) % VALUE;
        random_text(&random, value, size);
        const struct reader text = reader_over(value, size);
        const uint32_t all = symbols_parse(&c->symbols, text, everything, places);
        const uint32_t some =
            symbols_parse(&c->symbols, text, (struct parse_limits){PARSE_UNLIMITED, 24}, places);
        assert_path(c, places, text, some);
        assert_in_range(some, all, all + all / 16);
    }
    test_free(c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tokens_that_match_are_found),
        cmocka_unit_test(no_tokens_match_nothing),
        cmocka_unit_test(values_are_cut_at_the_least_cost),
        cmocka_unit_test(passing_over_places_loses_little),
    };
    return cmocka_run_group_tests_name("symbols_parse", tests, NULL, NULL);
}
