/* JSON objects written otherwise: names, positions, MessagePack, fields, and hostile text. */
#include <stdio.h>

#include "test.h"

#include "advise/objects.h"
#include "encoders/msgpack_scan.h"

enum { ROOM = 4096 };

static vp_bytes text(const char *words) {
    return (vp_bytes){words, strlen(words)};
}

static void assert_bytes(vp_bytes found, const char *expected) {
    assert_int_equal(found.size, strlen(expected));
    assert_memory_equal(found.data, expected, found.size);
}

static struct object_names *learn(const char *const *values, size_t count) {
    struct object_names *names = object_names_new(NULL);
    assert_non_null(names);
    for (size_t i = 0; i < count; i++) assert_int_equal(object_names_add(names, text(values[i])), 1);
    assert_true(object_names_settle(names) >= 0);
    return names;
}

typedef bool (*rewriting)(const struct object_names *names, struct writer *out);

/* What a rewriting makes of a value; NULL expects that it leaves the value alone. */
static void assert_rewritten(struct object_names *names, rewriting rewrite, const char *value,
                             const char *expected) {
    uint8_t room[ROOM];
    struct writer out = writer_over(room, sizeof room);
    assert_true(object_read(names, text(value)) > OBJECT_TEXT_NONE);
    bool taken = rewrite(names, &out);
    assert_int_equal(taken, expected != NULL);
    if (expected) assert_bytes((vp_bytes){room, out.length}, expected);
}

/* ---- Short names ---------------------------------------------------------------------------- */

static const char *const users[] = {
    "{\"identifier\":1,\"name\":\"Ada\",\"home\":{\"name\":\"x\",\"b\":2}}",
    "{\"identifier\":2,\"name\":\"Bob\",\"home\":{\"name\":\"y\",\"b\":3}}",
    "{\"identifier\":3,\"name\":\"Cyd\"}",
};

static void test_short_names(void **state) {
    (void)state;
    struct object_names *names = learn(users, 3);
    vp_bytes name, code;
    /* saved: identifier 3 * 9, name 5 * 3, home 2 * 3; "b" is a name already and no code */
    static const char *const expected[][2] = {{"identifier", "a"}, {"name", "c"}, {"home", "d"}};
    for (size_t i = 0; i < 3; i++) {
        assert_true(object_code(names, i, &name, &code));
        assert_bytes(name, expected[i][0]);
        assert_bytes(code, expected[i][1]);
    }
    assert_false(object_code(names, 3, &name, &code));
    assert_rewritten(names, object_put_short, users[0],
                     "{\"a\":1,\"c\":\"Ada\",\"d\":{\"c\":\"x\",\"b\":2}}");
    assert_rewritten(names, object_put_short, " { \"name\" : [ { \"home\":\"name\" } ] }\n",
                     " { \"c\" : [ { \"d\":\"name\" } ] }\n");
    assert_rewritten(names, object_put_short, "{\"new\":1}", "{\"new\":1}");
    assert_rewritten(names, object_put_short, "{\"name\":1,\"deep\":{\"a\":1}}", NULL); /* "a" would be read
                                                                                          as "identifier" */
    assert_rewritten(names, object_put_short, "[{\"name\":1}]", NULL);
    object_names_free(names);
}

/* Many names: one character for the first 62, then two, none twice. */
static void test_many_names(void **state) {
    (void)state;
    struct object_names *names = object_names_new(NULL);
    static char value[200000];
    size_t size = 0;
    for (unsigned i = 0; i < 6000; i++)
        size += (size_t)snprintf(value + size, sizeof value - size, "%s\"member_%u\":0", i ? "," : "{", i);
    value[size++] = '}';
    for (int i = 0; i < 2; i++) assert_int_equal(object_names_add(names, (vp_bytes){value, size}), 1);
    int64_t count = object_names_settle(names);
    assert_int_equal(count, 62 + 62 * 62); /* of the first 4096 names, those for which there are codes */
    bool seen[128][128] = {{false}};
    vp_bytes name, code;
    for (size_t i = 0; object_code(names, i, &name, &code); i++, count--) {
        const uint8_t *c = code.data;
        assert_int_equal(code.size, i < 62 ? 1 : 2);
        assert_false(seen[c[0]][code.size > 1 ? c[1] : 0]);
        seen[c[0]][code.size > 1 ? c[1] : 0] = true;
    }
    assert_int_equal(count, 0);
    object_names_free(names);
}

