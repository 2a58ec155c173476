/*
 * Columns of texts of one length: which characters stand at each position, for the texts together
 * and for parts of them that differ. A decision tree, grown best first; each node asks for one
 * character at one position, and what it saves are the bits that the samples need.
 */
#ifndef VALPACK_TRAIN_COLUMNS_H
#define VALPACK_TRAIN_COLUMNS_H

#include "alphabets.h"
#include "training.h"

enum { COLUMNS = 256 };

/* A class of texts: a set of characters per position. */
struct column_class {
    int64_t density; /* log2 of samples in a unit of room, in 1/256 bit */
    struct byte_set *sets;
};

/* Texts of one length. */
struct column_texts {
    const uint8_t **texts;
    size_t count, length;     /* length <= COLUMNS */
    struct byte_set alphabet; /* of all positions that differ */
    size_t least;             /* samples that a class needs, and a character to be the only one */
    uint64_t work;            /* about as many steps are made at most */
};

/* Characters that may stand where `counts` of each were seen: those seen, or where some were seen
   only once and others must be expected, those of the smallest alphabet around them. One character
   alone is expected to stay alone after `least` samples. */
struct byte_set expected_set(const uint32_t *counts, const struct byte_set *alphabet, size_t least);

/* Fills at most `limit` classes, whose `sets` have room for `length` sets each; the last is for all
   texts together. Moves the texts. Returns how many; 0 without memory. */
size_t find_classes(const struct column_texts *t, struct column_class *classes, size_t limit,
                    const vp_allocator *allocator);

/* Bits of room, in 1/256 bit. */
int64_t room_of(const struct byte_set *sets, size_t count);

#endif
