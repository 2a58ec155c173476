/*
 * What the memory of a Redis or Valkey server costs: predicted growth of used_memory, in bytes.
 *
 *     vp_server server;
 *     vp_server_named("redis-7.2", &server);
 *     uint64_t one = vp_cost_string(&server, 10, 0, "hello", 5);
 *     uint64_t all = 1000000 * one + vp_cost_index(&server, 1000000, 0);
 *
 * Exact for the allocations of a key; the formulas were checked against used_memory of Redis 7.0.15
 * (Debian), 7.2.6, 8.6.3 and Valkey 9.1.2, all of them for 64 bits. Everything here is a pure function: no
 * memory is allocated, nothing is kept, and any thread may call it. Sizes are in bytes; those beyond 2^56
 * count as 2^56.
 *
 * Tables are taken at rest. After it grew, an index or a hash keeps its old, half as large table until
 * every bucket has been moved, one with each command that touches it (and the index also by itself).
 * Not in the figures: that Redis since 7.4 and Valkey since 8 have an index for each slot in cluster mode;
 * fields of hashes with a TTL of their own.
 */
#ifndef VALPACK_COST_H
#define VALPACK_COST_H

#include "valpack.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Servers with the same memory layout. Numbers are pinned. Measured were 7.0.15, 7.2.6, 8.6.3 and 9.1.2;
 * other versions take the layout that is nearest by their sources. 7.4 and 8.0 have strings and listpacks
 * like 7.2; 8.2 and 8.4 are taken for 8.6, but store tables of hashes less tightly; Valkey 8.0 is taken for
 * 7.2, but stores keys a little tighter, and 8.1 for 9.1, which embeds longer values.
 */
typedef enum vp_flavour {
    VP_REDIS_7_0_DEBIAN = 1, /* Redis 7.0 with the jemalloc of Debian and Ubuntu, which has no size classes
                                24, 40 and 56 */
    VP_REDIS_7_2 = 2,        /* Redis 7.0 to 8.0 and Valkey 7.2 and 8.0 with their own jemalloc */
    VP_REDIS_8 = 3,          /* Redis 8.2 and later */
    VP_VALKEY_9 = 4          /* Valkey 8.1 and later */
} vp_flavour;

/* A server and those of its settings that memory depends on. */
typedef struct vp_server {
    uint32_t flavour;          /* of enum vp_flavour */
    uint32_t hash_max_entries; /* hash-max-listpack-entries; 512 */
    uint32_t hash_max_value;   /* hash-max-listpack-value; 64 */
    uint32_t shared_integers;  /* 1: integers 0..9999 are shared objects; 0 with maxmemory and an LRU or LFU
                                  policy */
    uint32_t cluster;          /* 1: cluster mode of Redis 7.0 and 7.2, which links the keys of a slot: 16
                                  bytes more a key; cluster mode of later servers: 0 */
} vp_server;

/* "redis-7.0-debian", "redis-7.2", "redis-8" or "valkey-9", with the settings those come with. VP_OK,
   VP_ERR_SERVER for another name (server is unchanged) or VP_ERR_ARGUMENT. */
VP_API int vp_server_named(const char *name, vp_server *server);

/* The name of a flavour, NULL for a number that is none. Static storage. */
VP_API const char *vp_server_name(uint32_t flavour);

/*
 * The server that gave this text in answer to INFO (all of it: versions, allocator, maxmemory, cluster
 * mode are used; only lines with their ends count). The limits of hashes are not in it and get their
 * defaults: set them from CONFIG GET hash-max-listpack-*. From 7.2 on the allocator of a distribution has
 * the same name as the server's own, which is taken for granted. VP_OK, VP_ERR_SERVER (a version before 7.0,
 * 32 bits, or an allocator that is not jemalloc; server is unchanged) or VP_ERR_ARGUMENT.
 */
VP_API int vp_server_from_info(const char *info, size_t size, vp_server *server);

/* The size class in which an allocation of this size ends up; 0 for 0. */
VP_API uint64_t vp_cost_allocation(const vp_server *server, uint64_t size);

/*
 * A key that holds a string: everything but its share of the index. expires: 1 for a key with a TTL.
 * value may be NULL for any value of this size that is not an integer. 0 for a server that is none.
 */
VP_API uint64_t vp_cost_string(const vp_server *server, uint64_t key_size, int expires, const void *value,
                               uint64_t value_size);

/* The index over this many keys of which `expiring` have a TTL, in all: a mean where it depends on how the
   keys collide. 0 for a server that is none. */
VP_API uint64_t vp_cost_index(const vp_server *server, uint64_t keys, uint64_t expiring);

/* What an entry, be it field or value, takes in a listpack; the same on every server. value as above. */
VP_API uint64_t vp_cost_listpack_entry(const void *value, uint64_t size);

/* A hash, field by field: begin with all zeros. */
typedef struct vp_hash_cost {
    uint64_t fields;
    uint64_t listpack_bytes; /* of all entries */
    uint64_t table_bytes;    /* the allocations of all fields and values in a hash table */
    uint64_t largest;        /* size of the largest field or value */
} vp_hash_cost;

/* Adds a field that the hash does not have. data of field and value may be NULL as above. */
VP_API void vp_hash_cost_add(const vp_server *server, vp_hash_cost *hash, vp_bytes field, vp_bytes value);

/* 1 if the server keeps the hash as a listpack, 0 if it converts it to a hash table for good. */
VP_API int vp_hash_cost_is_listpack(const vp_server *server, const vp_hash_cost *hash);

/* The key with the hash, everything but its share of the index; 0 for a hash without fields. */
VP_API uint64_t vp_hash_cost_total(const vp_server *server, const vp_hash_cost *hash, uint64_t key_size,
                                   int expires);

#ifdef __cplusplus
}
#endif

#endif
