#include "model/range_coder.h"

#include "test.h"

/* ---- Symbols and streams -------------------------------------------------------------------- */

/* Of 2^bits; with bits above RANGE_MAX_BITS, `start` of `width` equally likely ones. */
struct symbol {
    uint32_t start, width;
    unsigned bits;
};

enum { UNIFORM = RANGE_MAX_BITS + 1, MOST_SYMBOLS = 3000, ROOM = 2 * MOST_SYMBOLS + 16 };

static struct symbol uniform(uint32_t value, uint32_t total) {
    return (struct symbol){.start = value, .width = total, .bits = UNIFORM};
}

/* The header byte, if there is one, and the payload. */
struct stream {
    uint8_t bytes[ROOM];
    size_t size;
    unsigned k;
};

/* With the header's bits, if any, all set. */
static bool encode_into(struct stream *s, const struct symbol *symbols, size_t count, size_t capacity) {
    static uint8_t number[ROOM];
    unsigned pending = s->k ? 8 - s->k : 0;
    struct bit_writer w = {.out = writer_over(s->bytes, sizeof s->bytes), .count = pending};
    w.pending = ((uint64_t)1 << pending) - 1;
    struct range_encoder e = range_encode_begin(number, capacity, s->k);
    for (size_t i = 0; i < count; i++) {
        if (symbols[i].bits == UNIFORM) range_encode_uniform(&e, symbols[i].start, symbols[i].width);
        else range_encode(&e, symbols[i].start, symbols[i].width, symbols[i].bits);
    }
    range_encode_end(&e, &w);
    s->size = w.out.length;
    assert_int_equal(w.count, w.out.full ? pending : 0);
    return !w.out.full;
}

static struct stream stream_of(const struct symbol *symbols, size_t count, unsigned k) {
    struct stream s = {.k = k};
    assert_true(encode_into(&s, symbols, count, ROOM));
    return s;
}

static struct range_decoder decoder_of(const struct stream *s) {
    struct bit_reader in = bit_reader_over(s->bytes, s->size, s->k ? 8 - s->k : 0);
    struct range_decoder d = range_decode_begin(&in);
    assert_int_equal(bits_left(&in), 0);
    return d;
}

/* Takes this symbol if it is what comes next. */
static bool next_is(struct range_decoder *d, const struct symbol *s) {
    if (s->bits == UNIFORM) {
        uint32_t value = range_decode_uniform(d, s->width);
        assert_true(value < s->width);
        return value == s->start;
    }
    uint32_t at = range_decode_peek(d, s->bits);
    assert_true(at < (uint32_t)1 << s->bits);
    if (at < s->start || at - s->start >= s->width) return false;
    range_decode_take(d, s->start, s->width);
    return true;
}

static bool decodes_to_symbols(const struct stream *s, const struct symbol *symbols, size_t count) {
    struct range_decoder d = decoder_of(s);
    for (size_t i = 0; i < count; i++)
        if (!next_is(&d, &symbols[i])) return false;
    return range_decode_end(&d);
}

static void assert_bytes(const struct stream *s, const void *expected, size_t size) {
    assert_int_equal(s->size, size);
    assert_memory_equal(s->bytes, expected, size);
}

/* ---- Random symbols ------------------------------------------------------------------------- */

enum mixture { ANY, LIKELY, RARE, FIRST, LAST, EVEN, MIXTURES };

static struct symbol random_symbol(enum mixture mixture, uint64_t *random) {
    static const uint32_t totals[] = {1, 2, 3, 10, 3844, 65535, 65536};
    unsigned bits = (unsigned)random_below(random, RANGE_MAX_BITS + 1);
    uint32_t total = (uint32_t)1 << bits, start = (uint32_t)random_below(random, total);
    uint32_t width = 1 + (uint32_t)random_below(random, total - start);
    switch (mixture) {
    case LIKELY: return (struct symbol){100, 65000, 16};
    case RARE: return (struct symbol){start % 2 ? 0xFFFF : start, 1, 16};
    case FIRST: return (struct symbol){0, width, bits};
    case LAST: return (struct symbol){total - width, width, bits};
    case EVEN: total = totals[random_below(random, sizeof totals / sizeof totals[0])]; break;
    default: return (struct symbol){start, width, bits};
    }
    return uniform((uint32_t)random_below(random, total), total);
}

static size_t random_symbols(struct symbol *symbols, size_t most, uint64_t *random) {
    size_t count = (size_t)random_below(random, most + 1);
    enum mixture mixture = (enum mixture)random_below(random, MIXTURES);
    for (size_t i = 0; i < count; i++)
        symbols[i] = random_symbol(random_below(random, 9) ? mixture : ANY, random);
    return count;
}

