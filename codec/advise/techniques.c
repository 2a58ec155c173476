#include "techniques.h"

#define LOSES_STRING                                                                                         \
    "APPEND, GETRANGE, SETRANGE, STRLEN and scripts that look into the values; INCR goes on working, as "    \
    "integers stay as they are"
#define LOSES_READABLE "readers that do not know the new form, and names in monitoring"
#define LOSES_BUCKET                                                                                         \
    "EXPIRE, TTL and eviction of single records; SCAN, KEYS, MGET, DEL, RENAME and notifications by record"

#define VP_TECHNIQUE(identifier, title, kind, loses, how)                                                    \
    const struct technique technique_##identifier = {#identifier, title, kind, loses, how};
#include "techniques.def"
#undef VP_TECHNIQUE

#define VP_TECHNIQUE(identifier, title, kind, loses, how) &technique_##identifier,
const struct technique *const all_techniques[] = {
#include "techniques.def"
    NULL};
#undef VP_TECHNIQUE

advice_maker *const advice_makers[] = {advise_buckets, advise_objects, advise_lossy, advise_encoders, NULL};
