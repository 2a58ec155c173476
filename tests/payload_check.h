/* What the tests of bit-packing encoders share: driving one encoder at any place in the header byte. */
#ifndef VALPACK_TESTS_PAYLOAD_CHECK_H
#define VALPACK_TESTS_PAYLOAD_CHECK_H

#include "encoder.h"
#include "train/training.h"

#define PAYLOAD_NOT_TAKEN SIZE_MAX

/* Encodes behind a header byte of which `free_bits` low bits (0..5) are the payload's; the others are
   zero, and the byte is there also for 0. The size with header, or PAYLOAD_NOT_TAKEN. */
size_t payload_encode(const struct encoder *e, const void *params, unsigned free_bits,
                      const struct sample *value, struct writer *out);

/* Decodes what payload_encode wrote, from memory of its exact size. */
int payload_decode(const struct encoder *e, const void *params, unsigned free_bits, const uint8_t *encoded,
                   size_t size, struct writer *out);

/* Encodes twice with equal result and decodes into exact and too little room. The size with header, or
   PAYLOAD_NOT_TAKEN. */
size_t payload_round_trip(const struct encoder *e, const void *params, unsigned free_bits, const char *text);

/* Every truncation and every bit flip decodes to a status and stays in its room. */
void payload_damage(const struct encoder *e, const void *params, unsigned free_bits, const char *text);

/* payload_encode of a text gives exactly these bytes, header first, and they decode to the text. */
void payload_is(const struct encoder *e, const void *params, unsigned free_bits, const char *text,
                const void *expected, size_t size);

/* A payload behind a header of 0 free bits decodes to this status. */
void payload_decodes_to(const struct encoder *e, const char *payload, size_t size, int status);

/* The params in a section copied to memory of its exact size, which *copy gets; NULL when refused. */
void *payload_load(const struct encoder *e, const uint8_t *section, size_t size, uint8_t **copy);

/* Every truncation of a section is refused; every byte changed in several ways is refused or harmless
   for these texts. */
void payload_damage_section(const struct encoder *e, const uint8_t *section, size_t size,
                            const char *const *texts);

/* A training with `count` samples of NUL-terminated text, each `stride` bytes behind the one before. */
struct training payload_training(const char *texts, size_t stride, size_t count);
void payload_training_free(struct training *t);

#endif
