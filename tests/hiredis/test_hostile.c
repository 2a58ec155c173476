/* A server that answers anything at all in the protocol, or bytes that are none: each call ends with a status. */
#include <stdio.h>
#include <stdlib.h>

#include "servers.h"

enum { ROUNDS = 600, ROOM = 4096 };

static struct kit kit;

static int open_all(void **state) {
    (void)state;
    kit_open(&kit);
    return 0;
}

static int close_all(void **state) {
    (void)state;
    kit_close(&kit);
    return 0;
}

/* ---- Replies -------------------------------------------------------------------------------- */

static size_t put_text(char *out, const char *format, int64_t number) {
    return (size_t)snprintf(out, 32, format, (long long)number);
}

static size_t put_string(uint64_t *random, char *out) {
    uint8_t value[VALUE_ROOM + 1], plain[VALUE_ROOM];
    size_t size = make_value((enum value_kind)random_below(random, VALUE_KINDS), random, plain);
    size = size > 150 ? 150 : size;
    int64_t encoded = vp_encode(kit.coder.context, plain, size, value, sizeof value);
    assert_true(encoded >= 0);
    if (encoded > 0 && random_below(random, 3) == 0) value[random_below(random, (uint64_t)encoded)] ^= 0x41;
    size_t at = put_text(out, "$%lld\r\n", encoded);
    memcpy(out + at, value, (size_t)encoded);
    memcpy(out + at + encoded, "\r\n", 2);
    return at + (size_t)encoded + 2;
}

/* Anything that RESP 2 knows, in less than 512 bytes a piece. */
static size_t put_reply(uint64_t *random, int depth, char *out) {
    static const char *const lines[] = {"+OK\r\n",
                                        "+QUEUED\r\n",
                                        "-ERR no\r\n",
                                        "-MOVED 1 h:1\r\n",
                                        "-ASK 2 :2\r\n",
                                        "-NOSCRIPT none\r\n",
                                        "-MOVED\r\n",
                                        "-\r\n",
                                        "$-1\r\n",
                                        "*-1\r\n",
                                        "$0\r\n\r\n",
                                        "+\r\n",
                                        "-TRYAGAIN wait\r\n",
                                        "-CLUSTERDOWN dead\r\n"};
    uint64_t kind = random_below(random, depth > 1 ? 4 : 6);
    if (kind < 2) {
        const char *line = lines[random_below(random, sizeof lines / sizeof *lines)];
        memcpy(out, line, strlen(line));
        return strlen(line);
    }
    if (kind == 2) return put_text(out, ":%lld\r\n", (int64_t)random_below(random, 5) - 1);
    if (kind == 3) return put_string(random, out);
    uint64_t count = random_below(random, 5);
    size_t at = put_text(out, "*%lld\r\n", (int64_t)count);
    for (uint64_t i = 0; i < count && depth < 2; i++)
        at += put_reply(random, depth + 1 + (count > 2), out + at);
    return at;
}

/* ---- Calls ---------------------------------------------------------------------------------- */

static int keep(void *opaque, const vp_bytes *old, vp_bytes *fresh) {
    (void)opaque;
    *fresh = old ? *old : vph_text("new");
    return VP_OK;
}

static int call(vph_client *client, uint64_t which) {
    static const vp_bucketing by_digits = {.kind = VP_BUCKET_DIGITS, .count = 1};
    vp_bytes got, names[3] = {{"a1", 2}, {"a2", 2}, {"b1", 2}};
    const vph_value *values;
    size_t count;
    vph_change change = {.field = names[0], .value = names[1]};
    assert_int_equal(vph_client_set(client, VPH_OPTION_UPDATE_BY, which / 16 % 2), VP_OK);
    switch (which % 12) {
    case 0: return vph_get(client, names[0], &got);
    case 1: return vph_set(client, names[0], names[1], 5);
    case 2: return vph_del(client, names[0]);
    case 3: return vph_mget(client, names, 3, &values);
    case 4: return vph_mset(client, names, names, 3);
    case 5: return vph_hset(client, names[0], names, names, 3);
    case 6: return vph_hget(client, names[0], names[1], &got);
    case 7: return vph_hgetall(client, names[0], &values, &count);
    case 8: return vph_bucket_mget(client, &by_digits, names, 3, &values);
    case 9: return vph_table_get(client, names[0], names[1], &got);
    case 10: return vph_table_update(client, names[0], &change, 1);
    default: return vph_update(client, names[0], keep, NULL);
    }
}

static void assert_status(const vph_client *client, int status) {
    bool known = status == VP_OK || status == VPH_MISSING || (status < 0 && status >= VP_ERR_SERVER) ||
                 (status <= VPH_ERR_SERVER && status >= VPH_ERR_UNREAD);
    assert_true(known);
    if (status < 0) assert_true(strlen(vph_error(client)) > 5);
}

static void any_answer_gives_a_status(void **state) {
    (void)state;
    uint64_t random = 2024;
    int good = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        char answer[ROOM + 1];
        size_t size = 0;
        struct pretender p;
        while (size < ROOM / 8) size += put_reply(&random, 0, answer + size);
        if (round % 4 == 0) size = random_below(&random, size); /* cut */
        if (round % 4 == 1) answer[random_below(&random, size)] ^= (char)(1 + random_below(&random, 255));
        answer[size] = 0;
        pretender_start(&p, 10, "");
        p.reply = (struct bytes){(uint8_t *)answer, size};
        redisContext *connection = redisConnect("127.0.0.1", p.port);
        assert_false(connection->err);
        vph_client *client = client_over(kit.coder.context, connection);
        for (int i = 0; i < 6; i++) {
            int status = call(client, random_next(&random));
            assert_status(client, status);
            good += status == VP_OK;
        }
        vph_client_free(client);
        redisFree(connection);
        pretender_stop(&p);
    }
    assert_in_range(good, 20, 3 * ROUNDS);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_answer_gives_a_status)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
