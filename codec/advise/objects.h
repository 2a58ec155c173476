/* JSON objects written otherwise: with shorter names, by position, as MessagePack, as fields of a hash. */
#ifndef VALPACK_ADVISE_OBJECTS_H
#define VALPACK_ADVISE_OBJECTS_H

#include "bytes.h"
#include "json_tokens.h"
#include "valpack_cost.h"

/* The names of members that occur in the samples, of objects at any depth. Only that many names and shapes
   are counted, names of that many bytes, and objects of that many members have a shape. */
struct object_names;
enum { OBJECT_NAMES = 4096, OBJECT_SHAPES = 1024, OBJECT_NAME_BYTES = 255, OBJECT_MEMBERS = 64 };

/* NULL without memory. Free with object_names_free(); NULL is allowed. */
struct object_names *object_names_new(const vp_allocator *allocator);
void object_names_free(struct object_names *names);

/* Counts the names in a value. 1; 0 if it is no JSON object (then nothing is counted); VP_ERR_MEMORY. */
int object_names_add(struct object_names *names, vp_bytes value);

/* After the last value: gives names that many objects have a shorter one, where most is saved the shortest,
   and settles the positions. Returns how many names got a shorter one, or VP_ERR_MEMORY. */
int64_t object_names_settle(struct object_names *names);

/* The i-th of the shorter names with the name that it stands for, as both are spelled in JSON between the
   quotes; false behind the last. */
bool object_code(const struct object_names *names, size_t i, vp_bytes *name, vp_bytes *code);

/* The name of the member at the i-th position, spelled so too; false behind the last. */
bool object_position(const struct object_names *names, size_t i, vp_bytes *name);

/* ---- One value ------------------------------------------------------------------------------ */

enum object_text { OBJECT_TEXT_NONE, OBJECT_TEXT_OBJECT, OBJECT_TEXT_ARRAY };

/* Reads a value, which the functions below then are about and which must live as long. What it is, or
   VP_ERR_MEMORY. */
int object_read(struct object_names *names, vp_bytes value);

/* Each of these returns false when the value is none of theirs or does not fit into `out`: give it as much
   room as may be used, such as the value's own size. */

/* The value with the short names, nothing else changed. Not a value in which a name stands that is the short
   one of another. */
bool object_put_short(const struct object_names *names, struct writer *out);

/*
 * The values of the object's members as an array, in the order of the commonest shape, behind them members
 * that not all objects have. An absent member is null, or nothing at the end. Left alone are objects with a member
 * that has no position, one twice, or null where null means absent.
 */
bool object_put_positions(const struct object_names *names, struct writer *out);

/* The value as MessagePack, as its libraries write what a JSON library read: arrays too. */
bool object_put_msgpack(const struct object_names *names, struct writer *out);

/*
 * Adds each member of the object to a hash: strings as their text, anything else as it is written. false for
 * an object without members or with one twice. Not told apart any more are "1" and 1, null and "null".
 * `text` has room for the size of the value and starts anew.
 */
bool object_add_fields(const struct object_names *names, const vp_server *server, struct writer *text,
                       vp_hash_cost *hash);

/* A walk over the members of the outermost object; begin with token 0 and a writer with room for the
   value. */
struct object_walk {
    struct writer text; /* what had escapes is kept here */
    uint32_t token;
    vp_bytes name, value; /* a string without its quotes and escapes, anything else as it is written */
};

/* True with the next member, false at the end or if the value is no object. */
bool object_next(const struct object_names *names, struct object_walk *walk);

#endif
