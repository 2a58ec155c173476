#include "head.h"

#include "header.h"

#include <xxhash.h>

enum { CHECK_BYTES = 4, FIXED_START = 3 /* C1 40 kinds */ };

/* ---- Sizes ---------------------------------------------------------------------------------- */

void head_cut(struct head *h) {
    h->per_block = h->fields.kind == FIELDS_LINE ? TABLE_BLOCK : TABLE_BLOCK_WALKED;
    h->blocks = (h->count + h->per_block - 1) / h->per_block;
}

uint64_t block_records(const struct head *h, uint64_t block) {
    uint64_t before = block * h->per_block;
    return h->count - before < h->per_block ? h->count - before : h->per_block;
}

uint64_t fixed_bits(const struct values_column *v, uint64_t records) {
    switch (v->kind) {
    case VALUES_FRAME:
        return records / v->frame.group * v->frame.group_bits +
               bits_of(frame_largest(&v->frame, records % v->frame.group)) + records * v->frame.low;
    case VALUES_CHOICE: return records * bits_of(v->choices - 1);
    case VALUES_BYTES:
    case VALUES_ENCODED: return v->strings.sizes.width ? 0 : records * v->strings.least * v->strings.bits;
    default: return 0;
    }
}

bool fields_have_codes(const struct fields_column *f) {
    return f->kind != FIELDS_LINE;
}

bool values_have_codes(const struct values_column *v) {
    if (v->kind == VALUES_GAPS || v->kind == VALUES_DELTAS) return true;
    return (v->kind == VALUES_BYTES || v->kind == VALUES_ENCODED) && v->strings.sizes.width;
}

static uint64_t fixed_bytes(const struct head *h, uint64_t records) {
    return (fixed_bits(&h->values, records) + 7) / 8;
}

bool frame_make(struct frame *f, unsigned low, uint64_t radix, unsigned group) {
    *f = (struct frame){.radix = radix, .low = (uint8_t)low, .group = (uint8_t)group};
    if (low > 63 || radix == 0 || group == 0 || group > 64) return false;
    if (low && (radix - 1) >> (64 - low)) return false;
    const uint64_t most = (UINT64_MAX - (radix - 1)) / radix; /* that may get a digit more */
    uint64_t largest = 0;
    for (unsigned i = 0; i < group; i++) {
        if (largest > most) return false;
        largest = largest * radix + (radix - 1);
    }
    f->group_bits = (uint8_t)bits_of(largest);
    return true;
}

/* ---- Columns -------------------------------------------------------------------------------- */

static struct code parse_code(struct reader *r, unsigned width, bool *fits) {
    struct code c;
    unsigned name = take_byte(r), its_width = take_byte(r);
    if (!code_make(&c, name, its_width) || its_width > width) *fits = r->bad;
    return c;
}

static uint8_t parse_byte(struct reader *r, unsigned least, unsigned most, bool *fits) {
    unsigned byte = take_byte(r);
    if (!r->bad && (byte < least || byte > most)) *fits = false;
    return (uint8_t)byte;
}

static uint64_t parse_number(struct reader *r, uint64_t most, bool *fits) {
    uint64_t number = take_varint(r);
    if (number > most) *fits = false;
    return number;
}

static void parse_characters(struct reader *r, struct strings *s, bool *fits) {
    s->low = (uint8_t)take_byte(r);
    s->bits = parse_byte(r, 1, 8, fits);
    if (s->bits == 8 && s->low) *fits = false;
}

/* The integers from base on in steps do not leave their type. */
static bool line_fits(const struct integers *v, uint64_t count, bool falls) {
    uint64_t step = falls ? 0 - v->step : v->step, span = step * (count - 1);
    if (count > 1 && step > UINT64_MAX / (count - 1)) return false;
    uint64_t room = falls ? (uint64_t)v->base - (uint64_t)INT64_MIN : (uint64_t)INT64_MAX - (uint64_t)v->base;
    return span <= room;
}

