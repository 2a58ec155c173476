#include "target.h"

enum { INT32_ENTRY = 6 }; /* bytes of an int32 in a listpack; a larger integer takes 10 */

struct target target_default(void) {
    struct target t = {.kind = VP_TARGET_BYTES, .key_size = 16};
    target_set_server(&t, VP_REDIS_7_2);
    return t;
}

bool target_set_server(struct target *t, uint64_t flavour) {
    const char *name = flavour <= UINT32_MAX ? vp_server_name((uint32_t)flavour) : NULL;
    return name && vp_server_named(name, &t->server) == VP_OK;
}

bool target_keeps_integer(const struct target *t, const struct value *v, bool encode_integers) {
    switch (t->kind) {
    case VP_TARGET_STRING: return true;
    case VP_TARGET_HASH_FIELD: return vp_cost_listpack_entry(v->bytes, v->size) <= INT32_ENTRY;
    case VP_TARGET_PACKED: return false;
    default: return !encode_integers;
    }
}

uint64_t target_cost(const struct target *t, const void *value, size_t size) {
    switch (t->kind) {
    case VP_TARGET_STRING: return vp_cost_string(&t->server, t->key_size, t->expires, value, size);
    case VP_TARGET_HASH_FIELD: return vp_cost_listpack_entry(value, size);
    default: return size;
    }
}

const char *target_name(uint32_t kind) {
    static const char *const names[] = {"bytes", "string", "hash-field", "packed"};
    return names[kind];
}
