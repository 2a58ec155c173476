/* Connections that break: what was not acknowledged is lost for all to see, and nothing else. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

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
    if (server.process == 0) server_revive(&server);
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

/* ---- Connections that break ----------------------------------------------------------------- */

static void assert_lost(vph_reply reply, const char *what) {
    assert_int_equal(reply.status, VPH_ERR_CONNECTION);
    assert_null(reply.raw);
    assert_says(client, what);
    assert_says(client, "the connection was lost: ");
}

static void a_server_that_is_gone(void **state) {
    (void)state;
    vp_bytes got, keys[2] = {vph_text("a"), vph_text("b")};
    const vph_value *values = NULL;
    assert_int_equal(vph_set(client, vph_text("a"), vph_text("1"), 0), VP_OK);
    server_kill(&server);
    assert_int_equal(vph_mget(client, keys, 2, &values), VPH_ERR_CONNECTION);
    for (size_t i = 0; i < 2; i++) assert_int_equal(values[i].status, VPH_ERR_CONNECTION);
    assert_int_equal(vph_get(client, vph_text("a"), &got), VPH_ERR_CONNECTION);
    assert_says(client, "GET a: the connection was lost: ");
    assert_int_equal(redisReconnect(connection), REDIS_ERR);
    assert_int_equal(vph_get(client, vph_text("a"), &got), VPH_ERR_CONNECTION);
    server_revive(&server);
    assert_int_equal(redisReconnect(connection), REDIS_OK);
    assert_int_equal(vph_get(client, vph_text("a"), &got), VPH_MISSING);
    assert_int_equal(vph_set(client, vph_text("a"), vph_text("2"), 0), VP_OK);
    assert_int_equal(vph_get(client, vph_text("a"), &got), VP_OK);
    assert_bytes(got, "2");
}

/* The server goes while it works on the queue: what it acknowledged is VP_OK, and all the rest is lost
   alike. */
static void a_server_that_goes_in_the_middle(void **state) {
    (void)state;
    vp_bytes words[2] = {vph_text("SHUTDOWN"), vph_text("NOSAVE")};
    for (int i = 0; i < 100; i++) append_set("k", "v");
    append((vph_command){.kind = VPH_PLAIN, .names = words, .count = 2});
    for (int i = 0; i < 100; i++) append_set("k", "w");
    char first[256] = "";
    int lost = 0, stored = 0;
    for (int i = 0; i < 201; i++) {
        vph_reply reply = next();
        if (reply.status == VP_OK) {
            assert_int_equal(lost, 0); /* nothing is confirmed behind the first loss */
            stored++;
            continue;
        }
        assert_lost(reply, i == 100 ? "SHUTDOWN: " : "SET k: ");
        const char *reason = strstr(vph_error(client), ": ");
        if (!*first) snprintf(first, sizeof first, "%s", reason);
        assert_string_equal(reason, first);
        lost++;
    }
    assert_end();
    assert_in_range(lost, 101, 201);
    assert_int_equal(stored + lost, 201);
    server_kill(&server); /* it is gone already: this only collects it */
    server_revive(&server);
    assert_int_equal(redisReconnect(connection), REDIS_OK);
    assert_int_equal(vph_set(client, vph_text("k"), vph_text("v"), 0), VP_OK);
}

/* Fills a text with what does not compress. */
static void fill_text(char *text, size_t size) {
    uint64_t random = 4;
    random_fill(&random, (uint8_t *)text, size - 1);
    for (size_t i = 0; i < size - 1; i++) text[i] = text[i] ? text[i] : 'x';
    text[size - 1] = 0;
}

static void a_server_that_is_killed_in_the_middle(void **state) {
    (void)state;
    static char text[100000];
    char key[32];
    fill_text(text, sizeof text);
    for (int i = 0; i < 200; i++) {
        snprintf(key, sizeof key, "k%d", i);
        append_set(key, text);
        append_get(key);
    }
    pid_t killer = fork();
    if (killer == 0) {
        kill(server.process, SIGSTOP); /* so that it can't be through before it is killed */
        kill(server.process, SIGKILL);
        _Exit(0);
    }
    int status = VP_OK;
    for (int i = 0; i < 400; i++) {
        vph_reply reply = next();
        if (status == VPH_ERR_CONNECTION) assert_int_equal(reply.status, status);
        status = reply.status;
        if (status == VP_OK) assert_true(i % 2 == 0 || reply.values->data.size == sizeof text - 1);
        else assert_lost(reply, i % 2 ? "GET k" : "SET k");
    }
    assert_end();
    assert_int_equal(waitpid(killer, NULL, 0), killer);
    server_kill(&server);
}

/* More is written than fits into one write(): the second one meets a closed connection, which is SIGPIPE
   for those who don't keep it away. */
static void a_connection_that_was_closed(void **state) {
    (void)state;
    static char text[1000000];
    fill_text(text, sizeof text);
    server_kill(&server);
    for (int i = 0; i < 40; i++) append_set("k", text);
    for (int i = 0; i < 40; i++) assert_lost(next(), "SET k: ");
    assert_end();
    sigset_t pending;
    assert_int_equal(sigpending(&pending), 0);
    assert_false(sigismember(&pending, SIGPIPE));
}

