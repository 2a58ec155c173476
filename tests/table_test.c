#include "table_test.h"

#include <inttypes.h>
#include <stdio.h>

enum { TEXT = 24 };

struct table_test table_test_new(void) {
    struct table_test t = {.coder = coder_of(NULL, NULL)};
    t.builder = vp_table_builder_new(t.coder.context);
    assert_non_null(t.builder);
    return t;
}

void table_test_free(struct table_test *t) {
    vp_table_builder_free(t->builder);
    coder_close(&t->coder);
}

vp_bytes text_of(const char *characters) {
    return (vp_bytes){.data = characters, .size = strlen(characters)};
}

void table_put(struct table_test *t, const char *field, const char *value) {
    assert_int_equal(vp_table_put(t->builder, text_of(field), text_of(value)), VP_OK);
}

void table_put_integers(struct table_test *t, int64_t field, int64_t value) {
    char a[TEXT], b[TEXT];
    snprintf(a, sizeof a, "%" PRId64, field);
    snprintf(b, sizeof b, "%" PRId64, value);
    table_put(t, a, b);
}

vp_bytes table_finish(struct table_test *t) {
    const void *table = NULL;
    int64_t size = vp_table_finish(t->builder, &table);
    assert_true(size > 0);
    return (vp_bytes){.data = table, .size = (size_t)size};
}

struct head table_head(vp_bytes table) {
    struct head head;
    assert_int_equal(head_open(&head, table), VP_OK);
    return head;
}

void table_expect(struct table_test *t, vp_bytes table, vp_bytes field, vp_bytes value) {
    const void *found = NULL;
    int64_t size = vp_table_get(t->coder.context, table, field, &found);
    assert_int_equal(size, (int64_t)value.size);
    if (size > 0) assert_memory_equal(found, value.data, value.size);
}

void table_expect_integers(struct table_test *t, vp_bytes table, int64_t field, int64_t value) {
    char a[TEXT], b[TEXT];
    snprintf(a, sizeof a, "%" PRId64, field);
    snprintf(b, sizeof b, "%" PRId64, value);
    table_expect(t, table, text_of(a), text_of(b));
}

void table_expect_none(struct table_test *t, vp_bytes table, const char *field) {
    const void *found = "";
    assert_int_equal(vp_table_get(t->coder.context, table, text_of(field), &found), VP_ERR_NOT_FOUND);
    assert_null(found);
}
