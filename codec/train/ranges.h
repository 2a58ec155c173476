/* Learning ranges of numbers (encoders/ranges.h) from samples. */
#ifndef VALPACK_TRAIN_RANGES_H
#define VALPACK_TRAIN_RANGES_H

#include "encoders/ranges.h"
#include "train/training.h"

/* The numbers that samples of one variant had. */
struct numbers {
    struct wide *items; /* will be sorted */
    size_t count;
    unsigned bits; /* width */
};

/* How many different numbers there are; sorts them. */
size_t distinct_numbers(struct wide *numbers, size_t count);

/* Writes what ranges_load() reads. `rest` is what follows each code, in bits. VP_OK, VP_ERR_MEMORY
   or VP_ERR_NO_SAMPLES. */
int train_ranges(const struct training *t, const struct numbers *variants, unsigned count, size_t rest,
                 struct writer *section);

#endif
