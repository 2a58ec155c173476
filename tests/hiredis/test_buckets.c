/* Records in buckets: keys are split, values lie in the fields of hashes. */
#include <stdio.h>
#include <stdlib.h>

#include "fixtures.h"

static const vp_bucketing by_digits = {.kind = VP_BUCKET_DIGITS, .count = 2};
static const vp_bucketing by_shards = {.kind = VP_BUCKET_SHARDS, .count = 16, .prefix_size = 5};

static struct single my;

static int open_all(void **state) {
    *state = &my;
    return single_open(state);
}

static void records_lie_in_their_buckets(void **state) {
    (void)state;
    vp_bytes got, key = vph_text("photo:1101000051");
    assert_int_equal(vph_bucket_get(my.client, &by_digits, key, &got), VPH_MISSING);
    assert_int_equal(vph_bucket_set(my.client, &by_digits, key, vph_text("value one")), VP_OK);
    redisReply *reply = ask(my.plain, "HGET photo:11010000 51");
    assert_int_equal(reply->type, REDIS_REPLY_STRING);
    assert_bytes((vp_bytes){reply->str, reply->len}, "value one");
    freeReplyObject(reply);
    assert_int_equal(vph_bucket_get(my.client, &by_digits, key, &got), VP_OK);
    assert_bytes(got, "value one");
    assert_int_equal(vph_bucket_set(my.client, &by_digits, key, vph_text("")), VP_OK);
    assert_int_equal(vph_bucket_get(my.client, &by_digits, key, &got), VP_OK);
    assert_bytes(got, "");
    assert_int_equal(vph_bucket_del(my.client, &by_digits, key), VP_OK);
    assert_int_equal(vph_bucket_del(my.client, &by_digits, key), VPH_MISSING);
    assert_int_equal(vph_bucket_get(my.client, &by_digits, key, &got), VPH_MISSING);
    assert_null(got.data);
    assert_int_equal(vph_bucket_set(my.client, &by_shards, vph_text("user:ada"), vph_text("x")), VP_OK);
    reply = ask(my.plain, "HGET user:2 ada"); /* binascii.crc32(b"user:ada") % 16 */
    assert_bytes((vp_bytes){reply->str, reply->len}, "x");
    freeReplyObject(reply);
}

static void keys_that_cannot_be_split(void **state) {
    (void)state;
    vp_bytes got, bad = vph_text("photo:none");
    assert_int_equal(vph_bucket_set(my.client, &by_digits, bad, vph_text("v")), VP_ERR_KEY);
    assert_says(my.client, "HSET photo:none: ");
    assert_says(my.client, vp_status_text(VP_ERR_KEY));
    assert_int_equal(vph_bucket_get(my.client, &by_digits, bad, &got), VP_ERR_KEY);
    assert_says(my.client, "HGET photo:none: ");
    assert_int_equal(vph_bucket_del(my.client, &by_digits, bad), VP_ERR_KEY);
    assert_int_equal(vph_bucket_set(my.client, &by_shards, vph_text("user:"), vph_text("v")), VP_ERR_KEY);
    vp_bucketing wrong = {.kind = 77, .count = 2};
    assert_int_equal(vph_bucket_get(my.client, &wrong, vph_text("k1"), &got), VP_ERR_ARGUMENT);
    const vph_value *values;
    vp_bytes key = vph_text("k1");
    assert_int_equal(vph_bucket_mget(my.client, &wrong, &key, 1, &values), VP_ERR_ARGUMENT);
    assert_int_equal(vph_bucket_set(my.client, NULL, key, key), VP_ERR_ARGUMENT);
    assert_int_equal(vph_bucket_get(my.client, NULL, key, &got), VP_ERR_ARGUMENT);
    assert_int_equal(vph_bucket_del(my.client, NULL, key), VP_ERR_ARGUMENT);
    assert_int_equal(vph_bucket_mget(my.client, NULL, &key, 1, &values), VP_ERR_ARGUMENT);
    redisReply *size = ask(my.plain, "DBSIZE");
    assert_int_equal(size->integer, 0);
    freeReplyObject(size);
}

