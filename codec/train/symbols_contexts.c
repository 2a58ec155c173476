/*
 * Learning the contexts: which tokens share one table for the code word that follows them. Begins
 * with a group for each frequent token, one for the rare ones of each last byte and one for the
 * start, and joins the two groups whose union costs least until no join saves anything
 * (agglomerative clustering by description length).
 */
#include "symbols_train.h"

#include <stdlib.h>

enum {
    GROUPS_LARGEST = 384,
    OWN_GROUP_USES = 40,
    ENTRY_BITS = 18,
    TABLE_BITS = 300,
    GROUP_DEAD = 0xFFFF,
    LOGS = 4096
};

/* How often each symbol follows a group; entries sorted by symbol. */
struct follower {
    uint16_t symbol;
    uint32_t count;
};

struct group {
    struct follower *followers;
    uint32_t size, total;
    uint64_t cost; /* in 1/256 bit */
    bool dead;
};

struct clustering {
    struct draft *draft;
    struct arena arena;
    struct group *groups;
    unsigned count, alive;
    uint16_t *group_of;   /* by token; [token_count] = after a literal, [token_count + 1] = the start */
    uint32_t *base_costs; /* by symbol: bits in 1/256 in table 0 */
    int64_t *gains;       /* by pair of groups: saved by joining them */
    struct follower *merged;
    uint32_t *logs; /* log2_q8 of the numbers below LOGS */
};

static uint32_t log_of(const struct clustering *c, uint32_t n) {
    return n < LOGS ? c->logs[n] : log2_q8(n);
}

/* Bits to tell the followers apart: those seen twice or more by their share, the others through
   ESCAPE and table 0, and what the table itself takes. */
static uint64_t cost_of(const struct clustering *c, const struct follower *followers, uint32_t size,
                        uint32_t total) {
    uint64_t cost = (uint64_t)TABLE_BITS << 8;
    uint32_t escapes = 1, log_total = log2_q8((uint64_t)total + 1);
    for (uint32_t i = 0; i < size; i++) {
        uint32_t n = followers[i].count, base = c->base_costs[followers[i].symbol];
        uint32_t own = log_total - log_of(c, n);
        if (own < 256) own = 256;
        if (n >= 2 && (uint64_t)n * own + (ENTRY_BITS << 8) < (uint64_t)n * (base + 512)) {
            cost += (uint64_t)n * own + (ENTRY_BITS << 8);
        } else {
            cost += (uint64_t)n * base;
            escapes += n;
        }
    }
    return cost + (uint64_t)escapes * (log_total - log2_q8(escapes));
}

static struct group joined(const struct clustering *c, const struct group *a, const struct group *b) {
    struct group sum = {.followers = c->merged, .total = a->total + b->total};
    uint32_t i = 0, j = 0;
    while (i < a->size || j < b->size) {
        bool from_a = j == b->size || (i < a->size && a->followers[i].symbol <= b->followers[j].symbol);
        bool from_b = i == a->size || (j < b->size && b->followers[j].symbol <= a->followers[i].symbol);
        struct follower f = from_a ? a->followers[i] : b->followers[j];
        if (from_a && from_b) f.count += b->followers[j].count;
        i += from_a;
        j += from_b;
        sum.followers[sum.size++] = f;
    }
    sum.cost = cost_of(c, sum.followers, sum.size, sum.total);
    return sum;
}

static int64_t *gain_at(const struct clustering *c, unsigned a, unsigned b) {
    return a < b ? &c->gains[(size_t)a * c->count + b] : &c->gains[(size_t)b * c->count + a];
}

static void measure_joins(struct clustering *c, unsigned group) {
    for (unsigned other = 0; other < c->count; other++) {
        if (other == group || c->groups[other].dead) continue;
        struct group sum = joined(c, &c->groups[group], &c->groups[other]);
        *gain_at(c, group, other) =
            (int64_t)(c->groups[group].cost + c->groups[other].cost) - (int64_t)sum.cost;
    }
}

