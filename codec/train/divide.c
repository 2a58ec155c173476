/*
 * Dividing the codes of a profile among the encoders that pay. Forward selection on the held-out
 * samples: the way that lowers the price most is added, with every division of the codes among the
 * chosen tried out, until none is worth its place; then those go that are not worth it any more.
 */
#include "policy.h"

enum {
    WORTH_PART = 236, /* a way with codes must lower the price by 1/400 */
    WORTH_ROW = 470   /* one in extended form or under its system code by 1/200 */
};

struct search {
    struct comparison *c;
    unsigned ways[PARTS_LARGEST]; /* the chosen, and at [count] the one tried */
    unsigned count;
    uint64_t work; /* of the chosen */
    uint8_t bits[PARTS_LARGEST], best_bits[PARTS_LARGEST];
    uint64_t best;
    uint32_t *base;                    /* by value: burden without the parts searched */
    uint32_t *rows[PARTS_LARGEST + 1]; /* by depth: smallest burden with the parts up to there */
};

static uint64_t total_of(const uint32_t *burdens, size_t count) {
    uint64_t total = 0;
    for (size_t i = 0; i < count; i++) total += burdens[i];
    return total;
}

/* out = the smaller of before and burdens, value by value. */
static void take_smaller(uint32_t *out, const uint32_t *before, const uint32_t *burdens,
                         const struct comparison *c) {
    for (size_t i = 0; i < c->held_out.count; i++) {
        uint32_t burden = burdens[i] ? burdens[i] : UINT32_MAX;
        out[i] = burden < before[i] ? burden : before[i];
    }
}

/* Every division of `codes` among the parts from `depth` on; wider parts first. */
static void try_divisions(struct search *s, unsigned depth, unsigned parts, unsigned codes) {
    struct comparison *c = s->c;
    if (depth == parts) {
        uint64_t total = total_of(s->rows[depth], c->held_out.count);
        if (total >= s->best) return;
        s->best = total;
        memcpy(s->best_bits, s->bits, sizeof s->bits);
        return;
    }
    const struct way *w = &c->ways[s->ways[depth]];
    unsigned others = parts - depth - 1, widest = w->encoder->bytewise ? 0 : c->range.width_bits;
    bool last_wide = false;
    for (unsigned bits = widest + 1; bits-- > 0 && !last_wide;) {
        if (codes < (1u << bits) + others) continue;
        s->bits[depth] = (uint8_t)bits;
        take_smaller(s->rows[depth + 1], s->rows[depth], burdens_of(c, w, bits), c);
        try_divisions(s, depth + 1, parts, codes - (1u << bits));
        last_wide = others == 0;
    }
}

/* Sections of all chosen, and of one more. */
static uint64_t section_bytes(const struct search *s, unsigned more) {
    uint64_t bytes = s->c->ways[more].section_size;
    for (unsigned i = 0; i < s->count; i++) bytes += s->c->ways[s->ways[i]].section_size;
    return bytes;
}

static bool may_join(const struct search *s, unsigned way, const struct division *d) {
    const struct comparison *c = s->c;
    if (!c->ways[way].trainer || section_bytes(s, way) > sections_room(c)) return false;
    for (unsigned i = 0; i < s->count; i++)
        if (c->ways[s->ways[i]].id == c->ways[way].id) return false;
    for (unsigned i = 0; i < d->count; i++)
        if (c->ways[d->rows[i].way].id == c->ways[way].id) return false;
    return true;
}

static uint64_t price_now(const struct search *s, uint64_t burden, uint64_t more_work) {
    return price_of((struct outcome){.burden = burden, .work = s->work + more_work});
}

/* Adds the way that helps most; false when none is worth it. */
static bool add_part(struct search *s, const struct division *d) {
    const struct comparison *c = s->c;
    unsigned parts = s->count + 1, winner = WAYS_LARGEST;
    uint64_t before = s->best, lowest = price_now(s, before, 0) - WORTH_PART, best = before;
    uint8_t winner_bits[PARTS_LARGEST];
    memcpy(winner_bits, s->best_bits, sizeof winner_bits);
    if (s->count == PARTS_LARGEST || parts > 1u << c->range.width_bits) return false;
    for (unsigned way = 0; way < c->way_count; way++) {
        if (!may_join(s, way, d)) continue;
        s->ways[s->count] = way;
        s->best = UINT64_MAX;
        try_divisions(s, 0, parts, 1u << c->range.width_bits);
        uint64_t price = price_now(s, s->best, c->ways[way].all_work);
        if (price >= lowest) continue;
        lowest = price;
        best = s->best;
        winner = way;
        memcpy(winner_bits, s->best_bits, sizeof winner_bits);
    }
    s->best = best;
    memcpy(s->best_bits, winner_bits, sizeof winner_bits);
    if (winner == WAYS_LARGEST) return false;
    s->work += c->ways[winner].all_work;
    s->ways[s->count++] = winner;
    return true;
}

