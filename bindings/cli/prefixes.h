/* Samples with keys, in groups of like keys. */
#ifndef CLI_PREFIXES_H
#define CLI_PREFIXES_H

#include "value_set.h"

struct sample {
    struct span key, value;
};

/* What stands before and behind the first TAB; false without one. */
bool split_sample(struct span line, struct sample *sample);

struct prefix_group {
    struct span prefix;  /* in `names` */
    size_t first, count; /* in `order` */
    size_t bytes;        /* of all keys and values */
};

/*
 * The prefix of a key is what stands up to its last ':', a part between colons that holds a digit being '*'
 * ("user:17:cart" -> "user:*:"), or without a colon what stands before the digits at its end.
 */
struct prefix_groups {
    struct value_set names;
    size_t *order; /* numbers of samples, group by group */
    struct prefix_group *groups;
    size_t count;
    size_t prefixes; /* how many there were; the small ones are together in the last group */
};

/* At most `most` groups of the lines, the largest first. 0, or EXIT_DATA after a complaint. */
int group_by_prefix(const struct value_set *lines, size_t most, struct prefix_groups *groups);
void free_prefix_groups(struct prefix_groups *groups);

#endif
