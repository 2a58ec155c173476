/* Bounded readers and writers. */
#include "test.h"

#include "bytes.h"

static void loads_and_stores_are_little_endian(void **state) {
    (void)state;
    const uint8_t bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    uint8_t copy[8];
    assert_int_equal(load_le16(bytes), 0x0201);
    assert_int_equal(load_le32(bytes), 0x04030201);
    assert_true(load_le64(bytes) == 0x0807060504030201u);
    assert_true(load_be64(bytes) == 0x0102030405060708u);
    assert_true(load_be32(bytes) == 0x01020304u);
    store_be32(copy, 0x01020304u);
    assert_memory_equal(copy, bytes, 4);
    store_le64(copy, 0x0807060504030201u);
    assert_memory_equal(copy, bytes, 8);
    store_le32(copy, 0xDDCCBBAAu);
    assert_memory_equal(copy, "\xAA\xBB\xCC\xDD", 4);
}

static void a_full_writer_stores_nothing_more(void **state) {
    (void)state;
    uint8_t room[4] = {0, 0, 0, 0x55};
    struct writer w = writer_over(room, 3);
    put_le16(&w, 0x0201);
    assert_false(w.full);
    put_bytes(&w, "xy", 2);
    assert_true(w.full);
    assert_int_equal(w.length, 2);
    put_byte(&w, 'z'); /* would fit, but what came before did not */
    assert_memory_equal(room, "\1\2\0\x55", 4);
    assert_null(writer_reserve(&w, 0));
}

static void a_writer_without_memory_measures(void **state) {
    (void)state;
    struct writer w = writer_over(NULL, 10);
    put_text(&w, "seven b");
    put_repeated(&w, 'x', 3);
    assert_int_equal(w.length, 10);
    assert_false(w.full);
    put_byte(&w, 0);
    assert_true(w.full);
    w = writer_over(NULL, SIZE_MAX);
    put_byte(&w, 0);
    assert_null(writer_reserve(&w, SIZE_MAX)); /* the sum would wrap */
    assert_true(w.full);
}

static void decimals(void **state) {
    (void)state;
    char room[64];
    struct writer w = writer_over(room, sizeof room);
    put_decimal(&w, 0);
    put_decimal(&w, 1000);
    put_decimal(&w, UINT64_MAX);
    assert_int_equal(w.length, 25);
    assert_memory_equal(room, "0100018446744073709551615", 25);
}

static void varints_are_as_short_as_possible(void **state) {
    (void)state;
    static const struct {
        uint64_t number;
        const char *bytes;
        size_t size;
    } table[] = {{0, "\0", 1},
                 {127, "\x7F", 1},
                 {128, "\x80\x01", 2},
                 {300, "\xAC\x02", 2},
                 {16384, "\x80\x80\x01", 3},
                 {UINT64_MAX, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 10}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        uint8_t room[10];
        struct writer w = writer_over(room, sizeof room);
        put_varint(&w, table[i].number);
        assert_int_equal(w.length, table[i].size);
        assert_memory_equal(room, table[i].bytes, table[i].size);
        struct reader r = reader_over(room, w.length);
        assert_true(take_varint(&r) == table[i].number);
        assert_false(r.bad);
        assert_int_equal(reader_left(&r), 0);
    }
}

static void bad_varints_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } table[] = {{"", 0},
                 {"\x80", 1},
                 {"\x80\x00", 2},
                 {"\xFF\x80\x00", 3},
                 {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 10},
                 {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x81\x00", 11}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct reader r = reader_over(table[i].bytes, table[i].size);
        assert_true(take_varint(&r) == 0);
        assert_true(r.bad);
    }
}

static void a_reader_past_its_end_gives_zeros(void **state) {
    (void)state;
    struct reader r = reader_over("abc", 3);
    assert_int_equal(take_byte(&r), 'a');
    assert_int_equal(take_le32(&r), 0);
    assert_true(r.bad);
    assert_int_equal(take_byte(&r), 0); /* a byte is left, but the reader stays bad */
    struct reader empty = reader_over(NULL, 0);
    assert_null(take_bytes(&empty, 0));
    assert_false(empty.bad);
    assert_true(take_le64(&empty) == 0);
    assert_true(empty.bad);
}

