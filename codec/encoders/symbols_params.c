#include "symbols_params.h"

/* One block for all that is derived, largest alignment first. */
static bool allocate_derived(struct symbols *s, const vp_allocator *a) {
    size_t count = s->tokens.count, keys = 8 * (count + 1), offsets = 4 * (count + 1),
           parents = 2 * (count + 1);
    size_t tables = s->table_count * sizeof(struct code_table), lengths = s->table_count * (count + 1);
    size_t firsts = 2 * ((size_t)TOKEN_PREFIXES + 1), steps = count * sizeof(struct token_step);
    uint8_t *block = memory_zeroed(a, tables + keys + steps + offsets + parents + firsts + lengths);
    if (!block) return false;
    s->memory = block;
    s->tables = (struct code_table *)(void *)block;
    s->tokens.keys = (uint64_t *)(void *)(block + tables);
    s->steps = (struct token_step *)(void *)(block + tables + keys);
    block += steps;
    s->offsets = (uint32_t *)(void *)(block + tables + keys);
    s->tokens.offsets = s->offsets;
    s->tokens.parents = (uint16_t *)(void *)(block + tables + keys + offsets);
    s->tokens.firsts = (uint16_t *)(void *)(block + tables + keys + offsets + parents);
    s->lengths = block + tables + keys + offsets + parents + firsts;
    return true;
}

static bool load_tokens(struct symbols *s, struct reader *r, const uint8_t *sizes) {
    uint32_t total = 0;
    for (unsigned i = 0; i < s->tokens.count; i++) {
        s->offsets[i] = total;
        total += sizes[i];
    }
    s->offsets[s->tokens.count] = total;
    s->tokens.text = take_bytes(r, total);
    return s->tokens.text && token_set_index(&s->tokens);
}

static bool load_next(struct symbols *s, struct reader *r) {
    s->next = take_bytes(r, s->tokens.count);
    for (unsigned i = 0; s->next && i < s->tokens.count; i++) {
        if (s->next[i] >= s->table_count) return false;
        s->steps[i] = (struct token_step){
            .offset = s->offsets[i], .size = (uint8_t)token_size(&s->tokens, i), .next = s->next[i]};
    }
    return s->next != NULL;
}

/* Symbols of one length stand in rising order, each symbol at most once in a table. */
static bool load_lengths(struct symbols *s, unsigned table) {
    const struct code_table *t = &s->tables[table];
    uint8_t *lengths = s->lengths + (size_t)table * (s->tokens.count + 1);
    for (unsigned length = 1; length <= CODE_LONGEST; length++) {
        for (unsigned i = t->starts[length]; i < t->starts[length + 1]; i++) {
            unsigned symbol = code_symbol(t, i);
            if (symbol > escape_of(s) || lengths[symbol] != CODE_NONE) return false;
            if (i > t->starts[length] && code_symbol(t, i - 1) >= symbol) return false;
            lengths[symbol] = (uint8_t)length;
        }
    }
    return lengths[escape_of(s)] != CODE_NONE && (table > 0 || t->count == s->tokens.count + 1);
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
    return symbols && code_table_build(&s->tables[table], counts, symbols) && load_lengths(s, table);
}

static const char *load_parts(struct symbols *s, struct reader *r) {
    const uint8_t *sizes = take_bytes(r, s->tokens.count);
    if (!sizes || !load_tokens(s, r, sizes)) return "the tokens are damaged or not sorted";
    if (!load_next(s, r)) return "a token asks for a table that is not there";
    for (unsigned i = 0; i < s->table_count; i++)
        if (!load_table(s, i, r)) return "a table of code words is damaged";
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
