/*
 * Templates of values: a sequence of literal pieces and fields. A value that follows a template is
 * as many numbers as the template has fields, its ranks; commoner spellings of a field have smaller
 * ranks where that was learned.
 *
 * In a profile, all numbers as varints:
 *     template  = count of pieces, pieces
 *     piece     = kind, then
 *       LITERAL:  size, bytes
 *       CHOICE:   count of options, each as size and bytes; the rank is the index of the option
 *       others:   count f of favourites, each as an ordinal
 * A field of digits has an ordinal:
 *     INTEGER   no zero in front; its value
 *     DIGITS    any; shorter ones first, then by value: 0..9, 00..99, 000..
 *     FRACTION  does not end in 0 unless it is "0"; the same order: 0..9, 01..09, 11..19, ...
 * A favourite's rank is its position; all other ordinals follow from rank f in ascending order.
 */
#ifndef VALPACK_TEMPLATES_H
#define VALPACK_TEMPLATES_H

#include "bytes.h"
#include "encoder.h"

enum piece_kind { PIECE_LITERAL, PIECE_CHOICE, PIECE_INTEGER, PIECE_DIGITS, PIECE_FRACTION, PIECE_KINDS };

enum {
    TEMPLATE_FIELDS = 40, /* most fields of a template */
    TEMPLATE_PIECES = 96, /* most pieces */
    RUN_DIGITS = 19,      /* longest run of digits of a field */
    PIECE_ITEMS = 4096    /* most options or favourites of a piece */
};

struct text {
    const uint8_t *bytes;
    size_t size;
};

struct piece {
    enum piece_kind kind;
    size_t count;         /* of texts or favourites */
    struct text *texts;   /* the literal, or the options */
    uint64_t *favourites; /* ordinals by rank */
    struct favourite {
        uint64_t ordinal, rank;
    } * sorted; /* by ordinal */
};

struct template {
    struct piece *pieces;
    size_t piece_count, field_count;
    size_t widest; /* no value that follows the template is longer */
};

/* The ordinal of a run of 1..RUN_DIGITS digits; false if it is not of this kind. */
bool digits_ordinal(enum piece_kind kind, const uint8_t *digits, size_t size, uint64_t *ordinal);

/* How many runs of at most `digits` digits there are, 1 <= digits <= RUN_DIGITS. */
uint64_t digits_ordinals(enum piece_kind kind, size_t digits);

/* How many ranks a field has; every rank below it can be printed. */
uint64_t piece_ranks(const struct piece *p);

/* Takes a value apart. One way only: runs of digits and options are taken as long as possible. */
bool template_parse(const struct template *t, const uint8_t *bytes, size_t size, uint64_t *ranks);

/* The value with these ranks; writes at most `widest` bytes and returns how many. */
size_t template_print(const struct template *t, const uint64_t *ranks, uint8_t *out);

/* Room for this many favourites of a field without any; false without memory. */
bool piece_set_favourites(struct piece *p, size_t count, const vp_allocator *allocator);

/* Makes `sorted` from `favourites`. false if one is there twice. */
bool piece_sort_favourites(struct piece *p);

/* Writes what template_load() reads. */
void template_save(const struct template *t, struct writer *section);

/* Reads and verifies a template. false after loading_fails(); free it then too. */
bool template_load(struct template *t, struct reader *section, struct loading *l);
void template_free(struct template *t, const vp_allocator *allocator);

/* A JSON string that shows the literals, options and favourites. */
void template_describe(const struct template *t, struct writer *json);

#endif
