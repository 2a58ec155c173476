/* The trainer: options, the samples kept, and what finishing makes of them. */
#ifndef VALPACK_TRAIN_TRAINER_H
#define VALPACK_TRAIN_TRAINER_H

#include "arena.h"
#include "profile.h"
#include "target.h"
#include "training.h"

enum { TRAIN_OPTIONS = VP_TRAIN_KEY_EXPIRES + 1 };

/* A sample in the reservoir. Those with the smallest priorities stay. */
struct kept_sample {
    uint64_t priority;
    uint32_t size;
    uint8_t *bytes;
};

struct comparison;
struct division;

/* Somebody inside the library who wants to see what was compared: called when all ways that are kept have
   learned again, before the comparison goes. Comparing may be kept short; what is kept learns from all. */
struct comparison_watcher {
    uint64_t compare_bytes; /* bytes to learn from for comparing; 0 = no limit */
    int (*watch)(void *opaque, struct comparison *c, const struct division *d, struct samples all);
    void *opaque;
};

struct vp_trainer {
    vp_allocator hooks;     /* the caller's */
    vp_allocator allocator; /* the same, noting when memory runs out */
    bool out_of_memory;
    uint64_t options[TRAIN_OPTIONS]; /* by number of enum vp_train_option */
    char name[PROFILE_NAME_LARGEST];
    size_t name_size;
    uint64_t neighbours; /* bit i: first code 0x80 + i belongs to another profile */
    uint64_t beginnings; /* bit i: a sample begins with 0x80 + i */
    vp_train_progress progress;
    void *progress_opaque;
    struct comparison_watcher watcher; /* zeros: nobody */

    /* The reservoir: samples whose priority is at most the limit. */
    struct kept_sample *kept;
    size_t kept_count, kept_capacity;
    uint64_t kept_bytes, priority_limit, random;
    uint64_t seen, seen_bytes;

    bool finished;
    uint8_t *profile;
    size_t profile_size;
    char *report;
};

static inline uint64_t option_of(const vp_trainer *t, int option) {
    return t->options[option];
}

struct target target_of(const vp_trainer *t);

void report_progress(const vp_trainer *t, const char *stage, uint32_t permille);

struct code_range {
    uint32_t first_code, width_bits;
};

/* Chooses the range: the one asked for, or the first that is free. `wider` is another one if the trainer
   may take it where that pays, else the same. VP_OK, VP_ERR_ARGUMENT, VP_ERR_OVERLAP or
   VP_ERR_NO_RANGE. */
int choose_ranges(const vp_trainer *t, struct code_range *range, struct code_range *wider);

#endif
