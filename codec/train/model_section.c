/* Choosing the contexts of a model that pay for their bytes, and writing its section. */
#include "model_counts.h"

#include <stdlib.h>

enum {
    RECORD_BYTES = 22, /* of a record and a context in the section, in 1/8 */
    CONTEXT_BYTES = 40,
    PRICE_STEPS = 24,
    PRICE_LEAST = 128, /* half a bit for a byte: below, what samples teach is chance */
    FITTINGS = 8,
    WEIGHT_LARGEST = 127,
    COUNT_LEAST = 2,
    COPY_GUESS = 256
};

/* ---- Choosing ------------------------------------------------------------------------------- */

/* Keeps what saves at least `price` (bits in 1/256) for each byte; returns the bytes that takes. */
static uint64_t keep_for(struct counts *c, uint64_t price) {
    uint64_t eighths = 0;
    const uint64_t least = c->draft->training->min_count; /* of fewer samples it may be a secret */
    for (uint32_t i = 0; i < c->context_map.count; i++) c->contexts[i].gains = c->contexts[i].kept = 0;
    for (uint32_t i = 0; i < c->record_map.count; i++) {
        struct record_count *r = &c->records[i];
        struct context_count *x = &c->contexts[r->context];
        r->kept = r->count >= COUNT_LEAST && r->distinct >= least && 8 * r->gain >= price * RECORD_BYTES;
        if (!r->kept) continue;
        x->gains += r->gain;
        x->kept++;
    }
    for (uint32_t i = 0; i < c->context_map.count; i++) {
        struct context_count *x = &c->contexts[i];
        uint64_t cost = price * (CONTEXT_BYTES + x->kept * RECORD_BYTES);
        bool root = level_of_context(c->context_map.keys[i]) == 0;
        if (!root && (x->gains <= x->losses || 8 * (x->gains - x->losses) < cost)) x->kept = 0;
        if (x->kept || root) eighths += CONTEXT_BYTES + x->kept * RECORD_BYTES;
    }
    for (uint32_t i = 0; i < c->record_map.count; i++)
        c->records[i].kept = c->records[i].kept && c->contexts[c->records[i].context].kept;
    return eighths / 8;
}

/* The lowest price at which the contexts fit. */
static uint64_t find_price(struct counts *c, uint64_t most_bytes) {
    uint64_t low = PRICE_LEAST, high = 1 << 20;
    for (unsigned i = 0; i < PRICE_STEPS && low < high; i++) {
        uint64_t middle = (low + high) / 2;
        if (keep_for(c, middle) <= most_bytes) high = middle;
        else low = middle + 1;
    }
    return high;
}

/* ---- Weights -------------------------------------------------------------------------------- */

/* From the deepest contexts up, each gets what those below leave: all of what they don't keep, and a
   discount of what they do (hierarchical absolute discounting, as in Kneser-Ney smoothing). */
static bool share_mass(struct counts *c) {
    const struct model_draft *d = c->draft;
    uint32_t *left = memory_alloc(&c->arena.allocator, (d->event_count + 1) * sizeof *left);
    if (!left) return false;
    for (size_t i = 0; i < d->event_count; i++) left[i] = MASS_ONE;
    for (uint32_t i = 0; i < c->record_map.count; i++) c->records[i].mass = 0;
    for (unsigned level = LEVELS; level-- > 0;) {
        const uint32_t *records = c->records_of[level];
        for (size_t i = 0; i < d->event_count; i++)
            if (records[i] != RECORD_NONE) c->records[records[i]].mass += left[i];
        for (size_t i = 0; level > 0 && i < d->event_count; i++) {
            if (records[i] == RECORD_NONE || !c->records[records[i]].kept) continue;
            uint64_t mass = c->records[records[i]].mass;
            left[i] = (uint32_t)(left[i] * (uint64_t)discount_of(c, level, mass) / (mass + 1));
        }
    }
    memory_free(&c->arena.allocator, left);
    for (uint32_t i = 0; i < c->context_map.count; i++) c->contexts[i].escapes = 0;
    for (uint32_t i = 0; i < c->record_map.count; i++) {
        struct record_count *r = &c->records[i];
        unsigned level = level_of_context(c->context_map.keys[r->context]);
        uint32_t discount = r->kept ? discount_of(c, level, r->mass) : 0;
        c->contexts[r->context].escapes += r->kept ? discount : r->mass;
        if (level > 0) r->mass -= discount;
    }
    return true;
}

/* The byte of a section that stands for a part of the largest weight. */
static unsigned weight_byte(uint64_t mass, uint64_t largest) {
    uint64_t weight = mass * section_weight(WEIGHT_LARGEST) / largest;
    unsigned low = 0, high = WEIGHT_LARGEST;
    while (low < high) {
        unsigned middle = (low + high + 1) / 2;
        if (section_weight(middle) <= weight) low = middle;
        else high = middle - 1;
    }
    bool nearer_above =
        low < WEIGHT_LARGEST && section_weight(low + 1) - weight < weight - section_weight(low);
    return weight > section_weight(low) && nearer_above ? low + 1 : low;
}

