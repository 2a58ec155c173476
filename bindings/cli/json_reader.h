/*
 * A look into JSON that the library wrote, nested as it is. Values are told by the place where their text
 * begins; the text ends with NUL and is well-formed.
 */
#ifndef CLI_JSON_READER_H
#define CLI_JSON_READER_H

#include "command.h"

/* The value of an object's member, NULL without one. */
const char *json_member(const char *object, const char *name);

/* The first element of an array (previous is NULL) or the one behind another; NULL at the end. */
const char *json_element(const char *array, const char *previous);

/* Where the value ends. */
const char *json_end(const char *value);

/* A number, true as 1; `missing` for null, for anything else, and for no value (NULL). */
double json_real(const char *value, double missing);

/* A string without its quotes and escapes, cut to fit; "" for anything else. Code points above 0x7F come as
   UTF-8. */
void json_words(const char *value, char *words, size_t room);

#endif
