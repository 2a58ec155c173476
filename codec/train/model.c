/*
 * Trainer of the model encoder: phrases, then slots, runs and copies, then contexts; then the samples
 * are cut again with the model that came out, and counted anew.
 */
#include "model_outline.h"

#include <stdlib.h>

enum { SAMPLE_BYTES = 1 << 20, ROUNDS = 2, SECTION_SLACK = 1 << 20, COPIES_LEAST = 256, SHORT_BYTES = 24 };

struct recipe {
    bool fields;
    uint8_t delimiter; /* of fields: 0 = all punctuation, 1 = none, 2 = the commonest */
    uint8_t theta;     /* percent, 0 = no phrases */
};

static const struct recipe recipes[] = {
    {false, 0, 10}, {false, 0, 30}, {true, 0, 0}, {true, 0, 20}, {true, 1, 0}};

/* ---- Samples -------------------------------------------------------------------------------- */

static bool choose_samples(struct model_draft *d) {
    const struct samples *all = &d->training->samples;
    size_t step = (size_t)(all->bytes / SAMPLE_BYTES) + 1;
    struct sample *chosen = arena_array(&d->arena, all->count, sizeof *chosen);
    if (!chosen) return false;
    for (size_t i = 0; i < all->count; i += step) {
        const struct sample *s = &all->items[i];
        if (s->size == 0 || s->size > MODEL_VALUE - 1) continue;
        chosen[d->sample_count++] = *s;
        d->sample_bytes += s->size;
        if (s->size > d->longest) d->longest = s->size;
    }
    d->samples = chosen;
    return true;
}

/* ---- The first events ----------------------------------------------------------------------- */

static bool reserve_events(struct model_draft *d) {
    d->event_room = (size_t)d->sample_bytes + d->sample_count;
    d->events = arena_array(&d->arena, d->event_room, sizeof *d->events);
    d->starts = arena_array(&d->arena, d->sample_count + 1, sizeof *d->starts);
    d->section_room = (size_t)d->training->model_bytes * 6 + SECTION_SLACK;
    d->section = arena_array(&d->arena, d->section_room, 1);
    return !d->arena.failed;
}

static void add_event(struct model_draft *d, unsigned symbol, uint32_t at, size_t size) {
    d->events[d->event_count++] =
        (struct event){.at = at, .symbol = (uint16_t)symbol, .size = (uint16_t)size};
}

static void events_of_bytes(struct model_draft *d) {
    for (size_t s = 0; s < d->sample_count; s++) {
        uint32_t size = (uint32_t)d->samples[s].size;
        for (uint32_t i = 0; i < size; i++) add_event(d, d->samples[s].bytes[i], i, 1);
        add_event(d, SYMBOL_END, size, 0);
        d->starts[s + 1] = (uint32_t)d->event_count;
    }
}

static bool events_of_phrases(struct model_draft *d, unsigned theta) {
    const struct phrase_recipe recipe = {.theta = theta,
                                         .most = TOKENS_LARGEST / 2,
                                         .most_bytes = d->training->model_bytes / 2,
                                         .min_count = d->training->min_count};
    struct phrase_set set;
    struct samples samples = {d->samples, d->sample_count, d->sample_bytes};
    struct outline *o = &d->outline;
    if (!learn_phrases(&d->arena, samples, &recipe, &set)) return false;
    o->phrases = arena_array(&d->arena, set.count, sizeof *o->phrases);
    if (!o->phrases) return false;
    o->phrase_count = set.count;
    for (unsigned i = 0; i < set.count; i++)
        o->phrases[i] = (struct token_text){.text = set.items[i].text,
                                            .size = (uint16_t)set.items[i].size,
                                            .uses = set.items[i].uses,
                                            .distinct = set.items[i].distinct};
    for (size_t s = 0; s < d->sample_count; s++) {
        uint32_t at = 0;
        for (uint32_t i = set.starts[s]; i < set.starts[s + 1]; i++) {
            bool phrase = set.tokens[i] >= PHRASE_FIRST;
            uint32_t size = phrase ? set.items[set.tokens[i] - PHRASE_FIRST].size : 1;
            add_event(d, phrase ? set.tokens[i] - PHRASE_FIRST + SYMBOL_PHRASES : set.tokens[i], at, size);
            at += size;
        }
        add_event(d, SYMBOL_END, at, 0);
        d->starts[s + 1] = (uint32_t)d->event_count;
    }
    return true;
}

