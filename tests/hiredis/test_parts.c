/* Records of large tables, of which only parts are fetched, while somebody replaces the table. */
#include <stdio.h>
#include <stdlib.h>

#include "fixtures.h"

static struct single my;

static int open_all(void **state) {
    *state = &my;
    return single_open(state);
}

/* Replaces the value of the key "table" just before the client sends for the n-th time. */
struct meddler {
    int exchanges, at; /* at = 0: never, below 0: each time */
    struct bytes values[2];
};
static struct meddler meddler;

static void store(struct bytes value) {
    redisReply *reply = redisCommand(my.plain, "SET table %b", value.at, value.size);
    assert_true(reply && reply->type == REDIS_REPLY_STATUS);
    freeReplyObject(reply);
}

static redisContext *meddle(void *opaque, uint32_t slot) {
    struct meddler *m = opaque;
    (void)slot;
    m->exchanges++;
    if (m->at < 0) store(m->values[m->exchanges % 2]);
    else if (m->at > 0 && m->exchanges >= m->at) store(m->values[0]), m->at = 0;
    return my.connection;
}

static vph_client *open_client(uint64_t part_from) {
    vph_client *client;
    vph_cluster callbacks = {.connection = meddle, .opaque = &meddler};
    vph_settings settings = {.context = my.kit.coder.context, .cluster = &callbacks};
    assert_int_equal(vph_client_new(&settings, &client), VP_OK);
    assert_int_equal(vph_client_set(client, VPH_OPTION_PART_FROM, part_from), VP_OK);
    return client;
}

static int begin(void **state) {
    meddler = (struct meddler){.at = 0};
    return single_empty(state);
}

static size_t make_field(bool numbers, uint64_t i, char field[32]) {
    return (size_t)snprintf(field, 32, numbers ? "%llu" : "field %llu", (unsigned long long)(i * 3));
}

/* The i-th value: a session, which compresses to some 50 bytes; another one in each edition. */
static size_t make_record(uint64_t i, uint64_t edition, uint8_t value[VALUE_ROOM]) {
    uint64_t random = 1000003 * i + edition;
    return make_value(VALUE_SESSION, &random, value);
}

static struct bytes make_table(bool numbers, uint64_t count, uint64_t edition) {
    vp_table_builder *builder = vp_table_builder_new(my.kit.coder.context);
    uint8_t value[VALUE_ROOM];
    char field[32];
    const void *data;
    for (uint64_t i = 0; i < count; i++) {
        vp_bytes name = {field, make_field(numbers, i, field)};
        assert_int_equal(vp_table_put(builder, name, (vp_bytes){value, make_record(i, edition, value)}),
                         VP_OK);
    }
    int64_t size = vp_table_finish(builder, &data);
    assert_true(size > 0);
    struct bytes table = {test_malloc((size_t)size), (size_t)size};
    memcpy(table.at, data, table.size);
    vp_table_builder_free(builder);
    return table;
}

static int get_record(vph_client *client, bool numbers, uint64_t i, vp_bytes *got) {
    char field[32];
    return vph_table_get(client, vph_text("table"), (vp_bytes){field, make_field(numbers, i, field)}, got);
}

static void assert_record(vp_bytes got, uint64_t i, uint64_t edition) {
    uint8_t value[VALUE_ROOM];
    size_t size = make_record(i, edition, value);
    assert_int_equal(got.size, size);
    assert_memory_equal(got.data, value, size);
}

static void every_record_is_found(void **state) {
    (void)state;
    enum { COUNT = 1500 };
    vp_bytes got;
    for (int numbers = 0; numbers < 2; numbers++) {
        struct bytes table = make_table(numbers, COUNT, 0);
        store(table);
        assert_true(table.size > 20000);
        static const uint64_t sizes[] = {16, 100, 16384, 1 << 30};
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            vph_client *client = open_client(sizes[s]);
            for (uint64_t i = 0; i < COUNT; i += 7) {
                assert_int_equal(get_record(client, numbers, i, &got), VP_OK);
                assert_record(got, i, 0);
                assert_int_equal(vph_table_get(client, vph_text("table"), vph_text("1"), &got), VPH_MISSING);
                assert_null(got.data);
            }
            assert_int_equal(get_record(client, numbers, COUNT, &got), VPH_MISSING);
            assert_int_equal(vph_table_get(client, vph_text("none"), vph_text("1"), &got), VPH_MISSING);
            vph_client_free(client);
        }
        test_free(table.at);
    }
}

static int64_t bytes_sent(void) {
    redisReply *info = ask(my.plain, "INFO stats");
    const char *line = strstr(info->str, "total_net_output_bytes:");
    assert_non_null(line);
    int64_t bytes = atoll(line + strlen("total_net_output_bytes:"));
    freeReplyObject(info);
    return bytes;
}

