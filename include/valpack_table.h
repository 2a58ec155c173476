/*
 * Packed tables: many records in one string value, each found without unpacking the others.
 *
 *     vp_table_builder *builder = vp_table_builder_new(context);
 *     vp_table_put(builder, (vp_bytes){"51", 2}, (vp_bytes){"3301000051", 10});
 *     const void *table;
 *     int64_t size = vp_table_finish(builder, &table);      // SET bucket table
 *     vp_table_builder_free(builder);
 *
 *     const void *value;                                     // GET bucket
 *     int64_t found = vp_table_get(context, (vp_bytes){table, size}, (vp_bytes){"51", 2}, &value);
 *
 * Fields that all are canonical integers are kept as differences, others as sorted strings. Values that all
 * are canonical integers are kept as differences or with a fixed number of bits, others of one size side by
 * side, others encoded by the codec of the context, whichever is smallest. A record takes 1.2 to 5 bytes
 * where a key takes 70 and the field of a hash 9 to 15. A table is immutable: a change makes a new one, which is
 * stored by compare-and-set (WATCH and MULTI, or a script that compares the old bytes).
 *
 * The layout is in codec/FORMAT.md, "Packed tables". Tables trust nothing: each part that is used was
 * verified against a check of its bytes, and whatever does not fit is VP_ERR_CORRUPT. A builder or a
 * context belongs to one thread at a time. Return conventions are those of valpack.h.
 */
#ifndef VALPACK_TABLE_H
#define VALPACK_TABLE_H

#include "valpack.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Making tables -------------------------------------------------------------------------- */

typedef struct vp_table_builder vp_table_builder;

/* An empty table under construction. Values are encoded by the context, which must outlive the builder and
   may be used in between. NULL without memory or context. Free with vp_table_builder_free(). */
VP_API vp_table_builder *vp_table_builder_new(vp_context *context);
VP_API void vp_table_builder_free(vp_table_builder *builder);

/* Starts anew with an empty table, keeping the memory. */
VP_API void vp_table_clear(vp_table_builder *builder);

/*
 * Adds records of an existing table, adds or replaces one record, takes one away. Bytes are copied. What
 * comes later wins, so that vp_table_load() and then the updates merge them into a table.
 * VP_OK, VP_ERR_MEMORY, VP_ERR_ARGUMENT, VP_ERR_LIMIT (more than 2^24 records, a field of more than 65535
 * bytes, or 2^30 bytes in all); vp_table_load() also the statuses of reading, and then nothing was added.
 * Taking away a field that is not there is VP_OK.
 */
VP_API int vp_table_load(vp_table_builder *builder, vp_bytes table);
VP_API int vp_table_put(vp_table_builder *builder, vp_bytes field, vp_bytes value);
VP_API int vp_table_remove(vp_table_builder *builder, vp_bytes field);

/* As vp_table_put(), but vp_table_finish() then gives VP_ERR_DUPLICATE if the field was there already. */
VP_API int vp_table_add(vp_table_builder *builder, vp_bytes field, vp_bytes value);

/* Many vp_table_add() in one call, for bindings that pay per call: the bytes of all fields one after the
   other and their sizes, the same for values. */
typedef struct vp_records {
    const void *fields;
    const uint64_t *field_sizes;
    const void *values;
    const uint64_t *value_sizes;
    size_t count;
} vp_records;
VP_API int vp_table_add_many(vp_table_builder *builder, const vp_records *records);

/*
 * Writes the table: *table points to its bytes, owned by the builder and valid until its next call. The
 * builder keeps the records, so that more may be put. The same records, context settings and library
 * versions give the same bytes. Returns the size; VP_ERR_DUPLICATE, VP_ERR_MEMORY, VP_ERR_ARGUMENT,
 * VP_ERR_LIMIT (the table would have more than 2^30 bytes). A table without records has a few bytes.
 */
VP_API int64_t vp_table_finish(vp_table_builder *builder, const void **table);

/* ---- Reading tables ------------------------------------------------------------------------- */

