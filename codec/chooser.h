/* Which encoding of a value is stored: the cheapest of those worth trying, or the value itself. */
#ifndef VALPACK_CHOOSER_H
#define VALPACK_CHOOSER_H

#include "context.h"

/* VP_OK, VP_ERR_LIMIT or VP_ERR_MEMORY. */
int choose(vp_context *x, const void *value, size_t size, struct stored *result);

/* The size that one candidate alone needs for a value, header and check bytes included; 0 when it
   can't represent the value or needs more than `limit`. For the trainer's comparison. */
size_t candidate_size(vp_context *x, const struct candidate *candidate, const struct value *v, size_t limit);

#endif
