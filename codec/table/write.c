/* The bytes of a planned table. */
#include "header.h"
#include "plan.h"

#include <xxhash.h>

/* ---- Blocks --------------------------------------------------------------------------------- */

static void put_characters(struct bit_writer *w, const struct strings *s, const void *bytes, size_t size) {
    const uint8_t *p = bytes;
    if (s->bits == 8 && w->count == 0) {
        put_bytes(&w->out, p, size);
        return;
    }
    for (size_t i = 0; i < size; i++) put_bits(w, (uint64_t)p[i] - s->low, s->bits);
}

static void put_frame(struct bit_writer *w, const struct plan *p, size_t first, size_t records) {
    const struct frame *f = &p->head.values.frame;
    const uint64_t base = (uint64_t)p->head.values.integers.base;
    for (size_t at = 0; at < records; at += f->group) {
        size_t digits = records - at < f->group ? records - at : f->group;
        uint64_t number = 0;
        for (size_t i = digits; i--;)
            number = number * f->radix + (((uint64_t)plan_integers(p)[first + at + i] - base) >> f->low);
        put_wide_bits(w, number, bits_of(frame_largest(f, digits)));
    }
    const uint64_t mask = ((uint64_t)1 << f->low) - 1;
    for (size_t i = first; i < first + records; i++)
        put_wide_bits(w, ((uint64_t)plan_integers(p)[i] - base) & mask, f->low);
}

static void put_fixed(struct bit_writer *w, const struct plan *p, size_t first, size_t records) {
    const struct values_column *v = &p->head.values;
    if (v->kind == VALUES_FRAME) put_frame(w, p, first, records);
    for (size_t i = first; i < first + records; i++) {
        if (v->kind == VALUES_CHOICE) put_bits(w, plan_numbers(p)[i], bits_of(v->choices - 1));
        if (v->kind < VALUES_BYTES || v->strings.sizes.width) continue;
        vp_bytes value = plan_value(p, i);
        put_characters(w, &v->strings, value.data, value.size);
    }
}

static void put_field(struct bit_writer *w, const struct plan *p, size_t i) {
    const struct fields_column *f = &p->head.fields;
    if (f->kind == FIELDS_GAPS && !begins_block(p, i)) {
        uint64_t gap =
            (uint64_t)record_at(p->records, i)->integer - (uint64_t)record_at(p->records, i - 1)->integer;
        put_coded(w, &f->integers.gaps, gap - f->integers.step);
    }
    if (f->kind != FIELDS_STRINGS) return;
    vp_bytes field = plan_field(p, i);
    size_t shared = begins_block(p, i) ? 0 : shared_size(plan_field(p, i - 1), field);
    put_coded(w, &f->strings.sizes, field.size - f->strings.least);
    if (!begins_block(p, i)) put_coded(w, &f->strings.suffixes, field.size - shared - 1);
    put_characters(w, &f->strings, (const uint8_t *)field.data + shared, field.size - shared);
}

static void put_value(struct bit_writer *w, const struct plan *p, size_t i) {
    const struct values_column *v = &p->head.values;
    const struct integers *n = &v->integers;
    if (v->kind == VALUES_GAPS || v->kind == VALUES_DELTAS) {
        if (begins_block(p, i))
            put_wide_bits(w, (uint64_t)plan_integers(p)[i] - (uint64_t)n->base, n->first_bits);
        else put_coded(w, &n->gaps, plan_delta(p, i));
    } else if (v->kind >= VALUES_BYTES)
        put_coded(w, &v->strings.sizes, plan_value(p, i).size - v->strings.least);
}

static uint64_t bits_written(const struct bit_writer *w) {
    return (uint64_t)w->out.length * 8 + w->count;
}

/* The codes of a column, and how many bits they take. */
static uint64_t put_codes(struct bit_writer *w, const struct plan *p, size_t first, size_t records,
                          void (*put)(struct bit_writer *w, const struct plan *p, size_t i)) {
    uint64_t before = bits_written(w);
    for (size_t i = first; i < first + records; i++) put(w, p, i);
    return bits_written(w) - before;
}

