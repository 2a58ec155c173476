#include "walk.h"

#include "decoder.h"
#include "integer.h"

/* Where the codes of fields and those of values lie, behind what has a fixed size. */
static bool find_codes(struct walk *w) {
    const struct head *h = w->head;
    struct bit_reader r = bit_reader_over(w->block.data, w->block.size, 0);
    uint64_t fixed = fixed_bits(&h->values, w->records);
    if (fixed > r.end) return false;
    r.at += (size_t)fixed;
    uint64_t split = take_plain(&r, h->split_bits);
    w->fields = w->values = r;
    if (!h->both && fields_have_codes(&h->fields)) split = bits_left(&r);
    if (r.bad || split > bits_left(&r)) return false;
    w->fields.end = w->values.at = r.at + (size_t)split;
    return true;
}

int walk_begin(struct walk *w, vp_context *x, const struct head *h, uint64_t number, vp_bytes block) {
    *w = (struct walk){.head = h, .block = block, .number = number, .records = block_records(h, number)};
    if (!block_is_intact(h, number, block) || !find_codes(w)) return VP_ERR_CORRUPT;
    if (h->fields.kind != FIELDS_STRINGS) return VP_OK;
    if (!buffer_grow(&x->codec->allocator, &x->checked, TABLE_FIELD, 0)) return VP_ERR_MEMORY;
    w->text = x->checked.bytes;
    return VP_OK;
}

int walk_open(struct walk *w, vp_context *x, const struct head *h, uint64_t number) {
    vp_table_range range;
    int status = head_block(h, number, &range);
    if (status != VP_OK) return status;
    return walk_begin(w, x, h, number,
                      (vp_bytes){.data = h->bytes + range.offset, .size = (size_t)range.size});
}

/* ---- Reading -------------------------------------------------------------------------------- */

static void take_characters(struct bit_reader *r, const struct strings *s, uint8_t *out, size_t size) {
    if (size > bits_left(r) / s->bits) {
        r->bad = true;
        return;
    }
    if (s->bits == 8 && (r->at & 7) == 0) {
        if (size) memcpy(out, r->base + (r->at >> 3), size);
        r->at += size * 8;
        return;
    }
    for (size_t i = 0; i < size; i++) {
        unsigned character = s->low + (unsigned)take_plain(r, s->bits);
        if (character > 0xFF) r->bad = true;
        out[i] = (uint8_t)character;
    }
}

static void next_gap_field(struct walk *w) {
    const struct integers *v = &w->head->fields.integers;
    int64_t before = w->field;
    if (w->next == 0) {
        w->field = (int64_t)((uint64_t)v->base + head_key(w->head, w->number));
        if (w->field < v->base) w->fields.bad = true;
        return;
    }
    uint64_t more = take_coded(&w->fields, &v->gaps);
    w->field = (int64_t)((uint64_t)before + v->step + more);
    if (more > UINT64_MAX - v->step || w->field <= before) w->fields.bad = true;
}

static void next_text(struct walk *w) {
    const struct strings *s = &w->head->fields.strings;
    struct bit_reader *r = &w->fields;
    uint64_t size = s->least + take_coded(r, &s->sizes);
    uint64_t behind = w->next ? take_coded(r, &s->suffixes) + 1 : size;
    if (r->bad || size + w->head->fields.prefix.size > TABLE_FIELD || behind > size ||
        size - behind > w->text_size) {
        r->bad = true;
        return;
    }
    size_t shared = (size_t)(size - behind);
    bool within = w->next && shared < w->text_size;
    uint8_t before = within ? w->text[shared] : 0;
    take_characters(r, s, w->text + shared, (size_t)behind);
    if (within && w->text[shared] <= before) r->bad = true;
    w->text_size = (size_t)size;
}

