/*
 * The tokens of MessagePack and a bounded walk over them. What comes from outside passes here before
 * msgpack-c sees it: version 4.0.0 reserves gigabytes for five hostile bytes.
 */
#ifndef VALPACK_ENCODERS_MSGPACK_SCAN_H
#define VALPACK_ENCODERS_MSGPACK_SCAN_H

#include "bytes.h"

enum { MSGPACK_DEPTH = 32 }; /* containers in containers; as deep as msgpack-c goes */

enum msgpack_kind {
    MSGPACK_KIND_SIMPLE, /* nil, false, true */
    MSGPACK_KIND_INTEGER,
    MSGPACK_KIND_FLOAT,
    MSGPACK_KIND_STRING,
    MSGPACK_KIND_BINARY,
    MSGPACK_KIND_EXTENSION,
    MSGPACK_KIND_ARRAY,
    MSGPACK_KIND_MAP
};

struct msgpack_token {
    enum msgpack_kind kind;
    const uint8_t *start; /* all of its bytes; for a container the head alone */
    size_t size;
    const uint8_t *body; /* of a string, binary, float or extension */
    size_t body_size;
    uint64_t count;  /* members of a container, pairs of a map */
    uint8_t type;    /* of an extension */
    bool is_minimal; /* could not have been spelled shorter */
};

/* The next token; false at the end or for what is none (0xC1, cut off). */
bool take_msgpack_token(struct reader *r, struct msgpack_token *token);

/* True if the bytes are exactly one object, no deeper than MSGPACK_DEPTH, every count within what the
   bytes can hold, and if `accepts` takes each token; is_key says that the token is a key of a map. */
typedef bool (*msgpack_accepts)(const struct msgpack_token *token, bool is_key);
bool msgpack_scan(const uint8_t *bytes, size_t size, msgpack_accepts accepts);

#endif