/* ---- Writing -------------------------------------------------------------------------------- */

struct listed {
    uint64_t order; /* of the context: level, spot, bytes with the newest first */
    uint32_t record;
    uint16_t symbol;
};

static uint64_t order_of(uint64_t key) {
    uint64_t spot = key >> 43, history = key >> 3 & 0xFFFFFFFFFFu, bytes = 0;
    unsigned depth = key & 7;
    for (unsigned i = 0; i < 5; i++) bytes = bytes << 8 | (i < depth ? history >> (8 * i) & 0xFF : 0);
    return (uint64_t)level_of_context(key) << 60 | spot << 40 | bytes;
}

static int by_order(const void *a, const void *b) {
    const struct listed *x = a, *y = b;
    if (x->order != y->order) return x->order < y->order ? -1 : 1;
    return (x->symbol > y->symbol) - (x->symbol < y->symbol);
}

/* Symbols, then weights; with the mass of ESCAPE unless that is UINT64_MAX. */
static void put_entries(struct writer *w, const uint16_t *symbols, const uint64_t *masses, unsigned count,
                        uint64_t escapes) {
    uint64_t largest = escapes == UINT64_MAX ? 1 : escapes + 1;
    put_varint(w, count - 1u);
    for (unsigned i = 0; i < count; i++) {
        put_varint(w, i ? symbols[i] - symbols[i - 1] - 1u : symbols[0]);
        if (masses[i] > largest) largest = masses[i];
    }
    for (unsigned i = 0; i < count; i++) put_byte(w, weight_byte(masses[i], largest));
    if (escapes != UINT64_MAX) put_byte(w, weight_byte(escapes, largest));
}

/* Runs and copies of slots are of use only where they are expected. */
static bool is_text(const struct outline *o, unsigned symbol) {
    return symbol < SYMBOL_PHRASES + o->phrase_count;
}

/* Room for the entries of one context. */
struct entry_room {
    uint64_t *masses;
    uint16_t *symbols;
};

static bool is_copy(const struct outline *o, unsigned symbol) {
    return o->copies && symbol == SYMBOL_PHRASES + o->phrase_count + o->run_count;
}

/* The root has every byte, END, and whatever else has been seen without a context. Before the first
   search for copies there are none to count. */
static void put_root(struct writer *w, const struct counts *c, const struct entry_room *room,
                     uint64_t *by_symbol) {
    const struct outline *o = &c->draft->outline;
    uint64_t first_guess = c->draft->event_count * MASS_ONE / COPY_GUESS;
    unsigned symbols = outline_symbols(o), count = 0;
    for (uint32_t i = 0; i < c->record_map.count; i++)
        if (level_of_context(c->context_map.keys[c->records[i].context]) == 0)
            by_symbol[c->records[i].symbol] = c->records[i].mass + 1;
    for (unsigned i = 0; i < symbols; i++) {
        if (i > SYMBOL_END && !is_copy(o, i) && (!is_text(o, i) || by_symbol[i] == 0)) continue;
        uint64_t mass = by_symbol[i] + 8;
        room->masses[count] = is_copy(o, i) && mass < first_guess ? first_guess : mass;
        room->symbols[count++] = (uint16_t)i;
    }
    put_entries(w, room->symbols, room->masses, count, UINT64_MAX);
}

static void put_context_head(struct writer *w, uint64_t order, uint64_t before, bool first) {
    unsigned level = (unsigned)(order >> 60), depth = level < LEVEL_SLOTS ? level : level - LEVEL_SLOTS;
    uint64_t spot = order >> 40 & 0xFFFFF, spot_before = first ? 1 : before >> 40 & 0xFFFFF;
    bool fresh = first || spot != spot_before;
    if (level >= LEVEL_SLOTS) put_varint(w, spot - spot_before);
    unsigned shared = 0;
    while (!fresh && shared < depth &&
           (order >> (32 - 8 * shared) & 0xFF) == (before >> (32 - 8 * shared) & 0xFF))
        shared++;
    if (!fresh && depth > 1) put_byte(w, shared);
    for (unsigned i = shared; i < depth; i++) put_byte(w, (unsigned)(order >> (32 - 8 * i)) & 0xFF);
}

struct listings {
    const struct listed *items;
    size_t count;
};

/* Contexts of one level: listed[from..to). */
static void put_level(struct writer *w, const struct counts *c, struct listings listings,
                      const struct entry_room *room) {
    const struct listed *listed = listings.items;
    const size_t count = listings.count;
    size_t contexts = 0;
    for (size_t i = 0; i < count; i++) contexts += i == 0 || listed[i].order != listed[i - 1].order;
    put_varint(w, contexts);
    for (size_t i = 0, begin; i < count;) {
        unsigned entries = 0;
        for (begin = i; i < count && listed[i].order == listed[begin].order; i++) {
            room->symbols[entries] = listed[i].symbol;
            room->masses[entries++] = c->records[listed[i].record].mass;
        }
        put_context_head(w, listed[begin].order, begin ? listed[begin - 1].order : 0, begin == 0);
        put_entries(w, room->symbols, room->masses, entries,
                    c->contexts[c->records[listed[begin].record].context].escapes);
    }
}

