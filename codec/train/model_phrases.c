/*
 * Learning phrases by joining pairs of neighbours, as in byte pair encoding (Gage, C Users Journal,
 * 1994; Sennrich et al., ACL 2016), but many pairs a round, the pair with most information first
 * (its pointwise mutual information times its number), and only where one of the two makes the
 * other likely: what varies is not glued to what stays. What does not pay is taken apart again.
 */
#include "model_phrases_draft.h"

#include <stdlib.h>

enum { DISTINCT_FEWEST = 2 }; /* what repeats in one sample alone says nothing of others */

static bool begin(struct phrase_draft *l) {
    size_t bytes = (size_t)l->samples.bytes;
    if (l->samples.bytes > UINT32_MAX / 8) return false;
    l->tokens = arena_array(&l->work, bytes, sizeof *l->tokens);
    l->spare = arena_array(&l->work, bytes, sizeof *l->spare);
    l->starts = arena_array(&l->work, l->samples.count + 1, sizeof *l->starts);
    l->symbols = arena_array(&l->work, SYMBOLS_LARGEST, sizeof *l->symbols);
    l->by_hash = arena_array(&l->work, SYMBOLS_LARGEST, sizeof *l->by_hash);
    uint8_t *all_bytes = arena_array(&l->work, PHRASE_FIRST, 1);
    l->scored = arena_array(&l->work, bytes / PAIR_FEWEST + SYMBOLS_LARGEST, sizeof *l->scored);
    if (l->work.failed) return false;
    for (uint32_t i = 0; i < PHRASE_FIRST; i++) {
        all_bytes[i] = (uint8_t)i;
        l->symbols[i] = (struct symbol){.text = all_bytes + i, .size = 1, .number = (uint16_t)i};
    }
    l->symbol_count = PHRASE_FIRST;
    uint32_t at = 0;
    for (size_t s = 0; s < l->samples.count; s++) {
        for (size_t i = 0; i < l->samples.items[s].size; i++) l->tokens[at++] = l->samples.items[s].bytes[i];
        l->starts[s + 1] = at;
    }
    return true;
}

static int by_text(const void *a, const void *b) {
    const struct symbol *const *x = a, *const *y = b;
    uint32_t shorter = (*x)->size < (*y)->size ? (*x)->size : (*y)->size;
    int order = memcmp((*x)->text, (*y)->text, shorter);
    return order ? order : ((*x)->size > (*y)->size) - ((*x)->size < (*y)->size);
}

static bool put_phrases(struct phrase_draft *l, struct arena *a, struct phrase_set *out) {
    const struct symbol **sorted = arena_array(&l->work, l->symbol_count, sizeof *sorted);
    if (!sorted) return false;
    size_t bytes = 0;
    out->count = 0;
    for (uint32_t i = PHRASE_FIRST; i < l->symbol_count; i++)
        if (l->symbols[i].uses) bytes += (sorted[out->count++] = &l->symbols[i])->size;
    qsort(sorted, out->count, sizeof *sorted, by_text);
    uint8_t *text = arena_array(a, bytes, 1);
    out->items = arena_array(a, out->count, sizeof *out->items);
    if (!text || !out->items) return false;
    for (unsigned i = 0; i < out->count; i++) {
        struct symbol *s = &l->symbols[sorted[i] - l->symbols];
        out->items[i] = (struct phrase){memcpy(text, s->text, s->size), s->size, s->uses, s->distinct};
        s->number = (uint16_t)(PHRASE_FIRST + i);
        text += s->size;
    }
    return true;
}

static bool put_out(struct phrase_draft *l, struct arena *a, struct phrase_set *out) {
    if (!put_phrases(l, a, out)) return false;
    out->tokens = arena_array(a, token_count(l), sizeof *out->tokens);
    out->starts = arena_array(a, l->samples.count + 1, sizeof *out->starts);
    if (!out->tokens || !out->starts) return false;
    for (uint32_t i = 0; i < token_count(l); i++) out->tokens[i] = l->symbols[l->tokens[i]].number;
    memcpy(out->starts, l->starts, (l->samples.count + 1) * sizeof *out->starts);
    return true;
}

bool learn_phrases(struct arena *a, struct samples samples, const struct phrase_recipe *recipe,
                   struct phrase_set *out) {
    struct phrase_recipe used = *recipe;
    if (used.most > PHRASES_LARGEST) used.most = PHRASES_LARGEST;
    if (used.min_count < DISTINCT_FEWEST) used.min_count = DISTINCT_FEWEST;
    struct phrase_draft l = {.work = arena_over(a->allocator),
                             .samples = samples,
                             .recipe = &used,
                             .pairs = {.allocator = a->allocator}};
    bool good = begin(&l) && join_phrases(&l);
    if (good) drop_phrases(&l);
    good = good && parse_phrases(&l);
    if (good) drop_last(&l);
    good = good && put_out(&l, a, out);
    pairs_free(&l.pairs);
    arena_free(&l.work);
    return good;
}
