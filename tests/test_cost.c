/* Strings and listpack entries to the byte, as measured on Redis 7.0.15 (Debian), 7.2.6, 8.6.3 and Valkey
   9.1.2, and by hand from the same formulas. */
#include "test.h"

#include "valpack_cost.h"

#include <stdlib.h>

_Static_assert(sizeof(vp_server) == 5 * sizeof(uint32_t), "vp_server is the same for every size of pointers");
_Static_assert(sizeof(vp_hash_cost) == 4 * sizeof(uint64_t), "so is vp_hash_cost");

enum { SERVERS = 4 };

static const char *const names[SERVERS] = {"redis-7.0-debian", "redis-7.2", "redis-8", "valkey-9"};

static vp_server named(const char *name) {
    vp_server server;
    assert_int_equal(vp_server_named(name, &server), VP_OK);
    return server;
}

static vp_bytes text(const char *characters) {
    return (vp_bytes){characters, strlen(characters)};
}

/* ---- Allocation steps by key and value size ------------------------------------------------------ */

/* Each step: value size from which on this many bytes are allocated, index apart. */
static const struct steps {
    unsigned key_size, integer;
    const char *steps;
} steps[SERVERS][9] = {
    {
        {7, 64, "0:80 13:96 29:112 45:128 61:144 77:160 93:176 109:192 125:224"},
        {10, 64, "0:80 13:96 29:112 45:128 61:144 77:160 93:176 109:192 125:224"},
        {13, 64, "0:80 13:96 29:112 45:128 61:144 77:160 93:176 109:192 125:224"},
        {16, 80, "0:96 13:112 29:128 45:144 61:160 77:176 93:192 109:208 125:240"},
        {20, 80, "0:96 13:112 29:128 45:144 61:160 77:176 93:192 109:208 125:240"},
        {24, 80, "0:96 13:112 29:128 45:144 61:160 77:176 93:192 109:208 125:240"},
        {32, 96, "0:112 13:128 29:144 45:160 61:176 77:192 93:208 109:224 125:256"},
        {40, 96, "0:112 13:128 29:144 45:160 61:176 77:192 93:208 109:224 125:256"},
        {64, 128, "0:144 13:160 29:176 45:192 61:208 77:224 93:240 109:256 125:288"},
    },
    {
        {7, 56, "0:64 5:72 13:80 21:88 29:96 37:104 45:112 53:120 61:136 77:152 93:168 109:184 125:216"},
        {10, 56, "0:64 5:72 13:80 21:88 29:96 37:104 45:112 53:120 61:136 77:152 93:168 109:184 125:216"},
        {13, 56, "0:64 5:72 13:80 21:88 29:96 37:104 45:112 53:120 61:136 77:152 93:168 109:184 125:216"},
        {16, 64, "0:72 5:80 13:88 21:96 29:104 37:112 45:120 53:128 61:144 77:160 93:176 109:192 125:224"},
        {20, 64, "0:72 5:80 13:88 21:96 29:104 37:112 45:120 53:128 61:144 77:160 93:176 109:192 125:224"},
        {24, 72, "0:80 5:88 13:96 21:104 29:112 37:120 45:128 53:136 61:152 77:168 93:184 109:200 125:232"},
        {32, 80, "0:88 5:96 13:104 21:112 29:120 37:128 45:136 53:144 61:160 77:176 93:192 109:208 125:240"},
        {40, 88, "0:96 5:104 13:112 21:120 29:128 37:136 45:144 53:152 61:168 77:184 93:200 109:216 125:248"},
        {64, 120,
         "0:128 5:136 13:144 21:152 29:160 37:168 45:176 53:184 61:200 77:216 93:232 109:248 "
         "125:280"},
    },
    {
        {7, 32, "0:32 3:40 11:48 19:56 27:64 35:72 37:80 45:88 53:96 61:112 77:128 93:144 109:160 125:192"},
        {10, 32, "0:40 8:48 16:56 24:64 32:72 37:80 45:88 53:96 61:112 77:128 93:144 109:160 125:192"},
        {13, 32, "0:40 5:48 13:56 21:64 31:72 37:80 45:88 53:96 61:112 77:128 93:144 109:160 125:192"},
        {16, 40, "0:40 2:48 10:56 18:64 26:72 31:80 37:88 45:96 53:104 61:120 77:136 93:152 109:168 125:200"},
        {20, 40, "0:48 6:56 14:64 23:72 31:80 37:88 45:96 53:104 61:120 77:136 93:152 109:168 125:200"},
        {24, 48,
         "0:48 2:56 10:64 18:72 23:80 31:88 37:96 45:104 53:112 61:128 77:144 93:160 109:176 "
         "125:208"},
        {32, 56,
         "0:64 8:80 10:72 15:80 23:88 31:96 37:104 45:112 53:120 61:136 77:152 93:168 109:184 "
         "125:216"},
        {40, 64,
         "0:80 2:72 7:80 15:88 23:96 31:104 37:112 45:120 53:128 61:144 77:160 93:176 109:192 "
         "125:224"},
        {64, 96,
         "0:104 7:112 15:120 23:128 31:136 37:144 45:152 53:160 61:176 77:192 93:208 109:224 "
         "125:256"},
    },
    {
        {7, 32, "0:32 11:40 19:48 27:56 35:64 43:80 59:96 75:112 91:128 107:144 109:160 125:192"},
        {10, 32, "0:32 8:40 16:48 24:56 32:64 40:80 56:96 72:112 88:128 104:144 109:160 125:192"},
        {13, 32, "0:32 5:40 13:48 21:56 29:64 37:80 53:96 69:112 85:128 101:144 109:160 125:192"},
        {16, 40, "0:40 10:48 18:56 26:64 34:80 50:96 66:112 82:128 98:152 109:168 125:200"},
        {20, 40, "0:40 6:48 14:56 22:64 30:80 46:96 62:112 78:128 94:152 109:168 125:200"},
        {24, 48, "0:48 10:56 18:64 26:80 42:96 58:112 74:128 90:144 93:160 109:176 125:208"},
        {32, 56, "0:56 8:64 16:80 32:96 48:112 64:128 80:152 93:168 109:184 125:216"},
        {40, 64, "0:64 8:80 24:96 40:112 56:128 72:144 77:160 93:176 109:192 125:224"},
        {64, 96, "0:96 16:112 32:128 48:152 53:160 61:176 77:192 93:208 109:224 125:256"},
    },
};

