#include "order.h"

#include "find.h"

static bool begins(vp_bytes text, vp_bytes with, size_t size) {
    return size <= text.size && (size == 0 || memcmp(text.data, with.data, size) == 0);
}

static bool begins_in_order(const struct walk *w, vp_bytes first) {
    vp_bytes separator;
    if (w->number == 0) return true;
    return find_separator(w->head, w->number, &separator) && begins(first, separator, separator.size);
}

static bool ends_in_order(const struct walk *w, vp_bytes last) {
    const struct head *h = w->head;
    vp_bytes separator;
    if (w->number + 1 == h->blocks) return true;
    if (h->fields.kind == FIELDS_GAPS)
        return head_key(h, w->number + 1) > (uint64_t)w->field - (uint64_t)h->fields.integers.base;
    return find_separator(h, w->number + 1, &separator) && bytes_compare(last, separator) < 0 &&
           begins(last, separator, separator.size - 1);
}

bool walk_in_order(const struct walk *w) {
    const unsigned kind = w->head->fields.kind;
    const vp_bytes field = {.data = w->text, .size = w->text_size};
    if (kind == FIELDS_LINE) return true;
    if (kind == FIELDS_STRINGS && w->next == 1 && !begins_in_order(w, field)) return false;
    return w->next < w->records || ends_in_order(w, field);
}
