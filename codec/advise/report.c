#include "report.h"

#include "json.h"
#include "techniques.h"

#include <stdlib.h>

enum { REPORT_ROOM = 8192 + STUDY_ROWS * (4 * TEXT_ROOM + 1024), FEW_SAMPLES = 100 };

/* ---- Order ---------------------------------------------------------------------------------- */

static bool is_worth(const struct study *s, const struct advice_row *row) {
    return !row->hazardous && row->memory <= s->memory &&
           s->memory - row->memory >= scaled(s->memory, GAIN_WORTH, 100);
}

/* Lossless before lossy, then what has no cliff, then by memory; equal ones as they were found. */
static bool comes_before(const struct advice_row *a, const struct advice_row *b) {
    const bool lossy = a->technique->kind == LOSSY;
    if (lossy != (b->technique->kind == LOSSY)) return !lossy;
    if (a->hazardous != b->hazardous) return b->hazardous;
    return a->memory < b->memory;
}

static void sort_rows(struct study *s) {
    for (unsigned i = 1; i < s->row_count; i++) {
        struct advice_row moved = s->rows[i];
        unsigned at = i;
        for (; at > 0 && comes_before(&moved, &s->rows[at - 1]); at--) s->rows[at] = s->rows[at - 1];
        s->rows[at] = moved;
    }
}

/* The first row if it is worth it, else NULL. */
static const struct advice_row *best_row(const struct study *s) {
    const struct advice_row *row = &s->rows[0];
    return s->row_count && row->technique->kind != LOSSY && is_worth(s, row) ? row : NULL;
}

/* ---- Writing -------------------------------------------------------------------------------- */

static void put_bool(struct writer *w, const char *name, bool value) {
    put_member(w, name);
    put_text(w, value ? "true" : "false");
}

/* What is saved, with its sign, and the percentage with one decimal, rounded to nearest. */
static void put_saving(struct writer *w, const struct study *s, const struct advice_row *row) {
    bool more = row->memory > s->memory;
    uint64_t saved = more ? row->memory - s->memory : s->memory - row->memory;
    uint64_t tenths = s->memory ? scaled(saved, 2000, s->memory) : 0;
    tenths = (tenths + 1) / 2;
    put_member(w, "saved");
    if (more) put_byte(w, '-');
    put_decimal(w, saved);
    put_member(w, "saved_percent");
    if (more && tenths) put_byte(w, '-');
    put_decimal(w, tenths / 10);
    put_byte(w, '.');
    put_decimal(w, tenths % 10);
}

static void put_time(struct writer *w, const char *name, bool timed, uint64_t ns) {
    put_member(w, name);
    if (timed) put_decimal(w, ns);
    else put_text(w, "null");
}

static void put_error(struct writer *w, const struct advice_row *row) {
    put_member(w, "error");
    if (row->technique->kind != LOSSY) {
        put_text(w, "null");
        return;
    }
    put_decimal(w, row->error_digits);
    put_text(w, "e-");
    put_decimal(w, row->error_place);
}

static void put_row(struct writer *w, const struct study *s, const struct advice_row *row) {
    const struct technique *t = row->technique;
    put_byte(w, '{');
    put_json_string(w, "technique", t->name);
    put_json_string(w, "title", t->title);
    put_json_number(w, "values", row->values);
    put_json_number(w, "memory", row->memory);
    put_saving(w, s, row);
    put_bool(w, "worth", is_worth(s, row));
    put_time(w, "encode_ns", row->timed, row->encode_ns);
    put_time(w, "decode_ns", row->timed, row->decode_ns);
    put_bool(w, "lossy", t->kind == LOSSY);
    put_error(w, row);
    put_json_string(w, "loses", t->loses);
    put_json_string(w, "how", row->how[0] ? row->how : t->how);
    put_json_string(w, "detail", row->detail);
    put_member(w, "parameters");
    put_byte(w, '{');
    put_text(w, row->parameters);
    put_text(w, "}}");
}

static void put_note(struct writer *w, uint64_t number, const char *text) {
    if (w->base && w->base[w->length - 1] != '[') put_byte(w, ',');
    put_byte(w, '"');
    put_decimal(w, number);
    put_byte(w, ' ');
    put_text(w, text);
    put_byte(w, '"');
}

