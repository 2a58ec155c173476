#include "symbols_params.h"

/*
 * One way to each place is kept, the cheapest: the table of the next code word depends on the last
 * symbol, so the parse is not always the best, but near it. Ways are compared as numbers, without
 * branches, which nobody could predict. Of ways that cost the same the first stays, which is the one
 * with the longest last symbol.
 */
static const uint64_t unreached = UINT64_MAX >> 2;

static inline symbols_place place_of(uint64_t cost, unsigned symbol, unsigned table) {
    return cost << 32 | symbol << 8 | table;
}

static inline unsigned symbol_of(symbols_place p) {
    return p >> 8 & 0xFFFF;
}

static inline uint64_t smaller_of(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static inline symbols_place cheaper_of(symbols_place before, symbols_place p) {
    return (p | UINT32_MAX) < before ? p : before;
}

/* All steps from one place, by a token and its parents, or by a literal where no token is one byte.
   The cheapest place behind it, as cost << 32 | index: `ahead` or a new one. */
static inline uint64_t extend(const struct symbols *s, symbols_place *places, size_t at, unsigned token,
                              uint64_t ahead) {
    const uint64_t from = places[at] >> 32;
    const uint8_t *costs = costs_of(s, places[at] & 0xFF);
    size_t size = 0;
    while (token != TOKEN_NONE) {
        const struct token *t = &s->tokens.items[token];
        size = t->size;
        uint64_t cost = from + (costs[token] & COST_MASK);
        places[at + size] = cheaper_of(places[at + size], place_of(cost, token, t->next));
        ahead = smaller_of(ahead, cost << 32 | (at + size));
        token = t->parent;
    }
    if (size == 1) return ahead;
    uint64_t cost = from + (costs[escape_of(s)] & COST_MASK);
    places[at + 1] = cheaper_of(places[at + 1], place_of(cost, escape_of(s), s->after_literal));
    return smaller_of(ahead, cost << 32 | (at + 1));
}

uint32_t symbols_parse(const struct symbols *s, struct reader value, struct parse_limits limits,
                       symbols_place *places) {
    const size_t size = reader_left(&value);
    const uint64_t dearest = place_of(limits.most, 0xFFFF, 0xFF), behind = (uint64_t)limits.behind << 32;
    uint64_t key = token_key(value.at, size), ahead = unreached;
    for (size_t i = 1; i <= size; i++) places[i] = unreached;
    places[0] = place_of(0, 0, s->start);
    for (size_t at = 0; at < size; at++) {
        if ((ahead & UINT32_MAX) == at) ahead = unreached;
        if (places[at] <= dearest && places[at] < ahead + behind) {
            unsigned token = token_set_match(&s->tokens, key, value.at + at, size - at);
            ahead = extend(s, places, at, token, ahead);
        }
        key = key << 8 | (size - at > TOKEN_KEY ? value.at[at + TOKEN_KEY] : 0);
    }
    return places[size] <= dearest ? (uint32_t)(places[size] >> 32) : UINT32_MAX;
}

size_t symbols_path(const struct symbols *s, const symbols_place *places, size_t size, uint16_t *path) {
    size_t first = size;
    for (size_t at = size; at > 0;) {
        unsigned symbol = symbol_of(places[at]);
        path[--first] = (uint16_t)symbol;
        at -= symbol == escape_of(s) ? 1 : token_size(&s->tokens, symbol);
    }
    return first;
}
