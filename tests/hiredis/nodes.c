/* A cluster of three nodes on the loopback, and the map that an application keeps of it. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "servers.h"

enum { SHARE = SLOTS / NODES + 1, PATIENCE = 1500 };

int first_owner(uint32_t slot) {
    return (int)(slot / SHARE);
}

static void give_slots(struct cluster *c, int node) {
    static char words[SHARE][8];
    const char *command[SHARE + 2] = {"CLUSTER", "ADDSLOTS"};
    int count = 2;
    for (int slot = 0; slot < SLOTS; slot++) {
        if (first_owner((uint32_t)slot) != node) continue;
        c->owner[slot] = node;
        snprintf(words[count - 2], sizeof words[0], "%d", slot);
        command[count] = words[count - 2];
        count++;
    }
    redisReply *reply = redisCommandArgv(c->connections[node], count, command, NULL);
    assert_true(reply && reply->type == REDIS_REPLY_STATUS);
    freeReplyObject(reply);
}

static bool is_whole(redisContext *node) {
    redisReply *reply = ask(node, "CLUSTER INFO");
    bool whole = strstr(reply->str, "cluster_state:ok") && strstr(reply->str, "cluster_known_nodes:3");
    freeReplyObject(reply);
    return whole;
}

static void await_cluster(struct cluster *c) {
    int whole = 0;
    for (int i = 0; i < PATIENCE && whole < NODES; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 20 * 1000 * 1000}, NULL);
        whole = 0;
        for (int n = 0; n < NODES; n++) whole += is_whole(c->connections[n]);
    }
    assert_int_equal(whole, NODES);
}

void cluster_start(struct cluster *c) {
    char command[64];
    *c = (struct cluster){.moved = 0};
    for (int n = 0; n < NODES; n++) {
        c->nodes[n] = server_start(true);
        c->connections[n] = server_connect(&c->nodes[n]);
        snprintf(command, sizeof command, "CLUSTER SET-CONFIG-EPOCH %d", n + 1);
        tell(c->connections[n], command);
        give_slots(c, n);
    }
    for (int n = 1; n < NODES; n++) {
        snprintf(command, sizeof command, "CLUSTER MEET 127.0.0.1 %d", c->nodes[n].port);
        tell(c->connections[0], command);
    }
    for (int n = 0; n < NODES; n++) {
        redisReply *reply = ask(c->connections[n], "CLUSTER MYID");
        assert_int_equal(reply->len, 40);
        memcpy(c->ids[n], reply->str, 41);
        freeReplyObject(reply);
    }
    await_cluster(c);
}

void cluster_stop(struct cluster *c) {
    for (int n = 0; n < NODES; n++) {
        redisFree(c->connections[n]);
        server_stop(&c->nodes[n]);
    }
}

void cluster_tell(struct cluster *c, int node, const char *format, ...) {
    char command[256];
    va_list list;
    va_start(list, format);
    vsnprintf(command, sizeof command, format, list);
    va_end(list);
    tell(c->connections[node], command);
}

void cluster_clear(struct cluster *c) {
    for (int n = 0; n < NODES; n++) tell(c->connections[n], "FLUSHALL SYNC");
    for (uint32_t slot = 0; slot < SLOTS; slot++) c->owner[slot] = first_owner(slot);
    c->moved = c->asked = 0;
}

static redisContext *connection_of(void *opaque, uint32_t slot) {
    struct cluster *c = opaque;
    return c->connections[c->owner[slot]];
}

static redisContext *go_where(void *opaque, const vph_redirect *redirect) {
    struct cluster *c = opaque;
    *(redirect->asking ? &c->asked : &c->moved) += 1;
    for (int n = 0; n < NODES; n++) {
        if (c->nodes[n].port != redirect->port || strcmp(redirect->host, "127.0.0.1") != 0) continue;
        if (!redirect->asking) c->owner[redirect->slot] = n;
        return c->connections[n];
    }
    return NULL;
}

vph_cluster cluster_callbacks(struct cluster *c) {
    return (vph_cluster){.connection = connection_of, .redirected = go_where, .opaque = c};
}