static void next_value(struct walk *w) {
    const struct values_column *v = &w->head->values;
    const struct integers *n = &v->integers;
    if (v->kind == VALUES_GAPS || v->kind == VALUES_DELTAS) {
        uint64_t number = take_coded(&w->values, &n->gaps);
        uint64_t more = v->kind == VALUES_GAPS ? n->step + number : unzigzag(number);
        w->value = (int64_t)((uint64_t)w->value + more);
    } else if (v->kind >= VALUES_BYTES) {
        w->values_before += w->value_size;
        w->value_size = v->strings.least + take_coded(&w->values, &v->strings.sizes);
    }
}

static void first_value(struct walk *w) {
    const struct values_column *v = &w->head->values;
    if (v->kind != VALUES_GAPS && v->kind != VALUES_DELTAS) next_value(w);
    else w->value = (int64_t)((uint64_t)v->integers.base + take_plain(&w->values, v->integers.first_bits));
}

bool walk_next(struct walk *w) {
    const struct head *h = w->head;
    if (h->fields.kind == FIELDS_GAPS) next_gap_field(w);
    else if (h->fields.kind == FIELDS_STRINGS) next_text(w);
    if (w->next) next_value(w);
    else first_value(w);
    w->next++;
    return !w->fields.bad && !w->values.bad;
}

static inline uint64_t step_of(const struct values_column *v, uint64_t number) {
    return v->kind == VALUES_GAPS ? v->integers.step + number : unzigzag(number);
}

/* Codes that are quick twice have moduli below 2^12, so with such a least gap no sum of two can wrap. */
#define QUICK_STEP ((uint64_t)1 << 62)

/* Values that are gaps or deltas, beside a line: two at a time, most of the way to `end`. */
static void run_values(struct walk *w, uint64_t end) {
    const struct values_column *v = &w->head->values;
    const struct code code = v->integers.gaps;
    struct bit_reader r = w->values;
    const size_t quick = quick_end(&r);
    uint64_t value = (uint64_t)w->value, next = w->next, any = 0, numbers[2];
    for (; end - next >= 2 && r.at < quick && take_two_coded(&r, &code, numbers); next += 2) {
        value += step_of(v, numbers[0]) + step_of(v, numbers[1]);
        any |= numbers[0] | numbers[1];
    }
    w->value = (int64_t)value;
    w->next = next;
    w->values = r;
    w->values.bad = any > code.largest;
}

/* Fields that are gaps, and values that are gaps or deltas: two records at a time, most of the way to the
   field. That leaves the processor two codes to read at once. */
static void run_both(struct walk *w, int64_t sought) {
    const struct values_column *v = &w->head->values;
    const struct code field_code = w->head->fields.integers.gaps, value_code = v->integers.gaps;
    const uint64_t least = w->head->fields.integers.step;
    struct bit_reader fields = w->fields, values = w->values;
    const size_t quick_field = quick_end(&fields), quick_value = quick_end(&values);
    uint64_t left = (uint64_t)sought - (uint64_t)w->field, value = (uint64_t)w->value, gaps[2], steps[2];
    uint64_t next = w->next, any = 0, any_step = 0;
    for (; w->records - next >= 2 && fields.at < quick_field && values.at < quick_value; next += 2) {
        const size_t at = fields.at;
        if (!take_two_coded(&fields, &field_code, gaps)) break;
        if (gaps[0] + gaps[1] + 2 * least >= left || !take_two_coded(&values, &value_code, steps)) {
            fields.at = at;
            break;
        }
        left -= gaps[0] + gaps[1] + 2 * least;
        value += step_of(v, steps[0]) + step_of(v, steps[1]);
        any |= gaps[0] | gaps[1];
        any_step |= steps[0] | steps[1];
    }
    w->field = (int64_t)((uint64_t)sought - left);
    w->value = (int64_t)value;
    w->next = next;
    w->fields = fields;
    w->values = values;
    w->fields.bad = any > field_code.largest;
    w->values.bad = any_step > value_code.largest;
}

