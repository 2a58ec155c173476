/* Working memory of one thread that uses a codec. */
#ifndef VALPACK_CONTEXT_H
#define VALPACK_CONTEXT_H

#include "codec.h"

struct vp_context {
    vp_codec *codec;
    struct target target; /* the codec's, with the key that was set for this context */
    struct scratch scratch;
    struct buffer tries[2];   /* the chooser's: best so far, and the one being tried */
    struct buffer results;    /* what vp_..._view and vp_..._many give */
    struct buffer checked;    /* a decoded copy, for VP_OPTION_VERIFY */
    struct buffer records[4]; /* what vp_table_read_all() gives */
};

/* The bytes that a value is stored as; valid until the next call with this context. */
struct stored {
    const uint8_t *bytes;
    size_t size;
    unsigned encoder_id; /* 0 = the value itself, perhaps escaped */
    uint64_t cost;       /* under the context's target */
};

#endif
