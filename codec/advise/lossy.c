/*
 * What may do when values are only counted, looked for or compared: structures that do not keep them.
 * Errors: HyperLogLog 0.81 % (Flajolet et al. 2007, with the 2^14 registers of Redis); Bloom filters
 * log2(1/e) / ln 2 bits a key (Bloom 1970); fingerprints of b bits n^2 / 2^(b + 1), the birthday bound.
 */
#include "json.h"
#include "techniques.h"
#include "value.h"

enum {
    COUNTER_BYTES = 16 + 12288, /* a HyperLogLog in its dense form */
    ASSUMED_NAME = 16,          /* bytes of the name of the one key */
    FLAG_LARGEST = 8,           /* bytes of a value that only says "is there" */
    TOKEN_LEAST = 16,           /* bytes of values that may be only compared */
    MOSTLY = 95                 /* percent of the values */
};

static uint64_t one_string(const struct study *s, uint64_t bytes) {
    return vp_cost_string(s->server, ASSUMED_NAME, s->expires, NULL, bytes) + index_cost(s, 1);
}

static struct advice_row *add_one_string(struct study *s, const struct technique *t, uint64_t bytes) {
    struct advice_row *row = add_advice(s, t);
    row->values = s->count;
    row->memory = one_string(s, bytes);
    return row;
}

static void add_counter(struct study *s) {
    struct advice_row *row = add_one_string(s, &technique_hyperloglog, COUNTER_BYTES);
    struct writer w = row_text(row->parameters), text = row_text(row->detail);
    row->error_digits = 81;
    row->error_place = 4;
    put_json_number(&w, "bytes", COUNTER_BYTES);
    put_json_number(&w, "keys", 1);
    put_text(&text, "counts with a standard error of 0.81 %, in 12304 bytes however many there are");
}

/* Bits for 1 % error: 9.6 a key; 0.1 %: 14.4. */
static void add_filter(struct study *s) {
    uint64_t bytes = scaled(s->keys, 96, 80) + 1, exact_bytes = scaled(s->keys, 144, 80) + 1;
    struct advice_row *row = add_one_string(s, &technique_bloom, bytes);
    struct writer w = row_text(row->parameters), text = row_text(row->detail);
    row->error_digits = 1;
    row->error_place = 2;
    put_member(&w, "bits_per_key");
    put_text(&w, "9.6");
    put_text(&text,
             "9.6 bits a key, and 1 % of the keys that are not there seem to be; 0.1 % with 14.4 bits a "
             "key, in all ");
    put_decimal(&text, one_string(s, exact_bytes));
    put_text(&text, " bytes");
}

/* 64 bits while a collision among all values is less likely than one in a million, else 128. The error is
   rounded up to a digit. */
static void add_fingerprint(struct study *s) {
    unsigned bits = s->keys < 6000000 ? 64 : 128;
    uint64_t cost = 0;
    for (size_t i = 0; i < s->count; i++) cost += record_cost(s, &s->records[i], NULL, bits / 8);
    struct advice_row *row = add_advice(s, &technique_fingerprint);
    row->values = s->count;
    row->memory = keys_memory(s, cost);
    struct writer w = row_text(row->parameters), text = row_text(row->detail);
    put_json_number(&w, "bits", bits);
    /* 10^-20 is 1 / 2^66.4, 10^-39 is 1 / 2^129.6: n^2 / 2^(b + 1) from above */
    uint64_t digits = s->keys <= 4000000000u ? s->keys * s->keys : UINT64_MAX;
    uint32_t place = bits == 64 ? 19 : 38;
    digits = digits / 3 + 1; /* 2^65 = 3.7 * 10^19, 2^129 = 6.8 * 10^38 */
    while (digits >= 10) {
        digits = digits / 10 + 1;
        place--;
    }
    row->error_digits = (uint32_t)digits;
    row->error_place = place;
    put_decimal(&text, bits);
    put_text(&text, " bits of XXH3; `error` is the probability that any two of the values share one; 32 bits "
                    "suffice where a value is compared with one other at a time");
}

/* ---- What the samples look like ------------------------------------------------------------- */

/* Nothing but one or two short values: the keys are what counts. */
static bool only_membership(const struct study *s) {
    return s->keyed && s->count >= 2 && s->distinct <= 2 && s->longest <= FLAG_LARGEST;
}

/* Digests, tokens and identifiers: of one size, different, without blanks or structure. */
static bool only_compared(const struct study *s) {
    const uint32_t structure =
        CLASS_SPACE | CLASS_COMMA | CLASS_BRACKET | CLASS_QUOTE | CLASS_COLON | CLASS_SLASH | CLASS_DOT;
    size_t alike = 0;
    if (s->count < 2 || s->distinct * 100 < (uint64_t)s->count * MOSTLY) return false;
    for (size_t i = 0; i < s->count; i++) {
        const struct record *r = &s->records[i];
        if (r->value_size != s->records[0].value_size || r->integer) continue;
        const struct value v = value_of(r->value, r->value_size);
        bool binary = (v.classes & CLASS_HIGH) && (v.classes & CLASS_CONTROL);
        bool digit = v.classes & CLASS_DIGIT, letter = v.classes & (CLASS_HEX_LOWER | CLASS_HEX_UPPER);
        alike += binary || (!(v.classes & structure) && digit && letter);
    }
    return s->records[0].value_size >= TOKEN_LEAST && alike * 100 >= s->count * MOSTLY;
}

int advise_lossy(struct study *s) {
    advise_progress(s, "counting and comparing", 70);
    if (only_membership(s)) {
        add_counter(s);
        add_filter(s);
    } else if (only_compared(s)) {
        add_counter(s);
        add_fingerprint(s);
    }
    return VP_OK;
}
