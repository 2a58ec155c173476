/* What the tests of the encoders for long values share: driving one encoder, and values for it. */
#ifndef VALPACK_TESTS_BLOB_CHECK_H
#define VALPACK_TESTS_BLOB_CHECK_H

#include "encoder.h"
#include "train/training.h"

/* One encoder with its working memory. */
struct blob_coder {
    const struct encoder *encoder;
    struct scratch scratch;
    struct settings settings;
    const void *params;
};

void blob_coder_init(struct blob_coder *b, const struct encoder *encoder, const void *params);
void blob_coder_free(struct blob_coder *b);

#define BLOB_NOT_TAKEN SIZE_MAX

/* The size of the payload, or BLOB_NOT_TAKEN. */
size_t blob_encode(struct blob_coder *b, const void *value, size_t size, uint8_t *out, size_t capacity);

/* The status; *decoded is the size of the value. The payload is read from memory of its exact size. */
int blob_decode(struct blob_coder *b, const void *payload, size_t size, struct writer *out);

/* Encodes twice with equal result, decodes into exact and into too little room. The payload's size. */
size_t blob_round_trip(struct blob_coder *b, const void *value, size_t size);

/* Every truncation and bit flip of the payload of this value decodes to a status and stays in its room. */
void blob_damage(struct blob_coder *b, const void *value, size_t size);

/* The params in a section; NULL and the status of loading when it is refused. */
void *blob_load(const struct encoder *encoder, const uint8_t *section, size_t size, int *status);

/* A session in JSON, different for each number; at most 400 bytes. */
size_t blob_session(unsigned number, char *out);

/* Incompressible bytes. */
void blob_noise(uint64_t seed, uint8_t *out, size_t size);

/* `count` sessions as samples of a training with default options. Free with blob_training_free(). */
struct training blob_training(unsigned count);
void blob_training_free(struct training *t);

#endif
