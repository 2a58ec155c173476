/* Two-level keys: places worked out by hand, keys that have none, published checksums, room. */
#include "test.h"

#include "valpack_bucket.h"

enum { ROOM = 128 };

static vp_bytes text(const char *t) {
    return (vp_bytes){t, strlen(t)};
}

static const vp_bucketing two_digits = {.kind = VP_BUCKET_DIGITS, .count = 2};
static const vp_bucketing three_digits = {.kind = VP_BUCKET_DIGITS, .count = 3};
static const vp_bucketing one_digit = {.kind = VP_BUCKET_DIGITS, .count = 1};
static const vp_bucketing nine_digits = {.kind = VP_BUCKET_DIGITS, .count = 9};
static const vp_bucketing by_1300 = {.kind = VP_BUCKET_RANGE, .count = 1300};

/* Splits and joins again. */
static void check_place(const vp_bucketing *how, vp_bytes key, vp_bytes bucket, vp_bytes field) {
    char names[ROOM], back[ROOM];
    vp_place place;
    assert_int_equal(vp_bucket_split(how, key, names, sizeof names, &place), VP_OK);
    assert_int_equal(place.bucket_size, bucket.size);
    assert_int_equal(place.field_size, field.size);
    assert_memory_equal(names, bucket.data, bucket.size);
    assert_memory_equal(names + bucket.size, field.data, field.size);
    assert_true(bucket.size + field.size <= vp_bucket_bound(key.size));
    assert_int_equal(vp_bucket_join(how, bucket, field, back, sizeof back), key.size);
    assert_memory_equal(back, key.data, key.size);
}

