/*
 * As much JSON as the tool needs: strings to print, and the numbers and names of the library's own
 * reports, which are flat and known.
 */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <stdio.h>

#include "command.h"

/* Prints bytes as a JSON string, quotes included. They must be UTF-8. */
void print_json_string(FILE *stream, struct span text);

bool is_utf8(struct span bytes);

/* The number behind "key": inside [object, end); true and false are 1 and 0. 0 without one. */
uint64_t json_number(const char *object, const char *end, const char *key);

/* The string behind "key":, without its quotes and as it is written; empty without one. */
struct span json_string(const char *object, const char *end, const char *key);

#endif
