/* Hashes: listpacks while they are small, tables afterwards. */
#include "cost.h"

enum {
    LISTPACK_FRAME = 7, /* header and end of a listpack */
    DICT = 56,          /* dict.h */
    DICT_WITH_SIZE = 64,
    HASHTABLE = 80, /* hashtable.c of Valkey, with a pointer to fields that expire */
    DICT_ENTRY = 24,
    VALUE_POINTER = 8,
    EMBEDDED_PAIR = 128 /* entry.c: field and value up to this size are one allocation */
};

/* Redis 7: an entry that points to two strings. */
static uint64_t pair_7(const vp_server *server, uint64_t field, uint64_t value) {
    return vp_cost_allocation(server, DICT_ENTRY) + vp_cost_allocation(server, sds_size(field)) +
           vp_cost_allocation(server, sds_size(value));
}

/* Later: field and value in one allocation, or the field with a pointer to the value before it. */
static uint64_t pair_8(const vp_server *server, uint64_t field, uint64_t value) {
    uint64_t together = sds_size(field) + sds_size_embedded(value);
    if (together <= EMBEDDED_PAIR) return vp_cost_allocation(server, together);
    return vp_cost_allocation(server, VALUE_POINTER + sds_size_embedded(field)) +
           vp_cost_allocation(server, sds_size(value));
}

static uint64_t larger(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

void vp_hash_cost_add(const vp_server *server, vp_hash_cost *hash, vp_bytes field, vp_bytes value) {
    if (!server_known(server) || !hash) return;
    uint64_t field_size = cost_limited(field.size), value_size = cost_limited(value.size);
    hash->fields = cost_limited(hash->fields) + 1;
    hash->listpack_bytes = cost_limited(hash->listpack_bytes) +
                           vp_cost_listpack_entry(field.data, field.size) +
                           vp_cost_listpack_entry(value.data, value.size);
    uint64_t pair = key_stands_alone(server) ? pair_7(server, field_size, value_size)
                                             : pair_8(server, field_size, value_size);
    hash->table_bytes = cost_limited(hash->table_bytes) + pair;
    hash->largest = larger(hash->largest, larger(field.size, value.size));
}

int vp_hash_cost_is_listpack(const vp_server *server, const vp_hash_cost *hash) {
    return server_known(server) && hash && hash->fields <= server->hash_max_entries &&
           hash->largest <= server->hash_max_value;
}

static uint64_t table_head(const vp_server *server) {
    if (server->flavour == VP_VALKEY_9) return HASHTABLE;
    return server->flavour == VP_REDIS_8 ? DICT_WITH_SIZE : DICT;
}

static uint64_t table(const vp_server *server, const vp_hash_cost *hash) {
    return vp_cost_allocation(server, table_head(server)) + cost_of_table(server, hash->fields) +
           cost_limited(hash->table_bytes);
}

uint64_t vp_hash_cost_total(const vp_server *server, const vp_hash_cost *hash, uint64_t key_size,
                            int expires) {
    if (!server_known(server) || !hash || hash->fields == 0) return 0;
    uint64_t key = cost_of_key(server, cost_limited(key_size), expires);
    if (!vp_hash_cost_is_listpack(server, hash)) return key + table(server, hash);
    return key + vp_cost_allocation(server, LISTPACK_FRAME + cost_limited(hash->listpack_bytes));
}