bool walk_until(struct walk *w, int64_t field, uint64_t end) {
    if (!walk_next(w)) return false;
    const struct integers *f = &w->head->fields.integers, *v = &w->head->values.integers;
    const unsigned kind = w->head->values.kind;
    const bool rising = w->head->fields.kind == FIELDS_GAPS;
    if ((kind == VALUES_GAPS || kind == VALUES_DELTAS) && is_quick_twice(&v->gaps)) {
        if (!rising) run_values(w, end);
        else if (w->field < field && is_quick_twice(&f->gaps) && f->step < QUICK_STEP) run_both(w, field);
    }
    while (w->next < end && (!rising || w->field < field) && !w->fields.bad && !w->values.bad) walk_next(w);
    return !w->fields.bad && !w->values.bad;
}

/* True if values are byte strings behind the stream, where that ends. */
static bool has_tail(const struct head *h) {
    return h->values.kind >= VALUES_BYTES && h->values.strings.sizes.width;
}

/* Where the characters of such values begin: behind the sizes that were not read yet. */
static struct bit_reader tail_of(struct walk *w) {
    struct bit_reader r = w->values;
    if (w->tail == 0) {
        for (uint64_t i = w->next; i < w->records; i++) take_coded(&r, &w->head->values.strings.sizes);
        size_t odd = (8 - (r.at & 7)) & 7;
        if (take_plain(&r, (unsigned)odd)) r.bad = true;
        w->tail = r.at;
        return r;
    }
    r.at = w->tail;
    return r;
}

/* What is behind all that was read. */
static struct bit_reader rest_of_block(struct walk *w) {
    if (!has_tail(w->head))
        return w->head->both || !fields_have_codes(&w->head->fields) ? w->values : w->fields;
    struct bit_reader r = tail_of(w);
    uint64_t each = w->head->values.strings.bits, all = w->values_before + w->value_size;
    if (all > bits_left(&r) / each) r.bad = true;
    else r.at += (size_t)(all * each);
    return r;
}

bool walk_end(struct walk *w) {
    while (w->next < w->records)
        if (!walk_next(w)) return false;
    if (w->head->both && w->fields.at != w->fields.end) return false;
    struct bit_reader r = rest_of_block(w);
    return take_padding(&r);
}

/* ---- Giving --------------------------------------------------------------------------------- */

static int64_t give_integer(const struct integers *v, int64_t integer, struct buffer *out, size_t at) {
    size_t size = integer_text(integer, v->digits, out->bytes + at);
    return size ? (int64_t)(at + size) : VP_ERR_CORRUPT;
}

int64_t walk_field(struct walk *w, vp_context *x, const void **field) {
    const struct fields_column *f = &w->head->fields;
    size_t before = f->prefix.size, size = f->kind == FIELDS_STRINGS ? w->text_size : TABLE_INTEGER;
    if (!buffer_grow(&x->codec->allocator, &x->tries[0], before + size, 0)) return VP_ERR_MEMORY;
    uint8_t *out = x->tries[0].bytes;
    *field = out;
    if (before) memcpy(out, f->prefix.data, before);
    if (f->kind == FIELDS_STRINGS) {
        if (size) memcpy(out + before, w->text, size);
        return (int64_t)(before + size);
    }
    uint64_t record = w->number * w->head->per_block + w->next - 1;
    uint64_t line = (uint64_t)f->integers.base + record * f->integers.step;
    int64_t integer = f->kind == FIELDS_LINE ? (int64_t)line : w->field;
    const int64_t given = give_integer(&f->integers, integer, &x->tries[0], before);
    return given > TABLE_FIELD ? VP_ERR_CORRUPT : given;
}

