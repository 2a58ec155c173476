#include "dictionary_samples.h"

enum { SAMPLE_LARGEST = 128 * 1024, HELD_BACK = 4 };

static bool is_wanted(const struct training *t, enum sample_part part, size_t index) {
    size_t size = t->samples.items[index].size;
    if (size == 0 || size > SAMPLE_LARGEST) return false;
    return part == SAMPLES_ALL || (index % HELD_BACK == HELD_BACK - 1) == (part == SAMPLES_MEASURE);
}

static void append(struct flat_samples *flat, const struct sample *s) {
    memcpy(flat->bytes + flat->total, s->bytes, s->size);
    flat->sizes[flat->count++] = s->size;
    flat->total += s->size;
}

bool flat_samples_of(const struct training *t, enum sample_part part, size_t most,
                     struct flat_samples *flat) {
    *flat = (struct flat_samples){0};
    size_t wanted = 0, room = 0, count = 0;
    for (size_t i = 0; i < t->samples.count; i++)
        if (is_wanted(t, part, i)) wanted += t->samples.items[i].size;
    size_t step = wanted / most + 1, turn = 0;
    for (size_t i = 0; i < t->samples.count; i++)
        if (is_wanted(t, part, i) && turn++ % step == 0) room += t->samples.items[i].size, count++;
    flat->bytes = memory_alloc(&t->allocator, room + 1);
    flat->sizes = memory_alloc(&t->allocator, (count + 1) * sizeof *flat->sizes);
    if (!flat->bytes || !flat->sizes) return false;
    turn = 0;
    for (size_t i = 0; i < t->samples.count; i++)
        if (is_wanted(t, part, i) && turn++ % step == 0) append(flat, &t->samples.items[i]);
    return true;
}

void flat_samples_free(const struct training *t, struct flat_samples *flat) {
    memory_free(&t->allocator, flat->bytes);
    memory_free(&t->allocator, flat->sizes);
    *flat = (struct flat_samples){0};
}

/* Every step-th sample from `first` on that still fits. */
static size_t spread_from(const struct flat_samples *flat, size_t first, size_t step,
                          struct writer *content) {
    const uint8_t *at = flat->bytes;
    for (size_t i = 0; i < flat->count; at += flat->sizes[i++])
        if (i % step == first && flat->sizes[i] <= content->capacity - content->length)
            put_bytes(content, at, flat->sizes[i]);
    return content->length;
}

size_t spread_samples(const struct flat_samples *flat, uint8_t *content, size_t capacity) {
    struct writer w = writer_over(content, capacity);
    size_t step = flat->total / (capacity ? capacity : 1) + 1;
    for (size_t first = 0; first < step && first < flat->count; first++)
        if (spread_from(flat, first, step, &w) == capacity) break;
    return w.length;
}
