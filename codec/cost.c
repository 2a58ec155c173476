/*
 * Size classes, strings and listpack entries. The layouts are those of object.c, sds.h, dict.c and
 * listpack.c of Redis and Valkey; the formulas built on them were checked by differences of used_memory.
 */
#include "cost.h"

#include "value.h"

enum {
    DICT_ENTRY = 24,
    CLUSTER_LINKS = 16, /* neighbours in the list of a slot's keys, in the dictEntry */
    OBJECT = 16,
    EXPIRY = 8,
    POINTER = 8,
    KEY_HEADER = 1,         /* tells how long the header of an embedded key is */
    KEY_WITH_EXPIRY = 128,  /* keys from this size on always have room for a TTL */
    EMBEDDED_VALUE_7 = 44,  /* bytes of value */
    EMBEDDED_VALUE_8 = 64,  /* bytes of object, key and value */
    EMBEDDED_VALUE_9 = 128, /* the same, of an allocation */
    SHARED_INTEGERS_DIGITS = 4
};

bool server_known(const vp_server *server) {
    return server && server->flavour >= VP_REDIS_7_0_DEBIAN && server->flavour <= VP_VALKEY_9;
}

bool key_stands_alone(const vp_server *server) {
    return server->flavour == VP_REDIS_7_0_DEBIAN || server->flavour == VP_REDIS_7_2;
}

bool cost_is_integer(const void *data, uint64_t size) {
    return data && size <= 20 && is_canonical_integer(data, (size_t)size);
}

/* jemalloc: multiples of the quantum, then four classes to each doubling. */
uint64_t vp_cost_allocation(const vp_server *server, uint64_t size) {
    if (!server_known(server) || size == 0) return 0;
    size = cost_limited(size);
    if (size <= 8) return 8;
    uint64_t spacing = server->flavour == VP_REDIS_7_0_DEBIAN ? 16 : 8;
    while (size > 8 * spacing) spacing *= 2;
    return (size + spacing - 1) / spacing * spacing;
}

uint64_t sds_size(uint64_t size) {
    return size < 32 ? size + 2 : sds_size_embedded(size);
}

uint64_t sds_size_embedded(uint64_t size) {
    unsigned length_bytes = size < 256 ? 1 : size < 65536 ? 2 : size <= UINT32_MAX ? 4 : 8;
    return size + 2 * length_bytes + 2; /* used, allocated; kind, closing zero */
}

/* ---- Redis 7: dictEntry, key and object are allocations of their own --------------------------- */

static uint64_t entry_7(const vp_server *server, uint64_t key_size, int expires) {
    uint64_t links = server->cluster ? CLUSTER_LINKS : 0;
    return vp_cost_allocation(server, DICT_ENTRY + links) + vp_cost_allocation(server, sds_size(key_size)) +
           (expires ? vp_cost_allocation(server, DICT_ENTRY) : 0);
}

static uint64_t integer_7(const vp_server *server, const uint8_t *digits, uint64_t size) {
    bool shared = server->shared_integers && size <= SHARED_INTEGERS_DIGITS && digits[0] != '-';
    return shared ? 0 : vp_cost_allocation(server, OBJECT);
}

static uint64_t text_7(const vp_server *server, uint64_t size) {
    uint64_t sds = sds_size_embedded(size);
    if (size <= EMBEDDED_VALUE_7) return vp_cost_allocation(server, OBJECT + sds);
    return vp_cost_allocation(server, OBJECT) + vp_cost_allocation(server, sds);
}

/* ---- Later servers: the object holds the key, and a short value too ---------------------------- */

static uint64_t object_with_key(uint64_t key_size, bool expires) {
    uint64_t expiry = expires ? EXPIRY : 0;
    return OBJECT + expiry + KEY_HEADER + sds_size(key_size);
}

/* Text in the object of its key. 0 if the server does not put it there. */
static uint64_t embedded_text(const vp_server *server, uint64_t key_size, bool expires, uint64_t size) {
    uint64_t sds = sds_size_embedded(size);
    if (server->flavour == VP_REDIS_8) {
        if (OBJECT + key_size + 3 + sds > EMBEDDED_VALUE_8) return 0;
        return object_with_key(key_size, expires) + sds;
    }
    /* The value lies where the pointer to it would. */
    uint64_t rest = object_with_key(key_size, expires) - POINTER;
    if (rest + sds > EMBEDDED_VALUE_9) return 0;
    return rest + (sds > POINTER ? sds : POINTER);
}

uint64_t cost_of_key(const vp_server *server, uint64_t key_size, int expires) {
    if (key_stands_alone(server))
        return entry_7(server, key_size, expires) + vp_cost_allocation(server, OBJECT);
    bool room = expires || key_size >= KEY_WITH_EXPIRY;
    return vp_cost_allocation(server, object_with_key(key_size, room));
}

static uint64_t text_8(const vp_server *server, uint64_t key_size, int expires, uint64_t size) {
    uint64_t embedded = embedded_text(server, key_size, expires != 0, size);
    if (embedded) return vp_cost_allocation(server, embedded);
    return cost_of_key(server, key_size, expires) + vp_cost_allocation(server, sds_size(size));
}

uint64_t vp_cost_string(const vp_server *server, uint64_t key_size, int expires, const void *value,
                        uint64_t value_size) {
    if (!server_known(server)) return 0;
    key_size = cost_limited(key_size);
    bool integer = cost_is_integer(value, value_size);
    value_size = cost_limited(value_size);
    if (!key_stands_alone(server)) {
        return integer ? cost_of_key(server, key_size, expires)
                       : text_8(server, key_size, expires, value_size);
    }
    return entry_7(server, key_size, expires) +
           (integer ? integer_7(server, value, value_size) : text_7(server, value_size));
}

/* ---- Listpacks --------------------------------------------------------------------------------- */

/* The magnitude of a canonical integer, which fits 64 bits. */
static uint64_t magnitude_of(const uint8_t *digits, uint64_t size) {
    uint64_t magnitude = 0;
    for (uint64_t i = digits[0] == '-'; i < size; i++) magnitude = magnitude * 10 + (digits[i] - '0');
    return magnitude;
}

static uint64_t listpack_integer(const uint8_t *digits, uint64_t size) {
    bool negative = digits[0] == '-';
    uint64_t magnitude = magnitude_of(digits, size);
    if (!negative && magnitude < 128) return 2;
    uint64_t most = negative ? magnitude - 1 : magnitude; /* -n needs the bits that n-1 needs */
    if (most >> 12 == 0) return 3;
    if (most >> 15 == 0) return 4;
    if (most >> 23 == 0) return 5;
    return most >> 31 == 0 ? 6 : 10;
}

/* The length of what lies before it, in groups of seven bits, written behind every entry. */
static uint64_t with_backward_length(uint64_t size) {
    static const uint64_t limits[] = {127, 16382, 2097150, 268435454};
    uint64_t length = 1;
    for (unsigned i = 0; i < 4 && size > limits[i]; i++) length++;
    return size + length;
}

uint64_t vp_cost_listpack_entry(const void *value, uint64_t size) {
    if (cost_is_integer(value, size)) return listpack_integer(value, size);
    size = cost_limited(size);
    uint64_t header = size < 64 ? 1 : size < 4096 ? 2 : 5;
    return with_backward_length(header + size);
}
