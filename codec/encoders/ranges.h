/*
 * Numbers written short where samples were dense: a learned list of ranges.
 *
 * A profile divides the numbers it expects into ranges of 2^n numbers and ranks them by how many
 * samples fell into each, per number. The code of a number is its place when all ranges stand one
 * behind the other in this order, so that likely numbers get small codes. A code takes as few bytes
 * as it can: with k bits free in the header byte, codes 0 .. 2^k - 1 take no further byte, the next
 * 2^(k+8) one, and so on, each length counting from where the shorter ones end. The decoder knows
 * the length, so no bit is spent on it and no padding is left.
 *
 * Numbers may be of several variants (spellings of an identifier, lengths of an address); each has
 * ranges of its own, and all share one ranking.
 */
#ifndef VALPACK_ENCODERS_RANGES_H
#define VALPACK_ENCODERS_RANGES_H

#include "encoder.h"
#include "encoders/wide.h"

enum { RANGES_MOST = 4096 };

struct range {
    struct wide start; /* a multiple of the size */
    struct wide code;  /* of its first number */
    uint8_t variant, size_log2;
};

struct ranges {
    struct range *by_start; /* in order of variant and start */
    uint16_t *by_code;      /* their indices in order of code */
    unsigned count;
    struct wide codes; /* how many there are */
};

/* The code of a number of a variant; false if it lies in no range. */
bool ranges_encode(const struct ranges *r, unsigned variant, struct wide number, struct wide *code);

/* The number and variant of a code; false if there is none. */
bool ranges_decode(const struct ranges *r, struct wide code, unsigned *variant, struct wide *number);

/* Writes a code and leaves room for `rest` bits, which must follow: together they end at a byte. */
void put_code(struct bit_writer *w, struct wide code, size_t rest);

/* Reads what put_code wrote; bad when there are fewer bits left than `rest`. */
struct wide take_code(struct bit_reader *in, size_t rest);

/*
 * Section: for each variant the number of its ranges (varint), then for each of them in order of
 * start: log2 of its size (byte), the distance from the first possible start behind the range before
 * in units of its size (varint of up to 128 bits), its rank (2 bytes). Ranks are 0, 1, 2 ...
 * bits[v] is the width of the numbers of variant v. false after loading_fails().
 */
bool ranges_load(struct ranges *r, struct reader *section, struct loading *l, const uint8_t *bits,
                 unsigned variants);
void ranges_free(struct ranges *r, const vp_allocator *allocator);

#endif
