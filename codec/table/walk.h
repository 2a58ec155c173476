/* Through the records of one block of a packed table, and to one of them. */
#ifndef VALPACK_TABLE_WALK_H
#define VALPACK_TABLE_WALK_H

#include "context.h"
#include "head.h"

struct walk {
    const struct head *head;
    vp_bytes block;
    uint64_t number, records;         /* of the block */
    struct bit_reader fields, values; /* codes */
    uint64_t next;                    /* how many records of the block were read */
    int64_t field, value;             /* of the last one read, as far as they are integers */
    uint8_t *text; /* its field behind the prefix, when fields are strings; room for TABLE_FIELD */
    size_t text_size;
    uint64_t value_size; /* when values are byte strings of many sizes */
    uint64_t values_before;
    size_t tail; /* where their characters begin, in bits; 0 as long as that is not known */
};

/* Begins at the first record of a block and compares its check. VP_OK, VP_ERR_CORRUPT or VP_ERR_MEMORY. */
int walk_begin(struct walk *w, vp_context *x, const struct head *h, uint64_t number, vp_bytes block);

/* The same for a block of a whole table, found by its number. */
int walk_open(struct walk *w, vp_context *x, const struct head *h, uint64_t number);

/* Reads one record more, of those there are; false if it is damaged. */
bool walk_next(struct walk *w);

/* Reads on, at least one record, until the field is not below this integer (if fields are gaps) or `next`
   is `end`. Then only walk_value() of that record may follow. */
bool walk_until(struct walk *w, int64_t field, uint64_t end);

/* Reads what is left, and sees that the block is used up exactly. */
bool walk_end(struct walk *w);

/* The field of the record read last; it lies in memory of the context. The size or a status. */
int64_t walk_field(struct walk *w, vp_context *x, const void **field);

/* The value of a record of the block, which is the one read last unless values have a fixed size or are
   a line. The size or a status. */
int64_t walk_value(struct walk *w, vp_context *x, uint64_t index, const void **value);

#endif
