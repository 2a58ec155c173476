/* Phrases of the model encoder: the stream they make, what becomes one, and the limits. */
#include "test.h"

#include "train/model_phrases.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST = 1200, ROOM = 512 };

/* Samples of a test, and what is learned from them. */
struct lesson {
    struct sample items[MOST];
    struct samples samples;
    uint8_t bytes[MOST][ROOM];
    struct arena arena;
    struct phrase_set set;
};

static const struct phrase_recipe plain = {.theta = 10, .most = 6000, .most_bytes = 1 << 17, .min_count = 2};

static struct lesson *lesson_new(void) {
    struct lesson *l = calloc(1, sizeof *l);
    assert_non_null(l);
    l->samples.items = l->items;
    l->arena = arena_over(memory_default());
    return l;
}

static void lesson_free(struct lesson *l) {
    arena_free(&l->arena);
    free(l);
}

static void add(struct lesson *l, const void *bytes, size_t size) {
    assert_true(l->samples.count < MOST && size <= ROOM);
    uint8_t *to = l->bytes[l->samples.count];
    if (size) memcpy(to, bytes, size);
    l->items[l->samples.count++] = (struct sample){to, size};
    l->samples.bytes += size;
}

static void add_text(struct lesson *l, const char *text) {
    add(l, text, strlen(text));
}

static void add_kind(struct lesson *l, enum value_kind kind, size_t count, uint64_t seed) {
    uint8_t value[VALUE_ROOM];
    for (size_t i = 0; i < count; i++) {
        size_t size = make_value(kind, &seed, value);
        add(l, value, size < ROOM ? size : ROOM);
    }
}

static bool has_phrase(const struct phrase_set *set, const char *text) {
    for (unsigned i = 0; i < set->count; i++)
        if (set->items[i].size == strlen(text) && memcmp(set->items[i].text, text, strlen(text)) == 0)
            return true;
    return false;
}

static int compare(const struct phrase *x, const struct phrase *y) {
    int order = memcmp(x->text, y->text, x->size < y->size ? x->size : y->size);
    return order ? order : (x->size > y->size) - (x->size < y->size);
}

/* The tokens of a sample, one after the other, are its text; counts each phrase's uses and samples. */
static void assert_stream(const struct lesson *l, struct phrase *counted) {
    const struct phrase_set *set = &l->set;
    size_t *seen = calloc(set->count + 1, sizeof *seen);
    assert_int_equal(set->starts[0], 0);
    for (size_t s = 0; s < l->samples.count; s++) {
        size_t at = 0;
        const struct sample *sample = &l->samples.items[s];
        for (uint32_t i = set->starts[s]; i < set->starts[s + 1]; i++) {
            unsigned token = set->tokens[i];
            assert_true(token < PHRASE_FIRST + set->count);
            uint8_t byte = (uint8_t)token;
            struct phrase *p = token < PHRASE_FIRST ? NULL : &counted[token - PHRASE_FIRST];
            uint32_t size = p ? p->size : 1;
            assert_true(at + size <= sample->size);
            assert_memory_equal(sample->bytes + at, p ? p->text : &byte, size);
            at += size;
            if (!p) continue;
            p->uses++;
            p->distinct += seen[token - PHRASE_FIRST] != s + 1;
            seen[token - PHRASE_FIRST] = s + 1;
        }
        assert_int_equal(at, sample->size);
    }
    free(seen);
}

/* Everything the header promises of a set. */
static void assert_sound(const struct lesson *l, const struct phrase_recipe *recipe) {
    const struct phrase_set *set = &l->set;
    struct phrase *counted = calloc(set->count + 1, sizeof *counted);
    uint64_t bytes = 0;
    for (unsigned i = 0; i < set->count; i++) {
        counted[i] = (struct phrase){.text = set->items[i].text, .size = set->items[i].size};
        bytes += set->items[i].size;
    }
    assert_stream(l, counted);
    for (unsigned i = 0; i < set->count; i++) {
        const struct phrase *p = &set->items[i];
        assert_true(p->size >= 2 && p->size <= PHRASE_LARGEST);
        assert_int_equal(p->uses, counted[i].uses);
        assert_int_equal(p->distinct, counted[i].distinct);
        assert_true(p->uses >= 3 && p->distinct >= 2 && p->distinct >= recipe->min_count);
        assert_true(i == 0 || compare(p - 1, p) < 0);
    }
    assert_true(set->count <= recipe->most && bytes <= recipe->most_bytes);
    free(counted);
}

