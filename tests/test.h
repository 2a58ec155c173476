/* What the tests share: random numbers, values of every kind, guard pages, a counting allocator,
   and profiles and codecs in few words. */
#ifndef VALPACK_TESTS_TEST_H
#define VALPACK_TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "valpack.h"
#include "valpack_train.h"

struct bytes {
    uint8_t *at;
    size_t size;
};

/* ---- Random numbers: the same on every machine ---------------------------------------------- */

uint64_t random_next(uint64_t *state);
uint64_t random_below(uint64_t *state, uint64_t limit); /* 0 .. limit-1 */
void random_fill(uint64_t *state, uint8_t *out, size_t size);

/* ---- Values (generate.c) -------------------------------------------------------------------- */

enum value_kind {
    VALUE_SESSION, /* JSON */
    VALUE_EMAIL,
    VALUE_URL,
    VALUE_TEXT,
    VALUE_UTF8,
    VALUE_COUNTRY,
    VALUE_INTEGER,
    VALUE_PRICE, /* decimals of two places */
    VALUE_PADDED,
    VALUE_TIMESTAMP,
    VALUE_UUID,
    VALUE_IPV4,
    VALUE_DIGEST, /* hexadecimal */
    VALUE_MOVES,  /* base 3 */
    VALUE_TOKEN,  /* base64url */
    VALUE_LIST,   /* of integers */
    VALUE_RUNS,
    VALUE_GROUPS, /* the same few bytes again and again */
    VALUE_NOISE,
    VALUE_HOSTILE, /* almost of another kind: spoiled at one place, or with an odd first byte */
    VALUE_KINDS
};

enum { VALUE_ROOM = 1024 };

const char *kind_name(enum value_kind kind);

/* Writes one value of at most VALUE_ROOM bytes and returns its size. */
size_t make_value(enum value_kind kind, uint64_t *random, uint8_t *out);

/* A value of exactly `size` bytes, put together from values of one kind. */
void make_long_value(enum value_kind kind, uint64_t *random, uint8_t *out, size_t size);

/* ---- Guard pages (guard.c) ------------------------------------------------------------------ */

/* Memory between two inaccessible pages: a touch outside ends the test. */
struct guard {
    uint8_t *bytes;
    size_t size; /* whole pages */
};

struct guard guard_new(size_t at_least);
void guard_free(struct guard *g);

/* A place for `size` bytes that ends at the page behind; and one that begins at the page before. */
uint8_t *guard_end(const struct guard *g, size_t size);
uint8_t *guard_start(const struct guard *g, size_t size);

/* The same with these bytes in it. */
uint8_t *guard_put(const struct guard *g, const void *bytes, size_t size);

/* ---- Memory (counting.c) -------------------------------------------------------------------- */

/* Counts what the library allocates, and lets the call number `fail_at` (1 ..) fail; 0 = none.
   From `fail_after` on (0 = never) all fail. Not thread-safe. */
struct counting {
    uint64_t calls, fail_at, fail_after;
    int64_t live, live_bytes, peak_bytes;
};

vp_allocator counting_allocator(struct counting *c);

/* ---- Profiles and codecs (profiles.c) ------------------------------------------------------- */

/* What to train on, and how. Zeros stand for the defaults. */
struct recipe {
    enum value_kind kind;
    size_t count;
    uint32_t first_code, width, check, preset, min_count, keep_integers, model_bytes;
    uint64_t seed;
    const vp_allocator *allocator;
};

/* A trainer with the recipe's options and samples. */
vp_trainer *trainer_of(const struct recipe *recipe);

/* The bytes of a profile, to be freed with test_free(). */
struct bytes train_bytes(const struct recipe *recipe);
vp_profile *train_profile(const struct recipe *recipe);
vp_profile *load_profile(struct bytes file);

/* Computes both hashes of a profile file anew, so that damage below them shows. */
void reseal(uint8_t *file, size_t size);

/* A profile in which one encoder owns everything: with a part of 2^bits codes, or in extended form
   (enum row_form); the section may be empty for ROW_SYSTEM. Free with test_free(). */
struct bytes single_encoder_profile(unsigned id, unsigned form, unsigned bits, struct bytes section);

/* What the trainer of an encoder learns from values of one kind; empty when that is nothing. */
struct bytes train_section(unsigned id, unsigned variant, enum value_kind kind, size_t count);

/* A codec with one context. */
struct coder {
    vp_codec *codec;
    vp_context *context;
};

/* Any profile may be NULL; the first one is current. Encodes integers. */
struct coder coder_of(vp_profile *current, vp_profile *other);
struct coder coder_with(vp_profile *current, vp_profile *other, const vp_options *options);
void coder_close(struct coder *c);

/* Encodes into a buffer of the test, growth at most a byte, twice with equal result, and decodes.
   Returns the encoded bytes, to be freed with test_free(). */
struct bytes round_trip(vp_context *x, const void *value, size_t size);

/* True if decoding these bytes gives exactly this value. */
bool decodes_to(vp_context *x, struct bytes encoded, const void *value, size_t size);

/* Decodes from and into guarded memory: any result is allowed but a write or a value beyond
   capacity. Returns what vp_decode() did. */
int64_t decode_guarded(vp_context *x, struct bytes data, const struct guard *in, const struct guard *out,
                       size_t capacity);

/* Checks that a text is one JSON value, strictly by RFC 8259 (json_check.c). */
bool is_json(const char *text, size_t size);

#endif
