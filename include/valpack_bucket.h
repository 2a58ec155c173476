/*
 * Two-level keys: many records in few keys, because a key costs 50 to 90 bytes of its own.
 *
 *     vp_bucketing how = {.kind = VP_BUCKET_DIGITS, .count = 2};
 *     char names[64];
 *     vp_place place;
 *     vp_bucket_split(&how, (vp_bytes){"1101000051", 10}, names, sizeof names, &place);
 *     // HSET 11010000 51 VALUE: the bucket is names[0 .. bucket_size), the field lies behind it
 *
 * Different keys never share a place, and vp_bucket_join() gives the key back byte for byte. Pure
 * functions for any thread; nothing is allocated or kept.
 *
 * Buckets must not have the names of keys that exist: give the keys of an application a prefix of
 * their own ("photo:1101000051", bucket "photo:11010000") and move all of them.
 */
#ifndef VALPACK_BUCKET_H
#define VALPACK_BUCKET_H

#include "valpack_cost.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Numbers are pinned. */
typedef enum vp_bucket_kind {
    /* By the last `count` digits of the key, 1..9. The field is those digits as a bare integer, which a
       listpack keeps in 2 or 3 bytes: "photo:1101000007" with 2 -> "photo:11010000" and "7". A key that
       ends in fewer digits (at least one): "photo:7" -> "photo:" and "~7". */
    VP_BUCKET_DIGITS = 1,
    /* By CRC32 of the whole key over `count` shards, 1..2^32, as binascii.crc32(key) % count: "user:ada"
       with prefix_size 5 -> "user:" + shard, and "ada". The first prefix_size bytes of the key begin the
       name of the bucket, the rest is the field. */
    VP_BUCKET_SHARDS = 2,
    /* By ranges of `count` consecutive numbers, 1..10^9, not tied to powers of ten: "photo:1101000051" with 1300
       -> "photo:846923" and "151". For packed tables. The key ends in a canonical number below 2^63. */
    VP_BUCKET_RANGE = 3
} vp_bucket_kind;

typedef struct vp_bucketing {
    uint32_t kind;        /* of enum vp_bucket_kind */
    uint32_t prefix_size; /* VP_BUCKET_SHARDS only, else 0 */
    uint64_t count;
} vp_bucketing;

typedef struct vp_place {
    size_t bucket_size; /* of the bucket's name, which comes first */
    size_t field_size;  /* of the field, which lies behind it */
} vp_place;

/* Room that the names of a key of this size need at most. */
VP_API size_t vp_bucket_bound(size_t key_size);

/*
 * Writes the name of the bucket and of the field. VP_OK, VP_ERR_KEY (the key does not end in a digit;
 * VP_BUCKET_RANGE: not in a canonical number below 2^63; VP_BUCKET_SHARDS: it has no more than prefix_size
 * bytes), VP_ERR_SPACE or VP_ERR_ARGUMENT.
 */
VP_API int vp_bucket_split(const vp_bucketing *how, vp_bytes key, char *names, size_t capacity,
                           vp_place *place);

/*
 * The key of a place. Returns its size, VP_ERR_KEY (no key has this place), VP_ERR_SPACE or
 * VP_ERR_ARGUMENT.
 */
VP_API int64_t vp_bucket_join(const vp_bucketing *how, vp_bytes bucket, vp_bytes field, char *key,
                              size_t capacity);

/* CRC32 of the key modulo shards, as binascii.crc32(key) % shards; 0 for 0 shards. */
VP_API uint64_t vp_shard(const void *key, size_t size, uint64_t shards);

#ifdef __cplusplus
}
#endif

#endif
