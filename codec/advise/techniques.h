/* The techniques of saving memory, and the functions that find out what each is worth. */
#ifndef VALPACK_ADVISE_TECHNIQUES_H
#define VALPACK_ADVISE_TECHNIQUES_H

#include "advisor.h"

enum technique_kind {
    ONE_RECORD,   /* each record keeps its key */
    MANY_RECORDS, /* a key holds many records */
    LOSSY         /* the values can't be had back */
};

struct technique {
    const char *name, *title;
    enum technique_kind kind;
    const char *loses, *how;
};

/* `technique_NAME` for each row of techniques.def. */
#define VP_TECHNIQUE(identifier, title, kind, loses, how)                                                    \
    extern const struct technique technique_##identifier;
#include "techniques.def"
#undef VP_TECHNIQUE

/* All of them, in the order of techniques.def, then NULL. */
extern const struct technique *const all_techniques[];

/* Each adds the rows of some techniques to the study. VP_OK or VP_ERR_MEMORY. */
typedef int advice_maker(struct study *s);
advice_maker advise_buckets, advise_objects, advise_lossy, advise_encoders;

/* All of them, then NULL. */
extern advice_maker *const advice_makers[];

#endif
