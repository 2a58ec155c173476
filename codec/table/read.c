/* The public functions that read packed tables. */
#include "find.h"
#include "header.h"
#include "order.h"

static bool bytes_allowed(vp_bytes bytes) {
    return bytes.data || bytes.size == 0;
}

static vp_bytes part_of(vp_bytes table, const vp_table_range *range) {
    return (vp_bytes){.data = (const uint8_t *)table.data + range->offset, .size = (size_t)range->size};
}

int vp_is_table(const void *data, size_t size) {
    const uint8_t *p = data;
    return p && size > 1 && p[0] == HEADER_EXTENDED && p[1] == HEADER_TABLE;
}

int64_t vp_table_count(vp_bytes table) {
    if (!bytes_allowed(table)) return VP_ERR_ARGUMENT;
    struct head head;
    int status = head_open(&head, table);
    return status == VP_OK ? (int64_t)head.count : status;
}

int64_t vp_table_get(vp_context *context, vp_bytes table, vp_bytes field, const void **value) {
    if (!value) return VP_ERR_ARGUMENT;
    *value = NULL;
    if (!context || !bytes_allowed(table) || !bytes_allowed(field)) return VP_ERR_ARGUMENT;
    struct head head;
    struct sought sought = {.block = 0};
    vp_table_range range;
    int status = head_open(&head, table);
    if (status == VP_OK) status = find_block(&head, field, &sought);
    if (status == VP_OK) status = head_block(&head, sought.block, &range);
    if (status != VP_OK) return status;
    return find_value(context, &head, &sought, part_of(table, &range), value);
}

/* ---- All records ---------------------------------------------------------------------------- */

/* The record of this number, its block walked from the start: what lies before it is not kept. */
static int read_record(vp_context *x, struct walk *w, uint64_t index, vp_table_cursor *c) {
    while (w->next <= index)
        if (!walk_next(w) || !walk_in_order(w)) return VP_ERR_CORRUPT;
    int64_t size = walk_field(w, x, &c->field.data);
    if (size < 0) return (int)size;
    c->field.size = (size_t)size;
    size = walk_value(w, x, index, &c->value.data);
    if (size < 0) return (int)size;
    c->value.size = (size_t)size;
    c->next++;
    return w->next == w->records && !walk_end(w) ? VP_ERR_CORRUPT : 1;
}

int vp_table_next(vp_context *context, vp_bytes table, vp_table_cursor *cursor) {
    if (!cursor) return VP_ERR_ARGUMENT;
    cursor->field = cursor->value = (vp_bytes){.data = NULL, .size = 0};
    if (!context || !bytes_allowed(table)) return VP_ERR_ARGUMENT;
    struct head head;
    struct walk walk;
    int status = head_open(&head, table);
    if (status != VP_OK) return status;
    if (cursor->next >= head.count) return 0;
    uint64_t block = cursor->next / head.per_block;
    status = walk_open(&walk, context, &head, block);
    if (status == VP_OK) status = read_record(context, &walk, cursor->next % head.per_block, cursor);
    if (status < 0) cursor->field = cursor->value = (vp_bytes){.data = NULL, .size = 0};
    return status;
}

/* ---- Parts ---------------------------------------------------------------------------------- */

enum { FIRST_PART = 64 /* bytes, which hold the whole head of a table of few blocks */ };

int vp_table_part(vp_bytes bytes, vp_bytes field, vp_table_range *need) {
    if (!need) return VP_ERR_ARGUMENT;
    *need = (vp_table_range){.offset = 0};
    if (!bytes_allowed(bytes) || !bytes_allowed(field)) return VP_ERR_ARGUMENT;
    struct head head;
    struct sought sought = {.block = 0};
    int status = head_parse(&head, bytes);
    if (status == VP_ERR_SPACE) {
        uint64_t more = bytes.size < FIRST_PART ? FIRST_PART : 4 * (uint64_t)bytes.size;
        if (head.head_size) more = head.head_size;
        else if (head.size && more > head.size) more = head.size;
        *need = (vp_table_range){.offset = 0, .size = more, .head_size = head.head_size};
        return more > bytes.size ? 1 : VP_ERR_CORRUPT;
    }
    if (status == VP_OK && !head_is_intact(&head)) status = VP_ERR_CORRUPT;
    if (status == VP_OK) status = find_block(&head, field, &sought);
    return status == VP_OK ? head_block(&head, sought.block, need) : status;
}

int64_t vp_table_get_part(vp_context *context, vp_bytes bytes, vp_bytes block, vp_bytes field,
                          const void **value) {
    if (!value) return VP_ERR_ARGUMENT;
    *value = NULL;
    if (!context || !bytes_allowed(bytes) || !bytes_allowed(block) || !bytes_allowed(field))
        return VP_ERR_ARGUMENT;
    struct head head;
    struct sought sought = {.block = 0};
    vp_table_range range;
    int status = head_parse(&head, bytes);
    if (status == VP_ERR_SPACE || (status == VP_OK && !head_is_intact(&head))) status = VP_ERR_CORRUPT;
    if (status == VP_OK) status = find_block(&head, field, &sought);
    if (status == VP_OK) status = head_block(&head, sought.block, &range);
    if (status == VP_OK && range.size != block.size) status = VP_ERR_CORRUPT;
    return status == VP_OK ? find_value(context, &head, &sought, block, value) : status;
}
