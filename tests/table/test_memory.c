/* Packed tables without memory, at every place; and without the profile that their values need. */
#include "table_test.h"

#include <stdio.h>

enum { RECORDS = 150 };

static bool fails(const struct counting *c) {
    return c->fail_at || c->fail_after;
}

static void assert_memory_status(const struct counting *c, int64_t status) {
    if (status >= 0) return;
    assert_true(fails(c));
    assert_int_equal(status, VP_ERR_MEMORY);
}

static vp_context *context_of(struct counting *c, vp_codec **codec) {
    const vp_allocator allocator = counting_allocator(c);
    vp_context *context = NULL;
    *codec = NULL;
    vp_options *options = vp_options_new(&allocator);
    if (options && vp_codec_new(NULL, 0, VP_NO_PROFILE, options, codec) == VP_OK)
        vp_context_new(*codec, &context);
    vp_options_free(options);
    assert_true(context || fails(c));
    return context;
}

/* How many records could be put; each that could not has said so. */
static int put_all(const struct counting *c, vp_table_builder *builder, bool words) {
    char field[32], value[64];
    int put = 0;
    for (int i = 0; i < RECORDS; i++) {
        snprintf(field, sizeof field, words ? "word %d" : "%d", i * 7 % RECORDS * (words ? 13 : 1));
        snprintf(value, sizeof value, "%08x-1234-4321-8765-%012x", i * 12345, i * 777);
        int status = vp_table_put(builder, text_of(field), text_of(value));
        assert_memory_status(c, status);
        put += status == VP_OK;
    }
    return put;
}

static void read_all(const struct counting *c, vp_context *context, vp_bytes table, int records) {
    vp_table_cursor cursor = {.next = 0};
    int status, count = 0;
    while ((status = vp_table_next(context, table, &cursor)) == 1) {
        const void *value = NULL;
        count++;
        assert_memory_status(
            c, vp_table_get(context, table, text_of("1"), &value) == VP_ERR_MEMORY ? VP_ERR_MEMORY : 0);
    }
    assert_memory_status(c, status);
    if (status == 0) assert_int_equal(count, records);
}

static void scenario(struct counting *c, bool words) {
    vp_codec *codec;
    vp_context *context = context_of(c, &codec);
    vp_table_builder *builder = vp_table_builder_new(context), *other = vp_table_builder_new(context);
    if (builder && other) {
        const void *table = builder;
        int records = put_all(c, builder, words);
        int64_t size = vp_table_finish(builder, &table);
        assert_memory_status(c, size);
        assert_true((size >= 0) == (table != NULL));
        if (size >= 0) {
            vp_bytes bytes = {.data = table, .size = (size_t)size};
            read_all(c, context, bytes, records);
            assert_memory_status(c, vp_table_load(other, bytes));
            assert_memory_status(c, vp_table_finish(other, &table));
        }
    }
    vp_table_builder_free(other);
    vp_table_builder_free(builder);
    vp_context_free(context);
    vp_codec_release(codec);
    assert_int_equal(c->live, 0);
}

static void fail_everywhere(bool words) {
    struct counting peace = {0};
    scenario(&peace, words);
    assert_true(peace.calls > 20);
    for (uint64_t i = 1; i <= peace.calls; i++) {
        struct counting one = {.fail_at = i}, all = {.fail_after = i};
        scenario(&one, words);
        scenario(&all, words);
    }
}

static void memory_runs_out(void **state) {
    (void)state;
    fail_everywhere(false);
    fail_everywhere(true);
}

/* After the first look-up nothing is allocated any more. */
static void reading_allocates_once(void **state) {
    (void)state;
    struct counting c = {0};
    vp_codec *codec;
    vp_context *context = context_of(&c, &codec);
    vp_table_builder *builder = vp_table_builder_new(context);
    assert_int_equal(put_all(&c, builder, true), RECORDS);
    const void *table = NULL, *value;
    int64_t size = vp_table_finish(builder, &table);
    assert_true(size > 0);
    vp_bytes bytes = {.data = table, .size = (size_t)size};
    assert_true(vp_table_get(context, bytes, text_of("word 13"), &value) > 0);
    uint64_t calls = c.calls;
    for (int i = 0; i < 100; i++) {
        char field[32];
        snprintf(field, sizeof field, "word %d", i * 13);
        assert_true(vp_table_get(context, bytes, text_of(field), &value) > 0);
    }
    assert_int_equal(c.calls, calls);
    vp_table_builder_free(builder);
    vp_context_free(context);
    vp_codec_release(codec);
}

/* Values of a profile: a context without it finds the record, and says what is missing. */
static void without_the_profile(void **state) {
    (void)state;
    vp_profile *profile = train_profile(&(struct recipe){.kind = VALUE_SESSION, .count = 300});
    struct coder with = coder_of(profile, NULL), without = coder_of(NULL, NULL);
    vp_table_builder *builder = vp_table_builder_new(with.context),
                     *other = vp_table_builder_new(without.context);
    uint64_t random = 77;
    uint8_t session[VALUE_ROOM];
    char field[32];
    size_t last = 0, all = 0;
    for (int i = 0; i < 200; i++, all += last) {
        snprintf(field, sizeof field, "%d", i);
        last = make_value(VALUE_SESSION, &random, session);
        assert_int_equal(vp_table_put(builder, text_of(field), (vp_bytes){.data = session, .size = last}),
                         VP_OK);
    }
    const void *table = NULL, *value = "";
    int64_t size = vp_table_finish(builder, &table);
    assert_in_range(size, 1, all / 2);
    vp_bytes bytes = {.data = table, .size = (size_t)size};
    assert_int_equal(vp_table_get(with.context, bytes, text_of("199"), &value), last);
    assert_memory_equal(value, session, last);
    assert_int_equal(vp_table_get(without.context, bytes, text_of("199"), &value), VP_ERR_NO_PROFILE);
    assert_null(value);
    assert_int_equal(vp_table_get(without.context, bytes, text_of("200"), &value), VP_ERR_NOT_FOUND);
    assert_int_equal(vp_table_count(bytes), 200);
    assert_int_equal(vp_table_load(other, bytes), VP_ERR_NO_PROFILE);
    assert_int_equal(vp_table_finish(other, &value), 9);
    vp_table_builder_free(other);
    vp_table_builder_free(builder);
    coder_close(&without);
    coder_close(&with);
    vp_profile_release(profile);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_runs_out),
        cmocka_unit_test(reading_allocates_once),
        cmocka_unit_test(without_the_profile),
    };
    return cmocka_run_group_tests_name("table memory", tests, NULL, NULL);
}
