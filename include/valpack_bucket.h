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
    /* By ranges of `count` consecutive numbers, 1..10^9, not tied to powers of ten: "photo:1101000051" with
       1300 -> "photo:846923" and "151". For packed tables. The key ends in a canonical number below 2^63. */
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

/*
 * Many vp_bucket_split() in one call, for bindings that pay per call: keys holds all of them one after the
 * other, key_sizes the size of each, places has room for their places, and the names come one after the other
 * as well: bucket and field of the first key, of the second and so on. Returns their size in all, or the
 * status of the first key that fails, and then places[0].bucket_size is its number.
 */
typedef struct vp_keys {
    const void *keys;
    const uint64_t *key_sizes;
    size_t count;
} vp_keys;
VP_API int64_t vp_bucket_split_many(const vp_bucketing *how, const vp_keys *keys, char *names,
                                    size_t capacity, vp_place *places);

/* CRC32 of the key modulo shards, as binascii.crc32(key) % shards; 0 for 0 shards. */
VP_API uint64_t vp_shard(const void *key, size_t size, uint64_t shards);

/* ---- Plans ---------------------------------------------------------------------------------- */

/*
 * Which split suits a keyspace, and what it saves:
 *
 *     vp_keyspace space = {.prefix_size = 6};                      // "photo:"
 *     vp_server_named("redis-7.2", &space.server);
 *     vp_keyspace_add(&space, key, value, stored);                 // for each sample; stored: as encoded
 *     space.keys = 1000000;
 *     vp_bucket_plan plan;
 *     vp_plan_buckets(&space, &plan);                              // plan.how for vp_bucket_split()
 *
 * Begin with zeros. What is set by the caller comes first; the rest are sums that vp_keyspace_add() keeps.
 */
typedef struct vp_keyspace {
    vp_server server;
    uint32_t expires;     /* 1: keys have a TTL */
    uint32_t prefix_size; /* bytes that all keys begin with, for the names of shards ("user:" is 5) */
    uint32_t reserved;    /* 0 */
    uint64_t keys;        /* how many there are; 0: the samples are all of them */
    uint64_t first, last; /* the numbers that keys end in, of the samples; set them where more is known */
    uint64_t samples;
    uint64_t numbered, canonical;       /* samples whose keys are the same head and a number below 2^63, and
                                           of these, such without leading zeros */
    uint64_t head_size, head_hash;      /* of the head that the first sample had */
    uint64_t fewest_digits;             /* of the numbers */
    uint64_t string_bytes;              /* what the samples take as strings today */
    uint64_t key_bytes;                 /* sizes of keys */
    uint64_t stored_bytes;              /* sizes of values as stored in hashes */
    uint64_t value_entries;             /* listpack entries of these values */
    uint64_t value_squares;             /* squares of these sizes, for their spread */
    uint64_t field_entries;             /* listpack entries of keys without prefix */
    uint64_t pair_squares;              /* squares of field and value entry together */
    uint64_t large_values, large_pairs; /* values, and pairs with such a field, beyond hash_max_value */
} vp_keyspace;

/*
 * Adds a sample: a key, its value as it is stored today, and as it would be stored in a hash (encoded; the
 * same bytes if it stays as it is). server, expires and prefix_size must be set before. VP_OK,
 * VP_ERR_KEY (no more than prefix_size bytes) or VP_ERR_ARGUMENT (also for a server that is none).
 */
VP_API int vp_keyspace_add(vp_keyspace *space, vp_bytes key, vp_bytes value, vp_bytes stored);

/* Bits of vp_bucket_plan.warnings. Numbers are pinned. */
typedef enum vp_plan_warning {
    VP_PLAN_LARGE_VALUE = 1,   /* a field or value beyond hash-max-listpack-value: buckets become tables */
    VP_PLAN_FULL_BUCKET = 2,   /* buckets beyond hash-max-listpack-entries become tables */
    VP_PLAN_UNEVEN = 4,        /* buckets stay below that limit only if numbers are spread evenly */
    VP_PLAN_LONG_VALUES = 8,   /* values of 64 bytes and more on average: a key is not what costs most */
    VP_PLAN_TTL_LOST = 16,     /* fields have no TTL of their own before Redis 7.4 and Valkey 9 */
    VP_PLAN_NOT_NUMBERED = 32, /* keys do not end in numbers, so that fields are whole keys */
    VP_PLAN_SLOW = 64,         /* an access takes the server 2 us and more */
    VP_PLAN_SMALL_GAIN = 128   /* less than 10 % saved: leave the keys alone */
} vp_plan_warning;

/* One sentence without a full stop for one of these numbers, otherwise NULL. Static storage. */
VP_API const char *vp_plan_warning_text(uint32_t warning);

typedef struct vp_bucket_plan {
    vp_bucketing how;
    uint64_t buckets;           /* keys there will be */
    uint64_t fields;            /* records in one of them on average */
    uint64_t largest;           /* in the fullest, as chance has it */
    uint64_t bucket_bytes;      /* used by one on average, without its share of the index */
    uint64_t record_millibytes; /* used per record, all included: used_memory / records * 1000 */
    uint64_t today_millibytes;  /* the same for one string key per record */
    uint64_t tables_ppm;        /* share of buckets that become hash tables, in millionths */
    uint64_t server_ns;         /* time of an HGET or GET in the server */
    uint64_t warnings;          /* of enum vp_plan_warning */
} vp_bucket_plan;

/*
 * What this split would give. VP_OK, VP_ERR_KEY (digits or a range, but keys of samples are not numbered, or
 * for a range have leading zeros; shards with another prefix_size than the samples) or VP_ERR_ARGUMENT (also
 * without samples).
 */
VP_API int vp_plan_split(const vp_keyspace *space, const vp_bucketing *how, vp_bucket_plan *plan);

/*
 * The split to take: by 1 to 9 digits or by shards, whichever takes least memory among those that keep
 * buckets below the limits of the server and below 160 fields, so that an HGET takes about 1 us; a larger
 * bucket where that saves 10 % more. Returns as vp_plan_split().
 */
VP_API int vp_plan_buckets(const vp_keyspace *space, vp_bucket_plan *plan);

/* Packed tables of samples, from which sizes of others follow. Zeros stand for what is not known. */
typedef struct vp_table_sample {
    uint64_t records;      /* of a table, on average; best near the numbers wanted */
    uint64_t bytes;        /* of such a table, on average */
    uint64_t fixed_bytes;  /* of these, what does not grow with records */
    uint64_t spread_bytes; /* standard deviation of sizes of tables with this number of records */
    uint64_t least, most;  /* records per table wanted, up to 16384; 0: 500 and 2000 */
} vp_table_sample;

/*
 * The range of numbers (or number of shards, where keys are not numbered) whose tables take least memory:
 * such that tables end just below a size class of the allocator. bucket_bytes is the size of a table, of
 * what it says of hashes nothing applies. Returns as vp_plan_split(); VP_ERR_ARGUMENT also for a sample
 * without records or bytes.
 */
VP_API int vp_plan_tables(const vp_keyspace *space, const vp_table_sample *tables, vp_bucket_plan *plan);

#ifdef __cplusplus
}
#endif

#endif
