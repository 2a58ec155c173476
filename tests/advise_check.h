/* What the tests of advice share: advisors in few words, and what their JSON says. */
#ifndef VALPACK_TESTS_ADVISE_CHECK_H
#define VALPACK_TESTS_ADVISE_CHECK_H

#include "test.h"
#include "valpack_advise.h"

static inline vp_bytes text(const char *t) {
    return (vp_bytes){t, strlen(t)};
}

vp_server server_of(const char *name);

/* An advisor that leaves times out, so that its JSON can be compared. */
vp_advisor *advisor_for(const char *server, const vp_allocator *allocator);

void add_sample(vp_advisor *a, vp_bytes key, vp_bytes value);

/* Samples of one kind without keys. */
void add_values(vp_advisor *a, enum value_kind kind, size_t count);

/* The JSON, which lives as long as the advisor; it is valid. */
const char *advice_of(vp_advisor *a);

/* What follows the first `"name":` behind `from`, which there must be; and that as a number or compared. */
const char *json_member(const char *from, const char *name);
long long json_number(const char *from, const char *name);
bool json_is(const char *from, const char *name, const char *expected);

/* The row of a technique, which there must be; or NULL. */
const char *advice_row(const char *json, const char *technique);
const char *advice_row_or_null(const char *json, const char *technique);

#endif
