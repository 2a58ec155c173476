#include "learn_check.h"

#include "test.h"

#include <stdlib.h>

enum { TEXTS = 2000 };

static char *make_texts(text_maker *make, uint64_t seed, size_t count) {
    char *texts = calloc(count, LEARN_TEXT);
    assert_non_null(texts);
    for (size_t i = 0; i < count; i++) make(&seed, texts + i * LEARN_TEXT);
    return texts;
}

static struct writer learn(const struct learner *l, const struct training *t, int *status) {
    uint8_t *section = malloc(LEARN_SECTION);
    assert_non_null(section);
    struct writer out = writer_over(section, LEARN_SECTION);
    *status = l->trainer->train(t, l->variant, &out);
    assert_false(out.full);
    return out;
}

uint64_t learn_and_try(const struct learner *l, text_maker *make, unsigned taken_percent) {
    char *samples = make_texts(make, 1, TEXTS), *others = make_texts(make, 2, TEXTS);
    struct training t = payload_training(samples, LEARN_TEXT, TEXTS);
    const vp_allocator allocator = memory_default();
    int status;
    uint8_t *copy;
    struct writer section = learn(l, &t, &status), again = learn(l, &t, &status);
    assert_int_equal(status, VP_OK);
    assert_int_equal(section.length, again.length);
    assert_memory_equal(section.base, again.base, section.length);
    void *params = payload_load(l->encoder, section.base, section.length, &copy);
    assert_non_null(params);
    uint64_t taken = 0, raw = 0, encoded = 0;
    for (size_t i = 0; i < TEXTS; i++) {
        size_t size = payload_round_trip(l->encoder, params, 4, others + i * LEARN_TEXT);
        if (size == PAYLOAD_NOT_TAKEN) continue;
        taken++;
        raw += strlen(others + i * LEARN_TEXT);
        encoded += size;
    }
    assert_true(taken * 100 >= (uint64_t)taken_percent * TEXTS);
    payload_damage(l->encoder, params, 4, samples);
    l->encoder->unload(params, &allocator);
    payload_training_free(&t);
    free(copy);
    free(section.base);
    free(again.base);
    free(samples);
    free(others);
    return encoded ? raw * 100 / encoded : 0;
}

static int status_of(const struct learner *l, const struct training *t) {
    int status;
    struct writer section = learn(l, t, &status);
    const vp_allocator allocator = memory_default();
    if (status == VP_OK) {
        uint8_t *copy;
        void *params = payload_load(l->encoder, section.base, section.length, &copy);
        assert_non_null(params);
        l->encoder->unload(params, &allocator);
        free(copy);
    }
    free(section.base);
    return status;
}

int learn_status(const struct learner *l, const struct sample *samples, size_t count) {
    struct training t = {.allocator = memory_default(), .model_bytes = 65536, .min_count = 3, .seed = 1};
    t.samples = (struct samples){.items = samples, .count = count};
    for (size_t i = 0; i < count; i++) t.samples.bytes += samples[i].size;
    return status_of(l, &t);
}

static void learn_with_failing_memory(const struct learner *l, text_maker *make) {
    char *texts = make_texts(make, 3, 40);
    struct training t = payload_training(texts, LEARN_TEXT, 40);
    struct counting counting = {.fail_at = 0};
    t.allocator = counting_allocator(&counting);
    status_of(l, &t);
    uint64_t calls = counting.calls;
    for (uint64_t at = 1; at <= calls; at++) {
        counting = (struct counting){.fail_at = at};
        assert_int_equal(status_of(l, &t), VP_ERR_MEMORY);
        assert_int_equal(counting.live, 0);
    }
    payload_training_free(&t);
    free(texts);
}

void learn_from_odd_samples(const struct learner *l, text_maker *make) {
    static uint8_t noise[3000], zeros[3000];
    uint64_t random = 9;
    random_fill(&random, noise, sizeof noise);
    memset(zeros, '0', sizeof zeros);
    struct sample samples[64];
    for (unsigned kind = 0; kind < 6; kind++) {
        for (size_t i = 0; i < 64; i++) {
            const struct sample kinds[] = {
                {noise, 0},                         /* empty */
                {noise + i * 40, 37},               /* any bytes */
                {zeros, 3000},                      /* long and all the same */
                {noise, sizeof noise - i},          /* long */
                {zeros, i},                         /* of every size */
                {i % 2 ? noise : zeros, 1 + i % 3}, /* tiny */
            };
            samples[i] = kinds[kind];
        }
        for (size_t count = 1; count <= 64; count += 9) {
            int status = learn_status(l, samples, count);
            assert_true(status == VP_OK || status == VP_ERR_NO_SAMPLES);
        }
    }
    char *texts = make_texts(make, 4, 20);
    for (size_t count = 1; count <= 20; count++) {
        struct training t = payload_training(texts, LEARN_TEXT, count);
        int status = status_of(l, &t);
        assert_true(status == VP_OK || status == VP_ERR_NO_SAMPLES);
        payload_training_free(&t);
    }
    free(texts);
    learn_with_failing_memory(l, make);
}