static bool frame_value(const struct walk *w, uint64_t index, int64_t *value) {
    const struct values_column *v = &w->head->values;
    const struct frame *f = &v->frame;
    struct bit_reader r = bit_reader_over(w->block.data, w->block.size, 0);
    uint64_t full = w->records / f->group, group = index / f->group, rest = w->records % f->group;
    unsigned digits = group < full ? f->group : (unsigned)rest;
    const uint64_t largest = frame_largest(f, digits);
    r.at = (size_t)(group * f->group_bits);
    uint64_t number = take_plain(&r, bits_of(largest));
    if (number > largest) return false;
    uint64_t digit = number / (frame_largest(f, index % f->group) + 1) % f->radix;
    r.at = (size_t)(full * f->group_bits + bits_of(frame_largest(f, rest)) + index * f->low);
    uint64_t above = digit << f->low | take_plain(&r, f->low);
    if (r.bad || above > (uint64_t)INT64_MAX - (uint64_t)v->integers.base) return false;
    *value = (int64_t)((uint64_t)v->integers.base + above);
    return true;
}

static int64_t give_choice(const struct walk *w, vp_context *x, uint64_t index) {
    const struct values_column *v = &w->head->values;
    struct bit_reader r = bit_reader_over(w->block.data, w->block.size, 0);
    unsigned bits = bits_of(v->choices - 1);
    r.at = (size_t)(index * bits);
    uint64_t choice = take_plain(&r, bits);
    if (choice >= v->choices) return VP_ERR_CORRUPT;
    struct reader list = v->choices_at;
    for (; choice; choice--) take_bytes(&list, (size_t)take_varint(&list));
    size_t size = (size_t)take_varint(&list);
    const uint8_t *bytes = take_bytes(&list, size);
    if (size > x->codec->settings.max_decoded) return VP_ERR_LIMIT;
    if (!buffer_grow(&x->codec->allocator, &x->results, size, 0)) return VP_ERR_MEMORY;
    if (size) memcpy(x->results.bytes, bytes, size);
    return (int64_t)size;
}

/* Stored bytes of an encoded value, which begin at a byte. */
static int64_t give_decoded(vp_context *x, const struct bit_reader *r, size_t size) {
    if (size > bits_left(r) / 8) return VP_ERR_CORRUPT;
    return decode_growing(x, reader_over(r->base + (r->at >> 3), size), &x->results, 0);
}

static int64_t give_string(struct walk *w, vp_context *x, uint64_t index) {
    const struct values_column *v = &w->head->values;
    bool tail = has_tail(w->head);
    size_t size = (size_t)(tail ? w->value_size : v->strings.least);
    uint64_t before = tail ? w->values_before : index * v->strings.least;
    struct bit_reader r = tail ? tail_of(w) : bit_reader_over(w->block.data, w->block.size, 0);
    if (before > bits_left(&r) / v->strings.bits) return VP_ERR_CORRUPT;
    r.at += (size_t)(before * v->strings.bits);
    if (r.bad || size > bits_left(&r) / v->strings.bits) return VP_ERR_CORRUPT;
    if (v->kind == VALUES_ENCODED) return give_decoded(x, &r, size);
    if (size > x->codec->settings.max_decoded) return VP_ERR_LIMIT;
    if (!buffer_grow(&x->codec->allocator, &x->results, size, 0)) return VP_ERR_MEMORY;
    take_characters(&r, &v->strings, x->results.bytes, size);
    return r.bad ? VP_ERR_CORRUPT : (int64_t)size;
}

int64_t walk_value(struct walk *w, vp_context *x, uint64_t index, const void **value) {
    const struct values_column *v = &w->head->values;
    if (!buffer_grow(&x->codec->allocator, &x->results, TABLE_INTEGER, 0)) return VP_ERR_MEMORY;
    int64_t integer = w->value, size;
    if (v->kind == VALUES_LINE)
        integer = (int64_t)((uint64_t)v->integers.base +
                            (w->number * w->head->per_block + index) * v->integers.step);
    if (v->kind == VALUES_FRAME && !frame_value(w, index, &integer)) return VP_ERR_CORRUPT;
    if (v->kind <= VALUES_FRAME) size = give_integer(&v->integers, integer, &x->results, 0);
    else size = v->kind == VALUES_CHOICE ? give_choice(w, x, index) : give_string(w, x, index);
    if (size >= 0) *value = x->results.bytes;
    return size;
}
