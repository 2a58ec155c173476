/* model: payloads and sections worked out by hand, and damaged ones. */
#include "test.h"

#include "model/model.h"
#include "payload_check.h"

#include <stdlib.h>

/* ---- Sections by hand ----------------------------------------------------------------------- */

/* A context: without slot (spot 0), or a spot + 1; its symbols and their weights, that of ESCAPE last. */
struct context {
    uint8_t spot, depth, shared, count;
    const char *bytes; /* newest first, without those shared with the context before */
    uint16_t symbols[4];
    uint8_t weights[5];
};

struct section {
    uint8_t mode, delimiter, flags;
    uint8_t phrase_count, run_count, slot_count, slot_bytes, root_first, root_skips;
    const char *sizes, *texts, *runs, *slots;
    uint8_t byte_weight, other_weight;
    const struct context *contexts;
    size_t context_count;
    const char *behind;
};

/* Phrases "&to=" 257, "://" 258, "id=" 259; a run of 4 decimal digits 260; copies 261; copies of the slots
   262 .. 264. "&to=" opens slot 1 with spots 3 .. 5, "id=" slot 2 with spots 6 .. 8. */
enum { TO = 257, COLON, ID, RUN, COPY, SLOT_0, SLOT_1, SLOT_2 };

static const struct context contexts[] = {
    {.depth = 2, .count = 1, .bytes = "/:", .symbols = {'w'}, .weights = {24, 8}},
    {.depth = 2, .shared = 1, .count = 2, .bytes = "x", .symbols = {'y', 256}, .weights = {0, 16, 0}},
    {.spot = 1, .count = 1, .bytes = "", .symbols = {ID}, .weights = {40, 0}},
    {.spot = 4, .count = 2, .bytes = "", .symbols = {RUN, SLOT_2}, .weights = {8, 24, 0}},
    {.spot = 7, .count = 1, .bytes = "", .symbols = {RUN}, .weights = {32, 0}},
    {.spot = 8, .depth = 1, .count = 1, .bytes = "4", .symbols = {TO}, .weights = {24, 8}},
};
enum { CONTEXTS = sizeof contexts / sizeof contexts[0] };

static const struct section anchors = {
    .mode = MODE_ANCHORS,
    .flags = 3,
    .phrase_count = 3,
    .sizes = "\4\3\3",
    .texts = "&to=://id=",
    .run_count = 1,
    .runs = "\0\4",
    .slot_count = 3,
    .slots = "\0\0\0\0\1", /* flags; flags and phrases skipped, twice */
    .slot_bytes = 5,
    .other_weight = 24,
    .contexts = contexts,
    .context_count = CONTEXTS,
    .behind = "",
};

/* Fields between commas, the second one by place: its spots are 3 .. 64. */
static const struct context field_contexts[] = {
    {.spot = 4, .count = 2, .bytes = "", .symbols = {'1', '2'}, .weights = {40, 40, 0}},
    {.spot = 5, .count = 1, .bytes = "", .symbols = {','}, .weights = {40, 0}},
};

static const struct section fields = {
    .mode = MODE_FIELDS,
    .delimiter = ',',
    .flags = 1,
    .phrase_count = 1,
    .sizes = "\3",
    .texts = "a,b",
    .runs = "",
    .slot_count = 3,
    .slots = "\0\2\1", /* flags */
    .slot_bytes = 3,
    .other_weight = 16,
    .contexts = field_contexts,
    .context_count = 2,
    .behind = "",
};

static unsigned symbols_of(const struct section *s) {
    return 257u + s->phrase_count + s->run_count + (s->flags & 1) + (s->flags & 2 ? s->slot_count : 0);
}

static void put_root(struct writer *w, const struct section *s) {
    unsigned count = symbols_of(s);
    put_varint(w, count - 1 - s->root_skips);
    put_varint(w, s->root_first);
    put_repeated(w, 0, count - 1 - s->root_skips);
    put_repeated(w, s->byte_weight, 256);
    put_repeated(w, s->other_weight, count - 256 - s->root_skips);
}

static void put_context(struct writer *w, const struct context *c, const struct context *before) {
    unsigned skipped = c->spot ? c->spot - (before ? before->spot : 1u) : 0;
    if (c->spot) put_varint(w, skipped);
    bool first = !before || skipped;
    if (!first && c->depth > 1) put_byte(w, c->shared);
    put_bytes(w, c->bytes, c->depth - c->shared);
    put_varint(w, c->count - 1u);
    for (unsigned i = 0; i < c->count; i++)
        put_varint(w, i ? c->symbols[i] - c->symbols[i - 1] - 1u : c->symbols[0]);
    put_bytes(w, c->weights, c->count + 1u);
}

