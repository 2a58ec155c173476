/*
 * Learning the tokens: pairs of neighbours that occur together more often than by chance become
 * one token, round by round, each round cutting the samples anew by the cheapest code; tokens that
 * no longer pay are dropped. In the manner of FSST's iterations (Boncz, Neumann, Leis, VLDB 2020)
 * with the pointwise mutual information of a pair as its gain.
 */
#include "symbols_train.h"

#include <stdlib.h>

enum { ROUNDS = 14, PRUNE_ROUNDS = 3, FEWEST_USES = 3, PAIR_FEWEST = 4, NEW_FEWEST = 64 };

struct candidate_pair {
    uint64_t gain;
    uint32_t index; /* of the pair */
};

static int by_text(const void *a, const void *b) {
    const struct draft_token *x = a, *y = b;
    int order = memcmp(x->text, y->text, x->size < y->size ? x->size : y->size);
    return order ? order : (x->size > y->size) - (x->size < y->size);
}

static void sort_tokens(struct draft *d) {
    qsort(d->tokens, d->token_count, sizeof *d->tokens, by_text);
    unsigned kept = 0;
    for (unsigned i = 0; i < d->token_count; i++)
        if (kept == 0 || by_text(&d->tokens[kept - 1], &d->tokens[i]) != 0) d->tokens[kept++] = d->tokens[i];
    d->token_count = kept;
}

/* Every byte that occurs is a token to begin with. */
static void begin_with_bytes(struct draft *d) {
    uint64_t seen[256] = {0};
    const uint8_t *where[256] = {NULL};
    for (size_t i = 0; i < d->sample_count; i++)
        for (size_t j = 0; j < d->samples[i].size; j++) {
            const uint8_t *at = d->samples[i].bytes + j;
            seen[*at]++;
            where[*at] = at;
        }
    d->token_count = 0;
    for (unsigned byte = 0; byte < 256; byte++)
        if (seen[byte] >= FEWEST_USES)
            d->tokens[d->token_count++] =
                (struct draft_token){.text = where[byte], .size = 1, .count = (uint32_t)seen[byte]};
}

static bool measure_alone(struct draft *d) {
    weigh_alone(d);
    return make_section(d) && count_usage(d);
}

/* A long token seen in too few samples is not stored: it may be somebody's secret. */
static bool may_stay(const struct draft *d, const struct draft_token *t) {
    return t->size == 1 || (t->count >= FEWEST_USES && t->distinct >= d->training->min_count);
}

static void drop_unused(struct draft *d) {
    unsigned kept = 0;
    for (unsigned i = 0; i < d->token_count; i++)
        if (may_stay(d, &d->tokens[i])) d->tokens[kept++] = d->tokens[i];
    d->token_count = kept;
}

/* Bits saved (in 1/256) if the two tokens always were one; 0 for a pair that must not be joined. */
static uint64_t gain_of(const struct draft *d, const struct pair *p, uint64_t total) {
    if (p->previous >= d->token_count || p->next >= d->token_count) return 0;
    if (p->count < PAIR_FEWEST || p->distinct < d->training->min_count) return 0;
    const struct draft_token *a = &d->tokens[p->previous], *b = &d->tokens[p->next];
    if (a->size + b->size > TOKEN_LARGEST) return 0;
    uint32_t together = log2_q8(p->count) + log2_q8(total), apart = log2_q8(a->count) + log2_q8(b->count);
    return together > apart ? (uint64_t)p->count * (together - apart) : 0;
}

