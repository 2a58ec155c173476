/* What the parts of the cost model share: sizes of allocations, strings and tables of a server. */
#ifndef VALPACK_COST_PARTS_H
#define VALPACK_COST_PARTS_H

#include "valpack_cost.h"

#include <stdbool.h>

/* Sizes and counts from outside go through this, so that no sum or product can overflow. */
static inline uint64_t cost_limited(uint64_t number) {
    const uint64_t most = (uint64_t)1 << 56;
    return number < most ? number : most;
}

/* False for NULL and for a flavour that is none. */
bool server_known(const vp_server *server);

/* Redis 7 keeps a key in its own string behind a dictEntry; later servers in the object of the value. */
bool key_stands_alone(const vp_server *server);

/* True for the text of an int64 as the server would write it; data may be NULL. */
bool cost_is_integer(const void *data, uint64_t size);

/* What a string asks of the allocator: header, bytes and the closing zero. */
uint64_t sds_size(uint64_t size);

/* The same for a string embedded in another object, which never has the smallest header. */
uint64_t sds_size_embedded(uint64_t size);

/* A key whose object points to its value: everything but that value and the index. */
uint64_t cost_of_key(const vp_server *server, uint64_t key_size, int expires);

/* The table over `entries` keys or fields, without the allocations of the entries themselves. */
uint64_t cost_of_table(const vp_server *server, uint64_t entries);

#endif