static void places_by_hand(void **state) {
    (void)state;
    static const struct {
        const vp_bucketing *how;
        const char *key, *bucket, *field;
    } cases[] = {
        {&two_digits, "1101000051", "11010000", "51"},
        {&two_digits, "1101000007", "11010000", "7"},
        {&two_digits, "1101000000", "11010000", "0"},
        {&three_digits, "1101000007", "1101000", "7"},
        {&three_digits, "1101000999", "1101000", "999"},
        {&two_digits, "photo:1101000051", "photo:11010000", "51"},
        {&two_digits, "photo:7", "photo:", "~7"},
        {&three_digits, "photo:07", "photo:", "~07"},
        {&three_digits, "photo:00", "photo:", "~00"},
        {&two_digits, "007", "0", "7"},
        {&three_digits, "007", "", "7"},
        {&two_digits, "51", "", "51"},
        {&two_digits, "5", "", "~5"},
        {&one_digit, "5", "", "5"},
        {&one_digit, "x50", "x5", "0"},
        {&nine_digits, "1000000007", "1", "7"},
        {&nine_digits, "a999999999", "a", "999999999"},
        {&two_digits, "a~7", "a~", "~7"},
        {&two_digits, "~17", "~", "17"},
        {&two_digits, "-17", "-", "17"},
        {&two_digits, "123456789012345678901234567890", "1234567890123456789012345678", "90"},
        {&by_1300, "photo:1101000051", "photo:846923", "151"},
        {&by_1300, "photo:0", "photo:0", "0"},
        {&by_1300, "1299", "0", "1299"},
        {&by_1300, "1300", "1", "0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_place(cases[i].how, text(cases[i].key), text(cases[i].bucket), text(cases[i].field));
}

static void largest_number_of_a_range(void **state) {
    (void)state;
    check_place(&by_1300, text("9223372036854775807"), text("7094901566811366"), text("7"));
    char key[ROOM];
    assert_int_equal(vp_bucket_join(&by_1300, text("7094901566811366"), text("8"), key, ROOM), VP_ERR_KEY);
    assert_int_equal(vp_bucket_join(&by_1300, text("7094901566811367"), text("0"), key, ROOM), VP_ERR_KEY);
    const vp_bucketing single = {.kind = VP_BUCKET_RANGE, .count = 1};
    check_place(&single, text("9223372036854775807"), text("9223372036854775807"), text("0"));
    const vp_bucketing widest = {.kind = VP_BUCKET_RANGE, .count = 1000000000};
    check_place(&widest, text("9223372036854775807"), text("9223372036"), text("854775807"));
}

static void keys_of_any_bytes(void **state) {
    (void)state;
    static const uint8_t key[] = {0xFF, 0, 0xC3, '0', '7'};
    check_place(&two_digits, (vp_bytes){key, 5}, (vp_bytes){key, 3}, text("7"));
    check_place(&three_digits, (vp_bytes){key, 5}, (vp_bytes){key, 3}, text("~07"));
    const vp_bucketing shards = {.kind = VP_BUCKET_SHARDS, .prefix_size = 2, .count = 1};
    static const uint8_t bucket[] = {0xFF, 0, '0'};
    check_place(&shards, (vp_bytes){key, 5}, (vp_bytes){bucket, 3}, (vp_bytes){key + 2, 3});
}

static void keys_that_do_not_split(void **state) {
    (void)state;
    const vp_bucketing shards = {.kind = VP_BUCKET_SHARDS, .prefix_size = 5, .count = 16};
    static const struct {
        const vp_bucketing *how;
        const char *key;
    } cases[] = {
        {&two_digits, ""},
        {&two_digits, "photo"},
        {&two_digits, "12x"},
        {&two_digits, "1\xD9\xA3"},
        {&by_1300, ""},
        {&by_1300, "photo:"},
        {&by_1300, "photo:007"},
        {&by_1300, "00"},
        {&by_1300, "9223372036854775808"},
        {&by_1300, "10000000000000000000"},
        {&by_1300, "18446744073709551617"},
    };
    char names[ROOM];
    vp_place place = {.bucket_size = 9, .field_size = 9};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(vp_bucket_split(cases[i].how, text(cases[i].key), names, ROOM, &place), VP_ERR_KEY);
        assert_int_equal(place.bucket_size + place.field_size, 0);
    }
    assert_int_equal(vp_bucket_split(&shards, text("user:"), names, ROOM, &place), VP_ERR_KEY);
    assert_int_equal(vp_bucket_split(&shards, text(""), names, ROOM, &place), VP_ERR_KEY);
    assert_int_equal(vp_bucket_split(&shards, text("user:a"), names, ROOM, &place), VP_OK);
}

static void places_that_no_key_has(void **state) {
    (void)state;
    static const struct {
        const vp_bucketing *how;
        const char *bucket, *field;
    } cases[] = {
        {&two_digits, "a", "07"},  {&two_digits, "a", "100"},
        {&two_digits, "a", "-1"},  {&two_digits, "a", "+1"},
        {&two_digits, "a", "~"},   {&two_digits, "a", "~12"},
        {&two_digits, "a", "~x"},  {&two_digits, "a", "~~1"},
        {&two_digits, "a1", "~2"}, {&two_digits, "a", ""},
        {&two_digits, "a", "00"},  {&two_digits, "a", " 1"},
        {&two_digits, "a", "1 "},  {&two_digits, "a", "1a"},
        {&one_digit, "a", "~1"},   {&three_digits, "a", "7~"},
        {&two_digits, "a", "~1 "}, {&by_1300, "a0", "1300"},
        {&by_1300, "a", "1"},      {&by_1300, "a01", "1"},
        {&by_1300, "", "1"},       {&by_1300, "a1", "01"},
        {&by_1300, "a1", ""},      {&by_1300, "a1", "~1"},
        {&by_1300, "a1", "-1"},    {&by_1300, "a99999999999999999999", "1"},
    };
    char key[ROOM];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(vp_bucket_join(cases[i].how, text(cases[i].bucket), text(cases[i].field), key, ROOM),
                         VP_ERR_KEY);
}

/* ---- Shards --------------------------------------------------------------------------------- */

/* CRC-32/ISO-HDLC; the first is the check value of its definition, the others are published with it. */
static void published_checksums(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint32_t crc;
    } cases[] = {
        {"123456789", 0xCBF43926},
        {"", 0},
        {"a", 0xE8B7BE43},
        {"abc", 0x352441C2},
        {"message digest", 0x20159D7F},
        {"abcdefghijklmnopqrstuvwxyz", 0x4C2750BD},
        {"The quick brown fox jumps over the lazy dog", 0x414FA339},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const vp_bytes key = text(cases[i].text);
        assert_int_equal(vp_shard(key.data, key.size, (uint64_t)1 << 32), cases[i].crc);
        assert_int_equal(vp_shard(key.data, key.size, 1000), cases[i].crc % 1000);
        assert_int_equal(vp_shard(key.data, key.size, 1), 0);
        assert_int_equal(vp_shard(key.data, key.size, 0), 0);
    }
    assert_int_equal(vp_shard(NULL, 0, 10), 0);
    assert_int_equal(vp_shard(NULL, 3, 10), 0);
}

