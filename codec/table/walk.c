#include "walk.h"

#include "decoder.h"
#include "integer.h"

int walk_begin(struct walk *w, vp_context *x, const struct head *h, uint64_t number, vp_bytes block) {
    *w = (struct walk){.head = h, .block = block, .number = number, .records = block_records(h, number)};
    if (!block_is_intact(h, number, block)) return VP_ERR_CORRUPT;
    uint64_t fixed = fixed_bits(&h->values, w->records);
    if (fixed > (uint64_t)block.size * 8) return VP_ERR_CORRUPT;
    w->stream = bit_reader_over(block.data, block.size, 0);
    w->stream.at = (size_t)fixed;
    if (h->fields.kind != FIELDS_STRINGS) return VP_OK;
    if (!buffer_grow(&x->codec->allocator, &x->checked, TABLE_FIELD, 0)) return VP_ERR_MEMORY;
    w->text = x->checked.bytes;
    return VP_OK;
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
        unsigned character = s->low + (unsigned)take_bits(r, s->bits);
        if (character > 0xFF) r->bad = true;
        out[i] = (uint8_t)character;
    }
}

static void next_gap_field(struct walk *w) {
    const struct integers *v = &w->head->fields.integers;
    uint64_t more = w->next ? take_coded(&w->stream, &v->gaps) : head_key(w->head, w->number);
    uint64_t from = (uint64_t)(w->next ? w->field : v->base), step = w->next ? v->step : 0;
    uint64_t room = (uint64_t)INT64_MAX - from;
    if (more > room || step > room - more) w->stream.bad = true;
    w->field = (int64_t)(from + more + step);
}

static void next_text(struct walk *w) {
    const struct strings *s = &w->head->fields.strings;
    struct bit_reader *r = &w->stream;
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
        uint64_t number = take_coded(&w->stream, &n->gaps);
        uint64_t more = v->kind == VALUES_GAPS ? n->step + number : (uint64_t)unzigzag(number);
        w->value = (int64_t)((uint64_t)w->value + more);
    } else if (v->kind >= VALUES_BYTES) {
        w->values_before += w->value_size;
        w->value_size = v->strings.least + take_coded(&w->stream, &v->strings.sizes);
    }
}

static void first_value(struct walk *w) {
    const struct values_column *v = &w->head->values;
    if (v->kind != VALUES_GAPS && v->kind != VALUES_DELTAS) next_value(w);
    else w->value = (int64_t)((uint64_t)v->integers.base + take_bits(&w->stream, v->integers.first_bits));
}

bool walk_next(struct walk *w) {
    const struct head *h = w->head;
    if (h->fields.kind == FIELDS_GAPS) next_gap_field(w);
    else if (h->fields.kind == FIELDS_STRINGS) next_text(w);
    if (w->next) next_value(w);
    else first_value(w);
    w->next++;
    return !w->stream.bad;
}

/* True if values are byte strings behind the stream, where that ends. */
static bool has_tail(const struct head *h) {
    return h->values.kind >= VALUES_BYTES && h->values.strings.sizes.width;
}

/* Where the characters of such values begin; `bad` if it is not known. */
static struct bit_reader tail_of(struct walk *w) {
    if (w->tail) {
        struct bit_reader r = bit_reader_over(w->block.data, w->block.size, 0);
        r.at = w->tail;
        return r;
    }
    struct walk rest = *w;
    while (rest.next < rest.records && walk_next(&rest)) continue;
    struct bit_reader r = rest.stream;
    size_t odd = (8 - (r.at & 7)) & 7;
    if (take_bits(&r, (unsigned)odd)) r.bad = true;
    return r;
}

bool walk_locate(struct walk *w) {
    if (!has_tail(w->head)) return true;
    struct bit_reader r = tail_of(w);
    w->tail = r.at;
    return !r.bad;
}

bool walk_end(struct walk *w) {
    while (w->next < w->records)
        if (!walk_next(w)) return false;
    if (!has_tail(w->head)) return take_padding(&w->stream);
    struct bit_reader r = tail_of(w);
    uint64_t left = bits_left(&r), each = w->head->values.strings.bits,
             all = w->values_before + w->value_size;
    if (r.bad || all > left / each) return false;
    r.at += (size_t)(all * each);
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
    uint64_t record = w->number * TABLE_BLOCK + w->next - 1;
    uint64_t line = (uint64_t)f->integers.base + record * f->integers.step;
    int64_t integer = f->kind == FIELDS_LINE ? (int64_t)line : w->field;
    return give_integer(&f->integers, integer, &x->tries[0], before);
}

static bool frame_value(const struct walk *w, uint64_t index, int64_t *value) {
    const struct values_column *v = &w->head->values;
    const struct frame *f = &v->frame;
    struct bit_reader r = bit_reader_over(w->block.data, w->block.size, 0);
    uint64_t full = w->records / f->group, group = index / f->group, rest = w->records % f->group;
    unsigned digits = group < full ? f->group : (unsigned)rest;
    r.at = (size_t)(group * f->bits[f->group]);
    uint64_t number = take_bits(&r, f->bits[digits]);
    if (number > f->largest[digits]) return false;
    uint64_t digit = number / (f->largest[index % f->group] + 1) % f->radix;
    r.at = (size_t)(full * f->bits[f->group] + f->bits[rest] + index * f->low);
    uint64_t above = digit << f->low | take_bits(&r, f->low);
    if (r.bad || above > (uint64_t)INT64_MAX - (uint64_t)v->integers.base) return false;
    *value = (int64_t)((uint64_t)v->integers.base + above);
    return true;
}

static int64_t give_choice(const struct walk *w, vp_context *x, uint64_t index) {
    const struct values_column *v = &w->head->values;
    struct bit_reader r = bit_reader_over(w->block.data, w->block.size, 0);
    unsigned bits = bits_of(v->choices - 1);
    r.at = (size_t)(index * bits);
    uint64_t choice = take_bits(&r, bits);
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
        integer =
            (int64_t)((uint64_t)v->integers.base + (w->number * TABLE_BLOCK + index) * v->integers.step);
    if (v->kind == VALUES_FRAME && !frame_value(w, index, &integer)) return VP_ERR_CORRUPT;
    if (v->kind <= VALUES_FRAME) size = give_integer(&v->integers, integer, &x->results, 0);
    else size = v->kind == VALUES_CHOICE ? give_choice(w, x, index) : give_string(w, x, index);
    if (size >= 0) *value = x->results.bytes;
    return size;
}
