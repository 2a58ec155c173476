/* The trainer of the model encoder in parts: symbols of the samples, contexts, and their section. */
#ifndef VALPACK_TRAIN_MODEL_TRAIN_H
#define VALPACK_TRAIN_MODEL_TRAIN_H

#include "arena.h"
#include "model/parse.h"
#include "model_phrases.h"
#include "training.h"

enum {
    LEVELS = 1 + (PLAIN_DEPTHS - 1) + SLOT_DEPTHS, /* root, plain contexts, contexts of slots */
    LEVEL_SLOTS = PLAIN_DEPTHS,                    /* the first level of slots */
    MASS_ONE = 256                                 /* one occurrence */
};

static const uint32_t RECORD_NONE = UINT32_MAX;

/* One symbol of a sample, at its place. Numbers of symbols are those of the section in the making. */
struct event {
    uint64_t history;
    uint32_t at;   /* of its first byte in the sample */
    uint32_t cost; /* bits in 1/256, left-one-out */
    uint16_t size;
    uint16_t symbol, slot;
    uint8_t place;
};

/* What is decided about a model before its contexts are counted. */
struct outline {
    uint8_t mode, delimiter;
    bool copies, slot_copies;
    struct token_text {
        const uint8_t *text;
        uint16_t size;
        uint16_t slot; /* that it opens, 0 = none */
        uint32_t uses, distinct;
    } * phrases; /* in lexicographic order */
    unsigned phrase_count;
    struct {
        uint8_t class, size;
        uint32_t uses;
    } runs[MODEL_RUNS];
    unsigned run_count;
    uint8_t slot_flags[MODEL_SLOTS];
    unsigned slot_count;
    uint32_t length_classes[COPY_CLASSES], distance_classes[COPY_CLASSES];
};

struct model_draft {
    const struct training *training;
    struct arena arena; /* of the whole training */
    const struct sample *samples;
    size_t sample_count, longest;
    uint64_t sample_bytes;
    struct outline outline;
    struct event *events;
    uint32_t *starts; /* by sample: its first event; one more at the end */
    size_t event_count, event_room;
    uint8_t *section;
    size_t section_size, section_room;
    bool hopeless;                     /* what failed was not for want of memory */
    uint8_t digit_classes[256];        /* by byte: bit c = a digit of class c of runs */
    uint32_t digit_costs[RUN_CLASSES]; /* bits in 1/256 of a digit */
};

static inline unsigned outline_symbols(const struct outline *o) {
    return SYMBOL_PHRASES + o->phrase_count + o->run_count + o->copies + (o->slot_copies ? o->slot_count : 0);
}

/* Counts contexts, keeps those that pay within model_bytes, and writes the section. false: out of
   memory, or nothing fits, which is noted as hopeless. */
bool write_model(struct model_draft *d);

/* Bits in 1/256 of every event if it were not counted itself, by contexts of all depths. */
bool estimate_costs(struct model_draft *d);

#endif