static bool best_join(const struct clustering *c, unsigned *a, unsigned *b) {
    bool found = false;
    int64_t best = 0;
    for (unsigned i = 0; i < c->count; i++) {
        for (unsigned j = i + 1; !c->groups[i].dead && j < c->count; j++) {
            if (c->groups[j].dead) continue;
            int64_t gain = c->gains[(size_t)i * c->count + j];
            if (found && gain <= best) continue;
            found = true;
            best = gain;
            *a = i;
            *b = j;
        }
    }
    return found;
}

static bool join_groups(struct clustering *c, unsigned a, unsigned b) {
    struct group sum = joined(c, &c->groups[a], &c->groups[b]);
    struct follower *own = arena_array(&c->arena, sum.size, sizeof *own);
    if (!own) return false;
    memcpy(own, sum.followers, sum.size * sizeof *own);
    sum.followers = own;
    c->groups[a] = sum;
    c->groups[b].dead = true;
    c->alive--;
    for (unsigned i = 0; i < c->draft->token_count + 2; i++)
        if (c->group_of[i] == b) c->group_of[i] = (uint16_t)a;
    return true;
}

/* ---- The first groups ----------------------------------------------------------------------- */

static int by_count(const void *a, const void *b) {
    const struct draft_token *const *x = a, *const *y = b;
    if ((*x)->count != (*y)->count) return (*x)->count > (*y)->count ? -1 : 1;
    return (*x > *y) - (*x < *y);
}

/* The most frequent tokens get a group each; the others share one with all that end alike. */
static void first_groups(struct clustering *c) {
    const struct draft *d = c->draft;
    unsigned by_last[256];
    for (unsigned i = 0; i < 256; i++) by_last[i] = GROUP_DEAD;
    const struct draft_token **order = arena_array(&c->arena, d->token_count, sizeof *order);
    if (!order) return;
    for (unsigned i = 0; i < d->token_count; i++) order[i] = &d->tokens[i];
    qsort(order, d->token_count, sizeof *order, by_count);
    c->group_of[d->token_count] = 0;
    c->group_of[d->token_count + 1] = 1;
    c->count = 2;
    for (unsigned i = 0; i < d->token_count; i++) {
        unsigned token = (unsigned)(order[i] - d->tokens), last = order[i]->text[order[i]->size - 1];
        if (order[i]->count >= OWN_GROUP_USES && c->count < GROUPS_LARGEST - 256) {
            c->group_of[token] = (uint16_t)c->count++;
            continue;
        }
        if (by_last[last] == GROUP_DEAD) by_last[last] = c->count++;
        c->group_of[token] = (uint16_t)by_last[last];
    }
    c->alive = c->count;
}

static unsigned group_before(const struct clustering *c, const struct pair *p) {
    return c->group_of[p->previous == PAIR_START ? c->draft->token_count + 1 : p->previous];
}

/* Pairs are sorted by what comes before, so the followers are added up in a dense row per group. */
static void fill_groups(struct clustering *c) {
    const struct draft *d = c->draft;
    size_t symbols = d->token_count + 1;
    uint32_t *row = arena_array(&c->arena, symbols * c->count, sizeof *row);
    if (!row) return;
    for (size_t i = 0; i < d->pair_count; i++)
        row[group_before(c, &d->pairs[i]) * symbols + d->pairs[i].next] += d->pairs[i].count;
    for (unsigned g = 0; g < c->count; g++) {
        struct group *group = &c->groups[g];
        for (size_t s = 0; s < symbols; s++) group->size += row[g * symbols + s] != 0;
        group->followers = arena_array(&c->arena, group->size, sizeof *group->followers);
        if (!group->followers) return;
        uint32_t at = 0;
        for (size_t s = 0; s < symbols; s++) {
            uint32_t n = row[g * symbols + s];
            if (!n) continue;
            group->followers[at++] = (struct follower){(uint16_t)s, n};
            group->total += n;
        }
        group->cost = cost_of(c, group->followers, group->size, group->total);
    }
}