/* The size and the bytes of a step; moves on to the one behind it. */
static bool next_step(const char **at, uint64_t *size, uint64_t *bytes) {
    char *end;
    if (!**at) return false;
    *size = strtoull(*at, &end, 10);
    assert_int_equal(*end, ':');
    *bytes = strtoull(end + 1, &end, 10);
    *at = end + (*end == ' ');
    return true;
}

static void check_steps(const vp_server *server, const struct steps *row) {
    uint64_t size, bytes, before = 0;
    for (const char *at = row->steps; next_step(&at, &size, &bytes); before = bytes) {
        assert_int_equal(vp_cost_string(server, row->key_size, 0, NULL, size), bytes);
        if (size) assert_int_equal(vp_cost_string(server, row->key_size, 0, NULL, size - 1), before);
    }
    assert_int_equal(vp_cost_string(server, row->key_size, 0, "10000", 5), row->integer);
    assert_int_equal(vp_cost_string(server, row->key_size, 0, "-9223372036854775808", 20), row->integer);
}

static void test_steps(void **state) {
    (void)state;
    for (unsigned s = 0; s < SERVERS; s++) {
        vp_server server = named(names[s]);
        for (unsigned row = 0; row < 9; row++) check_steps(&server, &steps[s][row]);
    }
}

/* ---- Values that look like numbers, key of 10 bytes ---------------------------------------------- */

