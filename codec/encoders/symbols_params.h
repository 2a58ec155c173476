/* The parameters of the symbols encoder, and how a value is cut into symbols. Shared by the encoder
   and its trainer. */
#ifndef VALPACK_SYMBOLS_PARAMS_H
#define VALPACK_SYMBOLS_PARAMS_H

#include "encoder.h"
#include "symbols_code.h"
#include "symbols_table.h"

enum { SYMBOL_TABLES_LARGEST = 64 };

enum { COST_MASK = 0x7F, COST_ESCAPED = 0x80 };

struct symbols {
    struct token_set tokens;
    unsigned table_count, start, after_literal;
    struct code_table *tables;
    uint8_t *costs;  /* by table and symbol: bits, by way of ESCAPE if need be, + COST_ESCAPED then */
    uint16_t *words; /* by table and symbol: the code word, or table 0's when it is escaped */
    uint8_t *memory;
};

static inline unsigned escape_of(const struct symbols *s) {
    return s->tokens.count;
}

/* What each symbol takes in a table. That of ESCAPE is a literal, with the 8 bits of its byte. */
static inline const uint8_t *costs_of(const struct symbols *s, unsigned table) {
    return s->costs + (size_t)table * (s->tokens.count + 1);
}

static inline const uint16_t *words_of(const struct symbols *s, unsigned table) {
    return s->words + (size_t)table * (s->tokens.count + 1);
}

/* load() and unload() of the encoder. */
void *symbols_load(struct reader *section, struct loading *l);
void symbols_unload(void *params, const vp_allocator *allocator);

/* The cheapest way found to a place in a value, as one number that is smaller the cheaper the way:
   bits << 32 | the symbol that ends there << 8 | the table of the next code word. */
typedef uint64_t symbols_place;

/* What a parse need not look at, in bits. */
struct parse_limits {
    uint32_t most;   /* ways that cost more, at most PARSE_UNLIMITED */
    uint32_t behind; /* places that cost so much more than one behind them */
};
enum { PARSE_UNLIMITED = INT32_MAX };

/* The cheapest ways to all places of a value, places[0 .. size]. The bits of the whole of it;
   UINT32_MAX when it needs more than limits.most. */
uint32_t symbols_parse(const struct symbols *s, struct reader value, struct parse_limits limits,
                       symbols_place *places);

/* The symbols of a value that was parsed: the last (size - result) numbers of path[0 .. size), in order. */
size_t symbols_path(const struct symbols *s, const symbols_place *places, size_t size, uint16_t *path);

#endif
