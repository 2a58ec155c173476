/* Pipelines: order, errors in the middle. */
#include <stdio.h>
#include <stdlib.h>

#include "servers.h"

static struct kit kit;
static struct server server;
static redisContext *plain, *connection;
static vph_client *client;

static int open_all(void **state) {
    (void)state;
    kit_open(&kit);
    server = server_start(false);
    return 0;
}

static int close_all(void **state) {
    (void)state;
    server_stop(&server);
    kit_close(&kit);
    return 0;
}

static int connect_all(void **state) {
    (void)state;
    plain = server_connect(&server);
    connection = server_connect(&server);
    client = client_over(kit.coder.context, connection);
    tell(plain, "FLUSHALL SYNC");
    return 0;
}

static int disconnect_all(void **state) {
    (void)state;
    vph_client_free(client);
    redisFree(connection);
    redisFree(plain);
    return 0;
}

static void append(vph_command command) {
    assert_int_equal(vph_append(client, &command), VP_OK);
}

static void append_set(const char *key, const char *value) {
    vp_bytes bytes = vph_text(value);
    append((vph_command){.kind = VPH_SET, .key = vph_text(key), .values = &bytes});
}

static void append_get(const char *key) {
    append((vph_command){.kind = VPH_GET, .key = vph_text(key)});
}

static vph_reply next(void) {
    vph_reply reply;
    assert_int_equal(vph_next(client, &reply), 1);
    return reply;
}

static void assert_end(void) {
    vph_reply reply;
    assert_int_equal(vph_next(client, &reply), 0);
}

static void every_command_can_be_queued(void **state) {
    (void)state;
    vp_bytes names[3] = {vph_text("a"), vph_text("b"), vph_text("c")};
    vp_bytes values[3] = {vph_text("1st"), vph_text("2nd"), vph_text("3rd")};
    vp_bytes words[2] = {vph_text("STRLEN"), vph_text("plain")};
    vp_bytes hash = vph_text("hash");
    append((vph_command){.kind = VPH_MSET, .names = names, .values = values, .count = 2});
    append((vph_command){.kind = VPH_MGET, .names = names, .count = 3});
    append((vph_command){.kind = VPH_DEL, .key = names[0]});
    append_get("a");
    append((vph_command){.kind = VPH_HSET, .key = hash, .names = names, .values = values, .count = 3});
    append((vph_command){.kind = VPH_HGET, .key = hash, .names = &names[2], .count = 1});
    append((vph_command){.kind = VPH_HGET, .key = hash, .names = names, .count = 3});
    append((vph_command){.kind = VPH_HDEL, .key = hash, .names = names, .count = 2});
    append((vph_command){.kind = VPH_HGETALL, .key = hash});
    append((vph_command){.kind = VPH_PLAIN, .key = words[1], .names = words, .count = 2});
    redisReply *size = ask(plain, "DBSIZE"); /* nothing was sent yet */
    assert_int_equal(size->integer, 0);
    freeReplyObject(size);

    assert_int_equal(next().status, VP_OK);
    vph_reply reply = next();
    assert_int_equal(reply.status, VP_OK);
    assert_int_equal(reply.count, 3);
    assert_bytes(reply.values[1].data, "2nd");
    assert_int_equal(reply.values[2].status, VPH_MISSING);
    assert_int_equal(next().number, 1);
    assert_int_equal(next().status, VPH_MISSING);
    assert_int_equal(next().number, 3);
    assert_bytes(next().values[0].data, "3rd");
    assert_bytes(next().values[1].data, "2nd");
    assert_int_equal(next().number, 2);
    reply = next();
    assert_int_equal(reply.count, 1);
    assert_bytes(reply.values[0].name, "c");
    assert_bytes(reply.values[0].data, "3rd");
    reply = next();
    assert_int_equal(reply.status, VP_OK);
    assert_int_equal(reply.raw->integer, 0);
    assert_end();
    assert_end();
}

