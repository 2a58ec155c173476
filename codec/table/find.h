/* Where the record of a field must be, from the head of a packed table alone. */
#ifndef VALPACK_TABLE_FIND_H
#define VALPACK_TABLE_FIND_H

#include "walk.h"

struct sought {
    vp_bytes text; /* the field without prefix */
    int64_t integer;
    uint64_t block;
    uint64_t index; /* in the block; only for a line */
};

/* VP_OK, VP_ERR_NOT_FOUND or VP_ERR_CORRUPT. */
int find_block(const struct head *h, vp_bytes field, struct sought *sought);

/* The value of the record in this block. As vp_table_get(). */
int64_t find_value(vp_context *x, const struct head *h, const struct sought *t, vp_bytes block,
                   const void **value);

/* The separator of a block but the first; false if the index is damaged. */
bool find_separator(const struct head *h, uint64_t block, vp_bytes *separator);

#endif
