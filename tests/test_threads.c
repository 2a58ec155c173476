/* Threads that share codecs and profiles, each with its own context. Runs under ThreadSanitizer too. */
#include "test.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { THREADS = 4, ROUNDS = 200 };

/* cmocka's assertions belong to the main thread: the others count what went wrong. */
struct shared {
    vp_profile *profiles[3];
    vp_codec *codec;
    pthread_mutex_t lock; /* of `codec`, as an application would have it during a rotation */
    atomic_uint failures, values, rotations;
    atomic_bool stop;
};

struct worker {
    struct shared *shared;
    uint64_t seed;
    pthread_t thread;
};

static void count_failure(struct shared *s, bool failed) {
    if (failed) atomic_fetch_add(&s->failures, 1);
}

static void code_one(struct shared *s, vp_context *x, uint64_t *random) {
    uint8_t value[VALUE_ROOM], encoded[VALUE_ROOM + 1], out[VALUE_ROOM];
    size_t size = make_value((enum value_kind)random_below(random, VALUE_KINDS), random, value);
    int64_t stored = vp_encode(x, value, size, encoded, sizeof encoded);
    int64_t back = stored < 0 ? stored : vp_decode(x, encoded, (size_t)stored, out, sizeof out);
    count_failure(s, back != (int64_t)size || (size && memcmp(out, value, size) != 0));
    atomic_fetch_add(&s->values, 1);
}

static void *code_with_one_codec(void *opaque) {
    struct worker *w = opaque;
    vp_context *x = NULL;
    count_failure(w->shared, vp_context_new(w->shared->codec, &x) != VP_OK);
    for (int i = 0; x && i < ROUNDS; i++) code_one(w->shared, x, &w->seed);
    vp_context_free(x);
    return NULL;
}

static vp_codec *current_codec(struct shared *s) {
    pthread_mutex_lock(&s->lock);
    vp_codec *codec = vp_codec_retain(s->codec);
    pthread_mutex_unlock(&s->lock);
    return codec;
}

/* Takes whatever codec is current, uses it for a while, and lets it go. */
static void *code_during_rotation(void *opaque) {
    struct worker *w = opaque;
    for (int i = 0; i < ROUNDS / 20; i++) {
        vp_codec *codec = current_codec(w->shared);
        vp_context *x = NULL;
        count_failure(w->shared, vp_context_new(codec, &x) != VP_OK);
        vp_codec_release(codec);
        for (int j = 0; x && j < 20; j++) code_one(w->shared, x, &w->seed);
        vp_context_free(x);
    }
    return NULL;
}

static void *rotate(void *opaque) {
    struct worker *w = opaque;
    for (unsigned i = 0; !atomic_load(&w->shared->stop); i++) {
        vp_codec *old = current_codec(w->shared), *next = NULL;
        count_failure(w->shared, vp_codec_with(old, w->shared->profiles[i % 3], &next) != VP_OK);
        pthread_mutex_lock(&w->shared->lock);
        vp_codec *replaced = w->shared->codec;
        w->shared->codec = next;
        pthread_mutex_unlock(&w->shared->lock);
        vp_codec_release(replaced);
        vp_codec_release(old);
        atomic_fetch_add(&w->shared->rotations, 1);
    }
    return NULL;
}

static void *retain_and_release(void *opaque) {
    struct worker *w = opaque;
    for (int i = 0; i < ROUNDS * 10; i++) {
        vp_profile *p = vp_profile_retain(w->shared->profiles[i % 3]);
        vp_codec *c = vp_codec_retain(w->shared->codec);
        count_failure(w->shared, vp_profile_width(p) == 0);
        vp_codec_release(c);
        vp_profile_release(p);
    }
    return NULL;
}

static void start(struct worker *w, struct shared *s, uint64_t seed, void *(*run)(void *)) {
    *w = (struct worker){.shared = s, .seed = seed};
    assert_int_equal(pthread_create(&w->thread, NULL, run, w), 0);
}