/* ---- Positions ------------------------------------------------------------------------------ */

static void test_positions(void **state) {
    (void)state;
    static const char *const values[] = {
        "{\"a\":1,\"b\":\"x\",\"c\":null}",  "{\"c\":2,\"b\":\"y\",\"a\":2}",
        "{\"a\":1,\"b\":2,\"c\":3,\"d\":4}", "{\"a\":1,\"b\":2,\"c\":3,\"d\":5}",
        "{\"a\":1,\"b\":2,\"c\":3}",         "{\"rare\":1}",
    };
    struct object_names *names = learn(values, 6);
    vp_bytes name;
    for (size_t i = 0; i < 4; i++) {
        assert_true(object_position(names, i, &name));
        assert_bytes(name, (const char *[]){"a", "b", "c", "d"}[i]);
    }
    assert_false(object_position(names, 4, &name));
    assert_rewritten(names, object_put_positions, values[0], "[1,\"x\",null]");
    assert_rewritten(names, object_put_positions, values[1], "[2,\"y\",2]");
    assert_rewritten(names, object_put_positions, values[2], "[1,2,3,4]");
    assert_rewritten(names, object_put_positions, "{ \"b\": { \"e\": [ 1 ] }, \"c\": 0 }",
                     "[null,{ \"e\": [ 1 ] },0]");
    assert_rewritten(names, object_put_positions, "{\"a\":1}", "[1]");
    assert_rewritten(names, object_put_positions, "{}", "[]");
    assert_rewritten(names, object_put_positions, "{\"a\":1,\"b\":1,\"d\":1}", NULL); /* c: null or absent? */
    assert_rewritten(names, object_put_positions, "{\"a\":null}", NULL);              /* null means absent */
    assert_rewritten(names, object_put_positions, "{\"a\":1,\"a\":2}", NULL);
    assert_rewritten(names, object_put_positions, "{\"rare\":1}", NULL);
    assert_rewritten(names, object_put_positions, "[1]", NULL);
    object_names_free(names);
}

/* ---- MessagePack ---------------------------------------------------------------------------- */

static void test_msgpack(void **state) {
    (void)state;
    static const struct {
        const char *text, *packed;
        size_t size;
    } cases[] = {
        {"{\"a\":1,\"bc\":[true,false,null]}",
         "\x82\xA1"
         "a\x01\xA2"
         "bc\x93\xC3\xC2\xC0",
         11},
        {"[-1,-33,200,70000,-9223372036854775808]",
         "\x95\xFF\xD0\xDF\xCC\xC8\xCE\x00\x01\x11\x70\xD3\x80\0\0\0\0\0\0\0", 20},
        {"[1.5]", "\x91\xCB\x3F\xF8\0\0\0\0\0\0", 10},
        {"[1e300]", "\x91\xCB\x7E\x37\xE4\x3C\x88\x00\x75\x9C", 10},
        {"[18446744073709551616]", "\x91\xCB\x43\xF0\0\0\0\0\0\0", 10},
        {"[\"\\u00e9\\ud83d\\ude00\\n\\/\"]", "\x91\xA8\xC3\xA9\xF0\x9F\x98\x80\n/", 10},
    };
    struct object_names *names = object_names_new(NULL);
    uint8_t room[ROOM];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct writer out = writer_over(room, sizeof room);
        assert_true(object_read(names, text(cases[i].text)) > OBJECT_TEXT_NONE);
        assert_true(object_put_msgpack(names, &out));
        assert_int_equal(out.length, cases[i].size);
        assert_memory_equal(room, cases[i].packed, out.length);
        struct writer narrow = writer_over(room, cases[i].size - 1);
        assert_false(object_put_msgpack(names, &narrow));
    }
    object_names_free(names);
}

