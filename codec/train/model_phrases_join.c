/* Joining pairs of neighbours to longer and longer phrases. */
#include "model_phrases_draft.h"

#include <stdlib.h>

enum {
    ROUNDS_LARGEST = 256,
    TOO_SLOW = 1 << 13, /* the last round is one that makes less than 1 / this of the tokens go */
    ROUND_FEWEST = 64,  /* pairs of a round, if there are so many */
    TEXT_BLOCK = 1 << 16,
    NEEDED_AT_PUNCTUATION = 50, /* percent */
    NEEDED_AT_DIGIT = 60
};

void count_uses(struct phrase_draft *l) {
    for (uint32_t i = 0; i < l->symbol_count; i++) l->symbols[i].uses = l->symbols[i].distinct = 0;
    for (uint32_t s = 0; s < l->samples.count; s++)
        for (uint32_t i = l->starts[s]; i < l->starts[s + 1]; i++) {
            struct symbol *symbol = &l->symbols[l->tokens[i]];
            if (symbol->uses++ == 0 || symbol->last_sample != s) symbol->distinct++;
            symbol->last_sample = s;
        }
}

static bool count_pairs(struct phrase_draft *l) {
    for (uint32_t s = 0; s < l->samples.count; s++)
        for (uint32_t i = l->starts[s]; i + 1 < l->starts[s + 1]; i++)
            if (!pairs_count(&l->pairs, l->tokens[i], l->tokens[i + 1], s)) return false;
    return true;
}

/* ---- Which pairs to join --------------------------------------------------------------------- */

