/* A slot on its way from one node to another, and redirections that lead nowhere. */
#include <stdio.h>
#include <stdlib.h>

#include "fixtures.h"

static struct clustered my;

static int open_all(void **state) {
    *state = &my;
    return clustered_open(state);
}

/* ---- A slot on its way ---------------------------------------------------------------------- */

static void slot_departs(uint32_t slot, int from, int to) {
    cluster_tell(&my.cluster, to, "CLUSTER SETSLOT %u IMPORTING %s", (unsigned)slot, my.cluster.ids[from]);
    cluster_tell(&my.cluster, from, "CLUSTER SETSLOT %u MIGRATING %s", (unsigned)slot, my.cluster.ids[to]);
}

static void slot_arrives(uint32_t slot, int from, int to) {
    cluster_tell(&my.cluster, to, "CLUSTER SETSLOT %u NODE %s", (unsigned)slot, my.cluster.ids[to]);
    cluster_tell(&my.cluster, from, "CLUSTER SETSLOT %u NODE %s", (unsigned)slot, my.cluster.ids[to]);
}

static void a_slot_on_its_way(void **state) {
    (void)state;
    vp_bytes got, a = vph_text("{moving}a"), b = vph_text("{moving}b"), c = vph_text("{moving}c");
    uint32_t slot = vph_slot(a);
    int from = first_owner(slot), to = (from + 1) % NODES;
    assert_int_equal(vph_set(my.client, a, vph_text("1"), 0), VP_OK);
    assert_int_equal(vph_set(my.client, b, vph_text("2"), 0), VP_OK);
    slot_departs(slot, from, to);
    cluster_tell(&my.cluster, from, "MIGRATE 127.0.0.1 %d {moving}a 0 5000", my.cluster.nodes[to].port);

    assert_int_equal(vph_get(my.client, b, &got), VP_OK); /* is still there */
    assert_bytes(got, "2");
    assert_int_equal(my.cluster.asked, 0);
    assert_int_equal(vph_get(my.client, a, &got), VP_OK); /* is over there already */
    assert_bytes(got, "1");
    assert_int_equal(my.cluster.asked, 1);
    assert_int_equal(vph_set(my.client, c, vph_text("3"), 100), VP_OK); /* new keys begin over there */
    assert_int_equal(my.cluster.asked, 2);
    assert_int_equal(my.cluster.moved, 0);
    assert_int_equal(my.cluster.owner[slot], from);

    vp_bytes both[2] = {a, b};
    const vph_value *values;
    assert_int_equal(vph_mget(my.client, both, 2, &values), VPH_ERR_TRY_AGAIN);
    assert_says(my.client, "MGET {moving}a: TRYAGAIN");
    assert_int_equal(values[1].status, VPH_ERR_TRY_AGAIN);

    /* A pipeline with keys on both sides keeps the order of those of one key. */
    for (int i = 0; i < 20; i++) {
        char text[12];
        vp_bytes value = {text, (size_t)snprintf(text, sizeof text, "%d", i)};
        vph_command command = {.kind = VPH_SET, .key = i % 2 ? a : b, .values = &value};
        assert_int_equal(vph_append(my.client, &command), VP_OK);
    }
    vph_reply reply;
    while (vph_next(my.client, &reply) == 1) assert_int_equal(reply.status, VP_OK);
    assert_int_equal(vph_get(my.client, a, &got), VP_OK);
    assert_bytes(got, "19");
    assert_int_equal(vph_get(my.client, b, &got), VP_OK);
    assert_bytes(got, "18");

    cluster_tell(&my.cluster, from, "MIGRATE 127.0.0.1 %d {moving}b 0 5000", my.cluster.nodes[to].port);
    slot_arrives(slot, from, to);
    my.cluster.asked = 0;
    assert_int_equal(vph_mget(my.client, both, 2, &values), VP_OK);
    assert_int_equal(my.cluster.moved, 1);
    assert_int_equal(my.cluster.asked, 0);
    assert_int_equal(my.cluster.owner[slot], to);
    assert_bytes(values[0].data, "19");

    cluster_tell(&my.cluster, to, "DEL {moving}a {moving}b {moving}c");
    slot_departs(slot, to, from); /* back again, for the tests behind */
    slot_arrives(slot, to, from);
}

/* A record of a table that is put and read while the map is wrong or the slot is on its way. */
static void visit_table(const char *key, int round) {
    char field[16], text[400];
    vp_bytes got, name = {field, (size_t)snprintf(field, sizeof field, "%d", round)};
    memset(text, 'a' + round, sizeof text);
    vph_change change = {.field = name, .value = {text, sizeof text - 10 * (size_t)round}};
    assert_int_equal(vph_client_set(my.client, VPH_OPTION_UPDATE_BY, (uint64_t)round % 2), VP_OK);
    assert_int_equal(vph_client_set(my.client, VPH_OPTION_PART_FROM, round % 3 ? 16 : 10000), VP_OK);
    assert_int_equal(vph_table_update(my.client, vph_text(key), &change, 1), VP_OK);
    for (int i = 0; i <= round; i++) {
        name.size = (size_t)snprintf(field, sizeof field, "%d", i);
        assert_int_equal(vph_table_get(my.client, vph_text(key), name, &got), VP_OK);
        assert_int_equal(got.size, sizeof text - 10 * (size_t)i);
        assert_int_equal(*(const char *)got.data, 'a' + i);
    }
    assert_int_equal(vph_table_get(my.client, vph_text(key), vph_text("77"), &got), VPH_MISSING);
}

