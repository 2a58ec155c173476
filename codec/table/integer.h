/* Integers of packed tables: canonical decimals, or with a fixed number of digits. */
#ifndef VALPACK_TABLE_INTEGER_H
#define VALPACK_TABLE_INTEGER_H

#include "valpack.h"

#include <stdbool.h>
#include <stdint.h>

/* False if the text is not the only spelling of an integer: canonical for 0 digits, otherwise of
   so many digits, 1 .. 18. */
bool integer_parse(vp_bytes text, unsigned digits, int64_t *integer);

/* Writes at most 20 characters and returns their number; 0 for an integer that does not fit the digits. */
size_t integer_text(int64_t integer, unsigned digits, uint8_t *out);

#endif
