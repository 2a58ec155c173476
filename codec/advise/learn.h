/* What encoders give for the samples: each alone, and all together with a profile. */
#ifndef VALPACK_ADVISE_LEARN_H
#define VALPACK_ADVISE_LEARN_H

#include "advisor.h"
#include "train/compare.h"

/* Some of the records, drawn at random. */
struct subset {
    uint32_t *items; /* numbers of records */
    size_t count;
    uint64_t bytes; /* of their values */
};

enum {
    MEASURED_VALUES = 12000, /* that are encoded to find out what that gives */
    MEASURED_BYTES = 2 << 20,
    TIMED_VALUES = 64,
    TIMED_BYTES = 1024 /* are encoded again and again for each value to be timed */
};

/* Draws records to learn from, others to measure on, and any of both for what does not learn; a single record
   serves for all. false without memory. */
bool draw_subsets(struct study *s, struct subset *learned, struct subset *measured, struct subset *any);

/* What encoding gave for the measured records. */
struct gain {
    uint64_t values;
    struct strata costs;
    uint64_t encode_ns, decode_ns; /* of all timed repeats */
    uint64_t timed;                /* repeats */
};

/* Adds the row of a technique with what was measured on a subset. */
struct advice_row *add_gain(struct study *s, const struct technique *t, const struct subset *subset,
                            const struct gain *gain);

/* Is record number i of the subset one to be timed? */
bool is_timed(const struct study *s, const struct subset *subset, size_t i);

/* How often a value of this size is encoded to see how long that takes. */
static inline unsigned timed_repeats(size_t size) {
    return size < TIMED_BYTES / 8 ? 8 : size < TIMED_BYTES ? (unsigned)(TIMED_BYTES / size) : 1;
}

/* CPU time in nanoseconds. */
uint64_t cpu_time(void);

/* Everything that learning gives. Profiles are NULL where there is nothing to learn; the one for the insides of
   hashes and tables may be the same as that for keys of their own. */
struct learning {
    struct study *s;
    struct subset learned, measured, any;
    vp_profile *profile, *inside;
    size_t profile_bytes;
};

/* Adds a row for each encoder alone. `c` and `d` are NULL where nothing was learned. VP_OK or VP_ERR_MEMORY. */
int advise_singles(struct learning *l, struct comparison *c, const struct division *d, struct samples all);

/* A codec with the profile for this target, if there is one, and a context of it. VP_OK or VP_ERR_MEMORY. */
int open_encoding(const struct learning *l, uint64_t target, vp_context **context);

/* Encoded values for small hashes, and packed tables. */
int advise_encoded_buckets(struct learning *l);
int advise_tables(struct learning *l);

#endif
