/* What planners ask of a keyspace. */
#ifndef VALPACK_BUCKET_KEYSPACE_H
#define VALPACK_BUCKET_KEYSPACE_H

#include "valpack_bucket.h"

#include <stdbool.h>

/* False for NULL, a server that is none, and no samples. */
bool keyspace_valid(const vp_keyspace *space);

/* True if all keys are one head and a number; without leading zeros. */
bool keyspace_numbered(const vp_keyspace *space);
bool keyspace_canonical(const vp_keyspace *space);

uint64_t keyspace_keys(const vp_keyspace *space);

/* Which share of the numbers from first to last there is, 0 to 1, as if spread evenly. */
double keyspace_density(const vp_keyspace *space);

/* Bytes a record takes as a string key of its own, with its share of the index. */
double keyspace_today(const vp_keyspace *space);

/* Size of a bucket's name. */
uint64_t keyspace_name_size(const vp_keyspace *space, const vp_bucketing *how);

/* Warnings that do not depend on the way. */
uint64_t keyspace_warnings(const vp_keyspace *space);

#endif
