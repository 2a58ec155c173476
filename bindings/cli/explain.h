/* The library's explanation of a value as a table. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

/* Prints the JSON object [json, end) of vp_explain_view(), which a NUL follows. */
void print_explanation(const char *json, const char *end);

#endif
