/* symbols: payloads and sections worked out by hand, damaged sections, what a trained one saves. */
#include "test.h"

#include "bytes.h"
#include "encoder.h"
#include "profile.h"

/* One table of code words: how many of each length, then their symbols. */
struct table {
    uint8_t counts[17]; /* by length */
    uint8_t symbols[8];
};

struct section {
    uint8_t tables, start, after_literal, tokens;
    const char *sizes, *texts;
    uint8_t next[8];
    struct table table[2];
};

/* Tokens "a", "ab", "b" (0, 1, 2), ESCAPE 3. Shortest code words first, from the top of the space:
   ab 1, a 01, b 001, ESCAPE 0001. */
static const struct section one_table = {.tables = 1,
                                         .tokens = 3,
                                         .sizes = "\1\2\1",
                                         .texts = "aabb",
                                         .table = {{.counts = {0, 1, 1, 1, 1}, .symbols = {1, 0, 2, 3}}}};

/* Tokens "a", "b"; behind "a" table 1 holds. Table 0: a 1, b 01, ESCAPE 001; table 1: b 1, ESCAPE 01. */
static const struct section two_tables = {
    .tables = 2,
    .tokens = 2,
    .sizes = "\1\1",
    .texts = "ab",
    .next = {1, 0},
    .table = {{.counts = {0, 1, 1, 1}, .symbols = {0, 1, 2}}, {.counts = {0, 1, 1}, .symbols = {1, 2}}}};

static struct bytes write_section(const struct section *s, uint8_t *room, size_t size) {
    struct writer w = writer_over(room, size);
    put_byte(&w, s->tables);
    put_byte(&w, s->start);
    put_byte(&w, s->after_literal);
    put_le16(&w, s->tokens);
    put_bytes(&w, s->sizes, s->tokens);
    for (size_t i = 0, at = 0; i < s->tokens; at += (uint8_t)s->sizes[i++])
        put_bytes(&w, s->texts + at, (uint8_t)s->sizes[i]);
    put_bytes(&w, s->next, s->tokens);
    for (unsigned t = 0; t < s->tables && t < 2; t++) {
        unsigned total = 0;
        for (unsigned length = 1; length <= 16; length++) put_le16(&w, s->table[t].counts[length]);
        for (unsigned length = 1; length <= 16; length++) total += s->table[t].counts[length];
        for (unsigned i = 0; i < total; i++) put_le16(&w, s->table[t].symbols[i]);
    }
    assert_false(w.full);
    return (struct bytes){room, w.length};
}

static struct bytes file_of(const struct section *s, unsigned bits) {
    uint8_t room[512];
    return single_encoder_profile(ENCODER_ID_symbols, ROW_CODES, bits, write_section(s, room, sizeof room));
}

static struct coder open_section(const struct section *s, unsigned bits) {
    struct bytes file = file_of(s, bits);
    vp_profile *profile = load_profile(file);
    struct coder c = coder_of(profile, NULL);
    vp_profile_release(profile);
    test_free(file.at);
    return c;
}

static void assert_encoding(vp_context *x, const char *value, const char *expected, size_t size) {
    struct bytes stored = round_trip(x, value, strlen(value));
    assert_int_equal(stored.size, size);
    assert_memory_equal(stored.at, expected, size);
    test_free(stored.at);
}

/* ab 1, b 001, a 01, ESCAPE 0001, x 01111000: 1001 | 01000101 111000 and two zero bits. */
static void worked_example_of_one_table(void **state) {
    (void)state;
    struct coder c = open_section(&one_table, 4);
    assert_encoding(c.context, "abbax", "\xA9\x45\xE0", 3);
    assert_encoding(c.context, "abababab", "\xAF", 1);
    assert_encoding(c.context, "ababababab", "\xAF\x80", 2);
    coder_close(&c);
}

/* a 1, b 1 (table 1), a 1 (table 0), ESCAPE 01 (table 1) a 1 (table 0), b 1 (table 1): 111 | 0111. */
static void worked_example_of_two_tables(void **state) {
    (void)state;
    struct coder c = open_section(&two_tables, 3);
    assert_encoding(c.context, "abaab", "\xA7\x70", 2);
    coder_close(&c);
}

static void every_place_of_the_first_bit(void **state) {
    (void)state;
    for (unsigned bits = 0; bits <= 5; bits++) {
        struct coder c = open_section(&one_table, bits);
        struct bytes stored = round_trip(c.context, "abbax", 5);
        assert_int_equal(stored.size, 1 + (18 - bits + 7) / 8);
        test_free(stored.at);
        coder_close(&c);
    }
}

