/* Whole tables in one call. */
#include "order.h"

enum listing_part { FIELD_SIZES, VALUE_SIZES, FIELDS, VALUES };

/* The records so far; their bytes and sizes lie in context->records. */
struct listing {
    vp_context *context;
    size_t count, used[4]; /* of each part, in bytes */
};

static int list_bytes(struct listing *l, enum listing_part part, const void *bytes, size_t size) {
    struct buffer *b = &l->context->records[part];
    if (!buffer_grow(&l->context->codec->allocator, b, l->used[part] + size + 1, l->used[part]))
        return VP_ERR_MEMORY;
    if (size) memcpy(b->bytes + l->used[part], bytes, size);
    l->used[part] += size;
    return VP_OK;
}

/* A field or a value that the walk gave: `size` may be a status. */
static int list_text(struct listing *l, enum listing_part part, const void *bytes, int64_t size) {
    if (size < 0) return (int)size;
    const uint64_t length = (uint64_t)size;
    if (length > l->context->codec->settings.max_decoded - l->used[FIELDS] - l->used[VALUES])
        return VP_ERR_LIMIT;
    int status = list_bytes(l, part, bytes, (size_t)length);
    return status == VP_OK ? list_bytes(l, part - FIELDS, &length, sizeof length) : status;
}

static int list_block(struct listing *l, const struct head *h, uint64_t number) {
    struct walk w;
    int status = walk_open(&w, l->context, h, number);
    for (uint64_t i = 0; status == VP_OK && i < w.records; i++) {
        const void *bytes = NULL;
        if (!walk_next(&w) || !walk_in_order(&w)) return VP_ERR_CORRUPT;
        int64_t size = walk_field(&w, l->context, &bytes);
        status = list_text(l, FIELDS, bytes, size);
        if (status != VP_OK) return status;
        size = walk_value(&w, l->context, i, &bytes);
        status = list_text(l, VALUES, bytes, size);
        l->count++;
    }
    return status == VP_OK && !walk_end(&w) ? VP_ERR_CORRUPT : status;
}

int64_t vp_table_read_all(vp_context *context, vp_bytes table, vp_records *records) {
    if (records) *records = (vp_records){.count = 0};
    if (!context || !records || (!table.data && table.size)) return VP_ERR_ARGUMENT;
    struct head head;
    struct listing l = {.context = context};
    int status = head_open(&head, table);
    for (uint64_t block = 0; status == VP_OK && block < head.blocks; block++)
        status = list_block(&l, &head, block);
    if (status != VP_OK) return status;
    const struct buffer *parts = context->records;
    *records = (vp_records){.fields = parts[FIELDS].bytes,
                            .field_sizes = (const uint64_t *)(const void *)parts[FIELD_SIZES].bytes,
                            .values = parts[VALUES].bytes,
                            .value_sizes = (const uint64_t *)(const void *)parts[VALUE_SIZES].bytes,
                            .count = l.count};
    return (int64_t)l.count;
}
