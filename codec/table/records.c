#include "records.h"

#include "integer.h"

static int compare(const struct records *r, const struct record *a, const struct record *b,
                   enum record_order order) {
    if (order == ORDER_INTEGERS || (order == ORDER_ANY && a->is_integer && b->is_integer))
        return (a->integer > b->integer) - (a->integer < b->integer);
    if (order == ORDER_ANY && a->is_integer != b->is_integer) return a->is_integer ? -1 : 1;
    return bytes_compare((vp_bytes){.data = r->bytes.bytes + a->field_at, .size = a->field_size},
                         (vp_bytes){.data = r->bytes.bytes + b->field_at, .size = b->field_size});
}

/* Two sorted runs that lie one behind the other, into one. */
static void merge_runs(const struct records *r, const struct record *from, const size_t ends[2],
                       struct record *to, enum record_order order) {
    size_t left = 0, right = ends[0], at = 0;
    while (left < ends[0] && right < ends[1])
        to[at++] = compare(r, from + left, from + right, order) <= 0 ? from[left++] : from[right++];
    if (left < ends[0]) memcpy(to + at, from + left, (ends[0] - left) * sizeof *to);
    if (right < ends[1]) memcpy(to + at, from + right, (ends[1] - right) * sizeof *to);
}

static bool is_sorted(const struct records *r, enum record_order order) {
    for (size_t i = 1; i < r->count; i++)
        if (compare(r, record_at(r, i - 1), record_at(r, i), order) > 0) return false;
    return true;
}

bool records_sort(struct records *r, enum record_order order) {
    if (is_sorted(r, order)) return true;
    if (!buffer_grow(&r->allocator, &r->sorted, r->all.capacity, 0)) return false;
    for (size_t width = 1; width < r->count; width *= 2) {
        struct record *from = (void *)r->all.bytes, *to = (void *)r->sorted.bytes;
        for (size_t at = 0; at < r->count; at += 2 * width) {
            size_t left = r->count - at;
            const size_t ends[2] = {left < width ? left : width, left < 2 * width ? left : 2 * width};
            merge_runs(r, from + at, ends, to + at, order);
        }
        struct buffer swap = r->all;
        r->all = r->sorted;
        r->sorted = swap;
    }
    return true;
}

/* What a field comes to after all that was done with it, first to last. */
static size_t merge_field(struct records *r, size_t first, size_t end, size_t kept) {
    bool there = false;
    for (size_t i = first; i < end; i++) {
        unsigned kind = record_at(r, i)->kind;
        if (kind == RECORD_ADDED && there) r->duplicate = true;
        there = kind != RECORD_REMOVED;
    }
    if (!there) return kept;
    *record_at(r, kept) = *record_at(r, end - 1);
    record_at(r, kept)->kind = RECORD_PUT;
    return kept + 1;
}

bool records_merge(struct records *r) {
    if (!records_sort(r, ORDER_ANY)) return false;
    size_t kept = 0;
    for (size_t first = 0, end; first < r->count; first = end) {
        end = first + 1;
        while (end < r->count && compare(r, record_at(r, first), record_at(r, end), ORDER_ANY) == 0) end++;
        kept = merge_field(r, first, end, kept);
    }
    r->count = kept;
    return true;
}

bool records_compact(struct records *r) {
    if (!records_merge(r)) return false;
    struct buffer packed = {.bytes = NULL};
    size_t used = 0;
    for (size_t i = 0; i < r->count; i++)
        used += record_at(r, i)->field_size + (size_t)record_at(r, i)->value_size;
    if (!buffer_grow(&r->allocator, &packed, used + 1, 0)) return false;
    struct writer w = writer_over(packed.bytes, used);
    for (size_t i = 0; i < r->count; i++) {
        vp_bytes field = record_field(r, i), value = record_value(r, i);
        struct record *one = record_at(r, i);
        one->field_at = w.length;
        put_bytes(&w, field.data, field.size);
        one->value_at = w.length;
        put_bytes(&w, value.data, value.size);
    }
    memory_free(&r->allocator, r->bytes.bytes);
    r->bytes = packed;
    r->bytes_used = used;
    return true;
}

static int make_room(struct records *r, size_t bytes) {
    if (r->count >= TABLE_RECORDS || bytes > TABLE_BYTES - r->bytes_used) return VP_ERR_LIMIT;
    size_t records = (r->count + 1) * sizeof(struct record);
    if (!buffer_grow(&r->allocator, &r->all, records, r->count * sizeof(struct record))) return VP_ERR_MEMORY;
    return buffer_grow(&r->allocator, &r->bytes, r->bytes_used + bytes + 1, r->bytes_used) ? VP_OK
                                                                                           : VP_ERR_MEMORY;
}

int records_add(struct records *r, enum record_kind kind, vp_bytes field, vp_bytes value) {
    if (field.size > TABLE_FIELD || value.size > TABLE_BYTES) return VP_ERR_LIMIT;
    int status = make_room(r, field.size + value.size);
    if (status != VP_OK) return status;
    struct writer w = writer_over(r->bytes.bytes + r->bytes_used, field.size + value.size);
    put_bytes(&w, field.data, field.size);
    put_bytes(&w, value.data, value.size);
    struct record one = {.field_at = r->bytes_used,
                         .value_at = r->bytes_used + field.size,
                         .field_size = (uint32_t)field.size,
                         .value_size = (uint32_t)value.size,
                         .kind = (uint8_t)kind};
    one.is_integer = integer_parse(field, 0, &one.integer);
    r->bytes_used += w.length;
    *record_at(r, r->count++) = one;
    return VP_OK;
}

void records_free(struct records *r) {
    memory_free(&r->allocator, r->all.bytes);
    memory_free(&r->allocator, r->sorted.bytes);
    memory_free(&r->allocator, r->bytes.bytes);
}
