/*
 * Learning phrases by joining pairs of neighbours, as in byte pair encoding (Gage, C Users Journal,
 * 1994; Sennrich et al., ACL 2016), but many pairs a round, the pair with most information first
 * (its pointwise mutual information times its number), and only where one of the two makes the
 * other likely: what varies is not glued to what stays. What does not pay is taken apart again.
 */
#include "model_phrases.h"

#include "model_pairs.h"

#include <stdlib.h>

enum {
    SYMBOLS_LARGEST = 1 << 17, /* bytes and all phrases ever joined */
    ROUNDS_LARGEST = 256,
    TOO_SLOW = 1 << 13, /* joining ends with a round that makes less than 1 / this of the tokens go */
    PAIR_FEWEST = 4,
    DISTINCT_FEWEST = 2, /* what repeats in one sample alone says nothing of others */
    PHRASE_FEWEST = 3,
    ROUND_SHARE = 8,     /* 1 / this of the candidates are joined in a round */
    ROUND_FEWEST = 64,   /* but at least so many */
    PHRASE_OVERHEAD = 6, /* bytes of the profile beyond the text */
    TEXT_BLOCK = 1 << 16,
    NEEDED_AT_PUNCTUATION = 50, /* percent */
    NEEDED_AT_DIGIT = 60
};

static const uint32_t TOKEN_NONE = UINT32_MAX;

struct symbol {
    const uint8_t *text;
    uint32_t size, left, right; /* the two symbols it was joined from */
    uint32_t uses, distinct, last_sample;
    uint32_t same_hash;     /* another symbol, 0: none */
    bool is_left, is_right; /* of a pair that is joined in this round */
    uint16_t number;        /* of the token in the end */
    bool gains, dropped;    /* a symbol it is part of is dropped; it is itself */
};

/* Something to be chosen or dropped in the order of its score. */
struct scored {
    uint64_t score;
    uint32_t index;
};

struct learner {
    struct arena work;
    struct samples samples;
    const struct phrase_recipe *recipe;
    uint32_t *tokens, *spare; /* bytes of all samples at most */
    uint32_t *starts;
    struct symbol *symbols;
    uint32_t symbol_count;
    uint32_t *by_hash; /* symbols by hash of the text; SYMBOLS_LARGEST */
    uint8_t *text_block;
    uint32_t text_left;
    struct pairs pairs;
    struct scored *scored; /* room for every pair that is not too rare, and for every symbol */
};

static uint32_t token_count(const struct learner *l) {
    return l->starts[l->samples.count];
}

static void count_uses(struct learner *l) {
    for (uint32_t i = 0; i < l->symbol_count; i++) l->symbols[i].uses = l->symbols[i].distinct = 0;
    for (uint32_t s = 0; s < l->samples.count; s++)
        for (uint32_t i = l->starts[s]; i < l->starts[s + 1]; i++) {
            struct symbol *symbol = &l->symbols[l->tokens[i]];
            if (symbol->uses++ == 0 || symbol->last_sample != s) symbol->distinct++;
            symbol->last_sample = s;
        }
}