static void shards_and_back(void **state) {
    (void)state;
    const vp_bucketing by_1000 = {.kind = VP_BUCKET_SHARDS, .count = 1000};
    check_place(&by_1000, text("123456789"), text("262"), text("123456789")); /* 0xCBF43926 = 3421780262 */
    const vp_bucketing behind_3 = {.kind = VP_BUCKET_SHARDS, .count = 1000, .prefix_size = 3};
    check_place(&behind_3, text("123456789"), text("123262"), text("456789"));
    const vp_bucketing most = {.kind = VP_BUCKET_SHARDS, .count = (uint64_t)1 << 32};
    check_place(&most, text("123456789"), text("3421780262"), text("123456789"));
    static const char *const others[] = {"123261", "12326",   "123",    "1230262",
                                         "123x",   "123+262", "124262", ""};
    char key[ROOM];
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(vp_bucket_join(&behind_3, text(others[i]), text("456789"), key, ROOM), VP_ERR_KEY);
    assert_int_equal(vp_bucket_join(&behind_3, text("123262"), text("456788"), key, ROOM), VP_ERR_KEY);
    assert_int_equal(vp_bucket_join(&behind_3, text("123262"), text(""), key, ROOM), VP_ERR_KEY);
}

/* ---- Arguments and room --------------------------------------------------------------------- */

static void room_is_exact(void **state) {
    (void)state;
    struct guard g = guard_new(64);
    vp_place place;
    const vp_bytes key = text("photo:1101000007");
    for (size_t room = 0; room < 20; room++) {
        char *names = (char *)guard_end(&g, room);
        int status = vp_bucket_split(&two_digits, key, names, room, &place);
        assert_int_equal(status, room < 15 ? VP_ERR_SPACE : VP_OK); /* "photo:11010000" and "7" */
        int64_t size = vp_bucket_join(&two_digits, text("photo:11010000"), text("7"), names, room);
        assert_int_equal(size, room < 16 ? VP_ERR_SPACE : 16);
    }
    assert_int_equal(vp_bucket_split(&two_digits, key, NULL, 0, &place), VP_ERR_SPACE);
    assert_int_equal(vp_bucket_join(&two_digits, text("a"), text("7"), NULL, 0), VP_ERR_SPACE);
    assert_int_equal(vp_bucket_bound(0), 10);
    assert_true(vp_bucket_bound(SIZE_MAX) == SIZE_MAX);
    assert_true(vp_bucket_bound(SIZE_MAX - 1) == SIZE_MAX);
    guard_free(&g);
}

static void wrong_arguments(void **state) {
    (void)state;
    static const vp_bucketing wrong[] = {
        {.kind = 0, .count = 2},
        {.kind = 4, .count = 2},
        {.kind = VP_BUCKET_DIGITS, .count = 0},
        {.kind = VP_BUCKET_DIGITS, .count = 10},
        {.kind = VP_BUCKET_DIGITS, .count = 2, .prefix_size = 1},
        {.kind = VP_BUCKET_SHARDS, .count = 0},
        {.kind = VP_BUCKET_SHARDS, .count = ((uint64_t)1 << 32) + 1},
        {.kind = VP_BUCKET_RANGE, .count = 0},
        {.kind = VP_BUCKET_RANGE, .count = 1000000001},
        {.kind = VP_BUCKET_RANGE, .count = 9, .prefix_size = 1},
    };
    char names[ROOM];
    vp_place place;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(vp_bucket_split(&wrong[i], text("a12"), names, ROOM, &place), VP_ERR_ARGUMENT);
        assert_int_equal(vp_bucket_join(&wrong[i], text("a1"), text("2"), names, ROOM), VP_ERR_ARGUMENT);
    }
    const vp_bytes nowhere = {NULL, 3};
    assert_int_equal(vp_bucket_split(NULL, text("1"), names, ROOM, &place), VP_ERR_ARGUMENT);
    assert_int_equal(vp_bucket_split(&two_digits, nowhere, names, ROOM, &place), VP_ERR_ARGUMENT);
    assert_int_equal(vp_bucket_split(&two_digits, text("12"), NULL, ROOM, &place), VP_ERR_ARGUMENT);
    assert_int_equal(vp_bucket_split(&two_digits, text("12"), names, ROOM, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_bucket_join(NULL, text("1"), text("1"), names, ROOM), VP_ERR_ARGUMENT);
    assert_int_equal(vp_bucket_join(&two_digits, nowhere, text("1"), names, ROOM), VP_ERR_ARGUMENT);
    assert_int_equal(vp_bucket_join(&two_digits, text("1"), nowhere, names, ROOM), VP_ERR_ARGUMENT);
    assert_int_equal(vp_bucket_join(&two_digits, text("1"), text("1"), NULL, ROOM), VP_ERR_ARGUMENT);
}

