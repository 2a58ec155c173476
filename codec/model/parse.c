/*
 * Cutting a value by looking ahead. First, from the end to the beginning: what the rest of the value
 * behind each place costs if every symbol costs what it costs on average. That needs no contexts.
 * Then, from the beginning: of all symbols that may come next, the one whose cost in its context and
 * the rest behind it are the least (the value function of dynamic programming, used as a heuristic).
 */
#include "parse.h"

enum {
    MATCHES_LARGEST = 8, /* earlier places that are looked at for a copy */
    LIKELY_SHORTEST = 2  /* bytes of a phrase that is taken without a search */
};

/* ---- Memory --------------------------------------------------------------------------------- */

static unsigned head_bits_of(size_t size) {
    unsigned bits = 6;
    while (bits < 13 && (size_t)1 << bits < size) bits++;
    return bits;
}

size_t parse_memory(const struct model *m, size_t size) {
    size_t heads = m->copies ? size + ((size_t)1 << head_bits_of(size)) : 0;
    return (size + 1) * (sizeof(struct outlook) + sizeof(struct step)) +
           m->slot_count * sizeof(struct slot_text) + heads * sizeof(uint32_t);
}

void parse_place(struct parse *p, const struct model *m, uint8_t *memory, size_t size) {
    p->m = m;
    p->head_bits = head_bits_of(size);
    p->outlook = (struct outlook *)(void *)memory;
    memory += (size + 1) * sizeof *p->outlook;
    p->steps = (struct step *)(void *)memory;
    memory += (size + 1) * sizeof *p->steps;
    p->slots = (struct slot_text *)(void *)memory;
    memory += m->slot_count * sizeof *p->slots;
    p->chains = (uint32_t *)(void *)memory;
    p->heads = p->chains + size;
}

/* ---- Copies --------------------------------------------------------------------------------- */

static uint32_t hash_of_place(const struct parse *p, size_t at) {
    return load_le32(p->value + at) * 0x9E3779B1u >> (32 - p->head_bits);
}

/* Enters a place into the chain of those with the same bytes. */
static void index_place(struct parse *p, size_t at) {
    uint32_t *head = &p->heads[hash_of_place(p, at)];
    p->chains[at] = *head;
    *head = (uint32_t)at + 1;
}

static size_t match_size(const struct parse *p, size_t from, size_t at) {
    size_t most = p->size - at < COPY_LONGEST ? p->size - at : COPY_LONGEST, size = 0;
    while (size < most && p->value[from + size] == p->value[at + size]) size++;
    return size;
}

/* Of equally long matches the nearest. */
static struct step longest_match(struct parse *p, size_t at) {
    struct step best = {.symbol = (uint16_t)p->m->copy_symbol};
    if (p->size - at < COPY_SHORTEST) return best;
    size_t longest = COPY_SHORTEST - 1;
    uint32_t link = p->heads[hash_of_place(p, at)];
    for (unsigned i = 0; link && i < MATCHES_LARGEST; i++, link = p->chains[link - 1]) {
        if (longest >= p->size - at || p->value[link - 1 + longest] != p->value[at + longest]) continue;
        size_t size = match_size(p, link - 1, at);
        if (size <= longest) continue;
        longest = size;
        best.size = (uint16_t)size;
        best.distance = (uint32_t)(at - (link - 1));
    }
    return best;
}

/* The longest copy for every place. Behind a place whose copy is long the copy goes on. */
static void find_copies(struct parse *p) {
    struct step copy = {.size = 0};
    for (size_t at = 0; at < p->size; at++) {
        if (copy.size > COPY_SHORTEST) copy.size--;
        else copy = longest_match(p, at);
        if (p->size - at >= COPY_SHORTEST) index_place(p, at);
        struct outlook *o = &p->outlook[at];
        o->copy_size = copy.size;
        o->copy_distance = copy.distance;
        o->copy_cost = copy.size ? copy_cost(p->m, copy.size, copy.distance) : 0;
    }
}

/* ---- The rest behind each place ------------------------------------------------------------- */