/* Hundreds of keys in dozens of buckets, in no order, some of them missing and one that can't be split. */
static void many_at_once(void **state) {
    (void)state;
    enum { COUNT = 400, BAD = 123 };
    static char names[COUNT][24], stored[COUNT][24];
    vp_bytes keys[COUNT];
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "photo:%d", i == BAD ? 0 : 1101000000 + i * 37 % 4000);
        if (i == BAD) snprintf(names[i], sizeof names[i], "photo:");
        snprintf(stored[i], sizeof stored[i], "value of %d", i);
        keys[i] = vph_text(names[i]);
        if (i == BAD || i % 5 == 0) continue;
        vp_bytes value = vph_text(stored[i]);
        vph_command set = {.kind = VPH_SET, .key = keys[i], .values = &value, .buckets = &by_digits};
        assert_int_equal(vph_append(my.client, &set), VP_OK);
    }
    vph_reply reply;
    while (vph_next(my.client, &reply) == 1) assert_int_equal(reply.status, VP_OK);
    tell(my.plain, "CONFIG RESETSTAT");
    const vph_value *values;
    assert_int_equal(vph_bucket_mget(my.client, &by_digits, keys, COUNT, &values), VP_ERR_KEY);
    assert_says(my.client, "HMGET photo:: ");
    for (int i = 0; i < COUNT; i++) {
        int expected = i == BAD ? VP_ERR_KEY : i % 5 == 0 ? VPH_MISSING : VP_OK;
        assert_int_equal(values[i].status, expected);
        assert_bytes(values[i].name, names[i]);
        if (expected == VP_OK) assert_bytes(values[i].data, stored[i]);
        else assert_null(values[i].data.data);
    }
    redisReply *info = ask(my.plain, "INFO commandstats");
    assert_non_null(strstr(info->str, "cmdstat_hmget:calls=40,")); /* once per bucket */
    freeReplyObject(info);
}

static void all_keys_bad(void **state) {
    (void)state;
    vp_bytes keys[2] = {vph_text("a"), vph_text("b")};
    const vph_value *values = NULL;
    assert_int_equal(vph_bucket_mget(my.client, &by_digits, keys, 2, &values), VP_ERR_KEY);
    assert_int_equal(values[0].status, VP_ERR_KEY);
    assert_int_equal(values[1].status, VP_ERR_KEY);
    assert_bytes(values[1].name, "b");
    assert_says(my.client, "HMGET a: ");
}

static void values_are_encoded_for_fields(void **state) {
    (void)state;
    uint8_t room[VALUE_ROOM];
    uint64_t random = 11;
    for (int i = 0; i < 50; i++) {
        char key[24];
        vp_bytes got, value = {room, make_value(VALUE_SESSION, &random, room)};
        snprintf(key, sizeof key, "session:%d", i);
        assert_int_equal(vph_bucket_set(my.client, &by_digits, vph_text(key), value), VP_OK);
        assert_int_equal(vph_bucket_get(my.client, &by_digits, vph_text(key), &got), VP_OK);
        assert_int_equal(got.size, value.size);
        assert_memory_equal(got.data, value.data, value.size);
    }
    vph_client *stranger = client_over(my.kit.stranger.context, my.connection);
    vp_bytes got;
    assert_int_equal(vph_bucket_get(stranger, &by_digits, vph_text("session:10"), &got), VP_ERR_NO_PROFILE);
    vph_client_free(stranger);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(records_lie_in_their_buckets, single_empty),
        cmocka_unit_test_setup(keys_that_cannot_be_split, single_empty),
        cmocka_unit_test_setup(many_at_once, single_empty),
        cmocka_unit_test_setup(all_keys_bad, single_empty),
        cmocka_unit_test_setup(values_are_encoded_for_fields, single_empty),
    };
    return cmocka_run_group_tests(tests, open_all, single_close);
}
