/*
 * Many values in memory.
 */
#ifndef CLI_VALUE_SET_H
#define CLI_VALUE_SET_H

#include "command.h"
#include "values.h"

struct value_set {
    uint8_t *bytes;
    size_t *ends; /* of each value in bytes */
    size_t count, room;
    size_t capacity; /* of bytes */
    size_t largest;
};

struct span value_at(const struct value_set *set, size_t index);
size_t total_bytes(const struct value_set *set);

/* False when there is no memory. */
bool add_value(struct value_set *set, struct span value);

/* Adds the values of at most max_size bytes of a file. 0, or EXIT_DATA after a complaint. */
int load_values(struct value_set *set, const char *path, enum value_format format, uint64_t max_size);
void free_values(struct value_set *set);

#endif