static bool parse_fields(struct head *h, struct reader *r, bool padded) {
    struct fields_column *f = &h->fields;
    struct integers *v = &f->integers;
    bool fits = true;
    if (padded) v->digits = parse_byte(r, 1, TABLE_DIGITS, &fits);
    if (f->kind == FIELDS_STRINGS) {
        f->strings.least = parse_number(r, TABLE_FIELD, &fits);
        f->strings.sizes = parse_code(r, 16, &fits);
        f->strings.suffixes = parse_code(r, 16, &fits);
        parse_characters(r, &f->strings, &fits);
        if (h->blocks > 1) f->separators.size = (size_t)parse_number(r, TABLE_BYTES, &fits);
        h->key_bits = (uint8_t)bits_of(f->separators.size);
        return fits;
    }
    v->base = (int64_t)unzigzag(take_varint(r));
    v->step = parse_number(r, UINT64_MAX - 1, &fits) + 1;
    if (f->kind == FIELDS_LINE) return fits && line_fits(v, h->count, false);
    v->gaps = parse_code(r, 64, &fits);
    if (h->blocks > 1) h->key_bits = parse_byte(r, 0, 64, &fits);
    return fits;
}

static bool parse_choices(struct values_column *v, struct reader *r) {
    bool fits = true;
    v->choices = (uint32_t)parse_number(r, TABLE_CHOICES, &fits);
    v->choices_at = *r;
    if (!r->bad && v->choices == 0) return false;
    vp_bytes before = {.data = NULL, .size = 0};
    for (uint32_t i = 0; i < v->choices && fits && !r->bad; i++) {
        size_t size = (size_t)parse_number(r, TABLE_BYTES, &fits);
        vp_bytes choice = {.data = take_bytes(r, size), .size = size};
        if (i && !r->bad && bytes_compare(before, choice) >= 0) fits = false;
        before = choice;
    }
    return fits;
}

static bool parse_integers(struct head *h, struct reader *r) {
    struct values_column *v = &h->values;
    struct integers *n = &v->integers;
    bool fits = true;
    if (v->kind == VALUES_GAPS) n->step = unzigzag(take_varint(r));
    if (v->kind == VALUES_GAPS || v->kind == VALUES_DELTAS) n->gaps = parse_code(r, 64, &fits);
    n->base = (int64_t)unzigzag(take_varint(r));
    if (v->kind == VALUES_LINE) {
        n->step = unzigzag(take_varint(r));
        return line_fits(n, h->count, (int64_t)n->step < 0);
    }
    if (v->kind != VALUES_FRAME) {
        n->first_bits = parse_byte(r, 0, 64, &fits);
        return fits;
    }
    unsigned low = take_byte(r);
    uint64_t radix = take_varint(r);
    unsigned group = take_byte(r);
    return r->bad || frame_make(&v->frame, low, radix, group);
}

static bool parse_values(struct head *h, struct reader *r, bool padded) {
    struct values_column *v = &h->values;
    bool fits = true;
    if (padded) v->integers.digits = parse_byte(r, 1, TABLE_DIGITS, &fits);
    if (v->kind < VALUES_CHOICE) return parse_integers(h, r) && fits;
    if (v->kind == VALUES_CHOICE) return parse_choices(v, r);
    v->strings.least = parse_number(r, TABLE_BYTES, &fits);
    v->strings.sizes = parse_code(r, 31, &fits);
    v->strings.bits = 8;
    if (v->kind == VALUES_BYTES) parse_characters(r, &v->strings, &fits);
    return fits;
}

/* ---- The head ------------------------------------------------------------------------------- */

