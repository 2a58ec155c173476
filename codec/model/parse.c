#include "parse.h"

enum {
    MATCHES_LARGEST = 8, /* earlier places that are looked at for a copy */
    LIKELY_SHORTEST = 2, /* bytes of a phrase that is taken without a search */
    CHAIN_LARGEST = 16,  /* states from the deepest to the root */
    COST_NONE = UINT32_MAX
};

/* The states in which a symbol may be coded at one place, and bits in 1/256 of the ESCAPEs before. */
struct state_chain {
    unsigned count;
    unsigned states[CHAIN_LARGEST];
    uint32_t escapes[CHAIN_LARGEST];
};

static struct state_chain chain_at(const struct model *m, const struct cursor *c) {
    struct state_chain chain = {.count = 0};
    uint32_t escapes = 0;
    for (unsigned state = state_at(m, c);; state = parent_of(m, state, c)) {
        chain.states[chain.count] = state;
        chain.escapes[chain.count++] = escapes;
        if (state == STATE_ROOT) return chain;
        const struct state *s = &m->states[state];
        escapes += m->costs[s->first + s->count - 1];
    }
}

static uint32_t chain_cost(const struct model *m, const struct state_chain *chain, unsigned symbol) {
    for (unsigned i = 0; i < chain->count; i++) {
        uint32_t entry = find_entry(m, chain->states[i], symbol);
        if (entry != UINT32_MAX) return chain->escapes[i] + m->costs[entry];
    }
    return COST_NONE;
}

uint32_t symbol_cost(const struct model *m, const struct cursor *c, unsigned symbol) {
    struct state_chain chain = chain_at(m, c);
    return chain_cost(m, &chain, symbol);
}

/* ---- Memory --------------------------------------------------------------------------------- */

static unsigned head_bits_of(size_t size) {
    unsigned bits = 6;
    while (bits < 13 && (size_t)1 << bits < size) bits++;
    return bits;
}

size_t parse_memory(const struct model *m, size_t size) {
    size_t heads = m->copies ? size + ((size_t)1 << head_bits_of(size)) : 0;
    return (size + 1) * (sizeof(struct place) + sizeof(struct step)) +
           m->slot_count * sizeof(struct slot_text) + heads * sizeof(uint32_t);
}

void parse_place(struct parse *p, const struct model *m, uint8_t *memory, size_t size) {
    p->m = m;
    p->head_bits = head_bits_of(size);
    p->places = (struct place *)(void *)memory;
    memory += (size + 1) * sizeof(struct place);
    p->steps = (struct step *)(void *)memory;
    memory += (size + 1) * sizeof(struct step);
    p->slots = (struct slot_text *)(void *)memory;
    memory += m->slot_count * sizeof(struct slot_text);
    p->chains = (uint32_t *)(void *)memory;
    p->heads = p->chains + size;
}

/* ---- Steps ---------------------------------------------------------------------------------- */

static struct cursor cursor_at(const struct parse *p, size_t at) {
    return (struct cursor){history_before(p->value, p->value + at), p->places[at].slot, p->places[at].place};
}

static struct cursor cursor_behind(const struct parse *p, struct cursor c, struct step step, size_t at) {
    const struct symbol *s = &p->m->symbols[step.symbol];
    if (s->kind == KIND_TEXT) advance_text(p->m, &c, s);
    else
        advance_bytes(p->m, &c, (struct reader){.at = p->value, .end = p->value + at + step.size}, step.size,
                      s->kind);
    return c;
}

/* A way from a place to a later one. At the end of the value END follows. */
static void offer(struct parse *p, size_t at, struct cursor from, struct step step, uint32_t cost) {
    if (cost == COST_NONE) return;
    struct place *there = &p->places[at + step.size];
    cost += p->places[at].cost;
    if (cost >= there->cost) return;
    struct cursor c = cursor_behind(p, from, step, at);
    if (at + step.size == p->size) {
        uint32_t end = symbol_cost(p->m, &c, SYMBOL_END);
        if (cost + end >= there->cost) return;
        cost += end;
    }
    *there = (struct place){cost, step, c.slot, c.place};
    if (at + step.size > p->reach) p->reach = at + step.size;
    if (cost < p->ahead_cost) {
        p->ahead_cost = cost;
        p->ahead = at + step.size;
    }
}

/* Remembers the text of a slot when another one begins. */
static void note_slot(struct parse *p, size_t at, struct cursor from, struct cursor to, size_t size) {
    if (p->m->mode != MODE_ANCHORS || to.place != 0) return;
    p->slots[from.slot] = (struct slot_text){p->slot_begin, (uint32_t)at};
    p->slot_begin = (uint32_t)(at + size);
}

