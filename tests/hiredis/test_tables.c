/* Packed tables and compare-and-set on a real server, one client at a time. */
#include <stdio.h>
#include <stdlib.h>

#include "fixtures.h"

static struct single my;

static int open_all(void **state) {
    *state = &my;
    return single_start(state);
}

static int begin(void **state) {
    single_connect(state);
    tell(my.plain, "SCRIPT FLUSH");
    return 0;
}

static void update_by(uint64_t way) {
    assert_int_equal(vph_client_set(my.client, VPH_OPTION_UPDATE_BY, way), VP_OK);
}

static int64_t number_of(const char *command) {
    redisReply *reply = ask(my.plain, command);
    assert_int_equal(reply->type, REDIS_REPLY_INTEGER);
    int64_t number = reply->integer;
    freeReplyObject(reply);
    return number;
}

/* ---- Updates -------------------------------------------------------------------------------- */

static vph_change put(const char *field, const char *value) {
    return (vph_change){.field = vph_text(field), .value = vph_text(value)};
}

static void assert_record(const char *field, const char *value) {
    vp_bytes got;
    int status = vph_table_get(my.client, vph_text("table"), vph_text(field), &got);
    assert_int_equal(status, value ? VP_OK : VPH_MISSING);
    if (value) assert_bytes(got, value);
    else assert_null(got.data);
}

static void updates_are_merged(void **state) {
    (void)state;
    vp_bytes key = vph_text("table");
    for (uint64_t way = VPH_BY_WATCH; way <= VPH_BY_SCRIPT; way++) {
        tell(my.plain, "DEL table");
        update_by(way);
        assert_record("1", NULL);
        vph_change first[] = {put("1", "one"), put("2", "two"), put("1", "uno"), put("", "")};
        assert_int_equal(vph_table_update(my.client, key, first, 4), VP_OK);
        vph_change second[] = {
            {.field = vph_text("2"), .remove = 1}, put("3", "three"), {.field = vph_text("9"), .remove = 1}};
        assert_int_equal(vph_table_update(my.client, key, second, 3), VP_OK);
        assert_record("1", "uno");
        assert_record("2", NULL);
        assert_record("3", "three");
        assert_record("", "");
        redisReply *stored = ask(my.plain, "GET table");
        assert_int_equal(vp_table_count((vp_bytes){stored->str, stored->len}), 3);
        freeReplyObject(stored);
    }
}

static void a_ttl_is_kept(void **state) {
    (void)state;
    vph_change change = put("1", "one");
    for (uint64_t way = VPH_BY_WATCH; way <= VPH_BY_SCRIPT; way++) {
        tell(my.plain, "DEL table");
        update_by(way);
        assert_int_equal(vph_table_update(my.client, vph_text("table"), &change, 1), VP_OK);
        assert_int_equal(number_of("TTL table"), -1);
        tell(my.plain, "EXPIRE table 100");
        change.value = vph_text(way ? "a" : "b");
        assert_int_equal(vph_table_update(my.client, vph_text("table"), &change, 1), VP_OK);
        assert_in_range(number_of("TTL table"), 95, 100);
        assert_record("1", way ? "a" : "b");
    }
}

static void what_is_no_table_is_left_alone(void **state) {
    (void)state;
    vp_bytes got;
    vph_change change = put("1", "one");
    tell(my.plain, "SET table not-a-table");
    tell(my.plain, "LPUSH list 1");
    for (uint64_t way = VPH_BY_WATCH; way <= VPH_BY_SCRIPT; way++) {
        update_by(way);
        assert_int_equal(vph_table_update(my.client, vph_text("table"), &change, 1), VP_ERR_CORRUPT);
        assert_says(my.client, "update table: ");
        assert_int_equal(vph_table_update(my.client, vph_text("list"), &change, 1), VPH_ERR_SERVER);
        assert_says(my.client, "GET list: WRONGTYPE");
        assert_int_equal(vph_table_get(my.client, vph_text("list"), vph_text("1"), &got), VPH_ERR_SERVER);
        assert_int_equal(vph_table_get(my.client, vph_text("table"), vph_text("1"), &got), VP_ERR_CORRUPT);
        assert_says(my.client, "GETRANGE table 1: ");
        assert_int_equal(vph_get(my.client, vph_text("table"), &got), VP_OK);
        assert_bytes(got, "not-a-table");
    }
}

