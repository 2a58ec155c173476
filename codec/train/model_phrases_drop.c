/* Taking phrases apart again: those that are rare, were joined wrongly, or are too many. */
#include "model_phrases_draft.h"

#include <stdlib.h>

enum { PHRASE_OVERHEAD = 6 }; /* bytes of the profile beyond the text */

/* Writes a symbol, those that are dropped as their parts. */
static uint32_t *put_parts(const struct phrase_draft *l, uint32_t *out, uint32_t symbol) {
    if (l->symbols[symbol].dropped) {
        out = put_parts(l, out, l->symbols[symbol].left);
        return put_parts(l, out, l->symbols[symbol].right);
    }
    *out = symbol;
    return out + 1;
}

static void take_apart(struct phrase_draft *l) {
    uint32_t at = 0, *out = l->spare;
    for (uint32_t s = 0; s < l->samples.count; s++) {
        l->starts[s] = (uint32_t)(out - l->spare);
        for (uint32_t end = l->starts[s + 1]; at < end; at++) out = put_parts(l, out, l->tokens[at]);
    }
    l->starts[l->samples.count] = (uint32_t)(out - l->spare);
    uint32_t *swap = l->tokens;
    l->tokens = l->spare;
    l->spare = swap;
    count_uses(l);
}

/* Takes apart what is too rare. Parts of what is taken apart gain uses, so they wait for the next
   round; a symbol has a larger number than its parts. */
static bool drop_rare(struct phrase_draft *l) {
    bool any = false;
    for (uint32_t i = PHRASE_FIRST; i < l->symbol_count; i++)
        l->symbols[i].gains = l->symbols[i].dropped = false;
    for (uint32_t i = l->symbol_count; i-- > PHRASE_FIRST;) {
        struct symbol *s = &l->symbols[i];
        if ((s->uses == 0 && !s->gains) || !is_rare(l, s)) continue;
        if (!s->gains) any = s->dropped = true;
        l->symbols[s->left].gains = l->symbols[s->right].gains = true;
    }
    if (any) take_apart(l);
    return any;
}

/* Finds where a phrase should not have been joined: between two symbols in use that now meet too
   seldom. Joined in another order, it may never have been asked. Sets its parts. */
static bool find_weak_seam(struct phrase_draft *l, struct symbol *s) {
    uint64_t weakest = 0;
    for (uint32_t at = 1; at < s->size; at++) {
        uint32_t left = find_text(l, s->text, at), right = find_text(l, s->text + at, s->size - at);
        if (left == SYMBOL_NONE || right == SYMBOL_NONE) continue;
        uint32_t a = l->symbols[left].uses, b = l->symbols[right].uses, fewer = a < b ? a : b;
        uint64_t needed = needed_at(s->text[at - 1], s->text[at], l->recipe->theta);
        if (fewer <= weakest || 100 * (uint64_t)s->uses >= needed * ((uint64_t)fewer + s->uses)) continue;
        weakest = fewer;
        s->left = left;
        s->right = right;
    }
    return weakest > 0;
}

static bool drop_weak(struct phrase_draft *l) {
    bool any = false;
    for (uint32_t i = PHRASE_FIRST; i < l->symbol_count; i++) {
        struct symbol *s = &l->symbols[i];
        s->dropped = s->uses && find_weak_seam(l, s);
        any |= s->dropped;
    }
    if (any) take_apart(l);
    return any;
}

/* Bits of a symbol, in 1/256, as its uses say. */
static uint64_t cost_of(const struct phrase_draft *l, uint32_t symbol) {
    return log2_q8(token_count(l)) - log2_q8(l->symbols[symbol].uses);
}

static uint64_t cost_of_parts(const struct phrase_draft *l, uint32_t symbol) {
    const struct symbol *s = &l->symbols[symbol];
    uint64_t cost = 0;
    for (unsigned i = 0; i < 2; i++) {
        uint32_t part = i ? s->right : s->left;
        bool kept = part < PHRASE_FIRST || l->symbols[part].uses;
        cost += kept ? cost_of(l, part) : cost_of_parts(l, part);
    }
    return cost;
}

/* Takes apart those phrases that save least for their size, down to the limits, but not too many at
   once: what their parts are worth changes. */
static bool drop_surplus(struct phrase_draft *l) {
    uint32_t count = 0;
    uint64_t bytes = 0;
    for (uint32_t i = PHRASE_FIRST; i < l->symbol_count; i++) {
        struct symbol *s = &l->symbols[i];
        s->dropped = s->uses == 0;
        if (s->dropped) continue;
        uint64_t own = cost_of(l, i), parts = cost_of_parts(l, i);
        uint64_t saved = parts > own ? (parts - own) * s->uses : 0;
        l->scored[count++] = (struct scored){(saved << 8) / (s->size + PHRASE_OVERHEAD), i};
        bytes += s->size;
    }
    qsort(l->scored, count, sizeof *l->scored, highest_first);
    uint32_t left = count, fewest = count - count / ROUND_SHARE - (count > 0);
    while (left > fewest && (left > l->recipe->most || bytes > l->recipe->most_bytes)) {
        struct symbol *s = &l->symbols[l->scored[--left].index];
        s->dropped = true;
        bytes -= s->size;
    }
    if (left < count) take_apart(l);
    return left < count;
}

void drop_phrases(struct phrase_draft *l) {
    while (drop_rare(l)) {
    }
    while (drop_weak(l)) {
    }
    while (drop_surplus(l)) {
    }
}

void drop_last(struct phrase_draft *l) {
    for (uint32_t i = PHRASE_FIRST; i < l->symbol_count; i++)
        l->symbols[i].dropped = is_rare(l, &l->symbols[i]);
    take_apart(l);
}