/* Where the arrays behind the columns begin and the head ends. false if it does not fit the table. */
static bool place_arrays(struct head *h, size_t at) {
    uint64_t full = h->blocks - 1, records = block_records(h, full);
    h->has_checks = !h->fixed || fixed_bits(&h->values, h->count) > 0;
    h->checks = at;
    h->index = at + (h->has_checks ? 2 * (size_t)h->blocks : 0);
    uint64_t index_size = (full * (h->start_bits + h->key_bits) + 7) / 8;
    uint64_t end = h->index + index_size + h->fields.separators.size + CHECK_BYTES;
    if (end > h->size) return false;
    h->head_size = (size_t)end;
    if (h->fields.separators.size) h->fields.separators.data = h->bytes + h->index + index_size;
    return !h->fixed || end + full * fixed_bytes(h, h->per_block) + fixed_bytes(h, records) == h->size;
}

static bool parse_columns(struct head *h, struct reader *r, unsigned kinds) {
    bool fits = true;
    if (kinds & 0x80) {
        h->fields.prefix.size = (size_t)parse_number(r, TABLE_FIELD, &fits);
        h->fields.prefix.data = take_bytes(r, h->fields.prefix.size);
        if (!r->bad && h->fields.prefix.size == 0) return false;
    }
    if (!fits || !parse_fields(h, r, kinds & 0x40) || !parse_values(h, r, kinds & 8)) return false;
    if (r->bad) return true;
    h->both = fields_have_codes(&h->fields) && values_have_codes(&h->values);
    h->fixed = !fields_have_codes(&h->fields) && !values_have_codes(&h->values);
    if (h->blocks > 1 && !h->fixed) h->start_bits = parse_byte(r, 0, 30, &fits);
    if (h->both) h->split_bits = parse_byte(r, 0, 32, &fits);
    return fits;
}

static int parse_rest(struct head *h, struct reader *r, unsigned kinds, size_t have) {
    if (h->count == 0) {
        h->head_size = have - reader_left(r) + CHECK_BYTES;
        return kinds || h->size != h->head_size ? VP_ERR_CORRUPT : VP_OK;
    }
    if (!parse_columns(h, r, kinds)) return VP_ERR_CORRUPT;
    if (r->bad) return VP_ERR_SPACE;
    return place_arrays(h, have - reader_left(r)) ? VP_OK : VP_ERR_CORRUPT;
}

int head_parse(struct head *h, vp_bytes bytes) {
    *h = (struct head){.bytes = bytes.data};
    struct reader r = reader_over(bytes.data, bytes.size);
    unsigned first = take_byte(&r), second = take_byte(&r), kinds = take_byte(&r);
    if ((bytes.size > 0 && first != HEADER_EXTENDED) || (bytes.size > 1 && second != HEADER_TABLE))
        return VP_ERR_CORRUPT;
    h->fields.kind = kinds >> 4 & 3;
    h->values.kind = kinds & 7;
    if (h->fields.kind >= FIELDS_KINDS || h->values.kind >= VALUES_KINDS) return VP_ERR_UNSUPPORTED;
    if ((kinds & 0x40 && h->fields.kind == FIELDS_STRINGS) || (kinds & 8 && h->values.kind > VALUES_FRAME))
        return VP_ERR_CORRUPT;
    h->count = take_varint(&r);
    h->size = take_varint(&r);
    if (r.bad) return VP_ERR_SPACE;
    if (h->count > TABLE_RECORDS || h->size > TABLE_BYTES || bytes.size > h->size) return VP_ERR_CORRUPT;
    if (h->size > SIZE_MAX / 16) return VP_ERR_LIMIT; /* bits are counted in size_t */
    head_cut(h);
    int status = parse_rest(h, &r, kinds, bytes.size);
    return status == VP_OK && h->head_size > bytes.size ? VP_ERR_SPACE : status;
}

bool head_is_intact(const struct head *h) {
    size_t size = h->head_size - CHECK_BYTES;
    return load_le32(h->bytes + size) == (uint32_t)XXH64(h->bytes, size, 0);
}

int head_open(struct head *h, vp_bytes table) {
    int status = head_parse(h, table);
    if (status == VP_ERR_SPACE || (status == VP_OK && h->size != table.size)) return VP_ERR_CORRUPT;
    return status == VP_OK && !head_is_intact(h) ? VP_ERR_CORRUPT : status;
}