static void put_level(struct writer *w, const struct section *s, bool slots, unsigned depth) {
    size_t count = 0;
    const struct context *before = NULL;
    for (size_t i = 0; i < s->context_count; i++)
        count += s->contexts[i].depth == depth && (s->contexts[i].spot != 0) == slots;
    put_varint(w, count);
    for (size_t i = 0; i < s->context_count; i++) {
        const struct context *c = &s->contexts[i];
        if (c->depth != depth || (c->spot != 0) != slots) continue;
        put_context(w, c, before);
        before = c;
    }
}

static struct bytes write_section(const struct section *s, uint8_t *room, size_t size) {
    struct writer w = writer_over(room, size);
    put_byte(&w, s->mode);
    put_byte(&w, s->delimiter);
    put_byte(&w, s->flags);
    put_varint(&w, s->phrase_count);
    put_bytes(&w, s->sizes, s->phrase_count);
    put_text(&w, s->texts);
    put_varint(&w, s->run_count);
    put_bytes(&w, s->runs, 2u * s->run_count);
    put_varint(&w, s->slot_count);
    put_bytes(&w, s->slots, s->slot_bytes);
    if (s->flags & 1) put_repeated(&w, 7, 2 * COPY_CLASSES);
    put_root(&w, s);
    for (unsigned depth = 1; depth < PLAIN_DEPTHS; depth++) put_level(&w, s, false, depth);
    for (unsigned depth = 0; depth < SLOT_DEPTHS; depth++) put_level(&w, s, true, depth);
    put_text(&w, s->behind);
    assert_false(w.full);
    return (struct bytes){room, w.length};
}

static const struct encoder *model(void) {
    return encoder_by_id(ENCODER_ID_model);
}

/* Params, and the bytes they came from. */
struct loaded {
    void *params;
    uint8_t *bytes;
};

static struct loaded load_section(const struct section *s) {
    uint8_t room[4096];
    struct bytes section = write_section(s, room, sizeof room);
    struct loaded l;
    l.params = payload_load(model(), section.at, section.size, &l.bytes);
    return l;
}

static struct loaded load_valid(const struct section *s) {
    struct loaded l = load_section(s);
    assert_non_null(l.params);
    return l;
}

static void unload(struct loaded *l) {
    const vp_allocator allocator = memory_default();
    if (l->params) model()->unload(l->params, &allocator);
    free(l->bytes);
}

/* ---- Payloads ------------------------------------------------------------------------------- */

/* Of 2^16, the weights 40 and 0 give ID 0 .. 63549 at the first place of slot 0, 32 and 0 give RUN 0 .. 61680
   and ESCAPE the rest where slot 2 begins. Slot 2 has no other context for '9' and END: in the root they are
   11399 .. 11599 and 51199 .. 52792. The bytes come from a second coder, of numbers of any size. */
static void worked_examples(void **state) {
    (void)state;
    struct loaded l = load_valid(&anchors);
    payload_is(model(), l.params, 0, "x", "\0\xFB\x19\x5F", 4);
    payload_is(model(), l.params, 4, "x", "\x0F\xB1\x96", 3);
    payload_is(model(), l.params, 0, "id=9", "\0\xEC\x35\x30", 4);
    payload_is(model(), l.params, 4, "id=9", "\x0E\xC3\x53", 3);
    payload_is(model(), l.params, 0, "id=1234&to=1234", "\0\x1C\xD8\x22", 4);
    payload_is(model(), l.params, 4, "id=1234&to=1234", "\x01\xCD\x83", 3);
    unload(&l);
}

static size_t size_of(const struct loaded *l, const char *text) {
    for (unsigned k = 0; k < 6; k++)
        assert_int_not_equal(payload_round_trip(model(), l->params, k, text), PAYLOAD_NOT_TAKEN);
    return payload_round_trip(model(), l->params, 4, text);
}