static void an_error_does_not_touch_the_others(void **state) {
    (void)state;
    tell(plain, "LPUSH list 1");
    for (int i = 0; i < 50; i++) {
        append_set("k", i % 2 ? "odd" : "even");
        append_get("list");
        append_get("k");
    }
    vp_bytes none = {NULL, 1};
    vph_command bad = {.kind = VPH_SET, .key = vph_text("k"), .values = &none};
    assert_int_equal(vph_append(client, &bad), VP_ERR_ARGUMENT); /* is not queued */
    for (int i = 0; i < 50; i++) {
        assert_int_equal(next().status, VP_OK);
        assert_int_equal(next().status, VPH_ERR_SERVER);
        assert_says(client, "GET list: WRONGTYPE");
        vph_reply reply = next();
        assert_int_equal(reply.status, VP_OK);
        assert_bytes(reply.values->data, i % 2 ? "odd" : "even");
    }
    assert_end();
}

static void a_value_that_cannot_be_encoded_is_not_queued(void **state) {
    (void)state;
    vp_options *options = vp_options_new(NULL);
    assert_int_equal(vp_options_set(options, VP_OPTION_MAX_DECODED, 4), VP_OK);
    struct coder small = coder_with(NULL, NULL, options);
    vph_client_free(client);
    client = client_over(small.context, connection);
    vp_bytes names[2] = {vph_text("a"), vph_text("b")}, values[2] = {vph_text("ok"), vph_text("too long")};
    append_set("before", "one");
    vph_command command = {.kind = VPH_MSET, .names = names, .values = values, .count = 2};
    assert_int_equal(vph_append(client, &command), VP_ERR_LIMIT);
    append_set("behind", "two");
    append_get("before");
    assert_int_equal(next().status, VP_OK);
    assert_int_equal(next().status, VP_OK);
    assert_bytes(next().values->data, "one");
    assert_end();
    redisReply *size = ask(plain, "DBSIZE");
    assert_int_equal(size->integer, 2);
    freeReplyObject(size);
    coder_close(&small);
    vp_options_free(options);
}

static void replies_must_be_read_before_more_is_queued(void **state) {
    (void)state;
    vp_bytes got;
    append_set("a", "1");
    assert_int_equal(vph_get(client, vph_text("a"), &got), VPH_ERR_UNREAD);
    append_set("b", "2");
    assert_int_equal(next().status, VP_OK);
    vph_command command = {.kind = VPH_GET, .key = vph_text("a")};
    assert_int_equal(vph_append(client, &command), VPH_ERR_UNREAD);
    assert_says(client, "GET a: ");
    vph_drop(client);
    assert_int_equal(vph_get(client, vph_text("b"), &got), VP_OK);
    assert_bytes(got, "2");
    append_set("c", "3");
    vph_drop(client);
    assert_int_equal(vph_get(client, vph_text("c"), &got), VPH_MISSING);
}

static void large_pipelines(void **state) {
    (void)state;
    enum { COUNT = 20000 };
    char key[32];
    uint8_t value[VALUE_ROOM];
    uint64_t random = 1;
    for (int i = 0; i < COUNT; i++) {
        snprintf(key, sizeof key, "session:%d", i);
        vp_bytes bytes = {value, make_value(VALUE_SESSION, &random, value)};
        append((vph_command){.kind = VPH_SET, .key = vph_text(key), .values = &bytes});
        append_get(key);
    }
    random = 1;
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(next().status, VP_OK);
        vph_reply reply = next();
        size_t size = make_value(VALUE_SESSION, &random, value);
        assert_int_equal(reply.values->data.size, size);
        assert_memory_equal(reply.values->data.data, value, size);
    }
    assert_end();
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, connect_all, disconnect_all)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(every_command_can_be_queued),
        TEST(an_error_does_not_touch_the_others),
        TEST(a_value_that_cannot_be_encoded_is_not_queued),
        TEST(replies_must_be_read_before_more_is_queued),
        TEST(large_pipelines),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