/* ---- Candidates ----------------------------------------------------------------------------- */

static void offer_texts(struct parse *p, size_t at, struct cursor c, const struct state_chain *chain) {
    const struct model *m = p->m;
    offer(p, at, c, (struct step){0, 1, p->value[at]}, chain_cost(m, chain, p->value[at]));
    if (m->phrases.count == 0) return;
    const uint8_t *text = p->value + at;
    unsigned phrase = token_set_match(&m->phrases, token_key(text, p->size - at), text, p->size - at);
    for (; phrase != TOKEN_NONE; phrase = m->phrases.items[phrase].parent) {
        unsigned symbol = SYMBOL_PHRASES + phrase;
        offer(p, at, c, (struct step){0, m->symbols[symbol].size, (uint16_t)symbol},
              chain_cost(m, chain, symbol));
    }
}

/* How many digits of each class stand at a place, as far as runs reach. */
static void count_digits(const struct parse *p, size_t at, uint8_t sizes[RUN_CLASSES]) {
    size_t most = p->size - at < RUN_LARGEST ? p->size - at : RUN_LARGEST;
    unsigned classes = (1 << RUN_CLASSES) - 1;
    memset(sizes, 0, RUN_CLASSES);
    for (size_t i = 0; i < most && (classes &= p->m->digits[p->value[at + i]]) != 0; i++)
        for (unsigned class = 0; class < RUN_CLASSES; class ++)
            if (classes >> class & 1) sizes[class] = (uint8_t)(i + 1);
}

static void offer_runs(struct parse *p, size_t at, struct cursor c, const struct state_chain *chain) {
    const struct model *m = p->m;
    uint8_t sizes[RUN_CLASSES];
    bool counted = false;
    for (unsigned i = 0; i < chain->count; i++) {
        const struct state *s = &m->states[chain->states[i]];
        for (uint32_t e = s->first + s->runs; e < s->first + s->slot_copies; e++) {
            const struct symbol *run = &m->symbols[m->entries[e]];
            if (run->kind != KIND_RUN) continue;
            if (!counted) count_digits(p, at, sizes);
            counted = true;
            if (sizes[run->class] < run->size) continue;
            offer(p, at, c, (struct step){0, run->size, m->entries[e]},
                  chain->escapes[i] + m->costs[e] + (uint32_t)run->tail);
        }
    }
}

static bool opens_slot(const struct parse *p, size_t at) {
    const struct symbol *s = &p->m->symbols[p->places[at].step.symbol];
    return s->kind == KIND_TEXT && s->slot;
}

/* The text of a slot that ended last, on the way to a place that is not yet certain. */
static struct slot_text latest_text(const struct parse *p, size_t at, unsigned slot) {
    for (size_t end; at > p->base; at = end) {
        end = at - p->places[at].step.size;
        if (!opens_slot(p, at) || p->places[end].slot != slot) continue;
        size_t begin = end;
        while (begin > p->base && !opens_slot(p, begin)) begin -= p->places[begin].step.size;
        return (struct slot_text){begin > p->base ? (uint32_t)begin : p->slot_begin, (uint32_t)end};
    }
    return p->slots[slot];
}

static void offer_slot_copies(struct parse *p, size_t at, struct cursor c, const struct state_chain *chain) {
    const struct model *m = p->m;
    for (unsigned i = 0; i < chain->count; i++) {
        const struct state *s = &m->states[chain->states[i]];
        for (uint32_t e = s->first + s->slot_copies;
             e + (chain->states[i] != STATE_ROOT) < s->first + s->count; e++) {
            const struct symbol *copy = &m->symbols[m->entries[e]];
            struct slot_text text = latest_text(p, at, copy->slot);
            size_t size = text.end - text.begin;
            if (size == 0 || size > p->size - at) continue;
            if (memcmp(p->value + text.begin, p->value + at, size) != 0) continue;
            offer(p, at, c, (struct step){0, (uint16_t)size, m->entries[e]}, chain->escapes[i] + m->costs[e]);
        }
    }
}

static uint32_t hash_of_place(const struct parse *p, size_t at) {
    return load_le32(p->value + at) * 0x9E3779B1u >> (32 - p->head_bits);
}

/* Enters all places before `at` into the chains of equal bytes. */
static void index_places(struct parse *p, size_t at) {
    for (; p->indexed < at && p->indexed + COPY_SHORTEST <= p->size; p->indexed++) {
        uint32_t *head = &p->heads[hash_of_place(p, p->indexed)];
        p->chains[p->indexed] = *head;
        *head = (uint32_t)p->indexed + 1;
    }
}

