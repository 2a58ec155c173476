#include "find.h"

#include "integer.h"

static bool strip_prefix(vp_bytes *field, vp_bytes prefix) {
    if (field->size < prefix.size || field->size > TABLE_FIELD) return false;
    if (prefix.size == 0) return true;
    if (memcmp(field->data, prefix.data, prefix.size) != 0) return false;
    field->data = (const uint8_t *)field->data + prefix.size;
    field->size -= prefix.size;
    return true;
}

static int find_on_line(const struct head *h, struct sought *t) {
    const struct integers *v = &h->fields.integers;
    uint64_t above = (uint64_t)t->integer - (uint64_t)v->base, record = above / v->step;
    if (record >= h->count || above != record * v->step) return VP_ERR_NOT_FOUND;
    t->block = record / h->per_block;
    t->index = record % h->per_block;
    return VP_OK;
}

bool find_separator(const struct head *h, uint64_t block, vp_bytes *separator) {
    uint64_t start = block > 1 ? head_key(h, block - 1) : 0, end = head_key(h, block);
    if (start >= end || end > h->fields.separators.size) return false;
    *separator =
        (vp_bytes){.data = (const uint8_t *)h->fields.separators.data + start, .size = (size_t)(end - start)};
    return true;
}

static int find_by_index(const struct head *h, struct sought *t) {
    uint64_t above = (uint64_t)t->integer - (uint64_t)h->fields.integers.base, low = 0, high = h->blocks;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        vp_bytes separator;
        bool larger;
        if (h->fields.kind == FIELDS_GAPS) larger = head_key(h, middle) > above;
        else if (!find_separator(h, middle, &separator)) return VP_ERR_CORRUPT;
        else larger = bytes_compare(separator, t->text) > 0;
        if (larger) high = middle;
        else low = middle;
    }
    t->block = low;
    return VP_OK;
}

int find_block(const struct head *h, vp_bytes field, struct sought *t) {
    *t = (struct sought){.text = field};
    if (h->count == 0 || !strip_prefix(&t->text, h->fields.prefix)) return VP_ERR_NOT_FOUND;
    if (h->fields.kind == FIELDS_STRINGS) return find_by_index(h, t);
    const struct integers *v = &h->fields.integers;
    if (!integer_parse(t->text, v->digits, &t->integer) || t->integer < v->base) return VP_ERR_NOT_FOUND;
    return h->fields.kind == FIELDS_LINE ? find_on_line(h, t) : find_by_index(h, t);
}

/* Walks to the record. VP_OK, VP_ERR_NOT_FOUND or VP_ERR_CORRUPT. */
static int walk_to(struct walk *w, const struct sought *t) {
    const unsigned kind = w->head->fields.kind;
    if (kind != FIELDS_STRINGS) {
        if (!walk_until(w, t->integer, kind == FIELDS_LINE ? t->index + 1 : w->records))
            return VP_ERR_CORRUPT;
        return kind == FIELDS_LINE || w->field == t->integer ? VP_OK : VP_ERR_NOT_FOUND;
    }
    while (w->next < w->records) {
        if (!walk_next(w)) return VP_ERR_CORRUPT;
        int order = bytes_compare((vp_bytes){.data = w->text, .size = w->text_size}, t->text);
        if (order >= 0) return order ? VP_ERR_NOT_FOUND : VP_OK;
    }
    return VP_ERR_NOT_FOUND;
}

int64_t find_value(vp_context *x, const struct head *h, const struct sought *t, vp_bytes block,
                   const void **value) {
    struct walk w;
    int status = walk_begin(&w, x, h, t->block, block);
    if (status != VP_OK) return status;
    if (h->fixed) return walk_value(&w, x, t->index, value);
    status = walk_to(&w, t);
    return status == VP_OK ? walk_value(&w, x, w.next - 1, value) : status;
}
