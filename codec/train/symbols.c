/*
 * Trainer of the symbols encoder: learns tokens, then contexts, then cuts the samples again with the
 * codes that came out and counts anew.
 */
#include "symbols_train.h"

enum { SAMPLE_BYTES = 2 << 20, REFINEMENTS = 2, FITTINGS = 6, VARIANTS = 3 };

struct recipe {
    unsigned tokens, tables;
};

static const struct recipe recipes[VARIANTS] = {{1024, 63}, {6144, 63}, {2048, 0}};

/* Samples up to a number of bytes, evenly spread, none that the encoder would not take. */
static bool choose_samples(struct draft *d) {
    const struct samples *all = &d->training->samples;
    size_t step = (size_t)(all->bytes / SAMPLE_BYTES) + 1;
    d->samples = arena_array(&d->arena, all->count, sizeof *d->samples);
    if (!d->samples) return false;
    for (size_t i = 0; i < all->count; i += step) {
        const struct sample *s = &all->items[i];
        if (s->size == 0 || s->size > 1 << 16) continue;
        d->samples[d->sample_count++] = *s;
        if (s->size > d->longest) d->longest = s->size;
    }
    return true;
}

static bool allocate(struct draft *d) {
    struct arena *a = &d->arena;
    size_t most_tokens = TOKENS_LARGEST + 1;
    /* There are fewer pairs than bytes; the table is cleared and searched in every round. */
    d->pair_bits = 12;
    while (d->pair_bits < PAIR_BITS_LARGEST && 4 * d->training->samples.bytes > (uint64_t)1 << d->pair_bits)
        d->pair_bits++;
    d->tokens = arena_array(a, most_tokens, sizeof *d->tokens);
    d->last_sample = arena_array(a, most_tokens, sizeof *d->last_sample);
    d->next = arena_array(a, most_tokens, 1);
    d->weights = arena_array(a, most_tokens * (SYMBOL_TABLES_LARGEST + 1), sizeof *d->weights);
    d->pairs = arena_array(a, (size_t)1 << d->pair_bits, sizeof *d->pairs);
    d->section = arena_array(a, SYMBOL_SECTION_LARGEST, 1);
    d->places = arena_array(a, d->longest + 1, sizeof *d->places);
    d->path = arena_array(a, d->longest, sizeof *d->path);
    return !a->failed;
}

/* Divides what fits into contexts, and counts again with the codes that came out. */
static bool learn_tables(struct draft *d, unsigned tables) {
    if (tables == 0) return true;
    if (!learn_contexts(d, tables) || !make_section(d)) return false;
    for (unsigned i = 0; i < REFINEMENTS; i++) {
        if (!count_usage(d)) return false;
        pairs_compact(d);
        weigh_contexts(d);
        if (!make_section(d)) return false;
    }
    return true;
}

/* Tokens first get most of the room; less each time the tables behind them do not fit. */
static bool learn(struct draft *d, const struct recipe *recipe) {
    const uint64_t most = d->training->model_bytes;
    uint64_t room = most / 4 * 3;
    if (!learn_tokens(d, recipe->tokens)) return false;
    for (unsigned i = 0; i < FITTINGS; i++) {
        if (!fit_tokens(d, recipe->tokens, room) || !learn_tables(d, recipe->tables)) return false;
        if (d->section_size <= most) return true;
        room = room * most / d->section_size / 8 * 7;
    }
    return false;
}

static int train(const struct training *t, unsigned variant, struct writer *section) {
    struct draft d = {.training = t, .arena = arena_over(t->allocator)};
    int status = VP_ERR_MEMORY;
    if (choose_samples(&d) && allocate(&d)) {
        if (d.sample_count == 0) status = VP_ERR_NO_SAMPLES;
        else if (learn(&d, &recipes[variant])) status = VP_OK;
        else if (!d.arena.failed) status = VP_ERR_NO_SAMPLES;
    }
    if (status == VP_OK) put_bytes(section, d.section, d.section_size);
    arena_free(&d.arena);
    return status;
}

const struct encoder_trainer trainer_symbols = {
    .id = ENCODER_ID_symbols, .variants = VARIANTS, .train = train};
