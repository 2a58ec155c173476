/* Packed tables that were cut, lengthened or changed in any one bit: an error or the right value, never another
   one and never "not found", and nothing is read outside; by whole tables and by parts. */
#include "table_test.h"

#include <stdio.h>

enum { FIELD = 32, VALUE = 64, MOST = 300 };

struct sample {
    char field[FIELD], value[VALUE];
};

static struct table_test t;
static struct sample samples[MOST];
static size_t sample_count;
static struct guard guard;

static int begin(void **state) {
    (void)state;
    t = table_test_new();
    guard = guard_new(1 << 16);
    return 0;
}

static int end(void **state) {
    (void)state;
    guard_free(&guard);
    table_test_free(&t);
    return 0;
}

/* ---- Tables to damage ----------------------------------------------------------------------- */

enum { LINE_GAPS, GAPS_DELTAS, LINE_FRAME, WORDS_CHOICE, WORDS_BYTES, GAPS_ENCODED, SHORT, TABLES };

static void make_sample(unsigned kind, unsigned i, uint64_t *random, struct sample *s) {
    unsigned n = (unsigned)random_below(random, 1000000);
    bool line = kind == LINE_GAPS || kind == LINE_FRAME || kind == SHORT;
    bool words = kind == WORDS_CHOICE || kind == WORDS_BYTES;
    if (words) snprintf(s->field, FIELD, "%c%c%03u", 'a' + (int)(i / 50), 'c' + (int)(n % 3), i);
    else snprintf(s->field, FIELD, "%u", line ? 100 + i : i * 300 + n % 300);
    switch (kind) {
    case LINE_GAPS:
    case SHORT: snprintf(s->value, VALUE, "%u", 3301000051u + i * 300 + n % 300); break;
    case GAPS_DELTAS: snprintf(s->value, VALUE, "%d", (int)(n % 100) * (n % 7 ? 1 : -9)); break;
    case LINE_FRAME: snprintf(s->value, VALUE, "%u", 1000000000u + n * 3000); break;
    case WORDS_CHOICE: snprintf(s->value, VALUE, "%s", n % 3 ? "yes" : "perhaps"); break;
    case WORDS_BYTES: snprintf(s->value, VALUE, "%.*s", (int)(n % 6), &"abcdefghij"[n % 4]); break;
    default:
        snprintf(s->value, VALUE, "%08x-%04x-4%03x-8%03x-%012x", n * 4001u, n % 65536, n % 4096, i, n * 77u);
    }
}

static struct bytes make_table(unsigned kind) {
    uint64_t random = kind + 1;
    vp_table_clear(t.builder);
    sample_count = kind == SHORT ? 5 : 200;
    for (unsigned i = 0; i < sample_count; i++) {
        make_sample(kind, i, &random, &samples[i]);
        table_put(&t, samples[i].field, samples[i].value);
    }
    vp_bytes table = table_finish(&t);
    struct bytes copy = {.at = test_malloc(table.size), .size = table.size};
    memcpy(copy.at, table.data, table.size);
    return copy;
}

/* ---- Looking things up ---------------------------------------------------------------------- */

static bool is_right(int64_t size, const void *value, const struct sample *s) {
    return size == (int64_t)strlen(s->value) && (size == 0 || memcmp(value, s->value, (size_t)size) == 0);
}

static void assert_right_or_refused(int64_t size, const void *value, const struct sample *s) {
    if (size >= 0) assert_true(is_right(size, value, s));
    else assert_true(size == VP_ERR_CORRUPT || size == VP_ERR_UNSUPPORTED);
}

/* By parts, each in memory of its own size. `size` of them are there at all. */
static int64_t get_by_parts(const uint8_t *bytes, size_t size, const struct sample *s, const void **value) {
    vp_table_range need;
    vp_bytes head = {.data = bytes, .size = 0}, field = text_of(s->field);
    *value = NULL;
    for (;;) {
        int status = vp_table_part(head, field, &need);
        if (status < 0) return status;
        if (status == 0) break;
        assert_int_equal(need.offset, 0);
        size_t there = need.size < size ? (size_t)need.size : size;
        if (there <= head.size) return VP_ERR_CORRUPT; /* nothing more comes */
        head = (vp_bytes){.data = guard_put(&guard, bytes, there), .size = there};
    }
    if (need.offset + need.size > size) return VP_ERR_CORRUPT;
    uint8_t *block = test_malloc((size_t)need.size + 1);
    memcpy(block, bytes + need.offset, (size_t)need.size);
    vp_bytes part = {.data = block, .size = (size_t)need.size};
    int64_t found = vp_table_get_part(t.coder.context, head, part, field, value);
    test_free(block);
    return found;
}

static void look_up(const uint8_t *bytes, size_t size, size_t step) {
    for (size_t i = 0; i < sample_count; i += step) {
        const void *value;
        vp_bytes table = {.data = bytes, .size = size};
        int64_t found = vp_table_get(t.coder.context, table, text_of(samples[i].field), &value);
        assert_right_or_refused(found, value, &samples[i]);
    }
}

