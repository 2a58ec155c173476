/*
 * valpack train: from files of samples to a profile.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "options.h"
#include "output.h"
#include "profiles.h"
#include "report.h"
#include "target.h"
#include "values.h"

enum { LEAST_WIDTH = 16, MOST_NAME_BYTES = 64, MOST_SETTINGS = 12 };

struct training {
    const char *output; /* NULL: from the name */
    const char *name;
    const char *beside[MOST_PROFILES];
    size_t beside_count;
    enum value_format format;
    bool force, quiet;
    struct target target;
    uint64_t options[MOST_SETTINGS]; /* by vp_train_option */
    bool given[MOST_SETTINGS];
};

/* The options that are one number for the trainer. */
static const struct {
    int id;
    int option;
    struct number_range range;
} number_options[] = {
    {OPTION_FIRST, VP_TRAIN_FIRST_CODE, {0x80, 0xBF}},
    {OPTION_WIDTH, VP_TRAIN_WIDTH, {1, 32}},
    {OPTION_MODEL_BYTES, VP_TRAIN_MODEL_BYTES, {4 << 10, 1 << 20}},
    {OPTION_SAMPLE_BYTES, VP_TRAIN_SAMPLE_BYTES, {64 << 10, 1 << 30}},
    {OPTION_CHECK, VP_TRAIN_CHECK, {0, 4}},
    {OPTION_MIN_COUNT, VP_TRAIN_MIN_COUNT, {1, 1000}},
    {OPTION_SEED, VP_TRAIN_SEED, {0, UINT64_MAX}},
    {OPTION_DATE, VP_TRAIN_DATE, {0, UINT64_MAX}},
    {OPTION_ZSTD_LEVEL, VP_TRAIN_ZSTD_LEVEL, {1, 22}},
};

static void choose(struct training *training, int option, uint64_t value) {
    training->options[option] = value;
    training->given[option] = true;
}

static int set_number(struct training *training, int id, const char *argument) {
    size_t row = 0;
    while (number_options[row].id != id) row++;
    uint64_t number = 0;
    if (id == OPTION_DATE && strcmp(argument, "now") == 0) {
        number = (uint64_t)time(NULL);
    } else if (id == OPTION_WIDTH && strcmp(argument, "auto") == 0) {
        number = 0;
    } else {
        int status = number_argument(id, argument, number_options[row].range, &number);
        if (status) return status;
    }
    choose(training, number_options[row].option, number);
    return 0;
}

static int set_name(struct training *training, const char *name) {
    if (strlen(name) > MOST_NAME_BYTES) {
        complain(NULL, "option '--name': more than %d bytes", (int)MOST_NAME_BYTES);
        return EXIT_USAGE;
    }
    training->name = name;
    return 0;
}

static int set_preset(struct training *training, const char *argument) {
    uint64_t preset = 0;
    int status = preset_argument(argument, &preset);
    if (status == 0) choose(training, VP_TRAIN_PRESET, preset);
    return status;
}

static int add_beside(struct training *training, const char *path) {
    if (training->beside_count == MOST_PROFILES) {
        complain(path, "more than %d profiles can't live side by side", (int)MOST_PROFILES);
        return EXIT_USAGE;
    }
    training->beside[training->beside_count++] = path;
    return 0;
}

static int set_option(void *settings, int id, const char *argument) {
    struct training *training = settings;
    switch (id) {
    case OPTION_OUTPUT: training->output = argument; return 0;
    case OPTION_NAME: return set_name(training, argument);
    case OPTION_BESIDE: return add_beside(training, argument);
    case OPTION_FORMAT: return parse_format(argument, &training->format);
    case OPTION_PRESET: return set_preset(training, argument);
    case OPTION_KEEP_INTEGERS: choose(training, VP_TRAIN_KEEP_INTEGERS, 1); return 0;
    case OPTION_TARGET:
    case OPTION_SERVER:
    case OPTION_KEY_SIZE:
    case OPTION_EXPIRES:
    case OPTION_ENCODERS: return set_target(&training->target, id, argument);
    case OPTION_FORCE: training->force = true; return 0;
    case OPTION_QUIET: training->quiet = true; return 0;
    default: return set_number(training, id, argument);
    }
}

static int check_range(const struct command *self, const struct training *training) {
    uint64_t width = training->options[VP_TRAIN_WIDTH] ? training->options[VP_TRAIN_WIDTH] : LEAST_WIDTH;
    uint64_t first = training->options[VP_TRAIN_FIRST_CODE];
    if ((width & (width - 1)) != 0)
        return complain_usage(self->name, "option '--width': %" PRIu64 " is none of 1, 2, 4, 8, 16 and 32",
                              width);
    if (first % width != 0)
        return complain_usage(self->name,
                              "option '--first': 0x%02" PRIX64 " is no multiple of the width %" PRIu64, first,
                              width);
    return 0;
}

static int add_samples(vp_trainer *trainer, const char *path, enum value_format format) {
    struct value_reader reader;
    struct span value;
    int status = reader_open(&reader, path, choose_format(format, path, FORMAT_LINES), largest_value);
    if (status) return status;
    int got;
    while ((got = reader_next(&reader, &value)) == 1) {
        int added = vp_trainer_add(trainer, value.data, value.size);
        if (added != VP_OK) {
            complain_value(&reader, "%s", vp_status_text(added));
            got = -1;
            break;
        }
    }
    reader_close(&reader);
    return got < 0 ? EXIT_DATA : 0;
}