static void tables_and_buckets_on_their_way(void **state) {
    (void)state;
    static const vp_bucketing by_digits = {.kind = VP_BUCKET_DIGITS, .count = 2};
    vp_bytes got, record = vph_text("{moving}photo:1234"), bucket = vph_text("{moving}photo:12");
    uint32_t slot = vph_slot(bucket);
    int from = first_owner(slot), to = (from + 1) % NODES;
    assert_int_equal(vph_slot(record), slot);
    my.cluster.owner[slot] = to; /* it believes */
    visit_table("{moving}table", 0);
    assert_int_equal(my.cluster.moved, 1);
    visit_table("{moving}table", 1);
    assert_int_equal(vph_bucket_set(my.client, &by_digits, record, vph_text("first")), VP_OK);

    slot_departs(slot, from, to);
    visit_table("{moving}table", 2); /* still at the old node */
    visit_table("{moving}table", 3);
    assert_int_equal(my.cluster.asked, 0);
    cluster_tell(&my.cluster, from, "MIGRATE 127.0.0.1 %d {moving}table 0 5000", my.cluster.nodes[to].port);
    cluster_tell(&my.cluster, from, "MIGRATE 127.0.0.1 %d {moving}photo:12 0 5000",
                 my.cluster.nodes[to].port);
    for (int round = 4; round < 10; round++) visit_table("{moving}table", round);
    for (int round = 0; round < 4; round++) visit_table("{moving}new", round); /* begins over there */
    assert_true(my.cluster.asked > 20);
    assert_int_equal(vph_bucket_get(my.client, &by_digits, record, &got), VP_OK);
    assert_bytes(got, "first");
    assert_int_equal(vph_bucket_set(my.client, &by_digits, record, vph_text("second")), VP_OK);

    my.cluster.moved = my.cluster.asked = 0;
    slot_arrives(slot, from, to);
    visit_table("{moving}table", 10);
    assert_int_equal(my.cluster.moved, 1);
    assert_int_equal(vph_bucket_get(my.client, &by_digits, record, &got), VP_OK);
    assert_bytes(got, "second");
    my.cluster.owner[slot] = from;
    visit_table("{moving}table", 11); /* by script, with a wrong map */
    assert_int_equal(my.cluster.moved, 2);
    assert_int_equal(my.cluster.asked, 0);
    cluster_tell(&my.cluster, to, "DEL {moving}table {moving}new {moving}photo:12");
    slot_departs(slot, to, from);
    slot_arrives(slot, to, from);
}

/* Buckets of one MGET lie all over the cluster. */
static void buckets_everywhere(void **state) {
    (void)state;
    enum { COUNT = 500 };
    static const vp_bucketing by_digits = {.kind = VP_BUCKET_DIGITS, .count = 1};
    static char names[COUNT][16];
    vp_bytes keys[COUNT];
    memset(my.cluster.owner, 0, sizeof my.cluster.owner);
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "record:%d", (i * 7) % COUNT);
        keys[i] = vph_text(names[i]);
        assert_int_equal(vph_bucket_set(my.client, &by_digits, keys[i], keys[i]), VP_OK);
    }
    memset(my.cluster.owner, 0, sizeof my.cluster.owner);
    const vph_value *values;
    assert_int_equal(vph_bucket_mget(my.client, &by_digits, keys, COUNT, &values), VP_OK);
    for (int i = 0; i < COUNT; i++) assert_bytes(values[i].data, names[i]);
    assert_true(my.cluster.moved > 20);
}

/* ---- Redirections that lead nowhere --------------------------------------------------------- */

static redisContext *always_first(void *opaque, uint32_t slot) {
    (void)slot;
    return ((struct cluster *)opaque)->connections[0];
}

static redisContext *back_to_first(void *opaque, const vph_redirect *redirect) {
    struct cluster *c = opaque;
    c->moved++;
    assert_ptr_equal(redirect->from, c->connections[0]);
    assert_string_equal(redirect->host, "127.0.0.1");
    assert_int_equal(redirect->asking, 0);
    assert_int_equal(redirect->port, c->nodes[2].port);
    return c->connections[0];
}

static redisContext *nowhere(void *opaque, const vph_redirect *redirect) {
    (void)opaque;
    assert_int_equal(redirect->asking, 0);
    return NULL;
}

static redisContext *no_connection(void *opaque, uint32_t slot) {
    (void)opaque;
    (void)slot;
    return NULL;
}

static vph_client *client_by(vph_cluster callbacks) {
    vph_client *made;
    vph_settings settings = {.context = my.kit.coder.context, .cluster = &callbacks};
    assert_int_equal(vph_client_new(&settings, &made), VP_OK);
    return made;
}