static bool is_digit(uint8_t byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_text(uint8_t byte) {
    return byte >= 0x80 || byte == ' ' || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

unsigned needed_at(uint8_t before, uint8_t after, unsigned theta) {
    if (is_digit(before) || is_digit(after)) return NEEDED_AT_DIGIT;
    return is_text(before) && is_text(after) ? theta : NEEDED_AT_PUNCTUATION;
}

/* Bits saved, in 1/256, if the pair always is one symbol; 0 for a pair that must not be joined. */
static uint64_t gain_of(const struct phrase_draft *l, const struct pair *p) {
    if (p->count < PAIR_FEWEST || p->distinct < l->recipe->min_count) return 0;
    const struct symbol *a = &l->symbols[p->left], *b = &l->symbols[p->right];
    if (a->size + b->size > PHRASE_LARGEST) return 0;
    uint32_t fewer = a->uses < b->uses ? a->uses : b->uses;
    uint64_t needed = needed_at(a->text[a->size - 1], b->text[0], l->recipe->theta);
    if ((uint64_t)p->count * 100 < needed * fewer) return 0;
    uint32_t together = log2_q8(p->count) + log2_q8(token_count(l));
    uint32_t apart = log2_q8(a->uses) + log2_q8(b->uses);
    return together > apart ? (uint64_t)p->count * (together - apart) : 0;
}

int highest_first(const void *a, const void *b) {
    const struct scored *x = a, *y = b;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static uint32_t rank_pairs(struct phrase_draft *l) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < l->pairs.count; i++) {
        l->pairs.items[i].joined = 0;
        uint64_t gain = gain_of(l, &l->pairs.items[i]);
        if (gain) l->scored[count++] = (struct scored){gain, i};
    }
    qsort(l->scored, count, sizeof *l->scored, highest_first);
    return count;
}

/* ---- Joining --------------------------------------------------------------------------------- */

static uint8_t *text_room(struct phrase_draft *l, uint32_t size) {
    if (l->text_left < size) {
        l->text_block = arena_array(&l->work, TEXT_BLOCK, 1);
        l->text_left = l->text_block ? TEXT_BLOCK : 0;
        if (!l->text_block) return NULL;
    }
    l->text_left -= size;
    l->text_block += size;
    return l->text_block - size;
}

static uint32_t *hash_of_text(const struct phrase_draft *l, const uint8_t *text, uint32_t size) {
    uint64_t hash = size;
    for (uint32_t i = 0; i < size; i++) hash = (hash ^ text[i]) * 0x9E3779B97F4A7C15u ^ hash >> 29;
    return &l->by_hash[(hash >> 32) % SYMBOLS_LARGEST];
}

uint32_t find_text(const struct phrase_draft *l, const uint8_t *text, uint32_t size) {
    if (size == 1) return *text;
    for (uint32_t i = *hash_of_text(l, text, size); i; i = l->symbols[i].same_hash)
        if (l->symbols[i].size == size && memcmp(l->symbols[i].text, text, size) == 0) return i;
    return SYMBOL_NONE;
}

/* The symbol with the text of both: a new one, or that which other parts made before. 0: no room. */
static uint32_t join(struct phrase_draft *l, uint32_t left, uint32_t right) {
    const struct symbol *a = &l->symbols[left], *b = &l->symbols[right];
    uint8_t text[PHRASE_LARGEST];
    uint32_t size = a->size + b->size;
    memcpy(text, a->text, a->size);
    memcpy(text + a->size, b->text, b->size);
    uint32_t known = find_text(l, text, size);
    if (known != SYMBOL_NONE) return known;
    uint8_t *kept = l->symbol_count < SYMBOLS_LARGEST ? text_room(l, size) : NULL;
    if (!kept) return 0;
    memcpy(kept, text, size);
    uint32_t *chain = hash_of_text(l, text, size);
    l->symbols[l->symbol_count] =
        (struct symbol){.text = kept, .size = size, .left = left, .right = right, .same_hash = *chain};
    return *chain = l->symbol_count++;
}

/* Chooses the best pairs. A symbol is not the left of one and the right of another, so that it does
   not matter in which order they are replaced. */
static uint32_t choose_pairs(struct phrase_draft *l, uint32_t candidates) {
    uint32_t most = candidates / ROUND_SHARE > ROUND_FEWEST ? candidates / ROUND_SHARE : ROUND_FEWEST;
    uint32_t chosen = 0;
    for (uint32_t i = 0; i < l->symbol_count; i++) l->symbols[i].is_left = l->symbols[i].is_right = false;
    for (uint32_t i = 0; i < candidates && chosen < most; i++) {
        struct pair *p = &l->pairs.items[l->scored[i].index];
        struct symbol *a = &l->symbols[p->left], *b = &l->symbols[p->right];
        if (a->is_right || b->is_left || (a == b && (a->is_left || a->is_right))) continue;
        p->joined = join(l, p->left, p->right);
        if (!p->joined) break;
        a->is_left = b->is_right = true;
        chosen++;
    }
    return chosen;
}

/* Counts what joining changes: the pair itself and those with its neighbours, SYMBOL_NONE: no such. */
static bool recount(struct phrase_draft *l, const struct pair *p, uint32_t before, uint32_t after,
                    uint32_t sample) {
    uint32_t left = p->left, right = p->right, joined = p->joined;
    l->symbols[left].uses--;
    l->symbols[right].uses--;
    l->symbols[joined].uses++;
    pairs_uncount(&l->pairs, left, right);
    if (before != SYMBOL_NONE) pairs_uncount(&l->pairs, before, left);
    if (after != SYMBOL_NONE) pairs_uncount(&l->pairs, right, after);
    return (before == SYMBOL_NONE || pairs_count(&l->pairs, before, joined, sample)) &&
           (after == SYMBOL_NONE || pairs_count(&l->pairs, joined, after, sample));
}

/* The chosen pair at this place, or NULL. */
static const struct pair *chosen_at(const struct phrase_draft *l, uint32_t at) {
    uint32_t left = l->tokens[at], right = l->tokens[at + 1];
    if (!l->symbols[left].is_left || !l->symbols[right].is_right) return NULL;
    const struct pair *p = pairs_find(&l->pairs, left, right);
    return p->joined ? p : NULL;
}

static bool replace_pairs(struct phrase_draft *l) {
    uint32_t written = 0, at = 0;
    for (uint32_t s = 0; s < l->samples.count; s++) {
        uint32_t end = l->starts[s + 1], before = SYMBOL_NONE;
        l->starts[s] = written;
        while (at < end) {
            const struct pair *p = at + 1 < end ? chosen_at(l, at) : NULL;
            uint32_t token = p ? p->joined : l->tokens[at], replaced = p ? 2 : 1;
            if (p && !recount(l, p, before, at + 2 < end ? l->tokens[at + 2] : SYMBOL_NONE, s)) return false;
            at += replaced;
            before = l->tokens[written++] = token;
        }
    }
    l->starts[l->samples.count] = written;
    return true;
}

bool join_phrases(struct phrase_draft *l) {
    count_uses(l);
    if (!count_pairs(l)) return false;
    for (unsigned round = 0; round < ROUNDS_LARGEST; round++) {
        uint32_t before = token_count(l);
        if (choose_pairs(l, rank_pairs(l)) == 0) break;
        if (!replace_pairs(l)) return false;
        if (before - token_count(l) < before / TOO_SLOW) break;
    }
    count_uses(l);
    return !l->work.failed;
}