/* A value takes more where a symbol is not in reach. */
static void every_symbol_saves_what_it_should(void **state) {
    (void)state;
    struct loaded l = load_valid(&anchors);
    assert_true(size_of(&l, "id=5678") < size_of(&l, "id=567x"));                     /* run */
    assert_true(size_of(&l, "id=5678&to=5678") < size_of(&l, "id=5678&to=1234"));     /* slot copy */
    assert_true(size_of(&l, "id=1234&to=x1234") < size_of(&l, "id=1235&to=x1234"));   /* depth 1 of slot 2 */
    assert_true(size_of(&l, "id=1234://w") < size_of(&l, "id=1234:/,w"));             /* phrase, depth 2 */
    assert_true(size_of(&l, "id=1qrstuv,qrstuv") < size_of(&l, "id=1qrstuv,qrvuts")); /* copy */
    unload(&l);
    l = load_valid(&fields);
    assert_true(size_of(&l, "a,ba,ba,b,1") < size_of(&l, "a,ba,bb,a,1")); /* phrase over a delimiter */
    assert_true(size_of(&l, "a,1,ba,ba,b") < size_of(&l, "a,3,ba,ba,b")); /* second field */
    size_of(&l, ",,,,,,,,,,,1,2");
    unload(&l);
}

static void damaged_payloads_are_harmless(void **state) {
    (void)state;
    static const char *const texts[] = {"id=1234&to=1234", "x://www.id=1111&to=1111/id=1111",
                                        "aaaaaaaaaaaaaaaaaaaaaaaaa,1,2"};
    const struct section *const sections[] = {&anchors, &fields};
    for (size_t s = 0; s < 2; s++) {
        struct loaded l = load_valid(sections[s]);
        for (size_t i = 0; i < 3; i++)
            for (unsigned k = 0; k < 6; k++) payload_damage(model(), l.params, k, texts[i]);
        unload(&l);
    }
}

/* All payloads of up to two bytes: those that decode are what the encoder writes, or decode to a value
   that it cuts otherwise. */
