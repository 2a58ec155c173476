/* Servers by name and from what they answer to INFO. */
#include "test.h"

#include "valpack_cost.h"

#include <stdio.h>

static const char debian[] =
    "# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\narch_bits:64\r\n\r\n"
    "# Memory\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\n"
    "mem_allocator:jemalloc-5.3.0\r\n\r\n# Cluster\r\ncluster_enabled:0\r\n";

static int from_info(const char *info, vp_server *server) {
    return vp_server_from_info(info, strlen(info), server);
}

static void test_names(void **state) {
    (void)state;
    const char *const names[] = {"redis-7.0-debian", "redis-7.2", "redis-8", "valkey-9"};
    for (uint32_t i = 0; i < 4; i++) {
        vp_server server;
        assert_int_equal(vp_server_named(names[i], &server), VP_OK);
        assert_int_equal(server.flavour, i + 1);
        assert_int_equal(server.hash_max_entries, 512);
        assert_int_equal(server.hash_max_value, 64);
        assert_int_equal(server.shared_integers, 1);
        assert_int_equal(server.cluster, 0);
        assert_string_equal(vp_server_name(i + 1), names[i]);
    }
    assert_null(vp_server_name(0));
    assert_null(vp_server_name(5));
    assert_null(vp_server_name(UINT32_MAX));
}

