/* What is to be made small: bytes, or the memory of the server that will keep a value. */
#ifndef VALPACK_TARGET_H
#define VALPACK_TARGET_H

#include "valpack_cost.h"
#include "value.h"

#define KEY_SIZE_LARGEST ((uint64_t)1 << 40)

struct target {
    uint32_t kind; /* enum vp_target */
    bool expires;
    uint64_t key_size;
    struct vp_server server;
};

struct target target_default(void);

/* Sets the server to that of a flavour; false for a number that is none. */
bool target_set_server(struct target *t, uint64_t flavour);

static inline bool target_counts_memory(const struct target *t) {
    return t->kind == VP_TARGET_STRING || t->kind == VP_TARGET_HASH_FIELD;
}

/* Is this canonical integer to stay as it is? encode_integers is what VP_OPTION_ENCODE_INTEGERS says. */
bool target_keeps_integer(const struct target *t, const struct value *v, bool encode_integers);

/* What these bytes take where they are stored: memory under targets that count it, else bytes. value may
   be NULL if it is no canonical integer. */
uint64_t target_cost(const struct target *t, const void *value, size_t size);

/* "bytes", "string", "hash-field" or "packed". */
const char *target_name(uint32_t kind);

#endif