static void short_payloads_decode_to_values(void **state) {
    (void)state;
    struct loaded l = load_valid(&anchors);
    unsigned decoded = 0, canonical = 0;
    for (uint32_t i = 0; i < 1 << 17; i++) {
        uint8_t bytes[3] = {(uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i}, value[512], again[600];
        size_t size = i & 0xFF ? 3 : i & 0xFFFF ? 2 : 1;
        struct writer out = writer_over(value, sizeof value);
        if (payload_decode(model(), l.params, 1, bytes, size, &out) != VP_OK) continue;
        decoded++;
        struct sample sample = {.bytes = value, .size = out.length};
        out = writer_over(again, sizeof again);
        size_t length = payload_encode(model(), l.params, 1, &sample, &out);
        if (length == PAYLOAD_NOT_TAKEN) continue;
        if (length == size && memcmp(bytes, again, size) == 0) canonical++;
        uint8_t back[512];
        out = writer_over(back, sizeof back);
        assert_int_equal(payload_decode(model(), l.params, 1, again, length, &out), VP_OK);
        assert_int_equal(out.length, sample.size);
        assert_memory_equal(back, value, sample.size);
    }
    assert_true(decoded > 1000 && canonical > decoded / 2);
    unload(&l);
}

/* A copy of a slot that ended on a way that the encoder was not yet sure of. Phrases of few bytes overlap
   everywhere, so that it is seldom sure. */
static void copies_of_slots_that_just_ended(void **state) {
    (void)state;
    const struct section overlapping = {.flags = 2,
                                        .phrase_count = 7,
                                        .sizes = "\2\2\2\2\3\2\3",
                                        .texts = ":::aa:aaaabb:b:a",
                                        .runs = "",
                                        .slot_count = 4,
                                        .slots = "\0\0\2\0\0\0\1", /* opened by "a:", "aa", "b:" */
                                        .slot_bytes = 7,
                                        .other_weight = 50,
                                        .behind = ""};
    struct loaded l = load_valid(&overlapping);
    uint64_t random = 6;
    unsigned taken = 0;
    for (unsigned round = 0; round < 3000; round++) {
        char text[100] = "";
        size_t size = 2 + random_below(&random, 90);
        for (size_t i = 0; i < size; i++) text[i] = "ab:"[random_below(&random, 3)];
        taken += payload_round_trip(model(), l.params, 4, text) != PAYLOAD_NOT_TAKEN;
    }
    assert_true(taken > 2900);
    unload(&l);
}

/* ---- Long values ---------------------------------------------------------------------------- */

static bool long_value_comes_back(const struct loaded *l, const uint8_t *value, size_t size) {
    struct sample sample = {.bytes = value, .size = size};
    uint8_t *encoded = test_malloc(size + 8), *back = test_malloc(size);
    struct writer out = writer_over(encoded, size + 8);
    size_t length = payload_encode(model(), l->params, 4, &sample, &out);
    bool taken = length != PAYLOAD_NOT_TAKEN;
    if (taken) {
        out = writer_over(back, size);
        assert_int_equal(payload_decode(model(), l->params, 4, encoded, length, &out), VP_OK);
        assert_int_equal(out.length, size);
        assert_memory_equal(back, value, size);
    }
    test_free(encoded);
    test_free(back);
    return taken;
}

static void the_longest_values(void **state) {
    (void)state;
    uint8_t *value = test_malloc(MODEL_VALUE + 1);
    const struct section *const sections[] = {&anchors, &fields};
    for (size_t s = 0; s < 2; s++) {
        struct loaded l = load_valid(sections[s]);
        memset(value, 'a', MODEL_VALUE + 1);
        assert_true(long_value_comes_back(&l, value, MODEL_VALUE));
        assert_false(long_value_comes_back(&l, value, MODEL_VALUE + 1));
        uint64_t random = 8;
        for (size_t i = 0; i < MODEL_VALUE; i++)
            value[i] = (uint8_t) "id=&to:/0123456789"[random_below(&random, 18)];
        memcpy(value + MODEL_VALUE / 2, value, MODEL_VALUE / 2); /* the farthest and longest copies */
        assert_true(long_value_comes_back(&l, value, MODEL_VALUE));
        random_fill(&random, value, MODEL_VALUE);
        assert_false(long_value_comes_back(&l, value, MODEL_VALUE));
        unload(&l);
    }
    test_free(value);
}

/* ---- Sections ------------------------------------------------------------------------------- */

static void damaged_sections_are_harmless(void **state) {
    (void)state;
    static const char *const texts[] = {"id=1234&to=1234", "a,1,x", NULL};
    const struct section *const sections[] = {&anchors, &fields};
    uint8_t room[4096];
    for (size_t s = 0; s < 2; s++) {
        struct bytes section = write_section(sections[s], room, sizeof room);
        payload_damage_section(model(), section.at, section.size, texts);
    }
}

/* *s does not load, and is the valid one again. */
static void refused(struct section *s) {
    struct loaded l = load_section(s);
    assert_null(l.params);
    unload(&l);
    *s = s->mode == MODE_FIELDS ? fields : anchors;
}

static void refused_context(size_t number, struct context changed) {
    struct context all[CONTEXTS];
    memcpy(all, contexts, sizeof all);
    all[number] = changed;
    struct section s = anchors;
    s.contexts = all;
    refused(&s);
}

static void sections_that_make_no_sense_are_refused(void **state) {
    (void)state;
    struct section s = anchors, f = fields;
    refused((s.mode = 2, &s));
    refused((s.flags = 7, &s));
    refused((s.delimiter = ',', &s));
    refused((s.texts = "&to=id=://", &s)); /* out of order */
    refused((s.texts = "&to=://://", &s)); /* twice the same */
    refused((s.sizes = "\4\3\0", s.texts = "&to=://", &s));
    refused((s.runs = "\7\4", &s));
    refused((s.runs = "\0\1", &s));
    refused((s.runs = "\0\x41", &s));
    refused((s.slots = "\0\0\0\0\2", &s)); /* opened by phrase 3 */
    refused((s.slots = "\4\0\0\0\1", &s));
    refused((s.root_first = 1, s.root_skips = 1, &s)); /* no byte 0 */
    refused((s.root_skips = 9, &s));                   /* no END */
    refused((s.other_weight = 128, &s));
    refused((s.behind = "x", &s));
    refused((f.flags = 3, &f)); /* copies of fields */
    refused((f.slot_count = 0, f.slot_bytes = 0, f.context_count = 0, &f));
}

static void contexts_that_make_no_sense_are_refused(void **state) {
    (void)state;
    struct context c;
    refused_context(1, (c = contexts[1], c.bytes = "0", c)); /* not behind the ':' of the one before */
    refused_context(1, (c = contexts[1], c.bytes = ":", c)); /* the same as the one before */
    refused_context(1, (c = contexts[1], c.shared = 2, c));
    refused_context(3, (c = contexts[3], c.symbols[1] = SLOT_2 + 1, c));
    refused_context(3, (c = contexts[3], c.weights[2] = 128, c));
    refused_context(3, (c = contexts[3], c.spot = 1, c));  /* twice the same spot */
    refused_context(4, (c = contexts[4], c.spot = 10, c)); /* there are 9 */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_examples),
        cmocka_unit_test(every_symbol_saves_what_it_should),
        cmocka_unit_test(damaged_payloads_are_harmless),
        cmocka_unit_test(short_payloads_decode_to_values),
        cmocka_unit_test(copies_of_slots_that_just_ended),
        cmocka_unit_test(the_longest_values),
        cmocka_unit_test(damaged_sections_are_harmless),
        cmocka_unit_test(sections_that_make_no_sense_are_refused),
        cmocka_unit_test(contexts_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
