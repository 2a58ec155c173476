/* Small hashes with encoded values. */
#include "buckets.h"
#include "learn.h"
#include "techniques.h"

/* Encodes the measured records into one piece of memory; the others get what those got in turn. */
static int encode_values(struct learning *l, vp_context *x, struct arena *arena, vp_bytes *values) {
    struct study *s = l->s;
    const size_t count = l->measured.count;
    uint8_t *room = arena_array(arena, (size_t)l->measured.bytes + count, 1);
    vp_bytes *measured = arena_array(arena, count, sizeof *measured);
    if (!room || !measured) return VP_ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const struct record *r = &s->records[l->measured.items[i]];
        const void *stored;
        int64_t size = vp_encode_view(x, r->value, r->value_size, &stored);
        if (size < 0) return (int)size;
        if (size) memcpy(room, stored, (size_t)size);
        measured[i] = (vp_bytes){room, (size_t)size};
        room += size;
    }
    for (size_t i = 0; i < s->count; i++) values[i] = measured[i % count];
    for (size_t i = 0; i < count; i++) values[l->measured.items[i]] = measured[i];
    return VP_OK;
}

int advise_encoded_buckets(struct learning *l) {
    struct study *s = l->s;
    struct arena arena = arena_over(s->arena.allocator);
    struct layout best;
    bool found = false;
    vp_context *x = NULL;
    vp_bytes *values = arena_array(&arena, s->count, sizeof *values);
    int status = values ? open_encoding(l, VP_TARGET_HASH_FIELD, &x) : VP_ERR_MEMORY;
    if (status == VP_OK) status = encode_values(l, x, &arena, values);
    if (status == VP_OK) status = best_layout(s, values, &best, &found);
    if (status == VP_OK && found) add_layout(s, &technique_small_hashes_encoded, &best);
    vp_context_free(x);
    arena_free(&arena);
    return status;
}
