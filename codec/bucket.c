/* Two-level keys: where a key goes, and back. */
#include "valpack_bucket.h"

#include "bytes.h"

#include <zlib.h>

enum {
    MAX_DIGITS = 9,
    MAX_NUMBER_DIGITS = 19, /* of a number below 2^63 */
    GROWTH = 10             /* digits of the largest number of a shard */
};

#define MAX_SHARDS ((uint64_t)1 << 32)
#define MAX_RANGE ((uint64_t)1000000000)

/* In front of the digits of a key that ends in fewer of them than asked for. */
#define SHORT_MARK '~'

static bool bucketing_valid(const vp_bucketing *how) {
    if (!how || how->count == 0) return false;
    switch (how->kind) {
    case VP_BUCKET_DIGITS: return how->count <= MAX_DIGITS && how->prefix_size == 0;
    case VP_BUCKET_SHARDS: return how->count <= MAX_SHARDS;
    case VP_BUCKET_RANGE: return how->count <= MAX_RANGE && how->prefix_size == 0;
    default: return false;
    }
}

static bool bytes_valid(vp_bytes b) {
    return b.data || b.size == 0;
}

/* The digits that a key ends in, and what is in front of them. */
struct tail {
    const uint8_t *key, *digits;
    size_t head_size, count;
};

static struct tail tail_of(vp_bytes key, size_t most) {
    struct tail t = {.key = key.data, .digits = key.data, .head_size = key.size, .count = 0};
    while (t.count < most && t.head_size > 0 && (unsigned)(t.key[t.head_size - 1] - '0') <= 9) {
        t.head_size--;
        t.count++;
    }
    if (t.key) t.digits = t.key + t.head_size;
    return t;
}

/* False unless it is a number below 2^63 without leading zeros. */
static bool canonical_number(const uint8_t *digits, size_t count, uint64_t *number) {
    if (count == 0 || count > MAX_NUMBER_DIGITS || (digits[0] == '0' && count > 1)) return false;
    uint64_t n = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned digit = (unsigned)(digits[i] - '0');
        if (digit > 9) return false;
        n = n * 10 + digit; /* 19 digits stay below 2^64 */
    }
    *number = n;
    return n <= INT64_MAX;
}

static bool field_number(vp_bytes field, uint64_t *number) {
    return canonical_number(field.data, field.size, number);
}

/* ---- By digits ------------------------------------------------------------------------------ */

static int split_digits(const vp_bucketing *how, vp_bytes key, struct writer *w, vp_place *place) {
    const struct tail t = tail_of(key, (size_t)how->count);
    if (t.count == 0) return VP_ERR_KEY;
    put_bytes(w, t.key, t.head_size);
    place->bucket_size = w->length;
    if (t.count < how->count) {
        put_byte(w, SHORT_MARK);
        put_bytes(w, t.digits, t.count);
        return VP_OK;
    }
    uint64_t number = 0;
    for (size_t i = 0; i < t.count; i++) number = number * 10 + (unsigned)(t.digits[i] - '0');
    put_decimal(w, number);
    return VP_OK;
}

/* "~007": the digits as they were, fewer than asked for, behind a head that does not end in one. */
static bool join_short(const vp_bucketing *how, vp_bytes bucket, vp_bytes field, struct writer *w) {
    const struct tail t = tail_of(field, field.size);
    if (t.count != field.size - 1 || t.count == 0 || t.count >= how->count) return false;
    if (tail_of(bucket, 1).count != 0) return false;
    put_bytes(w, bucket.data, bucket.size);
    put_bytes(w, t.digits, t.count);
    return true;
}

static int join_digits(const vp_bucketing *how, vp_bytes bucket, vp_bytes field, struct writer *w) {
    if (field.size > 0 && ((const uint8_t *)field.data)[0] == SHORT_MARK)
        return join_short(how, bucket, field, w) ? VP_OK : VP_ERR_KEY;
    uint64_t number;
    if (field.size > how->count || !field_number(field, &number)) return VP_ERR_KEY;
    put_bytes(w, bucket.data, bucket.size);
    put_repeated(w, '0', (size_t)how->count - field.size);
    put_bytes(w, field.data, field.size);
    return VP_OK;
}

/* ---- By shards ------------------------------------------------------------------------------ */

static int split_shards(const vp_bucketing *how, vp_bytes key, struct writer *w, vp_place *place) {
    if (key.size <= how->prefix_size) return VP_ERR_KEY;
    const uint8_t *bytes = key.data;
    put_bytes(w, bytes, how->prefix_size);
    put_decimal(w, vp_shard(bytes, key.size, how->count));
    place->bucket_size = w->length;
    put_bytes(w, bytes + how->prefix_size, key.size - how->prefix_size);
    return VP_OK;
}

static uint64_t shard_of_parts(vp_bytes head, vp_bytes rest, uint64_t shards) {
    return crc32_z(crc32_z(0, head.data, head.size), rest.data, rest.size) % shards;
}