/* Drops a way that the ones added later have made worthless; false when there is none. */
static bool drop_part(struct search *s) {
    const struct comparison *c = s->c;
    for (unsigned i = 0; i < s->count; i++) {
        struct search without = *s;
        without.count--;
        without.work -= c->ways[s->ways[i]].all_work;
        memmove(without.ways + i, without.ways + i + 1, (without.count - i) * sizeof *without.ways);
        without.best = UINT64_MAX;
        try_divisions(&without, 0, without.count, 1u << c->range.width_bits);
        if (price_now(&without, without.best, 0) >= price_now(s, s->best, 0) + WORTH_PART) continue;
        *s = without;
        return true;
    }
    return false;
}

/* ---- Rows ----------------------------------------------------------------------------------- */

/* Parts with more codes lie first, so that every part is aligned to its width. */
static void place_parts(const struct search *s, struct division *d) {
    unsigned offset = 0;
    for (unsigned bits = PROFILE_WIDTH_BITS + 1; bits-- > 0;) {
        for (unsigned i = 0; i < s->count; i++) {
            if (s->best_bits[i] != bits) continue;
            d->rows[d->count++] = (struct division_row){
                .way = s->ways[i], .form = ROW_CODES, .bits = (uint8_t)bits, .offset = (uint8_t)offset};
            offset += 1u << bits;
        }
    }
}

/* Adds the ways without codes that still save enough: untrained ones, then extended ones. */
static void add_rows(struct search *s, struct division *d, uint32_t *now, uint32_t *next) {
    struct comparison *c = s->c;
    for (unsigned form = 0; form < 2; form++) {
        for (unsigned way = 0; way < c->way_count && d->count < PROFILE_ROWS; way++) {
            bool trained = c->ways[way].trainer != NULL;
            if (trained != (form == 1) || (trained && !may_join(s, way, d))) continue;
            const struct way *w = &c->ways[way];
            take_smaller(next, now, trained ? w->extended : burdens_of(c, w, 0), c);
            uint64_t before = total_of(now, c->held_out.count), after = total_of(next, c->held_out.count);
            uint64_t work = c->ways[way].all_work;
            if (price_now(s, after, work) + WORTH_ROW > price_now(s, before, 0)) continue;
            s->work += work;
            memcpy(now, next, c->held_out.count * sizeof *now);
            d->rows[d->count++] =
                (struct division_row){.way = way, .form = trained ? ROW_EXTENDED : ROW_SYSTEM};
        }
    }
}

bool divide_codes(struct comparison *c, struct division *d) {
    struct search s = {.c = c};
    for (unsigned i = 0; i <= PARTS_LARGEST; i++)
        s.rows[i] = arena_array(&c->arena, c->held_out.count, sizeof *s.rows[i]);
    uint32_t *now = arena_array(&c->arena, c->held_out.count, sizeof *now);
    uint32_t *next = arena_array(&c->arena, c->held_out.count, sizeof *next);
    if (c->arena.failed) return false;
    *d = (struct division){.count = 0};
    s.base = c->alone_burdens;
    memcpy(s.rows[0], s.base, c->held_out.count * sizeof *s.base);
    s.best = total_of(s.base, c->held_out.count);
    s.work = least_work(c);
    while (add_part(&s, d)) continue;
    while (drop_part(&s)) continue;
    place_parts(&s, d);
    memcpy(now, s.base, c->held_out.count * sizeof *now);
    for (unsigned r = 0; r < d->count; r++)
        take_smaller(now, now, burdens_of(c, &c->ways[d->rows[r].way], d->rows[r].bits), c);
    add_rows(&s, d, now, next);
    learn_policy(c, d);
    return true;
}
