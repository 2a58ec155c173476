/* Several programs that update one table at the same time, each over a connection of its own. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fixtures.h"

static struct single my;

static int open_all(void **state) {
    *state = &my;
    return single_open(state);
}

static vph_client *writer_over(redisContext *connection, uint64_t way) {
    vph_client *client = client_over(my.kit.coder.context, connection);
    assert_int_equal(vph_client_set(client, VPH_OPTION_UPDATE_BY, way), VP_OK);
    assert_int_equal(vph_client_set(client, VPH_OPTION_ATTEMPTS, 10000), VP_OK);
    return client;
}

/* Adds one to a counter in the table and puts a record: what another writer did in between would be lost without
   compare-and-set. */
struct visit {
    vp_table_builder *builder;
    vp_context *context;
    char field[32];
};

static int count_visit(void *opaque, const vp_bytes *old, vp_bytes *fresh) {
    struct visit *v = opaque;
    char count[32] = "0", next[32];
    const void *value;
    vp_table_clear(v->builder);
    if (old) {
        int status = vp_table_load(v->builder, *old);
        if (status != VP_OK) return status;
        int64_t size = vp_table_get(v->context, *old, vph_text("count"), &value);
        if (size < 0 || size > 20) return VP_ERR_CORRUPT;
        memcpy(count, value, (size_t)size);
        count[size] = 0;
    }
    snprintf(next, sizeof next, "%d", atoi(count) + 1);
    int status = vp_table_put(v->builder, vph_text("count"), vph_text(next));
    if (status == VP_OK) status = vp_table_put(v->builder, vph_text(v->field), vph_text(v->field));
    if (status != VP_OK) return status;
    int64_t size = vp_table_finish(v->builder, &fresh->data);
    fresh->size = size < 0 ? 0 : (size_t)size;
    return size < 0 ? (int)size : VP_OK;
}

/* A program that makes `count` updates and writes one byte for each that was acknowledged. Never returns. */
static _Noreturn void be_writer(int number, int count, uint64_t way, int acknowledged) {
    redisContext *connection = redisConnect("127.0.0.1", my.server.port);
    vph_client *client = writer_over(connection, way);
    struct visit visit = {.context = my.kit.coder.context,
                          .builder = vp_table_builder_new(my.kit.coder.context)};
    for (int i = 0; i < count; i++) {
        snprintf(visit.field, sizeof visit.field, "writer %d, %d", number, i);
        int status = vph_update(client, vph_text("table"), count_visit, &visit);
        if (status != VP_OK) {
            fprintf(stderr, "writer %d: %s\n", number, vph_error(client));
            _exit(1);
        }
        if (write(acknowledged, "+", 1) != 1) _exit(2);
    }
    _exit(0);
}

static pid_t start_writer(int number, int count, uint64_t way, int *acknowledged) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(ends[0]);
        be_writer(number, count, way, ends[1]);
    }
    close(ends[1]);
    *acknowledged = ends[0];
    return pid;
}

static int count_rest(int acknowledged) {
    char bytes[256];
    int count = 0;
    for (ssize_t got; (got = read(acknowledged, bytes, sizeof bytes)) > 0;) count += (int)got;
    close(acknowledged);
    return count;
}

static void assert_done(pid_t writer) {
    int status;
    assert_int_equal(waitpid(writer, &status, 0), writer);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* The counter, after checking that the first `count` records of a writer are there. */
static int visits_after(int writer, int count) {
    vph_client *client = client_over(my.kit.coder.context, my.plain);
    vp_bytes got, key = vph_text("table");
    for (int i = 0; i < count; i++) {
        char field[32];
        snprintf(field, sizeof field, "writer %d, %d", writer, i);
        assert_int_equal(vph_table_get(client, key, vph_text(field), &got), VP_OK);
        assert_bytes(got, field);
    }
    char text[32] = "";
    assert_int_equal(vph_table_get(client, key, vph_text("count"), &got), VP_OK);
    assert_in_range(got.size, 1, 20);
    memcpy(text, got.data, got.size);
    vph_client_free(client);
    return atoi(text);
}

static void nothing_is_lost_between(uint64_t first_way, uint64_t second_way) {
    enum { COUNT = 300 };
    int acknowledged[2];
    tell(my.plain, "FLUSHALL SYNC");
    pid_t first = start_writer(0, COUNT, first_way, &acknowledged[0]);
    pid_t second = start_writer(1, COUNT, second_way, &acknowledged[1]);
    assert_int_equal(count_rest(acknowledged[0]), COUNT);
    assert_int_equal(count_rest(acknowledged[1]), COUNT);
    assert_done(first);
    assert_done(second);
    visits_after(0, COUNT);
    assert_int_equal(visits_after(1, COUNT), 2 * COUNT);
    redisReply *stored = ask(my.plain, "GET table");
    assert_int_equal(vp_table_count((vp_bytes){stored->str, stored->len}), 2 * COUNT + 1);
    freeReplyObject(stored);
}

static void two_writers_by_watch(void **state) {
    (void)state;
    nothing_is_lost_between(VPH_BY_WATCH, VPH_BY_WATCH);
}

static void two_writers_by_script(void **state) {
    (void)state;
    nothing_is_lost_between(VPH_BY_SCRIPT, VPH_BY_SCRIPT);
}

static void one_of_each(void **state) {
    (void)state;
    nothing_is_lost_between(VPH_BY_WATCH, VPH_BY_SCRIPT);
}

/* One of two writers is killed while it works, again and again: the table stays whole, what was acknowledged is in it,
   at most the one update on its way besides, and the other writer never notices. */
static void a_writer_that_is_killed(void **state) {
    (void)state;
    enum { ROUNDS = 8, COUNT = 200 };
    for (int round = 0; round < ROUNDS; round++) {
        int steady_end, killed_end;
        char byte;
        tell(my.plain, "FLUSHALL SYNC");
        pid_t steady = start_writer(0, COUNT, (unsigned)round % 2, &steady_end);
        pid_t killed = start_writer(1, 1000000, (unsigned)round / 2 % 2, &killed_end);
        for (int i = 0; i < 5 + round; i++) assert_int_equal(read(killed_end, &byte, 1), 1);
        nanosleep(&(struct timespec){.tv_nsec = 70000L * round}, NULL);
        kill(killed, SIGKILL);
        assert_int_equal(waitpid(killed, NULL, 0), killed);
        int done = 5 + round + count_rest(killed_end);
        assert_int_equal(count_rest(steady_end), COUNT);
        assert_done(steady);
        visits_after(1, done);
        assert_in_range(visits_after(0, COUNT), COUNT + done, COUNT + done + 1);
        redisReply *stored = ask(my.plain, "GET table");
        assert_in_range(vp_table_count((vp_bytes){stored->str, stored->len}), COUNT + done + 1,
                        COUNT + done + 2);
        freeReplyObject(stored);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_writers_by_watch),
        cmocka_unit_test(two_writers_by_script),
        cmocka_unit_test(one_of_each),
        cmocka_unit_test(a_writer_that_is_killed),
    };
    return cmocka_run_group_tests(tests, open_all, single_close);
}