static void run_on_all(struct shared *s, void *(*run)(void *)) {
    struct worker workers[THREADS];
    for (uint64_t i = 0; i < THREADS; i++) start(&workers[i], s, i, run);
    for (size_t i = 0; i < THREADS; i++) assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    assert_int_equal(atomic_load(&s->failures), 0);
}

static int open_shared(void **state) {
    static const struct recipe recipes[3] = {
        {.kind = VALUE_SESSION, .count = 80, .first_code = 0xB0},
        {.kind = VALUE_EMAIL, .count = 80, .first_code = 0x90, .check = 2},
        {.kind = VALUE_PRICE, .count = 80, .first_code = 0xA0}};
    struct shared *s = calloc(1, sizeof *s);
    *state = s;
    if (!s || pthread_mutex_init(&s->lock, NULL) != 0) return -1;
    for (size_t i = 0; i < 3; i++) s->profiles[i] = train_profile(&recipes[i]);
    return vp_codec_new(s->profiles, 3, 0, NULL, &s->codec);
}

static int close_shared(void **state) {
    struct shared *s = *state;
    vp_codec_release(s->codec);
    for (size_t i = 0; i < 3; i++) vp_profile_release(s->profiles[i]);
    pthread_mutex_destroy(&s->lock);
    free(s);
    return 0;
}

static void threads_share_a_codec(void **state) {
    struct shared *s = *state;
    atomic_store(&s->values, 0);
    run_on_all(s, code_with_one_codec);
    assert_int_equal(atomic_load(&s->values), THREADS * ROUNDS);
}

static void references_are_counted_by_all_threads(void **state) {
    run_on_all(*state, retain_and_release);
}

static void codecs_rotate_while_others_encode(void **state) {
    struct shared *s = *state;
    struct worker rotation;
    start(&rotation, s, 0, rotate);
    while (atomic_load(&s->rotations) == 0) sched_yield();
    run_on_all(s, code_during_rotation);
    atomic_store(&s->stop, true);
    assert_int_equal(pthread_join(rotation.thread, NULL), 0);
    assert_int_equal(atomic_load(&s->failures), 0);
}

/* Each thread trains for itself: nothing is shared, so the same samples give the same bytes. */
static void *train_alone(void *opaque) {
    struct worker *w = opaque;
    vp_trainer *t = vp_trainer_new(NULL);
    uint64_t random = 5, sum = 0;
    uint8_t value[VALUE_ROOM];
    const void *file = NULL;
    for (int i = 0; i < 60; i++) {
        size_t size = make_value(VALUE_EMAIL, &random, value);
        count_failure(w->shared, vp_trainer_add(t, value, size) != VP_OK);
    }
    int64_t size = vp_trainer_finish(t, &file);
    vp_profile *p = NULL;
    count_failure(w->shared, size < 0 || vp_profile_load(file, (size_t)size, NULL, &p) != VP_OK);
    sum = vp_profile_fingerprint(p);
    vp_profile_release(p);
    vp_trainer_free(t);
    w->seed = sum;
    return NULL;
}

static void threads_train_at_the_same_time(void **state) {
    struct worker one, two;
    start(&one, *state, 0, train_alone);
    start(&two, *state, 0, train_alone);
    assert_int_equal(pthread_join(one.thread, NULL), 0);
    assert_int_equal(pthread_join(two.thread, NULL), 0);
    assert_int_equal(atomic_load(&((struct shared *)*state)->failures), 0);
    assert_true(one.seed == two.seed && one.seed != 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_share_a_codec),
        cmocka_unit_test(references_are_counted_by_all_threads),
        cmocka_unit_test(codecs_rotate_while_others_encode),
        cmocka_unit_test(threads_train_at_the_same_time),
    };
    return cmocka_run_group_tests_name("threads", tests, open_shared, close_shared);
}