static void put_block(struct bit_writer *w, const struct plan *p, uint64_t block) {
    size_t first = (size_t)(block * p->head.per_block), records = (size_t)block_records(&p->head, block);
    put_fixed(w, p, first, records);
    put_wide_bits(w, p->head.both ? plan_splits(p)[block] : 0, p->head.split_bits);
    plan_splits(p)[block] = put_codes(w, p, first, records, put_field);
    put_codes(w, p, first, records, put_value);
    put_padding(w);
    if (p->head.values.kind < VALUES_BYTES || p->head.values.strings.sizes.width == 0) return;
    for (size_t i = first; i < first + records; i++) {
        vp_bytes value = plan_value(p, i);
        put_characters(w, &p->head.values.strings, value.data, value.size);
    }
    put_padding(w);
}

/* All blocks; where each begins is noted. */
static void put_blocks_of(struct plan *p, struct writer *out) {
    struct bit_writer w = {.out = *out};
    size_t from = out->length;
    for (uint64_t block = 0; block < p->head.blocks; block++) {
        plan_starts(p)[block] = w.out.length - from;
        put_block(&w, p, block);
    }
    *out = w.out;
}

/* ---- Head ----------------------------------------------------------------------------------- */

static void put_code_name(struct writer *w, const struct code *c) {
    put_byte(w, c->name);
    put_byte(w, c->width);
}

static void put_fields_column(struct writer *w, const struct head *h) {
    const struct fields_column *f = &h->fields;
    if (f->prefix.size) put_varint(w, f->prefix.size);
    put_bytes(w, f->prefix.data, f->prefix.size);
    if (f->kind == FIELDS_STRINGS) {
        put_varint(w, f->strings.least);
        put_code_name(w, &f->strings.sizes);
        put_code_name(w, &f->strings.suffixes);
        put_byte(w, f->strings.low);
        put_byte(w, f->strings.bits);
        if (h->blocks > 1) put_varint(w, f->separators.size);
        return;
    }
    if (f->integers.digits) put_byte(w, f->integers.digits);
    put_varint(w, zigzag((uint64_t)f->integers.base));
    put_varint(w, f->integers.step - 1);
    if (f->kind == FIELDS_LINE) return;
    put_code_name(w, &f->integers.gaps);
    if (h->blocks > 1) put_byte(w, h->key_bits);
}

static void put_integers_column(struct writer *w, const struct values_column *v) {
    const struct integers *n = &v->integers;
    if (n->digits) put_byte(w, n->digits);
    if (v->kind == VALUES_GAPS) put_varint(w, zigzag(n->step));
    if (v->kind == VALUES_GAPS || v->kind == VALUES_DELTAS) put_code_name(w, &n->gaps);
    put_varint(w, zigzag((uint64_t)n->base));
    if (v->kind == VALUES_LINE) put_varint(w, zigzag(n->step));
    if (v->kind == VALUES_GAPS || v->kind == VALUES_DELTAS) put_byte(w, n->first_bits);
    if (v->kind != VALUES_FRAME) return;
    put_byte(w, v->frame.low);
    put_varint(w, v->frame.radix);
    put_byte(w, v->frame.group);
}

static void put_values_column(struct writer *w, const struct plan *p) {
    const struct values_column *v = &p->head.values;
    const vp_bytes *choices = (const vp_bytes *)(const void *)p->choices.bytes;
    if (v->kind < VALUES_CHOICE) put_integers_column(w, v);
    if (v->kind == VALUES_CHOICE) put_varint(w, v->choices);
    for (uint32_t i = 0; v->kind == VALUES_CHOICE && i < v->choices; i++) {
        put_varint(w, choices[i].size);
        put_bytes(w, choices[i].data, choices[i].size);
    }
    if (v->kind < VALUES_BYTES) return;
    put_varint(w, v->strings.least);
    put_code_name(w, &v->strings.sizes);
    if (v->kind == VALUES_ENCODED) return;
    put_byte(w, v->strings.low);
    put_byte(w, v->strings.bits);
}

static void put_index(struct writer *w, const struct plan *p) {
    const struct head *h = &p->head;
    struct bit_writer bits = {.out = *w};
    uint64_t end = 0;
    for (uint64_t block = 1; block < h->blocks; block++) {
        uint64_t first = (uint64_t)record_at(p->records, (size_t)(block * p->head.per_block))->integer;
        if (h->fields.kind == FIELDS_STRINGS) end += plan_separator(p, block).size;
        put_wide_bits(&bits, h->fields.kind == FIELDS_GAPS ? first - (uint64_t)h->fields.integers.base : end,
                      h->key_bits);
        put_bits(&bits, h->start_bits ? plan_starts(p)[block] : 0, h->start_bits);
    }
    put_padding(&bits);
    *w = bits.out;
    if (h->fields.kind != FIELDS_STRINGS) return;
    for (uint64_t block = 1; block < h->blocks; block++) {
        vp_bytes separator = plan_separator(p, block);
        put_bytes(w, separator.data, separator.size);
    }
}

