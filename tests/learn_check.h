/* What the tests of trainers share: learning from generated texts, and trying the result on others. */
#ifndef VALPACK_TESTS_LEARN_CHECK_H
#define VALPACK_TESTS_LEARN_CHECK_H

#include "payload_check.h"

enum { LEARN_TEXT = 128, LEARN_SECTION = 1 << 18 };

/* Writes one NUL-terminated text of fewer than LEARN_TEXT bytes. */
typedef void text_maker(uint64_t *random, char *text);

/* A trainer with the encoder that it learns for. */
struct learner {
    const struct encoder_trainer *trainer;
    const struct encoder *encoder;
    unsigned variant;
};

/* Learns from 2000 texts, twice with equal result, and round-trips 2000 others behind 4 bits of a header.
   At least `taken_percent` of them must be taken; returns bytes of the taken times 100 / encoded bytes. */
uint64_t learn_and_try(const struct learner *l, text_maker *make, unsigned taken_percent);

/* Learns from these samples and returns the status; what was learned must load. */
int learn_status(const struct learner *l, const struct sample *samples, size_t count);

/* Odd samples, few samples and every allocation failing once: a section that loads, or a status. */
void learn_from_odd_samples(const struct learner *l, text_maker *make);

#endif