static bool put_contexts(struct writer *w, const struct counts *c, const struct entry_room *room) {
    struct arena arena = arena_over(c->arena.allocator);
    size_t count = 0, from = 0;
    for (uint32_t i = 0; i < c->record_map.count; i++) count += c->records[i].kept;
    struct listed *listed = arena_array(&arena, count, sizeof *listed);
    if (arena.failed) return false;
    count = 0;
    for (uint32_t i = 0; i < c->record_map.count; i++) {
        const struct record_count *r = &c->records[i];
        uint64_t order = order_of(c->context_map.keys[r->context]);
        if (r->kept && order >> 60) listed[count++] = (struct listed){order, i, r->symbol};
    }
    qsort(listed, count, sizeof *listed, by_order);
    for (unsigned level = 1; level < LEVELS; level++) {
        size_t to = from;
        while (to < count && listed[to].order >> 60 == level) to++;
        put_level(w, c, (struct listings){listed + from, to - from}, room);
        from = to;
    }
    arena_free(&arena);
    return true;
}

static void put_parts(struct writer *w, const uint32_t *classes) {
    uint64_t largest = 1;
    for (unsigned i = 0; i < COPY_CLASSES; i++)
        if (classes[i] > largest) largest = classes[i];
    for (unsigned i = 0; i < COPY_CLASSES; i++) put_byte(w, (unsigned)(classes[i] * 255 / largest));
}

static void put_head(struct writer *w, const struct outline *o) {
    unsigned next = 0;
    put_byte(w, o->mode);
    put_byte(w, o->delimiter);
    put_byte(w, (unsigned)o->copies | (unsigned)o->slot_copies << 1);
    put_varint(w, o->phrase_count);
    for (unsigned i = 0; i < o->phrase_count; i++) put_byte(w, o->phrases[i].size);
    for (unsigned i = 0; i < o->phrase_count; i++) put_bytes(w, o->phrases[i].text, o->phrases[i].size);
    put_varint(w, o->run_count);
    for (unsigned i = 0; i < o->run_count; i++) {
        put_byte(w, o->runs[i].class);
        put_byte(w, o->runs[i].size);
    }
    put_varint(w, o->slot_count);
    for (unsigned slot = 0; slot < o->slot_count; slot++) {
        put_byte(w, o->slot_flags[slot]);
        if (slot == 0 || o->mode == MODE_FIELDS) continue;
        unsigned phrase = next;
        while (phrase < o->phrase_count && o->phrases[phrase].slot != slot) phrase++;
        put_varint(w, phrase - next);
        next = phrase + 1;
    }
    if (!o->copies) return;
    put_parts(w, o->length_classes);
    put_parts(w, o->distance_classes);
}

static bool put_section(struct model_draft *d, const struct counts *c) {
    struct writer w = writer_over(d->section, d->section_room);
    struct arena arena = arena_over(c->arena.allocator);
    size_t symbols = outline_symbols(&d->outline);
    uint64_t *by_symbol = arena_array(&arena, symbols, sizeof *by_symbol);
    struct entry_room room = {arena_array(&arena, symbols, sizeof *room.masses),
                              arena_array(&arena, symbols, sizeof *room.symbols)};
    bool good = by_symbol && room.masses && room.symbols;
    if (good) {
        put_head(&w, &d->outline);
        put_root(&w, c, &room, by_symbol);
        good = put_contexts(&w, c, &room);
    }
    arena_free(&arena);
    d->section_size = w.length;
    return good && !w.full;
}

/* The estimate of bytes is corrected by what was written, a little less each time it is too much. */
static bool fit_section(struct model_draft *d, struct counts *c) {
    const uint64_t most = d->training->model_bytes;
    uint64_t room = most, fitting = 0;
    for (unsigned i = 0; i < FITTINGS; i++) {
        bool last = i + 1 == FITTINGS && fitting;
        if (last) room = fitting;
        uint64_t price = find_price(c, room);
        const uint64_t taken = keep_for(c, price);
        if (!share_mass(c) || !put_section(d, c)) return false;
        bool fits = d->section_size <= most;
        if (fits && (last || price == PRICE_LEAST || d->section_size > most / 100 * 97 || room > 2 * most))
            return true;
        if (fits && room > fitting) fitting = room;
        if (!fits && price == PRICE_LEAST) room = taken; /* where more room changes nothing */
        uint64_t corrected = room * most / (d->section_size | 1);
        room = fits ? (room + corrected) / 2 : corrected / 100 * 98;
        if (room > 4 * most) room = 4 * most;
    }
    d->hopeless = d->section_size > most;
    return !d->hopeless;
}

bool write_model(struct model_draft *d) {
    struct counts c;
    bool good = counts_make(&c, d);
    if (good) {
        counts_weigh(&c);
        good = fit_section(d, &c);
    }
    counts_free(&c);
    return good;
}
