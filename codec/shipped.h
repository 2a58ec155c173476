/* The profiles that ship inside the library; the table is made at build time from dicts/. */
#ifndef VALPACK_SHIPPED_H
#define VALPACK_SHIPPED_H

#include "valpack.h"

struct shipped_profile {
    const char *name;
    const char *about;   /* a JSON object: dicts/shipped.jsonl, the row of this name */
    const uint8_t *data; /* the bytes of dicts/NAME.vpp */
    size_t size;
};

/* In the order of listing; a row without a name ends the table. */
extern const struct shipped_profile shipped_profiles[];
extern const size_t shipped_profile_count;

#endif
