/* Servers for the tests of the client: a redis-server on a free port, a cluster of three, and one that says what
   it is told. */
#ifndef VALPACK_TESTS_SERVERS_H
#define VALPACK_TESTS_SERVERS_H

#include <sys/types.h>

#include "test.h"
#include "valpack_hiredis.h"

/* ---- redis-server --------------------------------------------------------------------------- */

struct server {
    pid_t process;
    int port;
    bool in_cluster;
    char folder[64];
};

struct server server_start(bool in_cluster);
void server_stop(struct server *s);
void server_kill(struct server *s);   /* SIGKILL */
void server_revive(struct server *s); /* after server_kill(), on the same port, empty */
redisContext *server_connect(const struct server *s);

/* Says a command, words apart by blanks, and expects a reply that is no error; free it with freeReplyObject(). */
redisReply *ask(redisContext *to, const char *command);
void tell(redisContext *to, const char *command);

/* ---- A server that says what it is told ----------------------------------------------------- */

/* Listens on a free port. Accepts one connection, waits for at_least bytes, answers with `reply`, and closes. */
struct pretender {
    int socket, port;
    size_t at_least;
    struct bytes reply;
    unsigned long thread;
};

void pretender_start(struct pretender *p, size_t at_least, const char *reply);
void pretender_stop(struct pretender *p);

/* ---- A cluster ------------------------------------------------------------------------------ */

enum { NODES = 3, SLOTS = 16384 };

/* Three nodes, and the map of an application: which node it believes to serve a slot. */
struct cluster {
    struct server nodes[NODES];
    redisContext *connections[NODES];
    char ids[NODES][41];
    int owner[SLOTS];
    size_t moved, asked; /* redirections seen */
};

void cluster_start(struct cluster *c);
void cluster_stop(struct cluster *c);

/* A command on one node. */
__attribute__((format(printf, 3, 4))) void cluster_tell(struct cluster *c, int node, const char *format, ...);

/* Empties all nodes and makes the map right. */
void cluster_clear(struct cluster *c);

/* Callbacks over this map: opaque is the cluster. */
vph_cluster cluster_callbacks(struct cluster *c);

/* Which node serves a slot in truth, when the cluster was just made. */
int first_owner(uint32_t slot);

/* ---- Clients -------------------------------------------------------------------------------- */

/* Contexts with a trained profile, made once. */
struct kit {
    vp_profile *profile;
    struct coder coder, stranger; /* the stranger has no profile */
};

void kit_open(struct kit *kit);
void kit_close(struct kit *kit);
vph_client *client_over(vp_context *context, redisContext *connection);
vph_client *client_in(vp_context *context, struct cluster *cluster);

void assert_bytes(vp_bytes bytes, const char *text);
void assert_says(const vph_client *client, const char *part);

#endif
