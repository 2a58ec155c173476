/* The symbols of the samples: where they stand, and which can be copies of earlier slots. */
#include "model_outline.h"

#include "number_map.h"

enum { COPY_TEXT_SHORTEST = 2, COPY_GAIN = 512, PAIR_USES = 4, PAIRS_LARGEST = 1 << 16, LATEST_SLOTS = 64 };

/* ---- Places --------------------------------------------------------------------------------- */

static void pass_fields(const struct outline *o, struct cursor *c, const uint8_t *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        bool ends = is_delimiter(o->delimiter, text[i]);
        c->place = (uint8_t)(ends ? 0 : place_after(c->place, 1));
        if (ends && c->slot + 1u < o->slot_count) c->slot++;
    }
}

static void pass_event(const struct outline *o, struct cursor *c, const struct event *e,
                       const uint8_t *sample) {
    unsigned phrases = SYMBOL_PHRASES + o->phrase_count, runs = phrases + o->run_count;
    if (o->mode == MODE_FIELDS) {
        pass_fields(o, c, sample + e->at, e->size);
        return;
    }
    unsigned opens =
        e->symbol >= SYMBOL_PHRASES && e->symbol < phrases ? o->phrases[e->symbol - SYMBOL_PHRASES].slot : 0;
    if (opens) c->slot = (uint16_t)opens;
    c->place = (uint8_t)(opens               ? 0
                         : e->symbol >= runs ? (unsigned)PLACE_COPIED
                                             : place_after(c->place, e->size));
}

void place_events(struct model_draft *d) {
    for (size_t s = 0; s < d->sample_count; s++) {
        struct cursor c = {.history = 0};
        for (uint32_t i = d->starts[s]; i < d->starts[s + 1]; i++) {
            struct event *e = &d->events[i];
            e->history = history_before(d->samples[s].bytes, d->samples[s].bytes + e->at);
            e->slot = c.slot;
            e->place = c.place;
            pass_event(&d->outline, &c, e, d->samples[s].bytes);
        }
    }
}

/* ---- Leaving events out --------------------------------------------------------------------- */

void compact_events(struct model_draft *d) {
    uint32_t to = 0, from = 0;
    for (size_t s = 0; s < d->sample_count; s++) {
        uint32_t end = d->starts[s + 1];
        d->starts[s] = to;
        for (; from < end; from++)
            if (d->events[from].symbol != EVENT_GONE) d->events[to++] = d->events[from];
    }
    d->starts[d->sample_count] = to;
    d->event_count = to;
}

/* ---- Copies of slots ------------------------------------------------------------------------ */

/* The latest texts of the slots of one sample. */
struct latest {
    struct latest_text {
        uint32_t begin, size;
        uint16_t slot;
    } texts[LATEST_SLOTS];
    unsigned count;
};

/* How often a slot had the text of another one. */
struct slot_pairs {
    struct number_map map; /* of slot << 16 | the other */
    uint32_t *uses;
    bool counting;
};

static void note_latest(struct latest *latest, struct latest_text text) {
    unsigned i = 0;
    while (i < latest->count && latest->texts[i].slot != text.slot) i++;
    if (i == LATEST_SLOTS) return;
    if (i == latest->count) latest->count++;
    latest->texts[i] = text;
}

static bool opens_slot(const struct outline *o, unsigned symbol) {
    return symbol >= SYMBOL_PHRASES && symbol < SYMBOL_PHRASES + o->phrase_count &&
           o->phrases[symbol - SYMBOL_PHRASES].slot;
}

/* Counts all slots with the text, or finds the one that had it most often; MODEL_SLOTS = none. */
static unsigned slot_to_copy(struct slot_pairs *p, const struct latest *latest, struct latest_text text,
                             const uint8_t *sample) {
    unsigned best = MODEL_SLOTS;
    uint32_t most = PAIR_USES - 1;
    for (unsigned i = 0; i < latest->count; i++) {
        const struct latest_text *other = &latest->texts[i];
        if (other->size != text.size || memcmp(sample + other->begin, sample + text.begin, text.size) != 0)
            continue;
        uint32_t pair = number_of(&p->map, (uint64_t)text.slot << 16 | other->slot);
        if (pair >= PAIRS_LARGEST) continue;
        if (p->counting) p->uses[pair]++;
        else if (p->uses[pair] > most) {
            most = p->uses[pair];
            best = other->slot;
        }
    }
    return best;
}

/* The events of one slot, first..last-1, become a copy where that pays. */
static void copy_slot(struct model_draft *d, struct slot_pairs *p, struct latest *latest, unsigned slot,
                      uint32_t first, uint32_t last, const uint8_t *sample) {
    struct latest_text text = {d->events[first].at, d->events[last].at - d->events[first].at, (uint16_t)slot};
    uint32_t cost = 0;
    for (uint32_t i = first; i < last; i++) cost += d->events[i].cost;
    unsigned copied = MODEL_SLOTS;
    if (text.size >= COPY_TEXT_SHORTEST && cost >= COPY_GAIN) copied = slot_to_copy(p, latest, text, sample);
    note_latest(latest, text);
    if (copied == MODEL_SLOTS) return;
    for (uint32_t i = first; i < last; i++) d->events[i].symbol = EVENT_GONE;
    d->events[first].symbol = (uint16_t)(outline_symbols(&d->outline) - d->outline.slot_count + copied);
    d->events[first].size = (uint16_t)text.size;
}

static void copy_slots(struct model_draft *d, struct slot_pairs *p, size_t s) {
    struct latest latest = {.count = 0};
    uint32_t first = d->starts[s];
    unsigned slot = 0;
    for (uint32_t i = first; i < d->starts[s + 1]; i++) {
        unsigned symbol = d->events[i].symbol;
        bool opens = opens_slot(&d->outline, symbol);
        if (!opens && symbol != SYMBOL_END) continue;
        copy_slot(d, p, &latest, slot, first, i, d->samples[s].bytes);
        first = i + 1;
        slot = opens ? d->outline.phrases[symbol - SYMBOL_PHRASES].slot : 0;
    }
}

bool find_slot_copies(struct model_draft *d) {
    struct outline *o = &d->outline;
    o->slot_copies = o->mode == MODE_ANCHORS && o->slot_count > 1;
    if (!o->slot_copies) return true;
    struct slot_pairs p = {.map = number_map_over(d->arena.allocator), .counting = true};
    p.uses = arena_array(&d->arena, PAIRS_LARGEST, sizeof *p.uses);
    if (!p.uses || !estimate_costs(d)) return false;
    for (size_t s = 0; s < d->sample_count; s++) copy_slots(d, &p, s);
    p.counting = false;
    for (size_t s = 0; s < d->sample_count; s++) copy_slots(d, &p, s);
    number_map_free(&p.map);
    compact_events(d);
    return true;
}
