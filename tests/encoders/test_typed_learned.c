#include "payload_check.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>

extern const struct encoder encoder_typed;
extern const struct encoder_trainer trainer_typed;

enum { TEXT = 64, MANY = 2000, SECTION_ROOM = 64 * 1024 };

static const struct encoder *const typed = &encoder_typed;

/* IPv4 alone; 10.0.0.0/16 comes first, 128.0.0.0/1 second. */
static const uint8_t two_ranges[] = {0x01, 0x10, 0x00, 0x01, 0x01, 0x00, 0x20, 0x00, 0x02,
                                     0x10, 0x80, 0x14, 0x00, 0x00, 0x1F, 0x00, 0x01, 0x00};

static void test_worked_example_of_ranges(void **state) {
    (void)state;
    const vp_allocator allocator = memory_default();
    uint8_t *copy;
    void *params = payload_load(typed, two_ranges, sizeof two_ranges, &copy);
    assert_non_null(params);
    payload_is(typed, params, 4, "10.0.0.15", "\x0F", 1);         /* code 15 of 16 in the header */
    payload_is(typed, params, 4, "10.0.1.2", "\x00\xF2", 2);      /* 258 - 16 in 12 bits */
    payload_is(typed, params, 4, "128.0.0.0", "\x00\xEF\xF0", 3); /* 65536 - 16 - 4096 in 20 bits */
    payload_is(typed, params, 0, "10.0.0.0", "\x00", 1);          /* one code without a further byte */
    payload_is(typed, params, 0, "10.0.1.0", "\x00\xFF", 2);      /* 256 - 1 in 8 bits */
    assert_int_equal(payload_round_trip(typed, params, 4, "11.0.0.0"), PAYLOAD_NOT_TAKEN);
    assert_int_equal(payload_round_trip(typed, params, 4, "10.0.0.1:80"), PAYLOAD_NOT_TAKEN);
    typed->unload(params, &allocator);
    free(copy);
}

/* ---- Learning --------------------------------------------------------------------------------------- */

/* Trains on the first half of texts and gives the bytes that the other half takes, or 0 when nothing was
   learned; the section goes to `section`. */
static size_t learned_bytes(char (*texts)[TEXT], size_t count, unsigned variant, struct writer *section) {
    const vp_allocator allocator = memory_default();
    struct training t = payload_training(texts[0], TEXT, count / 2);
    int status = trainer_typed.train(&t, variant, section);
    payload_training_free(&t);
    if (status == VP_ERR_NO_SAMPLES) return 0;
    assert_int_equal(status, VP_OK);
    assert_false(section->full);
    uint8_t *copy;
    void *params = payload_load(typed, section->base, section->length, &copy);
    assert_non_null(params);
    size_t bytes = 0;
    for (size_t i = count / 2; i < count; i++) {
        size_t size = payload_round_trip(typed, params, 4, texts[i]);
        bytes += size == PAYLOAD_NOT_TAKEN ? strlen(texts[i]) : size;
        for (unsigned free_bits = 0; i % 16 == 0 && free_bits < 6; free_bits++)
            assert_int_equal(payload_round_trip(typed, params, free_bits, texts[i]) == PAYLOAD_NOT_TAKEN,
                             size == PAYLOAD_NOT_TAKEN);
        if (i % 64 == 0 && size != PAYLOAD_NOT_TAKEN) payload_damage(typed, params, 4, texts[i]);
    }
    char json[8192];
    struct writer w = writer_over(json, sizeof json);
    typed->describe(params, &w);
    assert_true(w.length > 0 && !w.full);
    typed->unload(params, &allocator);
    free(copy);
    return bytes;
}

static unsigned below(uint64_t *seed, unsigned limit) {
    return (unsigned)(next_random(seed) >> 33) % limit;
}

typedef void (*generator)(uint64_t *seed, char *text);

static void check_learning(generator make, unsigned variant, size_t at_most) {
    char(*texts)[TEXT] = malloc(MANY * sizeof *texts);
    uint8_t *first = malloc(SECTION_ROOM), *second = malloc(SECTION_ROOM);
    assert_true(texts && first && second);
    uint64_t seed = 11;
    for (size_t i = 0; i < MANY; i++) make(&seed, texts[i]);
    struct writer a = writer_over(first, SECTION_ROOM), b = writer_over(second, SECTION_ROOM);
    size_t bytes = learned_bytes(texts, MANY, variant, &a);
    if (bytes == 0 || bytes > at_most) fail_msg("%s ...: %zu bytes, expected %zu", texts[0], bytes, at_most);
    learned_bytes(texts, MANY, variant, &b);
    assert_int_equal(a.length, b.length);
    assert_memory_equal(first, second, a.length);
    free(texts);
    free(first);
    free(second);
}

static void make_commit_time(uint64_t *seed, char *text) {
    unsigned zone = below(seed, 4);
    snprintf(text, TEXT, "20%02u-%02u-%02uT%02u:%02u:%02u+%02u:00", 10 + below(seed, 15), 1 + below(seed, 12),
             1 + below(seed, 28), 8 + below(seed, 10), below(seed, 60), below(seed, 60), zone);
}

static void make_hour(uint64_t *seed, char *text) {
    snprintf(text, TEXT, "2024-%02u-%02u %02u:00:00", 1 + below(seed, 12), 1 + below(seed, 28),
             below(seed, 24));
}