static void learn(struct lesson *l, const struct phrase_recipe *recipe) {
    assert_true(learn_phrases(&l->arena, l->samples, recipe, &l->set));
    assert_sound(l, recipe);
}

/* Keys and what surrounds them become phrases that end where the values begin. */
static void templates(void **state) {
    (void)state;
    struct lesson *l = lesson_new();
    uint64_t random = 1;
    for (unsigned i = 0; i < 300; i++) {
        char text[ROOM], word[8];
        for (unsigned j = 0; j < 7; j++) word[j] = (char)('a' + random_below(&random, 26));
        word[7] = 0;
        snprintf(text, sizeof text, "{\"login\":\"%s\",\"number\":%u,\"ok\":true}", word,
                 (unsigned)random_below(&random, 1000000));
        add_text(l, text);
    }
    learn(l, &plain);
    assert_true(has_phrase(&l->set, "{\"login\":\""));
    assert_true(has_phrase(&l->set, "\",\"number\":"));
    assert_true(has_phrase(&l->set, ",\"ok\":true}"));
    for (unsigned i = 0; i < l->set.count; i++)
        for (uint32_t j = 0; j < l->set.items[i].size; j++)
            assert_false(l->set.items[i].text[j] >= '0' && l->set.items[i].text[j] <= '9');
    for (size_t s = 0; s < l->samples.count; s++) /* 3 phrases, 7 letters and 6 digits at most */
        assert_true(l->set.starts[s + 1] - l->set.starts[s] <= 16);
    lesson_free(l);
}

/* A digit that always is the same belongs to the template, one that varies does not. */
static void digits_at_seams(void **state) {
    (void)state;
    struct lesson *l = lesson_new();
    uint64_t random = 5;
    for (unsigned i = 0; i < 300; i++) {
        char text[ROOM];
        snprintf(text, sizeof text, "HTTP/1.1 %u size=%u;", (unsigned)random_below(&random, 1000),
                 (unsigned)random_below(&random, 1000));
        add_text(l, text);
    }
    learn(l, &plain);
    assert_int_equal(l->set.count, 2);
    assert_true(has_phrase(&l->set, "HTTP/1.1 "));
    assert_true(has_phrase(&l->set, " size="));
    lesson_free(l);
}

/* How sure a neighbour must be within words is the recipe's business. */
static void theta(void **state) {
    (void)state;
    struct lesson *l = lesson_new();
    static const char *const rest[] = {"ab", "ac", "ad", "ae", "bc", "bd", "be", "cd", "ce", "de"};
    for (unsigned i = 0; i < 200; i++) /* every letter is followed by each other one in 1 of 5 cases or so */
        add_text(l, rest[i % 10]);
    struct phrase_recipe recipe = plain;
    recipe.theta = 10;
    learn(l, &recipe);
    unsigned easily = l->set.count;
    recipe.theta = 90;
    learn(l, &recipe);
    assert_true(l->set.count < easily);
    lesson_free(l);
}

static void identical_samples(void **state) {
    (void)state;
    struct lesson *l = lesson_new();
    for (unsigned i = 0; i < 50; i++) add_text(l, "The same words, again and again.");
    learn(l, &plain);
    assert_int_equal(l->set.count, 1);
    assert_int_equal(l->set.starts[50], 50);
    assert_int_equal(l->set.items[0].uses, 50);
    assert_int_equal(l->set.items[0].distinct, 50);
    lesson_free(l);
}

static void runs(void **state) {
    (void)state;
    struct lesson *l = lesson_new();
    for (unsigned i = 0; i < 60; i++) {
        uint8_t same[ROOM];
        memset(same, i % 3 ? ' ' : 0, sizeof same);
        add(l, same, 1 + i * 8);
    }
    learn(l, &plain);
    assert_true(l->set.count > 0);
    assert_true(l->set.starts[60] < l->samples.bytes / 20);
    lesson_free(l);
}

/* Longer than a phrase may be. */
static void long_samples(void **state) {
    (void)state;
    struct lesson *l = lesson_new();
    uint8_t text[ROOM];
    uint64_t random = 2;
    random_fill(&random, text, sizeof text);
    for (unsigned i = 0; i < 20; i++) add(l, text, sizeof text);
    learn(l, &plain);
    assert_true(l->set.count >= ROOM / PHRASE_LARGEST);
    assert_true(l->set.starts[1] < 20);
    lesson_free(l);
}

