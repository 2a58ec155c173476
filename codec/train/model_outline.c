/* The outline of a model from the phrases of the samples: slots, runs and copies, and the events. */
#include "model_outline.h"

#include <stdlib.h>

enum {
    ANCHOR_SHORTEST = 3,
    ANCHOR_SHARE = 100,     /* an anchor opens a slot in at least 1 % of the samples */
    POSITIONAL_LENGTH = 85, /* percent of the texts of a slot that have the same length */
    POSITIONAL_DIGITS = 97,
    RUN_SHORTEST = 3,
    RUN_GAIN = 256, /* bits in 1/256 that a run must save */
    RUN_USES = 8
};

static bool has_punctuation(const struct token_text *t) {
    for (unsigned i = 0; i < t->size; i++)
        if (is_punctuation(t->text[i])) return true;
    return false;
}

/* ---- Slots ---------------------------------------------------------------------------------- */

struct ranked {
    uint32_t uses, index;
};

static int by_uses(const void *a, const void *b) {
    const struct ranked *x = a, *y = b;
    if (x->uses != y->uses) return x->uses > y->uses ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

bool choose_anchors(struct model_draft *d) {
    struct outline *o = &d->outline;
    struct ranked *ranked = arena_array(&d->arena, o->phrase_count, sizeof *ranked);
    if (!ranked) return false;
    unsigned count = 0;
    for (unsigned i = 0; i < o->phrase_count; i++) {
        const struct token_text *t = &o->phrases[i];
        o->phrases[i].slot = 0;
        if (t->size >= ANCHOR_SHORTEST && t->distinct >= d->sample_count / ANCHOR_SHARE + 2 &&
            has_punctuation(t))
            ranked[count++] = (struct ranked){t->uses, i};
    }
    qsort(ranked, count, sizeof *ranked, by_uses);
    if (count > MODEL_SLOTS - 1) count = MODEL_SLOTS - 1;
    for (unsigned i = 0; i < count; i++) o->phrases[ranked[i].index].slot = 1;
    o->slot_count = 1;
    for (unsigned i = 0; i < o->phrase_count; i++)
        if (o->phrases[i].slot) o->phrases[i].slot = (uint16_t)o->slot_count++;
    return true;
}

/* Lengths of the texts of one slot. */
struct slot_facts {
    uint32_t lengths[PLACE_FAR + 1], texts, bytes, digits;
};

static void note_text(struct slot_facts *f, const uint8_t *text, size_t size) {
    f->texts++;
    f->lengths[size < PLACE_FAR ? size : PLACE_FAR]++;
    f->bytes += (uint32_t)size;
    for (size_t i = 0; i < size; i++) f->digits += text[i] >= '0' && text[i] <= '9';
}

static bool is_positional(const struct slot_facts *f) {
    uint32_t modal = 0, most = 0;
    for (unsigned i = 0; i < PLACE_FAR; i++)
        if (f->lengths[i] > most) {
            most = f->lengths[i];
            modal = i;
        }
    if (modal > 1 && (uint64_t)most * 100 > (uint64_t)f->texts * POSITIONAL_LENGTH) return true;
    return f->bytes > f->texts && (uint64_t)f->digits * 100 > (uint64_t)f->bytes * POSITIONAL_DIGITS;
}

/* Which slots have texts whose bytes depend on their place. */
bool find_positional(struct model_draft *d) {
    struct slot_facts *facts = arena_array(&d->arena, d->outline.slot_count, sizeof *facts);
    if (!facts) return false;
    for (size_t s = 0; s < d->sample_count; s++) {
        const uint8_t *text = d->samples[s].bytes;
        uint32_t begin = 0;
        unsigned slot = 0;
        for (uint32_t i = d->starts[s]; i < d->starts[s + 1]; i++) {
            const struct event *e = &d->events[i];
            bool opens = e->symbol >= SYMBOL_PHRASES &&
                         e->symbol < SYMBOL_PHRASES + d->outline.phrase_count &&
                         d->outline.phrases[e->symbol - SYMBOL_PHRASES].slot;
            bool ends = e->symbol == SYMBOL_END || (d->outline.mode == MODE_FIELDS ? e->slot != slot : opens);
            if (!ends) continue;
            uint32_t end = e->at;
            if (end > begin) note_text(&facts[slot], text + begin, end - begin);
            else note_text(&facts[slot], text, 0);
            begin = d->outline.mode == MODE_FIELDS ? e->at - e->place : e->at + e->size;
            slot = opens ? d->outline.phrases[e->symbol - SYMBOL_PHRASES].slot : e->slot;
        }
    }
    for (unsigned slot = 0; slot < d->outline.slot_count; slot++)
        if (is_positional(&facts[slot])) d->outline.slot_flags[slot] |= SLOT_POSITIONAL;
    return true;
}

/* Every slot is coded with its own contexts or with those of text, whichever costs less. */
bool choose_text_slots(struct model_draft *d) {
    struct outline *o = &d->outline;
    uint64_t *costs[2];
    for (unsigned text = 0; text < 2; text++) {
        costs[text] = arena_array(&d->arena, o->slot_count, sizeof *costs[text]);
        if (!costs[text]) return false;
        for (unsigned slot = 0; slot < o->slot_count; slot++)
            o->slot_flags[slot] = (uint8_t)((o->slot_flags[slot] & SLOT_POSITIONAL) | (text ? SLOT_TEXT : 0));
        if (!estimate_costs(d)) return false;
        for (size_t i = 0; i < d->event_count; i++) costs[text][d->events[i].slot] += d->events[i].cost;
    }
    for (unsigned slot = 0; slot < o->slot_count; slot++)
        if (costs[0][slot] <= costs[1][slot]) o->slot_flags[slot] &= (uint8_t)~SLOT_TEXT;
    return true;
}

/* ---- Runs ----------------------------------------------------------------------------------- */

/* A stretch of events to become one run. */
struct run_found {
    uint32_t first, last, size;
    unsigned class;
};

/* Whether all bytes of an event are digits of a class. */
static bool within(const struct model_draft *d, size_t sample, const struct event *e, unsigned class) {
    if (e->symbol == SYMBOL_END) return false;
    for (uint32_t i = 0; i < e->size; i++)
        if (!(d->digit_classes[d->samples[sample].bytes[e->at + i]] >> class & 1)) return false;
    return true;
}

/* The stretch from an event on that saves most as one run of a class; size 0 = none. */
static struct run_found best_run(const struct model_draft *d, size_t sample, uint32_t from, unsigned class) {
    struct run_found best = {.class = class};
    uint32_t cost = 0, size = 0, gain = RUN_GAIN;
    for (uint32_t i = from; i < d->starts[sample + 1]; i++) {
        const struct event *e = &d->events[i];
        if (!within(d, sample, e, class) || size + e->size > RUN_LARGEST) break;
        if (i > from && d->outline.mode == MODE_ANCHORS && e->place == 0) break;
        size += e->size;
        cost += e->cost;
        uint32_t uniform = size * d->digit_costs[class];
        if (size < RUN_SHORTEST || cost < uniform + gain) continue;
        gain = cost - uniform;
        best = (struct run_found){from, i, size, class};
    }
    return best;
}

/* The best class for a run from an event on. */
static struct run_found find_run(const struct model_draft *d, size_t sample, uint32_t from) {
    struct run_found best = {.size = 0};
    uint32_t best_gain = 0;
    for (unsigned class = 0; class < RUN_CLASSES; class ++) {
        struct run_found run = best_run(d, sample, from, class);
        if (run.size == 0) continue;
        uint32_t cost = 0;
        for (uint32_t i = run.first; i <= run.last; i++) cost += d->events[i].cost;
        uint32_t gain = cost - run.size * d->digit_costs[class];
        if (gain <= best_gain) continue;
        best_gain = gain;
        best = run;
    }
    return best;
}

static int by_run(const void *a, const void *b) {
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Keeps the commonest kinds of runs; kinds are class << 8 | size. */
static void choose_runs(struct outline *o, const uint32_t *uses) {
    struct ranked ranked[RUN_CLASSES * (RUN_LARGEST + 1)];
    unsigned count = 0;
    for (uint32_t kind = 0; kind < RUN_CLASSES * (RUN_LARGEST + 1); kind++)
        if (uses[kind] >= RUN_USES) ranked[count++] = (struct ranked){uses[kind], kind};
    qsort(ranked, count, sizeof *ranked, by_uses);
    uint32_t kinds[MODEL_RUNS];
    o->run_count = count < MODEL_RUNS / 2 ? count : MODEL_RUNS / 2;
    for (unsigned i = 0; i < o->run_count; i++) kinds[i] = ranked[i].index;
    qsort(kinds, o->run_count, sizeof *kinds, by_run);
    for (unsigned i = 0; i < o->run_count; i++) {
        o->runs[i].class = (uint8_t)(kinds[i] / (RUN_LARGEST + 1));
        o->runs[i].size = (uint8_t)(kinds[i] % (RUN_LARGEST + 1));
    }
}

static unsigned run_number(const struct outline *o, unsigned class, unsigned size) {
    for (unsigned i = 0; i < o->run_count; i++)
        if (o->runs[i].class == class && o->runs[i].size == size) return i;
    return MODEL_RUNS;
}

/* Counts the runs of one sample by kind, or puts those that are kept in the place of their events. */
static void replace_runs(struct model_draft *d, size_t s, uint32_t *uses) {
    struct outline *o = &d->outline;
    for (uint32_t i = d->starts[s]; i < d->starts[s + 1]; i++) {
        struct run_found run = find_run(d, s, i);
        if (run.size == 0) continue;
        if (uses) uses[run.class * (RUN_LARGEST + 1) + run.size]++;
        unsigned number = uses ? MODEL_RUNS : run_number(o, run.class, run.size);
        if (number < MODEL_RUNS) {
            for (uint32_t j = run.first; j <= run.last; j++) d->events[j].symbol = EVENT_GONE;
            d->events[i].symbol = (uint16_t)(SYMBOL_PHRASES + o->phrase_count + number);
            d->events[i].size = (uint16_t)run.size;
        }
        if (uses || number < MODEL_RUNS) i = run.last;
    }
}

static void note_digits(struct model_draft *d) {
    for (unsigned class = 0; class < RUN_CLASSES; class ++) {
        d->digit_costs[class] = log2_q8((uint64_t)run_classes[class].base << 32) - (32u << 8);
        for (unsigned i = 0; i < run_classes[class].base; i++)
            d->digit_classes[(uint8_t)run_classes[class].digits[i]] |= (uint8_t)(1 << class);
    }
}

/* Where bytes cost more than if all digits were equally likely, they become runs. */
bool find_runs(struct model_draft *d) {
    uint32_t uses[RUN_CLASSES * (RUN_LARGEST + 1)] = {0};
    if (!estimate_costs(d)) return false;
    note_digits(d);
    for (size_t s = 0; s < d->sample_count; s++) replace_runs(d, s, uses);
    choose_runs(&d->outline, uses);
    for (size_t s = 0; s < d->sample_count; s++) replace_runs(d, s, NULL);
    compact_events(d);
    return true;
}
