/*
 * The context model of the `model` encoder: what is learned, and how a coder moves through it.
 *
 * A value is a sequence of symbols: bytes, phrases, runs, copies, and END. Each symbol is coded in the
 * deepest context known for the place it stands at; a symbol that a context does not have is coded
 * as ESCAPE there and then in the next shallower one. The method is prediction by partial matching
 * (Cleary, Witten 1984) with a frozen model, over phrases as well as bytes; contexts begin with the
 * slot (what stands before this part of the value), not only with the last bytes.
 */
#ifndef VALPACK_MODEL_H
#define VALPACK_MODEL_H

#include "bytes.h"
#include "encoders/symbols_table.h"
#include "memory.h"

enum {
    SYMBOL_END = 256,     /* 0..255 are bytes */
    SYMBOL_PHRASES = 257, /* the first phrase */
    MODEL_SYMBOLS = 24576,
    MODEL_SLOTS = 1024,
    MODEL_RUNS = 64,
    MODEL_ENTRIES = 1 << 20,
    RUN_LARGEST = 64, /* digits of one run */
    COPY_SHORTEST = 4,
    COPY_LONGEST = COPY_SHORTEST + 255,
    MODEL_VALUE = 1 << 16, /* bytes of a value */
    MODEL_FIELDS = 64,
    PLACE_FAR = 60,    /* bytes into a slot; all further ones count as this */
    PLACE_COPIED = 61, /* right behind a copy */
    PLACES = 62,
    PLACES_LOOSE = 3, /* of a slot that is not positional: start, inside, behind a copy */
    SLOT_DEPTHS = 5,  /* contexts of a slot: alone, and with the last 1..4 bytes */
    PLAIN_DEPTHS = 6, /* contexts without slot: none, and the last 1..5 bytes */
    SLOT_PLAIN = 2,   /* deepest context without slot behind those of a slot */
    PLAIN_FILTER = 4096,
    WEIGHT_BITS = 16, /* weights of one context are scaled to 2^16 */
    COPY_CLASSES = 17,
    COPY_PART_BITS = 8, /* weights of the classes are scaled to 2^8 */
    PRICE_LARGEST = 16 << 8,
    STATE_NONE = 0xFFFF,
    STATE_ROOT = 0,
    LINK_NONE = STATE_NONE,
    JUMP_BITS = 6, /* states with many entries are searched from a table by the first bits */
    JUMP_FROM = 24 /* entries */
};

/* How the slot of a place is found. */
enum model_mode { MODE_ANCHORS = 0, MODE_FIELDS = 1 };

enum slot_flag { SLOT_TEXT = 1, SLOT_POSITIONAL = 2 };

enum symbol_kind { KIND_TEXT, KIND_END, KIND_RUN, KIND_COPY, KIND_SLOT_COPY };

struct symbol {
    uint64_t tail;             /* its last 8 bytes as a number, the last one lowest; bits of a run in 1/256 */
    uint32_t offset;           /* into the texts */
    uint8_t size;              /* bytes it adds; 0 for END and copies */
    uint8_t kind;              /* enum symbol_kind */
    uint8_t class;             /* of a run */
    uint16_t slot;             /* anchor: the slot it opens, 0 = none. Slot copy: the slot copied */
    uint8_t delimiters, after; /* for fields: delimiters in it, and bytes behind the last one */
};

/* One context; its last entry is ESCAPE, but for the root. */
struct state {
    uint32_t first;             /* entry */
    uint16_t count;             /* entries */
    uint16_t parent;            /* the next shallower state, STATE_NONE = depends on the bytes before */
    uint16_t likely;            /* a symbol with half of the weight or more, STATE_NONE */
    uint16_t jump;              /* number of its table + 1, 0 = none */
    uint16_t runs, slot_copies; /* where these begin among its entries, without ESCAPE */
};

/* Weights of the parts of a copy: classes of length and distance by their highest bits. */
struct part_weights {
    uint32_t cums[COPY_CLASSES + 1];
    uint16_t costs[COPY_CLASSES]; /* bits in 1/256, those of the low bits included */
};

