#include "model_pairs.h"

enum { ROOM_AT_FIRST = 1 << 15 };

/* Where a pair is noted, or would be. */
static uint32_t *slot_of(const struct pairs *p, uint32_t left, uint32_t right) {
    uint64_t hash = ((uint64_t)left << 32 | right) * 0x9E3779B97F4A7C15u;
    hash = (hash ^ hash >> 32) * 0xBF58476D1CE4E5B9u;
    uint32_t mask = 2 * p->room - 1, at = (uint32_t)(hash >> 32) & mask;
    while (p->slots[at]) {
        const struct pair *there = &p->items[p->slots[at] - 1];
        if (there->left == left && there->right == right) break;
        at = (at + 1) & mask;
    }
    return &p->slots[at];
}

/* A new table with those pairs that still occur, at most half full. */
static bool make_room(struct pairs *p) {
    struct pair *old = p->items;
    uint32_t old_count = p->count, live = 0;
    for (uint32_t i = 0; i < old_count; i++) live += old[i].count > 0;
    if (p->room == 0) p->room = ROOM_AT_FIRST;
    while (p->room < 2 * live) p->room *= 2;
    memory_free(&p->allocator, p->slots);
    p->items = memory_alloc(&p->allocator, p->room * sizeof *p->items);
    p->slots = memory_zeroed(&p->allocator, 2 * (size_t)p->room * sizeof *p->slots);
    p->count = 0;
    bool good = p->items && p->slots;
    for (uint32_t i = 0; good && i < old_count; i++) {
        if (old[i].count == 0) continue;
        p->items[p->count++] = old[i];
        *slot_of(p, old[i].left, old[i].right) = p->count;
    }
    memory_free(&p->allocator, old);
    return good;
}

bool pairs_count(struct pairs *p, uint32_t left, uint32_t right, uint32_t sample) {
    if (p->count == p->room && !make_room(p)) return false;
    uint32_t *slot = slot_of(p, left, right);
    if (!*slot) {
        p->items[p->count++] = (struct pair){.left = left, .right = right, .last_sample = UINT32_MAX};
        *slot = p->count;
    }
    struct pair *pair = &p->items[*slot - 1];
    pair->count++;
    pair->distinct += pair->last_sample != sample;
    pair->last_sample = sample;
    return true;
}

void pairs_uncount(struct pairs *p, uint32_t left, uint32_t right) {
    p->items[*slot_of(p, left, right) - 1].count--;
}

const struct pair *pairs_find(const struct pairs *p, uint32_t left, uint32_t right) {
    return &p->items[*slot_of(p, left, right) - 1];
}

void pairs_free(struct pairs *p) {
    memory_free(&p->allocator, p->items);
    memory_free(&p->allocator, p->slots);
}
