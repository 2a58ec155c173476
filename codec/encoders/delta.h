/* Lists of numbers in text, and what a profile knows of them: shared by delta.c, its learned half
   and its trainer. */
#ifndef VALPACK_ENCODERS_DELTA_H
#define VALPACK_ENCODERS_DELTA_H

#include "encoder.h"
#include "encoders/ranges.h"

enum { LIST_STYLES = 8, LIST_MARK_MOST = 32, DELTA_SINGLE = 0, DELTA_LIST = 1 };

struct mark {
    const uint8_t *bytes;
    size_t size;
};

/* How a list is written. Items are canonical integers, or timestamps of one form without offsets. */
struct list_style {
    struct mark open, separator, close;
    bool times;
    uint32_t detail; /* of the form, as in typed_time.c */
};

/* The styles that need no profile, by their wire numbers; of integers. */
struct list_style list_style_by_number(unsigned number);

/* True if lists may have timestamps of this detail. */
bool list_has_times(uint32_t detail);

/* Walks through a list. Numbers are int64 modulo 2^64; those of timestamps below 2^63. */
struct list_walk {
    const struct list_style *style;
    const uint8_t *at, *end;
    size_t item_size; /* of a timestamp */
    bool ended, bad;
};

struct list_walk list_begin(const struct list_style *style, const uint8_t *text, size_t size);

/* The next number; false at the end or when the text is no such list (walk->bad). */
bool list_next(struct list_walk *walk, uint64_t *number);

/* For timestamps: finds the form of the first item. false if there is none. */
bool list_find_times(struct list_style *style, const uint8_t *text, size_t size);

/* Writes a number; false if it is none of the style. */
bool list_put(struct writer *out, const struct list_style *style, uint64_t number);

/* What is to be known of a list for packing it. */
struct list_facts {
    uint64_t count, first;
    int64_t least_value, largest_value, least_step, largest_step; /* steps: differences modulo 2^64 */
    uint64_t varint_bytes;                                        /* of all steps in zigzag */
};

/* false if the text is no list of the style. */
bool list_facts_of(const struct list_style *style, const uint8_t *text, size_t size,
                   struct list_facts *facts);

static inline unsigned bit_width(uint64_t v) {
    unsigned bits = 0;
    for (; v; v >>= 1) bits++;
    return bits;
}

bool delta_learned_fits(const struct value *v, const void *params);
bool delta_learned_encode(struct bit_writer *w, const struct value *v, const void *params);
int delta_learned_decode(struct writer *out, struct bit_reader *in, const void *params);
void *delta_learned_load(struct reader *section, struct loading *l);
void delta_learned_unload(void *params, const vp_allocator *allocator);
void delta_learned_describe(const void *params, struct writer *json);

#endif
