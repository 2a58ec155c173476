#include "servers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

/* ---- redis-server --------------------------------------------------------------------------- */

enum { PATIENCE = 1500, BUS = 10000 }; /* of 20 ms; the bus of a node has its port and this */

static void wait_a_little(void) {
    nanosleep(&(struct timespec){.tv_nsec = 20 * 1000 * 1000}, NULL);
}

/* A socket on this port of the loopback, 0 for any; -1 if that is taken. */
static int listen_on(int port, int *bound) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    if (bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 8) != 0) return close(fd), -1;
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    if (bound) *bound = ntohs(address.sin_port);
    return fd;
}

static int free_port(bool in_cluster) {
    for (;;) {
        int port, fd = listen_on(0, &port);
        if (fd < 0) continue;
        close(fd);
        if (!in_cluster) return port;
        if (port + BUS > 65535) continue;
        fd = listen_on(port + BUS, NULL);
        if (fd < 0) continue;
        close(fd);
        return port;
    }
}

static void become_server(const struct server *s) {
    char port[16];
    snprintf(port, sizeof port, "%d", s->port);
#if defined(__linux__)
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that dies takes its servers with it */
#endif
    int nothing = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++) dup2(nothing, fd);
    execlp("redis-server", "redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", s->folder,
           "--save", "", "--appendonly", "no", "--daemonize", "no", "--logfile", "redis.log",
           "--cluster-enabled", s->in_cluster ? "yes" : "no", "--cluster-node-timeout", "5000", (char *)NULL);
    _exit(127);
}

/* True when the process answers that was started here, and not another one on the same port. */
static bool is_ready(const struct server *s) {
    redisContext *c = redisConnect("127.0.0.1", s->port);
    redisReply *reply = c && !c->err ? redisCommand(c, "INFO server") : NULL;
    const char *line = reply && reply->type == REDIS_REPLY_STRING ? strstr(reply->str, "process_id:") : NULL;
    bool ready = line && atol(line + strlen("process_id:")) == (long)s->process;
    freeReplyObject(reply);
    if (c) redisFree(c);
    return ready;
}

static bool launch(struct server *s) {
    s->process = fork();
    assert_true(s->process >= 0);
    if (s->process == 0) become_server(s);
    for (int i = 0; i < PATIENCE; i++) {
        if (is_ready(s)) return true;
        if (waitpid(s->process, NULL, WNOHANG) == s->process) return false;
        wait_a_little();
    }
    server_kill(s);
    return false;
}

struct server server_start(bool in_cluster) {
    struct server s = {.in_cluster = in_cluster, .folder = "/tmp/valpack-hiredis-XXXXXX"};
    assert_non_null(mkdtemp(s.folder));
    for (int i = 0; i < 5; i++) { /* another program may take the port before it is used */
        s.port = free_port(in_cluster);
        if (launch(&s)) return s;
    }
    fail_msg("redis-server does not start (Debian package redis-server), see %s", s.folder);
    return s;
}

void server_kill(struct server *s) {
    if (s->process <= 0) return;
    kill(s->process, SIGKILL);
    assert_int_equal(waitpid(s->process, NULL, 0), s->process);
    s->process = 0;
}

void server_revive(struct server *s) {
    assert_int_equal(s->process, 0);
    assert_true(launch(s));
}

void server_stop(struct server *s) {
    static const char *const files[] = {"redis.log", "nodes.conf", "dump.rdb"};
    char path[128];
    server_kill(s);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", s->folder, files[i]);
        assert_true(unlink(path) == 0 || errno == ENOENT);
    }
    assert_int_equal(rmdir(s->folder), 0);
}

redisContext *server_connect(const struct server *s) {
    redisContext *c = redisConnectWithTimeout("127.0.0.1", s->port, (struct timeval){.tv_sec = 30});
    assert_true(c && !c->err);
    assert_int_equal(redisSetTimeout(c, (struct timeval){.tv_sec = 30}), REDIS_OK);
    return c;
}

redisReply *ask(redisContext *to, const char *command) {
    redisReply *reply = redisCommand(to, command);
    assert_non_null(reply);
    if (reply->type == REDIS_REPLY_ERROR) fail_msg("%s: %s", command, reply->str);
    return reply;
}

void tell(redisContext *to, const char *command) {
    freeReplyObject(ask(to, command));
}

/* ---- A server that says what it is told ----------------------------------------------------- */

static void *pretend(void *opaque) {
    struct pretender *p = opaque;
    char heard[4096];
    size_t count = 0;
    int fd = accept(p->socket, NULL, NULL);
    if (fd < 0) return NULL;
    while (count < p->at_least) {
        ssize_t got = read(fd, heard, sizeof heard);
        if (got <= 0) break;
        count += (size_t)got;
    }
    ssize_t sent = write(fd, p->reply.at, p->reply.size);
    (void)sent;
    shutdown(fd, SHUT_WR);
    while (read(fd, heard, sizeof heard) > 0) continue; /* or the answer might be lost with a reset */
    close(fd);
    return NULL;
}

void pretender_start(struct pretender *p, size_t at_least, const char *reply) {
    pthread_t thread;
    *p = (struct pretender){.at_least = at_least, .reply = {(uint8_t *)(uintptr_t)reply, strlen(reply)}};
    p->socket = listen_on(0, &p->port);
    assert_true(p->socket >= 0);
    assert_int_equal(pthread_create(&thread, NULL, pretend, p), 0);
    p->thread = thread;
}

void pretender_stop(struct pretender *p) {
    shutdown(p->socket, SHUT_RDWR);
    assert_int_equal(pthread_join(p->thread, NULL), 0);
    close(p->socket);
}

/* ---- Clients -------------------------------------------------------------------------------- */

void kit_open(struct kit *kit) {
    static const struct recipe sessions = {.kind = VALUE_SESSION, .count = 200};
    kit->profile = train_profile(&sessions);
    kit->coder = coder_of(kit->profile, NULL);
    kit->stranger = coder_of(NULL, NULL);
}

void kit_close(struct kit *kit) {
    coder_close(&kit->coder);
    coder_close(&kit->stranger);
    vp_profile_release(kit->profile);
}

vph_client *client_over(vp_context *context, redisContext *connection) {
    vph_client *client;
    vph_settings settings = {.context = context, .connection = connection};
    assert_int_equal(vph_client_new(&settings, &client), VP_OK);
    return client;
}

vph_client *client_in(vp_context *context, struct cluster *cluster) {
    vph_client *client;
    vph_cluster callbacks = cluster_callbacks(cluster);
    vph_settings settings = {.context = context, .cluster = &callbacks};
    assert_int_equal(vph_client_new(&settings, &client), VP_OK);
    return client;
}

void assert_bytes(vp_bytes bytes, const char *text) {
    assert_non_null(bytes.data);
    assert_int_equal(bytes.size, strlen(text));
    assert_memory_equal(bytes.data, text, bytes.size);
}

void assert_says(const vph_client *client, const char *part) {
    if (!strstr(vph_error(client), part)) fail_msg("\"%s\" is not in \"%s\"", part, vph_error(client));
}