static void measure_base(struct clustering *c) {
    const struct draft *d = c->draft;
    uint64_t total = 1 + d->literals;
    for (unsigned i = 0; i < d->token_count; i++) total += d->tokens[i].count;
    for (unsigned i = 0; i < d->token_count; i++)
        c->base_costs[i] = log2_q8(total) - log2_q8(d->tokens[i].count) + 64;
    c->base_costs[d->token_count] = log2_q8(total) - log2_q8(d->literals) + (8 << 8);
}

/* ---- The tables ----------------------------------------------------------------------------- */

static void number_tables(struct clustering *c) {
    struct draft *d = c->draft;
    uint8_t number[GROUPS_LARGEST];
    d->tables = 1;
    for (unsigned g = 0; g < c->count; g++)
        if (!c->groups[g].dead) number[g] = (uint8_t)d->tables++;
    for (unsigned i = 0; i < d->token_count; i++) d->next[i] = number[c->group_of[i]];
    d->after_literal = number[c->group_of[d->token_count]];
    d->start = number[c->group_of[d->token_count + 1]];
}

void weigh_contexts(struct draft *d) {
    unsigned symbols = d->token_count + 1;
    memset(d->weights, 0, sizeof *d->weights * symbols * d->tables);
    for (size_t i = 0; i < d->pair_count; i++) {
        const struct pair *p = &d->pairs[i];
        unsigned table = p->previous == PAIR_START       ? d->start
                         : p->previous == d->token_count ? d->after_literal
                                                         : d->next[p->previous];
        weights_of(d, table)[p->next] += p->count;
    }
    uint64_t *base = weights_of(d, 0);
    for (unsigned table = 1; table < d->tables; table++) {
        uint64_t *weights = weights_of(d, table), escapes = weights[d->token_count];
        base[d->token_count] += 16 * escapes;
        for (unsigned i = 0; i < d->token_count; i++) {
            if (weights[i] == 1) {
                base[i] += 16;
                escapes++;
                weights[i] = 0;
            }
            weights[i] *= 16;
        }
        weights[d->token_count] = 16 * escapes + 4;
    }
    for (unsigned i = 0; i < symbols; i++) base[i] += 1;
}

bool learn_contexts(struct draft *d, unsigned tables) {
    struct clustering c = {.draft = d, .arena = arena_over(d->arena.allocator)};
    c.groups = arena_array(&c.arena, GROUPS_LARGEST, sizeof *c.groups);
    c.group_of = arena_array(&c.arena, d->token_count + 2, sizeof *c.group_of);
    c.base_costs = arena_array(&c.arena, d->token_count + 1, sizeof *c.base_costs);
    c.merged = arena_array(&c.arena, d->token_count + 1, sizeof *c.merged);
    c.gains = arena_array(&c.arena, (size_t)GROUPS_LARGEST * GROUPS_LARGEST, sizeof *c.gains);
    c.logs = arena_array(&c.arena, LOGS, sizeof *c.logs);
    for (uint32_t n = 0; c.logs && n < LOGS; n++) c.logs[n] = log2_q8(n);
    pairs_compact(d);
    if (!c.arena.failed) measure_base(&c);
    if (!c.arena.failed) first_groups(&c);
    if (!c.arena.failed) fill_groups(&c);
    for (unsigned g = 0; !c.arena.failed && g < c.count; g++) measure_joins(&c, g);
    unsigned a = 0, b = 0;
    while (!c.arena.failed && best_join(&c, &a, &b)) {
        if (*gain_at(&c, a, b) <= 0 && c.alive <= tables) break;
        if (join_groups(&c, a, b)) measure_joins(&c, a);
    }
    bool good = !c.arena.failed;
    if (good) number_tables(&c);
    if (good) weigh_contexts(d);
    arena_free(&c.arena);
    return good;
}
