/* The first byte of what is stored. Its only owner: nobody else knows these numbers. */
#ifndef VALPACK_HEADER_H
#define VALPACK_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HEADER_PROFILE_FIRST = 0x80, /* 0x80-0xBF: codes of profiles */
    HEADER_PROFILE_LAST = 0xBF,
    HEADER_ESCAPE = 0xC0,   /* the rest is the value */
    HEADER_EXTENDED = 0xC1, /* encoder number, first code of a profile, payload */
    HEADER_TABLE = 0x40,    /* in place of an encoder number: a packed table */
    HEADER_SYSTEM_FIRST = 0xF5,
    HEADER_SYSTEM_LAST = 0xFD,
    HEADER_LARGEST = 3 /* bytes of the longest header */
};

enum header_kind {
    HEADER_IS_VALUE,
    HEADER_IS_ESCAPE,
    HEADER_IS_EXTENDED,
    HEADER_IS_SYSTEM,
    HEADER_IS_PROFILE
};

/* What the first byte of stored data says; data of 0 bytes is a value. */
enum header_kind header_kind_of(uint8_t first);

/* True if a value that begins with this byte can't be stored as it is. */
static inline bool header_needs_escape(const uint8_t *value, size_t size) {
    return size > 0 && header_kind_of(value[0]) != HEADER_IS_VALUE;
}

#endif
