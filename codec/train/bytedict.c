/* Trainer of the bytedict encoder: the commonest values, seen in enough samples. */
#include "arena.h"
#include "encoder.h"
#include "training.h"

#include <stdlib.h>

/* Variants: how many entries at most. */
static const unsigned most_entries[] = {4096, 1024, 271, 48, 16};

enum { VARIANTS = sizeof most_entries / sizeof most_entries[0], ENTRY_LARGEST = 1024, TEXT_SHARE = 2 };

struct entry {
    struct sample value;
    uint32_t count;
};

static int by_bytes(const void *a, const void *b) {
    const struct sample *x = a, *y = b;
    int order = memcmp(x->bytes, y->bytes, x->size < y->size ? x->size : y->size);
    return order ? order : (x->size > y->size) - (x->size < y->size);
}

/* Commonest first; among equals the shorter, then in the order of bytes. */
static int by_count(const void *a, const void *b) {
    const struct entry *x = a, *y = b;
    if (x->count != y->count) return x->count > y->count ? -1 : 1;
    if (x->value.size != y->value.size) return x->value.size < y->value.size ? -1 : 1;
    return by_bytes(&x->value, &y->value);
}

static size_t count_values(struct sample *sorted, size_t count, uint64_t fewest, struct entry *entries) {
    size_t found = 0;
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && by_bytes(&sorted[i], &sorted[next]) == 0;) next++;
        if (next - i >= fewest && sorted[i].size <= ENTRY_LARGEST)
            entries[found++] = (struct entry){.value = sorted[i], .count = (uint32_t)(next - i)};
    }
    return found;
}

static void put_entries(struct writer *w, const struct entry *entries, size_t count) {
    put_le16(w, (unsigned)count);
    for (size_t i = 0; i < count; i++) put_varint(w, entries[i].value.size);
    for (size_t i = 0; i < count; i++) put_bytes(w, entries[i].value.bytes, entries[i].value.size);
}

static int train(const struct training *t, unsigned variant, struct writer *section) {
    struct arena arena = arena_over(t->allocator);
    struct sample *sorted = arena_array(&arena, t->samples.count, sizeof *sorted);
    struct entry *entries = arena_array(&arena, t->samples.count, sizeof *entries);
    int status = arena.failed ? VP_ERR_MEMORY : VP_ERR_NO_SAMPLES;
    uint64_t fewest = t->min_count > 2 ? t->min_count : 2, bytes = 0;
    if (!arena.failed) {
        memcpy(sorted, t->samples.items, t->samples.count * sizeof *sorted);
        qsort(sorted, t->samples.count, sizeof *sorted, by_bytes);
        size_t found = count_values(sorted, t->samples.count, fewest, entries), kept = 0;
        qsort(entries, found, sizeof *entries, by_count);
        while (kept < found && kept < most_entries[variant] &&
               bytes + entries[kept].value.size + 2 <= t->model_bytes / TEXT_SHARE)
            bytes += entries[kept++].value.size + 2;
        if (kept) {
            put_entries(section, entries, kept);
            status = VP_OK;
        }
    }
    arena_free(&arena);
    return status;
}

const struct encoder_trainer trainer_bytedict = {
    .id = ENCODER_ID_bytedict, .variants = VARIANTS, .train = train};
