#include "fixtures.h"

/* ---- One server ----------------------------------------------------------------------------- */

int single_start(void **state) {
    struct single *s = *state;
    kit_open(&s->kit);
    s->server = server_start(false);
    return 0;
}

int single_connect(void **state) {
    struct single *s = *state;
    if (s->server.process == 0) server_revive(&s->server);
    s->plain = server_connect(&s->server);
    s->connection = server_connect(&s->server);
    s->client = client_over(s->kit.coder.context, s->connection);
    return single_empty(state);
}

int single_disconnect(void **state) {
    struct single *s = *state;
    vph_client_free(s->client);
    redisFree(s->connection);
    redisFree(s->plain);
    return 0;
}

int single_stop(void **state) {
    struct single *s = *state;
    server_stop(&s->server);
    kit_close(&s->kit);
    return 0;
}

int single_open(void **state) {
    single_start(state);
    return single_connect(state);
}

int single_empty(void **state) {
    struct single *s = *state;
    tell(s->plain, "FLUSHALL SYNC");
    return 0;
}

int single_close(void **state) {
    single_disconnect(state);
    return single_stop(state);
}

/* ---- A cluster ------------------------------------------------------------------------------ */

int clustered_open(void **state) {
    struct clustered *c = *state;
    kit_open(&c->kit);
    cluster_start(&c->cluster);
    c->client = client_in(c->kit.coder.context, &c->cluster);
    return 0;
}

int clustered_empty(void **state) {
    struct clustered *c = *state;
    cluster_clear(&c->cluster);
    return 0;
}

int clustered_close(void **state) {
    struct clustered *c = *state;
    vph_client_free(c->client);
    cluster_stop(&c->cluster);
    kit_close(&c->kit);
    return 0;
}

/* ---- Pipelines ------------------------------------------------------------------------------ */

void append(vph_client *client, vph_command command) {
    assert_int_equal(vph_append(client, &command), VP_OK);
}

void append_set(vph_client *client, const char *key, const char *value) {
    vp_bytes bytes = vph_text(value);
    append(client, (vph_command){.kind = VPH_SET, .key = vph_text(key), .values = &bytes});
}

void append_get(vph_client *client, const char *key) {
    append(client, (vph_command){.kind = VPH_GET, .key = vph_text(key)});
}

vph_reply next(vph_client *client) {
    vph_reply reply;
    assert_int_equal(vph_next(client, &reply), 1);
    return reply;
}

void assert_end(vph_client *client) {
    vph_reply reply;
    assert_int_equal(vph_next(client, &reply), 0);
}
