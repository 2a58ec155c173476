#include "prefixes.h"

#include <stdlib.h>
#include <string.h>

bool split_sample(struct span line, struct sample *sample) {
    const uint8_t *tab = line.size > 0 ? memchr(line.data, '\t', line.size) : NULL;
    if (!tab) return false;
    size_t key_size = (size_t)(tab - line.data);
    sample->key = (struct span){line.data, key_size};
    sample->value = (struct span){tab + 1, line.size - key_size - 1};
    return true;
}

/* ---- the prefix of a key -------------------------------------------------------------------- */

enum { LONGEST_PREFIX = 256 };

static bool is_digit(uint8_t byte) {
    return byte >= '0' && byte <= '9';
}

static bool has_digit(const uint8_t *bytes, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (is_digit(bytes[i])) return true;
    return false;
}

static void append(uint8_t *prefix, size_t *size, const void *bytes, size_t count) {
    size_t room = LONGEST_PREFIX - *size;
    if (count > room) count = room;
    if (count > 0) memcpy(prefix + *size, bytes, count);
    *size += count;
}

static size_t prefix_of(struct span key, uint8_t prefix[LONGEST_PREFIX]) {
    size_t size = 0, start = 0;
    for (size_t i = 0; i < key.size; i++) {
        if (key.data[i] != ':') continue;
        bool varies = has_digit(key.data + start, i - start);
        append(prefix, &size, varies ? (const uint8_t *)"*" : key.data + start, varies ? 1 : i - start);
        append(prefix, &size, ":", 1);
        start = i + 1;
    }
    if (start > 0) return size;
    size_t end = key.size;
    while (end > 0 && is_digit(key.data[end - 1])) end--;
    append(prefix, &size, key.data, end < key.size ? end : 0);
    return size;
}

/* ---- groups --------------------------------------------------------------------------------- */

struct labelled {
    struct span prefix;
    size_t index;
};

static int compare_labelled(const void *a, const void *b) {
    const struct labelled *x = a, *y = b;
    size_t shorter = x->prefix.size < y->prefix.size ? x->prefix.size : y->prefix.size;
    int order = shorter > 0 ? memcmp(x->prefix.data, y->prefix.data, shorter) : 0;
    if (order != 0) return order;
    if (x->prefix.size != y->prefix.size) return x->prefix.size < y->prefix.size ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static bool is_same(struct span a, struct span b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static int compare_groups(const void *a, const void *b) {
    const struct prefix_group *x = a, *y = b;
    if (x->bytes != y->bytes) return x->bytes > y->bytes ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

static bool label(const struct value_set *lines, struct value_set *names, struct labelled *labelled) {
    uint8_t prefix[LONGEST_PREFIX] = {0};
    for (size_t i = 0; i < lines->count; i++) {
        struct sample sample = {.key = {NULL, 0}};
        split_sample(value_at(lines, i), &sample);
        if (!add_value(names, (struct span){prefix, prefix_of(sample.key, prefix)})) return false;
    }
    for (size_t i = 0; i < lines->count; i++) labelled[i] = (struct labelled){value_at(names, i), i};
    qsort(labelled, lines->count, sizeof *labelled, compare_labelled);
    return true;
}

static void find_groups(const struct value_set *lines, const struct labelled *labelled,
                        struct prefix_groups *groups) {
    for (size_t i = 0; i < lines->count; i++) {
        bool is_new = i == 0 || !is_same(labelled[i].prefix, labelled[i - 1].prefix);
        if (is_new) groups->groups[groups->count++] = (struct prefix_group){labelled[i].prefix, i, 0, 0};
        struct prefix_group *group = &groups->groups[groups->count - 1];
        group->count++;
        group->bytes += value_at(lines, labelled[i].index).size;
    }
    groups->prefixes = groups->count;
    qsort(groups->groups, groups->count, sizeof *groups->groups, compare_groups);
}

/* Writes the order group by group; what goes beyond `most` groups becomes the last one. */
static void settle_order(const struct labelled *labelled, size_t most, struct prefix_groups *groups) {
    size_t at = 0;
    for (size_t g = 0; g < groups->prefixes; g++) {
        struct prefix_group *group = &groups->groups[g], *last = &groups->groups[most - 1];
        size_t from = group->first;
        group->first = at;
        for (size_t i = 0; i < group->count; i++) groups->order[at++] = labelled[from + i].index;
        if (g < most) continue;
        last->count += group->count;
        last->bytes += group->bytes;
    }
    if (groups->count <= most) return;
    groups->count = most;
    groups->groups[most - 1].prefix = (struct span){NULL, 0};
}

int group_by_prefix(const struct value_set *lines, size_t most, struct prefix_groups *groups) {
    *groups = (struct prefix_groups){.count = 0};
    struct labelled *labelled = calloc(lines->count + 1, sizeof *labelled);
    groups->order = calloc(lines->count + 1, sizeof *groups->order);
    groups->groups = calloc(lines->count + 1, sizeof *groups->groups);
    bool done = labelled && groups->order && groups->groups && label(lines, &groups->names, labelled);
    if (done) {
        find_groups(lines, labelled, groups);
        settle_order(labelled, most, groups);
    }
    free(labelled);
    return done ? 0 : complain(NULL, "out of memory");
}

void free_prefix_groups(struct prefix_groups *groups) {
    free_values(&groups->names);
    free(groups->order);
    free(groups->groups);
    *groups = (struct prefix_groups){.count = 0};
}
