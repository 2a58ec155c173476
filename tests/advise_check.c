/* Advisors in few words, and what their JSON says. */
#include "advise_check.h"

#include <stdio.h>
#include <stdlib.h>

vp_server server_of(const char *name) {
    vp_server server;
    assert_int_equal(vp_server_named(name, &server), VP_OK);
    return server;
}

vp_advisor *advisor_for(const char *name, const vp_allocator *allocator) {
    const vp_server server = server_of(name);
    vp_advisor *a = vp_advisor_new(&server, allocator);
    if (a) assert_int_equal(vp_advisor_set(a, VP_ADVISE_TIMES, 0), VP_OK);
    return a;
}

void add_sample(vp_advisor *a, vp_bytes key, vp_bytes value) {
    assert_int_equal(vp_advisor_add(a, key, value), VP_OK);
}

const char *advice_of(vp_advisor *a) {
    static const char *json; /* static: gcc 12 takes what it points to for a local variable */
    int64_t size = vp_advisor_finish(a, &json);
    assert_true(size > 0);
    assert_int_equal(strlen(json), size);
    assert_true(is_json(json, (size_t)size));
    return json;
}

const char *json_member(const char *from, const char *name) {
    char pattern[64];
    snprintf(pattern, sizeof pattern, "\"%s\":", name);
    const char *at = strstr(from, pattern);
    assert_non_null(at);
    return at + strlen(pattern);
}

long long json_number(const char *from, const char *name) {
    return atoll(json_member(from, name));
}

bool json_is(const char *from, const char *name, const char *expected) {
    return strncmp(json_member(from, name), expected, strlen(expected)) == 0;
}

const char *advice_row_or_null(const char *json, const char *technique) {
    char pattern[64];
    snprintf(pattern, sizeof pattern, "{\"technique\":\"%s\",", technique);
    return strstr(json, pattern);
}

const char *advice_row(const char *json, const char *technique) {
    const char *found = advice_row_or_null(json, technique);
    assert_non_null(found);
    return found;
}

void add_values(vp_advisor *a, enum value_kind kind, size_t count) {
    uint64_t random = 11;
    uint8_t value[VALUE_ROOM];
    for (size_t i = 0; i < count; i++)
        add_sample(a, (vp_bytes){NULL, 0}, (vp_bytes){value, make_value(kind, &random, value)});
}
