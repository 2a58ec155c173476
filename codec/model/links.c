/*
 * Links from an entry to the state behind its symbol, for decoding and encoding without a search. A
 * link stands only where the state is the same whatever came before the context of the entry.
 */
#include "model.h"

/* Proper endings of contexts: keys of those that begin deeper ones with the same slot. */
struct endings {
    uint64_t *keys; /* hash table; 0 = free, so keys are stored + 1 */
    unsigned bits;
};

static uint64_t *ending_slot(const struct endings *e, uint64_t key) {
    size_t last = ((size_t)1 << e->bits) - 1, at = hash_key(key, e->bits);
    while (e->keys[at] && e->keys[at] != key + 1) at = (at + 1) & last;
    return &e->keys[at];
}

static bool note_endings(struct endings *e, const struct model *m, const vp_allocator *a) {
    e->bits = 8;
    while ((size_t)1 << e->bits < 12 * (size_t)m->state_count) e->bits++;
    e->keys = memory_zeroed(a, sizeof *e->keys << e->bits);
    if (!e->keys) return false;
    for (unsigned state = 0; state < m->state_count; state++) {
        uint64_t key = m->keys[state], spot = key >> 43, history = key >> 3 & 0xFFFFFFFFFFu;
        for (unsigned depth = key & 7; depth-- > 0;) {
            uint64_t ending = context_key(depth, spot, history);
            *ending_slot(e, ending) = ending + 1;
        }
    }
    return true;
}

/* What is known behind a symbol: a cursor, and how many bytes of its history. */
struct known {
    struct cursor cursor;
    unsigned depth;
    bool slot; /* the slot is known */
};

/* The slot and a place of it that a spot stands for. */
static void place_of_spot(const struct model *m, unsigned spot, struct cursor *c) {
    unsigned low = 0, high = m->slot_count;
    while (high - low > 1) {
        unsigned middle = (low + high) / 2;
        if (m->slot_spots[middle] <= spot) low = middle;
        else high = middle;
    }
    unsigned place = spot - m->slot_spots[low];
    if (!(m->slot_flags[low] & SLOT_POSITIONAL) && place == 2) place = PLACE_COPIED;
    c->slot = (uint16_t)low;
    c->place = (uint8_t)place;
}

static struct known known_at(const struct model *m, uint64_t key) {
    struct known k = {.depth = key & 7, .cursor.history = key >> 3 & 0xFFFFFFFFFFu, .slot = key >> 43};
    if (k.slot) place_of_spot(m, (unsigned)(key >> 43) - 1, &k.cursor);
    return k;
}

/* The state behind a text symbol, LINK_NONE if more must be known. From a context without slot this
   holds for text slots only. */
static unsigned link_of(const struct model *m, const struct endings *e, struct known k,
                        const struct symbol *s) {
    const bool opens = m->mode == MODE_ANCHORS && s->slot;
    if (k.slot || opens) advance_text(m, &k.cursor, s);
    else k.cursor.history = s->size >= 8 ? s->tail : k.cursor.history << (8 * s->size) | s->tail;
    k.depth += s->size;
    const bool text = !k.slot && !opens ? true : m->slot_flags[k.cursor.slot] & SLOT_TEXT;
    if (!k.slot && !opens && m->mode == MODE_FIELDS && s->delimiters) return LINK_NONE;
    const uint64_t spot = text ? 0 : (uint64_t)spot_of(m, &k.cursor) + 1;
    const unsigned deepest = text ? PLAIN_DEPTHS - 1 : SLOT_DEPTHS - 1;
    const uint64_t ending = context_key(k.depth < deepest ? k.depth : deepest, spot, k.cursor.history);
    if (k.depth < deepest && *ending_slot(e, ending)) return LINK_NONE;
    if (text) return plain_state(m, k.cursor.history, k.depth < deepest ? k.depth : deepest);
    for (unsigned depth = (k.depth < deepest ? k.depth : deepest) + 1; depth-- > 0;) {
        unsigned state = find_state(m, context_key(depth, spot, k.cursor.history));
        if (state != STATE_NONE) return state;
    }
    if (k.depth < SLOT_PLAIN) return LINK_NONE;
    return plain_state(m, k.cursor.history, SLOT_PLAIN);
}

bool derive_links(struct model *m, const vp_allocator *a) {
    struct endings endings;
    if (!note_endings(&endings, m, a)) return false;
    for (unsigned state = 0; state < m->state_count; state++) {
        const struct state *s = &m->states[state];
        const struct known known = known_at(m, m->keys[state]);
        for (uint32_t e = s->first; e < s->first + s->count; e++) {
            m->links[e] = LINK_NONE;
            if (m->entries[e] >= m->symbol_count) continue;
            const struct symbol *symbol = &m->symbols[m->entries[e]];
            if (symbol->kind == KIND_TEXT) m->links[e] = (uint16_t)link_of(m, &endings, known, symbol);
        }
    }
    memory_free(a, endings.keys);
    return true;
}