static void look_up_by_parts(const uint8_t *bytes, size_t size, size_t step) {
    for (size_t i = 0; i < sample_count; i += step) {
        const void *value;
        int64_t found = get_by_parts(bytes, size, &samples[i], &value);
        assert_right_or_refused(found, value, &samples[i]);
    }
}

static int load(const uint8_t *bytes, size_t size) {
    vp_table_clear(t.builder);
    int status = vp_table_load(t.builder, (vp_bytes){.data = bytes, .size = size});
    if (status == VP_OK) return VP_OK;
    const void *nothing;
    assert_int_equal(vp_table_finish(t.builder, &nothing), 9); /* nothing was added */
    return status;
}

/* ---- Tests ---------------------------------------------------------------------------------- */

static void whole_tables(void **state) {
    (void)state;
    for (unsigned kind = 0; kind < TABLES; kind++) {
        struct bytes table = make_table(kind);
        uint8_t *at = guard_put(&guard, table.at, table.size);
        for (size_t i = 0; i < sample_count; i++) {
            const void *value;
            vp_bytes all = {.data = at, .size = table.size};
            int64_t found = vp_table_get(t.coder.context, all, text_of(samples[i].field), &value);
            assert_true(is_right(found, value, &samples[i]));
            found = get_by_parts(table.at, table.size, &samples[i], &value);
            assert_true(is_right(found, value, &samples[i]));
            guard_put(&guard, table.at, table.size);
        }
        assert_int_equal(load(at, table.size), VP_OK);
        test_free(table.at);
    }
}

static void cut_tables(void **state) {
    (void)state;
    for (unsigned kind = 0; kind < TABLES; kind++) {
        struct bytes table = make_table(kind);
        for (size_t size = 0; size < table.size; size++) {
            uint8_t *at = guard_put(&guard, table.at, size);
            for (size_t i = 0; i < sample_count; i += 67) {
                const void *value;
                vp_bytes cut = {.data = at, .size = size};
                int64_t found = vp_table_get(t.coder.context, cut, text_of(samples[i].field), &value);
                assert_int_equal(found, VP_ERR_CORRUPT);
            }
            assert_int_equal(vp_table_count((vp_bytes){.data = at, .size = size}), VP_ERR_CORRUPT);
            assert_int_equal(load(at, size), VP_ERR_CORRUPT);
            look_up_by_parts(table.at, size, 67);
        }
        test_free(table.at);
    }
}

static void lengthened_tables(void **state) {
    (void)state;
    for (unsigned kind = 0; kind < TABLES; kind++) {
        struct bytes table = make_table(kind);
        uint8_t *longer = test_malloc(table.size + 8);
        memset(longer, 0, table.size + 8);
        memcpy(longer, table.at, table.size);
        for (size_t more = 1; more <= 8; more++) {
            assert_int_equal(vp_table_count((vp_bytes){.data = longer, .size = table.size + more}),
                             VP_ERR_CORRUPT);
            assert_int_equal(load(longer, table.size + more), VP_ERR_CORRUPT);
            look_up_by_parts(longer, table.size + more, 67);
        }
        test_free(longer);
        test_free(table.at);
    }
}

static void every_bit(void **state) {
    (void)state;
    for (unsigned kind = 0; kind < TABLES; kind++) {
        struct bytes table = make_table(kind);
        uint8_t *at = guard_put(&guard, table.at, table.size);
        size_t step = kind == SHORT ? 1 : 13;
        for (size_t bit = 0; bit < 8 * table.size; bit++) {
            at[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
            look_up(at, table.size, step);
            int status = load(at, table.size);
            assert_true(status == VP_ERR_CORRUPT || status == VP_ERR_UNSUPPORTED);
            at[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        }
        for (size_t bit = 0; bit < 8 * table.size; bit += 3) {
            table.at[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
            look_up_by_parts(table.at, table.size, kind == SHORT ? 1 : 61);
            table.at[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        }
        test_free(table.at);
    }
}

/* Runs of bytes that another table has, as after a write that was torn. */
static void mixtures(void **state) {
    (void)state;
    struct bytes other = make_table(LINE_GAPS), table;
    uint64_t random = 2;
    for (unsigned i = 0; i < other.size; i++) other.at[i] = (uint8_t)(other.at[i] + (i > 60));
    table = make_table(LINE_GAPS);
    for (unsigned turn = 0; turn < 3000; turn++) {
        uint8_t *at = guard_put(&guard, table.at, table.size);
        size_t from = (size_t)random_below(&random, table.size), size = (size_t)random_below(&random, 60);
        if (size > table.size - from) size = table.size - from;
        memcpy(at + from, other.at + from, size);
        look_up(at, table.size, 41);
    }
    test_free(table.at);
    test_free(other.at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_tables), cmocka_unit_test(cut_tables), cmocka_unit_test(lengthened_tables),
        cmocka_unit_test(every_bit),    cmocka_unit_test(mixtures),
    };
    return cmocka_run_group_tests_name("table damage", tests, begin, end);
}
