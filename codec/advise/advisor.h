/* The advisor: options and samples; and the study that finishing makes of them. */
#ifndef VALPACK_ADVISE_ADVISOR_H
#define VALPACK_ADVISE_ADVISOR_H

#include "bytes.h"
#include "memory.h"
#include "strata.h"
#include "train/arena.h"
#include "valpack_advise.h"

/* A sample in the reservoir: key and value in one piece of memory. Those with the smallest priorities stay. */
struct kept_record {
    uint64_t priority;
    uint8_t *bytes;
    uint32_t key_size, value_size;
};

struct vp_advisor {
    vp_allocator hooks;     /* the caller's */
    vp_allocator allocator; /* the same, noting when memory runs out */
    bool out_of_memory;
    vp_server server;
    uint64_t options[16]; /* by number of enum vp_advise_option */
    vp_advise_progress progress;
    void *progress_opaque;

    struct kept_record *kept;
    size_t kept_count, kept_capacity;
    uint64_t kept_bytes, priority_limit, random;
    uint64_t seen, without_key;

    bool finished;
    char *json;
};

static inline uint64_t advise_option(const vp_advisor *a, int option) {
    return a->options[option];
}

/* ---- The study ------------------------------------------------------------------------------ */

/* A key and its value. */
struct record {
    const uint8_t *key, *value; /* key is NULL where keys are assumed */
    uint32_t key_size, value_size;
    uint64_t cost; /* vp_cost_string() of it as it is */
    bool integer;
};

enum {
    STUDY_ROWS = 40,
    TEXT_ROOM = 400,
    ASSUMED_KEY_LARGEST = 65535,
    GAIN_WORTH = 10 /* percent */
};

/* What a technique would do. */
struct advice_row {
    const struct technique *technique;
    uint64_t values; /* kept values that it changes */
    uint64_t memory; /* for all keys */
    uint64_t encode_ns, decode_ns;
    bool timed;
    bool hazardous;                         /* not worth it whatever it saves; `detail` says why */
    uint32_t error_digits, error_place;     /* of a lossy one: error_digits / 10^error_place */
    char how[TEXT_ROOM], detail[TEXT_ROOM]; /* NUL-terminated; an empty `how` is the technique's */
    char parameters[TEXT_ROOM];             /* members of a JSON object */
};

struct study {
    vp_advisor *advisor;
    const vp_server *server;
    struct arena arena;
    struct record *records; /* with different keys, in the order of arrival */
    size_t count;
    bool keyed;
    int expires;
    uint64_t keys;       /* that memory is told for */
    uint64_t duplicates; /* samples whose key came again */
    uint64_t too_long;   /* values in hashes that encoding does not keep listpacks; 0 if these are few */
    uint64_t key_bytes, value_bytes, integers, empty, distinct, longest;
    uint64_t cost; /* of all records as they are, without the index */
    uint64_t cost_by_size[STRATA];
    uint64_t memory; /* of all keys as they are */
    struct advice_row rows[STUDY_ROWS];
    unsigned row_count;
    uint32_t permille; /* of the work that is done, as last reported */
};

/* Fills in everything but the rows. VP_OK, VP_ERR_NO_SAMPLES or VP_ERR_MEMORY. */
int survey(struct study *s);

/* a * b / c without overflow in between, a little less exact where that takes it, 2^63 - 1 at most; 0 for
   c = 0. */
uint64_t scaled(uint64_t a, uint64_t b, uint64_t c);

/* Are the samples some of the keys, between which others lie? Assumed keys lie side by side. */
static inline bool is_part(const struct study *s) {
    return s->keyed && s->keys > s->count;
}

/* What the index of the server takes for this many keys like those of the samples. */
uint64_t index_cost(const struct study *s, uint64_t keys);

/* What all keys take when the records take `cost` together as keys of their own. */
uint64_t keys_memory(const struct study *s, uint64_t cost);

/* The cost of a record with another value; NULL for bytes that are no integer. */
uint64_t record_cost(const struct study *s, const struct record *r, const void *value, uint64_t size);

/* The key of record number i, made up in `room` if keys are assumed. */
vp_bytes record_key(const struct study *s, size_t i, uint8_t *room);

void advise_progress(struct study *s, const char *stage, uint32_t permille);

/* A new row for a technique of techniques.def; never NULL. */
struct advice_row *add_advice(struct study *s, const struct technique *technique);

/* A writer into one of the texts of a row, which stay NUL-terminated. */
struct writer row_text(char *text);

#endif
