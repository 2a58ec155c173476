/* A cluster of three nodes: keys in every slot, groups of keys, nodes that are gone. */
#include <stdio.h>
#include <stdlib.h>

#include "fixtures.h"

static struct clustered my;

static int open_all(void **state) {
    *state = &my;
    return clustered_open(state);
}

/* ---- Slots ---------------------------------------------------------------------------------- */

static void slots_of_the_specification(void **state) {
    (void)state;
    assert_int_equal(vph_slot(vph_text("123456789")), 0x31c3);
    assert_int_equal(vph_slot(vph_text("")), 0);
    assert_int_equal(vph_slot((vp_bytes){NULL, 0}), 0);
    assert_int_equal(vph_slot(vph_text("{user1000}.following")), vph_slot(vph_text("user1000")));
    assert_int_equal(vph_slot(vph_text("{user1000}.following")), vph_slot(vph_text("{user1000}.followers")));
    assert_int_equal(vph_slot(vph_text("foo{{bar}}zap")), vph_slot(vph_text("{bar")));
    assert_int_equal(vph_slot(vph_text("foo{bar}{zap}")), vph_slot(vph_text("bar")));
    static const char *const more[] = {"foo", "foo{}{bar}", "{}",     "{",      "}",        "}{",
                                       "a{b", "a}b",        "{}user", "x{y}z{", "user1000", "\xff\xfe{\x80}"};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        redisReply *reply = redisCommand(my.cluster.connections[0], "CLUSTER KEYSLOT %s", more[i]);
        assert_int_equal(vph_slot(vph_text(more[i])), reply->integer);
        freeReplyObject(reply);
    }
}

static void tags(void **state) {
    (void)state;
    char out[32];
    vp_bytes key = vph_text("photo:17:names");
    assert_int_equal(vph_tag(key, 6, 2, out, sizeof out), 16);
    assert_memory_equal(out, "photo:{17}:names", 16);
    assert_int_equal(vph_slot((vp_bytes){out, 16}), vph_slot(vph_text("17")));
    assert_int_equal(vph_tag(key, 0, key.size, out, 16), 16);
    assert_memory_equal(out, "{photo:17:names}", 16);
    assert_int_equal(vph_tag(key, 13, 1, out, 16), 16);
    assert_memory_equal(out, "photo:17:name{s}", 16);
    assert_int_equal(vph_tag(key, 6, 2, out, 15), VP_ERR_SPACE);
    assert_int_equal(vph_tag(key, 6, 2, out, 0), VP_ERR_SPACE);
    assert_int_equal(vph_tag(key, 6, 0, out, sizeof out), VP_ERR_ARGUMENT);
    assert_int_equal(vph_tag(key, 14, 1, out, sizeof out), VP_ERR_ARGUMENT);
    assert_int_equal(vph_tag(key, SIZE_MAX, 2, out, sizeof out), VP_ERR_ARGUMENT);
    assert_int_equal(vph_tag(key, 6, SIZE_MAX, out, sizeof out), VP_ERR_ARGUMENT);
    assert_int_equal(vph_tag((vp_bytes){NULL, 4}, 0, 1, out, sizeof out), VP_ERR_ARGUMENT);
    assert_int_equal(vph_tag(key, 6, 2, NULL, 16), VP_ERR_ARGUMENT);
    assert_int_equal(vph_tag(vph_text("a{b"), 0, 1, out, sizeof out), VP_ERR_KEY);
    assert_int_equal(vph_tag(vph_text("a}b"), 0, 1, out, sizeof out), VP_ERR_KEY);
}

/* ---- Keys all over the cluster -------------------------------------------------------------- */

/* One key for each slot. */
static void make_keys(char keys[SLOTS][12]) {
    size_t found = 0;
    memset(keys, 0, SLOTS * sizeof keys[0]);
    for (int i = 0; found < SLOTS; i++) {
        char key[12];
        snprintf(key, sizeof key, "k%d", i);
        uint32_t slot = vph_slot(vph_text(key));
        if (keys[slot][0]) continue;
        memcpy(keys[slot], key, sizeof key);
        found++;
    }
}

