/* Connections that break: what was not acknowledged is lost for all to see, and nothing else. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixtures.h"

static struct single my;

static int open_all(void **state) {
    *state = &my;
    return single_start(state);
}

/* ---- Connections that break ----------------------------------------------------------------- */

static void assert_lost(vph_reply reply, const char *what) {
    assert_int_equal(reply.status, VPH_ERR_CONNECTION);
    assert_null(reply.raw);
    assert_says(my.client, what);
    assert_says(my.client, "the connection was lost: ");
}

static void a_server_that_is_gone(void **state) {
    (void)state;
    vp_bytes got, keys[2] = {vph_text("a"), vph_text("b")};
    const vph_value *values = NULL;
    assert_int_equal(vph_set(my.client, vph_text("a"), vph_text("1"), 0), VP_OK);
    server_kill(&my.server);
    assert_int_equal(vph_mget(my.client, keys, 2, &values), VPH_ERR_CONNECTION);
    for (size_t i = 0; i < 2; i++) assert_int_equal(values[i].status, VPH_ERR_CONNECTION);
    assert_int_equal(vph_get(my.client, vph_text("a"), &got), VPH_ERR_CONNECTION);
    assert_says(my.client, "GET a: the connection was lost: ");
    assert_int_equal(redisReconnect(my.connection), REDIS_ERR);
    assert_int_equal(vph_get(my.client, vph_text("a"), &got), VPH_ERR_CONNECTION);
    server_revive(&my.server);
    assert_int_equal(redisReconnect(my.connection), REDIS_OK);
    assert_int_equal(vph_get(my.client, vph_text("a"), &got), VPH_MISSING);
    assert_int_equal(vph_set(my.client, vph_text("a"), vph_text("2"), 0), VP_OK);
    assert_int_equal(vph_get(my.client, vph_text("a"), &got), VP_OK);
    assert_bytes(got, "2");
}

/* The server goes while it works on the queue: what it acknowledged is VP_OK, and all the rest is lost
   alike. */
static void a_server_that_goes_in_the_middle(void **state) {
    (void)state;
    vp_bytes words[2] = {vph_text("SHUTDOWN"), vph_text("NOSAVE")};
    for (int i = 0; i < 100; i++) append_set(my.client, "k", "v");
    append(my.client, (vph_command){.kind = VPH_PLAIN, .names = words, .count = 2});
    for (int i = 0; i < 100; i++) append_set(my.client, "k", "w");
    char first[256] = "";
    int lost = 0, stored = 0;
    for (int i = 0; i < 201; i++) {
        vph_reply reply = next(my.client);
        if (reply.status == VP_OK) {
            assert_int_equal(lost, 0); /* nothing is confirmed behind the first loss */
            stored++;
            continue;
        }
        assert_lost(reply, i == 100 ? "SHUTDOWN: " : "SET k: ");
        const char *reason = strstr(vph_error(my.client), ": ");
        if (!*first) snprintf(first, sizeof first, "%s", reason);
        assert_string_equal(reason, first);
        lost++;
    }
    assert_end(my.client);
    assert_in_range(lost, 101, 201);
    assert_int_equal(stored + lost, 201);
    server_kill(&my.server); /* it is gone already: this only collects it */
    server_revive(&my.server);
    assert_int_equal(redisReconnect(my.connection), REDIS_OK);
    assert_int_equal(vph_set(my.client, vph_text("k"), vph_text("v"), 0), VP_OK);
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
        append_set(my.client, key, text);
        append_get(my.client, key);
    }
    pid_t killer = fork();
    if (killer == 0) {
        kill(my.server.process, SIGSTOP); /* so that it can't be through before it is killed */
        kill(my.server.process, SIGKILL);
        _Exit(0);
    }
    int status = VP_OK;
    for (int i = 0; i < 400; i++) {
        vph_reply reply = next(my.client);
        if (status == VPH_ERR_CONNECTION) assert_int_equal(reply.status, status);
        status = reply.status;
        if (status == VP_OK) assert_true(i % 2 == 0 || reply.values->data.size == sizeof text - 1);
        else assert_lost(reply, i % 2 ? "GET k" : "SET k");
    }
    assert_end(my.client);
    assert_int_equal(waitpid(killer, NULL, 0), killer);
    server_kill(&my.server);
}

/* More is written than fits into one write(): the second one meets a closed connection, which is SIGPIPE
   for those who don't keep it away. */
static void a_connection_that_was_closed(void **state) {
    (void)state;
    static char text[1000000];
    fill_text(text, sizeof text);
    server_kill(&my.server);
    for (int i = 0; i < 40; i++) append_set(my.client, "k", text);
    for (int i = 0; i < 40; i++) assert_lost(next(my.client), "SET k: ");
    assert_end(my.client);
    sigset_t pending;
    assert_int_equal(sigpending(&pending), 0);
    assert_false(sigismember(&pending, SIGPIPE));
}