/* 1 if the bytes begin as a table does, otherwise 0. Nothing else is verified. */
VP_API int vp_is_table(const void *data, size_t size);

/* How many records there are, or VP_ERR_CORRUPT, VP_ERR_UNSUPPORTED, VP_ERR_ARGUMENT. */
VP_API int64_t vp_table_count(vp_bytes table);

/*
 * Writes a JSON object (not NUL-terminated, below 512 bytes) about a table: records, bytes of table and head,
 * blocks, and as what kind of column fields and values are kept (codec/FORMAT.md). Returns its size,
 * VP_ERR_SPACE, or the statuses of vp_table_count().
 */
VP_API int64_t vp_table_describe(vp_bytes table, char *json, size_t capacity);

/*
 * The value of a field: *value points to it, valid until the next call with this context. Returns its size;
 * VP_ERR_NOT_FOUND; VP_ERR_CORRUPT (cut, lengthened or damaged), VP_ERR_UNSUPPORTED, VP_ERR_MEMORY,
 * VP_ERR_ARGUMENT; or what decoding the value gives (VP_ERR_NO_PROFILE and the like). On error *value is
 * NULL. Takes the check of the head (a few bytes a block), O(log n) steps and one block of at most
 * 128 records.
 */
VP_API int64_t vp_table_get(vp_context *context, vp_bytes table, vp_bytes field, const void **value);

/* A walk over all records in the order of the table (integers by size, strings by their bytes). */
typedef struct vp_table_cursor {
    vp_bytes
        field; /* of the record that vp_table_next() came to; valid until the next call with the context */
    vp_bytes value;
    uint64_t next; /* number of the record that comes next: begin with 0 */
} vp_table_cursor;

/* 1 with the next record, 0 at the end, or the statuses of vp_table_get(). Each call reads its block from the
   start; vp_table_read_all() takes a tenth of the time. */
VP_API int vp_table_next(vp_context *context, vp_bytes table, vp_table_cursor *cursor);

/*
 * All records in one call, for bindings that pay per call: `records` is then what vp_table_add_many() takes, in
 * the order of the table; memory of the context, valid until its next call. Returns their number; the statuses of
 * vp_table_next(), or VP_ERR_LIMIT if all fields and values together exceed VP_OPTION_MAX_DECODED. On error there
 * are no records.
 */
VP_API int64_t vp_table_read_all(vp_context *context, vp_bytes table, vp_records *records);

/* ---- Reading parts of a table --------------------------------------------------------------- */

/*
 * For large tables one need not fetch everything. Begin with nothing: vp_table_part() says which bytes to
 * fetch with GETRANGE, the head of the table first, then the block that holds the field:
 *
 *     vp_table_range need = {0};
 *     vp_table_part((vp_bytes){NULL, 0}, field, &need)      -> 1: the first bytes of the table
 *     vp_table_part(head, field, &need)                     -> 1: more of the head, or 0: need is the block
 *     vp_table_get_part(context, head, block, field, &value)
 *
 * The table may be replaced between two fetches. So fetch head and block together (MULTI, GETRANGE key 0
 * head_size-1, GETRANGE key offset ..., EXEC; a head from earlier tells the block) and use the head that came
 * with the block: if that differs from the earlier one, begin again with it.
 */
typedef struct vp_table_range {
    uint64_t offset, size;
    uint64_t head_size; /* how many bytes the head has; 0 as long as that is not known */
} vp_table_range;

/* 1: `need` is more of the head, beginning at its first byte; when fetching it gives no more than there is already,
   the table was cut short. 0: the head is whole, and `need` is the block
   with the field. VP_ERR_NOT_FOUND: the head says that there is no such field. Otherwise as vp_table_get(). */
VP_API int vp_table_part(vp_bytes head, vp_bytes field, vp_table_range *need);

/* As vp_table_get(), with head and block as vp_table_part() asked for them. */
VP_API int64_t vp_table_get_part(vp_context *context, vp_bytes head, vp_bytes block, vp_bytes field,
                                 const void **value);

#ifdef __cplusplus
}
#endif

#endif