static void test_numbers(void **state) {
    (void)state;
    static const struct {
        const char *value;
        unsigned bytes[SERVERS];
    } rows[] = {
        {"3301000051", {64, 56, 32, 32}},
        {"\xff"
         "1234",
         {80, 72, 40, 32}},
        {"\x80"
         "123",
         {80, 64, 40, 32}},
        {"1", {48, 40, 32, 32}},
        {"9999", {48, 40, 32, 32}},
        {"10000", {64, 56, 32, 32}},
        {"-9223372036854775808", {64, 56, 32, 32}},
        {"9223372036854775808", {96, 80, 56, 48}},
        {"007", {80, 64, 40, 32}},
        {"+5", {80, 64, 40, 32}},
        {"3.14", {80, 64, 40, 32}},
        {"1e5", {80, 64, 40, 32}},
        {" 12", {80, 64, 40, 32}},
        {"-0", {80, 64, 40, 32}},
        {"0", {48, 40, 32, 32}},
        {"-1", {64, 56, 32, 32}},
    };
    for (unsigned s = 0; s < SERVERS; s++) {
        vp_server server = named(names[s]);
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            size_t size = strlen(rows[i].value);
            assert_int_equal(vp_cost_string(&server, 10, 0, rows[i].value, size), rows[i].bytes[s]);
        }
        server.shared_integers = 0; /* maxmemory with allkeys-lru */
        const unsigned alone[SERVERS] = {64, 56, 32, 32};
        assert_int_equal(vp_cost_string(&server, 10, 0, "77", 2), alone[s]);
    }
}

/* ---- By hand ------------------------------------------------------------------------------------- */

static void test_allocations(void **state) {
    (void)state;
    static const struct {
        uint64_t size, quantum_16, quantum_8;
    } rows[] = {
        {0, 0, 0},
        {1, 8, 8},
        {8, 8, 8},
        {9, 16, 16},
        {17, 32, 24},
        {24, 32, 24},
        {33, 48, 40},
        {49, 64, 56},
        {64, 64, 64},
        {65, 80, 80},
        {113, 128, 128},
        {129, 160, 160},
        {257, 320, 320},
        {1024, 1024, 1024},
        {1025, 1280, 1280},
        {14337, 16384, 16384},
        {16385, 20480, 20480},
        {(uint64_t)5 << 30, (uint64_t)5 << 30, (uint64_t)5 << 30},
        {((uint64_t)5 << 30) + 1, (uint64_t)6 << 30, (uint64_t)6 << 30},
    };
    vp_server debian = named("redis-7.0-debian");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(vp_cost_allocation(&debian, rows[i].size), rows[i].quantum_16);
        for (unsigned s = 1; s < SERVERS; s++) {
            vp_server server = named(names[s]);
            assert_int_equal(vp_cost_allocation(&server, rows[i].size), rows[i].quantum_8);
        }
    }
}

/* Redis 7: one more dictEntry of 24. Later: eight more bytes in the object of the key, after which a value
   may no longer fit in (key of 40, value of 64 in Valkey: 8 + 9 + 44 + 68 = 129 > 128). */
static void test_expiring_keys(void **state) {
    (void)state;
    static const struct {
        uint64_t key_size, value_size;
        unsigned bytes[SERVERS];
    } rows[] = {
        {10, 10, {112, 96, 56, 48}},
        {10, 45, {160, 136, 96, 80}},
        {40, 64, {208, 192, 160, 160}},
    };
    for (unsigned s = 0; s < SERVERS; s++) {
        vp_server server = named(names[s]);
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
            assert_int_equal(vp_cost_string(&server, rows[i].key_size, 1, NULL, rows[i].value_size),
                             rows[i].bytes[s]);
    }
}