static bool accept_all(const struct msgpack_token *token, bool is_key) {
    return token->is_minimal && (!is_key || token->kind == MSGPACK_KIND_STRING);
}

/* Made values: what comes out is JSON and MessagePack, and smaller. */
static void test_made_values(void **state) {
    (void)state;
    struct object_names *names = object_names_new(NULL);
    static uint8_t values[300][VALUE_ROOM], room[2 * VALUE_ROOM];
    size_t sizes[300];
    uint64_t random = 7;
    for (size_t i = 0; i < 300; i++) {
        sizes[i] = make_value(VALUE_SESSION, &random, values[i]);
        assert_int_equal(object_names_add(names, (vp_bytes){values[i], sizes[i]}), 1);
    }
    assert_true(object_names_settle(names) > 0);
    for (size_t i = 0; i < 300; i++) {
        assert_int_equal(object_read(names, (vp_bytes){values[i], sizes[i]}), OBJECT_TEXT_OBJECT);
        struct writer out = writer_over(room, sizes[i]);
        assert_true(object_put_short(names, &out));
        assert_true(out.length < sizes[i] && is_json((const char *)room, out.length));
        size_t with_names = out.length;
        out = writer_over(room, sizes[i]);
        assert_true(object_put_positions(names, &out));
        assert_true(out.length < with_names && is_json((const char *)room, out.length));
        out = writer_over(room, sizes[i]);
        assert_true(object_put_msgpack(names, &out));
        assert_true(out.length < sizes[i] && msgpack_scan(room, out.length, accept_all));
    }
    object_names_free(names);
}

/* ---- Fields of a hash ----------------------------------------------------------------------- */

static void test_fields(void **state) {
    (void)state;
    struct object_names *names = object_names_new(NULL);
    uint8_t room[ROOM];
    struct writer kept = writer_over(room, sizeof room);
    vp_server server;
    assert_int_equal(vp_server_named("redis-7.2", &server), VP_OK);
    assert_int_equal(object_read(names, text("{\"a\\n\":\"x\\ty\",\"n\": 17 ,\"o\":{\"p\": [1]}}")),
                     OBJECT_TEXT_OBJECT);
    static const char *const expected[][2] = {{"a\n", "x\ty"}, {"n", "17"}, {"o", "{\"p\": [1]}"}};
    struct object_walk walk = {.text = writer_over(room, sizeof room)};
    vp_hash_cost by_hand = {0}, hash = {0};
    for (size_t i = 0; i < 3; i++) {
        assert_true(object_next(names, &walk));
        assert_bytes(walk.name, expected[i][0]);
        assert_bytes(walk.value, expected[i][1]);
        vp_hash_cost_add(&server, &by_hand, text(expected[i][0]), text(expected[i][1]));
    }
    assert_false(object_next(names, &walk));
    assert_true(object_add_fields(names, &server, &kept, &hash));
    assert_int_equal(hash.fields, 3);
    assert_int_equal(hash.listpack_bytes, 2 + 2 + 3 + 2 + 1 + 2 + 2 + 1 + 2 + 10 + 2);
    assert_memory_equal(&hash, &by_hand, sizeof hash);
    static const char *const others[] = {"{}", "[1]", "{\"a\":1,\"a\":2}"};
    for (size_t i = 0; i < 3; i++) {
        assert_true(object_read(names, text(others[i])) > OBJECT_TEXT_NONE);
        assert_false(object_add_fields(names, &server, &kept, &hash));
    }
    object_names_free(names);
}