static void many_at_once(void **state) {
    (void)state;
    static const char joined[] = "photo:1101000051photo:7007x";
    static const uint64_t sizes[] = {16, 7, 3, 1};
    const vp_keys keys = {.keys = joined, .key_sizes = sizes, .count = 3};
    char names[ROOM];
    vp_place places[4];
    assert_int_equal(vp_bucket_split_many(&two_digits, &keys, names, sizeof names, places), 26);
    assert_memory_equal(names, "photo:1101000051photo:~707", 26);
    static const vp_place expected[] = {{14, 2}, {6, 2}, {1, 1}};
    assert_memory_equal(places, expected, sizeof expected);
    assert_int_equal(vp_bucket_split_many(&two_digits, &keys, names, 26, places), 26);
    assert_int_equal(vp_bucket_split_many(&two_digits, &keys, names, 25, places), VP_ERR_SPACE);
    assert_int_equal(places[0].bucket_size, 2);
    const vp_keys spoilt = {.keys = joined, .key_sizes = sizes, .count = 4};
    assert_int_equal(vp_bucket_split_many(&two_digits, &spoilt, names, sizeof names, places), VP_ERR_KEY);
    assert_int_equal(places[0].bucket_size, 3);
    const vp_keys none = {.keys = NULL, .key_sizes = NULL, .count = 0};
    const vp_keys nowhere = {.keys = NULL, .key_sizes = sizes, .count = 1};
    const vp_keys sizeless = {.keys = joined, .key_sizes = NULL, .count = 1};
    assert_int_equal(vp_bucket_split_many(&two_digits, &none, NULL, 0, places), 0);
    assert_int_equal(vp_bucket_split_many(&two_digits, &nowhere, names, ROOM, places), VP_ERR_ARGUMENT);
    assert_int_equal(vp_bucket_split_many(&two_digits, &sizeless, names, ROOM, places), VP_ERR_ARGUMENT);
    assert_int_equal(vp_bucket_split_many(&two_digits, NULL, names, ROOM, places), VP_ERR_ARGUMENT);
    assert_int_equal(vp_bucket_split_many(&two_digits, &keys, names, ROOM, NULL), VP_ERR_ARGUMENT);
    assert_int_equal(vp_bucket_split_many(&two_digits, &keys, NULL, ROOM, places), VP_ERR_ARGUMENT);
    assert_int_equal(vp_bucket_split_many(NULL, &keys, names, ROOM, places), VP_ERR_ARGUMENT);
}

/* NULL for no bytes: a key or bucket without bytes is one. */
static void nothing_may_be_null(void **state) {
    (void)state;
    const vp_bytes none = {NULL, 0};
    char out[ROOM];
    vp_place place;
    assert_int_equal(vp_bucket_split(&two_digits, none, out, ROOM, &place), VP_ERR_KEY);
    assert_int_equal(vp_bucket_split(&by_1300, none, out, ROOM, &place), VP_ERR_KEY);
    assert_int_equal(vp_bucket_join(&two_digits, none, text("7"), out, ROOM), 2);
    assert_memory_equal(out, "07", 2);
    assert_int_equal(vp_bucket_join(&two_digits, none, text("~7"), out, ROOM), 1);
    assert_int_equal(vp_bucket_join(&two_digits, text("a"), none, out, ROOM), VP_ERR_KEY);
    assert_int_equal(vp_bucket_join(&by_1300, none, none, out, ROOM), VP_ERR_KEY);
    const vp_bucketing shards = {.kind = VP_BUCKET_SHARDS, .count = 4};
    assert_int_equal(vp_bucket_split(&shards, none, out, ROOM, &place), VP_ERR_KEY);
    assert_int_equal(vp_bucket_join(&shards, none, none, out, ROOM), VP_ERR_KEY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_by_hand),         cmocka_unit_test(largest_number_of_a_range),
        cmocka_unit_test(keys_of_any_bytes),      cmocka_unit_test(keys_that_do_not_split),
        cmocka_unit_test(places_that_no_key_has), cmocka_unit_test(published_checksums),
        cmocka_unit_test(shards_and_back),        cmocka_unit_test(room_is_exact),
        cmocka_unit_test(wrong_arguments),        cmocka_unit_test(many_at_once),
        cmocka_unit_test(nothing_may_be_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