static void nothing_to_learn(void **state) {
    (void)state;
    struct lesson *l = lesson_new();
    learn(l, &plain); /* no sample */
    assert_int_equal(l->set.count, 0);
    add_text(l, "");
    learn(l, &plain);
    assert_int_equal(l->set.count, 0);
    add_text(l, "ababababababababababababab"); /* repeats, but only here */
    learn(l, &plain);
    assert_int_equal(l->set.count, 0);
    assert_int_equal(l->set.starts[2], 26);
    add_kind(l, VALUE_NOISE, 50, 3);
    learn(l, &plain);
    assert_int_equal(l->set.count, 0);
    lesson_free(l);
}

static void min_count(void **state) {
    (void)state;
    struct lesson *l = lesson_new();
    for (unsigned i = 0; i < 40; i++) add_text(l, i < 7 ? "my secret words" : "what all may see");
    struct phrase_recipe recipe = plain;
    recipe.min_count = 7;
    learn(l, &recipe);
    assert_true(has_phrase(&l->set, "my secret words"));
    recipe.min_count = 8;
    learn(l, &recipe);
    assert_false(has_phrase(&l->set, "my secret words"));
    assert_true(has_phrase(&l->set, "what all may see"));
    for (unsigned i = 0; i < l->set.count; i++)
        assert_true(l->set.items[i].size < 3 || memcmp(l->set.items[i].text, "sec", 3) != 0);
    lesson_free(l);
}

/* What is learned from every kind of value is sound, within any limits, and the same each time. */
static void every_kind(void **state) {
    (void)state;
    static const struct phrase_recipe recipes[] = {
        {10, 6000, 1 << 17, 2}, {30, 6000, 1 << 17, 5},  {10, 20, 1 << 17, 1}, {10, 6000, 300, 2},
        {0, 7, 40, 3},          {100, 6000, 1 << 17, 2}, {10, 0, 1 << 17, 2},  {10, 6000, 0, 2}};
    for (int kind = 0; kind < VALUE_KINDS; kind++) {
        struct lesson *l = lesson_new();
        add_kind(l, (enum value_kind)kind, 400, (uint64_t)kind);
        for (size_t i = 0; i < sizeof recipes / sizeof recipes[0]; i++) {
            learn(l, &recipes[i]);
            struct phrase_set once = l->set;
            learn(l, &recipes[i]);
            assert_int_equal(once.count, l->set.count);
            assert_memory_equal(once.starts, l->set.starts, (l->samples.count + 1) * sizeof *once.starts);
            assert_memory_equal(once.tokens, l->set.tokens,
                                once.starts[l->samples.count] * sizeof *once.tokens);
            for (unsigned j = 0; j < once.count; j++)
                assert_int_equal(compare(&once.items[j], &l->set.items[j]), 0);
        }
        lesson_free(l);
    }
}

/* Fewer phrases: those that save most are left. */
static void the_best_stay(void **state) {
    (void)state;
    struct lesson *l = lesson_new();
    for (unsigned i = 0; i < 100; i++) add_text(l, i % 10 ? "<frequent>" : "(rare one)");
    struct phrase_recipe recipe = plain;
    learn(l, &recipe);
    assert_int_equal(l->set.count, 2);
    recipe.most = 1;
    learn(l, &recipe);
    assert_int_equal(l->set.count, 1);
    assert_true(has_phrase(&l->set, "<frequent>"));
    recipe = plain;
    recipe.most_bytes = 10;
    learn(l, &recipe);
    assert_true(has_phrase(&l->set, "<frequent>"));
    lesson_free(l);
}

static void out_of_memory(void **state) {
    (void)state;
    struct lesson *l = lesson_new();
    add_kind(l, VALUE_SESSION, 1000, 4);
    bool done = false;
    for (uint64_t fail_at = 1; !done; fail_at++) {
        struct counting counting = {.fail_at = fail_at};
        struct arena arena = arena_over(counting_allocator(&counting));
        done = learn_phrases(&arena, l->samples, &plain, &l->set);
        assert_true(done == (counting.calls < fail_at));
        arena_free(&arena);
        assert_int_equal(counting.live, 0);
    }
    lesson_free(l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(templates),
        cmocka_unit_test(digits_at_seams),
        cmocka_unit_test(theta),
        cmocka_unit_test(identical_samples),
        cmocka_unit_test(runs),
        cmocka_unit_test(long_samples),
        cmocka_unit_test(nothing_to_learn),
        cmocka_unit_test(min_count),
        cmocka_unit_test(every_kind),
        cmocka_unit_test(the_best_stay),
        cmocka_unit_test(out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