/* ---- Tests ---------------------------------------------------------------------------------- */

static void all_streams_come_back(void **state) {
    (void)state;
    static struct symbol symbols[MOST_SYMBOLS];
    uint64_t random = 1;
    for (unsigned round = 0; round < 4000; round++) {
        size_t count = random_symbols(symbols, round % 100 ? 40 : MOST_SYMBOLS, &random);
        struct stream s = stream_of(symbols, count, round % 8);
        assert_true(decodes_to_symbols(&s, symbols, count));
        if (s.k) assert_int_equal(s.bytes[0] >> s.k, 0xFF >> s.k);
    }
}

static void the_bytes_are_these(void **state) {
    (void)state;
    /* a = 0..2 of 4, b = 3 of 4, end = the upper half of 2 */
    const struct symbol a = {0, 3, 2}, b = {3, 1, 2}, end = {1, 1, 1};
    const struct symbol only_end[] = {end}, abba[] = {a, b, b, a, end};
    struct stream s = stream_of(only_end, 1, 4);
    assert_bytes(&s, "\xF8", 1); /* [8, 16) of 16 */
    s = stream_of(only_end, 1, 0);
    assert_bytes(&s, "\x80", 1); /* [0.5, 1) */
    /* a [0, 3/4), b from 9/16, b from 45/64, a to 45/64 + 9/256, end from 45/64 + 9/512 = 369/512 */
    s = stream_of(abba, 5, 0);
    assert_bytes(&s, "\xB9", 1); /* 184.5 .. 189 of 256 */
    s = stream_of(abba, 5, 1);
    assert_bytes(&s, "\xFF\x71", 2); /* 369 .. 378 of 512: no number of one bit */
    s = stream_of(abba, 5, 4);
    assert_bytes(&s, "\xFB\x88", 2); /* 2952 .. 3024 of 4096: 11.53 .. 11.81 of 16 */
    s = stream_of(abba, 5, 7);
    assert_bytes(&s, "\xDD", 1); /* 92.25 .. 94.5 of 128 */
}

static void what_is_certain_takes_no_bits(void **state) {
    (void)state;
    struct symbol symbols[1000];
    for (unsigned i = 0; i < 1000; i++)
        symbols[i] = i % 2 ? uniform(0, 1) : (struct symbol){0, (uint32_t)1 << i % 17, i % 17};
    for (unsigned k = 0; k < 8; k++) {
        struct stream s = stream_of(symbols, 1000, k);
        assert_bytes(&s, (uint8_t[]){(uint8_t)(0xFF << k)}, k ? 1 : 0);
        assert_true(decodes_to_symbols(&s, symbols, 1000));
    }
}

/* The first symbols are at the start of the range: their number is 0 however many there are. */
static void zeros_at_the_end_are_not_written(void **state) {
    (void)state;
    static struct symbol symbols[MOST_SYMBOLS];
    for (unsigned i = 0; i < MOST_SYMBOLS; i++) symbols[i] = (struct symbol){0, 1, 16};
    struct stream s = stream_of(symbols, MOST_SYMBOLS, 0);
    assert_int_equal(s.size, 0);
    assert_true(decodes_to_symbols(&s, symbols, MOST_SYMBOLS));
    symbols[0].start = 0x1234;
    s = stream_of(symbols, MOST_SYMBOLS, 3);
    assert_bytes(&s, "\xF8\x91\xA0", 3);
    assert_true(decodes_to_symbols(&s, symbols, MOST_SYMBOLS));
}

/* While the range lies around 0x80, low is 0x7FFFFF.. and grows; what comes last decides. */
static void a_carry_runs_through_all_bytes(void **state) {
    (void)state;
    struct symbol symbols[200];
    for (unsigned count = 1; count < 200; count++) {
        for (unsigned i = 0; i < count; i++) symbols[i] = (struct symbol){0x7FFF, 2, 16};
        struct stream s = stream_of(symbols, count, 0);
        assert_bytes(&s, "\x80", 1);
        assert_true(decodes_to_symbols(&s, symbols, count));
        symbols[count - 1] = (struct symbol){0x8001, 1, 16};
        s = stream_of(symbols, count, 0);
        size_t equal_bytes = (count - 1) * 15 / 8;
        assert_true(s.size > equal_bytes && s.bytes[0] == 0x80);
        for (size_t i = 1; i < equal_bytes; i++) assert_int_equal(s.bytes[i], 0);
        assert_true(decodes_to_symbols(&s, symbols, count));
        symbols[count - 1].start = 0x7FF0;
        s = stream_of(symbols, count, 0);
        assert_true(s.size > equal_bytes && s.bytes[0] == 0x7F);
        for (size_t i = 1; i < equal_bytes; i++) assert_int_equal(s.bytes[i], 0xFF);
        assert_true(decodes_to_symbols(&s, symbols, count));
    }
}

