/* The parameters of the symbols encoder, and how a value is cut into symbols. Shared by the encoder
   and its trainer. */
#ifndef VALPACK_SYMBOLS_PARAMS_H
#define VALPACK_SYMBOLS_PARAMS_H

#include "encoder.h"
#include "symbols_code.h"
#include "symbols_table.h"

enum { SYMBOL_TABLES_LARGEST = 64 };

/* What decoding needs of a token, in one place. */
struct token_step {
    uint32_t offset; /* into the text of all tokens */
    uint8_t size, next;
};

struct symbols {
    struct token_set tokens;
    unsigned table_count, start, after_literal;
    const uint8_t *next; /* by token: the table of the code word behind it */
    struct token_step *steps;
    struct code_table *tables;
    uint8_t *lengths;  /* by table and symbol */
    uint32_t *offsets; /* those of tokens */
    uint8_t *memory;
};

static inline unsigned escape_of(const struct symbols *s) {
    return s->tokens.count;
}

/* Code word lengths by symbol. */
static inline const uint8_t *lengths_of(const struct symbols *s, unsigned table) {
    return s->lengths + (size_t)table * (s->tokens.count + 1);
}

/* load() and unload() of the encoder. */
void *symbols_load(struct reader *section, struct loading *l);
void symbols_unload(void *params, const vp_allocator *allocator);

/* The cheapest way found to a place in a value: bits, the symbol that ends there, and the table of
   the next code word. */
struct place {
    uint32_t cost;
    uint16_t symbol;
    uint8_t table;
};

/* Cuts a value of `size` bytes into symbols: the last (size - result) numbers of path[0..size) are
   they, in order; places has room for size + 1. *cost is the number of bits. */
size_t symbols_parse(const struct symbols *s, const uint8_t *value, size_t size, struct place *places,
                     uint16_t *path, uint32_t *cost);

#endif
