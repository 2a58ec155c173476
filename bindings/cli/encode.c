/*
 * valpack encode and valpack decode: one loop over a stream of values.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "options.h"
#include "output.h"
#include "profiles.h"
#include "valpack.h"
#include "values.h"

struct transform {
    int64_t (*run)(vp_context *context, const void *data, size_t size, const void **result);
    enum value_format format, output_format;
    const char *input, *output;
    size_t limit; /* of one value of the input */
    struct codec_settings codec;
};

static int set_option(void *settings, int id, const char *argument) {
    struct transform *transform = settings;
    switch (id) {
    case OPTION_OUTPUT: transform->output = argument; return 0;
    case OPTION_FORMAT: return parse_format(argument, &transform->format);
    case OPTION_OUTPUT_FORMAT: return parse_format(argument, &transform->output_format);
    default: return set_codec_option(&transform->codec, id, argument);
    }
}

static int complain_status(const struct value_reader *reader, struct span value, int status) {
    if (status == VP_ERR_NO_PROFILE && value.size > 0)
        return complain_value(reader, "%s: 0x%02X", vp_status_text(status), value.data[0]);
    return complain_value(reader, "%s", vp_status_text(status));
}

static int transform_values(const struct transform *transform, vp_context *context,
                            struct value_reader *reader, struct value_writer *writer) {
    for (;;) {
        struct span value;
        int got = reader_next(reader, &value);
        if (got <= 0) return got < 0 ? EXIT_DATA : writer_finish(writer);
        const void *result = NULL;
        int64_t size = transform->run(context, value.data, value.size, &result);
        if (size < 0) return complain_status(reader, value, (int)size);
        int status = writer_put(writer, (struct span){result, (size_t)size});
        if (status) return status;
    }
}

static int transform_into(const struct transform *transform, vp_context *context,
                          struct value_reader *reader) {
    struct output output;
    int status = output_open(&output, transform->output);
    if (status) return status;
    struct value_writer writer = {.output = &output, .format = transform->output_format};
    status = transform_values(transform, context, reader, &writer);
    if (status == 0) status = output_commit(&output);
    output_close(&output);
    return status;
}

static int transform_file(const struct transform *transform) {
    struct loaded_codec loaded;
    struct value_reader reader;
    int status = open_codec(&transform->codec, NULL, &loaded);
    if (status) return status;
    status = reader_open(&reader, transform->input, transform->format, transform->limit);
    if (status == 0) {
        status = transform_into(transform, loaded.context, &reader);
        reader_close(&reader);
    }
    close_codec(&loaded);
    return status;
}

/* -1 when the command may go on, with the input's name taken. */
static int parse_transform(const struct command *self, int argc, char **argv, struct transform *transform) {
    int stop = parse_options(self, argc, argv, set_option, transform);
    if (stop >= 0) return stop;
    if (argc - optind != 1)
        return complain_usage(self->name, "name one file of values, or '-' for standard input");
    transform->input = argv[optind];
    return -1;
}

static int run_encode(const struct command *self, int argc, char **argv) {
    struct transform transform = {.run = vp_encode_view, .output = "-", .limit = largest_value};
    transform.codec.verify = true;
    int stop = parse_transform(self, argc, argv, &transform);
    if (stop < 0) stop = check_target(self, &transform.codec.target) ? EXIT_USAGE : -1;
    if (stop >= 0) return stop;
    transform.format = choose_format(transform.format, transform.input, FORMAT_LINES);
    if (transform.output_format == FORMAT_BY_NAME) transform.output_format = FORMAT_LP;
    return transform_file(&transform);
}

static int run_decode(const struct command *self, int argc, char **argv) {
    struct transform transform = {
        .run = vp_decode_view, .output = "-", .limit = vp_encode_bound(largest_value)};
    int stop = parse_transform(self, argc, argv, &transform);
    if (stop >= 0) return stop;
    transform.format = choose_format(transform.format, transform.input, FORMAT_LP);
    transform.output_format = choose_format(transform.output_format, transform.output, FORMAT_LINES);
    return transform_file(&transform);
}

static const int encode_options[] = {
    OPTION_PROFILE, OPTION_OUTPUT,     OPTION_FORMAT,    OPTION_OUTPUT_FORMAT, OPTION_KEEP_INTEGERS,
    OPTION_TARGET,  OPTION_SERVER,     OPTION_KEY_SIZE,  OPTION_EXPIRES,       OPTION_ENCODERS,
    OPTION_PRESET,  OPTION_ZSTD_LEVEL, OPTION_HAND_BACK, OPTION_NO_VERIFY,     0};

const struct command encode_command = {
    .name = "encode",
    .operands = "FILE",
    .summary = "Encodes every value of FILE.",
    .notes = "With several profiles the last one named is used for writing; with none, the untrained\n"
             "encoders are. Each value is decoded again and compared before it is written.\n"
             "Input: names that end in .txt .jsonl .ndjson .csv .tsv .log hold lines, .lp holds lp, all\n"
             "others lines. Output: lp unless --output-format says otherwise.\n",
    .options = encode_options,
    .run = run_encode,
};

static const int decode_options[] = {OPTION_PROFILE,       OPTION_OUTPUT,    OPTION_FORMAT,
                                     OPTION_OUTPUT_FORMAT, OPTION_HAND_BACK, 0};

const struct command decode_command = {
    .name = "decode",
    .operands = "FILE",
    .summary = "Decodes every value of FILE.",
    .notes = "Name every profile that may have written one of the values. Values that were never encoded\n"
             "come back as they are.\n"
             "Input: lp unless the name's ending or --format says otherwise. Output: by the ending of the\n"
             "name after -o, otherwise lines; values that hold a line feed need --output-format lp.\n",
    .options = decode_options,
    .run = run_decode,
};
