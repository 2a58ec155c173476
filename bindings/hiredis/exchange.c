#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "client.h"

static const char asking_command[] = "*1\r\n$6\r\nASKING\r\n";

/* ---- Links ---------------------------------------------------------------------------------- */

static void break_link(struct link *link) {
    const redisContext *connection = link->connection;
    link->broken = true;
    snprintf(link->reason, sizeof link->reason, "the connection was lost: %s",
             connection->errstr[0] ? connection->errstr : "out of memory");
}

static size_t add_link(vph_client *client, redisContext *connection, uint32_t slot) {
    void *links = client->now.links;
    if (!room_for_one(&links, &client->now.link_room, client->now.link_count, sizeof *client->now.links))
        return SIZE_MAX;
    client->now.links = links;
    struct link *link = &client->now.links[client->now.link_count];
    *link = (struct link){.connection = connection, .broken = !connection};
    if (!connection) snprintf(link->reason, sizeof link->reason, "no connection for slot %u", (unsigned)slot);
    else if (connection->err) break_link(link);
    return client->now.link_count++;
}

size_t link_over(vph_client *client, redisContext *connection, uint32_t slot) {
    for (size_t i = client->now.link_count; connection && i-- > 0;) {
        const struct link *link = &client->now.links[i];
        if (link->connection == connection && link->broken == (connection->err != 0)) return i;
    }
    return add_link(client, connection, slot);
}

int choose_links(vph_client *client, size_t first, size_t count) {
    const vph_cluster *cluster = client->settings.cluster;
    for (size_t i = first; i < first + count; i++) {
        struct part *part = &client->now.parts[i];
        redisContext *connection =
            cluster ? cluster->connection(cluster->opaque, part->slot) : client->settings.connection;
        part->link = link_over(client, connection, part->slot);
        if (part->link == SIZE_MAX) return VP_ERR_MEMORY;
    }
    return VP_OK;
}

int choose_one_link(vph_client *client, size_t first, size_t count) {
    int status = choose_links(client, first, 1);
    for (size_t i = first + 1; i < first + count; i++)
        client->now.parts[i].link = client->now.parts[first].link;
    return status;
}

/* ---- Sending and reading -------------------------------------------------------------------- */

static bool is_asked(const struct part *part) {
    return part->asking && !part->enclosed;
}

static void send_part(vph_client *client, const struct part *part) {
    struct link *link = &client->now.links[part->link];
    redisContext *to = link->connection;
    if (link->broken) return;
    int done = REDIS_OK;
    if (is_asked(part)) done = redisAppendFormattedCommand(to, asking_command, sizeof asking_command - 1);
    if (done == REDIS_OK) {
        done = redisAppendFormattedCommand(to, client->now.wire.data + part->wire.at, part->wire.size);
    }
    if (done != REDIS_OK) break_link(link);
}

static void flush_links(vph_client *client) {
    for (size_t i = 0; i < client->now.link_count; i++) {
        struct link *link = &client->now.links[i];
        int done = link->broken;
        while (!done) {
            if (redisBufferWrite(link->connection, &done) != REDIS_OK) break_link(link), done = 1;
        }
    }
}

/* A write to a connection that the server has closed is an error and not a signal that ends the program:
   SIGPIPE is held back in this thread, and taken away if it came. */
static void flush_quietly(vph_client *client) {
    sigset_t pipe, before, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    flush_links(client);
    sigpending(&pending);
    int taken;
    if (!was_pending && sigismember(&pending, SIGPIPE) == 1) sigwait(&pipe, &taken);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static redisReply *read_reply(struct link *link) {
    void *reply = NULL;
    if (link->broken) return NULL;
    if (redisGetReply(link->connection, &reply) == REDIS_OK && reply) return reply;
    break_link(link);
    return NULL;
}

void perform(vph_client *client, size_t first, size_t count) {
    for (size_t i = first; i < first + count; i++) send_part(client, &client->now.parts[i]);
    flush_quietly(client);
    for (size_t i = first; i < first + count; i++) {
        struct part *part = &client->now.parts[i];
        struct link *link = &client->now.links[part->link];
        if (is_asked(part)) freeReplyObject(read_reply(link));
        part->reply = read_reply(link);
    }
}

int perform_redirected(vph_client *client, size_t first, size_t count) {
    int status = choose_one_link(client, first, count);
    if (status != VP_OK) return status;
    perform(client, first, count);
    follow_redirections(client, first, count);
    return VP_OK;
}

/* ---- Redirections --------------------------------------------------------------------------- */

/* Reads a number of at most `most` and the mark behind it. */
static bool take_number(const char **at, char mark, uint32_t most, uint32_t *number) {
    const char *p = *at;
    if (*p < '0' || *p > '9') return false;
    for (*number = 0; *p >= '0' && *p <= '9'; p++) {
        *number = 10 * *number + (uint32_t)(*p - '0');
        if (*number > most) return false;
    }
    *at = p + 1;
    return *p == mark;
}

/* "MOVED 3999 127.0.0.1:6381"; the host may be missing, or be one with colons. */
static bool parse_redirection(const redisReply *reply, vph_redirect *redirect, char host[256]) {
    if (!reply || reply->type != REDIS_REPLY_ERROR) return false;
    redirect->asking = starts_with(reply, "ASK ");
    if (!redirect->asking && !starts_with(reply, "MOVED ")) return false;
    const char *at = strchr(reply->str, ' ') + 1;
    uint32_t port;
    if (!take_number(&at, ' ', 16383, &redirect->slot)) return false;
    const char *colon = strrchr(at, ':');
    size_t size = colon ? (size_t)(colon - at) : 0;
    if (!colon || size > 255 || memchr(at, ' ', size)) return false;
    memcpy(host, at, size);
    host[size] = 0;
    redirect->host = host;
    at = colon + 1;
    if (!take_number(&at, 0, 65535, &port) || port == 0) return false;
    redirect->port = (int)port;
    return true;
}

bool find_detour(vph_client *client, size_t first, size_t count, struct detour *detour) {
    const vph_cluster *cluster = client->settings.cluster;
    if (!cluster || !cluster->redirected) return false;
    for (size_t i = first; i < first + count; i++) {
        const struct part *part = &client->now.parts[i];
        vph_redirect redirect;
        char host[256];
        if (!parse_redirection(part->reply, &redirect, host)) continue;
        redirect.from = client->now.links[part->link].connection;
        redisContext *connection = cluster->redirected(cluster->opaque, &redirect);
        size_t link = link_over(client, connection, redirect.slot);
        *detour = (struct detour){.link = link, .asking = redirect.asking};
        return link != SIZE_MAX;
    }
    return false;
}

void take_detour(vph_client *client, size_t first, size_t count, struct detour detour) {
    for (size_t i = first; i < first + count; i++) {
        struct part *part = &client->now.parts[i];
        freeReplyObject(part->reply);
        part->reply = NULL;
        part->link = detour.link;
        part->asking = detour.asking;
    }
}

void follow_redirections(vph_client *client, size_t first, size_t count) {
    struct detour detour;
    for (uint64_t i = 0; i < client->options[VPH_OPTION_REDIRECTS]; i++) {
        if (!find_detour(client, first, count, &detour)) return;
        take_detour(client, first, count, detour);
        perform(client, first, count);
    }
}
