/* Writing JSON, as little of it as reports need. Belongs to the layer of bytes.h. */
#ifndef VALPACK_JSON_H
#define VALPACK_JSON_H

#include "bytes.h"

static inline void put_hex_byte(struct writer *w, unsigned byte) {
    static const char digits[] = "0123456789abcdef";
    put_byte(w, (unsigned char)digits[byte >> 4 & 15]);
    put_byte(w, (unsigned char)digits[byte & 15]);
}

/* A string of hexadecimal digits. */
static inline void put_json_hex(struct writer *w, const uint8_t *bytes, size_t size) {
    put_byte(w, '"');
    for (size_t i = 0; i < size; i++) put_hex_byte(w, bytes[i]);
    put_byte(w, '"');
}

/* Bytes inside a string: what is not printable ASCII as the code point of its number (as in
   Latin-1), at most 6 characters a byte. */
static inline void put_json_characters(struct writer *w, const uint8_t *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        unsigned byte = text[i];
        if (byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\') {
            put_byte(w, byte);
        } else {
            put_text(w, "\\u00");
            put_hex_byte(w, byte);
        }
    }
}

static inline void put_json_text(struct writer *w, const uint8_t *text, size_t size) {
    put_byte(w, '"');
    put_json_characters(w, text, size);
    put_byte(w, '"');
}

/* The name of a member and its colon, with a comma before it unless it is the first. */
static inline void put_member(struct writer *w, const char *name) {
    if (w->length && !w->full && w->base[w->length - 1] != '{') put_byte(w, ',');
    put_byte(w, '"');
    put_text(w, name);
    put_text(w, "\":");
}

static inline void put_json_number(struct writer *w, const char *name, uint64_t number) {
    put_member(w, name);
    put_decimal(w, number);
}

/* The text is valid UTF-8 without control characters. */
static inline void put_json_string(struct writer *w, const char *name, const char *text) {
    put_member(w, name);
    put_byte(w, '"');
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\') put_byte(w, '\\');
        put_byte(w, (unsigned char)*c);
    }
    put_byte(w, '"');
}

#endif
