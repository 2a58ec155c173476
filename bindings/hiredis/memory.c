#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"

enum { FIRST_ROOM = 16, BLOCK_SIZE = 4096 };

static bool reserve(struct buffer *b, size_t more) {
    if (b->failed || more > SIZE_MAX / 2 - b->size) return b->failed = true, false;
    if (b->size + more <= b->capacity) return true;
    size_t capacity = 2 * (b->size + more);
    char *data = realloc(b->data, capacity);
    if (!data) return b->failed = true, false;
    b->data = data;
    b->capacity = capacity;
    return true;
}

struct range put_bytes(struct buffer *b, const void *data, size_t size) {
    struct range where = {.at = b->size, .size = size};
    if (!reserve(b, size)) return (struct range){0, 0};
    if (size > 0) memcpy(b->data + b->size, data, size);
    b->size += size;
    return where;
}

struct block {
    struct block *next;
    size_t used, capacity;
    alignas(max_align_t) char data[];
};

static struct block *add_block(struct arena *a, size_t size) {
    size_t capacity = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    if (capacity > SIZE_MAX - sizeof(struct block)) return NULL;
    struct block *block = malloc(sizeof *block + capacity);
    if (!block) return NULL;
    *block = (struct block){.next = a->blocks, .capacity = capacity};
    a->blocks = block;
    return block;
}

void *arena_take(struct arena *a, size_t size) {
    const size_t step = alignof(max_align_t);
    if (size > SIZE_MAX - step) return NULL;
    size_t rounded = size == 0 ? step : (size + step - 1) / step * step;
    struct block *block = a->blocks;
    if (!block || block->capacity - block->used < rounded) block = add_block(a, rounded);
    if (!block) return NULL;
    void *place = block->data + block->used;
    block->used += rounded;
    return place;
}

/* Keeps one block of the usual size, so that short results need no malloc. */
void arena_reset(struct arena *a) {
    struct block *kept = NULL;
    while (a->blocks) {
        struct block *next = a->blocks->next;
        if (!kept && a->blocks->capacity == BLOCK_SIZE) kept = a->blocks;
        else free(a->blocks);
        a->blocks = next;
    }
    a->blocks = kept;
    if (kept) *kept = (struct block){.capacity = BLOCK_SIZE};
}

void arena_free(struct arena *a) {
    while (a->blocks) {
        struct block *next = a->blocks->next;
        free(a->blocks);
        a->blocks = next;
    }
}

bool room_for_one(void **things, size_t *capacity, size_t count, size_t thing_size) {
    if (count < *capacity) return true;
    size_t wanted = count == 0 ? FIRST_ROOM : 2 * count;
    if (wanted > SIZE_MAX / thing_size) return false;
    void *grown = realloc(*things, wanted * thing_size);
    if (!grown) return false;
    *things = grown;
    *capacity = wanted;
    return true;
}
