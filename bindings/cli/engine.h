/*
 * One way to compress values alone, each on its own: a table of functions, so that valpack and the
 * others are measured by the same code.
 */
#ifndef CLI_ENGINE_H
#define CLI_ENGINE_H

#include "command.h"

#define ENGINE_FAILED SIZE_MAX

struct engine {
    const char *name;
    void *state;
    /* Both return the size of what they wrote, or ENGINE_FAILED. */
    size_t (*encode)(void *state, struct span value, uint8_t *out, size_t capacity);
    size_t (*decode)(void *state, struct span data, uint8_t *out, size_t capacity);
    size_t (*bound)(size_t size);
    void (*free)(void *state);
};

enum { MOST_PEERS = 8 };

struct peers {
    struct engine engines[MOST_PEERS];
    size_t count;
};

struct value_set;

/*
 * zstd and lz4, and if there are samples zstd, lz4 and deflate with dictionaries made from them.
 * The dictionary must live as long as the peers. 0, or EXIT_DATA after a complaint.
 */
int open_peers(struct peers *peers, const struct span *dictionary);
void close_peers(struct peers *peers);

/* The peer of that name, or NULL. */
const struct engine *find_peer(const struct peers *peers, const char *name);

/* A dictionary in zstd's format; data is NULL after a complaint. */
struct bytes make_dictionary(const struct value_set *samples);

#endif
