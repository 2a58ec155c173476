/*
 * What a trainer of one encoder gets, and the table of them. A trainer learns the parameters of its
 * encoder from samples and writes them as the encoder's section of a profile; whether they pay is
 * not its business: the comparison on held-out samples decides that.
 */
#ifndef VALPACK_TRAIN_TRAINING_H
#define VALPACK_TRAIN_TRAINING_H

#include "bits.h"
#include "bytes.h"
#include "memory.h"
#include "valpack_train.h"

struct sample {
    const uint8_t *bytes;
    size_t size;
};

struct samples {
    const struct sample *items;
    size_t count;
    uint64_t bytes; /* of all items */
};

struct training {
    vp_allocator allocator;
    struct samples samples; /* to learn from, in a fixed order; at least one */
    uint64_t model_bytes, min_count, seed, zstd_level;
    uint32_t preset; /* enum vp_preset */
};

struct encoder_trainer {
    unsigned id;       /* enum encoder_id */
    unsigned variants; /* how many ways of learning to compare on held-out samples, at least 1 */

    /* Writes the section of variant 0 .. variants-1 into a writer that is large enough for what the
       encoder may use. VP_OK; VP_ERR_NO_SAMPLES when these samples have nothing for this encoder;
       VP_ERR_MEMORY. Deterministic. A full writer counts as nothing learned. */
    int (*train)(const struct training *t, unsigned variant, struct writer *section);
};

/* One row per trained encoder, from trainers.def; `count` rows. */
const struct encoder_trainer *const *encoder_trainers(size_t *count);

/* A pseudo-random number from a state, and the next state (splitmix64, Steele et al. 2014). */
uint64_t next_random(uint64_t *state);

#endif