static void redirections_are_bounded(void **state) {
    (void)state;
    vp_bytes got, key = vph_text("foo"); /* slot 12182, on the last node */
    assert_int_equal(first_owner(vph_slot(key)), 2);
    vph_cluster callbacks = {.connection = always_first, .redirected = back_to_first, .opaque = &my.cluster};
    vph_client *lost = client_by(callbacks);
    assert_int_equal(vph_get(lost, key, &got), VPH_ERR_REDIRECT);
    assert_int_equal(my.cluster.moved, 5);
    assert_says(lost, "GET foo: MOVED 12182 ");
    assert_int_equal(vph_client_set(lost, VPH_OPTION_REDIRECTS, 2), VP_OK);
    assert_int_equal(vph_set(lost, key, key, 0), VPH_ERR_REDIRECT);
    assert_int_equal(my.cluster.moved, 7);
    vph_client_free(lost);

    callbacks.redirected = NULL;
    lost = client_by(callbacks);
    assert_int_equal(vph_get(lost, key, &got), VPH_ERR_REDIRECT);
    vph_client_free(lost);

    callbacks.redirected = nowhere;
    lost = client_by(callbacks);
    assert_int_equal(vph_get(lost, key, &got), VPH_ERR_CONNECTION);
    assert_says(lost, "GET foo: no connection for slot 12182");
    vph_client_free(lost);

    callbacks.connection = no_connection;
    lost = client_by(callbacks);
    assert_int_equal(vph_get(lost, key, &got), VPH_ERR_CONNECTION);
    assert_says(lost, "GET foo: no connection for slot 12182");
    vph_client_free(lost);

    /* A client for one server that meets a cluster. */
    lost = client_over(my.kit.coder.context, my.cluster.connections[0]);
    assert_int_equal(vph_get(lost, key, &got), VPH_ERR_REDIRECT);
    vp_bytes keys[2] = {vph_text("a"), vph_text("b")};
    assert_int_equal(vph_mset(lost, keys, keys, 2), VPH_ERR_SLOTS);
    assert_says(lost, "CROSSSLOT");
    vph_client_free(lost);
}

/* What a redirection says, as told by a server that makes it up. */
struct meeting {
    redisContext *connection;
    char host[64];
    int port, asking, count;
    uint32_t slot;
};

static redisContext *meeting_place(void *opaque, uint32_t slot) {
    (void)slot;
    return ((struct meeting *)opaque)->connection;
}

static redisContext *note_redirection(void *opaque, const vph_redirect *redirect) {
    struct meeting *m = opaque;
    snprintf(m->host, sizeof m->host, "%s", redirect->host);
    m->port = redirect->port;
    m->asking = redirect->asking;
    m->slot = redirect->slot;
    m->count++;
    return NULL;
}

static struct meeting meet(const char *answer) {
    struct pretender p;
    struct meeting m = {.port = 0};
    vp_bytes got;
    pretender_start(&p, 20, answer);
    m.connection = redisConnect("127.0.0.1", p.port);
    vph_client *lost =
        client_by((vph_cluster){.connection = meeting_place, .redirected = note_redirection, .opaque = &m});
    int status = vph_get(lost, vph_text("k"), &got);
    assert_int_equal(status, m.count ? VPH_ERR_CONNECTION : VPH_ERR_REDIRECT);
    vph_client_free(lost);
    redisFree(m.connection);
    pretender_stop(&p);
    return m;
}

static void redirections_are_understood(void **state) {
    (void)state;
    struct meeting m = meet("-MOVED 3999 127.0.0.1:6381\r\n");
    assert_string_equal(m.host, "127.0.0.1");
    assert_int_equal(m.slot, 3999);
    assert_int_equal(m.port, 6381);
    assert_int_equal(m.asking, 0);
    m = meet("-ASK 16383 :7\r\n");
    assert_string_equal(m.host, "");
    assert_int_equal(m.slot, 16383);
    assert_int_equal(m.port, 7);
    assert_int_equal(m.asking, 1);
    m = meet("-MOVED 0 2001:db8::1:65535\r\n");
    assert_string_equal(m.host, "2001:db8::1");
    assert_int_equal(m.port, 65535);
    static const char *const bad[] = {
        "",      "x",    "1",       "1 ",     "1 host", "16384 h:1", "1 h:65536",
        "1 h:0", "1 h:", "1 h:1 2", "-1 h:1", "1 h:1x", "1 h:-1",    "1 h:999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char answer[64];
        snprintf(answer, sizeof answer, "-MOVED %s\r\n", bad[i]);
        assert_int_equal(meet(answer).count, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_slot_on_its_way, clustered_empty),
        cmocka_unit_test_setup(tables_and_buckets_on_their_way, clustered_empty),
        cmocka_unit_test_setup(buckets_everywhere, clustered_empty),
        cmocka_unit_test_setup(redirections_are_bounded, clustered_empty),
        cmocka_unit_test(redirections_are_understood),
    };
    return cmocka_run_group_tests(tests, open_all, clustered_close);
}