static unsigned kinds_of(const struct head *h) {
    if (h->count == 0) return 0;
    return (h->fields.prefix.size ? 0x80u : 0) | (h->fields.integers.digits ? 0x40u : 0) |
           h->fields.kind << 4 | (h->values.kind <= VALUES_FRAME && h->values.integers.digits ? 8u : 0) |
           h->values.kind;
}

/* The head without its check; the checks of the blocks are zeros as long as the blocks are not there. */
static void put_head(struct writer *w, const struct plan *p, const uint8_t *blocks) {
    const struct head *h = &p->head;
    put_byte(w, HEADER_EXTENDED);
    put_byte(w, HEADER_TABLE);
    put_byte(w, kinds_of(h));
    put_varint(w, h->count);
    put_varint(w, h->size);
    if (h->count == 0) return;
    put_fields_column(w, h);
    put_values_column(w, p);
    if (h->blocks > 1 && !h->fixed) put_byte(w, h->start_bits);
    if (h->both) put_byte(w, h->split_bits);
    for (uint64_t block = 0; h->has_checks && block < h->blocks; block++) {
        uint64_t start = plan_starts(p)[block], all = h->size - h->head_size;
        uint64_t end = block + 1 < h->blocks ? plan_starts(p)[block + 1] : all;
        uint32_t check =
            blocks ? block_check((vp_bytes){.data = blocks + start, .size = (size_t)(end - start)}) : 0;
        put_byte(w, check >> 8);
        put_byte(w, check & 0xFF);
    }
    put_index(w, p);
}

/* ---- Measuring and writing ------------------------------------------------------------------ */

static uint64_t varint_size(uint64_t v) {
    uint64_t size = 1;
    for (; v >= 0x80; v >>= 7) size++;
    return size;
}

/* How many bits a block needs to say where the codes of its values begin. */
static unsigned split_bits_of(struct plan *p) {
    uint64_t any = 0;
    struct bit_writer w = {.out = writer_over(NULL, SIZE_MAX)};
    for (uint64_t block = 0; block < p->head.blocks; block++) {
        size_t first = (size_t)(block * p->head.per_block);
        plan_splits(p)[block] = put_codes(&w, p, first, (size_t)block_records(&p->head, block), put_field);
        any |= plan_splits(p)[block];
    }
    return bits_of(any);
}

uint64_t plan_measure(struct plan *p) {
    struct head *h = &p->head;
    const bool fields = h->count && fields_have_codes(&h->fields),
               values = h->count && values_have_codes(&h->values);
    h->both = fields && values;
    h->split_bits = h->both ? (uint8_t)split_bits_of(p) : 0;
    struct writer nowhere = writer_over(NULL, SIZE_MAX);
    put_blocks_of(p, &nowhere);
    uint64_t all = nowhere.length, own = 1;
    h->fixed = h->count && !fields && !values;
    h->has_checks = h->count > 0 && (!h->fixed || all > 0);
    h->start_bits = h->fixed || h->blocks < 2 ? 0 : (uint8_t)bits_of(plan_starts(p)[h->blocks - 1]);
    h->size = 0;
    nowhere = writer_over(NULL, SIZE_MAX);
    put_head(&nowhere, p, NULL);
    uint64_t others = nowhere.length - 1 + 4 + all;
    while (varint_size(others + own) != own) own++;
    h->size = others + own;
    h->head_size = (size_t)(h->size - all);
    return h->size;
}

int plan_write(struct plan *p) {
    const struct head *h = &p->head;
    if (h->size > TABLE_BYTES) return VP_ERR_LIMIT;
    if (h->size > SIZE_MAX / 16) return VP_ERR_LIMIT; /* its bits could not be counted */
    if (!buffer_grow(&p->allocator, &p->table, (size_t)h->size, 0)) return VP_ERR_MEMORY;
    uint8_t *bytes = p->table.bytes;
    struct writer blocks = writer_over(bytes + h->head_size, (size_t)(h->size - h->head_size));
    put_blocks_of(p, &blocks);
    struct writer head = writer_over(bytes, h->head_size);
    put_head(&head, p, bytes + h->head_size);
    put_le32(&head, (uint32_t)XXH64(bytes, head.length, 0));
    return VP_OK;
}