static int join_shards(const vp_bucketing *how, vp_bytes bucket, vp_bytes field, struct writer *w) {
    if (bucket.size <= how->prefix_size || field.size == 0) return VP_ERR_KEY;
    const uint8_t *name = bucket.data;
    const vp_bytes head = {name, how->prefix_size};
    uint64_t shard;
    if (!canonical_number(name + head.size, bucket.size - head.size, &shard)) return VP_ERR_KEY;
    if (shard != shard_of_parts(head, field, how->count)) return VP_ERR_KEY;
    put_bytes(w, head.data, head.size);
    put_bytes(w, field.data, field.size);
    return VP_OK;
}

/* ---- By ranges ------------------------------------------------------------------------------ */

static int split_range(const vp_bucketing *how, vp_bytes key, struct writer *w, vp_place *place) {
    const struct tail t = tail_of(key, key.size);
    uint64_t number;
    if (!canonical_number(t.digits, t.count, &number)) return VP_ERR_KEY;
    put_bytes(w, t.key, t.head_size);
    put_decimal(w, number / how->count);
    place->bucket_size = w->length;
    put_decimal(w, number % how->count);
    return VP_OK;
}

static int join_range(const vp_bucketing *how, vp_bytes bucket, vp_bytes field, struct writer *w) {
    const struct tail t = tail_of(bucket, bucket.size);
    uint64_t quotient, rest;
    if (!canonical_number(t.digits, t.count, &quotient) || !field_number(field, &rest)) return VP_ERR_KEY;
    if (rest >= how->count || quotient > ((uint64_t)INT64_MAX - rest) / how->count) return VP_ERR_KEY;
    put_bytes(w, t.key, t.head_size);
    put_decimal(w, quotient * how->count + rest);
    return VP_OK;
}

/* ---- Public --------------------------------------------------------------------------------- */

size_t vp_bucket_bound(size_t key_size) {
    return key_size > SIZE_MAX - GROWTH ? SIZE_MAX : key_size + GROWTH;
}

uint64_t vp_shard(const void *key, size_t size, uint64_t shards) {
    if (shards == 0 || (!key && size)) return 0;
    return crc32_z(0, key, size) % shards;
}

int vp_bucket_split(const vp_bucketing *how, vp_bytes key, char *names, size_t capacity, vp_place *place) {
    if (!place) return VP_ERR_ARGUMENT;
    *place = (vp_place){.bucket_size = 0, .field_size = 0};
    if (!bucketing_valid(how) || !bytes_valid(key) || (!names && capacity)) return VP_ERR_ARGUMENT;
    struct writer w = writer_over(names, capacity);
    int status = how->kind == VP_BUCKET_DIGITS   ? split_digits(how, key, &w, place)
                 : how->kind == VP_BUCKET_SHARDS ? split_shards(how, key, &w, place)
                                                 : split_range(how, key, &w, place);
    if (status == VP_OK && w.full) status = VP_ERR_SPACE;
    place->field_size = w.length - place->bucket_size;
    if (status != VP_OK) *place = (vp_place){.bucket_size = 0, .field_size = 0};
    return status;
}

int64_t vp_bucket_split_many(const vp_bucketing *how, const vp_keys *keys, char *names, size_t capacity,
                             vp_place *places) {
    if (!keys || !places || (keys->count && (!keys->keys || !keys->key_sizes))) return VP_ERR_ARGUMENT;
    if (!bucketing_valid(how) || (!names && capacity)) return VP_ERR_ARGUMENT;
    const uint8_t *key = keys->keys;
    size_t used = 0;
    for (size_t i = 0; i < keys->count; i++) {
        const vp_bytes one = {key, (size_t)keys->key_sizes[i]};
        int status = vp_bucket_split(how, one, names ? names + used : NULL, capacity - used, &places[i]);
        if (status != VP_OK) {
            places[0] = (vp_place){.bucket_size = i, .field_size = 0};
            return status;
        }
        key += one.size;
        used += places[i].bucket_size + places[i].field_size;
    }
    return (int64_t)used;
}

int64_t vp_bucket_join(const vp_bucketing *how, vp_bytes bucket, vp_bytes field, char *key, size_t capacity) {
    if (!bucketing_valid(how) || !bytes_valid(bucket) || !bytes_valid(field) || (!key && capacity))
        return VP_ERR_ARGUMENT;
    struct writer w = writer_over(key, capacity);
    int status = how->kind == VP_BUCKET_DIGITS   ? join_digits(how, bucket, field, &w)
                 : how->kind == VP_BUCKET_SHARDS ? join_shards(how, bucket, field, &w)
                                                 : join_range(how, bucket, field, &w);
    if (status != VP_OK) return status;
    return w.full ? VP_ERR_SPACE : (int64_t)w.length;
}
