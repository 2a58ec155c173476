/*
 * valpack advise: what each technique would save on samples, in the memory of a server.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "advise.h"
#include "options.h"
#include "server.h"

enum { HINT_LINES = 100, LONGEST_HINT_KEY = 200 };

static const uint64_t most_keys = UINT64_C(1) << 40;

static int set_option(void *settings, int id, const char *argument) {
    struct advising *advising = settings;
    switch (id) {
    case OPTION_FORMAT: return parse_format(argument, &advising->format);
    case OPTION_SERVER: return server_argument(argument, &advising->server);
    case OPTION_KEYED: advising->keyed = true; return 0;
    case OPTION_BY_PREFIX: advising->keyed = advising->by_prefix = true; return 0;
    case OPTION_EXPIRES: advising->expires = true; return 0;
    case OPTION_JSON: advising->json = true; return 0;
    case OPTION_QUIET: advising->quiet = true; return 0;
    case OPTION_KEY_SIZE:
        return number_argument(id, argument, (struct number_range){1, 65535}, &advising->key_size);
    case OPTION_TOTAL_KEYS:
        return number_argument(id, argument, (struct number_range){1, most_keys}, &advising->total_keys);
    default: return number_argument(id, argument, (struct number_range){0, UINT64_MAX}, &advising->max_size);
    }
}

/* ---- the advisor ---------------------------------------------------------------------------- */

static void show_progress(void *opaque, const char *stage, uint32_t permille) {
    (void)opaque;
    fprintf(stderr, "\r\033[K%s %" PRIu32 " %%", stage, permille / 10);
}

static void clear_progress(const struct advising *advising) {
    if (advising->shows_progress) fputs("\r\033[K", stderr);
}

vp_advisor *new_advisor(const struct advising *advising, uint64_t keys) {
    vp_advisor *advisor = vp_advisor_new(&advising->server, NULL);
    int status = advisor ? VP_OK : VP_ERR_MEMORY;
    if (status == VP_OK && keys > 0) status = vp_advisor_set(advisor, VP_ADVISE_KEYS, keys);
    if (status == VP_OK && advising->key_size > 0)
        status = vp_advisor_set(advisor, VP_ADVISE_KEY_SIZE, advising->key_size);
    if (status == VP_OK && advising->train_bytes > 0)
        status = vp_advisor_set(advisor, VP_ADVISE_TRAIN_BYTES, advising->train_bytes);
    if (status == VP_OK) status = vp_advisor_set(advisor, VP_ADVISE_EXPIRES, advising->expires ? 1 : 0);
    if (status == VP_OK && advising->shows_progress)
        status = vp_advisor_on_progress(advisor, show_progress, NULL);
    if (status == VP_OK) return advisor;
    vp_advisor_free(advisor);
    complain(NULL, "can't advise: %s", vp_status_text(status));
    return NULL;
}

int add_sample(vp_advisor *advisor, struct sample sample) {
    int status = vp_advisor_add(advisor, (vp_bytes){sample.key.data, sample.key.size},
                                (vp_bytes){sample.value.data, sample.value.size});
    return status == VP_OK ? 0 : complain(NULL, "can't take the sample: %s", vp_status_text(status));
}

const char *finish_advisor(const struct advising *advising, vp_advisor *advisor) {
    const char *json = NULL;
    int64_t size = vp_advisor_finish(advisor, &json);
    clear_progress(advising);
    if (size >= 0) return json;
    complain(NULL, "can't advise: %s", vp_status_text((int)size));
    return NULL;
}

/* ---- reading -------------------------------------------------------------------------------- */

/* Samples go to the advisor at once, or are kept as lines where they will be grouped. */
struct sink {
    vp_advisor *advisor;
    struct value_set *lines;
    uint64_t taken;
};

/* A word, such as a key, and then a TAB. */
static bool looks_keyed(struct span line) {
    struct sample sample;
    if (!split_sample(line, &sample) || sample.key.size == 0 || sample.key.size > LONGEST_HINT_KEY)
        return false;
    for (size_t i = 0; i < sample.key.size; i++)
        if (sample.key.data[i] <= ' ' || strchr("\"{}[]<>,;", sample.key.data[i])) return false;
    return true;
}

