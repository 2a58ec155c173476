/* What the tests of the client begin with and leave behind. Each function with `state` is a set-up or a tear-down of
   cmocka: the set-up of the group puts the fixture there, which the others find. */
#ifndef VALPACK_TESTS_FIXTURES_H
#define VALPACK_TESTS_FIXTURES_H

#include "servers.h"

/* ---- One server ----------------------------------------------------------------------------- */

struct single {
    struct kit kit;
    struct server server;
    redisContext *plain, *connection; /* plain sees what is stored, connection is that of the client */
    vph_client *client;
};

/* A server for the group, connections to it for each test. */
int single_start(void **state);
int single_connect(void **state); /* to a server that is empty; starts it again if it was killed */
int single_disconnect(void **state);
int single_stop(void **state);

/* All of it for the group, and a server that is empty for each test. */
int single_open(void **state);
int single_empty(void **state);
int single_close(void **state);

/* ---- A cluster ------------------------------------------------------------------------------ */

struct clustered {
    struct kit kit;
    struct cluster cluster;
    vph_client *client;
};

int clustered_open(void **state);
int clustered_empty(void **state);
int clustered_close(void **state);

/* ---- Pipelines ------------------------------------------------------------------------------ */

/* Queue a command, which must succeed. */
void append(vph_client *client, vph_command command);
void append_set(vph_client *client, const char *key, const char *value);
void append_get(vph_client *client, const char *key);

vph_reply next(vph_client *client);  /* there must be one more */
void assert_end(vph_client *client); /* there must be none */

#endif
