/* A profile: what was learned from samples of one keyspace. Loaded, verified once, then read only. */
#ifndef VALPACK_PROFILE_H
#define VALPACK_PROFILE_H

#include "encoder.h"
#include "valpack.h"

#include <stdatomic.h>

enum {
    PROFILE_HEADER = 16,  /* bytes before the first section */
    PROFILE_SECTION = 8,  /* bytes of a section's head: kind, 3 zero bytes, length */
    PROFILE_CHECKSUM = 8, /* bytes at the end */
    PROFILE_NAME_LARGEST = 64,
    PROFILE_WIDTH_BITS = 5, /* at most 32 codes */
    PROFILE_ROWS = 16,
    PROFILE_CHECK_LARGEST = 4,
    SECTION_META = 1,
    SECTION_POLICY = 2,
    SECTION_ENCODER = 16 /* + wire number of the encoder */
};

/* How the payloads of a row are marked. Numbers are those of the file. */
enum row_form {
    ROW_SYSTEM = 0,  /* the encoder's system code; no parameters */
    ROW_CODES = 1,   /* a part of the profile's codes */
    ROW_EXTENDED = 2 /* the extended header */
};

/* One encoder that is worth trying; rows stand in the order of trying. */
struct profile_row {
    const struct encoder *encoder;
    const void *params; /* NULL under a system code */
    uint8_t id;         /* wire number of the encoder */
    uint8_t form;       /* enum row_form */
    uint8_t offset;     /* of the part's first code within the range */
    uint8_t bits;       /* the part is 2^bits codes wide */
    uint8_t enough;     /* stop trying when encoded <= raw * enough / 256; 0 = never */
};

/* What the trainer saw; for people, and to tell values unlike the samples. */
struct provenance {
    uint64_t date, samples, sample_bytes, held_out_values, held_out_raw, held_out_encoded;
};

struct vp_profile {
    vp_allocator allocator;
    atomic_size_t references;
    uint8_t *file; /* own copy */
    size_t file_size;
    uint64_t fingerprint;
    uint32_t first_code, width_bits, check, margin;
    char name[PROFILE_NAME_LARGEST + 1];
    struct provenance provenance;
    struct profile_row rows[PROFILE_ROWS];
    unsigned row_count;
    void *params[ENCODER_ID_LIMIT]; /* by wire number */
};

/* Where and why loading failed. */
struct profile_problem {
    size_t offset;
    const char *text; /* static */
};

/* As vp_profile_load(), and says what is wrong. */
int profile_load(const void *data, size_t size, vp_allocator allocator, vp_profile **profile,
                 struct profile_problem *problem);

/* The row whose part holds this first byte, or the row of this encoder in extended form; NULL = none. */
const struct profile_row *profile_row_of_code(const vp_profile *p, unsigned code);
const struct profile_row *profile_row_extended(const vp_profile *p, unsigned encoder_id);

static inline bool profile_owns(const vp_profile *p, unsigned code) {
    return code >= p->first_code && code - p->first_code < 1u << p->width_bits;
}

/* ---- Writing, for the trainer --------------------------------------------------------------- */

struct profile_plan {
    const char *name;
    size_t name_size;
    uint32_t first_code, width_bits, check, margin;
    struct provenance provenance;
    const struct profile_row *rows; /* encoder and params are not looked at */
    unsigned row_count;
    const uint8_t *sections[ENCODER_ID_LIMIT]; /* by wire number; NULL = none */
    size_t section_sizes[ENCODER_ID_LIMIT];
};

void profile_write(struct writer *w, const struct profile_plan *plan);

/* True if a range may begin at this code: within 0x80..0xBF and a multiple of the width. */
bool profile_range_valid(uint32_t first_code, uint32_t width_bits);

#endif