static int take_line(struct advising *advising, struct sink *sink, const struct value_reader *reader,
                     struct span line) {
    struct sample sample = {.key = {NULL, 0}, .value = line};
    if (advising->keyed && !split_sample(line, &sample))
        return complain_value(reader, "there is no TAB between a key and a value");
    if (advising->keyed && (sample.key.size == 0 || sample.key.size > 65535))
        return complain_value(reader, "a key has 1 to 65535 bytes, this one %zu", sample.key.size);
    if (sample.value.size > advising->max_size) return 0;
    if (!advising->keyed && advising->lines < HINT_LINES) {
        advising->lines++;
        if (looks_keyed(line)) advising->key_like++;
    }
    sink->taken++;
    if (sink->advisor) return add_sample(sink->advisor, sample);
    return add_value(sink->lines, line) ? 0 : complain_value(reader, "out of memory");
}

static int read_samples(struct advising *advising, const char *path, struct sink *sink) {
    struct value_reader reader;
    struct span line;
    int status =
        reader_open(&reader, path, choose_format(advising->format, path, FORMAT_LINES), largest_value);
    if (status) return status;
    int got;
    while (status == 0 && (got = reader_next(&reader, &line)) != 0)
        status = got < 0 ? EXIT_DATA : take_line(advising, sink, &reader, line);
    reader_close(&reader);
    return status;
}

static int read_all(struct advising *advising, int argc, char **argv, struct sink *sink) {
    int status = optind == argc ? read_samples(advising, "-", sink) : 0;
    for (int i = optind; i < argc && status == 0; i++) status = read_samples(advising, argv[i], sink);
    if (status == 0 && sink->taken == 0) status = complain(NULL, "there are no values to advise on");
    if (status == 0 && advising->total_keys > 0 && advising->total_keys < sink->taken) {
        complain(NULL, "option '--total-keys': there are %" PRIu64 " samples already", sink->taken);
        status = EXIT_USAGE;
    }
    return status;
}

/* ---- one table for all ---------------------------------------------------------------------- */

static void hint_at_keys(const struct advising *advising) {
    if (advising->quiet || advising->lines == 0 || advising->key_like < advising->lines) return;
    fputs("valpack: the values look like KEY, TAB, VALUE; if they are, say --keyed\n", stderr);
}

static int advise_on_all(struct advising *advising, int argc, char **argv) {
    struct sink sink = {.advisor = new_advisor(advising, advising->total_keys)};
    int status = sink.advisor ? read_all(advising, argc, argv, &sink) : EXIT_DATA;
    const char *json = status == 0 ? finish_advisor(advising, sink.advisor) : NULL;
    if (json && advising->json) printf("%s\n", json);
    if (json && !advising->json) {
        struct advice advice;
        read_advice(json, &advice);
        print_advice(&advice);
        hint_at_keys(advising);
    }
    vp_advisor_free(sink.advisor);
    if (status == 0 && !json) status = EXIT_DATA;
    return status;
}

static int advise_by_prefix(struct advising *advising, int argc, char **argv) {
    struct value_set lines = {.count = 0};
    struct sink sink = {.lines = &lines};
    int status = read_all(advising, argc, argv, &sink);
    if (status == 0) status = advise_on_prefixes(advising, &lines);
    free_values(&lines);
    return status;
}

static int run_advise(const struct command *self, int argc, char **argv) {
    struct advising advising = {.max_size = UINT64_MAX};
    default_server(&advising.server);
    int stop = parse_options(self, argc, argv, set_option, &advising);
    if (stop >= 0) return stop;
    if (advising.keyed && advising.key_size > 0)
        return complain_usage(self->name, "option '--key-size': with --keyed the sizes of keys are known");
    advising.shows_progress = !advising.quiet && isatty(STDERR_FILENO);
    return advising.by_prefix ? advise_by_prefix(&advising, argc, argv)
                              : advise_on_all(&advising, argc, argv);
}

static const int advise_options[] = {OPTION_KEYED,
                                     OPTION_BY_PREFIX,
                                     OPTION_SERVER,
                                     OPTION_EXPIRES,
                                     OPTION_TOTAL_KEYS,
                                     OPTION_KEY_SIZE,
                                     OPTION_FORMAT,
                                     OPTION_MAX_SIZE,
                                     OPTION_JSON,
                                     OPTION_QUIET,
                                     0};

const struct command advise_command = {
    .name = "advise",
    .operands = "[FILE]...",
    .summary = "Tells what would save memory in Redis for values like those of the files.",
    .notes =
        "Without a file, or for '-', it reads standard input. With --keyed each value is KEY, TAB, VALUE.\n"
        "Memory is what the server allocates for keys and values, its index included. Techniques are tried "
        "on\n"
        "the samples; nothing is changed anywhere.\n",
    .options = advise_options,
    .run = run_advise,
};
