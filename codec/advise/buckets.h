/* Many records in few keys: which split of the keys is best, and what it gives. */
#ifndef VALPACK_ADVISE_BUCKETS_H
#define VALPACK_ADVISE_BUCKETS_H

#include "advisor.h"

/* A split of the keys into hashes, and what it costs. */
struct layout {
    vp_bucketing how;
    uint64_t memory;           /* for all keys */
    uint64_t buckets;          /* for all keys */
    uint64_t split, converted; /* kept records in buckets, and those in hashes that are no listpacks */
};

/* The best layout with these values in place of those of the records; NULL: with their own. *found is false
   if the keys can't be split. VP_OK or VP_ERR_MEMORY. */
int best_layout(struct study *s, const vp_bytes *values, struct layout *best, bool *found);

/* What the planner wants to know of the keys, with these values stored in hashes; NULL: the records' own. VP_OK
   or VP_ERR_MEMORY. */
int survey_keys(struct study *s, const vp_bytes *values, vp_keyspace *space);

/* Are more than a few records in hashes that become tables? */
bool layout_is_hazardous(const struct layout *l);

/* Adds the row of a layout. */
void add_layout(struct study *s, const struct technique *technique, const struct layout *l);

/* The first bytes of all keys up to the last separator they share; 0 without. */
uint32_t common_prefix(const struct study *s);

/* What a bucketing is, as members of a JSON object. */
void put_bucketing(struct writer *w, const vp_bucketing *how, uint64_t buckets);

#endif
