/* What each symbol of a payload of the model encoder stands for, and what it costs. */
#ifndef VALPACK_MODEL_EXPLAIN_H
#define VALPACK_MODEL_EXPLAIN_H

#include "encoder.h"

bool model_explain(struct writer *json, struct bit_reader *in, struct reader value, const struct coding *c);

#endif
