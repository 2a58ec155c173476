/* What the files of objects.h share. */
#ifndef VALPACK_ADVISE_OBJECT_NAMES_H
#define VALPACK_ADVISE_OBJECT_NAMES_H

#include "../train/number_map.h"
#include "objects.h"

enum {
    CODE_DIGITS = 62,                                /* [a-zA-Z0-9] */
    CODES = CODE_DIGITS + CODE_DIGITS * CODE_DIGITS, /* of one and of two characters */
    NO_CODE = 0xFFFF,
    NO_POSITION = 0xFFFF
};

struct object_name {
    uint32_t start, size; /* in the texts of all names, as spelled */
    uint64_t occurrences; /* at any depth */
    uint64_t members;     /* of an outermost object */
    uint16_t code;        /* NO_CODE: it stays */
    uint16_t position;    /* NO_POSITION: none */
    bool was_null;        /* as a member of an outermost object */
    char short_name[2];
};

/* A set of names of an outermost object, in the order of the first object that had it. */
struct object_shape {
    uint64_t objects;
    uint16_t count, names[OBJECT_MEMBERS];
};

struct object_names {
    vp_allocator allocator;
    struct json_tokens tokens; /* of the value read last */
    struct number_map numbers; /* of names, by a hash of theirs */
    struct object_name names[OBJECT_NAMES];
    struct buffer texts;
    size_t texts_size;
    struct number_map shape_numbers;
    struct object_shape shapes[OBJECT_SHAPES];
    uint64_t objects;
    uint16_t coded[OBJECT_NAMES], coded_count; /* names with a code, most saved first */
    uint16_t positions[OBJECT_MEMBERS], position_count;
    bool is_code[CODES]; /* given to some name */
};

/* The name that a token is, NULL if it was not counted. */
const struct object_name *object_name_of(const struct object_names *names, const struct json_token *token);

/* The number of the code that these bytes are, NO_CODE if none; and the bytes of a code. */
unsigned object_code_of(const uint8_t *text, size_t size);
size_t object_code_text(unsigned code, char text[2]);

#endif
