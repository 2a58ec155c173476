/* The section of the symbols encoder from a draft, and the count of what it uses. */
#include "symbols_train.h"

#include <stdlib.h>

/* Lengths for the weights of one table, then the table as the section stores it. */
static bool put_table(struct draft *d, unsigned table, struct writer *w) {
    unsigned symbols = d->token_count + 1;
    struct arena arena = arena_over(d->arena.allocator);
    uint8_t *lengths = arena_array(&arena, symbols, 1);
    uint32_t *heap = arena_array(&arena, symbols, sizeof *heap);
    bool good = !arena.failed && code_lengths(weights_of(d, table), symbols, lengths, heap);
    unsigned counts[CODE_LONGEST + 1] = {0};
    for (unsigned i = 0; good && i < symbols; i++) counts[lengths[i]]++;
    for (unsigned length = 1; good && length <= CODE_LONGEST; length++) put_le16(w, counts[length]);
    for (unsigned length = 1; good && length <= CODE_LONGEST; length++)
        for (unsigned i = 0; i < symbols; i++)
            if (lengths[i] == length) put_le16(w, i);
    arena_free(&arena);
    return good;
}

bool make_section(struct draft *d) {
    struct writer w = writer_over(d->section, SYMBOL_SECTION_LARGEST);
    put_byte(&w, d->tables);
    put_byte(&w, d->start);
    put_byte(&w, d->after_literal);
    put_le16(&w, d->token_count);
    for (unsigned i = 0; i < d->token_count; i++) put_byte(&w, d->tokens[i].size);
    for (unsigned i = 0; i < d->token_count; i++) put_bytes(&w, d->tokens[i].text, d->tokens[i].size);
    for (unsigned i = 0; i < d->token_count; i++) put_byte(&w, d->next[i]);
    for (unsigned i = 0; i < d->tables; i++)
        if (!put_table(d, i, &w)) return false;
    d->section_size = w.length;
    return !w.full;
}

void weigh_alone(struct draft *d) {
    d->tables = 1;
    d->start = d->after_literal = 0;
    memset(d->next, 0, d->token_count);
    uint64_t *weights = weights_of(d, 0);
    for (unsigned i = 0; i < d->token_count; i++) weights[i] = 16 * (uint64_t)d->tokens[i].count + 1;
    weights[d->token_count] = 16 * (uint64_t)d->literals + 1;
}

/* ---- Counting ------------------------------------------------------------------------------- */

static size_t pair_slots(const struct draft *d) {
    return (size_t)1 << d->pair_bits;
}

static void count_pair(struct draft *d, unsigned previous, unsigned next, uint32_t sample) {
    uint32_t key = previous << 16 | next;
    size_t slots = pair_slots(d), slot = (key * 0x9E3779B1u) >> (32 - d->pair_bits);
    for (;; slot = (slot + 1) % slots) {
        struct pair *p = &d->pairs[slot];
        if (p->count == PAIR_FREE) {
            if (d->pair_count >= slots / 2) return; /* enough: the rest are rare */
            d->pair_count++;
            *p = (struct pair){(uint16_t)previous, (uint16_t)next, 1, 1, sample};
            return;
        }
        if (p->previous == previous && p->next == next) {
            p->count++;
            p->distinct += p->last_sample != sample;
            p->last_sample = sample;
            return;
        }
    }
}

static void count_path(struct draft *d, const uint16_t *path, size_t size, uint32_t sample) {
    unsigned previous = PAIR_START;
    for (size_t i = 0; i < size; i++) {
        unsigned symbol = path[i];
        count_pair(d, previous, symbol, sample);
        previous = symbol;
        if (symbol == d->token_count) {
            d->literals++;
            continue;
        }
        d->tokens[symbol].count++;
        d->tokens[symbol].distinct += d->last_sample[symbol] != sample;
        d->last_sample[symbol] = sample;
    }
}

bool count_usage(struct draft *d) {
    struct loading loading = {.allocator = d->arena.allocator, .status = VP_OK};
    struct reader section = reader_over(d->section, d->section_size);
    struct symbols *s = symbols_load(&section, &loading);
    if (!s) return false;
    const struct parse_limits everything = {PARSE_UNLIMITED, PARSE_UNLIMITED};
    memset(d->pairs, 0, pair_slots(d) * sizeof *d->pairs);
    memset(d->last_sample, 0xFF, d->token_count * sizeof *d->last_sample);
    d->pair_count = 0;
    d->literals = 0;
    d->cost = 0;
    for (unsigned i = 0; i < d->token_count; i++) d->tokens[i].count = d->tokens[i].distinct = 0;
    for (size_t i = 0; i < d->sample_count; i++) {
        const struct sample *sample = &d->samples[i];
        struct reader text = reader_over(sample->bytes, sample->size);
        d->cost += symbols_parse(s, text, everything, d->places);
        size_t first = symbols_path(s, d->places, sample->size, d->path);
        count_path(d, d->path + first, sample->size - first, (uint32_t)i);
    }
    symbols_unload(s, &d->arena.allocator);
    return true;
}

static int by_previous_and_next(const void *a, const void *b) {
    const struct pair *x = a, *y = b;
    if (x->previous != y->previous) return x->previous < y->previous ? -1 : 1;
    return (x->next > y->next) - (x->next < y->next);
}

void pairs_compact(struct draft *d) {
    size_t kept = 0;
    for (size_t i = 0; i < pair_slots(d); i++)
        if (d->pairs[i].count != PAIR_FREE) d->pairs[kept++] = d->pairs[i];
    qsort(d->pairs, kept, sizeof *d->pairs, by_previous_and_next);
    d->pair_count = kept;
}
