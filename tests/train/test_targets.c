/* Training for a target: what is compared on the held-out samples, and what is learned at all. */
#include "test.h"

#include "profile.h"
#include "valpack_cost.h"

#include <stdio.h>

static vp_profile *finish(vp_trainer *t, char *report, size_t room) {
    const void *file = NULL;
    int64_t size = vp_trainer_finish(t, &file);
    assert_true(size > 0);
    assert_true(is_json(vp_trainer_report(t), strlen(vp_trainer_report(t))));
    snprintf(report, room, "%s", vp_trainer_report(t));
    vp_profile *profile = load_profile((struct bytes){(uint8_t *)(uintptr_t)file, (size_t)size});
    vp_trainer_free(t);
    return profile;
}

/* 250 samples of 16 digits, of which 50 are held out: 88 each with a key of 16 bytes on Redis 7.2, and 80
   for what 5 to 12 bytes hold; as fields 18 each, and 10 or less. */
static void the_report_tells_the_memory_of_the_server(void **state) {
    (void)state;
    char report[2000];
    for (uint64_t target = 0; target <= VP_TARGET_PACKED; target++) {
        vp_trainer *t = vp_trainer_new(NULL);
        assert_int_equal(vp_trainer_set(t, VP_TRAIN_TARGET, target), VP_OK);
        assert_int_equal(vp_trainer_set(t, VP_TRAIN_ENCODERS, 1 << ENCODER_ID_pack), VP_OK);
        uint64_t random = 4;
        for (int i = 0; i < 250; i++) {
            char value[20];
            snprintf(value, sizeof value, "0%015llu",
                     (unsigned long long)(random_next(&random) % 1000000000000000));
            assert_int_equal(vp_trainer_add(t, value, 16), VP_OK);
        }
        vp_profile_release(finish(t, report, sizeof report));
        const bool string = strstr(report, "\"target\":\"string\",\"server_raw_bytes\":4400,"
                                           "\"server_encoded_bytes\":4000,");
        const bool field = strstr(report, "\"target\":\"hash-field\",\"server_raw_bytes\":900,"
                                          "\"server_encoded_bytes\":");
        assert_int_equal(string, target == VP_TARGET_STRING);
        assert_int_equal(field, target == VP_TARGET_HASH_FIELD);
        assert_int_equal(strstr(report, "\"target\":\"packed\"") != NULL, target == VP_TARGET_PACKED);
        assert_int_equal(strstr(report, "target") == NULL, target == VP_TARGET_BYTES);
    }
}

static void bytes_are_learned_as_ever_whatever_the_server(void **state) {
    (void)state;
    const struct recipe recipe = {.kind = VALUE_TIMESTAMP, .count = 200};
    struct bytes before = train_bytes(&recipe);
    vp_trainer *t = trainer_of(&recipe);
    assert_int_equal(vp_trainer_set(t, VP_TRAIN_TARGET, VP_TARGET_BYTES), VP_OK);
    assert_int_equal(vp_trainer_set(t, VP_TRAIN_SERVER, VP_VALKEY_9), VP_OK);
    assert_int_equal(vp_trainer_set(t, VP_TRAIN_KEY_SIZE, 99), VP_OK);
    assert_int_equal(vp_trainer_set(t, VP_TRAIN_KEY_EXPIRES, 1), VP_OK);
    const void *file = NULL;
    assert_int_equal(vp_trainer_finish(t, &file), before.size);
    assert_memory_equal(file, before.at, before.size);
    vp_trainer_free(t);
    test_free(before.at);
}

/* Integers up to 10^10 and beyond: none, those beyond int32, or all. */
static void integers_are_learned_where_they_are_encoded(void **state) {
    (void)state;
    static const bool learned[] = {true, false, true, true};
    static const char *const held_out[] = {"\"held_out\":40,", "\"held_out\":0,", "\"held_out\":20,",
                                           "\"held_out\":40,"};
    char report[16384];
    for (uint64_t target = 0; target <= VP_TARGET_PACKED; target++) {
        vp_trainer *t = vp_trainer_new(NULL);
        assert_int_equal(vp_trainer_set(t, VP_TRAIN_TARGET, target), VP_OK);
        uint64_t random = 4;
        for (int i = 0; i < 200; i++) {
            char value[24];
            int length = snprintf(value, sizeof value, "%llu",
                                  (i & 1 ? 3301000000ull : 1234500000ull) +
                                      (unsigned long long)random_below(&random, 100000));
            assert_int_equal(vp_trainer_add(t, value, (size_t)length), VP_OK);
        }
        vp_profile *p = finish(t, report, sizeof report);
        assert_int_equal(p->row_count > 0, learned[target]);
        assert_non_null(strstr(report, held_out[target]));
        vp_profile_release(p);
    }
}

