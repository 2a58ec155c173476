/*
 * The head of a packed table: what its columns are, and where its blocks lie. Parsed, every number is
 * in its range; the check says whether it is as it was written. Layout: FORMAT.md, "Packed tables".
 */
#ifndef VALPACK_TABLE_HEAD_H
#define VALPACK_TABLE_HEAD_H

#include "bits.h"
#include "code.h"
#include "valpack_table.h"

enum {
    TABLE_BLOCK = 128,       /* records */
    TABLE_BLOCK_WALKED = 64, /* where fields have to be walked too, so that finding one takes no longer */
    TABLE_RECORDS = 1 << 24,
    TABLE_BYTES = 1 << 30,
    TABLE_FIELD = 65535, /* bytes */
    TABLE_DIGITS = 18,   /* of padded integers */
    TABLE_CHOICES = 256,
    TABLE_MODULUS = 65521, /* of the blocks' checks */
    TABLE_INTEGER = 20     /* characters of an integer at most */
};

enum fields_kind { FIELDS_LINE, FIELDS_GAPS, FIELDS_STRINGS, FIELDS_KINDS };

enum values_kind {
    VALUES_LINE,
    VALUES_GAPS,
    VALUES_DELTAS,
    VALUES_FRAME,
    VALUES_CHOICE,
    VALUES_BYTES,
    VALUES_ENCODED,
    VALUES_KINDS
};

/* Integers: base, and what is added to it. */
struct integers {
    int64_t base;
    uint64_t step;      /* line: from record to record, modulo 2^64 for values; gaps: the least one */
    struct code gaps;   /* gaps and deltas */
    uint8_t first_bits; /* of the first one of a block less base */
    uint8_t digits;     /* 0, or how many every integer has */
};

/* Byte strings: sizes and characters. */
struct strings {
    uint64_t least; /* size */
    struct code sizes, suffixes;
    uint8_t low, bits; /* of characters */
};

/* base + digit * 2^low + the low bits; digits are written in groups. */
struct frame {
    uint64_t radix;
    uint8_t low, group;
    uint8_t group_bits; /* that a full group takes */
};

struct fields_column {
    unsigned kind;
    vp_bytes prefix;
    struct integers integers;
    struct strings strings;
    vp_bytes separators;
};

struct values_column {
    unsigned kind;
    struct integers integers;
    struct strings strings;
    struct frame frame;
    uint32_t choices;
    struct reader choices_at; /* sizes and bytes */
};

struct head {
    struct fields_column fields;
    struct values_column values;
    uint64_t count, size;       /* records, and bytes of the whole table */
    uint64_t blocks, per_block; /* and records of each but the last one */
    const uint8_t *bytes;       /* from the first on */
    size_t head_size;           /* with the check */
    size_t checks, index;       /* where they begin */
    bool has_checks;
    bool fixed; /* size of blocks follows from their number of records */
    uint8_t start_bits, key_bits;
    bool both;          /* fields and values have codes, */
    uint8_t split_bits; /* and in so many bits a block says where those of the values begin */
};

/* Cuts the records into blocks, as their number and the kind of the fields say. */
void head_cut(struct head *h);

/* How many records and bits a block has, the latter only of what has a fixed size. */
uint64_t block_records(const struct head *h, uint64_t block);
uint64_t fixed_bits(const struct values_column *v, uint64_t records);

/* Which columns have codes in the blocks; without any, sizes of blocks are fixed. */
bool fields_have_codes(const struct fields_column *f);
bool values_have_codes(const struct values_column *v);

/* The largest number of so many digits, no more than a group has. */
static inline uint64_t frame_largest(const struct frame *f, uint64_t digits) {
    uint64_t largest = 0;
    for (; digits; digits--) largest = largest * f->radix + (f->radix - 1);
    return largest;
}

/* The frame of this radix; false if it is none. */
bool frame_make(struct frame *f, unsigned low, uint64_t radix, unsigned group);

/* Parses as much as there is. VP_OK; VP_ERR_SPACE: bytes of the head are missing, its size is
   head_size, or not known yet if that is 0; VP_ERR_CORRUPT; VP_ERR_UNSUPPORTED. */
int head_parse(struct head *h, vp_bytes bytes);

/* The same of a whole table, and the check of the head. */
int head_open(struct head *h, vp_bytes table);

/* True if the check of a parsed head matches. */
bool head_is_intact(const struct head *h);

/* What the index says of a block: its key is its first field less base, or the end of its separator. */
uint64_t head_key(const struct head *h, uint64_t block);

/* Where a block lies. VP_OK or VP_ERR_CORRUPT. */
int head_block(const struct head *h, uint64_t block, vp_table_range *range);

/* True if these are the bytes of the block. */
bool block_is_intact(const struct head *h, uint64_t block, vp_bytes bytes);

/* The bytes, read as one big-endian number, modulo TABLE_MODULUS. */
uint32_t block_check(vp_bytes bytes);

/* Below 0, 0 or above 0 as a comes before b, is b, or comes behind it. */
static inline int bytes_compare(vp_bytes a, vp_bytes b) {
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common ? memcmp(a.data, b.data, common) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

#endif
