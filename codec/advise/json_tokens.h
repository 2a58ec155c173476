/* The tokens of a JSON text, in one bounded pass: hostile text has none. */
#ifndef VALPACK_ADVISE_JSON_TOKENS_H
#define VALPACK_ADVISE_JSON_TOKENS_H

#include "bytes.h"
#include "memory.h"

enum { JSON_DEPTH = 32, JSON_LARGEST = 1 << 20 };

enum json_kind {
    JSON_OBJECT,
    JSON_ARRAY,
    JSON_NAME, /* of a member; its value is the next token */
    JSON_STRING,
    JSON_NUMBER,
    JSON_NULL,
    JSON_TRUE,
    JSON_FALSE
};

struct json_token {
    uint32_t start, size; /* in the text: a container with all in it, names and strings without quotes */
    uint32_t next;        /* the token behind this one and all in it */
    uint32_t count;       /* members of a container */
    uint8_t kind;         /* of enum json_kind */
    bool escaped;         /* a name or string with a backslash in it */
};

struct json_tokens {
    const uint8_t *text; /* the caller's */
    size_t size;
    struct buffer room;
    uint32_t count;
};

static inline const struct json_token *json_token_at(const struct json_tokens *tokens, uint32_t index) {
    return (const struct json_token *)(const void *)tokens->room.bytes + index;
}

/*
 * Reads a text that is one array or object (RFC 8259), with white space around it, no deeper than
 * JSON_DEPTH. VP_OK with at least one token; VP_ERR_NOT_FOUND for any other text; VP_ERR_MEMORY. The text
 * must live as long as the tokens are used.
 */
int json_tokenize(struct json_tokens *tokens, const vp_allocator *allocator, const void *text, size_t size);

/* Writes what stands between the quotes of a name or string without escapes. Lone surrogates become what
   UTF-8 would be for them. */
void json_unescape(struct writer *w, const struct json_tokens *tokens, const struct json_token *token);

#endif
