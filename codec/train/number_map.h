/* Numbers for keys, in the order in which the keys are first seen. */
#ifndef VALPACK_TRAIN_NUMBER_MAP_H
#define VALPACK_TRAIN_NUMBER_MAP_H

#include "memory.h"

struct number_map {
    vp_allocator allocator;
    uint64_t *keys;  /* by number */
    uint32_t *slots; /* numbers + 1; 0 = free */
    uint32_t count, capacity;
    unsigned slot_bits;
    bool failed;
};

static inline struct number_map number_map_over(vp_allocator allocator) {
    return (struct number_map){.allocator = allocator};
}

static inline void number_map_free(struct number_map *m) {
    memory_free(&m->allocator, m->keys);
    memory_free(&m->allocator, m->slots);
    m->keys = NULL;
    m->slots = NULL;
}

static inline size_t number_map_slot(const struct number_map *m, uint64_t key) {
    size_t last = ((size_t)1 << m->slot_bits) - 1;
    uint64_t mixed = (key ^ key >> 32) * 0x9E3779B97F4A7C15u;
    size_t at = (size_t)(mixed >> (64 - m->slot_bits));
    while (m->slots[at] && m->keys[m->slots[at] - 1] != key) at = (at + 1) & last;
    return at;
}

/* Twice the room; the slots are made anew. */
static inline bool number_map_grow(struct number_map *m) {
    uint32_t capacity = m->capacity ? 2 * m->capacity : 1024;
    unsigned bits = m->capacity ? m->slot_bits + 1 : 11;
    uint64_t *keys = memory_alloc(&m->allocator, (size_t)capacity * sizeof *keys);
    uint32_t *slots = memory_zeroed(&m->allocator, sizeof *slots << bits);
    m->failed |= !keys || !slots;
    if (m->failed) {
        memory_free(&m->allocator, keys);
        memory_free(&m->allocator, slots);
        return false;
    }
    if (m->count) memcpy(keys, m->keys, m->count * sizeof *keys);
    number_map_free(m);
    m->keys = keys;
    m->slots = slots;
    m->capacity = capacity;
    m->slot_bits = bits;
    for (uint32_t i = 0; i < m->count; i++) m->slots[number_map_slot(m, keys[i])] = i + 1;
    return true;
}

/* The number of a key, a new one if it is new; UINT32_MAX without memory. */
static inline uint32_t number_of(struct number_map *m, uint64_t key) {
    if (m->count == m->capacity && !number_map_grow(m)) return UINT32_MAX;
    size_t at = number_map_slot(m, key);
    if (m->slots[at]) return m->slots[at] - 1;
    m->keys[m->count] = key;
    m->slots[at] = ++m->count;
    return m->count - 1;
}

#endif