struct model {
    uint8_t mode, delimiter; /* 0 = all ASCII punctuation */
    bool copies;             /* there is a symbol for copies of any earlier bytes */
    unsigned run_count, slot_count, symbol_count, state_count;
    uint32_t entry_count;
    unsigned copy_symbol, slot_copies; /* number of the copy symbol, of the first slot copy */
    struct symbol *symbols;
    uint8_t *texts;           /* 256 single bytes, then the phrases, then padding */
    struct token_set phrases; /* symbol SYMBOL_PHRASES + i */
    uint8_t *slot_flags;      /* enum slot_flag */
    uint32_t *slot_spots;     /* first spot of each slot; a spot is a slot and a place in it */
    uint8_t *spot_depths;     /* by spot: bit d = a context with the last d bytes exists */
    uint16_t *spot_states;    /* by spot: its state without bytes */
    unsigned spot_count;
    uint8_t plain_depths[PLAIN_FILTER]; /* by hash of the last bytes: bit d = one may exist */
    uint64_t *keys;                     /* by state */
    struct state *states;
    uint16_t *cums, *entries, *costs; /* by entry: weights before it, symbol, bits in 1/256 */
    uint16_t *links; /* by entry: the state behind its symbol, LINK_NONE; from contexts without slot
                        only where text goes on or a slot is opened */
    uint16_t *jumps; /* by jump table and first bits of a weight: the first entry to look at */
    unsigned jump_count;
    uint16_t *prices;       /* by symbol below the slot copies: bits in 1/256 on average, for encoders */
    uint16_t *root_entries; /* by symbol: its entry of the root, STATE_NONE */
    unsigned start;         /* state of the first symbol */
    uint16_t *hash;         /* of keys: states */
    unsigned hash_bits;
    uint8_t digits[256]; /* by byte: bit c = a digit of run class c */
    uint16_t length_costs[COPY_LONGEST - COPY_SHORTEST + 1];
    struct part_weights lengths, distances; /* of copies: length - COPY_SHORTEST, distance - 1 */
    void *memory;
};

/* Where a coder stands. */
struct cursor {
    uint64_t history; /* the last 8 bytes, the last one lowest; zeros before the value */
    uint16_t slot;
    uint8_t place;
};

/* ASCII punctuation: neither controls, space, digits nor letters. */
static inline bool is_punctuation(unsigned byte) {
    return (byte > 0x20 && byte < 0x30) || (byte > 0x39 && byte < 0x41) || (byte > 0x5A && byte < 0x61) ||
           (byte > 0x7A && byte < 0x7F);
}

/* Whether a byte ends a field. delimiter 0: all punctuation does. */
static inline bool is_delimiter(unsigned delimiter, unsigned byte) {
    return delimiter ? byte == delimiter : is_punctuation(byte);
}

/* The symbol ESCAPE in a list of entries. */
static inline unsigned escape_symbol(const struct model *m) {
    return m->symbol_count;
}

/* ---- Keys of contexts ----------------------------------------------------------------------- */

/* A context without slot has spot 0; with slot its spot + 1. Unique below 2^58. */
static inline uint64_t context_key(unsigned depth, uint64_t spot, uint64_t history) {
    uint64_t bytes = history & ((1ull << (8 * depth)) - 1);
    return (spot << 40 | bytes) << 3 | depth;
}

static inline uint32_t hash_key(uint64_t key, unsigned bits) {
    return (uint32_t)(key * 0x9E3779B97F4A7C15u >> (64 - bits));
}

/* Bit of plain_depths for a context of `depth` bytes. Depth 1 looks at one byte, all others at two. */
static inline unsigned plain_filter_of(uint64_t history, unsigned depth) {
    uint32_t bytes = (uint32_t)history & (depth == 1 ? 0xFF : depth == 2 ? 0xFFFF : 0xFFFFFF);
    return (bytes * 0x9E3779B1u + depth * 0x85EBCA6Bu) >> 20;
}