/* From 128 bytes on the object of a key has room for a TTL, set or not. */
static void test_long_keys(void **state) {
    (void)state;
    for (unsigned s = 2; s < SERVERS; s++) {
        vp_server server = named(names[s]);
        assert_int_equal(vp_cost_string(&server, 127, 0, "5", 1), 160); /* 16 + 1 + 131 = 148 */
        assert_int_equal(vp_cost_string(&server, 139, 0, "5", 1), 192); /* 16 + 8 + 1 + 143 = 168 */
        assert_int_equal(vp_cost_string(&server, 139, 1, "5", 1), 192);
    }
    vp_server server = named("redis-7.2");
    assert_int_equal(vp_cost_string(&server, 255, 0, "5", 1), 24 + 320); /* 255 + 4 */
    assert_int_equal(vp_cost_string(&server, 316, 0, "5", 1), 24 + 384); /* 316 + 6 */
}

/* The header of a string grows with it: 3 bytes, 5, 9, 17. */
static void test_long_values(void **state) {
    (void)state;
    vp_server server = named("redis-7.2");
    const uint64_t key = 24 + 16 + 16, gigabyte = (uint64_t)1 << 30;
    assert_int_equal(vp_cost_string(&server, 10, 0, NULL, 252), key + 256);
    assert_int_equal(vp_cost_string(&server, 10, 0, NULL, 253), key + 320);
    assert_int_equal(vp_cost_string(&server, 10, 0, NULL, 314), key + 320);
    assert_int_equal(vp_cost_string(&server, 10, 0, NULL, 315), key + 384);
    assert_int_equal(vp_cost_string(&server, 10, 0, NULL, 65536), key + 81920);
    assert_int_equal(vp_cost_string(&server, 10, 0, NULL, 81910), key + 81920);
    assert_int_equal(vp_cost_string(&server, 10, 0, NULL, 81911), key + 98304);
    assert_int_equal(vp_cost_string(&server, 10, 0, NULL, 4 * gigabyte - 1), key + 5 * gigabyte);
    assert_int_equal(vp_cost_string(&server, 10, 0, NULL, 5 * gigabyte - 18), key + 5 * gigabyte);
    assert_int_equal(vp_cost_string(&server, 10, 0, NULL, 5 * gigabyte - 17), key + 6 * gigabyte);
}

/* In 7.0 and 7.2 the dictEntry holds two more pointers: 40 bytes. */
static void test_cluster_mode(void **state) {
    (void)state;
    static const unsigned alone[SERVERS] = {80, 64, 40, 32}, member[SERVERS] = {96, 80, 40, 32};
    for (unsigned s = 0; s < SERVERS; s++) {
        vp_server server = named(names[s]);
        assert_int_equal(vp_cost_string(&server, 10, 0, "x1", 2), alone[s]);
        server.cluster = 1;
        assert_int_equal(vp_cost_string(&server, 10, 0, "x1", 2), member[s]);
    }
}

/* ---- Entries of listpacks ------------------------------------------------------------------------ */