static void put_notes(struct writer *w, const struct study *s) {
    const vp_advisor *a = s->advisor;
    put_member(w, "notes");
    put_byte(w, '[');
    if (s->count < FEW_SAMPLES)
        put_note(w, s->count, "samples are few: a thousand or more tell what will be saved");
    if (!s->keyed)
        put_note(w, advise_option(a, VP_ADVISE_KEY_SIZE),
                 "bytes are assumed for every key, which ends in a number one above the last");
    if (!s->keyed && a->without_key < a->seen)
        put_note(w, a->seen - a->without_key, "samples have a key, but not all: no key was looked at");
    if (s->duplicates) put_note(w, s->duplicates, "samples have a key that comes again: the last one counts");
    if (a->kept_count < a->seen)
        put_note(w, a->kept_count, "samples were kept: the others were thinned out evenly");
    if (s->integers)
        put_note(w, s->integers, "values are integers, which the server keeps as such: INCR works on them");
    if (s->empty) put_note(w, s->empty, "values are empty");
    if (s->too_long)
        put_note(
            w, s->too_long,
            "values would share a hash with an encoded one that a listpack does not take: small hashes with "
            "encoded values are for shorter kinds alone");
    if (s->distinct == 1 && s->count > 1) put_note(w, s->count, "values are all the same");
    put_byte(w, ']');
}

static bool has_row(const struct study *s, const struct technique *technique) {
    for (unsigned i = 0; i < s->row_count; i++)
        if (s->rows[i].technique == technique && s->rows[i].values) return true;
    return false;
}

static void put_others(struct writer *w, const struct study *s) {
    put_member(w, "others");
    put_byte(w, '[');
    for (unsigned i = 0, found = 0; all_techniques[i]; i++) {
        if (has_row(s, all_techniques[i])) continue;
        if (found++) put_byte(w, ',');
        put_byte(w, '"');
        put_text(w, all_techniques[i]->title);
        put_byte(w, '"');
    }
    put_byte(w, ']');
}

/* The first row that leaves each record its key, if it is worth it, else NULL. */
static const struct advice_row *best_for_single_keys(const struct study *s) {
    for (unsigned i = 0; i < s->row_count; i++)
        if (s->rows[i].technique->kind == ONE_RECORD && is_worth(s, &s->rows[i])) return &s->rows[i];
    return NULL;
}

static void put_gain(struct writer *w, const struct study *s, const struct advice_row *row) {
    put_text(w, row->technique->title);
    put_text(w, " (");
    put_decimal(w, scaled(s->memory - row->memory, 100, s->memory));
    put_text(w, " % saved)");
}

static void put_advice(struct writer *w, const struct study *s) {
    const struct advice_row *best = best_row(s), *single = best_for_single_keys(s);
    put_json_string(w, "verdict", best ? "change" : "leave alone");
    put_member(w, "advice");
    put_byte(w, '"');
    if (best) {
        put_gain(w, s, best);
        if (single && single != best) {
            put_text(w, "; with one key for each record, ");
            put_gain(w, s, single);
        }
    } else {
        put_text(w, "leave it alone: nothing that keeps the values saves 10 % of the memory");
    }
    put_byte(w, '"');
}

static void put_report(struct writer *w, const struct study *s) {
    put_byte(w, '{');
    put_json_string(w, "server", vp_server_name(s->server->flavour));
    put_json_number(w, "keys", s->keys);
    put_json_number(w, "samples", s->advisor->seen);
    put_json_number(w, "kept", s->count);
    put_bool(w, "keyed", s->keyed);
    put_json_number(w, "duplicates", s->duplicates);
    put_json_number(w, "key_bytes", (s->key_bytes + s->count / 2) / s->count);
    put_json_number(w, "value_bytes", (s->value_bytes + s->count / 2) / s->count);
    put_json_number(w, "integers", s->integers);
    put_json_number(w, "empty", s->empty);
    put_json_number(w, "distinct", s->distinct);
    put_json_number(w, "memory", s->memory);
    put_advice(w, s);
    put_notes(w, s);
    put_others(w, s);
    put_member(w, "rows");
    put_byte(w, '[');
    for (unsigned i = 0; i < s->row_count; i++) {
        if (i) put_byte(w, ',');
        put_row(w, s, &s->rows[i]);
    }
    put_text(w, "]}");
}

int write_report(struct study *s) {
    vp_advisor *a = s->advisor;
    a->json = memory_alloc(&a->allocator, REPORT_ROOM);
    if (!a->json) return VP_ERR_MEMORY;
    struct writer w = writer_over(a->json, REPORT_ROOM - 1);
    sort_rows(s);
    put_report(&w, s);
    a->json[w.length] = '\0';
    return w.full ? VP_ERR_MEMORY : VP_OK;
}
