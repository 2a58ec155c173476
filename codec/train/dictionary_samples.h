/* Samples in the form that trainers of dictionaries want: one after the other, with their sizes. */
#ifndef VALPACK_TRAIN_DICTIONARY_SAMPLES_H
#define VALPACK_TRAIN_DICTIONARY_SAMPLES_H

#include "training.h"

struct flat_samples {
    uint8_t *bytes;
    size_t *sizes;
    size_t count, total; /* of samples, of bytes */
};

/* Which samples: all, or every fourth held back to measure with, or those held back. */
enum sample_part { SAMPLES_ALL, SAMPLES_LEARN, SAMPLES_MEASURE };

/* Copies the samples of 1 byte to 128 KiB, thinned out evenly to at most `most` bytes. false without
   memory. Free with flat_samples_free(), also then. */
bool flat_samples_of(const struct training *t, enum sample_part part, size_t most, struct flat_samples *flat);
void flat_samples_free(const struct training *t, struct flat_samples *flat);

/* Fills `content` with whole samples, evenly spread over all of them. Returns the bytes used. */
size_t spread_samples(const struct flat_samples *flat, uint8_t *content, size_t capacity);

#endif