static bool count_pairs(struct learner *l) {
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

/* How likely, in percent, one of the two must make the other. Digits mostly vary, and where
   punctuation meets a word, either may belong to a template and the other to what is filled in. */
static unsigned needed_at(uint8_t before, uint8_t after, unsigned theta) {
    if (is_digit(before) || is_digit(after)) return NEEDED_AT_DIGIT;
    return is_text(before) && is_text(after) ? theta : NEEDED_AT_PUNCTUATION;
}

/* Bits saved, in 1/256, if the pair always is one symbol; 0 for a pair that must not be joined. */
static uint64_t gain_of(const struct learner *l, const struct pair *p) {
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

static int highest_first(const void *a, const void *b) {
    const struct scored *x = a, *y = b;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static uint32_t rank_pairs(struct learner *l) {
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

static uint8_t *text_room(struct learner *l, uint32_t size) {
    if (l->text_left < size) {
        l->text_block = arena_array(&l->work, TEXT_BLOCK, 1);
        l->text_left = l->text_block ? TEXT_BLOCK : 0;
        if (!l->text_block) return NULL;
    }
    l->text_left -= size;
    l->text_block += size;
    return l->text_block - size;
}

static uint32_t *hash_of_text(const struct learner *l, const uint8_t *text, uint32_t size) {
    uint64_t hash = size;
    for (uint32_t i = 0; i < size; i++) hash = (hash ^ text[i]) * 0x9E3779B97F4A7C15u ^ hash >> 29;
    return &l->by_hash[(hash >> 32) % SYMBOLS_LARGEST];
}

/* The symbol with the text of both: a new one, or that which other parts made before. 0: no room. */
static uint32_t join(struct learner *l, uint32_t left, uint32_t right) {
    const struct symbol *a = &l->symbols[left], *b = &l->symbols[right];
    uint8_t text[PHRASE_LARGEST];
    uint32_t size = a->size + b->size;
    memcpy(text, a->text, a->size);
    memcpy(text + a->size, b->text, b->size);
    uint32_t *chain = hash_of_text(l, text, size);
    for (uint32_t i = *chain; i; i = l->symbols[i].same_hash)
        if (l->symbols[i].size == size && memcmp(l->symbols[i].text, text, size) == 0) return i;
    uint8_t *kept = l->symbol_count < SYMBOLS_LARGEST ? text_room(l, size) : NULL;
    if (!kept) return 0;
    memcpy(kept, text, size);
    l->symbols[l->symbol_count] =
        (struct symbol){.text = kept, .size = size, .left = left, .right = right, .same_hash = *chain};
    return *chain = l->symbol_count++;
}

/* Chooses the best pairs. A symbol is not the left of one and the right of another, so that it does
   not matter in which order they are replaced. */
static uint32_t choose_pairs(struct learner *l, uint32_t candidates) {
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

/* Counts what joining changes: the pair itself and those with its neighbours, TOKEN_NONE: no such. */
static bool recount(struct learner *l, const struct pair *p, uint32_t before, uint32_t after,
                    uint32_t sample) {
    uint32_t left = p->left, right = p->right, joined = p->joined;
    l->symbols[left].uses--;
    l->symbols[right].uses--;
    l->symbols[joined].uses++;
    pairs_uncount(&l->pairs, left, right);
    if (before != TOKEN_NONE) pairs_uncount(&l->pairs, before, left);
    if (after != TOKEN_NONE) pairs_uncount(&l->pairs, right, after);
    return (before == TOKEN_NONE || pairs_count(&l->pairs, before, joined, sample)) &&
           (after == TOKEN_NONE || pairs_count(&l->pairs, joined, after, sample));
}

/* The chosen pair at this place, or NULL. */
static const struct pair *chosen_at(const struct learner *l, uint32_t at) {
    uint32_t left = l->tokens[at], right = l->tokens[at + 1];
    if (!l->symbols[left].is_left || !l->symbols[right].is_right) return NULL;
    const struct pair *p = pairs_find(&l->pairs, left, right);
    return p->joined ? p : NULL;
}

static bool replace_pairs(struct learner *l) {
    uint32_t written = 0, at = 0;
    for (uint32_t s = 0; s < l->samples.count; s++) {
        uint32_t end = l->starts[s + 1], before = TOKEN_NONE;
        l->starts[s] = written;
        while (at < end) {
            const struct pair *p = at + 1 < end ? chosen_at(l, at) : NULL;
            uint32_t token = p ? p->joined : l->tokens[at], replaced = p ? 2 : 1;
            if (p && !recount(l, p, before, at + 2 < end ? l->tokens[at + 2] : TOKEN_NONE, s)) return false;
            at += replaced;
            before = l->tokens[written++] = token;
        }
    }
    l->starts[l->samples.count] = written;
    return true;
}

static bool join_all(struct learner *l) {
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

/* ---- Dropping -------------------------------------------------------------------------------- */

/* Writes a symbol, those that are dropped as their parts. */
static uint32_t *put_parts(const struct learner *l, uint32_t *out, uint32_t symbol) {
    if (l->symbols[symbol].dropped) {
        out = put_parts(l, out, l->symbols[symbol].left);
        return put_parts(l, out, l->symbols[symbol].right);
    }
    *out = symbol;
    return out + 1;
}

static void take_apart(struct learner *l) {
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
static bool drop_rare(struct learner *l) {
    bool any = false;
    for (uint32_t i = PHRASE_FIRST; i < l->symbol_count; i++)
        l->symbols[i].gains = l->symbols[i].dropped = false;
    for (uint32_t i = l->symbol_count; i-- > PHRASE_FIRST;) {
        struct symbol *s = &l->symbols[i];
        bool rare = s->uses < PHRASE_FEWEST || s->distinct < l->recipe->min_count;
        if ((s->uses == 0 && !s->gains) || !rare) continue;
        if (!s->gains) any = s->dropped = true;
        l->symbols[s->left].gains = l->symbols[s->right].gains = true;
    }
    if (any) take_apart(l);
    return any;
}

/* Bits of a symbol, in 1/256, as its uses say. */
static uint64_t cost_of(const struct learner *l, uint32_t symbol) {
    return log2_q8(token_count(l)) - log2_q8(l->symbols[symbol].uses);
}

static uint64_t cost_of_parts(const struct learner *l, uint32_t symbol) {
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
static bool drop_surplus(struct learner *l) {
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

/* ---- The whole ------------------------------------------------------------------------------- */

static bool begin(struct learner *l) {
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

static bool put_phrases(struct learner *l, struct arena *a, struct phrase_set *out) {
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

static bool put_out(struct learner *l, struct arena *a, struct phrase_set *out) {
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
    struct learner l = {.work = arena_over(a->allocator),
                        .samples = samples,
                        .recipe = &used,
                        .pairs = {.allocator = a->allocator}};
    bool good = begin(&l) && join_all(&l);
    while (good && drop_rare(&l)) {
    }
    while (good && drop_surplus(&l)) {
    }
    good = good && put_out(&l, a, out);
    pairs_free(&l.pairs);
    arena_free(&l.work);
    return good;
}
