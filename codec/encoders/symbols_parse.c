#include "symbols_params.h"

/* Bits of a symbol in a table, by way of ESCAPE where it has no code word of its own. */
static inline uint32_t symbol_cost(const struct symbols *s, unsigned table, unsigned symbol) {
    const uint8_t *lengths = lengths_of(s, table);
    if (table && symbol == escape_of(s)) return lengths[symbol] + lengths_of(s, 0)[symbol];
    if (lengths[symbol]) return lengths[symbol];
    return lengths[escape_of(s)] + lengths_of(s, 0)[symbol];
}

static inline void offer(struct place *p, uint32_t cost, unsigned symbol, unsigned table) {
    if (cost < p->cost)
        *p = (struct place){.cost = cost, .symbol = (uint16_t)symbol, .table = (uint8_t)table};
}

/* All steps from one place on. */
static void extend(const struct symbols *s, struct reader value, struct place *places, size_t at) {
    const struct place from = places[at];
    unsigned escape = escape_of(s);
    offer(&places[at + 1], from.cost + symbol_cost(s, from.table, escape) + 8, escape, s->after_literal);
    unsigned token = token_set_match(&s->tokens, value.at + at, reader_left(&value) - at);
    for (; token != TOKEN_NONE; token = s->tokens.parents[token])
        offer(&places[at + token_size(&s->tokens, token)], from.cost + symbol_cost(s, from.table, token),
              token, s->next[token]);
}

/* Turns the ways back from the end into the symbols in order; returns where they begin. */
static size_t collect_path(const struct symbols *s, const struct place *places, size_t size, uint16_t *path) {
    size_t first = size;
    for (size_t at = size; at > 0;) {
        unsigned symbol = places[at].symbol;
        path[--first] = (uint16_t)symbol;
        at -= symbol == escape_of(s) ? 1 : token_size(&s->tokens, symbol);
    }
    return first;
}

/* One way a place is kept: the table of the next code word depends on the last symbol, so this is
   not always the best parse, but near it. Passing over places inside a long token that already cost
   more than its end saves a quarter of the time and loses up to 8 % where contexts matter. */
size_t symbols_parse(const struct symbols *s, const uint8_t *value, size_t size, struct place *places,
                     uint16_t *path, uint32_t *cost) {
    for (size_t i = 1; i <= size; i++) places[i].cost = UINT32_MAX;
    places[0] = (struct place){.cost = 0, .table = (uint8_t)s->start};
    for (size_t at = 0; at < size; at++) extend(s, reader_over(value, size), places, at);
    *cost = places[size].cost;
    return collect_path(s, places, size, path);
}