/* The state of a key, STATE_NONE without one. */
static inline unsigned find_state(const struct model *m, uint64_t key) {
    uint32_t slots = (uint32_t)1 << m->hash_bits, at = hash_key(key, m->hash_bits);
    for (;; at = (at + 1) & (slots - 1)) {
        unsigned state = m->hash[at];
        if (state == STATE_NONE || m->keys[state] == key) return state;
    }
}

/* ---- Places --------------------------------------------------------------------------------- */

static inline unsigned places_of(unsigned flags) {
    return flags & SLOT_POSITIONAL ? PLACES : PLACES_LOOSE;
}

/* The spot of a cursor. */
static inline unsigned spot_of(const struct model *m, const struct cursor *c) {
    unsigned place = c->place;
    if (!(m->slot_flags[c->slot] & SLOT_POSITIONAL)) place = place == 0 ? 0 : place == PLACE_COPIED ? 2 : 1;
    return m->slot_spots[c->slot] + place;
}

static inline unsigned place_after(unsigned place, size_t bytes) {
    size_t sum = place + bytes;
    return place == PLACE_COPIED || sum > PLACE_FAR ? PLACE_FAR : (unsigned)sum;
}

/* Moves behind a symbol with a text of its own. */
static inline void advance_text(const struct model *m, struct cursor *c, const struct symbol *s) {
    c->history = s->size >= 8 ? s->tail : c->history << (8 * s->size) | s->tail;
    if (m->mode == MODE_FIELDS) {
        unsigned slot = c->slot + s->delimiters;
        c->place = (uint8_t)(s->delimiters ? place_after(0, s->after) : place_after(c->place, s->size));
        c->slot = (uint16_t)(slot < m->slot_count ? slot : m->slot_count - 1);
    } else if (s->slot) {
        c->slot = s->slot;
        c->place = 0;
    } else {
        c->place = (uint8_t)place_after(c->place, s->size);
    }
}

/* Moves behind the last `size` bytes of what is there of a value, which came by a run or a copy. */
void advance_bytes(const struct model *m, struct cursor *c, struct reader value, size_t size, unsigned kind);

/* The last 8 bytes before `end`, of those from `begin` on. */
static inline uint64_t history_before(const uint8_t *begin, const uint8_t *end) {
    if (end - begin >= 8) return load_be64(end - 8);
    uint64_t history = 0;
    for (; begin < end; begin++) history = history << 8 | *begin;
    return history;
}

/* ---- States --------------------------------------------------------------------------------- */

/* The deepest context without slot, of at most `depth` bytes. */
static inline unsigned plain_state(const struct model *m, uint64_t history, unsigned depth) {
    for (; depth > 0; depth--) {
        if (!(m->plain_depths[plain_filter_of(history, depth)] >> depth & 1)) continue;
        unsigned state = find_state(m, context_key(depth, 0, history));
        if (state != STATE_NONE) return state;
    }
    return STATE_ROOT;
}

/* The deepest context at a place. */
static inline unsigned state_at(const struct model *m, const struct cursor *c) {
    if (m->slot_flags[c->slot] & SLOT_TEXT) return plain_state(m, c->history, PLAIN_DEPTHS - 1);
    unsigned spot = spot_of(m, c), depths = m->spot_depths[spot];
    for (unsigned depth = SLOT_DEPTHS - 1; depth > 0; depth--) {
        if (!(depths >> depth & 1)) continue;
        unsigned state = find_state(m, context_key(depth, (uint64_t)spot + 1, c->history));
        if (state != STATE_NONE) return state;
    }
    if (depths & 1) return m->spot_states[spot];
    return plain_state(m, c->history, SLOT_PLAIN);
}

