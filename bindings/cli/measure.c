#include "measure.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * A pass goes over all values, often enough to be long against the clock's own step. Small sets are
 * repeated until their time is up; slow engines on large sets stop after fewer passes.
 */
enum {
    LEAST_PASSES = 5,
    MOST_PASSES = 101,
    MOST_JOBS = MOST_TRIALS,
    PASS_NS = 100 * 1000,
    ENOUGH_NS = 100 * 1000 * 1000,
    TOO_MUCH_NS = 2000 * 1000 * 1000
};

struct job {
    const struct engine *engine;
    const struct value_set *input;
    struct selection selection;
    size_t (*run)(void *state, struct span in, uint8_t *out, size_t capacity);
    uint8_t *out;
    size_t capacity;
};

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static uint64_t time_pass(const struct job *job, uint64_t rounds) {
    uint64_t begin = now_ns();
    for (uint64_t round = 0; round < rounds; round++)
        for (size_t i = 0; i < job->selection.count; i++)
            job->run(job->engine->state, value_at(job->input, job->selection.indices[i]), job->out,
                     job->capacity);
    return now_ns() - begin;
}

static int compare_times(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static uint64_t enough_rounds(const struct job *job) {
    uint64_t rounds = 1;
    while (time_pass(job, rounds) < PASS_NS) rounds *= 2;
    return rounds;
}

static double median_of(uint64_t *times, size_t count) {
    qsort(times, count, sizeof times[0], compare_times);
    size_t middle = count / 2;
    return (double)times[middle];
}

/*
 * Nanoseconds per value of each job, the median of several passes. The passes of the jobs take
 * turns, so that a disturbance of the machine hits all of them.
 */
static void time_jobs(const struct job *jobs, size_t count, double *ns) {
    uint64_t times[MOST_JOBS][MOST_PASSES], rounds[MOST_JOBS], spent = 0;
    size_t passes = 0;
    for (size_t i = 0; i < count; i++) {
        ns[i] = 0;
        if (jobs[i].selection.count == 0) return;
        rounds[i] = enough_rounds(&jobs[i]);
    }
    while (passes < MOST_PASSES && (passes < LEAST_PASSES || spent < count * ENOUGH_NS) &&
           (passes == 0 || spent < count * TOO_MUCH_NS)) {
        for (size_t i = 0; i < count; i++) {
            times[i][passes] = time_pass(&jobs[i], rounds[i]);
            spent += times[i][passes];
        }
        passes++;
    }
    for (size_t i = 0; i < count; i++)
        ns[i] = median_of(times[i], passes) / (double)rounds[i] / (double)jobs[i].selection.count;
}

static bool encode_all(const struct job *job, struct measurement *result) {
    for (size_t i = 0; i < job->input->count; i++) {
        size_t size = job->run(job->engine->state, value_at(job->input, i), job->out, job->capacity);
        if (!add_value(&result->encoded, (struct span){job->out, size == ENGINE_FAILED ? 0 : size}))
            return false;
    }
    return true;
}

static void check_all(const struct job *job, const struct value_set *values, struct measurement *result) {
    for (size_t i = 0; i < values->count; i++) {
        struct span value = value_at(values, i);
        size_t size = job->run(job->engine->state, value_at(job->input, i), job->out, job->capacity);
        if (size != value.size || (size > 0 && memcmp(job->out, value.data, size) != 0)) result->failures++;
    }
}

static struct selection select_all(size_t count) {
    struct selection all = {malloc((count + 1) * sizeof *all.indices), count};
    for (size_t i = 0; all.indices && i < count; i++) all.indices[i] = i;
    return all;
}

static bool run_trials(struct job *jobs, const struct contest *contest, const struct value_set *values) {
    const struct trial *trials = contest->trials;
    size_t count = contest->count;
    bool timed = contest->timed;
    double ns[MOST_JOBS];
    for (size_t i = 0; i < count; i++) {
        jobs[i].run = jobs[i].engine->encode;
        if (!encode_all(&jobs[i], trials[i].result)) return false;
    }
    if (timed) time_jobs(jobs, count, ns);
    for (size_t i = 0; i < count; i++) {
        if (timed) trials[i].result->encode_ns = ns[i];
        jobs[i].run = jobs[i].engine->decode;
        jobs[i].input = &trials[i].result->encoded;
        check_all(&jobs[i], values, trials[i].result);
    }
    if (timed) time_jobs(jobs, count, ns);
    for (size_t i = 0; timed && i < count; i++) trials[i].result->decode_ns = ns[i];
    return true;
}

int measure(const struct contest *contest, const struct value_set *values) {
    const struct trial *trials = contest->trials;
    struct job jobs[MOST_JOBS] = {{.out = NULL}};
    struct selection all = select_all(values->count);
    size_t capacity = 0;
    for (size_t i = 0; i < contest->count; i++) {
        size_t bound = trials[i].engine->bound(values->largest);
        if (bound > capacity) capacity = bound;
    }
    uint8_t *out = calloc(capacity + 1, 1);
    for (size_t i = 0; i < contest->count; i++) {
        *trials[i].result = (struct measurement){.encode_ns = NOT_TIMED, .decode_ns = NOT_TIMED};
        jobs[i] = (struct job){trials[i].engine, values, all, NULL, out, capacity};
    }
    bool good = all.indices && out && run_trials(jobs, contest, values);
    free(all.indices);
    free(out);
    if (good) return 0;
    for (size_t i = 0; i < contest->count; i++) free_measurement(trials[i].result);
    return complain(trials[0].engine->name, "out of memory");
}

void free_measurement(struct measurement *result) {
    free_values(&result->encoded);
}

int time_decoding(const struct decoding *decodings, size_t count, struct selection selection, double *ns) {
    struct job jobs[MOST_JOBS] = {{.out = NULL}};
    size_t capacity = 0;
    for (size_t i = 0; i < count; i++)
        if (decodings[i].largest > capacity) capacity = decodings[i].largest;
    uint8_t *out = malloc(capacity + 1);
    if (!out) return complain(NULL, "out of memory");
    for (size_t i = 0; i < count; i++)
        jobs[i] = (struct job){
            decodings[i].engine, decodings[i].encoded, selection, decodings[i].engine->decode, out, capacity};
    time_jobs(jobs, count, ns);
    free(out);
    return 0;
}