/* ---- Hostile text --------------------------------------------------------------------------- */

static void test_no_json(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",      " ",     "17",      "\"a\"",    "null",     "{",          "}",         "{]",
        "[1,]",  "[,1]",  "{\"a\"}", "{\"a\":}", "{a:1}",    "{\"a\":1,}", "[01]",      "[1.]",
        "[.5]",  "[-]",   "[1e]",    "[+1]",     "[NaN]",    "[\"\n\"]",   "[\"\\x\"]", "[\"\\u12g4\"]",
        "[1] 2", "[tru]", "['a']",   "[\"a]",    "[\"\\\"]", "{1:2}",
    };
    struct object_names *names = object_names_new(NULL);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(object_read(names, text(texts[i])), OBJECT_TEXT_NONE);
        assert_int_equal(object_names_add(names, text(texts[i])), 0);
    }
    assert_int_equal(object_names_add(names, text("[1]")), 0);
    char deep[2 * JSON_DEPTH + 2];
    for (size_t depth = JSON_DEPTH; depth <= JSON_DEPTH + 1; depth++) {
        memset(deep, '[', depth);
        memset(deep + depth, ']', depth);
        assert_int_equal(object_read(names, (vp_bytes){deep, 2 * depth}),
                         depth == JSON_DEPTH ? OBJECT_TEXT_ARRAY : OBJECT_TEXT_NONE);
    }
    object_names_free(names);
}

/* Every truncation and many damaged copies, in guarded memory: no touch outside, nothing but JSON comes out. */
static void test_damaged_text(void **state) {
    (void)state;
    static const char value[] = "{\"k\\u00e9y\":[1.5e3,\"\\ud83d\\ude00\\n\"],\"b\":{\"c\":null},\"d\":true}";
    struct guard in = guard_new(sizeof value), out = guard_new(sizeof value);
    struct object_names *names = learn((const char *const[]){value, value}, 2);
    uint64_t random = 3;
    for (size_t round = 0; round < 20000; round++) {
        size_t size = round < sizeof value ? round : sizeof value - 1;
        uint8_t *copy = guard_end(&in, size);
        memcpy(copy, value, size);
        if (round >= sizeof value) copy[random_below(&random, size)] = (uint8_t)random_next(&random);
        int kind = object_read(names, (vp_bytes){copy, size});
        if (round < sizeof value - 1) assert_int_equal(kind, OBJECT_TEXT_NONE);
        if (kind == OBJECT_TEXT_NONE) continue;
        struct writer w = writer_over(guard_end(&out, size), size);
        if (object_put_short(names, &w)) assert_true(is_json((const char *)w.base, w.length));
        w = writer_over(w.base, size);
        if (object_put_positions(names, &w)) assert_true(is_json((const char *)w.base, w.length));
        w = writer_over(w.base, size);
        if (object_put_msgpack(names, &w)) assert_true(msgpack_scan(w.base, w.length, accept_all));
    }
    object_names_free(names);
    guard_free(&in);
    guard_free(&out);
}

static void test_no_memory(void **state) {
    (void)state;
    bool done = false;
    for (uint64_t fail_at = 1; !done; fail_at++) {
        struct counting counting = {.fail_at = fail_at};
        vp_allocator allocator = counting_allocator(&counting);
        struct object_names *names = object_names_new(&allocator);
        if (names) {
            int status = object_names_add(names, text(users[0]));
            if (status == 1) status = (int)object_names_settle(names);
            done = status >= 0;
            if (!done) assert_int_equal(status, VP_ERR_MEMORY);
        }
        object_names_free(names);
        assert_int_equal(counting.live, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_names), cmocka_unit_test(test_many_names),
        cmocka_unit_test(test_positions),   cmocka_unit_test(test_msgpack),
        cmocka_unit_test(test_made_values), cmocka_unit_test(test_fields),
        cmocka_unit_test(test_no_json),     cmocka_unit_test(test_damaged_text),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
