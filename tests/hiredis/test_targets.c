/* Codecs that count the memory of the server: values of strings and of hashes each have a context. */
#include <stdio.h>

#include "fixtures.h"

static struct single my;

static int open_all(void **state) {
    *state = &my;
    return single_open(state);
}

static void hashes_may_have_a_context_of_their_own(void **state) {
    (void)state;
    vp_options *options = vp_options_new(NULL);
    assert_int_equal(vp_options_set(options, VP_OPTION_TARGET, VP_TARGET_HASH_FIELD), VP_OK);
    struct coder fields = coder_with(my.kit.profile, NULL, options);
    vph_settings settings = {
        .context = my.kit.coder.context, .hash_context = fields.context, .connection = my.connection};
    vph_client *both;
    assert_int_equal(vph_client_new(&settings, &both), VP_OK);
    vp_bytes field = vph_text("f"), number = vph_text("31"), got;
    assert_int_equal(vph_hset(both, vph_text("hash"), &field, &number, 1), VP_OK);
    redisReply *reply = ask(my.plain, "HINCRBY hash f 1"); /* short decimals stay numbers in a listpack */
    assert_int_equal(reply->integer, 32);
    freeReplyObject(reply);
    assert_int_equal(vph_hget(both, vph_text("hash"), field, &got), VP_OK);
    assert_bytes(got, "32");
    vph_client_free(both);
    coder_close(&fields);
    vp_options_free(options);
}

/* What a value may cost depends on the size of its key and on its TTL, which the client tells the context. */
static void the_context_knows_the_key(void **state) {
    (void)state;
    vp_options *options = vp_options_new(NULL);
    assert_int_equal(vp_options_set(options, VP_OPTION_TARGET, VP_TARGET_STRING), VP_OK);
    assert_int_equal(vp_options_set(options, VP_OPTION_SERVER, VP_VALKEY_9),
                     VP_OK); /* key and value in one */
    struct coder coder = coder_with(my.kit.profile, NULL, options),
                 check = coder_with(my.kit.profile, NULL, options);
    vph_client *client = client_over(coder.context, my.connection);
    uint64_t random = 6;
    int raw = 0, encoded = 0, depends = 0;
    for (int i = 0; i < 200; i++) {
        char name[64];
        uint8_t value[VALUE_ROOM], expected[VALUE_ROOM + 1], other[VALUE_ROOM + 1];
        vp_bytes key = {name, (size_t)snprintf(name, sizeof name, "%0*d", 1 + i % 50, i)}, got;
        vp_bytes bytes = {value, make_value((enum value_kind)(i % VALUE_KINDS), &random, value)};
        uint64_t seconds = i % 3 ? 0 : 100;
        assert_int_equal(vph_set(client, key, bytes, seconds), VP_OK);
        assert_int_equal(vp_context_set_key(check.context, key.size, seconds > 0), VP_OK);
        int64_t size = vp_encode(check.context, value, bytes.size, expected, sizeof expected);
        redisReply *stored = redisCommand(my.plain, "GET %b", name, key.size);
        assert_int_equal(stored->len, size);
        assert_memory_equal(stored->str, expected, stored->len);
        *(stored->len == bytes.size && memcmp(stored->str, value, bytes.size) == 0 ? &raw : &encoded) += 1;
        freeReplyObject(stored);
        assert_int_equal(vp_context_set_key(check.context, 300, 0), VP_OK);
        depends += vp_encode(check.context, value, bytes.size, other, sizeof other) != size;
        assert_int_equal(vph_get(client, key, &got), VP_OK);
        assert_int_equal(got.size, bytes.size);
        assert_memory_equal(got.data, value, bytes.size);
    }
    assert_true(raw > 10 && encoded > 10 && depends > 0);
    vph_client_free(client);
    coder_close(&coder);
    coder_close(&check);
    vp_options_free(options);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_may_have_a_context_of_their_own),
        cmocka_unit_test(the_context_knows_the_key),
    };
    return cmocka_run_group_tests(tests, open_all, single_close);
}