static void a_part_travels_and_not_the_table(void **state) {
    (void)state;
    enum { COUNT = 5000, READS = 20 };
    struct bytes table = make_table(true, COUNT, 0);
    vph_client *client = open_client(1024);
    vp_bytes got;
    store(table);
    int64_t before = bytes_sent(), overhead = bytes_sent() - before; /* of asking */
    before = bytes_sent();
    for (uint64_t i = 0; i < READS; i++) {
        assert_int_equal(get_record(client, true, i * (COUNT / READS), &got), VP_OK);
        assert_record(got, i * (COUNT / READS), 0);
    }
    int64_t sent = (bytes_sent() - before - overhead) / READS;
    assert_in_range(sent, 1024, table.size / 8);
    vph_client_free(client);
    test_free(table.at);
}

/* The table is another one each time when the client comes for the next part. */
static void a_replaced_table_is_noticed(void **state) {
    (void)state;
    enum { COUNT = 3000, SOUGHT = 2000 };
    struct bytes first = make_table(true, COUNT, 0);
    struct bytes others[] = {make_table(true, COUNT, 1), make_table(true, COUNT + 900, 2),
                             make_table(true, SOUGHT + 1, 3), make_table(false, COUNT, 4),
                             make_table(true, 4, 5)};
    vp_bytes got;
    vph_client *client = open_client(100);
    for (uint64_t i = 0; i < 5; i++) {
        for (int at = 1; at <= 4; at++) {
            store(first);
            meddler = (struct meddler){.at = at, .values = {others[i]}};
            int status = get_record(client, true, SOUGHT, &got);
            bool replaced = meddler.at == 0; /* the client did come as often */
            if (at == 2) assert_true(replaced);
            if (replaced && i >= 3) assert_int_equal(status, VPH_MISSING);
            else assert_int_equal(status, VP_OK);
            if (status == VP_OK) assert_record(got, SOUGHT, replaced ? i + 1 : 0);
        }
    }
    vph_client_free(client);
    for (size_t i = 0; i < 5; i++) test_free(others[i].at);
    test_free(first.at);
}

static void a_table_that_never_rests(void **state) {
    (void)state;
    struct bytes a = make_table(true, 3000, 0), b = make_table(true, 2500, 1);
    vp_bytes got;
    vph_client *client = open_client(100);
    assert_int_equal(vph_client_set(client, VPH_OPTION_ATTEMPTS, 5), VP_OK);
    store(a);
    meddler = (struct meddler){.at = -1, .values = {a, b}};
    assert_int_equal(get_record(client, true, 2000, &got), VPH_ERR_CONFLICT);
    assert_says(client, "GETRANGE table 6000: ");
    assert_in_range(meddler.exchanges, 5, 40);
    vph_client_free(client);
    test_free(a.at);
    test_free(b.at);
}

static void damage_is_told(void **state) {
    (void)state;
    struct bytes table = make_table(true, 3000, 0), cut = table;
    vp_bytes got;
    vph_client *client = open_client(100);
    for (cut.size = table.size - 1; cut.size > 100; cut.size -= cut.size / 20) {
        store(cut);
        meddler.exchanges = 0;
        assert_int_equal(get_record(client, true, 2999, &got), VP_ERR_CORRUPT);
        assert_says(client, "GETRANGE table 8997: ");
        assert_in_range(meddler.exchanges, 1, 12);
    }
    /* A damaged byte is corrupt or not even looked at. */
    for (size_t at = 0; at < table.size; at += 1 + at / 50) {
        table.at[at] ^= 0x10;
        store(table);
        int status = get_record(client, true, 1500, &got);
        if (status == VP_OK) assert_record(got, 1500, 0);
        else assert_true(status == VP_ERR_CORRUPT || status == VP_ERR_UNSUPPORTED);
        table.at[at] ^= 0x10;
    }
    /* The table is gone, or something else, when the client comes for the block. */
    store(table);
    static uint8_t text[] = "something else that is longer than the head of a table might be";
    meddler = (struct meddler){.at = 2, .values = {{text, sizeof text}}};
    assert_int_equal(get_record(client, true, 1500, &got), VP_ERR_CORRUPT);
    store(table);
    meddler = (struct meddler){.at = 2, .values = {{text, 0}}};
    assert_int_equal(get_record(client, true, 1500, &got), VPH_MISSING);
    vph_client_free(client);
    test_free(table.at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_record_is_found, begin),
        cmocka_unit_test_setup(a_part_travels_and_not_the_table, begin),
        cmocka_unit_test_setup(a_replaced_table_is_noticed, begin),
        cmocka_unit_test_setup(a_table_that_never_rests, begin),
        cmocka_unit_test_setup(damage_is_told, begin),
    };
    return cmocka_run_group_tests(tests, open_all, single_close);
}
