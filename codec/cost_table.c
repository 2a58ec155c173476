/*
 * Hash tables: the index over all keys, and hashes that are no listpacks.
 *
 * Hashing spreads entries over buckets at random. How many collide on average follows from the Poisson
 * distribution, computed in fixed point with 32 bits behind the point.
 */
#include "cost.h"

enum {
    POINTER = 8,
    FEWEST_BUCKETS = 4,    /* dict.c: DICT_HT_INITIAL_SIZE */
    CHAIN_LINK = 16,       /* dict.c: an entry without value, for what shares a bucket */
    WIDE_BUCKET = 64,      /* hashtable.c: a cache line ... */
    WIDE_BUCKET_SLOTS = 7, /* ... with room for seven entries, the last of them or a link to another */
    MOST_IN_BUCKET = 40    /* more are too rare to count, with seven on average */
};

static const uint64_t one = (uint64_t)1 << 32;

/* The smallest power of two that is `least` times a power of two and gives room for n. */
static uint64_t doubled_until(uint64_t least, uint64_t n) {
    uint64_t size = least;
    while (size < n) size *= 2;
    return size;
}

/* number * fraction / one without overflow, for fraction <= one. */
static uint64_t part_of(uint64_t number, uint64_t fraction) {
    return (number >> 32) * fraction + ((number & (one - 1)) * fraction >> 32);
}

/* Entries to a bucket, in fixed point; the number of buckets is a power of two. */
static uint64_t mean_of(uint64_t entries, uint64_t buckets) {
    for (; buckets < one; buckets *= 2) entries *= 2;
    for (; buckets > one; buckets /= 2) entries /= 2;
    return entries;
}

/* e^-x for 0 <= x < 2 by its series. */
static uint64_t exp_minus(uint64_t x) {
    uint64_t term = one, even = one, odd = 0;
    for (uint64_t i = 1; i < 16; i++) {
        term = part_of(term, x) / i;
        if (i % 2) odd += term;
        else even += term;
    }
    return even - odd;
}

/* Redis 8.2 and later: an entry stands in its bucket by itself; each further one there needs a link. A bucket
   stays empty with (1 - 1/buckets)^entries, whose logarithm is -mean - mean/(2 buckets) - ... */
static uint64_t links(uint64_t entries, uint64_t buckets) {
    uint64_t mean = mean_of(entries, buckets);
    uint64_t taken = one - exp_minus(mean + mean / (2 * buckets));
    uint64_t without = (part_of(2 * CHAIN_LINK * buckets, taken) + 1) / 2;
    return CHAIN_LINK * entries > without ? CHAIN_LINK * entries - without : 0;
}

/* Child buckets that one bucket needs on average, when `mean` entries fall into it on average. */
static uint64_t children(uint64_t mean) {
    uint64_t eighth = exp_minus(mean / 8), share = one, sum = 0;
    for (unsigned i = 0; i < 8; i++) share = part_of(share, eighth);
    for (uint64_t n = 1; n < MOST_IN_BUCKET; n++) {
        share = part_of(mean, share) / n; /* of the buckets with n entries */
        if (n > WIDE_BUCKET_SLOTS) sum += share * ((n - 2) / (WIDE_BUCKET_SLOTS - 1));
    }
    return sum;
}

static uint64_t wide_buckets(uint64_t entries) {
    uint64_t buckets = doubled_until(WIDE_BUCKET_SLOTS, entries) / WIDE_BUCKET_SLOTS;
    if (buckets == 1) return WIDE_BUCKET; /* it holds all of them */
    uint64_t bytes = WIDE_BUCKET * buckets;
    return bytes + part_of(bytes, children(mean_of(entries, buckets)));
}

uint64_t cost_of_table(const vp_server *server, uint64_t entries) {
    if (entries == 0) return 0;
    entries = cost_limited(entries);
    if (server->flavour == VP_VALKEY_9) return wide_buckets(entries);
    uint64_t buckets = doubled_until(FEWEST_BUCKETS, entries);
    return buckets * POINTER + (server->flavour == VP_REDIS_8 ? links(entries, buckets) : 0);
}

uint64_t vp_cost_index(const vp_server *server, uint64_t keys, uint64_t expiring) {
    if (!server_known(server)) return 0;
    return cost_of_table(server, keys) + cost_of_table(server, expiring);
}
