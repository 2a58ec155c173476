/* The way back: from the first byte to the row that wrote it, and through its decoder. */
#ifndef VALPACK_DECODER_H
#define VALPACK_DECODER_H

#include "context.h"

/* Who wrote the data and where its payload lies, from the header alone. */
struct origin {
    const struct encoder *encoder; /* NULL: the value itself lies at payload */
    const void *params;
    const vp_profile *profile; /* NULL for untrained encoders */
    unsigned id;               /* wire number; 0 = raw */
    const uint8_t *payload;
    size_t size;    /* of the payload, without check bytes */
    unsigned skip;  /* bits of the first payload byte that belong to the header */
    unsigned check; /* check bytes after the payload */
};

/* VP_OK, VP_ERR_NO_PROFILE, VP_ERR_UNSUPPORTED or VP_ERR_CORRUPT. */
int find_origin(const vp_codec *c, const uint8_t *data, size_t size, struct origin *origin);

/* Appends the value to out. A status of vp_decode(); VP_ERR_SPACE when out is full. */
int decode_into(vp_context *x, const uint8_t *data, size_t size, struct writer *out);

/* Decodes into a buffer from `start` on, growing it as needed. The size of the value or a status. */
int64_t decode_growing(vp_context *x, struct reader data, struct buffer *buffer, size_t start);

#endif
