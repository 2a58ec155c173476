/*
 * From sorted records to the smallest table of them: the columns are planned one after the other, each
 * kind that can represent the values is measured by writing it nowhere, and the smallest is kept.
 */
#ifndef VALPACK_TABLE_PLAN_H
#define VALPACK_TABLE_PLAN_H

#include "context.h"
#include "records.h"

struct plan {
    vp_allocator allocator;
    vp_context *context; /* that encodes values */
    struct records *records;
    struct head head;            /* what was planned so far; places are those of the table measured last */
    struct buffer integers;      /* of int64_t: values, if they all are */
    struct buffer numbers;       /* of uint64_t: what a code is chosen for */
    struct buffer starts;        /* of uint64_t: of the blocks, from the first one's begin */
    struct buffer splits;        /* of uint64_t: bits that the codes of fields take, by block */
    struct buffer encoded, ends; /* values as the codec stores them, and where they end (uint64_t) */
    struct buffer choices;       /* of vp_bytes: what values there are, in order */
    struct buffer table;
};

static inline int64_t *plan_integers(const struct plan *p) {
    return (int64_t *)(void *)p->integers.bytes;
}

static inline uint64_t *plan_numbers(const struct plan *p) {
    return (uint64_t *)(void *)p->numbers.bytes;
}

static inline uint64_t *plan_starts(const struct plan *p) {
    return (uint64_t *)(void *)p->starts.bytes;
}

static inline uint64_t *plan_splits(const struct plan *p) {
    return (uint64_t *)(void *)p->splits.bytes;
}

/* A field without the prefix. */
static inline vp_bytes plan_field(const struct plan *p, size_t i) {
    vp_bytes field = record_field(p->records, i);
    size_t before = p->head.fields.prefix.size;
    return (vp_bytes){.data = (const uint8_t *)field.data + before, .size = field.size - before};
}

/* A value as the column of this kind holds it. */
static inline vp_bytes plan_value(const struct plan *p, size_t i) {
    if (p->head.values.kind != VALUES_ENCODED) return record_value(p->records, i);
    const uint64_t *ends = (const uint64_t *)(const void *)p->ends.bytes;
    uint64_t start = i ? ends[i - 1] : 0;
    return (vp_bytes){.data = p->encoded.bytes + start, .size = (size_t)(ends[i] - start)};
}

static inline bool begins_block(const struct plan *p, size_t i) {
    return i % p->head.per_block == 0;
}

/* How many bytes two strings begin with in common. */
size_t shared_size(vp_bytes a, vp_bytes b);

/* Narrows low and bits of characters as they are met: begin with low = 0xFF and high = 0. */
struct characters {
    uint8_t low, high;
};
void characters_meet(struct characters *c, const uint8_t *bytes, size_t size);
void characters_settle(const struct characters *c, struct strings *s);

/* Prefix, kind and parameters of the fields; sorts the records as the column wants them. false without
   memory. */
bool plan_fields(struct plan *p);

/* The smallest column of the values. VP_OK, or what choose() gives. */
int plan_values(struct plan *p);

/* The shortest separator of a block but the first. */
vp_bytes plan_separator(const struct plan *p, uint64_t block);

/* What the number of a delta, in VALUES_GAPS and VALUES_DELTAS, is for a record but the first of a block. */
uint64_t plan_delta(const struct plan *p, size_t i);

/* Measures the table as planned: its size. */
uint64_t plan_measure(struct plan *p);

/* Writes the table measured last into `table`. VP_OK, VP_ERR_LIMIT or VP_ERR_MEMORY. */
int plan_write(struct plan *p);

#endif