static bool same_bytes(const struct stream *a, const struct stream *b) {
    return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

/* Every other tail is refused, or means something else. */
static void only_the_shortest_tail_is_accepted(void **state) {
    (void)state;
    struct symbol symbols[60];
    uint64_t random = 2;
    for (unsigned round = 0; round < 400; round++) {
        size_t count = random_symbols(symbols, 60, &random);
        struct stream good = stream_of(symbols, count, round % 8);
        assert_true(decodes_to_symbols(&good, symbols, count));
        for (unsigned i = 0; i < 256; i++) {
            struct stream s = good;
            s.bytes[s.size++] = (uint8_t)i;
            assert_false(decodes_to_symbols(&s, symbols, count));
        }
        size_t header = good.k ? 1 : 0;
        for (size_t size = header; size < good.size; size++) {
            struct stream s = good;
            s.size = size;
            assert_false(decodes_to_symbols(&s, symbols, count));
        }
        for (size_t i = 0; i < 6 && i + header < good.size; i++) {
            for (unsigned byte = 0; byte < 256; byte++) {
                struct stream s = good;
                s.bytes[s.size - 1 - i] = (uint8_t)byte;
                if (!same_bytes(&s, &good)) assert_false(decodes_to_symbols(&s, symbols, count));
            }
        }
        for (unsigned i = 0; i < good.k; i++) {
            struct stream s = good;
            s.bytes[0] ^= (uint8_t)(1 << i);
            assert_false(decodes_to_symbols(&s, symbols, count));
        }
    }
}

/* A small model: its last symbol ends the stream. */
static const struct symbol model[] = {{0, 90, 8}, {90, 1, 8}, {91, 150, 8}, {241, 15, 8}};
enum { MODEL_SYMBOLS = 4, MODEL_END = 3, MODEL_TOTAL = 10 };

/* Decodes up to the end symbol; every third symbol is a digit. Returns the count of symbols, 0 if there
   is no end. */
static size_t decode_by_model(const struct stream *s, struct symbol *symbols, size_t most, bool *accepted) {
    struct range_decoder d = decoder_of(s);
    for (size_t count = 0; count < most; count++) {
        if (count % 3 == 2) {
            symbols[count] = uniform(range_decode_uniform(&d, MODEL_TOTAL), MODEL_TOTAL);
            continue;
        }
        uint32_t at = range_decode_peek(&d, 8);
        unsigned i = 0;
        while (i < MODEL_END && range_decode_reaches(&d, model[i + 1].start)) i++;
        assert_true(at >= model[i].start && at - model[i].start < model[i].width);
        symbols[count] = model[i];
        range_decode_take(&d, model[i].start, model[i].width);
        if (i < MODEL_END) continue;
        *accepted = range_decode_end(&d);
        return count + 1;
    }
    return 0;
}

/* All payloads of 0..2 bytes, for each k: those accepted are what the encoder writes. */
static void every_short_payload_has_its_meaning_alone(void **state) {
    (void)state;
    struct symbol symbols[500];
    for (unsigned k = 0; k < 6; k++) {
        struct stream s = {.k = k}, again = {.k = k};
        size_t header = k ? 1 : 0, accepted_count = 0;
        for (uint32_t i = 0; i < (uint32_t)1 << (16 + k); i++) {
            s.bytes[0] = (uint8_t)(0xFFu << k | i >> 16);
            s.bytes[header] = (uint8_t)(i >> 8);
            s.bytes[header + 1] = (uint8_t)i;
            for (size_t size = 0; size <= 2; size++) {
                if (size < 2 && i & 0xFF) continue;
                if (size < 1 && i & 0xFFFF) continue;
                bool accepted = false;
                s.size = header + size;
                size_t count = decode_by_model(&s, symbols, 500, &accepted);
                if (!accepted) continue;
                assert_true(encode_into(&again, symbols, count, ROOM));
                assert_bytes(&again, s.bytes, s.size);
                accepted_count++;
            }
        }
        assert_true(accepted_count > 1000);
    }
}

/* The same from the other side: all short sequences of symbols, each with bytes of its own. */
static void every_short_sequence_comes_back(void **state) {
    (void)state;
    struct symbol symbols[6], back[6];
    for (unsigned k = 0; k < 8; k++) {
        for (uint32_t i = 0; i < 3 * 3 * 10 * 3 * 3; i++) {
            symbols[0] = model[i % 3];
            symbols[1] = model[i / 3 % 3];
            symbols[2] = uniform(i / 9 % 10, MODEL_TOTAL);
            symbols[3] = model[i / 90 % 3];
            symbols[4] = model[MODEL_END];
            struct stream s = stream_of(symbols, 5, k);
            bool accepted = false;
            assert_int_equal(decode_by_model(&s, back, 6, &accepted), 5);
            assert_true(accepted);
            for (unsigned j = 0; j < 5; j++) assert_int_equal(symbols[j].start, back[j].start);
        }
    }
}

/* The part of the range that belongs to no symbol is never written, and refused. */
static void what_belongs_to_no_symbol_is_refused(void **state) {
    (void)state;
    struct stream s = {.bytes = "\xFF\xFF\xFF\xFF\xFF\xFF\xFF", .size = 7};
    struct range_decoder d = decoder_of(&s);
    assert_int_equal(range_decode_uniform(&d, 3), 2);
    assert_false(range_decode_end(&d)); /* 2^56 = 3 * 24019198012642645 + 1 */
    d = decoder_of(&s);
    const struct symbol last = {0xFFFF, 1, 16}; /* beyond, and then through a word that is read */
    assert_int_equal(range_decode_uniform(&d, 3), 2);
    for (unsigned i = 0; i < 20; i++) {
        assert_true(next_is(&d, &last));
        assert_false(range_decode_end(&d));
    }
}

static void reading_past_the_end_gives_zeros(void **state) {
    (void)state;
    struct guard g = guard_new(16);
    for (size_t size = 0; size < 16; size++) {
        uint8_t *bytes = guard_end(&g, size);
        memset(bytes, 0xA5, size);
        struct bit_reader in = bit_reader_over(bytes, size, 0);
        struct range_decoder d = range_decode_begin(&in);
        for (size_t i = 0; i < 100; i++) {
            assert_int_equal(range_decode_peek(&d, 8), i < size ? 0xA5 : 0);
            range_decode_take(&d, i < size ? 0xA5 : 0, 1);
            assert_int_equal(range_decode_end(&d), i + 1 >= size);
        }
    }
    guard_free(&g);
    struct bit_reader in = {.bad = true};
    struct range_decoder d = range_decode_begin(&in);
    assert_int_equal(range_decode_peek(&d, 16), 0);
    assert_false(range_decode_end(&d));
}

/* Nothing is written behind the room there is, whether the coder's own or the writer's. */
static void too_little_room_is_noticed(void **state) {
    (void)state;
    struct symbol symbols[60];
    uint64_t random = 5;
    struct guard g = guard_new(ROOM), h = guard_new(ROOM);
    for (unsigned round = 0; round < 200; round++) {
        size_t count = random_symbols(symbols, 60, &random);
        struct stream s = {.k = round % 8};
        assert_true(encode_into(&s, symbols, count, ROOM));
        for (size_t capacity = 0; capacity < s.size + 8; capacity++) {
            unsigned pending = s.k ? 8 - s.k : 0;
            struct bit_writer w = {.out = writer_over(guard_end(&h, capacity), capacity), .count = pending};
            size_t own = random_below(&random, 2) ? ROOM : capacity;
            struct range_encoder e = range_encode_begin(guard_end(&g, own), own, s.k);
            for (size_t i = 0; i < count; i++) {
                if (symbols[i].bits == UNIFORM) range_encode_uniform(&e, symbols[i].start, symbols[i].width);
                else range_encode(&e, symbols[i].start, symbols[i].width, symbols[i].bits);
            }
            range_encode_end(&e, &w);
            if (own == ROOM) assert_int_equal(w.out.full, capacity < s.size);
            else assert_true(w.out.full || capacity >= s.size);
        }
    }
    guard_free(&g);
    guard_free(&h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_streams_come_back),
        cmocka_unit_test(the_bytes_are_these),
        cmocka_unit_test(what_is_certain_takes_no_bits),
        cmocka_unit_test(zeros_at_the_end_are_not_written),
        cmocka_unit_test(a_carry_runs_through_all_bytes),
        cmocka_unit_test(only_the_shortest_tail_is_accepted),
        cmocka_unit_test(every_short_payload_has_its_meaning_alone),
        cmocka_unit_test(every_short_sequence_comes_back),
        cmocka_unit_test(what_belongs_to_no_symbol_is_refused),
        cmocka_unit_test(reading_past_the_end_gives_zeros),
        cmocka_unit_test(too_little_room_is_noticed),
    };
    return cmocka_run_group_tests_name("range_coder", tests, NULL, NULL);
}
