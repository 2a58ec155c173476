/* Counts of symbols in contexts of all depths, and what each would save. */
#ifndef VALPACK_TRAIN_MODEL_COUNTS_H
#define VALPACK_TRAIN_MODEL_COUNTS_H

#include "model_train.h"
#include "number_map.h"

/* A context; its key is that of the coder's. */
struct context_count {
    uint32_t total;     /* events */
    uint32_t discounts; /* of all records, in 1/256 */
    uint64_t losses;    /* bits in 1/256 that ESCAPEs of all its events would cost */
    uint64_t gains;     /* of the kept records */
    uint32_t kept;      /* records */
    uint64_t escapes;   /* mass of ESCAPE */
};

/* A symbol in a context. */
struct record_count {
    uint32_t context, count;
    uint32_t distinct, last_sample; /* samples it occurs in, and the last one of them + 1 */
    uint64_t gain;                  /* bits in 1/256 that it saves against ESCAPE */
    uint64_t mass;                  /* what is left for it to code, in 1/256 */
    uint16_t symbol;
    bool kept;
};

struct counts {
    struct model_draft *draft;
    struct arena arena;
    struct number_map context_map, record_map;
    struct context_count *contexts;
    struct record_count *records;
    uint32_t context_room, record_room;
    uint32_t *records_of[LEVELS]; /* by event: its record; RECORD_NONE */
    uint32_t spots[MODEL_SLOTS + 1];
    uint32_t discounts[LEVELS][4]; /* by level and count: 1, 2, more, in 1/256 */
    bool failed;
};

/* Counts all events of the draft. */
bool counts_make(struct counts *c, struct model_draft *d);
void counts_free(struct counts *c);

/* Gains and losses of all records and contexts, and the cost of every event. */
void counts_weigh(struct counts *c);

unsigned level_of_context(uint64_t key);

/* What a record of this count gives to ESCAPE, in 1/256; mass in 1/256. */
uint32_t discount_of(const struct counts *c, unsigned level, uint64_t mass);

#endif
