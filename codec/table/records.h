/* The records of a table under construction: what was put, in the order it was put, until merged. */
#ifndef VALPACK_TABLE_RECORDS_H
#define VALPACK_TABLE_RECORDS_H

#include "head.h"
#include "memory.h"

enum record_kind { RECORD_PUT, RECORD_ADDED, RECORD_REMOVED };

struct record {
    uint64_t field_at, value_at; /* in the bytes */
    uint32_t field_size, value_size;
    int64_t integer; /* the field, if it is one */
    bool is_integer; /* canonical */
    uint8_t kind;
};

enum record_order {
    ORDER_ANY,      /* canonical integers by size, then others by their bytes */
    ORDER_INTEGERS, /* all by `integer` */
    ORDER_BYTES
};

struct records {
    vp_allocator allocator;
    struct buffer all, sorted; /* of struct record; the second for sorting */
    size_t count;
    struct buffer bytes;
    size_t bytes_used;
    bool duplicate; /* one that was added was there already */
};

static inline struct record *record_at(const struct records *r, size_t i) {
    return (struct record *)(void *)r->all.bytes + i;
}

static inline vp_bytes record_field(const struct records *r, size_t i) {
    const struct record *one = record_at(r, i);
    return (vp_bytes){.data = r->bytes.bytes + one->field_at, .size = one->field_size};
}

static inline vp_bytes record_value(const struct records *r, size_t i) {
    const struct record *one = record_at(r, i);
    return (vp_bytes){.data = r->bytes.bytes + one->value_at, .size = one->value_size};
}

/* VP_OK, VP_ERR_LIMIT or VP_ERR_MEMORY. */
int records_add(struct records *r, enum record_kind kind, vp_bytes field, vp_bytes value);

/* One record for each field, the last one put, in ORDER_ANY; none for those taken away. false without memory. */
bool records_merge(struct records *r);

/* Merges, and frees what no record has any more. false without memory. */
bool records_compact(struct records *r);

/* Sorts, stable. false without memory. */
bool records_sort(struct records *r, enum record_order order);

void records_free(struct records *r);

#endif