static size_t match_size(const struct parse *p, size_t from, size_t at) {
    size_t most = p->size - at < COPY_LONGEST ? p->size - at : COPY_LONGEST, size = 0;
    while (size < most && p->value[from + size] == p->value[at + size]) size++;
    return size;
}

/* The longest earlier bytes; of equally long ones the nearest. */
static void offer_copies(struct parse *p, size_t at, struct cursor c, const struct state_chain *chain) {
    if (!p->m->copies || p->size - at < COPY_SHORTEST) return;
    index_places(p, at);
    size_t best = COPY_SHORTEST - 1, from = 0;
    uint32_t link = p->heads[hash_of_place(p, at)];
    for (unsigned i = 0; link && i < MATCHES_LARGEST; i++, link = p->chains[link - 1]) {
        size_t size = match_size(p, link - 1, at);
        if (size > best) {
            best = size;
            from = link - 1;
        }
    }
    if (best < COPY_SHORTEST) return;
    uint32_t cost = chain_cost(p->m, chain, p->m->copy_symbol), distance = (uint32_t)(at - from);
    for (size_t size = best; cost != COST_NONE && size >= COPY_SHORTEST;
         size = size > best - 2 ? size - 1 : size / 2)
        offer(p, at, c, (struct step){distance, (uint16_t)size, (uint16_t)p->m->copy_symbol},
              cost + copy_cost(p->m, size, distance));
}

/* ---- The search ----------------------------------------------------------------------------- */

static void extend(struct parse *p, size_t at) {
    struct cursor c = cursor_at(p, at);
    struct state_chain chain = chain_at(p->m, &c);
    offer_texts(p, at, c, &chain);
    offer_runs(p, at, c, &chain);
    offer_slot_copies(p, at, c, &chain);
    offer_copies(p, at, c, &chain);
}

/* Puts the steps from one certain place to the next behind those before. */
static void commit(struct parse *p, size_t at) {
    size_t count = 0, base = p->base;
    for (size_t i = at; i > base; i -= p->places[i].step.size) count++;
    size_t slot = p->step_count + count;
    for (size_t i = at; i > base; i -= p->places[i].step.size) p->steps[--slot] = p->places[i].step;
    size_t place = base;
    for (size_t i = 0; i < count; i++) {
        struct step step = p->steps[p->step_count + i];
        struct cursor from = cursor_at(p, place), to = cursor_behind(p, from, step, place);
        note_slot(p, place, from, to, step.size);
        place += step.size;
    }
    p->base = at;
    p->step_count += count;
    p->cost += p->places[at].cost;
    p->places[at].cost = 0;
}

/* Takes the likeliest symbol without a search where it is a phrase that matches and has at least half
   of the weight. */
static size_t take_likely(struct parse *p, size_t at) {
    const struct model *m = p->m;
    struct cursor c = cursor_at(p, at);
    const struct state *s = &m->states[state_at(m, &c)];
    if (s->likely == STATE_NONE) return 0;
    const struct symbol *symbol = &m->symbols[s->likely];
    if (symbol->kind != KIND_TEXT || symbol->size < LIKELY_SHORTEST || symbol->size >= p->size - at ||
        memcmp(m->texts + symbol->offset, p->value + at, symbol->size) != 0)
        return 0;
    offer(p, at, c, (struct step){0, symbol->size, s->likely},
          m->costs[find_entry(m, (unsigned)(s - m->states), s->likely)]);
    commit(p, at + symbol->size);
    return symbol->size;
}

bool parse_value(struct parse *p) {
    for (size_t i = 1; i <= p->size; i++) p->places[i].cost = COST_NONE;
    p->places[0] = (struct place){.cost = 0};
    memset(p->slots, 0, p->m->slot_count * sizeof *p->slots);
    if (p->m->copies) memset(p->heads, 0, sizeof *p->heads << p->head_bits);
    p->step_count = p->indexed = p->base = 0;
    p->slot_begin = 0;
    p->cost = 0;
    size_t at = 0;
    while (at < p->size) {
        size_t likely = take_likely(p, at);
        if (likely) {
            at += likely;
            continue;
        }
        p->reach = at;
        p->ahead_cost = COST_NONE;
        do {
            uint32_t cost = p->places[at].cost;
            if (p->ahead == at) p->ahead_cost = COST_NONE;
            if (cost != COST_NONE && (p->ahead_cost == COST_NONE || cost <= p->ahead_cost + p->behind))
                extend(p, at);
        } while (++at < p->reach);
        commit(p, at);
        if (p->cost > p->limit) return false;
    }
    return true;
}
