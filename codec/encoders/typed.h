/*
 * Kinds of values that have one canonical spelling per form: what typed.c, its learned half and its
 * trainer share.
 *
 * A form is a kind plus a detail (which spelling, how many digits). Within a form a value is a
 * number of a fixed width, and number and text determine each other: what does not come back
 * letter for letter is not of the form. Blobs (long digests, base64) have as many bytes as their
 * form says instead.
 */
#ifndef VALPACK_ENCODERS_TYPED_H
#define VALPACK_ENCODERS_TYPED_H

#include "encoder.h"
#include "encoders/ranges.h"

/* Wire numbers: the five bits a kind has, but for UUIDs, where they are the top two of five. */
enum typed_kind {
    TYPED_UUID = 0,  /* any bits; not of the three below */
    TYPED_UUID1 = 1, /* RFC 9562 variant, version 1: time, clock sequence, node */
    TYPED_UUID4 = 2,
    TYPED_UUID7 = 3,
    TYPED_IPV4 = 16,
    TYPED_IPV4_NET = 17,
    TYPED_IPV4_PORT = 18,
    TYPED_IPV6 = 19,
    TYPED_IPV6_NET = 20,
    TYPED_MAC = 21,
    TYPED_TIME = 22,
    TYPED_ULID = 23,
    TYPED_HEX = 24,
    TYPED_BASE64 = 25,
    TYPED_JWT = 26
};

struct typed_form {
    uint8_t kind;
    uint32_t detail;
};

enum {
    TYPED_TEXT = 64,       /* room for the text of a number */
    TYPED_HEX_NUMBER = 32, /* hex digits that make a number; with more it is a blob */
    TYPED_BLOB_MOST = 4096 /* bytes of a blob whose length a profile fixes */
};

/* What stands in the time field of a number: it counts steps of a learned size. */
struct typed_field {
    unsigned at, length; /* length 0: the form has no time */
};

/* ---- All kinds, typed_forms.c ---------------------------------------------------------------- */

/* Finds the form, and the number unless it is a blob. */
bool typed_parse(const uint8_t *text, size_t size, struct typed_form *form, struct wide *number);

/* The text of a number, at most TYPED_TEXT bytes; 0 if the form has no such number or is a blob. */
size_t typed_render(struct typed_form form, struct wide number, char *text);

/* The width of the form's numbers, 0 for blobs; -1 if there is no such form. */
int typed_bits(struct typed_form form);

/* Bytes of a blob; 0 for numbers. */
size_t typed_blob_bytes(struct typed_form form);

/* Bits of detail in the untrained form. */
unsigned typed_detail_bits(uint8_t kind);

struct typed_field typed_time_field(struct typed_form form);

/* ---- Parts of it, each for some kinds -------------------------------------------------------- */

bool parse_network(const uint8_t *text, size_t size, struct typed_form *form, struct wide *number);
size_t render_network(struct typed_form form, struct wide number, char *text);
int network_bits(struct typed_form form);

bool parse_time(const uint8_t *text, size_t size, struct typed_form *form, struct wide *number);
size_t render_time(struct typed_form form, struct wide number, char *text);
int time_bits(struct typed_form form);
struct typed_field time_field(struct typed_form form);

/* UUIDs, ULIDs and short hex digests. */
bool parse_identifier(const uint8_t *text, size_t size, struct typed_form *form, struct wide *number);
size_t render_identifier(struct typed_form form, struct wide number, char *text);
int identifier_bits(struct typed_form form);

/* Long hex digests and base64: the form, from the text; and bytes from and to text. */
bool parse_blob(const uint8_t *text, size_t size, struct typed_form *form);
void put_blob(struct bit_writer *w, const uint8_t *text, size_t size, struct typed_form form);
int take_blob(struct writer *out, struct bit_reader *in, struct typed_form form);

/* Three parts of base64url with dots between. */
bool put_jwt(struct bit_writer *w, const uint8_t *text, size_t size);
int take_jwt(struct writer *out, struct bit_reader *in);

/* ---- Learned, typed_learned.c ---------------------------------------------------------------- */

bool typed_learned_encode(struct bit_writer *w, const struct value *v, const void *params);
int typed_learned_decode(struct writer *out, struct bit_reader *in, const void *params);
void *typed_learned_load(struct reader *section, struct loading *l);
void typed_learned_unload(void *params, const vp_allocator *allocator);
void typed_learned_describe(const void *params, struct writer *json);

#endif
