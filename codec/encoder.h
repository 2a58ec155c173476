/*
 * The table of ops that every encoder fills in, and what an encoder gets to work with.
 *
 * An encoder is one file in encoders/ and one row in registry.def. It never sees the header: it
 * writes its payload as bits into a bit writer that may start in the middle of the first byte, and
 * reads it back from a bit reader that starts at the same place. An encoder that thinks in bytes
 * says so (`bytewise`) and is always started at a byte.
 */
#ifndef VALPACK_ENCODER_H
#define VALPACK_ENCODER_H

#include "bytes.h"
#include "scratch.h"
#include "target.h"
#include "value.h"

/* Wire numbers, from registry.def: pinned, below 32, never reused. */
enum encoder_id {
#define VP_ENCODER(number, identifier, system_code) ENCODER_ID_##identifier = number,
#include "registry.def"
#undef VP_ENCODER
    ENCODER_ID_LIMIT = 32
};

/* Options of the codec that encoders may look at. */
struct settings {
    uint64_t max_decoded; /* bytes */
    uint32_t preset;      /* enum vp_preset */
    uint32_t zstd_level;  /* 0 = default effort */
    uint32_t lz4_margin;  /* percent */
    uint32_t encoders;    /* bit i: encoder i may be used for writing */
    bool encode_integers, write_raw, verify;
    struct target target;
};

/* What an encoder gets besides the value or the payload. */
struct coding {
    const void *params; /* what load() made of a profile's section; NULL outside a profile */
    struct scratch *scratch;
    const struct settings *settings;
};

/* What load() gets besides the section. On failure it names the problem with loading_fails(). */
struct loading {
    vp_allocator allocator;
    int status;          /* VP_OK until something is wrong */
    const char *problem; /* static text */
    const uint8_t *where;
};

/* Notes the first problem and where; returns NULL, so that load() can end with it. */
void *loading_fails(struct loading *l, int status, const uint8_t *where, const char *problem);

/* About what coding takes, in nanoseconds where zstd at level 3 with a dictionary takes 700 a value and 4
   a byte: for a value, for 16 bytes of it, and for each of the symbols it is coded as (op symbols()).
   Zeros: nothing beside that. The trainer weighs it against the bytes saved. */
struct encoder_work {
    uint16_t value, bytes, symbol;
};

struct encoder {
    const char *name;  /* stable: shown by inspect, bench and bindings */
    bool bytewise;     /* payload starts at a byte; owns a part of one code */
    bool fast;         /* allowed under VP_PRESET_FAST */
    bool needs_params; /* trained: useless outside a profile */
    struct encoder_work work;

    /* How many symbols a value is coded as. NULL: what coding takes does not depend on it. */
    uint32_t (*symbols)(const struct value *v, const struct coding *c);

    /* Cheap: false = surely not mine. */
    bool (*fits)(const struct value *v, const void *params);

    /* Writes the payload of v. false = can't represent v (or no memory). Running out of room is
       not its business: the writer remembers that, and stopping early is allowed. */
    bool (*encode)(struct bit_writer *w, const struct value *v, const struct coding *c);

    /* Reads a payload, all of it, and writes the value. VP_OK, VP_ERR_CORRUPT, VP_ERR_MEMORY, or
       VP_ERR_SPACE when the writer is full. Must accept only what encode() of some version writes
       or could have written, check every length, and use the input up exactly. */
    int (*decode)(struct writer *out, struct bit_reader *in, const struct coding *c);

    /* The parameters in a profile's section, verified completely; the section's bytes live as long
       as the result. NULL after loading_fails(). NULL here: no learned parameters. */
    void *(*load)(struct reader *section, struct loading *l);
    void (*unload)(void *params, const vp_allocator *allocator);

    /* Members of a JSON object about params, such as "entries":12 (no braces, no trailing comma). */
    void (*describe)(const void *params, struct writer *json);

    /* NULL, or writes members of a JSON object that tell what each part of a payload costs and stands
       for. The payload has been decoded to this value. What is written is bounded by the sizes of
       value and params. false without memory. */
    bool (*explain)(struct writer *json, struct bit_reader *in, struct reader value, const struct coding *c);
};

/* Every row of registry.def, by wire number; NULL for a number without a row. */
const struct encoder *encoder_by_id(unsigned id);

/* The encoder that owns a system code 0xF5..0xFD, and the code that an encoder owns (0 = none). */
const struct encoder *encoder_by_system_code(unsigned code);
unsigned system_code_of(unsigned id);

#endif
