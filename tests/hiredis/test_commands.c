/* SET, GET and the like on a real server: values come back, errors are told apart. */
#include <stdlib.h>

#include "fixtures.h"

static struct single my;

static int open_all(void **state) {
    *state = &my;
    return single_open(state);
}

static vp_bytes make(enum value_kind kind, uint64_t *random, uint8_t room[VALUE_ROOM]) {
    return (vp_bytes){room, make_value(kind, random, room)};
}

static void assert_same(vp_bytes a, vp_bytes b) {
    assert_int_equal(a.size, b.size);
    assert_non_null(a.data);
    if (a.size > 0) assert_memory_equal(a.data, b.data, a.size);
}

static void arguments_are_checked(void **state) {
    (void)state;
    vph_client *none = my.client;
    vph_cluster cluster = {0};
    vph_settings settings = {.context = my.kit.coder.context};
    assert_int_equal(vph_client_new(NULL, &none), VP_ERR_ARGUMENT);
    assert_null(none);
    assert_int_equal(vph_client_new(&settings, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vph_client_new(&settings, &none), VP_ERR_ARGUMENT);
    settings.cluster = &cluster;
    assert_int_equal(vph_client_new(&settings, &none), VP_ERR_ARGUMENT);
    settings.cluster = NULL;
    settings.connection = my.connection;
    settings.context = NULL;
    assert_int_equal(vph_client_new(&settings, &none), VP_ERR_ARGUMENT);
    settings.context = my.kit.coder.context;
    settings.connection = redisConnectNonBlock("127.0.0.1", my.server.port);
    assert_int_equal(vph_client_new(&settings, &none), VP_ERR_ARGUMENT);
    redisFree(settings.connection);

    vp_bytes value, bad = {NULL, 3};
    const vph_value *values;
    size_t count;
    assert_int_equal(vph_get(NULL, vph_text("k"), &value), VP_ERR_ARGUMENT);
    assert_int_equal(vph_get(my.client, vph_text("k"), NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vph_get(my.client, bad, &value), VP_ERR_ARGUMENT);
    assert_int_equal(vph_set(my.client, vph_text("k"), bad, 0), VP_ERR_ARGUMENT);
    assert_int_equal(vph_set(my.client, vph_text("k"), vph_text("v"), UINT64_MAX), VP_ERR_ARGUMENT);
    assert_int_equal(vph_mset(my.client, &value, NULL, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vph_mget(my.client, NULL, 1, &values), VP_ERR_ARGUMENT);
    assert_int_equal(vph_mget(my.client, &bad, 1, &values), VP_ERR_ARGUMENT);
    assert_int_equal(vph_mget(my.client, &value, 0, &values), VP_ERR_ARGUMENT);
    assert_int_equal(vph_hset(my.client, vph_text("k"), &bad, &value, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vph_hgetall(my.client, vph_text("k"), &values, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vph_hgetall(my.client, vph_text("k"), NULL, &count), VP_ERR_ARGUMENT);
    vph_command command = {.kind = 99, .key = vph_text("k")};
    vph_reply reply;
    assert_int_equal(vph_append(my.client, &command), VP_ERR_ARGUMENT);
    assert_int_equal(vph_append(my.client, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vph_append(NULL, &command), VP_ERR_ARGUMENT);
    assert_int_equal(vph_next(my.client, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vph_next(NULL, &reply), VP_ERR_ARGUMENT);
    command = (vph_command){.kind = VPH_GET, .key = vph_text("k"), .expire_seconds = 3};
    assert_int_equal(vph_append(my.client, &command), VP_ERR_ARGUMENT);
    vp_bucketing how = {.kind = VP_BUCKET_DIGITS, .count = 2};
    command = (vph_command){.kind = VPH_HGETALL, .key = vph_text("k1"), .buckets = &how};
    assert_int_equal(vph_append(my.client, &command), VP_ERR_ARGUMENT);
    assert_int_equal(vph_next(my.client, &reply), 0);
    assert_string_equal(vph_error(NULL), "");
    vph_client_free(NULL);
    vph_drop(NULL);
}

static void options_have_ranges(void **state) {
    (void)state;
    static const struct {
        int option;
        uint64_t least, most, usual;
    } ranges[] = {{VPH_OPTION_ATTEMPTS, 1, 1000000, 100},
                  {VPH_OPTION_REDIRECTS, 0, 100, 5},
                  {VPH_OPTION_UPDATE_BY, 0, 1, 0},
                  {VPH_OPTION_PART_FROM, 16, 1 << 30, 16384}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        int option = ranges[i].option;
        assert_int_equal(vph_client_set(my.client, option, ranges[i].least), VP_OK);
        assert_int_equal(vph_client_set(my.client, option, ranges[i].most), VP_OK);
        assert_int_equal(vph_client_set(my.client, option, ranges[i].most + 1), VP_ERR_ARGUMENT);
        if (ranges[i].least > 0) {
            assert_int_equal(vph_client_set(my.client, option, ranges[i].least - 1), VP_ERR_ARGUMENT);
        }
        assert_int_equal(vph_client_set(my.client, option, ranges[i].usual), VP_OK);
    }
    assert_int_equal(vph_client_set(my.client, 0, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vph_client_set(my.client, 5, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vph_client_set(NULL, 1, 1), VP_ERR_ARGUMENT);
}

static void statuses_have_texts(void **state) {
    (void)state;
    for (int status = VPH_ERR_UNREAD; status <= VPH_ERR_SERVER; status++) {
        const char *text = vph_status_text(status);
        assert_true(strlen(text) > 10 && text[strlen(text) - 1] != '.');
        for (int other = VPH_ERR_UNREAD; other < status; other++) {
            assert_string_not_equal(text, vph_status_text(other));
        }
    }
    assert_string_equal(vph_status_text(VP_ERR_CORRUPT), vp_status_text(VP_ERR_CORRUPT));
    assert_string_not_equal(vph_status_text(VPH_MISSING), vp_status_text(VPH_MISSING));
    assert_int_equal(vph_text(NULL).size, 0);
}

static void values_of_every_kind_come_back(void **state) {
    (void)state;
    uint8_t room[VALUE_ROOM];
    uint64_t random = 5;
    vp_bytes got;
    for (int kind = 0; kind < VALUE_KINDS; kind++) {
        for (int i = 0; i < 20; i++) {
            vp_bytes value = make((enum value_kind)kind, &random, room);
            assert_int_equal(vph_set(my.client, vph_text("key"), value, 0), VP_OK);
            assert_int_equal(vph_get(my.client, vph_text("key"), &got), VP_OK);
            assert_same(got, value);
            assert_int_equal(vph_hset(my.client, vph_text("hash"), &value, &value, 1), VP_OK);
            assert_int_equal(vph_hget(my.client, vph_text("hash"), value, &got), VP_OK);
            assert_same(got, value);
        }
    }
}

static void bytes_of_the_protocol_are_bytes(void **state) {
    (void)state;
    static const char *const odd[] = {"",    "\r\n",     "$5\r\nhello\r\n", "-ERR no\r\n",
                                      "nil", "\xff\xfe", "%s %b %d"};
    vp_bytes got, nothing = {NULL, 0}, zeros = {"\0\0a\0", 4};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        assert_int_equal(vph_set(my.client, vph_text(odd[i]), vph_text(odd[i]), 0), VP_OK);
        assert_int_equal(vph_get(my.client, vph_text(odd[i]), &got), VP_OK);
        assert_bytes(got, odd[i]);
    }
    assert_int_equal(vph_set(my.client, zeros, zeros, 0), VP_OK);
    assert_int_equal(vph_get(my.client, zeros, &got), VP_OK);
    assert_same(got, zeros);
    assert_int_equal(vph_set(my.client, nothing, nothing, 0), VP_OK);
    assert_int_equal(vph_get(my.client, nothing, &got), VP_OK);
    assert_bytes(got, "");
    size_t size = 3u << 20;
    uint8_t *large = test_malloc(size);
    uint64_t random = 9;
    random_fill(&random, large, size);
    assert_int_equal(vph_set(my.client, vph_text("large"), (vp_bytes){large, size}, 0), VP_OK);
    assert_int_equal(vph_get(my.client, vph_text("large"), &got), VP_OK);
    assert_same(got, (vp_bytes){large, size});
    test_free(large);
}

static void a_missing_value_is_not_an_empty_one(void **state) {
    (void)state;
    vp_bytes got = {"x", 1}, field = {"f", 1}, empty = {"", 0};
    const vph_value *values;
    size_t count = 7;
    assert_int_equal(vph_get(my.client, vph_text("none"), &got), VPH_MISSING);
    assert_null(got.data);
    assert_int_equal(vph_hget(my.client, vph_text("none"), field, &got), VPH_MISSING);
    assert_int_equal(vph_del(my.client, vph_text("none")), VPH_MISSING);
    assert_int_equal(vph_hdel(my.client, vph_text("none"), field), VPH_MISSING);
    assert_int_equal(vph_hgetall(my.client, vph_text("none"), &values, &count), VP_OK);
    assert_int_equal(count, 0);
    assert_int_equal(vph_set(my.client, vph_text("empty"), empty, 0), VP_OK);
    assert_int_equal(vph_get(my.client, vph_text("empty"), &got), VP_OK);
    assert_bytes(got, "");
    assert_int_equal(vph_hset(my.client, vph_text("hash"), &field, &empty, 1), VP_OK);
    assert_int_equal(vph_hget(my.client, vph_text("hash"), field, &got), VP_OK);
    assert_bytes(got, "");
    assert_int_equal(vph_hdel(my.client, vph_text("hash"), field), VP_OK);
    assert_int_equal(vph_del(my.client, vph_text("empty")), VP_OK);
    assert_int_equal(vph_get(my.client, vph_text("empty"), &got), VPH_MISSING);
}

static void what_is_stored_is_encoded(void **state) {
    (void)state;
    uint8_t room[VALUE_ROOM], encoded[VALUE_ROOM + 1];
    uint64_t random = 3;
    vp_bytes value = make(VALUE_SESSION, &random, room);
    assert_int_equal(vph_set(my.client, vph_text("key"), value, 0), VP_OK);
    redisReply *reply = ask(my.plain, "GET key");
    int64_t size = vp_encode(my.kit.coder.context, value.data, value.size, encoded, sizeof encoded);
    assert_true(size > 0 && (size_t)size < value.size / 2);
    assert_int_equal(reply->len, size);
    assert_memory_equal(reply->str, encoded, reply->len);
    freeReplyObject(reply);
    tell(my.plain, "SET old text-from-before");
    vp_bytes got;
    assert_int_equal(vph_get(my.client, vph_text("old"), &got), VP_OK);
    assert_bytes(got, "text-from-before");
}

static void keys_expire(void **state) {
    (void)state;
    assert_int_equal(vph_set(my.client, vph_text("key"), vph_text("v"), 100), VP_OK);
    redisReply *reply = ask(my.plain, "TTL key");
    assert_in_range(reply->integer, 95, 100);
    freeReplyObject(reply);
    assert_int_equal(vph_set(my.client, vph_text("key"), vph_text("v"), 0), VP_OK);
    reply = ask(my.plain, "TTL key");
    assert_int_equal(reply->integer, -1);
    freeReplyObject(reply);
}

static void results_can_be_passed_on(void **state) {
    (void)state;
    vp_bytes got, keys[2] = {vph_text("a"), vph_text("b")},
                  values[2] = {vph_text("first"), vph_text("second")};
    assert_int_equal(vph_mset(my.client, keys, values, 2), VP_OK);
    assert_int_equal(vph_get(my.client, keys[0], &got), VP_OK);
    assert_int_equal(vph_set(my.client, got, got, 0), VP_OK);
    assert_int_equal(vph_get(my.client, vph_text("first"), &got), VP_OK);
    assert_bytes(got, "first");
    const vph_value *all;
    assert_int_equal(vph_mget(my.client, keys, 2, &all), VP_OK);
    vp_bytes names[2] = {all[1].name, all[0].name}, swapped[2] = {all[0].data, all[1].data};
    assert_int_equal(vph_hset(my.client, all[1].data, names, swapped, 2), VP_OK);
    size_t count;
    assert_int_equal(vph_hgetall(my.client, vph_text("second"), &all, &count), VP_OK);
    assert_int_equal(count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_bytes(all[i].data, memcmp(all[i].name.data, "b", 1) == 0 ? "first" : "second");
    }
    assert_int_equal(vph_hdel(my.client, vph_text("second"), all[1].name), VP_OK);
}

/* One value that can't be read, one of another type and one missing, among good ones. */
static void each_result_has_its_own_status(void **state) {
    (void)state;
    uint8_t room[VALUE_ROOM];
    uint64_t random = 3;
    vp_bytes session = make(VALUE_SESSION, &random, room);
    vp_bytes keys[4] = {vph_text("good"), vph_text("other"), vph_text("none"), vph_text("also good")};
    assert_int_equal(vph_set(my.client, keys[1], session, 0), VP_OK);
    vph_client *stranger = client_over(my.kit.stranger.context, my.connection);
    assert_int_equal(vph_set(stranger, keys[0], vph_text("1"), 0), VP_OK);
    assert_int_equal(vph_set(stranger, keys[3], vph_text("3"), 0), VP_OK);
    const vph_value *values = NULL;
    assert_int_equal(vph_mget(stranger, keys, 4, &values), VP_ERR_NO_PROFILE);
    assert_says(stranger, "MGET other: ");
    assert_says(stranger, vp_status_text(VP_ERR_NO_PROFILE));
    assert_int_equal(values[0].status, VP_OK);
    assert_bytes(values[0].name, "good");
    assert_bytes(values[0].data, "1");
    assert_int_equal(values[1].status, VP_ERR_NO_PROFILE);
    assert_null(values[1].data.data);
    assert_int_equal(values[2].status, VPH_MISSING);
    assert_bytes(values[3].data, "3");
    vph_client_free(stranger);
}

static void each_field_has_its_own_status(void **state) {
    (void)state;
    uint8_t room[VALUE_ROOM];
    uint64_t random = 3;
    vp_bytes fields[3] = {vph_text("a"), vph_text("b"), vph_text("c")};
    vp_bytes values[3] = {vph_text("1"), make(VALUE_SESSION, &random, room), vph_text("3")};
    assert_int_equal(vph_hset(my.client, vph_text("hash"), fields, values, 3), VP_OK);
    vph_client *stranger = client_over(my.kit.stranger.context, my.connection);
    const vph_value *got;
    size_t count, bad = 0;
    assert_int_equal(vph_hgetall(stranger, vph_text("hash"), &got, &count), VP_ERR_NO_PROFILE);
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++) {
        bool is_bad = memcmp(got[i].name.data, "b", 1) == 0;
        assert_int_equal(got[i].status, is_bad ? VP_ERR_NO_PROFILE : VP_OK);
        bad += is_bad;
    }
    assert_int_equal(bad, 1);
    assert_says(stranger, "HGETALL hash b: ");
    vp_bytes value;
    assert_int_equal(vph_hget(stranger, vph_text("hash"), fields[1], &value), VP_ERR_NO_PROFILE);
    assert_says(stranger, "HGET hash b: ");
    vph_client_free(stranger);
}

static void errors_of_the_server_are_told(void **state) {
    (void)state;
    vp_bytes got, field = vph_text("f");
    tell(my.plain, "LPUSH list 1");
    assert_int_equal(vph_get(my.client, vph_text("list"), &got), VPH_ERR_SERVER);
    assert_says(my.client, "GET list: WRONGTYPE");
    assert_int_equal(vph_hset(my.client, vph_text("list"), &field, &field, 1), VPH_ERR_SERVER);
    assert_says(my.client, "HSET list: WRONGTYPE");
    assert_int_equal(vph_set(my.client, (vp_bytes){"a\nb\\\x7f", 5}, vph_text("v"), INT64_MAX),
                     VPH_ERR_SERVER);
    assert_says(my.client, "SET a\\x0Ab\\x5C\\x7F: ERR invalid expire time");
    tell(my.plain, "CONFIG SET maxmemory 1");
    assert_int_equal(vph_set(my.client, vph_text("k"), vph_text("v"), 0), VPH_ERR_SERVER);
    assert_says(my.client, "OOM");
    tell(my.plain, "CONFIG SET maxmemory 0");
    assert_int_equal(vph_get(my.client, vph_text("k"), &got), VPH_MISSING);
    char name[300];
    memset(name, 'n', sizeof name);
    tell(my.plain, "CONFIG SET maxmemory 1");
    assert_int_equal(vph_set(my.client, (vp_bytes){name, sizeof name}, vph_text("v"), 0), VPH_ERR_SERVER);
    tell(my.plain, "CONFIG SET maxmemory 0");
    assert_says(my.client, "nnn...: OOM");
    assert_true(strlen(vph_error(my.client)) < 300);
}

static void values_beyond_the_limit_are_refused(void **state) {
    (void)state;
    vp_options *options = vp_options_new(NULL);
    assert_int_equal(vp_options_set(options, VP_OPTION_MAX_DECODED, 10), VP_OK);
    struct coder small = coder_with(NULL, NULL, options);
    vph_client *limited = client_over(small.context, my.connection);
    vp_bytes got;
    assert_int_equal(vph_set(limited, vph_text("k"), vph_text("eleven byte"), 0), VP_ERR_LIMIT);
    assert_says(limited, "SET k: ");
    assert_int_equal(vph_get(limited, vph_text("k"), &got), VPH_MISSING);
    vph_client_free(limited);
    coder_close(&small);
    vp_options_free(options);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(arguments_are_checked, single_empty),
        cmocka_unit_test(options_have_ranges),
        cmocka_unit_test(statuses_have_texts),
        cmocka_unit_test_setup(values_of_every_kind_come_back, single_empty),
        cmocka_unit_test_setup(bytes_of_the_protocol_are_bytes, single_empty),
        cmocka_unit_test_setup(a_missing_value_is_not_an_empty_one, single_empty),
        cmocka_unit_test_setup(what_is_stored_is_encoded, single_empty),
        cmocka_unit_test_setup(keys_expire, single_empty),
        cmocka_unit_test_setup(results_can_be_passed_on, single_empty),
        cmocka_unit_test_setup(each_result_has_its_own_status, single_empty),
        cmocka_unit_test_setup(each_field_has_its_own_status, single_empty),
        cmocka_unit_test_setup(errors_of_the_server_are_told, single_empty),
        cmocka_unit_test_setup(values_beyond_the_limit_are_refused, single_empty),
    };
    return cmocka_run_group_tests(tests, open_all, single_close);
}
