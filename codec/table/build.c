/* The public functions that make packed tables. */
#include "order.h"
#include "plan.h"

struct vp_table_builder {
    vp_allocator allocator;
    struct records records;
    struct plan plan;
};

vp_table_builder *vp_table_builder_new(vp_context *context) {
    if (!context) return NULL;
    const vp_allocator *allocator = &context->codec->allocator;
    vp_table_builder *b = memory_zeroed(allocator, sizeof *b);
    if (!b) return NULL;
    b->allocator = b->records.allocator = b->plan.allocator = *allocator;
    b->plan.records = &b->records;
    if (vp_context_new(context->codec, &b->plan.context) == VP_OK) {
        b->plan.context->target.kind = VP_TARGET_PACKED;
        return b;
    }
    memory_free(&b->allocator, b);
    return NULL;
}

void vp_table_builder_free(vp_table_builder *b) {
    if (!b) return;
    const vp_allocator allocator = b->allocator;
    struct plan *p = &b->plan;
    struct buffer *const buffers[] = {&p->integers, &p->numbers, &p->starts, &p->encoded,
                                      &p->ends,     &p->choices, &p->table,  &p->splits};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        memory_free(&allocator, buffers[i]->bytes);
    records_free(&b->records);
    vp_context_free(p->context);
    memory_free(&allocator, b);
}

void vp_table_clear(vp_table_builder *b) {
    if (!b) return;
    b->records.count = 0;
    b->records.bytes_used = 0;
    b->records.duplicate = false;
}

/* ---- Records -------------------------------------------------------------------------------- */

static int add(vp_table_builder *b, enum record_kind kind, vp_bytes field, vp_bytes value) {
    if (!b || (!field.data && field.size) || (!value.data && value.size)) return VP_ERR_ARGUMENT;
    int status = records_add(&b->records, kind, field, value);
    if (status != VP_ERR_LIMIT) return status;
    if (!records_compact(&b->records)) return VP_ERR_MEMORY; /* what was replaced may be what is too much */
    return records_add(&b->records, kind, field, value);
}

int vp_table_put(vp_table_builder *builder, vp_bytes field, vp_bytes value) {
    return add(builder, RECORD_PUT, field, value);
}

int vp_table_add(vp_table_builder *builder, vp_bytes field, vp_bytes value) {
    return add(builder, RECORD_ADDED, field, value);
}

int vp_table_remove(vp_table_builder *builder, vp_bytes field) {
    return add(builder, RECORD_REMOVED, field, (vp_bytes){.data = NULL, .size = 0});
}

int vp_table_add_many(vp_table_builder *builder, const vp_records *records) {
    if (!builder || !records) return VP_ERR_ARGUMENT;
    if (records->count && (!records->field_sizes || !records->value_sizes)) return VP_ERR_ARGUMENT;
    vp_bytes field = {.data = records->fields}, value = {.data = records->values};
    for (size_t i = 0; i < records->count; i++) {
        if (records->field_sizes[i] > TABLE_FIELD || records->value_sizes[i] > TABLE_BYTES)
            return VP_ERR_LIMIT;
        field.size = (size_t)records->field_sizes[i];
        value.size = (size_t)records->value_sizes[i];
        int status = vp_table_add(builder, field, value);
        if (status != VP_OK) return status;
        if (field.size) field.data = (const uint8_t *)field.data + field.size;
        if (value.size) value.data = (const uint8_t *)value.data + value.size;
    }
    return VP_OK;
}

/* ---- Loading -------------------------------------------------------------------------------- */

static int load_record(vp_table_builder *b, struct walk *w) {
    vp_context *x = b->plan.context;
    vp_bytes field, value;
    int64_t field_size = walk_field(w, x, &field.data);
    if (field_size < 0) return (int)field_size;
    int64_t value_size = walk_value(w, x, w->next - 1, &value.data);
    if (value_size < 0) return (int)value_size;
    field.size = (size_t)field_size;
    value.size = (size_t)value_size;
    return records_add(&b->records, RECORD_PUT, field, value);
}

static int load_block(vp_table_builder *b, struct walk *w, const struct head *h, uint64_t block) {
    int status = walk_open(w, b->plan.context, h, block);
    while (status == VP_OK && w->next < w->records)
        status = walk_next(w) && walk_in_order(w) ? load_record(b, w) : VP_ERR_CORRUPT;
    return status == VP_OK && !walk_end(w) ? VP_ERR_CORRUPT : status;
}

/* All records, or none. */
static int load(vp_table_builder *b, const struct head *h) {
    const size_t count = b->records.count, used = b->records.bytes_used;
    struct walk w = {.head = h};
    int status = VP_OK;
    for (uint64_t block = 0; block < h->blocks && status == VP_OK; block++)
        status = load_block(b, &w, h, block);
    if (status == VP_OK) return VP_OK;
    b->records.count = count;
    b->records.bytes_used = used;
    return status;
}

int vp_table_load(vp_table_builder *builder, vp_bytes table) {
    if (!builder || (!table.data && table.size)) return VP_ERR_ARGUMENT;
    struct head head;
    int status = head_open(&head, table);
    if (status == VP_OK) status = load(builder, &head);
    if (status != VP_ERR_LIMIT) return status;
    return records_compact(&builder->records) ? load(builder, &head) : VP_ERR_MEMORY;
}

/* ---- Finishing ------------------------------------------------------------------------------ */

static bool grow_numbers(struct plan *p, size_t count) {
    struct buffer *const arrays[] = {&p->integers, &p->numbers, &p->ends, &p->starts, &p->splits};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        if (!buffer_grow(&p->allocator, arrays[i], (count + 1) * sizeof(uint64_t), 0)) return false;
    return buffer_grow(&p->allocator, &p->choices, (TABLE_CHOICES + 1) * sizeof(vp_bytes), 0);
}

static int plan_table(struct plan *p) {
    size_t count = p->records->count;
    if (!grow_numbers(p, count)) return VP_ERR_MEMORY;
    p->head = (struct head){.count = count};
    if (count == 0) {
        plan_measure(p);
        return VP_OK;
    }
    return plan_fields(p) ? plan_values(p) : VP_ERR_MEMORY;
}

int64_t vp_table_finish(vp_table_builder *builder, const void **table) {
    if (!table) return VP_ERR_ARGUMENT;
    *table = NULL;
    if (!builder) return VP_ERR_ARGUMENT;
    if (!records_merge(&builder->records)) return VP_ERR_MEMORY;
    if (builder->records.duplicate) return VP_ERR_DUPLICATE;
    int status = plan_table(&builder->plan);
    if (status == VP_OK) status = plan_write(&builder->plan);
    if (status != VP_OK) return status;
    *table = builder->plan.table.bytes;
    return (int64_t)builder->plan.head.size;
}
