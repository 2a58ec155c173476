#include "value_set.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 1024, FIRST_BYTES = 1 << 16 };

size_t total_bytes(const struct value_set *set) {
    return set->count > 0 ? set->ends[set->count - 1] : 0;
}

struct span value_at(const struct value_set *set, size_t index) {
    size_t start = index > 0 ? set->ends[index - 1] : 0;
    return (struct span){set->bytes + start, set->ends[index] - start};
}

static bool make_room(struct value_set *set) {
    if (set->count < set->room) return true;
    size_t room = set->room > 0 ? 2 * set->room : FIRST_ROOM;
    size_t *ends = room <= SIZE_MAX / sizeof *ends ? realloc(set->ends, room * sizeof *ends) : NULL;
    if (!ends) return false;
    set->ends = ends;
    set->room = room;
    return true;
}

static bool make_bytes(struct value_set *set, size_t size) {
    size_t used = total_bytes(set), capacity = set->capacity > 0 ? set->capacity : FIRST_BYTES;
    while (capacity - used < size) {
        if (capacity > SIZE_MAX / 2) return false;
        capacity *= 2;
    }
    if (capacity == set->capacity) return true;
    uint8_t *bytes = realloc(set->bytes, capacity);
    if (!bytes) return false;
    set->bytes = bytes;
    set->capacity = capacity;
    return true;
}

bool add_value(struct value_set *set, struct span value) {
    size_t used = total_bytes(set);
    if (!make_room(set) || !make_bytes(set, value.size)) return false;
    if (value.size > 0) memcpy(set->bytes + used, value.data, value.size);
    set->ends[set->count++] = used + value.size;
    if (value.size > set->largest) set->largest = value.size;
    return true;
}

int load_values(struct value_set *set, const char *path, enum value_format format, uint64_t max_size) {
    struct value_reader reader;
    struct span value;
    int status = reader_open(&reader, path, choose_format(format, path, FORMAT_LINES), largest_value);
    if (status) return status;
    int got;
    while (status == 0 && (got = reader_next(&reader, &value)) != 0) {
        if (got < 0) status = EXIT_DATA;
        else if (value.size <= max_size && !add_value(set, value))
            status = complain_value(&reader, "out of memory");
    }
    reader_close(&reader);
    return status;
}

void free_values(struct value_set *set) {
    free(set->bytes);
    free(set->ends);
    *set = (struct value_set){.bytes = NULL};
}
