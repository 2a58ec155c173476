#include "policy.h"

enum {
    LOG2_BITS = 16,
    TWICE_SAVES = 29, /* 1/1000 of log2: 2 % */
    ZSTD_VALUE = 700, /* zstd at level 3 with a dictionary: ns a value, and a byte */
    ZSTD_BYTE = 4,
    LOSS_STOPPING = 1000 /* stopping early may cost 1/300 of the bytes; few samples know it well enough */
};

/* log2(v) in 1/2^LOG2_BITS, rounded down, bit by bit: each squaring doubles the logarithm. */
static uint64_t log2_fine(uint64_t v) {
    unsigned whole = 0;
    while (v >> whole > 1) whole++;
    uint64_t mantissa = whole > 31 ? v >> (whole - 31) : v << (31 - whole), result = whole;
    for (unsigned i = 0; i < LOG2_BITS; i++) {
        mantissa = mantissa * mantissa >> 31;
        result = result << 1 | mantissa >> 32;
        mantissa >>= mantissa >> 32;
    }
    return result;
}

uint64_t price_of(struct outcome o) {
    return log2_fine(o.burden | 1) + log2_fine(o.work | 1) * TWICE_SAVES / 1000;
}

uint64_t least_work(const struct comparison *c) {
    return c->held_out.count * ZSTD_VALUE + c->held_out.bytes * ZSTD_BYTE;
}

static uint32_t row_size(const struct comparison *c, const struct division_row *row, size_t value) {
    const uint32_t size = sizes_of(c, &c->ways[row->way], row->bits)[value];
    return size && row->form == ROW_EXTENDED ? size + EXTENDED_MORE : size;
}

static uint32_t row_burden(const struct comparison *c, const struct division_row *row, size_t value) {
    const struct way *w = &c->ways[row->way];
    return row->form == ROW_EXTENDED ? w->extended[value] : burdens_of(c, w, row->bits)[value];
}

/* One value as the chooser does it. The row that wins it, or NULL; adds to the outcome. */
static struct division_row *try_rows(const struct comparison *c, struct division *d, size_t value,
                                     struct outcome *o) {
    const uint64_t raw = c->held_out.items[value].size;
    uint32_t best = c->alone_burdens[value];
    struct division_row *winner = NULL;
    for (unsigned r = 0; r < d->count; r++) {
        struct division_row *row = &d->rows[r];
        uint32_t burden = row_burden(c, row, value);
        o->work += c->ways[row->way].work[value];
        if (!burden || burden >= best) continue;
        best = burden;
        winner = row;
        if (row->enough && (uint64_t)row_size(c, row, value) * 256 <= raw * row->enough) break;
    }
    o->burden += best;
    return winner;
}

static struct outcome outcome_of(const struct comparison *c, struct division *d) {
    struct outcome o = {.work = least_work(c)};
    for (size_t i = 0; i < c->held_out.count; i++) try_rows(c, d, i, &o);
    return o;
}

static void count_wins(const struct comparison *c, struct division *d) {
    struct outcome o = {.work = 0};
    d->encoded_bytes = d->encoded_cost = 0;
    for (unsigned r = 0; r < d->count; r++)
        d->rows[r].values = d->rows[r].raw_bytes = d->rows[r].encoded_bytes = 0;
    for (size_t i = 0; i < c->held_out.count; i++) {
        struct division_row *winner = try_rows(c, d, i, &o);
        const uint32_t size = winner ? row_size(c, winner, i) : c->alone[i];
        d->encoded_bytes += size;
        d->encoded_cost += winner ? target_cost(&c->target, NULL, size) : alone_cost(c, i);
        if (!winner) continue;
        winner->values++;
        winner->raw_bytes += c->held_out.items[i].size;
        winner->encoded_bytes += size;
    }
    d->burden = o.burden;
}

static void drop_losers(const struct comparison *c, struct division *d) {
    count_wins(c, d);
    unsigned kept = 0;
    for (unsigned r = 0; r < d->count; r++)
        if (d->rows[r].values) d->rows[kept++] = d->rows[r];
    d->count = kept;
}

static bool more_wins(const struct comparison *c, const struct division_row *a,
                      const struct division_row *b) {
    (void)c;
    return a->values > b->values;
}

static bool less_work(const struct comparison *c, const struct division_row *a,
                      const struct division_row *b) {
    return c->ways[a->way].all_work < c->ways[b->way].all_work;
}

/* Rows that are equal keep their order. */
static void sort_rows(const struct comparison *c, struct division *d,
                      bool (*goes_before)(const struct comparison *c, const struct division_row *a,
                                          const struct division_row *b)) {
    for (unsigned i = 1; i < d->count; i++)
        for (unsigned j = i; j > 0 && goes_before(c, &d->rows[j], &d->rows[j - 1]); j--) {
            struct division_row moved = d->rows[j];
            d->rows[j] = d->rows[j - 1];
            d->rows[j - 1] = moved;
        }
}

/* The threshold for each row in turn that makes the price lowest, the largest of those; the price. */
static uint64_t learn_stopping(const struct comparison *c, struct division *d) {
    const struct outcome all = outcome_of(c, d);
    const uint64_t most = all.burden + all.burden / LOSS_STOPPING;
    uint64_t lowest = price_of(all);
    for (unsigned r = 0; r + 1 < d->count; r++) {
        unsigned best = 0;
        struct outcome o = {.burden = 0};
        for (unsigned enough = 1; enough < 256 && o.burden <= most; enough++) {
            d->rows[r].enough = (uint8_t)enough;
            o = outcome_of(c, d);
            if (o.burden > most || price_of(o) > lowest) continue;
            lowest = price_of(o);
            best = enough;
        }
        d->rows[r].enough = (uint8_t)best;
    }
    return lowest;
}

/* The rows that cost least come first, or those that win most if that has the lower price. */
void learn_policy(const struct comparison *c, struct division *d) {
    sort_rows(c, d, less_work);
    drop_losers(c, d);
    struct division cheap = *d;
    sort_rows(c, d, more_wins);
    if (learn_stopping(c, &cheap) < learn_stopping(c, d)) *d = cheap;
    drop_losers(c, d);
    if (d->count) d->rows[d->count - 1].enough = 0;
    count_wins(c, d);
}