static void make_object_id(uint64_t *seed, char *text) {
    static const char *const processes[] = {"c7447c3da7", "2cec76ed95"};
    snprintf(text, TEXT, "%08x%s%06x", 0x65000000 + below(seed, 1 << 20), processes[below(seed, 2)],
             below(seed, 1 << 24));
}

static void make_uuid1(uint64_t *seed, char *text) {
    snprintf(text, TEXT, "%08x-2da5-11e8-8123-0242ac1100%02x", 0x84c00000 + below(seed, 1 << 21),
             2 + below(seed, 3));
}

static void make_uuid4(uint64_t *seed, char *text) {
    snprintf(text, TEXT, "%08x-%04x-4%03x-%x%03x-%08x%04x", below(seed, 1u << 31) << 1 | below(seed, 2),
             below(seed, 65536), below(seed, 4096), 8 + below(seed, 4), below(seed, 4096),
             below(seed, 1u << 31) << 1 | below(seed, 2), below(seed, 65536));
}

static void make_network(uint64_t *seed, char *text) {
    static const unsigned lengths[] = {16, 20, 24};
    unsigned length = lengths[below(seed, 3)];
    unsigned address = (10u << 24 | below(seed, 1 << 24)) >> (32 - length) << (32 - length);
    snprintf(text, TEXT, "%u.%u.%u.%u/%u", address >> 24, address >> 16 & 255, address >> 8 & 255,
             address & 255, length);
}

static void make_digest(uint64_t *seed, char *text) {
    for (unsigned i = 0; i < 40; i++) text[i] = "0123456789abcdef"[below(seed, 16)];
    text[40] = 0;
}

static void make_ulid(uint64_t *seed, char *text) {
    unsigned long long time = 1700000000000ull + 1000ull * below(seed, 1 << 25);
    for (unsigned i = 0; i < 26; i++) {
        unsigned digit = i < 10 ? (unsigned)(time >> (45 - 5 * i)) & 31 : below(seed, 32);
        text[i] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[digit];
    }
    text[26] = 0;
}

static void make_mixed(uint64_t *seed, char *text) {
    if (below(seed, 2)) snprintf(text, TEXT, "%06x", below(seed, 1 << 24));
    else
        snprintf(text, TEXT, "00:1b:44:%02x:%02x:%02x", below(seed, 256), below(seed, 256), below(seed, 256));
}

/* 1000 values each; the bytes say what the parameters save. */
static void test_learning(void **state) {
    (void)state;
    check_learning(make_commit_time, 0, 5000); /* 29 bits of seconds, 2 of zone */
    check_learning(make_hour, 0, 2500);        /* 8784 hours, 4112 of them in 2 bytes */
    check_learning(make_object_id, 0, 8600);   /* 20 bits of time, 20 where processes differ, 24 of counter */
    check_learning(make_object_id, 1, 7100);   /* 1 bit of process, 20 of time, 24 of counter */
    check_learning(make_uuid1, 0, 4500);       /* 21 bits of time, 2 of node */
    check_learning(make_uuid1, 1, 4500);
    check_learning(make_uuid4, 0, 16000);
    check_learning(make_network, 0, 3300);
    check_learning(make_digest, 0, 21000);
    check_learning(make_ulid, 0, 14100); /* 80 random bits, 25 of time */
    check_learning(make_mixed, 0, 4100);
}

static void test_nothing_to_learn(void **state) {
    (void)state;
    char texts[4][TEXT] = {"hello world", "not, at all", "1.2.3.4", ""};
    uint8_t room[SECTION_ROOM];
    for (size_t count = 1; count <= 4; count++) {
        struct training t = payload_training(texts[0], TEXT, count);
        struct writer section = writer_over(room, sizeof room);
        assert_int_equal(trainer_typed.train(&t, 0, &section), VP_ERR_NO_SAMPLES);
        payload_training_free(&t);
    }
    char equal[3][TEXT] = {"1.2.3.4", "1.2.3.4", "1.2.3.4"};
    struct training t = payload_training(equal[0], TEXT, 3);
    struct writer section = writer_over(room, sizeof room);
    assert_int_equal(trainer_typed.train(&t, 0, &section), VP_OK);
    section = writer_over(room, sizeof room);
    assert_int_equal(trainer_typed.train(&t, 1, &section), VP_ERR_NO_SAMPLES);
    payload_training_free(&t);
}

static void test_damaged_sections(void **state) {
    (void)state;
    static const char *const addresses[] = {"10.0.0.15", "128.1.2.3", "1.2.3.4", NULL};
    static const char *const times[] = {"2024-01-01 10:00:00", "2024-12-28 23:00:00", NULL};
    payload_damage_section(typed, two_ranges, sizeof two_ranges, addresses);
    char(*texts)[TEXT] = malloc(200 * sizeof *texts);
    assert_non_null(texts);
    uint64_t seed = 5;
    for (size_t i = 0; i < 200; i++) make_hour(&seed, texts[i]);
    uint8_t room[SECTION_ROOM];
    struct writer section = writer_over(room, sizeof room);
    assert_true(learned_bytes(texts, 200, 0, &section) > 0);
    payload_damage_section(typed, room, section.length, times);
    free(texts);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worked_example_of_ranges),
        cmocka_unit_test(test_learning),
        cmocka_unit_test(test_nothing_to_learn),
        cmocka_unit_test(test_damaged_sections),
    };
    return cmocka_run_group_tests_name("typed, learned", tests, NULL, NULL);
}
