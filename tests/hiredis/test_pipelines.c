/* Pipelines: order, errors in the middle. */
#include <stdio.h>
#include <stdlib.h>

#include "fixtures.h"

static struct single my;

static int open_all(void **state) {
    *state = &my;
    return single_start(state);
}

static void every_command_can_be_queued(void **state) {
    (void)state;
    vp_bytes names[3] = {vph_text("a"), vph_text("b"), vph_text("c")};
    vp_bytes values[3] = {vph_text("1st"), vph_text("2nd"), vph_text("3rd")};
    vp_bytes words[2] = {vph_text("STRLEN"), vph_text("plain")};
    vp_bytes hash = vph_text("hash");
    append(my.client, (vph_command){.kind = VPH_MSET, .names = names, .values = values, .count = 2});
    append(my.client, (vph_command){.kind = VPH_MGET, .names = names, .count = 3});
    append(my.client, (vph_command){.kind = VPH_DEL, .key = names[0]});
    append_get(my.client, "a");
    append(my.client,
           (vph_command){.kind = VPH_HSET, .key = hash, .names = names, .values = values, .count = 3});
    append(my.client, (vph_command){.kind = VPH_HGET, .key = hash, .names = &names[2], .count = 1});
    append(my.client, (vph_command){.kind = VPH_HGET, .key = hash, .names = names, .count = 3});
    append(my.client, (vph_command){.kind = VPH_HDEL, .key = hash, .names = names, .count = 2});
    append(my.client, (vph_command){.kind = VPH_HGETALL, .key = hash});
    append(my.client, (vph_command){.kind = VPH_PLAIN, .key = words[1], .names = words, .count = 2});
    redisReply *size = ask(my.plain, "DBSIZE"); /* nothing was sent yet */
    assert_int_equal(size->integer, 0);
    freeReplyObject(size);

    assert_int_equal(next(my.client).status, VP_OK);
    vph_reply reply = next(my.client);
    assert_int_equal(reply.status, VP_OK);
    assert_int_equal(reply.count, 3);
    assert_bytes(reply.values[1].data, "2nd");
    assert_int_equal(reply.values[2].status, VPH_MISSING);
    assert_int_equal(next(my.client).number, 1);
    assert_int_equal(next(my.client).status, VPH_MISSING);
    assert_int_equal(next(my.client).number, 3);
    assert_bytes(next(my.client).values[0].data, "3rd");
    assert_bytes(next(my.client).values[1].data, "2nd");
    assert_int_equal(next(my.client).number, 2);
    reply = next(my.client);
    assert_int_equal(reply.count, 1);
    assert_bytes(reply.values[0].name, "c");
    assert_bytes(reply.values[0].data, "3rd");
    reply = next(my.client);
    assert_int_equal(reply.status, VP_OK);
    assert_int_equal(reply.raw->integer, 0);
    assert_end(my.client);
    assert_end(my.client);
}

static void an_error_does_not_touch_the_others(void **state) {
    (void)state;
    tell(my.plain, "LPUSH list 1");
    for (int i = 0; i < 50; i++) {
        append_set(my.client, "k", i % 2 ? "odd" : "even");
        append_get(my.client, "list");
        append_get(my.client, "k");
    }
    vp_bytes none = {NULL, 1};
    vph_command bad = {.kind = VPH_SET, .key = vph_text("k"), .values = &none};
    assert_int_equal(vph_append(my.client, &bad), VP_ERR_ARGUMENT); /* is not queued */
    for (int i = 0; i < 50; i++) {
        assert_int_equal(next(my.client).status, VP_OK);
        assert_int_equal(next(my.client).status, VPH_ERR_SERVER);
        assert_says(my.client, "GET list: WRONGTYPE");
        vph_reply reply = next(my.client);
        assert_int_equal(reply.status, VP_OK);
        assert_bytes(reply.values->data, i % 2 ? "odd" : "even");
    }
    assert_end(my.client);
}

static void a_value_that_cannot_be_encoded_is_not_queued(void **state) {
    (void)state;
    vp_options *options = vp_options_new(NULL);
    assert_int_equal(vp_options_set(options, VP_OPTION_MAX_DECODED, 4), VP_OK);
    struct coder small = coder_with(NULL, NULL, options);
    vph_client_free(my.client);
    my.client = client_over(small.context, my.connection);
    vp_bytes names[2] = {vph_text("a"), vph_text("b")}, values[2] = {vph_text("ok"), vph_text("too long")};
    append_set(my.client, "before", "one");
    vph_command command = {.kind = VPH_MSET, .names = names, .values = values, .count = 2};
    assert_int_equal(vph_append(my.client, &command), VP_ERR_LIMIT);
    append_set(my.client, "behind", "two");
    append_get(my.client, "before");
    assert_int_equal(next(my.client).status, VP_OK);
    assert_int_equal(next(my.client).status, VP_OK);
    assert_bytes(next(my.client).values->data, "one");
    assert_end(my.client);
    redisReply *size = ask(my.plain, "DBSIZE");
    assert_int_equal(size->integer, 2);
    freeReplyObject(size);
    coder_close(&small);
    vp_options_free(options);
}

static void replies_must_be_read_before_more_is_queued(void **state) {
    (void)state;
    vp_bytes got;
    append_set(my.client, "a", "1");
    assert_int_equal(vph_get(my.client, vph_text("a"), &got), VPH_ERR_UNREAD);
    append_set(my.client, "b", "2");
    assert_int_equal(next(my.client).status, VP_OK);
    vph_command command = {.kind = VPH_GET, .key = vph_text("a")};
    assert_int_equal(vph_append(my.client, &command), VPH_ERR_UNREAD);
    assert_says(my.client, "GET a: ");
    vph_drop(my.client);
    assert_int_equal(vph_get(my.client, vph_text("b"), &got), VP_OK);
    assert_bytes(got, "2");
    append_set(my.client, "c", "3");
    vph_drop(my.client);
    assert_int_equal(vph_get(my.client, vph_text("c"), &got), VPH_MISSING);
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
        append(my.client, (vph_command){.kind = VPH_SET, .key = vph_text(key), .values = &bytes});
        append_get(my.client, key);
    }
    random = 1;
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(next(my.client).status, VP_OK);
        vph_reply reply = next(my.client);
        size_t size = make_value(VALUE_SESSION, &random, value);
        assert_int_equal(reply.values->data.size, size);
        assert_memory_equal(reply.values->data.data, value, size);
    }
    assert_end(my.client);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, single_connect, single_disconnect)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(every_command_can_be_queued),
        TEST(an_error_does_not_touch_the_others),
        TEST(a_value_that_cannot_be_encoded_is_not_queued),
        TEST(replies_must_be_read_before_more_is_queued),
        TEST(large_pipelines),
    };
    return cmocka_run_group_tests(tests, open_all, single_stop);
}