static void every_slot_is_found_with_a_wrong_map(void **state) {
    (void)state;
    static char keys[SLOTS][12];
    make_keys(keys);
    memset(my.cluster.owner, 0, sizeof my.cluster.owner); /* all on the first node, it believes */
    for (size_t i = 0; i < SLOTS; i++) {
        vp_bytes value = vph_text(keys[i]);
        vph_command set = {.kind = VPH_SET, .key = value, .values = &value};
        vph_command get = {.kind = VPH_GET, .key = value};
        assert_int_equal(vph_append(my.client, &set), VP_OK);
        assert_int_equal(vph_append(my.client, &get), VP_OK);
    }
    for (size_t i = 0; i < SLOTS; i++) {
        vph_reply reply;
        assert_int_equal(vph_next(my.client, &reply), 1);
        assert_int_equal(reply.status, VP_OK);
        assert_int_equal(vph_next(my.client, &reply), 1);
        assert_int_equal(reply.status, VP_OK);
        assert_bytes(reply.values->data, keys[i]);
    }
    assert_true(my.cluster.moved >= SLOTS / 2);
    for (uint32_t slot = 0; slot < SLOTS; slot++) assert_int_equal(my.cluster.owner[slot], first_owner(slot));
    size_t before = my.cluster.moved;
    vp_bytes got;
    for (size_t i = 0; i < SLOTS; i += 16)
        assert_int_equal(vph_get(my.client, vph_text(keys[i]), &got), VP_OK);
    assert_int_equal(my.cluster.moved, before);
}

static void mget_is_grouped_and_mset_refused(void **state) {
    (void)state;
    enum { COUNT = 300 };
    static char names[COUNT][12];
    vp_bytes keys[COUNT];
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "m%d", i / 2 * 2 + 1); /* each twice */
        keys[i] = vph_text(names[i]);
        if (i % 3 != 0) assert_int_equal(vph_set(my.client, keys[i], keys[i], 0), VP_OK);
    }
    assert_int_equal(vph_mset(my.client, keys, keys, COUNT), VPH_ERR_SLOTS);
    assert_says(my.client, "MSET m1: ");
    memset(my.cluster.owner, 0, sizeof my.cluster.owner);
    const vph_value *values;
    assert_int_equal(vph_mget(my.client, keys, COUNT, &values), VP_OK);
    assert_true(my.cluster.moved > 0);
    for (int i = 0; i < COUNT; i++) {
        bool set = i % 3 != 0 || (i ^ 1) % 3 != 0;
        assert_int_equal(values[i].status, set ? VP_OK : VPH_MISSING);
        assert_bytes(values[i].name, names[i]);
        if (set) assert_bytes(values[i].data, names[i]);
    }
    vp_bytes tagged[2] = {vph_text("{t}a"), vph_text("{t}b")};
    assert_int_equal(vph_mset(my.client, tagged, tagged, 2), VP_OK);
    assert_int_equal(vph_mget(my.client, tagged, 2, &values), VP_OK);
    assert_bytes(values[1].data, "{t}b");
}

static void hashes_and_plain_commands_find_their_slot(void **state) {
    (void)state;
    memset(my.cluster.owner, 0, sizeof my.cluster.owner);
    for (int i = 0; i < 30; i++) {
        char name[12];
        vp_bytes got, key = {name, (size_t)snprintf(name, sizeof name, "h%d", i)};
        vp_bytes field = vph_text("f"), words[2] = {vph_text("HLEN"), key};
        vph_command hlen = {.kind = VPH_PLAIN, .key = key, .names = words, .count = 2};
        vph_reply reply;
        assert_int_equal(vph_hset(my.client, key, &field, &key, 1), VP_OK);
        assert_int_equal(vph_hget(my.client, key, field, &got), VP_OK);
        assert_bytes(got, name);
        assert_int_equal(vph_call(my.client, &hlen, &reply), VP_OK);
        assert_int_equal(reply.raw->integer, 1);
    }
    assert_true(my.cluster.moved > 0);
}