static void payloads_that_nobody_writes(void **state) {
    (void)state;
    static const struct {
        const char *data;
        size_t size;
    } table[] = {
        {"\xA0\x00", 2},         /* a byte of padding */
        {"\xA8\x00", 2},         /* the same behind a token */
        {"\xA1", 1},             /* ESCAPE without a byte */
        {"\xA8\xF0", 2},         /* ab, ESCAPE and seven bits */
        {"\xA9\x45\xE0\x00", 4}, /* a byte too many */
        {"\xA8\x01", 2},         /* padding that is not zero and no code word */
        {"\xA0\x0F", 2},         /* no code word begins with seven zeros */
    };
    struct coder c = open_section(&one_table, 4);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        uint8_t out[64];
        int64_t status = vp_decode(c.context, table[i].data, table[i].size, out, sizeof out);
        if (status != VP_ERR_CORRUPT) fail_msg("payload %zu gives %d", i, (int)status);
    }
    coder_close(&c);
}

static void assert_refused(const struct section *s) {
    struct bytes file = file_of(s, 0);
    vp_profile *profile = NULL;
    assert_int_equal(vp_profile_load(file.at, file.size, NULL, &profile), VP_ERR_PROFILE);
    test_free(file.at);
}

static void damaged_sections_are_refused(void **state) {
    (void)state;
    struct section s = one_table;
    s.tables = 0;
    assert_refused(&s);
    s = one_table, s.tables = 65;
    assert_refused(&s);
    s = one_table, s.start = 1;
    assert_refused(&s);
    s = one_table, s.after_literal = 1;
    assert_refused(&s);
    s = one_table, s.next[2] = 1;
    assert_refused(&s);
    s = one_table, s.texts = "babb"; /* not sorted */
    assert_refused(&s);
    s = one_table, s.texts = "aaaa"; /* a, aa, a */
    assert_refused(&s);
    s = one_table, s.sizes = "\0\2\1"; /* an empty token */
    assert_refused(&s);
    s = one_table, s.table[0].symbols[0] = 0; /* a symbol twice, another never */
    assert_refused(&s);
    s = one_table, s.table[0].symbols[3] = 4; /* beyond ESCAPE */
    assert_refused(&s);
    s = one_table, s.table[0].counts[4] = 0; /* ESCAPE has no code word */
    assert_refused(&s);
    s = one_table, s.table[0].counts[3] = 2, s.table[0].counts[4] = 0; /* nothing left for the padding */
    assert_refused(&s);
    s = one_table, s.table[0].counts[1] = 2; /* more code words than there are */
    assert_refused(&s);
    s = two_tables, s.table[1].counts[1] = 2, s.table[1].counts[2] = 0, s.table[1].symbols[0] = 1;
    assert_refused(&s);
    s = two_tables, s.table[1].symbols[0] = 0, s.table[1].symbols[1] = 1; /* table 1 without ESCAPE */
    assert_refused(&s);
}

/* Tokens are found however long, and nothing is lost where they overlap. */
static void trained_tables_save_and_give_back(void **state) {
    (void)state;
    static const enum value_kind kinds[] = {VALUE_SESSION, VALUE_EMAIL, VALUE_URL, VALUE_TEXT, VALUE_UTF8};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        struct bytes section = train_section(ENCODER_ID_symbols, 0, kinds[k], 300);
        struct bytes file = single_encoder_profile(ENCODER_ID_symbols, ROW_CODES, 4, section);
        vp_profile *profile = load_profile(file);
        struct coder c = coder_of(profile, NULL);
        size_t raw = 0, encoded = 0;
        uint64_t random = 4711; /* values that were not trained on */
        uint8_t value[VALUE_ROOM];
        for (int i = 0; i < 300; i++) {
            size_t size = make_value(kinds[k], &random, value);
            struct bytes stored = round_trip(c.context, value, size);
            raw += size;
            encoded += stored.size;
            test_free(stored.at);
        }
        assert_true(encoded * 2 < raw);
        coder_close(&c);
        vp_profile_release(profile);
        test_free(file.at);
        test_free(section.at);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_example_of_one_table),  cmocka_unit_test(worked_example_of_two_tables),
        cmocka_unit_test(every_place_of_the_first_bit), cmocka_unit_test(payloads_that_nobody_writes),
        cmocka_unit_test(damaged_sections_are_refused), cmocka_unit_test(trained_tables_save_and_give_back),
    };
    return cmocka_run_group_tests_name("symbols", tests, NULL, NULL);
}