static inline uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static void look_ahead(struct parse *p) {
    const struct model *m = p->m;
    struct outlook *o = p->outlook;
    uint64_t key = 0;
    if (m->copies) find_copies(p);
    o[p->size].rest = m->prices[SYMBOL_END];
    for (size_t at = p->size; at-- > 0;) {
        const uint8_t *text = p->value + at;
        key = key >> 8 | (uint64_t)*text << 56;
        uint32_t rest = m->prices[*text] + o[at + 1].rest;
        unsigned token = TOKEN_NONE;
        if (m->phrases.count) token = token_set_match(&m->phrases, key, text, p->size - at);
        o[at].phrase = (uint16_t)token;
        for (; token != TOKEN_NONE; token = m->phrases.items[token].parent)
            rest =
                smaller(rest, m->prices[SYMBOL_PHRASES + token] + o[at + m->phrases.items[token].size].rest);
        if (m->copies && o[at].copy_size)
            rest = smaller(rest, m->prices[m->copy_symbol] + o[at].copy_cost + o[at + o[at].copy_size].rest);
        o[at].rest = rest;
    }
}

/* ---- The way -------------------------------------------------------------------------------- */

/* The best symbol so far at the base. */
struct choice {
    struct state_chain chain;
    struct step step;
    struct found found;
    uint32_t cost, total; /* in 1/256: of the symbol; with the rest behind it */
};

/* A symbol that was found; `more` bits follow it. */
static inline void offer(const struct parse *p, struct choice *c, struct step step, struct found f,
                         uint32_t more) {
    const uint32_t cost = c->chain.escapes[f.level] + p->m->costs[f.entry] + more;
    const uint32_t total = cost + p->outlook[p->base + step.size].rest;
    if (total >= c->total) return;
    c->total = total;
    c->cost = cost;
    c->step = step;
    c->found = f;
}

static inline void offer_text(const struct parse *p, struct choice *c, size_t size, unsigned symbol) {
    const struct found f = find_in_chain(p->m, &c->chain, symbol);
    if (f.entry != UINT32_MAX) offer(p, c, (struct step){0, (uint16_t)size, (uint16_t)symbol}, f, 0);
}

static void offer_texts(const struct parse *p, struct choice *c) {
    const struct token *phrases = p->m->phrases.items;
    offer_text(p, c, 1, p->value[p->base]);
    for (unsigned i = p->outlook[p->base].phrase; i != TOKEN_NONE; i = phrases[i].parent)
        offer_text(p, c, phrases[i].size, SYMBOL_PHRASES + i);
}

static void offer_copies(const struct parse *p, struct choice *c) {
    const struct model *m = p->m;
    const struct outlook *o = &p->outlook[p->base];
    if (!m->copies || o->copy_size == 0) return;
    const struct found f = find_in_chain(m, &c->chain, m->copy_symbol);
    if (f.entry == UINT32_MAX) return;
    const uint32_t distance = o->copy_cost - m->length_costs[o->copy_size - COPY_SHORTEST];
    for (size_t size = o->copy_size; size >= COPY_SHORTEST;
         size = size + 2 > o->copy_size ? size - 1 : size / 2)
        offer(p, c, (struct step){o->copy_distance, (uint16_t)size, (uint16_t)m->copy_symbol}, f,
              distance + m->length_costs[size - COPY_SHORTEST]);
}

static bool is_run(const struct parse *p, const struct symbol *run) {
    if (run->size > p->size - p->base) return false;
    const uint8_t *text = p->value + p->base;
    for (unsigned i = run->size; i-- > 0;)
        if (!(p->m->digits[text[i]] >> run->class & 1)) return false;
    return true;
}