/* ---- Fields --------------------------------------------------------------------------------- */

/* The punctuation byte that is in most samples; 0 unless it is in more than half. */
static uint8_t commonest_delimiter(const struct model_draft *d) {
    size_t seen[128] = {0}, best = 0;
    for (size_t s = 0; s < d->sample_count; s++)
        for (unsigned byte = 0x21; byte < 0x7F; byte++)
            seen[byte] += memchr(d->samples[s].bytes, (int)byte, d->samples[s].size) != NULL;
    for (unsigned byte = 0x21; byte < 0x7F; byte++) {
        bool letter =
            (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        if (!letter && seen[byte] > seen[best]) best = byte;
    }
    return seen[best] * 2 > d->sample_count ? (uint8_t)best : 0;
}

static bool outline_fields(struct model_draft *d, const struct recipe *recipe) {
    struct outline *o = &d->outline;
    o->mode = MODE_FIELDS;
    o->delimiter = recipe->delimiter == 2 ? commonest_delimiter(d) : recipe->delimiter;
    o->slot_count = recipe->delimiter == 1 ? 1 : MODEL_FIELDS;
    place_events(d);
    return find_positional(d);
}

/* ---- Learning ------------------------------------------------------------------------------- */

static bool outline_anchors(struct model_draft *d) {
    if (!choose_anchors(d)) return false;
    place_events(d);
    return find_positional(d);
}

/* Cuts the samples with the section. */
static bool cut_samples(struct model_draft *d) {
    struct model m;
    struct arena work = arena_over(d->arena.allocator);
    struct reader section = reader_over(d->section, d->section_size);
    const char *problem = model_load(&m, &section, &d->arena.allocator);
    d->hopeless = problem && *problem;
    if (problem) return false;
    uint8_t *memory = arena_array(&work, parse_memory(&m, d->longest), 1);
    struct outline *o = &d->outline;
    memset(o->length_classes, 0, sizeof o->length_classes);
    memset(o->distance_classes, 0, sizeof o->distance_classes);
    d->event_count = 0;
    for (size_t s = 0; memory && s < d->sample_count; s++) {
        struct parse p = {.value = d->samples[s].bytes, .size = d->samples[s].size, .limit = UINT64_MAX};
        parse_place(&p, &m, memory, p.size);
        if (!parse_value(&p)) break;
        uint32_t at = 0;
        for (size_t i = 0; i < p.step_count; i++) {
            const struct step *step = &p.steps[i];
            add_event(d, step->symbol, at, step->size);
            at += step->size;
            if (m.symbols[step->symbol].kind != KIND_COPY) continue;
            o->length_classes[part_class(step->size - COPY_SHORTEST)]++;
            o->distance_classes[part_class(step->distance - 1)]++;
        }
        add_event(d, SYMBOL_END, at, 0);
        d->starts[s + 1] = (uint32_t)d->event_count;
    }
    arena_free(&work);
    model_unload(&m, &d->arena.allocator);
    return memory != NULL;
}

/* Phrases that are hardly used go; the symbols behind them move up. */
static bool drop_unused(struct model_draft *d) {
    struct outline *o = &d->outline;
    unsigned symbols = outline_symbols(o), next = SYMBOL_PHRASES, kept = 0;
    uint32_t *uses = arena_array(&d->arena, symbols, sizeof *uses);
    uint16_t *numbers = arena_array(&d->arena, symbols, sizeof *numbers);
    if (d->arena.failed) return false;
    for (size_t i = 0; i < d->event_count; i++) uses[d->events[i].symbol]++;
    for (unsigned i = 0; i < symbols; i++) {
        bool phrase = i >= SYMBOL_PHRASES && i < SYMBOL_PHRASES + o->phrase_count;
        struct token_text *t = phrase ? &o->phrases[i - SYMBOL_PHRASES] : NULL;
        if (i < SYMBOL_PHRASES) numbers[i] = (uint16_t)i;
        else if (!phrase || uses[i] > 0 || t->slot) numbers[i] = (uint16_t)next++;
        if (phrase && (uses[i] > 0 || t->slot)) o->phrases[kept++] = *t;
    }
    o->phrase_count = kept;
    for (size_t i = 0; i < d->event_count; i++) d->events[i].symbol = numbers[d->events[i].symbol];
    return true;
}

/* Copies that are hardly used cost more time than they save: bytes again. */
static void drop_rare_copies(struct model_draft *d) {
    struct outline *o = &d->outline;
    unsigned copy = SYMBOL_PHRASES + o->phrase_count + o->run_count;
    size_t copies = 0, more = 0;
    for (size_t i = 0; o->copies && i < d->event_count; i++)
        if (d->events[i].symbol == copy) {
            copies++;
            more += d->events[i].size - 1u;
        }
    if (!o->copies || copies * COPIES_LEAST > d->event_count) return;
    o->copies = false;
    uint32_t to = (uint32_t)(d->event_count + more), from = (uint32_t)d->event_count;
    d->event_count = to;
    for (size_t s = d->sample_count; s-- > 0;) {
        d->starts[s + 1] = to;
        for (uint32_t begin = d->starts[s]; from > begin;) {
            struct event e = d->events[--from];
            if (e.symbol != copy) {
                e.symbol = (uint16_t)(e.symbol - (e.symbol > copy));
                d->events[--to] = e;
            } else {
                for (uint32_t i = e.size; i-- > 0;)
                    d->events[--to] =
                        (struct event){.at = e.at + i, .size = 1, .symbol = d->samples[s].bytes[e.at + i]};
            }
        }
    }
}

/* Without phrases every byte is a symbol, which takes too long for more than short values. */
static bool is_worth_trying(const struct model_draft *d, const struct recipe *recipe) {
    return d->sample_count > 0 && (recipe->theta || d->sample_bytes <= d->sample_count * SHORT_BYTES);
}

static bool outline_first(struct model_draft *d, const struct recipe *recipe) {
    struct outline *o = &d->outline;
    o->slot_count = 1;
    if (recipe->theta == 0) events_of_bytes(d);
    else if (!events_of_phrases(d, recipe->theta)) return false;
    if (!(recipe->fields ? outline_fields(d, recipe) : outline_anchors(d))) return false;
    if (!choose_text_slots(d) || !find_runs(d)) return false;
    d->outline.copies = true;
    place_events(d);
    if (!find_slot_copies(d)) return false;
    place_events(d);
    return true;
}

static bool learn(struct model_draft *d, const struct recipe *recipe) {
    if (!outline_first(d, recipe) || !write_model(d)) return false;
    for (unsigned round = 0; round < ROUNDS; round++) {
        if (!cut_samples(d)) return false;
        drop_rare_copies(d);
        if (!drop_unused(d)) return false;
        place_events(d);
        if (!write_model(d)) return false;
    }
    return true;
}

static int train(const struct training *t, unsigned variant, struct writer *section) {
    struct model_draft d = {.training = t, .arena = arena_over(t->allocator)};
    bool good = choose_samples(&d) && reserve_events(&d);
    if (good && !is_worth_trying(&d, &recipes[variant])) d.hopeless = true;
    else good = good && learn(&d, &recipes[variant]);
    if (good && !d.hopeless) put_bytes(section, d.section, d.section_size);
    arena_free(&d.arena);
    return d.hopeless ? VP_ERR_NO_SAMPLES : good ? VP_OK : VP_ERR_MEMORY;
}

const struct encoder_trainer trainer_model = {
    .id = 13,
    .variants = sizeof recipes / sizeof recipes[0],
    .train = train,
};