static void test_names_that_are_none(void **state) {
    (void)state;
    const char *const names[] = {"", "redis", "redis-7", "redis-7.2 ", "Redis-8", "valkey-9.1"};
    vp_server server = {.flavour = 77}, same = server;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(vp_server_named(names[i], &server), VP_ERR_SERVER);
    assert_int_equal(vp_server_named(NULL, &server), VP_ERR_ARGUMENT);
    assert_int_equal(vp_server_named("redis-8", NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_server_from_info(debian, sizeof debian - 1, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_server_from_info(NULL, 1, &server), VP_ERR_ARGUMENT);
    assert_int_equal(vp_server_from_info(NULL, 0, &server), VP_ERR_SERVER);
    assert_memory_equal(&server, &same, sizeof server);
}

/* Lines of INFO that tell versions apart, and what is made of them; 0 for VP_ERR_SERVER. */
static void test_versions(void **state) {
    (void)state;
    static const struct {
        const char *version, *allocator;
        uint32_t flavour;
    } rows[] = {
        {"redis_version:7.0.15", "jemalloc-5.3.0", VP_REDIS_7_0_DEBIAN},
        {"redis_version:7.0.15", "jemalloc-5.2.1", VP_REDIS_7_2},
        {"redis_version:7.2.6", "jemalloc-5.3.0", VP_REDIS_7_2},
        {"redis_version:7.4.1", "jemalloc-5.3.0", VP_REDIS_7_2},
        {"redis_version:8.0.0", "jemalloc-5.3.0", VP_REDIS_7_2},
        {"redis_version:8.2.1", "jemalloc-5.3.0", VP_REDIS_8},
        {"redis_version:8.6.3", "jemalloc-5.3.0", VP_REDIS_8},
        {"redis_version:8.6-rc1", "jemalloc-5.3.0", VP_REDIS_8},
        {"redis_version:10.0", "jemalloc-5.3.0", VP_REDIS_8},
        {"redis_version:99999999999999999999.1", "jemalloc-5.3.0", VP_REDIS_8},
        {"redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:7.2.8", "jemalloc-5.3.0", VP_REDIS_7_2},
        {"redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1", "jemalloc-5.3.0", VP_REDIS_7_2},
        {"redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.0", "jemalloc-5.3.0", VP_VALKEY_9},
        {"redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:9.1.2", "jemalloc-5.3.0", VP_VALKEY_9},
        {"redis_version:7.2.4\r\nvalkey_version:x", "jemalloc-5.3.0", 0},
        {"redis_version:6.2.14", "jemalloc-5.1.0", 0},
        {"redis_version:7.2.6", "libc", 0},
        {"redis_version:7.2.6\narch_bits:32", "jemalloc-5.3.0", 0},
        {"redis_version:7", "jemalloc-5.3.0", 0},
        {"redis_version:7.", "jemalloc-5.3.0", 0},
        {"redis_version:7.2x", "jemalloc-5.3.0", 0},
        {"redis_version:-7.2", "jemalloc-5.3.0", 0},
        {"redis_version:", "jemalloc-5.3.0", 0},
        {"xredis_version:7.2.6", "jemalloc-5.3.0", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char info[200];
        vp_server server = {.flavour = 0};
        snprintf(info, sizeof info, "# Server\r\n%s\r\nmem_allocator:%s\r\n", rows[i].version,
                 rows[i].allocator);
        assert_int_equal(from_info(info, &server), rows[i].flavour ? VP_OK : VP_ERR_SERVER);
        assert_int_equal(server.flavour, rows[i].flavour);
    }
}

static void test_settings(void **state) {
    (void)state;
    static const struct {
        const char *version, *lines;
        uint32_t shared_integers, cluster;
    } rows[] = {
        {"7.2.6", "maxmemory:0\r\nmaxmemory_policy:allkeys-lru\r\n", 1, 0},
        {"7.2.6", "maxmemory:1\r\nmaxmemory_policy:allkeys-lru\r\n", 0, 0},
        {"7.2.6", "maxmemory:99999999999999999999999\nmaxmemory_policy:volatile-lfu\n", 0, 0},
        {"7.2.6", "maxmemory:1073741824\r\nmaxmemory_policy:volatile-ttl\r\n", 1, 0},
        {"7.2.6", "maxmemory:many\r\nmaxmemory_policy:allkeys-lru\r\n", 1, 0},
        {"7.2.6", "maxmemory:1\r\nmaxmemory:0\r\nmaxmemory_policy:allkeys-lfu\n", 0, 0},
        {"7.0.15", "cluster_enabled:1\n", 1, 1},
        {"7.2.6", "cluster_enabled:1\r\n", 1, 1},
        {"7.4.0", "cluster_enabled:1\r\n", 1, 0},
        {"8.6.3", "cluster_enabled:1\r\n", 1, 0},
        {"7.2.6", "cluster_enabled:1", 1, 0},
        {"7.2.6", "cluster_enabled:\r\n", 1, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char info[200];
        vp_server server;
        snprintf(info, sizeof info, "mem_allocator:jemalloc-5.3.0\r\nredis_version:%s\r\n%s", rows[i].version,
                 rows[i].lines);
        assert_int_equal(from_info(info, &server), VP_OK);
        assert_int_equal(server.shared_integers, rows[i].shared_integers);
        assert_int_equal(server.cluster, rows[i].cluster);
        assert_int_equal(server.hash_max_entries, 512);
        assert_int_equal(server.hash_max_value, 64);
    }
}

/* Without a terminator, cut anywhere: an error until the last line that is needed is whole, and no byte
   beyond is touched. */
static void test_cut_text(void **state) {
    (void)state;
    struct guard guard = guard_new(sizeof debian);
    size_t whole = (size_t)(strstr(debian, "5.3.0\r\n") - debian) + strlen("5.3.0\r\n");
    for (size_t size = 0; size < sizeof debian; size++) {
        vp_server server = {.flavour = 77};
        const char *info = (const char *)guard_put(&guard, debian, size);
        assert_int_equal(vp_server_from_info(info, size, &server), size < whole ? VP_ERR_SERVER : VP_OK);
        assert_int_equal(server.flavour, size < whole ? 77 : VP_REDIS_7_0_DEBIAN);
    }
    guard_free(&guard);
}

/* Bytes changed at random: a flavour that exists, or an error. */
static void test_damaged_text(void **state) {
    (void)state;
    struct guard guard = guard_new(sizeof debian);
    uint64_t random = 5;
    size_t known = 0, unknown = 0;
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t *info = guard_put(&guard, debian, sizeof debian - 1);
        uint64_t changes = random_below(&random, 20);
        for (uint64_t i = 0; i < changes; i++) {
            static const char signs[] = ":.\n\r-0189\0jr";
            info[random_below(&random, sizeof debian - 1)] =
                (uint8_t)signs[random_below(&random, sizeof signs)];
        }
        vp_server server = {.flavour = 77};
        int status = vp_server_from_info((const char *)info, sizeof debian - 1, &server);
        assert_true(status == VP_OK ? vp_server_name(server.flavour) != NULL : server.flavour == 77);
        if (status == VP_OK) known++;
        else unknown++;
    }
    assert_true(known > 1000 && unknown > 1000);
    guard_free(&guard);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),    cmocka_unit_test(test_names_that_are_none),
        cmocka_unit_test(test_versions), cmocka_unit_test(test_settings),
        cmocka_unit_test(test_cut_text), cmocka_unit_test(test_damaged_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