/* Runs and copies of slots that a state expects. */
static void offer_expected(const struct parse *p, struct choice *c, unsigned level) {
    const struct model *m = p->m;
    const struct state *s = &m->states[c->chain.states[level]];
    for (uint32_t e = s->first + s->runs; e + 1 < s->first + s->count; e++) {
        const struct symbol *symbol = &m->symbols[m->entries[e]];
        const struct found f = {e, level};
        if (symbol->kind == KIND_RUN && is_run(p, symbol))
            offer(p, c, (struct step){0, symbol->size, m->entries[e]}, f, (uint32_t)symbol->tail);
        if (symbol->kind != KIND_SLOT_COPY) continue;
        const struct slot_text text = p->slots[symbol->slot];
        const size_t size = text.end - text.begin;
        if (size && size <= p->size - p->base && memcmp(p->value + text.begin, p->value + p->base, size) == 0)
            offer(p, c, (struct step){0, (uint16_t)size, m->entries[e]}, f, 0);
    }
}

/* The likeliest symbol where it has at least half of the weight and is a phrase that stands there. */
static bool choose_likely(const struct parse *p, const struct state *s, struct choice *c) {
    if (s->likely == STATE_NONE) return false;
    const uint32_t entry = (uint32_t)s->first + s->likely;
    const struct symbol *symbol = &p->m->symbols[p->m->entries[entry]];
    if (symbol->kind != KIND_TEXT || symbol->size < LIKELY_SHORTEST || symbol->size > p->size - p->base ||
        memcmp(p->m->texts + symbol->offset, p->value + p->base, symbol->size) != 0)
        return false;
    c->step = (struct step){0, symbol->size, p->m->entries[entry]};
    c->found = (struct found){entry, 0};
    c->cost = p->m->costs[entry];
    c->chain.states[0] = p->state;
    return true;
}

static void choose(const struct parse *p, struct choice *c) {
    c->total = UINT32_MAX;
    if (p->state != STATE_ROOT && choose_likely(p, &p->m->states[p->state], c)) return;
    find_chain(p->m, &p->cursor, p->state, &c->chain);
    offer_texts(p, c);
    offer_copies(p, c);
    for (unsigned i = 0; i + 1 < c->chain.count; i++) offer_expected(p, c, i);
}

/* ---- All of it ------------------------------------------------------------------------------ */

/* Remembers the text of a slot that the step at `at` has ended. */
static void note_slot(struct parse *p, unsigned slot, size_t at) {
    if (p->m->mode != MODE_ANCHORS || p->cursor.place != 0) return;
    p->slots[slot] = (struct slot_text){p->slot_begin, (uint32_t)at};
    p->slot_begin = (uint32_t)p->base;
}

/* Puts a symbol behind those that are certain. */
static void take(struct parse *p, const struct choice *c) {
    const struct symbol *s = &p->m->symbols[c->step.symbol];
    const size_t at = p->base;
    const unsigned slot = p->cursor.slot;
    p->base += c->step.size;
    p->cost += c->cost;
    if (p->coder) {
        emit(p->coder, p->m, &c->chain, c->found);
        if (s->kind != KIND_TEXT) emit_details(p->coder, p->m, c->step, p->value + at);
    } else {
        p->steps[p->step_count++] = c->step;
    }
    if (s->kind == KIND_TEXT) advance_text(p->m, &p->cursor, s);
    else advance_bytes(p->m, &p->cursor, reader_over(p->value, p->base), c->step.size, s->kind);
    note_slot(p, slot, at);
    p->state = state_behind(p->m, &p->cursor, c->chain.states[c->found.level], c->found.entry);
}

bool parse_value(struct parse *p) {
    struct choice c;
    memset(p->slots, 0, p->m->slot_count * sizeof *p->slots);
    if (p->m->copies) memset(p->heads, 0, sizeof *p->heads << p->head_bits);
    p->cursor = (struct cursor){.history = 0};
    p->state = p->m->start;
    p->step_count = p->base = 0;
    p->slot_begin = 0;
    p->cost = 0;
    look_ahead(p);
    while (p->base < p->size && p->cost <= p->limit) {
        choose(p, &c);
        take(p, &c);
    }
    if (p->base < p->size) return false;
    if (!p->coder) return true;
    find_chain(p->m, &p->cursor, p->state, &c.chain);
    emit(p->coder, p->m, &c.chain, find_in_chain(p->m, &c.chain, SYMBOL_END));
    return true;
}
