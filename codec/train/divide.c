/*
 * Dividing the codes of a profile among the encoders that pay. Forward selection on the held-out
 * samples: the way that lowers the total most is added, with every division of the codes among the
 * chosen tried out, until none is worth its place.
 */
#include "compare.h"

enum {
    WORTH_PART = 400,    /* a way with codes must save 1/400 of the total */
    WORTH_ROW = 200,     /* one in extended form or under its system code 1/200 */
    LOSS_STOPPING = 2000 /* stopping early may cost 1/2000 */
};

struct search {
    struct comparison *c;
    unsigned ways[PARTS_LARGEST]; /* the chosen, and at [count] the one tried */
    unsigned count;
    uint8_t bits[PARTS_LARGEST], best_bits[PARTS_LARGEST];
    uint64_t best;
    uint32_t *base;                    /* by value: size without the parts searched */
    uint32_t *rows[PARTS_LARGEST + 1]; /* by depth: smallest size with the parts up to there */
};

static uint64_t total_of(const uint32_t *sizes, size_t count) {
    uint64_t total = 0;
    for (size_t i = 0; i < count; i++) total += sizes[i];
    return total;
}

/* out = the smaller of before and sizes + more, value by value. */
static void take_smaller(uint32_t *out, const uint32_t *before, const uint32_t *sizes, struct comparison *c,
                         uint32_t more) {
    for (size_t i = 0; i < c->held_out.count; i++) {
        uint32_t size = sizes[i] ? sizes[i] + more : UINT32_MAX;
        out[i] = size < before[i] ? size : before[i];
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
        take_smaller(s->rows[depth + 1], s->rows[depth], sizes_of(c, w, bits), c, 0);
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

/* Adds the way that helps most; false when none is worth it. */
static bool add_part(struct search *s, const struct division *d) {
    const struct comparison *c = s->c;
    unsigned parts = s->count + 1, winner = WAYS_LARGEST;
    uint64_t before = s->count ? s->best : total_of(s->base, c->held_out.count), best = before;
    uint8_t winner_bits[PARTS_LARGEST] = {0}, bits_before[PARTS_LARGEST];
    memcpy(bits_before, s->best_bits, sizeof bits_before);
    if (s->count == PARTS_LARGEST || parts > 1u << c->range.width_bits) return false;
    for (unsigned way = 0; way < c->way_count; way++) {
        if (!may_join(s, way, d)) continue;
        s->ways[s->count] = way;
        s->best = UINT64_MAX;
        try_divisions(s, 0, parts, 1u << c->range.width_bits);
        if (s->best >= best) continue;
        best = s->best;
        winner = way;
        memcpy(winner_bits, s->best_bits, sizeof winner_bits);
    }
    bool worth = winner != WAYS_LARGEST && before - best >= before / WORTH_PART + 1;
    if (worth) s->ways[s->count++] = winner;
    s->best = worth ? best : before;
    memcpy(s->best_bits, worth ? winner_bits : bits_before, sizeof s->best_bits);
    return worth;
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

static uint32_t row_size(const struct comparison *c, const struct division_row *row, size_t value) {
    const uint32_t size = sizes_of(c, &c->ways[row->way], row->bits)[value];
    return size && row->form == ROW_EXTENDED ? size + 2 : size;
}

/* Adds the ways without codes that still save enough: untrained ones, then extended ones. */
static void add_rows(struct search *s, struct division *d, uint32_t *now, uint32_t *next) {
    struct comparison *c = s->c;
    for (unsigned form = 0; form < 2; form++) {
        for (unsigned way = 0; way < c->way_count && d->count < PROFILE_ROWS; way++) {
            bool trained = c->ways[way].trainer != NULL;
            if (trained != (form == 1) || (trained && !may_join(s, way, d))) continue;
            take_smaller(next, now, sizes_of(c, &c->ways[way], 0), c, trained ? 2 : 0);
            uint64_t before = total_of(now, c->held_out.count), after = total_of(next, c->held_out.count);
            if (before - after < before / WORTH_ROW + 1) continue;
            memcpy(now, next, c->held_out.count * sizeof *now);
            d->rows[d->count++] =
                (struct division_row){.way = way, .form = trained ? ROW_EXTENDED : ROW_SYSTEM};
        }
    }
}

/* Which row wins each value, ties to the earlier one; count = left alone. */
static void count_wins(const struct comparison *c, struct division *d) {
    d->encoded_bytes = 0;
    for (unsigned r = 0; r < d->count; r++)
        d->rows[r].values = d->rows[r].raw_bytes = d->rows[r].encoded_bytes = 0;
    for (size_t i = 0; i < c->held_out.count; i++) {
        uint32_t best = c->alone[i];
        struct division_row *winner = NULL;
        for (unsigned r = 0; r < d->count; r++) {
            uint32_t size = row_size(c, &d->rows[r], i);
            if (size && size < best) {
                best = size;
                winner = &d->rows[r];
            }
        }
        d->encoded_bytes += best;
        if (!winner) continue;
        winner->values++;
        winner->raw_bytes += c->held_out.items[i].size;
        winner->encoded_bytes += best;
    }
}

/* Rows without a win go; the others are tried in the order of their wins. */
static void order_rows(const struct comparison *c, struct division *d) {
    count_wins(c, d);
    unsigned kept = 0;
    for (unsigned r = 0; r < d->count; r++)
        if (d->rows[r].values) d->rows[kept++] = d->rows[r];
    d->count = kept;
    for (unsigned i = 1; i < d->count; i++)
        for (unsigned j = i; j > 0 && d->rows[j].values > d->rows[j - 1].values; j--) {
            struct division_row moved = d->rows[j];
            d->rows[j] = d->rows[j - 1];
            d->rows[j - 1] = moved;
        }
    count_wins(c, d);
}

/* Bytes of all values when trying stops where the rows say. */
static uint64_t stopped_total(const struct comparison *c, const struct division *d) {
    uint64_t total = 0;
    for (size_t i = 0; i < c->held_out.count; i++) {
        uint32_t best = c->alone[i];
        uint64_t raw = c->held_out.items[i].size;
        for (unsigned r = 0; r < d->count; r++) {
            uint32_t size = row_size(c, &d->rows[r], i);
            if (!size || size >= best) continue;
            best = size;
            if (d->rows[r].enough && (uint64_t)size * 256 <= raw * d->rows[r].enough) break;
        }
        total += best;
    }
    return total;
}

/* The largest threshold for each row in turn that costs next to nothing. */
static void learn_stopping(const struct comparison *c, struct division *d) {
    const uint64_t most = d->encoded_bytes + d->encoded_bytes / LOSS_STOPPING;
    for (unsigned r = 0; r + 1 < d->count; r++) {
        unsigned low = 0, high = 255; /* the loss grows with the threshold */
        while (low < high) {
            unsigned middle = (low + high + 1) / 2;
            d->rows[r].enough = (uint8_t)middle;
            if (stopped_total(c, d) <= most) low = middle;
            else high = middle - 1;
        }
        d->rows[r].enough = (uint8_t)low;
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
    s.base = c->alone;
    memcpy(s.rows[0], s.base, c->held_out.count * sizeof *s.base);
    while (add_part(&s, d)) continue;
    place_parts(&s, d);
    memcpy(now, s.base, c->held_out.count * sizeof *now);
    for (unsigned r = 0; r < d->count; r++)
        take_smaller(now, now, sizes_of(c, &c->ways[d->rows[r].way], d->rows[r].bits), c, 0);
    add_rows(&s, d, now, next);
    order_rows(c, d);
    learn_stopping(c, d);
    return true;
}