/* Answers of a server that isn't one. */
static void pretend(size_t at_least, const char *reply, struct pretender *p) {
    pretender_start(p, at_least, reply);
    redisFree(my.connection);
    my.connection = redisConnect("127.0.0.1", p->port);
    assert_false(my.connection->err);
    vph_client_free(my.client);
    my.client = client_over(my.kit.coder.context, my.connection);
}

static void stop_pretending(struct pretender *p) {
    redisFree(my.connection); /* which it waits for */
    my.connection = server_connect(&my.server);
    pretender_stop(p);
}

static void half_a_reply(void **state) {
    (void)state;
    struct pretender p;
    pretend(60, "+OK\r\n$5\r\nval", &p);
    append_set(my.client, "k", "a");
    append_get(my.client, "k");
    append_set(my.client, "k", "b");
    assert_int_equal(next(my.client).status, VP_OK);
    assert_lost(next(my.client), "GET k: ");
    assert_lost(next(my.client), "SET k: ");
    assert_end(my.client);
    assert_int_equal(vph_set(my.client, vph_text("k"), vph_text("c"), 0), VPH_ERR_CONNECTION);
    stop_pretending(&p);
}

static void half_an_array(void **state) {
    (void)state;
    struct pretender p;
    vp_bytes keys[3] = {vph_text("a"), vph_text("b"), vph_text("c")};
    const vph_value *values;
    pretend(20, "*3\r\n$1\r\nx\r\n$1\r\ny\r\n", &p);
    assert_int_equal(vph_mget(my.client, keys, 3, &values), VPH_ERR_CONNECTION);
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
    assert_int_equal(vph_get(my.client, vph_text("k"), &got), VPH_ERR_CONNECTION);
    assert_says(my.client, "Protocol error");
    stop_pretending(&p);
}

static void replies_of_the_wrong_kind(void **state) {
    (void)state;
    struct pretender p;
    vp_bytes names[2] = {vph_text("a"), vph_text("b")};
    pretend(150, "+QUEUED\r\n:1\r\n*1\r\n$1\r\nx\r\n*3\r\n+x\r\n+y\r\n+z\r\n+OK\r\n:0\r\n+PONG\r\n", &p);
    append_set(my.client, "k", "v");
    append_get(my.client, "k");
    append(my.client, (vph_command){.kind = VPH_MGET, .names = names, .count = 2});
    append(my.client, (vph_command){.kind = VPH_HGETALL, .key = vph_text("h")});
    append(
        my.client,
        (vph_command){.kind = VPH_HSET, .key = vph_text("h"), .names = names, .values = names, .count = 1});
    append(my.client, (vph_command){.kind = VPH_DEL, .key = vph_text("k")});
    append(my.client, (vph_command){.kind = VPH_MSET, .names = names, .values = names, .count = 1});
    assert_int_equal(next(my.client).status, VPH_ERR_REPLY);
    assert_int_equal(next(my.client).status, VPH_ERR_REPLY);
    vph_reply reply = next(my.client);
    assert_int_equal(reply.status, VPH_ERR_REPLY);
    assert_int_equal(reply.values[1].status, VPH_ERR_REPLY);
    assert_int_equal(next(my.client).status, VPH_ERR_REPLY);
    assert_int_equal(next(my.client).status, VPH_ERR_REPLY);
    assert_int_equal(next(my.client).status, VPH_MISSING);
    assert_int_equal(next(my.client).status, VPH_ERR_REPLY);
    assert_end(my.client);
    stop_pretending(&p);
}

static void a_server_that_is_silent(void **state) {
    (void)state;
    struct pretender p;
    vp_bytes got;
    pretend(1000, "", &p);
    assert_int_equal(redisSetTimeout(my.connection, (struct timeval){.tv_usec = 20000}), REDIS_OK);
    append_get(my.client, "k");
    append_get(my.client, "l");
    assert_lost(next(my.client), "GET k: ");
    assert_lost(next(my.client), "GET l: ");
    assert_int_equal(vph_get(my.client, vph_text("k"), &got), VPH_ERR_CONNECTION);
    stop_pretending(&p);
}

static void no_server_at_all(void **state) {
    (void)state;
    redisFree(my.connection);
    my.connection = redisConnect("127.0.0.1", 1);
    assert_true(my.connection && my.connection->err);
    vph_client_free(my.client);
    my.client = client_over(my.kit.coder.context, my.connection);
    assert_int_equal(vph_set(my.client, vph_text("k"), vph_text("v"), 0), VPH_ERR_CONNECTION);
    assert_says(my.client, "SET k: the connection was lost: Connection refused");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, single_connect, single_disconnect)

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
    return cmocka_run_group_tests(tests, open_all, single_stop);
}