static void bits_go_most_significant_first(void **state) {
    (void)state;
    uint8_t room[16];
    struct bit_writer w = {.out = writer_over(room, sizeof room)};
    put_bits(&w, 5, 3); /* 101 */
    put_bits(&w, 0, 0);
    put_bits(&w, 0x1FF, 9); /* 1 1111 1111 */
    put_bits(&w, 0, 2);
    assert_int_equal(w.count, 6);
    put_padding(&w);
    assert_int_equal(w.count, 0);
    assert_int_equal(w.out.length, 2);
    assert_memory_equal(room, "\xBF\xF0", 2);
    put_wide_bits(&w, 0xFEDCBA9876543210u, 64);
    assert_memory_equal(room + 2, "\xFE\xDC\xBA\x98\x76\x54\x32\x10", 8);
}

static void bits_come_back(void **state) {
    (void)state;
    uint64_t random = 7;
    for (int round = 0; round < 200; round++) {
        uint8_t room[512];
        uint64_t values[50];
        unsigned counts[50];
        struct bit_writer w = {.out = writer_over(room, sizeof room)};
        for (size_t i = 0; i < 50; i++) {
            counts[i] = (unsigned)random_below(&random, 65);
            values[i] = counts[i] ? random_next(&random) >> (64 - counts[i]) : 0;
            put_wide_bits(&w, values[i], counts[i]);
        }
        put_padding(&w);
        struct bit_reader r = bit_reader_over(room, w.out.length, 0);
        for (size_t i = 0; i < 50; i++) assert_true(take_bits(&r, counts[i]) == values[i]);
        assert_true(take_padding(&r));
        assert_int_equal(bits_left(&r), 0);
    }
}

static void padding_must_be_short_and_zero(void **state) {
    (void)state;
    struct bit_reader whole = bit_reader_over((const uint8_t *)"\0", 1, 0);
    assert_false(take_padding(&whole)); /* 8 bits are a byte too many */
    struct bit_reader set = bit_reader_over((const uint8_t *)"\1", 1, 1);
    assert_false(take_padding(&set));
    struct bit_reader none = bit_reader_over(NULL, 0, 0);
    assert_true(take_padding(&none));
    struct bit_reader skipped_too_far = bit_reader_over(NULL, 0, 3);
    assert_false(take_padding(&skipped_too_far));
    assert_int_equal(bits_left(&skipped_too_far), 0);
}

static void the_rest_begins_at_a_byte(void **state) {
    (void)state;
    struct bit_reader in = bit_reader_over((const uint8_t *)"abc", 3, 8);
    struct reader rest = rest_of(&in);
    assert_int_equal(reader_left(&rest), 2);
    assert_int_equal(take_byte(&rest), 'b');
    assert_int_equal(bits_left(&in), 0);
    struct bit_reader odd = bit_reader_over((const uint8_t *)"abc", 3, 4);
    assert_true(rest_of(&odd).bad);
    struct bit_reader over = bit_reader_over((const uint8_t *)"abc", 3, 0);
    assert_true(take_bits(&over, 25) == 0);
    assert_true(over.bad);
    assert_true(rest_of(&over).bad);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_and_stores_are_little_endian),
        cmocka_unit_test(a_full_writer_stores_nothing_more),
        cmocka_unit_test(a_writer_without_memory_measures),
        cmocka_unit_test(decimals),
        cmocka_unit_test(varints_are_as_short_as_possible),
        cmocka_unit_test(bad_varints_are_refused),
        cmocka_unit_test(a_reader_past_its_end_gives_zeros),
        cmocka_unit_test(bits_go_most_significant_first),
        cmocka_unit_test(bits_come_back),
        cmocka_unit_test(padding_must_be_short_and_zero),
        cmocka_unit_test(the_rest_begins_at_a_byte),
    };
    return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
