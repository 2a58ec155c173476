/*
 * JSON text to MessagePack and back, byte for byte.
 *
 * MessagePack holds what the text says; a style says how it was spelled. Whatever the style can't
 * say (mixed spacing, an escape that was not needed) shows when the result is rendered and compared.
 */
#ifndef VALPACK_ENCODERS_JSON_TEXT_H
#define VALPACK_ENCODERS_JSON_TEXT_H

#include "bytes.h"

#include <msgpack.h>

/* What follows ',' and ':', and where lines break. */
enum json_layout {
    JSON_COMPACT,      /* "," and ":" */
    JSON_SPACED,       /* ", " and ": " */
    JSON_SPACED_COLON, /* "," and ": " */
    JSON_SPACED_COMMA, /* ", " and ":" */
    JSON_INDENT_2,     /* lines, 2 spaces a level, ": "; empty containers in one line */
    JSON_INDENT_4,
    JSON_INDENT_TAB,
    JSON_LAYOUTS
};

/* A style is a layout and these bits. */
enum json_style {
    JSON_STYLE_LAYOUT = 7,
    JSON_ESCAPED_SLASH = 1 << 3,     /* "\/" */
    JSON_ESCAPED_NON_ASCII = 1 << 4, /* "\u00e9" */
    JSON_UPPER_HEX = 1 << 5,         /* "\u00E9" */
    JSON_ESCAPED_HTML = 1 << 6,      /* "\u003c" for < > &, "\u2028" and "\u2029" */
    JSON_FINAL_NEWLINE = 1 << 7,
    JSON_LONG_CONTROLS = 1 << 8, /* "\u0008" and "\u000c", not "\b" and "\f" */
    JSON_BASE_SHIFT = 9,         /* five bits: how many levels deeper than its text the indentation begins */
    JSON_BASE_MOST = 31,
    JSON_STYLES = 1 << 14
};

/* Extension types of MessagePack. A decimal's body is its digits, big-endian, in as few bytes as give
   the shortest token; its type is the scale, plus 32 if negative. */
enum {
    JSON_EXT_NEGATIVE = 32,
    JSON_EXT_DECIMALS = 64,
    JSON_EXT_NUMBER = 127 /* the spelling itself, of a number that is odd */
};

/* Memory for json_pack(): room for json_count_limit() counts, and as many bytes as the text has. */
struct json_workspace {
    uint32_t *counts;
    uint8_t *text;
};

/* Containers in a text of this size, the unfinished ones of a bad text included. */
static inline size_t json_count_limit(size_t size) {
    return size / 2 + 40;
}

/* Packs an array or object. false for what is no JSON, too deep, or something else than a container.
   The packer's own failures are its writer's. */
bool json_pack(struct reader text, msgpack_packer *packer, struct json_workspace work, unsigned *style);

/* Packs a decimal as an extension. */
struct decimal;
void json_pack_decimal(msgpack_packer *packer, const struct decimal *d);

/* The decimal in the body of an extension; false if json_pack_decimal() would not have packed it so. */
bool json_decimal_of(uint8_t type, const uint8_t *body, size_t size, struct decimal *d);

/* True for the spelling of a number that is neither a 64-bit integer nor a decimal: "1e5", "-0". */
bool json_is_odd_number(const uint8_t *text, size_t size);

/* Writes the text of what json_pack() packed. false for objects that it would not have packed. */
bool json_render(struct writer *w, const msgpack_object *object, unsigned style);

#endif
