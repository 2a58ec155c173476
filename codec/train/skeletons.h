/* Finds templates in samples: values whose words, runs of digits and other characters follow one
   another in the same way. */
#ifndef VALPACK_TRAIN_SKELETONS_H
#define VALPACK_TRAIN_SKELETONS_H

#include "templates.h"
#include "training.h"

enum token_kind { TOKEN_OTHER, TOKEN_WORD, TOKEN_NUMBER };

struct token {
    uint8_t kind;
    bool minus; /* a sign stands in front, not counted in at and size */
    uint16_t at, size;
};

enum { SKELETON_TOKENS = 64 };

/* The tokens of a value, or 0 if it can't be told by a template. */
size_t split_tokens(const struct sample *s, struct token *tokens);

/* Samples with one skeleton: numbers of samples in an array of all. */
struct skeleton {
    const uint32_t *samples;
    size_t count;
};

/* A template for the samples of a skeleton, its texts pointing into the samples. false if there is
   none that pays, or no memory; free it in any case. */
bool draft_template(struct template *t, const struct training *training, const struct skeleton *skeleton);

/* Gives a field the ordinals that stand out among those of the samples, for which the array is
   sorted. `ordinals` is used up. false without memory. */
bool choose_favourites(struct piece *p, uint64_t *ordinals, size_t count, const struct training *training);

#endif
