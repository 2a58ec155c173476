#include "symbols_params.h"

/* One block for all that is derived, largest alignment first. */
static bool allocate_derived(struct symbols *s, const vp_allocator *a) {
    const size_t count = s->tokens.count, symbols = s->table_count * (count + 1);
    s->tokens.bucket_bits = token_bucket_bits(s->tokens.count);
    const size_t tables = s->table_count * sizeof(struct code_table), keys = 8 * count,
                 items = count * sizeof(struct token),
                 buckets = sizeof(struct token_bucket) << s->tokens.bucket_bits,
                 shorts = 2 * (size_t)TOKEN_SHORTS, words = 2 * symbols;
    /* keys first: the other members need no more than 4 */
    uint8_t *at = memory_zeroed(a, keys + tables + items + buckets + shorts + words + symbols);
    if (!at) return false;
    s->memory = at;
    s->tokens.keys = (uint64_t *)(void *)at;
    s->tables = (struct code_table *)(void *)(at += keys);
    s->tokens.items = (struct token *)(void *)(at += tables);
    s->tokens.buckets = (struct token_bucket *)(void *)(at += items);
    s->tokens.shorts = (uint16_t *)(void *)(at += buckets);
    s->words = (uint16_t *)(void *)(at += shorts);
    s->costs = at + words;
    return true;
}

static bool load_tokens(struct symbols *s, struct reader *r, const uint8_t *sizes) {
    uint32_t total = 0;
    for (unsigned i = 0; i < s->tokens.count; i++) {
        s->tokens.items[i] = (struct token){.offset = total, .size = sizes[i]};
        total += sizes[i];
    }
    s->tokens.text = take_bytes(r, total);
    return s->tokens.text && token_set_index(&s->tokens);
}

static bool load_next(struct symbols *s, struct reader *r) {
    const uint8_t *next = take_bytes(r, s->tokens.count);
    for (unsigned i = 0; next && i < s->tokens.count; i++) {
        if (next[i] >= s->table_count) return false;
        s->tokens.items[i].next = next[i];
    }
    return next != NULL;
}

/* Symbols of one length stand in rising order, each symbol at most once in a table. */
static bool load_words(struct symbols *s, unsigned table) {
    const struct code_table *t = &s->tables[table];
    const size_t row = (size_t)table * (s->tokens.count + 1);
    for (unsigned length = 1; length <= CODE_LONGEST; length++) {
        for (unsigned i = t->starts[length]; i < t->starts[length + 1]; i++) {
            unsigned symbol = code_symbol(t, i);
            if (symbol > escape_of(s) || s->costs[row + symbol] != 0) return false;
            if (i > t->starts[length] && code_symbol(t, i - 1) >= symbol) return false;
            s->costs[row + symbol] = (uint8_t)length;
            s->words[row + symbol] = (uint16_t)code_word_at(t, i, length);
        }
    }
    return s->costs[row + escape_of(s)] != 0 && (table > 0 || t->count == s->tokens.count + 1);
}

/* Symbols without a code word of their own cost ESCAPE and that of table 0; a literal 8 bits more. */
static void add_escapes(struct symbols *s) {
    const uint8_t *first = costs_of(s, 0);
    for (unsigned table = s->table_count; table-- > 0;) {
        const size_t row = (size_t)table * (s->tokens.count + 1);
        const unsigned escape = s->costs[row + escape_of(s)];
        for (unsigned i = 0; table && i < s->tokens.count; i++) {
            if (s->costs[row + i]) continue;
            s->costs[row + i] = (uint8_t)((escape + first[i]) | COST_ESCAPED);
            s->words[row + i] = s->words[i];
        }
        s->costs[row + escape_of(s)] = (uint8_t)(escape + 8 + (table ? first[escape_of(s)] : 0));
    }
}

static bool load_table(struct symbols *s, unsigned table, struct reader *r) {
    uint16_t counts[CODE_LONGEST + 1] = {0};
    uint32_t total = 0;
    for (unsigned length = 1; length <= CODE_LONGEST; length++) {
        counts[length] = (uint16_t)take_le16(r);
        total += counts[length];
    }
    if (r->bad || total > s->tokens.count + 1) return false;
    const uint8_t *symbols = take_bytes(r, 2 * (size_t)total);
    return symbols && code_table_build(&s->tables[table], counts, symbols) && load_words(s, table);
}

static const char *load_parts(struct symbols *s, struct reader *r) {
    const uint8_t *sizes = take_bytes(r, s->tokens.count);
    if (!sizes || !load_tokens(s, r, sizes)) return "the tokens are damaged or not sorted";
    if (!load_next(s, r)) return "a token asks for a table that is not there";
    for (unsigned i = 0; i < s->table_count; i++)
        if (!load_table(s, i, r)) return "a table of code words is damaged";
    add_escapes(s);
    return NULL;
}

void symbols_unload(void *params, const vp_allocator *allocator) {
    struct symbols *s = params;
    memory_free(allocator, s->memory);
    memory_free(allocator, s);
}

void *symbols_load(struct reader *r, struct loading *l) {
    const uint8_t *start = r->at;
    struct symbols *s = memory_zeroed(&l->allocator, sizeof *s);
    if (!s) return loading_fails(l, VP_ERR_MEMORY, start, "out of memory");
    s->table_count = take_byte(r);
    s->start = take_byte(r);
    s->after_literal = take_byte(r);
    s->tokens.count = take_le16(r);
    const char *problem = NULL;
    bool numbers_good = !r->bad && s->table_count && s->table_count <= SYMBOL_TABLES_LARGEST &&
                        s->start < s->table_count && s->after_literal < s->table_count &&
                        s->tokens.count <= TOKENS_LARGEST;
    if (!numbers_good) problem = "the head of the symbols is out of range";
    else if (!allocate_derived(s, &l->allocator)) loading_fails(l, VP_ERR_MEMORY, start, "out of memory");
    else problem = load_parts(s, r);
    if (problem) loading_fails(l, VP_ERR_PROFILE, start, problem);
    if (l->status == VP_OK) return s;
    symbols_unload(s, &l->allocator);
    return NULL;
}
