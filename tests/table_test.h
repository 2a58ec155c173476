/* Packed tables in few words: a context with a builder, records as text or integers. */
#ifndef VALPACK_TESTS_TABLE_TEST_H
#define VALPACK_TESTS_TABLE_TEST_H

#include "test.h"

#include "table/head.h"
#include "valpack_table.h"

struct table_test {
    struct coder coder;
    vp_table_builder *builder;
};

struct table_test table_test_new(void);
void table_test_free(struct table_test *t);

vp_bytes text_of(const char *characters);

void table_put(struct table_test *t, const char *field, const char *value);
void table_put_integers(struct table_test *t, int64_t field, int64_t value);

/* The bytes live until the builder is used again. */
vp_bytes table_finish(struct table_test *t);

/* The head of an intact table. */
struct head table_head(vp_bytes table);

/* The table has this value for the field, or none. */
void table_expect(struct table_test *t, vp_bytes table, vp_bytes field, vp_bytes value);
void table_expect_integers(struct table_test *t, vp_bytes table, int64_t field, int64_t value);
void table_expect_none(struct table_test *t, vp_bytes table, const char *field);

#endif