/* Answers of a server that isn't one. */
static void pretend(size_t at_least, const char *reply, struct pretender *p) {
    pretender_start(p, at_least, reply);
    redisFree(connection);
    connection = redisConnect("127.0.0.1", p->port);
    assert_false(connection->err);
    vph_client_free(client);
    client = client_over(kit.coder.context, connection);
}

static void stop_pretending(struct pretender *p) {
    redisFree(connection); /* which it waits for */
    connection = server_connect(&server);
    pretender_stop(p);
}

static void half_a_reply(void **state) {
    (void)state;
    struct pretender p;
    pretend(60, "+OK\r\n$5\r\nval", &p);
    append_set("k", "a");
    append_get("k");
    append_set("k", "b");
    assert_int_equal(next().status, VP_OK);
    assert_lost(next(), "GET k: ");
    assert_lost(next(), "SET k: ");
    assert_end();
    assert_int_equal(vph_set(client, vph_text("k"), vph_text("c"), 0), VPH_ERR_CONNECTION);
    stop_pretending(&p);
}

static void half_an_array(void **state) {
    (void)state;
    struct pretender p;
    vp_bytes keys[3] = {vph_text("a"), vph_text("b"), vph_text("c")};
    const vph_value *values;
    pretend(20, "*3\r\n$1\r\nx\r\n$1\r\ny\r\n", &p);
    assert_int_equal(vph_mget(client, keys, 3, &values), VPH_ERR_CONNECTION);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(values[i].status, VPH_ERR_CONNECTION);
        assert_null(values[i].data.data);
    }
    stop_pretending(&p);
}

static void not_the_protocol(void **state) {
    (void)state;
    struct pretender p;
    vp_bytes got;
    pretend(10, "HTTP/1.1 400 Bad Request\r\n", &p);
    assert_int_equal(vph_get(client, vph_text("k"), &got), VPH_ERR_CONNECTION);
    assert_says(client, "Protocol error");
    stop_pretending(&p);
}

static void replies_of_the_wrong_kind(void **state) {
    (void)state;
    struct pretender p;
    vp_bytes names[2] = {vph_text("a"), vph_text("b")};
    pretend(150, "+QUEUED\r\n:1\r\n*1\r\n$1\r\nx\r\n*3\r\n+x\r\n+y\r\n+z\r\n+OK\r\n:0\r\n+PONG\r\n", &p);
    append_set("k", "v");
    append_get("k");
    append((vph_command){.kind = VPH_MGET, .names = names, .count = 2});
    append((vph_command){.kind = VPH_HGETALL, .key = vph_text("h")});
    append(
        (vph_command){.kind = VPH_HSET, .key = vph_text("h"), .names = names, .values = names, .count = 1});
    append((vph_command){.kind = VPH_DEL, .key = vph_text("k")});
    append((vph_command){.kind = VPH_MSET, .names = names, .values = names, .count = 1});
    assert_int_equal(next().status, VPH_ERR_REPLY);
    assert_int_equal(next().status, VPH_ERR_REPLY);
    vph_reply reply = next();
    assert_int_equal(reply.status, VPH_ERR_REPLY);
    assert_int_equal(reply.values[1].status, VPH_ERR_REPLY);
    assert_int_equal(next().status, VPH_ERR_REPLY);
    assert_int_equal(next().status, VPH_ERR_REPLY);
    assert_int_equal(next().status, VPH_MISSING);
    assert_int_equal(next().status, VPH_ERR_REPLY);
    assert_end();
    stop_pretending(&p);
}

static void a_server_that_is_silent(void **state) {
    (void)state;
    struct pretender p;
    vp_bytes got;
    pretend(1000, "", &p);
    assert_int_equal(redisSetTimeout(connection, (struct timeval){.tv_usec = 20000}), REDIS_OK);
    append_get("k");
    append_get("l");
    assert_lost(next(), "GET k: ");
    assert_lost(next(), "GET l: ");
    assert_int_equal(vph_get(client, vph_text("k"), &got), VPH_ERR_CONNECTION);
    stop_pretending(&p);
}

static void no_server_at_all(void **state) {
    (void)state;
    redisFree(connection);
    connection = redisConnect("127.0.0.1", 1);
    assert_true(connection && connection->err);
    vph_client_free(client);
    client = client_over(kit.coder.context, connection);
    assert_int_equal(vph_set(client, vph_text("k"), vph_text("v"), 0), VPH_ERR_CONNECTION);
    assert_says(client, "SET k: the connection was lost: Connection refused");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, connect_all, disconnect_all)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_server_that_is_gone),
        TEST(a_server_that_goes_in_the_middle),
        TEST(a_server_that_is_killed_in_the_middle),
        TEST(a_connection_that_was_closed),
        TEST(half_a_reply),
        TEST(half_an_array),
        TEST(not_the_protocol),
        TEST(replies_of_the_wrong_kind),
        TEST(a_server_that_is_silent),
        TEST(no_server_at_all),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