static int add_neighbours(vp_trainer *trainer, const struct training *training) {
    for (size_t i = 0; i < training->beside_count; i++) {
        vp_profile *profile = load_profile(training->beside[i]);
        if (!profile) return EXIT_DATA;
        int status = vp_trainer_beside(trainer, profile);
        vp_profile_release(profile);
        if (status != VP_OK) return complain(training->beside[i], "%s", vp_status_text(status));
    }
    if (training->beside_count == 0 && !training->quiet)
        fputs(
            "valpack: note: no --beside given: the ranges of other profiles of the same application can't be"
            " seen\n",
            stderr);
    return 0;
}

static void show_progress(void *opaque, const char *stage, uint32_t permille) {
    (void)opaque;
    fprintf(stderr, "\r%3" PRIu32 "%% %-40.40s", permille / 10, stage);
    if (permille >= 1000) fprintf(stderr, "\r%45s\r", "");
    fflush(stderr);
}

static int set_up(vp_trainer *trainer, const struct training *training) {
    for (int option = 0; option < MOST_SETTINGS; option++) {
        if (!training->given[option]) continue;
        int status = vp_trainer_set(trainer, option, training->options[option]);
        if (status != VP_OK)
            return complain(NULL, "the trainer refuses the value %" PRIu64 " of its option %d: %s",
                            training->options[option], option, vp_status_text(status));
    }
    if (give_target_to_trainer(&training->target, trainer) != VP_OK)
        return complain(NULL, "the trainer refuses the target");
    if (training->name && vp_trainer_set_name(trainer, training->name, strlen(training->name)) != VP_OK) {
        complain(NULL, "option '--name': not UTF-8, or with control characters in it");
        return EXIT_USAGE;
    }
    if (!training->quiet && isatty(STDERR_FILENO)) vp_trainer_on_progress(trainer, show_progress, NULL);
    return add_neighbours(trainer, training);
}

static int finish(vp_trainer *trainer, const struct training *training, struct output *output) {
    const void *profile = NULL;
    int64_t size = vp_trainer_finish(trainer, &profile);
    if (size < 0) return complain(output->name, "can't train: %s", vp_status_text((int)size));
    int status = output_write(output, profile, (size_t)size);
    if (status == 0) status = output_commit(output);
    if (status == 0 && !training->quiet) print_training_report(vp_trainer_report(trainer), (size_t)size);
    return status;
}

/* The output is opened before the long work, so that it fails early if it must. */
static int train_files(const struct training *training, char *const *paths, struct output *output) {
    vp_trainer *trainer = vp_trainer_new(NULL);
    if (!trainer) return complain(NULL, "out of memory");
    int status = set_up(trainer, training);
    for (; status == 0 && *paths; paths++) status = add_samples(trainer, *paths, training->format);
    if (status == 0) status = finish(trainer, training, output);
    vp_trainer_free(trainer);
    return status;
}

static int choose_output(const struct command *self, const struct training *training, char *path,
                         size_t capacity) {
    const char *name = training->name && *training->name ? training->name : "profile";
    if (training->output) {
        snprintf(path, capacity, "%s", training->output);
        return 0;
    }
    if (strchr(name, '/') || *name == '.')
        return complain_usage(self->name, "the name '%s' makes no file name; choose one with --output", name);
    snprintf(path, capacity, "%s.vpp", name);
    return 0;
}

static int run_train(const struct command *self, int argc, char **argv) {
    struct training training = {.output = NULL};
    int stop = parse_options(self, argc, argv, set_option, &training);
    if (stop >= 0) return stop;
    if (optind == argc)
        return complain_usage(self->name, "name at least one file of samples, or '-' for standard input");
    char path[4096];
    int status = check_range(self, &training);
    if (status == 0) status = check_target(self, &training.target);
    if (status == 0) status = choose_output(self, &training, path, sizeof path);
    struct output output;
    if (status == 0) status = output_create(&output, path, training.force);
    if (status) return status;
    status = train_files(&training, argv + optind, &output);
    output_close(&output);
    return status;
}

static const int train_options[] = {OPTION_OUTPUT,
                                    OPTION_NAME,
                                    OPTION_FIRST,
                                    OPTION_WIDTH,
                                    OPTION_BESIDE,
                                    OPTION_PRESET,
                                    OPTION_FORMAT,
                                    OPTION_MODEL_BYTES,
                                    OPTION_SAMPLE_BYTES,
                                    OPTION_CHECK,
                                    OPTION_MIN_COUNT,
                                    OPTION_SEED,
                                    OPTION_TARGET,
                                    OPTION_SERVER,
                                    OPTION_KEY_SIZE,
                                    OPTION_EXPIRES,
                                    OPTION_ENCODERS,
                                    OPTION_DATE,
                                    OPTION_ZSTD_LEVEL,
                                    OPTION_KEEP_INTEGERS,
                                    OPTION_FORCE,
                                    OPTION_QUIET,
                                    0};

const struct command train_command = {
    .name = "train",
    .operands = "FILE...",
    .summary = "Learns a profile from samples of one keyspace.",
    .notes =
        "Without --output the profile goes to NAME.vpp, or to profile.vpp without a name. Without --first\n"
        "it gets the first range of codes that is free beside the profiles named with --beside.\n"
        "The comparison on held-out samples is printed to standard error. Samples: names that end in\n"
        ".lp hold lp, all others lines, unless --format says otherwise.\n"
        "Pieces of the samples end up in the profile: do not publish one that was trained on secrets.\n",
    .options = train_options,
    .run = run_train,
};