static void arguments_are_checked(void **state) {
    (void)state;
    vp_bytes got, bad = {NULL, 2}, key = vph_text("table");
    vph_change change = {.field = bad};
    assert_int_equal(vph_table_update(NULL, key, NULL, 0), VP_ERR_ARGUMENT);
    assert_int_equal(vph_table_update(my.client, key, NULL, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vph_table_update(my.client, key, &change, 1), VP_ERR_ARGUMENT);
    change = (vph_change){.field = key, .value = bad};
    assert_int_equal(vph_table_update(my.client, key, &change, 1), VP_ERR_ARGUMENT);
    assert_int_equal(vph_table_update(my.client, bad, NULL, 0), VP_ERR_ARGUMENT);
    assert_int_equal(vph_table_get(NULL, key, key, &got), VP_ERR_ARGUMENT);
    assert_int_equal(vph_table_get(my.client, key, key, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vph_table_get(my.client, key, bad, &got), VP_ERR_ARGUMENT);
    assert_int_equal(vph_table_get(my.client, bad, key, &got), VP_ERR_ARGUMENT);
    assert_int_equal(vph_update(my.client, key, NULL, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vph_update(my.client, bad, NULL, NULL), VP_ERR_ARGUMENT);
    vph_command command = {.kind = VPH_GET, .key = key};
    assert_int_equal(vph_append(my.client, &command), VP_OK);
    assert_int_equal(vph_table_get(my.client, key, key, &got), VPH_ERR_UNREAD);
    assert_int_equal(vph_table_update(my.client, key, NULL, 0), VPH_ERR_UNREAD);
    assert_int_equal(vph_table_get(my.client, bad, key, &got), VPH_ERR_UNREAD);
    assert_int_equal(vph_table_update(my.client, bad, NULL, 0), VPH_ERR_UNREAD);
    assert_int_equal(number_of("DBSIZE"), 0);
}

/* An edit during which another client changes the key as often as it is told. */
struct rival {
    int changes, calls, answer;
};

static int edit_with_rival(void *opaque, const vp_bytes *old, vp_bytes *fresh) {
    struct rival *r = opaque;
    r->calls++;
    if (r->changes-- > 0) tell(my.plain, r->calls % 2 ? "APPEND key x" : "DEL key");
    *fresh = old ? vph_text("was there") : vph_text("was not");
    return r->answer;
}

static void a_rival_is_noticed(void **state) {
    (void)state;
    vp_bytes got, key = vph_text("key");
    for (uint64_t way = VPH_BY_WATCH; way <= VPH_BY_SCRIPT; way++) {
        update_by(way);
        for (int changes = 0; changes < 5; changes++) {
            tell(my.plain, "DEL key");
            assert_int_equal(vph_client_set(my.client, VPH_OPTION_ATTEMPTS, 4), VP_OK);
            struct rival rival = {.changes = changes};
            int status = vph_update(my.client, key, edit_with_rival, &rival);
            assert_int_equal(status, changes < 4 ? VP_OK : VPH_ERR_CONFLICT);
            assert_int_equal(rival.calls, changes < 4 ? changes + 1 : 4);
            if (status != VP_OK) {
                assert_says(my.client, "SET key: ");
                continue;
            }
            assert_int_equal(vph_get(my.client, key, &got), VP_OK);
            assert_bytes(got, changes % 2 ? "was there" : "was not");
        }
    }
}

/* Whatever became of an update, the connection is as it was: no transaction is open and no key is watched. */
static void assert_clean(void) {
    tell(my.plain, "SET key other");
    tell(my.connection, "MULTI");
    tell(my.connection, "SET key mine");
    redisReply *reply = ask(my.connection, "EXEC");
    assert_int_equal(reply->type, REDIS_REPLY_ARRAY);
    freeReplyObject(reply);
}

static void an_edit_may_leave_the_key_or_give_up(void **state) {
    (void)state;
    vp_bytes key = vph_text("key"), got;
    for (uint64_t way = VPH_BY_WATCH; way <= VPH_BY_SCRIPT; way++) {
        update_by(way);
        tell(my.plain, "SET key before");
        static const int answers[] = {VPH_MISSING, VP_ERR_LIMIT, 5};
        for (size_t i = 0; i < 3; i++) {
            struct rival rival = {.answer = answers[i]};
            int expected = answers[i] == 5 ? VP_ERR_ARGUMENT : answers[i];
            assert_int_equal(vph_update(my.client, key, edit_with_rival, &rival), expected);
            assert_int_equal(rival.calls, 1);
            assert_int_equal(vph_get(my.client, key, &got), VP_OK);
            assert_bytes(got, i == 0 ? "before" : "mine");
            assert_clean();
        }
        struct rival rival = {.changes = 1};
        assert_int_equal(vph_client_set(my.client, VPH_OPTION_ATTEMPTS, 1), VP_OK);
        assert_int_equal(vph_update(my.client, key, edit_with_rival, &rival), VPH_ERR_CONFLICT);
        assert_clean();
        assert_int_equal(vph_client_set(my.client, VPH_OPTION_ATTEMPTS, 100), VP_OK);
    }
}

static void the_same_again_changes_nothing(void **state) {
    (void)state;
    vph_change change = put("1", "one");
    assert_int_equal(vph_table_update(my.client, vph_text("table"), &change, 1), VP_OK);
    redisReply *info = ask(my.plain, "INFO commandstats");
    freeReplyObject(info);
    tell(my.plain, "CONFIG RESETSTAT");
    assert_int_equal(vph_table_update(my.client, vph_text("table"), &change, 1), VP_OK);
    info = ask(my.plain, "INFO commandstats");
    assert_null(strstr(info->str, "cmdstat_set:"));
    freeReplyObject(info);
}

/* A server that refuses MULTI must not be sent the SET that was to be guarded by it. */
static void without_multi_nothing_is_stored(void **state) {
    (void)state;
    tell(my.plain, "ACL SETUSER limited on nopass ~* +@all -multi -evalsha -eval");
    redisContext *limited = server_connect(&my.server);
    tell(limited, "AUTH limited x");
    vph_client *restricted = client_over(my.kit.coder.context, limited);
    vph_change change = put("1", "one");
    assert_int_equal(vph_table_update(restricted, vph_text("table"), &change, 1), VPH_ERR_SERVER);
    assert_says(restricted, "MULTI table: NOPERM");
    assert_int_equal(vph_client_set(restricted, VPH_OPTION_UPDATE_BY, VPH_BY_SCRIPT), VP_OK);
    assert_int_equal(vph_table_update(restricted, vph_text("table"), &change, 1), VPH_ERR_SERVER);
    assert_says(restricted, "EVAL table: NOPERM");
    assert_int_equal(number_of("DBSIZE"), 0);
    vph_client_free(restricted);
    redisFree(limited);
}

static void a_full_server_stores_nothing(void **state) {
    (void)state;
    vph_change change = put("1", "one");
    tell(my.plain, "CONFIG SET maxmemory 1");
    for (uint64_t way = VPH_BY_WATCH; way <= VPH_BY_SCRIPT; way++) {
        update_by(way);
        assert_int_equal(vph_table_update(my.client, vph_text("table"), &change, 1), VPH_ERR_SERVER);
        assert_says(my.client, "OOM");
    }
    tell(my.plain, "CONFIG SET maxmemory 0");
    assert_int_equal(number_of("DBSIZE"), 0);
    assert_clean();
}

static void the_script_is_known_by_its_name(void **state) {
    (void)state;
    vph_change change = put("1", "one");
    update_by(VPH_BY_SCRIPT);
    assert_int_equal(vph_table_update(my.client, vph_text("table"), &change, 1), VP_OK);
    tell(my.plain, "CONFIG RESETSTAT");
    change.value = vph_text("two");
    assert_int_equal(vph_table_update(my.client, vph_text("table"), &change, 1), VP_OK);
    redisReply *info = ask(my.plain, "INFO commandstats");
    assert_non_null(strstr(info->str, "cmdstat_evalsha:calls=1,"));
    assert_null(strstr(info->str, "cmdstat_eval:"));
    freeReplyObject(info);
    assert_record("1", "two");
}

/* ---- Connections that break ----------------------------------------------------------------- */

static int update_with(const char *answers, size_t at_least, uint64_t way) {
    struct pretender p;
    pretender_start(&p, at_least, answers);
    redisContext *broken = redisConnect("127.0.0.1", p.port);
    vph_client *lost = client_over(my.kit.coder.context, broken);
    assert_int_equal(vph_client_set(lost, VPH_OPTION_UPDATE_BY, way), VP_OK);
    vph_change change = put("1", "one");
    int status = vph_table_update(lost, vph_text("t"), &change, 1);
    if (status == VPH_ERR_CONNECTION) assert_says(lost, " t: the connection was lost: ");
    vph_client_free(lost);
    redisFree(broken);
    pretender_stop(&p);
    return status;
}

static void an_update_that_is_cut_off(void **state) {
    (void)state;
    static const char *const watched[] = {"",
                                          "+OK\r\n",
                                          "+OK\r\n$-1\r\n",
                                          "+OK\r\n$-1\r\n+OK\r\n",
                                          "+OK\r\n$-1\r\n+OK\r\n+QUEUED\r\n",
                                          "+OK\r\n$-1\r\n+OK\r\n+QUEUED\r\n*1\r\n"};
    for (size_t i = 0; i < sizeof watched / sizeof *watched; i++) {
        assert_int_equal(update_with(watched[i], 40, VPH_BY_WATCH), VPH_ERR_CONNECTION);
    }
    assert_int_equal(update_with("+OK\r\n$-1\r\n+OK\r\n+QUEUED\r\n*1\r\n+OK\r\n", 40, VPH_BY_WATCH), VP_OK);
    assert_int_equal(update_with("+OK\r\n$-1\r\n+OK\r\n+QUEUED\r\n*1\r\n:1\r\n", 40, VPH_BY_WATCH),
                     VPH_ERR_REPLY);
    assert_int_equal(update_with("+OK\r\n$-1\r\n+OK\r\n+QUEUED\r\n:1\r\n", 40, VPH_BY_WATCH), VPH_ERR_REPLY);
    assert_int_equal(update_with("+OK\r\n:1\r\n+OK\r\n+OK\r\n", 40, VPH_BY_WATCH), VPH_ERR_REPLY);
    static const char *const scripted[] = {"", "$-1\r\n", "$-1\r\n-NOSCRIPT no\r\n"};
    for (size_t i = 0; i < sizeof scripted / sizeof *scripted; i++) {
        assert_int_equal(update_with(scripted[i], 10, VPH_BY_SCRIPT), VPH_ERR_CONNECTION);
    }
    assert_int_equal(update_with("$-1\r\n:1\r\n", 10, VPH_BY_SCRIPT), VP_OK);
    assert_int_equal(update_with("$-1\r\n-NOSCRIPT no\r\n:1\r\n", 10, VPH_BY_SCRIPT), VP_OK);
    assert_int_equal(update_with("$-1\r\n+OK\r\n", 10, VPH_BY_SCRIPT), VPH_ERR_REPLY);
    assert_int_equal(update_with(":1\r\n", 10, VPH_BY_SCRIPT), VPH_ERR_REPLY);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, single_disconnect)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(updates_are_merged),
        TEST(a_ttl_is_kept),
        TEST(what_is_no_table_is_left_alone),
        TEST(arguments_are_checked),
        TEST(a_rival_is_noticed),
        TEST(an_edit_may_leave_the_key_or_give_up),
        TEST(the_same_again_changes_nothing),
        TEST(without_multi_nothing_is_stored),
        TEST(a_full_server_stores_nothing),
        TEST(the_script_is_known_by_its_name),
        TEST(an_update_that_is_cut_off),
    };
    return cmocka_run_group_tests(tests, open_all, single_stop);
}
