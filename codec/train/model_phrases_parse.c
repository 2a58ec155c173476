/*
 * The samples cut anew into the phrases there are, as cheaply as the uses of each allow: joining
 * pairs leaves the same text cut in different ways.
 */
#include "model_phrases_draft.h"

enum { PARSES = 2 };

/* A step from one node of the trie of texts to the next. */
struct step {
    uint32_t from, to; /* to 0: a free slot; the root is node 0 */
    uint32_t symbol;   /* whose text ends here, or SYMBOL_NONE */
    uint32_t byte;
};

/* The cheapest way from a place of a sample to its end, and the first symbol on it. */
struct way {
    uint64_t cost; /* in 1/256 bit */
    uint32_t symbol;
};

struct parser {
    struct phrase_draft *draft;
    struct step *steps; /* hash table */
    uint32_t mask, nodes;
    uint32_t *costs;  /* by symbol */
    struct way *ways; /* by place of the sample */
};

static struct step *step_at(const struct parser *p, uint32_t from, uint8_t byte) {
    uint64_t hash = ((uint64_t)from << 8 | byte) * 0x9E3779B97F4A7C15u;
    uint32_t at = (uint32_t)(hash >> 32) & p->mask;
    while (p->steps[at].to && (p->steps[at].from != from || p->steps[at].byte != byte))
        at = (at + 1) & p->mask;
    return &p->steps[at];
}

static void add_text(struct parser *p, const struct symbol *s, uint32_t number) {
    uint32_t from = 0;
    for (uint32_t i = 0; i < s->size; i++) {
        struct step *step = step_at(p, from, s->text[i]);
        if (!step->to) *step = (struct step){from, ++p->nodes, SYMBOL_NONE, s->text[i]};
        if (i + 1 == s->size) step->symbol = number;
        from = step->to;
    }
}

static uint32_t cost_of_uses(const struct phrase_draft *l, uint32_t uses) {
    return log2_q8((uint64_t)token_count(l) + 1) - log2_q8(uses) + (uses ? 0 : 256);
}

/* Costs and trie of all bytes and of the phrases in use that are not rare. */
static void take_stock(struct parser *p) {
    struct phrase_draft *l = p->draft;
    memset(p->steps, 0, ((size_t)p->mask + 1) * sizeof *p->steps);
    p->nodes = 0;
    for (uint32_t i = 0; i < l->symbol_count; i++) {
        const struct symbol *s = &l->symbols[i];
        p->costs[i] = cost_of_uses(l, s->uses);
        if (i >= PHRASE_FIRST && !is_rare(l, s)) add_text(p, s, i);
    }
}

static void find_ways(struct parser *p, const uint8_t *bytes, size_t size) {
    p->ways[size].cost = 0;
    for (size_t at = size; at-- > 0;) {
        struct way best = {p->ways[at + 1].cost + p->costs[bytes[at]], bytes[at]};
        uint32_t node = 0;
        for (size_t end = at; end < size; end++) {
            const struct step *step = step_at(p, node, bytes[end]);
            if (!step->to) break;
            node = step->to;
            if (step->symbol == SYMBOL_NONE) continue;
            uint64_t cost = p->ways[end + 1].cost + p->costs[step->symbol];
            if (cost <= best.cost) best = (struct way){cost, step->symbol}; /* the longer one of equals */
        }
        p->ways[at] = best;
    }
}

static void parse_all(struct parser *p) {
    struct phrase_draft *l = p->draft;
    uint32_t written = 0;
    for (size_t s = 0; s < l->samples.count; s++) {
        const struct sample *sample = &l->samples.items[s];
        find_ways(p, sample->bytes, sample->size);
        for (size_t at = 0; at < sample->size; at += l->symbols[p->ways[at].symbol].size)
            l->tokens[written++] = p->ways[at].symbol;
        l->starts[s + 1] = written;
    }
    count_uses(l);
}

bool parse_phrases(struct phrase_draft *l) {
    size_t longest = 0, text = 1, room = 2;
    for (size_t s = 0; s < l->samples.count; s++)
        if (l->samples.items[s].size > longest) longest = l->samples.items[s].size;
    for (uint32_t i = PHRASE_FIRST; i < l->symbol_count; i++)
        if (l->symbols[i].uses) text += l->symbols[i].size;
    while (room < 2 * text) room *= 2;
    struct parser p = {.draft = l, .mask = (uint32_t)room - 1};
    p.steps = arena_array(&l->work, room, sizeof *p.steps);
    p.costs = arena_array(&l->work, l->symbol_count, sizeof *p.costs);
    p.ways = arena_array(&l->work, longest + 1, sizeof *p.ways);
    if (l->work.failed) return false;
    for (unsigned i = 0; i < PARSES; i++) {
        take_stock(&p);
        parse_all(&p);
    }
    return true;
}