/* The state behind an entry of a state that was found at a cursor, which `c` is behind already. */
static inline unsigned state_behind(const struct model *m, const struct cursor *c, unsigned state,
                                    uint32_t entry) {
    unsigned link = m->links[entry];
    bool slot_known =
        m->keys[state] >> 43 || m->symbols[m->entries[entry]].slot || (m->slot_flags[c->slot] & SLOT_TEXT);
    return link != LINK_NONE && slot_known ? link : state_at(m, c);
}

/* The state in which a symbol is coded after ESCAPE. */
static inline unsigned parent_of(const struct model *m, unsigned state, const struct cursor *c) {
    unsigned parent = m->states[state].parent;
    return parent != STATE_NONE ? parent : plain_state(m, c->history, SLOT_PLAIN);
}

/* Weights of an entry of a state: where it begins, and how wide it is. */
static inline uint32_t entry_begin(const struct model *m, uint32_t entry) {
    return m->cums[entry];
}

static inline uint32_t entry_end(const struct model *m, const struct state *s, uint32_t entry) {
    return entry + 1 < s->first + s->count ? m->cums[entry + 1] : (uint32_t)1 << WEIGHT_BITS;
}

/* The entry of a state at which a weight lies. */
static inline uint32_t entry_at(const struct model *m, const struct state *s, uint32_t weight) {
    const uint16_t *cums = m->cums + s->first;
    uint32_t low = 0, count = s->count;
    if (s->jump) {
        const uint16_t *jumps = m->jumps + (((size_t)s->jump - 1) << JUMP_BITS) + s->jump - 1;
        const uint32_t bits = weight >> (WEIGHT_BITS - JUMP_BITS);
        low = jumps[bits];
        count = jumps[bits + 1] - low + 1u;
    }
    while (count > 1) {
        const uint32_t half = count / 2;
        low = cums[low + half] <= weight ? low + half : low;
        count -= half;
    }
    return s->first + low;
}

/* The entry of a symbol in a state, or UINT32_MAX. */
static inline uint32_t find_entry(const struct model *m, unsigned state, unsigned symbol) {
    const struct state *s = &m->states[state];
    if (state == STATE_ROOT) {
        unsigned entry = m->root_entries[symbol];
        return entry == STATE_NONE ? UINT32_MAX : entry;
    }
    const uint16_t *symbols = m->entries + s->first;
    uint32_t low = 0, high = s->count - 1u; /* without ESCAPE */
    while (high - low > 8) {
        uint32_t middle = (low + high) / 2;
        if (symbols[middle] <= symbol) low = middle;
        else high = middle;
    }
    for (; low < high; low++)
        if (symbols[low] == symbol) return s->first + low;
    return UINT32_MAX;
}

/* The class of a part of a copy: 0 for 0, else the number of its highest bit + 1. */
static inline unsigned part_class(uint32_t part) {
    unsigned class = 0;
    for (unsigned step = 8; step; step /= 2)
        if (part >> step) {
            class += step;
            part >>= step;
        }
    return class + part;
}

/* ---- Runs ----------------------------------------------------------------------------------- */

/* Classes of digits that runs are made of, their digits in the order of their values. */
enum { RUN_CLASSES = 7 };
struct run_class {
    const char *digits;
    unsigned base;
    unsigned step; /* digits coded at once: base^step <= 2^16 */
    uint32_t room; /* base^step */
};
extern const struct run_class run_classes[RUN_CLASSES];

/* The value of a digit, or 0xFF. */
unsigned run_digit(unsigned class, uint8_t byte);

/* ---- Loading -------------------------------------------------------------------------------- */

/* Reads a section, verified completely, into *m. NULL, or what is wrong with it; "" = out of memory. */
const char *model_load(struct model *m, struct reader *section, const vp_allocator *a);
/* Parts of loading: what follows from the contexts. false: out of memory. */
bool derive_states(struct model *m, const vp_allocator *a);
bool derive_links(struct model *m, const vp_allocator *a);

void model_unload(struct model *m, const vp_allocator *a);

/* The weight that a byte 0..127 of a section stands for. */
static inline uint32_t section_weight(unsigned byte) {
    return (8 + (byte & 7)) << (byte >> 3);
}

#endif