static int by_gain(const void *a, const void *b) {
    const struct candidate_pair *x = a, *y = b;
    if (x->gain != y->gain) return x->gain > y->gain ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* The best pairs become tokens; their text is put together in the arena. */
static bool join_pairs(struct draft *d, unsigned most) {
    struct arena arena = arena_over(d->arena.allocator);
    pairs_compact(d);
    struct candidate_pair *candidates = arena_array(&arena, d->pair_count, sizeof *candidates);
    if (arena.failed) return false;
    uint64_t total = 1;
    for (unsigned i = 0; i < d->token_count; i++) total += d->tokens[i].count;
    size_t count = 0;
    for (size_t i = 0; i < d->pair_count; i++) {
        uint64_t gain = gain_of(d, &d->pairs[i], total);
        if (gain) candidates[count++] = (struct candidate_pair){gain, (uint32_t)i};
    }
    qsort(candidates, count, sizeof *candidates, by_gain);
    unsigned before = d->token_count;
    for (size_t i = 0; i < count && i < most && d->token_count < TOKENS_LARGEST; i++) {
        const struct pair *p = &d->pairs[candidates[i].index];
        const struct draft_token a = d->tokens[p->previous], b = d->tokens[p->next];
        uint8_t *text = arena_array(&d->arena, a.size + b.size, 1);
        if (!text) break;
        memcpy(text, a.text, a.size);
        memcpy(text + a.size, b.text, b.size);
        d->tokens[d->token_count++] = (struct draft_token){
            .text = text, .size = a.size + b.size, .count = p->count, .distinct = p->distinct};
    }
    for (unsigned i = before; i < d->token_count; i++) d->tokens[i].count = d->tokens[i].count / 2 + 1;
    arena_free(&arena);
    drop_unused(d);
    sort_tokens(d);
    return !d->arena.failed;
}

/* Bits of a token's text without the token itself. */
static uint32_t cost_without(const struct symbols *s, unsigned token, uint32_t *costs) {
    const uint8_t *text = token_bytes(&s->tokens, token);
    size_t size = token_size(&s->tokens, token);
    const uint8_t *lengths = costs_of(s, 0); /* that of ESCAPE with its byte */
    for (size_t i = 1; i <= size; i++) costs[i] = UINT32_MAX;
    costs[0] = 0;
    for (size_t at = 0; at < size; at++) {
        uint32_t literal = costs[at] + lengths[escape_of(s)];
        if (literal < costs[at + 1]) costs[at + 1] = literal;
        uint64_t key = token_key(text + at, size - at);
        for (unsigned t = token_set_match(&s->tokens, key, text + at, size - at); t != TOKEN_NONE;
             t = s->tokens.items[t].parent) {
            uint32_t *there = &costs[at + token_size(&s->tokens, t)];
            if (t != token && costs[at] + lengths[t] < *there) *there = costs[at] + lengths[t];
        }
    }
    return costs[size];
}

struct worth {
    uint64_t per_byte; /* bits saved in all samples, in 1/256, for each byte of the section */
    uint32_t token;
};

static int by_worth(const void *a, const void *b) {
    const struct worth *x = a, *y = b;
    if (x->per_byte != y->per_byte) return x->per_byte > y->per_byte ? -1 : 1;
    return (x->token > y->token) - (x->token < y->token);
}

static bool weigh_tokens(struct draft *d, struct worth *worths) {
    struct loading loading = {.allocator = d->arena.allocator, .status = VP_OK};
    struct reader section = reader_over(d->section, d->section_size);
    struct symbols *s = symbols_load(&section, &loading);
    if (!s) return false;
    uint32_t costs[TOKEN_LARGEST + 1];
    for (unsigned i = 0; i < d->token_count; i++) {
        uint32_t own = costs_of(s, 0)[i], without = cost_without(s, i, costs);
        uint64_t saved = without > own ? (uint64_t)d->tokens[i].count * (without - own) : 0;
        worths[i] = (struct worth){(saved << 8) / (d->tokens[i].size + 4), i};
    }
    symbols_unload(s, &d->arena.allocator);
    return true;
}

/* Keeps the tokens that save most per byte, within a number and a size of the section. */
static bool prune(struct draft *d, unsigned most, uint64_t most_bytes) {
    struct arena arena = arena_over(d->arena.allocator);
    struct worth *worths = arena_array(&arena, d->token_count, sizeof *worths);
    uint8_t *stays = arena_array(&arena, d->token_count, 1);
    bool good = !arena.failed && weigh_tokens(d, worths);
    if (good) qsort(worths, d->token_count, sizeof *worths, by_worth);
    uint64_t bytes = 0;
    for (unsigned i = 0, kept = 0; good && i < d->token_count && kept < most; i++) {
        const struct draft_token *t = &d->tokens[worths[i].token];
        if (worths[i].per_byte == 0 || !may_stay(d, t) || bytes + t->size + 4 > most_bytes) continue;
        bytes += t->size + 4;
        stays[worths[i].token] = 1;
        kept++;
    }
    unsigned kept = 0;
    for (unsigned i = 0; good && i < d->token_count; i++)
        if (stays[i]) d->tokens[kept++] = d->tokens[i];
    if (good) d->token_count = kept;
    arena_free(&arena);
    return good;
}

bool learn_tokens(struct draft *d, unsigned target) {
    unsigned more = target / 6 > NEW_FEWEST ? target / 6 : NEW_FEWEST;
    begin_with_bytes(d);
    for (unsigned round = 0; round < ROUNDS; round++)
        if (!measure_alone(d) || !join_pairs(d, more)) return false;
    return true;
}

bool fit_tokens(struct draft *d, unsigned target, uint64_t most_bytes) {
    for (unsigned round = 0; round < PRUNE_ROUNDS; round++)
        if (!measure_alone(d) || !prune(d, target, most_bytes)) return false;
    return measure_alone(d);
}