/* ---- Nodes that are gone -------------------------------------------------------------------- */

static void a_slot_that_nobody_serves(void **state) {
    (void)state;
    vp_bytes got, key = vph_text("foo");
    int node = first_owner(vph_slot(key));
    cluster_tell(&my.cluster, node, "CLUSTER DELSLOTS %u", (unsigned)vph_slot(key));
    assert_int_equal(vph_get(my.client, key, &got), VPH_ERR_CLUSTER_DOWN);
    assert_says(my.client, "GET foo: CLUSTERDOWN");
    cluster_tell(&my.cluster, node, "CLUSTER ADDSLOTS %u", (unsigned)vph_slot(key));
    int status;
    while ((status = vph_get(my.client, key, &got)) == VPH_ERR_CLUSTER_DOWN) continue;
    assert_int_equal(status, VPH_MISSING);
}

/* A pipeline over all nodes, one of which is dead: what the others acknowledged is there, the rest is lost. */
static void a_node_that_is_gone(void **state) {
    (void)state;
    enum { COUNT = 300, DEAD = 1 };
    static char names[COUNT][12];
    vp_bytes keys[COUNT];
    server_kill(&my.cluster.nodes[DEAD]);
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        keys[i] = vph_text(names[i]);
        vph_command set = {.kind = VPH_SET, .key = keys[i], .values = &keys[i]};
        assert_int_equal(vph_append(my.client, &set), VP_OK);
    }
    int lost = 0;
    for (int i = 0; i < COUNT; i++) {
        vph_reply reply;
        bool dead = first_owner(vph_slot(keys[i])) == DEAD;
        assert_int_equal(vph_next(my.client, &reply), 1);
        assert_int_equal(reply.status, dead ? VPH_ERR_CONNECTION : VP_OK);
        lost += dead;
        if (dead) assert_says(my.client, "SET n");
    }
    assert_in_range(lost, COUNT / 4, COUNT / 2);
    const vph_value *values;
    assert_int_equal(vph_mget(my.client, keys, COUNT, &values), VPH_ERR_CONNECTION);
    for (int i = 0; i < COUNT; i++) {
        bool dead = first_owner(vph_slot(keys[i])) == DEAD;
        assert_int_equal(values[i].status, dead ? VPH_ERR_CONNECTION : VP_OK);
    }
    server_revive(&my.cluster.nodes[DEAD]);
    assert_int_equal(redisReconnect(my.cluster.connections[DEAD]), REDIS_OK);
    int status, tries = 0;
    vp_bytes got;
    for (int i = 0; i < COUNT; i++) {
        if (first_owner(vph_slot(keys[i])) != DEAD) continue;
        while ((status = vph_get(my.client, keys[i], &got)) == VPH_ERR_CLUSTER_DOWN)
            assert_true(tries++ < 1000000);
        assert_int_equal(status, VPH_MISSING);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(slots_of_the_specification, clustered_empty),
        cmocka_unit_test(tags),
        cmocka_unit_test_setup(every_slot_is_found_with_a_wrong_map, clustered_empty),
        cmocka_unit_test_setup(mget_is_grouped_and_mset_refused, clustered_empty),
        cmocka_unit_test_setup(hashes_and_plain_commands_find_their_slot, clustered_empty),
        cmocka_unit_test_setup(a_slot_that_nobody_serves, clustered_empty),
        cmocka_unit_test_setup(a_node_that_is_gone, clustered_empty),
    };
    return cmocka_run_group_tests(tests, open_all, clustered_close);
}
