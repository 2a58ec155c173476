/* What is derived from the contexts of a section when it is loaded. */
#include "model.h"

#include "bits.h"

struct price_sum {
    uint64_t costs;
    uint32_t contexts;
};

static void link_parents(struct model *m) {
    for (unsigned state = 1; state < m->state_count; state++) {
        uint64_t key = m->keys[state], spot = key >> 43, history = key >> 3 & 0xFFFFFFFFFFu;
        unsigned depth = key & 7, parent = STATE_NONE;
        for (unsigned d = depth; spot && d-- > 0 && parent == STATE_NONE;)
            parent = find_state(m, context_key(d, spot, history));
        /* With fewer bytes than contexts without slot look at, the bytes before decide. */
        if (parent == STATE_NONE && (!spot || depth >= SLOT_PLAIN))
            parent = plain_state(m, history, spot ? SLOT_PLAIN : depth - 1);
        m->states[state].parent = (uint16_t)parent;
    }
}

/* Runs and copies of slots stand behind all other symbols of a state. */
static void note_what_it_has(struct model *m, struct state *s) {
    s->likely = STATE_NONE;
    unsigned texts = 0, others = 0;
    for (uint32_t e = s->first; e < s->first + s->count; e++) {
        unsigned symbol = m->entries[e];
        texts += symbol < SYMBOL_PHRASES + m->phrases.count;
        others += symbol < m->slot_copies;
        if (symbol < escape_symbol(m) && m->costs[e] <= 1 << 8) s->likely = (uint16_t)(e - s->first);
    }
    s->runs = (uint16_t)texts;
    s->slot_copies = (uint16_t)others;
}

static void note_digits(struct model *m) {
    for (unsigned i = 0; i <= COPY_LONGEST - COPY_SHORTEST; i++)
        m->length_costs[i] = m->lengths.costs[part_class(i)];
    for (unsigned byte = 0; byte < 256; byte++)
        for (unsigned class = 0; class < RUN_CLASSES; class ++)
            if (run_digit(class, (uint8_t)byte) != 0xFF) m->digits[byte] |= (uint8_t)(1 << class);
}

/* For each step of the weights the entry at which it lies. */
static void fill_jumps(struct model *m) {
    unsigned number = 0;
    for (unsigned state = 0; state < m->state_count; state++) {
        struct state *s = &m->states[state];
        if (s->count < JUMP_FROM) continue;
        uint16_t *jumps = m->jumps + ((size_t)number << JUMP_BITS) + number;
        for (uint32_t step = 0, i = 0; step <= 1u << JUMP_BITS; step++) {
            const uint32_t weight = step << (WEIGHT_BITS - JUMP_BITS);
            while (i + 1 < s->count && m->cums[s->first + i + 1] <= weight) i++;
            jumps[step] = (uint16_t)i;
        }
        s->jump = (uint16_t)++number;
    }
}

static void weigh_entries(struct model *m) {
    for (unsigned state = 0; state < m->state_count; state++) {
        const struct state *s = &m->states[state];
        for (uint32_t e = s->first; e < s->first + s->count; e++) {
            uint32_t width = entry_end(m, s, e) - entry_begin(m, e);
            m->costs[e] = (uint16_t)((WEIGHT_BITS << 8) - log2_q8(width));
        }
        note_what_it_has(m, &m->states[state]);
    }
    const struct state *root = &m->states[STATE_ROOT];
    for (unsigned i = 0; i < root->count; i++) m->root_entries[m->entries[i]] = (uint16_t)i;
}

/* The mean of its costs in all contexts that have a symbol. As good as what it costs on average in the
   samples, which would have to be stored. `sums` has room for all symbols. */
static void fill_prices(struct model *m, struct price_sum *sums) {
    for (uint32_t entry = 0; entry < m->entry_count; entry++) {
        if (m->entries[entry] >= m->slot_copies) continue;
        sums[m->entries[entry]].costs += m->costs[entry];
        sums[m->entries[entry]].contexts++;
    }
    for (unsigned symbol = 0; symbol < m->slot_copies; symbol++)
        m->prices[symbol] = sums[symbol].contexts ? (uint16_t)(sums[symbol].costs / sums[symbol].contexts)
                                                  : (uint16_t)PRICE_LARGEST;
}

bool derive_states(struct model *m, const vp_allocator *a) {
    struct price_sum *sums = memory_zeroed(a, m->slot_copies * sizeof *sums);
    if (!sums) return false;
    link_parents(m);
    note_digits(m);
    weigh_entries(m);
    fill_jumps(m);
    fill_prices(m, sums);
    memory_free(a, sums);
    m->start = state_at(m, &(struct cursor){.history = 0});
    return true;
}