static void only_the_encoders_asked_for_are_trained(void **state) {
    (void)state;
    vp_trainer *t = trainer_of(&(struct recipe){.kind = VALUE_SESSION, .count = 200});
    const uint64_t mask = 1 << ENCODER_ID_symbols | 1 << ENCODER_ID_lz4;
    assert_int_equal(vp_trainer_set(t, VP_TRAIN_ENCODERS, mask), VP_OK);
    char report[16384];
    vp_profile *p = finish(t, report, sizeof report);
    assert_true(p->row_count > 0);
    for (unsigned i = 0; i < p->row_count; i++) assert_true(mask >> p->rows[i].id & 1);
    assert_null(strstr(report, "\"name\":\"model\""));
    assert_non_null(strstr(report, "\"name\":\"symbols\""));
    vp_profile_release(p);
}

static vp_options *target_options(uint64_t target, uint64_t server) {
    vp_options *o = vp_options_new(NULL);
    assert_non_null(o);
    assert_int_equal(vp_options_set(o, VP_OPTION_TARGET, target), VP_OK);
    assert_int_equal(vp_options_set(o, VP_OPTION_SERVER, server), VP_OK);
    return o;
}

/* What the server needs for fresh values of a kind, each encoded for it with this profile. */
static uint64_t memory_with(vp_profile *profile, enum value_kind kind, uint32_t flavour) {
    vp_options *o = target_options(VP_TARGET_STRING, flavour);
    struct coder c = coder_with(profile, NULL, o);
    vp_server server;
    assert_int_equal(vp_server_named(vp_server_name(flavour), &server), VP_OK);
    uint64_t random = 31, memory = 0;
    uint8_t value[VALUE_ROOM], out[VALUE_ROOM + 1];
    for (int i = 0; i < 500; i++) {
        size_t size = make_value(kind, &random, value);
        int64_t stored = vp_encode(c.context, value, size, out, sizeof out);
        assert_true(stored >= 0);
        memory += vp_cost_string(&server, 16, 0, out, (uint64_t)stored);
    }
    coder_close(&c);
    vp_options_free(o);
    return memory;
}

static void training_for_memory_saves_as_much_as_for_bytes(void **state) {
    (void)state;
    static const enum value_kind kinds[] = {VALUE_SESSION, VALUE_EMAIL, VALUE_URL, VALUE_TOKEN};
    char report[16384];
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct recipe recipe = {.kind = kinds[i], .count = 1500, .preset = VP_PRESET_FAST};
        vp_profile *by_bytes = train_profile(&recipe);
        for (uint32_t flavour = 2; flavour <= VP_VALKEY_9; flavour++) {
            vp_trainer *t = trainer_of(&recipe);
            assert_int_equal(vp_trainer_set(t, VP_TRAIN_TARGET, VP_TARGET_STRING), VP_OK);
            assert_int_equal(vp_trainer_set(t, VP_TRAIN_SERVER, flavour), VP_OK);
            vp_profile *by_memory = finish(t, report, sizeof report);
            const uint64_t more = memory_with(by_bytes, kinds[i], flavour),
                           less = memory_with(by_memory, kinds[i], flavour);
            if (less > more) fail_msg("%s: %d, %d", kind_name(kinds[i]), (int)less, (int)more);
            vp_profile_release(by_memory);
        }
        vp_profile_release(by_bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_report_tells_the_memory_of_the_server),
        cmocka_unit_test(bytes_are_learned_as_ever_whatever_the_server),
        cmocka_unit_test(integers_are_learned_where_they_are_encoded),
        cmocka_unit_test(only_the_encoders_asked_for_are_trained),
        cmocka_unit_test(training_for_memory_saves_as_much_as_for_bytes),
    };
    return cmocka_run_group_tests_name("targets", tests, NULL, NULL);
}