static void test_listpack_numbers_and_short_text(void **state) {
    (void)state;
    static const struct {
        const char *value;
        unsigned bytes;
    } rows[] = {
        {"0", 2},
        {"127", 2},
        {"128", 3},
        {"-1", 3},
        {"4095", 3},
        {"4096", 4},
        {"-4096", 3},
        {"-4097", 4},
        {"32767", 4},
        {"32768", 5},
        {"-32768", 4},
        {"-32769", 5},
        {"8388607", 5},
        {"8388608", 6},
        {"-8388608", 5},
        {"-8388609", 6},
        {"2147483647", 6},
        {"2147483648", 10},
        {"-2147483648", 6},
        {"-2147483649", 10},
        {"3301000051", 10},
        {"9999999999", 10},
        {"9223372036854775807", 10},
        {"-9223372036854775808", 10},
        {"9223372036854775808", 21},
        {"-9223372036854775809", 22},
        {"007", 5},
        {"+5", 4},
        {"-0", 4},
        {"-", 3},
        {"1.5", 5},
        {"", 2},
        {"a", 3},
        {"ab", 4},
        {"abcd", 6},
        {"abcde", 7},
        {"12345", 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(vp_cost_listpack_entry(rows[i].value, strlen(rows[i].value)), rows[i].bytes);
    assert_int_equal(vp_cost_listpack_entry("\0\xC4\xC1"
                                            "Cs",
                                            5),
                     7);
}

static void test_listpack_text(void **state) {
    (void)state;
    static const struct {
        uint64_t size, bytes;
    } rows[] = {
        {63, 65},           {64, 67},
        {124, 127},         {125, 128},
        {126, 130},         {127, 131},
        {128, 132},         {4095, 4099},
        {4096, 4103},       {16377, 16384},
        {16378, 16386},     {2097145, 2097153},
        {2097146, 2097155}, {(uint64_t)1 << 32, ((uint64_t)1 << 32) + 10},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(vp_cost_listpack_entry(NULL, rows[i].size), rows[i].bytes);
    assert_int_equal(vp_cost_listpack_entry(NULL, 5), 7); /* not "12345" */
}

/* ---- Arguments ----------------------------------------------------------------------------------- */

static void test_unknown_servers_cost_nothing(void **state) {
    (void)state;
    const uint32_t flavours[] = {0, 5, UINT32_MAX};
    for (size_t i = 0; i < 4; i++) {
        vp_server unknown = {
            .flavour = i < 3 ? flavours[i] : 0, .hash_max_entries = 512, .hash_max_value = 64};
        const vp_server *server = i < 3 ? &unknown : NULL;
        vp_hash_cost hash = {0}, none = {0};
        vp_hash_cost_add(server, &hash, text("f"), text("v"));
        assert_memory_equal(&hash, &none, sizeof hash);
        hash.fields = 1;
        assert_int_equal(vp_hash_cost_total(server, &hash, 10, 0), 0);
        assert_int_equal(vp_hash_cost_is_listpack(server, &hash), 0);
        assert_int_equal(vp_cost_string(server, 10, 0, "value", 5), 0);
        assert_int_equal(vp_cost_index(server, 10, 10), 0);
        assert_int_equal(vp_cost_allocation(server, 10), 0);
    }
}

/* Nothing overflows: more costs more, or as much where sizes are cut to 2^56. */
static void test_huge_sizes(void **state) {
    (void)state;
    const uint64_t most = UINT64_MAX, much = (uint64_t)1 << 55;
    for (unsigned s = 0; s < SERVERS; s++) {
        vp_server server = named(names[s]);
        assert_int_equal(vp_cost_allocation(&server, most), (uint64_t)1 << 56);
        assert_true(vp_cost_string(&server, most, 1, NULL, most) >= (uint64_t)1 << 57);
        assert_true(vp_cost_string(&server, much, 1, NULL, much) < (uint64_t)1 << 57);
        assert_true(vp_cost_index(&server, most, 0) > (uint64_t)1 << 58);
        assert_int_equal(vp_cost_index(&server, most, most), 2 * vp_cost_index(&server, most, 0));
        vp_hash_cost hash = {most, most, most, most};
        vp_hash_cost_add(&server, &hash, text("f"), text("v"));
        assert_true(hash.fields > much && hash.listpack_bytes > much && hash.table_bytes > much);
        assert_true(vp_hash_cost_total(&server, &hash, most, 1) > (uint64_t)1 << 57);
        assert_int_equal(vp_hash_cost_is_listpack(&server, &hash), 0);
    }
    assert_true(vp_cost_listpack_entry(NULL, most) > (uint64_t)1 << 56);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),         cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_allocations),   cmocka_unit_test(test_expiring_keys),
        cmocka_unit_test(test_long_keys),     cmocka_unit_test(test_long_values),
        cmocka_unit_test(test_cluster_mode),  cmocka_unit_test(test_listpack_numbers_and_short_text),
        cmocka_unit_test(test_listpack_text), cmocka_unit_test(test_unknown_servers_cost_nothing),
        cmocka_unit_test(test_huge_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
