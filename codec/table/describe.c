/* What a packed table consists of, for people. */
#include "head.h"
#include "json.h"

int64_t vp_table_describe(vp_bytes table, char *json, size_t capacity) {
    static const char *const fields[FIELDS_KINDS] = {"line", "gaps", "strings"};
    static const char *const values[VALUES_KINDS] = {"line",   "gaps",  "deltas", "frame",
                                                     "choice", "bytes", "encoded"};
    if ((!table.data && table.size) || (!json && capacity)) return VP_ERR_ARGUMENT;
    struct head head;
    int status = head_open(&head, table);
    if (status != VP_OK) return status;
    struct writer w = writer_over(json, capacity);
    put_byte(&w, '{');
    put_json_number(&w, "records", head.count);
    put_json_number(&w, "table_bytes", head.size);
    put_json_number(&w, "head_bytes", head.head_size);
    put_json_number(&w, "blocks", head.blocks);
    put_json_string(&w, "fields", fields[head.fields.kind]);
    put_json_number(&w, "prefix_bytes", head.fields.prefix.size);
    put_json_string(&w, "values", values[head.values.kind]);
    put_byte(&w, '}');
    return w.full ? VP_ERR_SPACE : (int64_t)w.length;
}
