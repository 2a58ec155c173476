/* Small hashes with encoded values. */
#include "buckets.h"
#include "learn.h"
#include "techniques.h"

#include <stdlib.h>

enum { ENCODED_VALUES = 16000, ENCODED_BYTES = 4 << 20 };

/* A measured record, found by the size of its value. */
struct measured {
    uint32_t size, next; /* `next` of as many as have this size is to be taken, in the first of them */
    vp_bytes stored;
};

struct values {
    const struct learning *l;
    vp_context *x;
    uint8_t *room;
    size_t room_left;
    struct measured *measured; /* by size */
    vp_bytes *stored;          /* of each record */
};

static int by_size(const void *a, const void *b) {
    const struct measured *x = a, *y = b;
    return x->size < y->size ? -1 : x->size > y->size;
}

static int encode_record(struct values *v, size_t i) {
    const struct record *r = &v->l->s->records[i];
    const void *bytes;
    int64_t size = vp_encode_view(v->x, r->value, r->value_size, &bytes);
    if (size < 0) return (int)size;
    if (size) memcpy(v->room, bytes, (size_t)size);
    v->stored[i] = (vp_bytes){v->room, (size_t)size};
    v->room += size;
    v->room_left -= r->value_size + (size_t)1; /* what it may have taken, which is what encoding costs */
    return VP_OK;
}

/* What a measured value of this size took, or of the next larger one: each of them in turn. */
static vp_bytes stand_in(struct values *v, uint32_t size) {
    const size_t count = v->l->measured.count;
    size_t from = 0, to = count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (v->measured[middle].size < size) from = middle + 1;
        else to = middle;
    }
    if (from == count) return v->measured[count - 1].stored;
    struct measured *first = &v->measured[from];
    if (from + first->next >= count || first[first->next].size != first->size) first->next = 0;
    return first[first->next++].stored;
}

static int encode_measured(struct values *v) {
    const struct subset *measured = &v->l->measured;
    int status = VP_OK;
    for (size_t i = 0; status == VP_OK && i < measured->count; i++) {
        status = encode_record(v, measured->items[i]);
        v->measured[i] = (struct measured){.size = v->l->s->records[measured->items[i]].value_size,
                                           .stored = v->stored[measured->items[i]]};
    }
    qsort(v->measured, measured->count, sizeof *v->measured, by_size);
    return status;
}

/* Encodes records that were not learned from, as many as there is room for; the others get what others of
   their size got, because those that were learned from would come out too small. */
static int encode_others(struct values *v, const bool *learned) {
    const struct study *s = v->l->s;
    size_t encoded = v->l->measured.count;
    for (size_t i = 0; i < s->count; i++) {
        const struct record *r = &s->records[i];
        if (v->stored[i].data) continue;
        if (!learned[i] && encoded < ENCODED_VALUES && v->room_left > r->value_size) {
            int status = encode_record(v, i);
            if (status != VP_OK) return status;
            encoded++;
        } else {
            v->stored[i] = stand_in(v, r->value_size);
        }
    }
    return VP_OK;
}

static int encode_values(struct values *v, struct arena *arena) {
    const struct learning *l = v->l;
    const size_t count = l->s->count;
    bool *learned = arena_array(arena, count, sizeof *learned);
    const uint64_t all = l->s->value_bytes + count,
                   most = l->measured.bytes + l->measured.count + ENCODED_BYTES;
    v->room_left = (size_t)(all < most ? all : most);
    v->room = arena_array(arena, v->room_left, 1);
    v->measured = arena_array(arena, l->measured.count, sizeof *v->measured);
    v->stored = arena_array(arena, count, sizeof *v->stored);
    if (arena->failed) return VP_ERR_MEMORY;
    for (size_t i = 0; i < l->learned.count; i++) learned[l->learned.items[i]] = true;
    int status = encode_measured(v);
    return status == VP_OK ? encode_others(v, learned) : status;
}

int advise_encoded_buckets(struct learning *l) {
    struct study *s = l->s;
    struct arena arena = arena_over(s->arena.allocator);
    struct values v = {.l = l};
    struct layout best;
    bool found = false;
    int status = open_encoding(l, VP_TARGET_HASH_FIELD, &v.x);
    if (status == VP_OK) status = encode_values(&v, &arena);
    if (status == VP_OK) status = best_layout(s, v.stored, &best, &found);
    /* One long value makes a table of its hash: which hashes have one, stand-ins can't tell. */
    if (status == VP_OK && found && layout_is_hazardous(&best)) s->too_long = best.converted;
    else if (status == VP_OK && found) add_layout(s, &technique_small_hashes_encoded, &best);
    vp_context_free(v.x);
    arena_free(&arena);
    return status;
}
