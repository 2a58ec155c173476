#include "values.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { FIRST_CAPACITY = 1 << 20, LENGTH_BYTES = 4, MOST_WORDS = 256 };

const size_t largest_value = (size_t)512 << 20;

int parse_format(const char *name, enum value_format *format) {
    if (strcmp(name, "lines") == 0) *format = FORMAT_LINES;
    else if (strcmp(name, "lp") == 0) *format = FORMAT_LP;
    else if (strcmp(name, "raw") == 0) *format = FORMAT_RAW;
    else {
        complain(NULL, "the format '%s' is none of lines, lp and raw", name);
        return EXIT_USAGE;
    }
    return 0;
}

enum value_format choose_format(enum value_format chosen, const char *path, enum value_format fallback) {
    static const char *const line_endings[] = {".txt", ".jsonl", ".ndjson", ".csv", ".tsv", ".log"};
    if (chosen != FORMAT_BY_NAME) return chosen;
    const char *slash = strrchr(path, '/');
    const char *ending = strrchr(slash ? slash : path, '.');
    if (!ending) return fallback;
    if (strcasecmp(ending, ".lp") == 0) return FORMAT_LP;
    for (size_t i = 0; i < sizeof line_endings / sizeof line_endings[0]; i++)
        if (strcasecmp(ending, line_endings[i]) == 0) return FORMAT_LINES;
    return fallback;
}

int reader_open(struct value_reader *reader, const char *path, enum value_format format, size_t limit) {
    *reader = (struct value_reader){.name = input_name(path), .format = format, .limit = limit, .fd = -1};
    reader->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (reader->fd < 0) return complain(reader->name, "can't open: %s", strerror(errno));
    reader->buffer = malloc(FIRST_CAPACITY);
    reader->capacity = FIRST_CAPACITY;
    if (reader->buffer) return 0;
    reader_close(reader);
    return complain(input_name(path), "out of memory");
}

void reader_close(struct value_reader *reader) {
    if (reader->fd > STDIN_FILENO) close(reader->fd);
    free(reader->buffer);
    reader->fd = -1;
    reader->buffer = NULL;
}

static int complain_at(const struct value_reader *reader, uint64_t number, uint64_t offset,
                       const char *what) {
    return complain(reader->name, "value %" PRIu64 " at offset %" PRIu64 ": %s", number, offset, what);
}

/* -1 after a complaint about the value that is being read. */
static int refuse_next(const struct value_reader *reader, const char *what) {
    complain_at(reader, reader->number + 1, reader->offset, what);
    return -1;
}

static int refuse_long(const struct value_reader *reader) {
    char what[MOST_WORDS];
    snprintf(what, sizeof what, "it is larger than the limit of %zu bytes", reader->limit);
    return refuse_next(reader, what);
}

int complain_value(const struct value_reader *reader, const char *format, ...) {
    char what[MOST_WORDS];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return complain_at(reader, reader->number, reader->value_offset, what);
}

/*
 * Room for at least one byte more. The buffer grows with what really was read, never from a length
 * that a file claims.
 */
static int make_room(struct value_reader *reader) {
    size_t held = reader->end - reader->start;
    if (reader->start > 0) {
        memmove(reader->buffer, reader->buffer + reader->start, held);
        reader->start = 0;
        reader->end = held;
    }
    if (held < reader->capacity) return 0;
    if (reader->capacity > SIZE_MAX / 4) return refuse_next(reader, "out of memory");
    size_t capacity = 2 * reader->capacity + FIRST_CAPACITY;
    uint8_t *larger = realloc(reader->buffer, capacity);
    if (!larger) return refuse_next(reader, "out of memory");
    reader->buffer = larger;
    reader->capacity = capacity;
    return 0;
}

/* Reads until `wanted` bytes are held or the file ends; -1 after a complaint. */
static int hold(struct value_reader *reader, size_t wanted) {
    while (reader->end - reader->start < wanted && !reader->ended) {
        if (reader->end == reader->capacity && make_room(reader) != 0) return -1;
        ssize_t got = read(reader->fd, reader->buffer + reader->end, reader->capacity - reader->end);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            complain(reader->name, "can't read: %s", strerror(errno));
            return -1;
        }
        reader->ended = got == 0;
        reader->end += (size_t)got;
    }
    return 0;
}

/* Gives `size` bytes as the next value, which stand between `before` and `after` bytes of the format. */
static int give(struct value_reader *reader, size_t before, size_t size, size_t after, struct span *value) {
    *value = (struct span){reader->buffer + reader->start + before, size};
    reader->number++;
    reader->value_offset = reader->offset;
    reader->start += before + size + after;
    reader->offset += before + size + after;
    return 1;
}

static int next_line(struct value_reader *reader, struct span *value) {
    size_t searched = 0;
    for (;;) {
        size_t held = reader->end - reader->start;
        const uint8_t *begin = reader->buffer + reader->start;
        const uint8_t *line_feed = memchr(begin + searched, '\n', held - searched);
        size_t size = line_feed ? (size_t)(line_feed - begin) : held;
        if (size > reader->limit) return refuse_long(reader);
        if (line_feed) return give(reader, 0, size, 1, value);
        if (reader->ended) return held > 0 ? give(reader, 0, held, 0, value) : 0;
        searched = held;
        if (hold(reader, held + 1) != 0) return -1;
    }
}

static size_t read_length(const uint8_t *bytes) {
    return (size_t)bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16 | (size_t)bytes[3] << 24;
}

static int next_prefixed(struct value_reader *reader, struct span *value) {
    char what[MOST_WORDS];
    if (hold(reader, LENGTH_BYTES) != 0) return -1;
    size_t held = reader->end - reader->start;
    if (held == 0) return 0;
    if (held < LENGTH_BYTES) return refuse_next(reader, "the file ends inside the length of a value");
    size_t size = read_length(reader->buffer + reader->start);
    if (size > reader->limit) return refuse_long(reader);
    if (hold(reader, LENGTH_BYTES + size) != 0) return -1;
    held = reader->end - reader->start - LENGTH_BYTES;
    if (held >= size) return give(reader, LENGTH_BYTES, size, 0, value);
    snprintf(what, sizeof what, "the file ends after %zu of its %zu bytes", held, size);
    return refuse_next(reader, what);
}

static int next_raw(struct value_reader *reader, struct span *value) {
    if (reader->number > 0) return 0;
    if (hold(reader, reader->limit + 1) != 0) return -1;
    size_t size = reader->end - reader->start;
    return size > reader->limit ? refuse_long(reader) : give(reader, 0, size, 0, value);
}

int reader_next(struct value_reader *reader, struct span *value) {
    switch (reader->format) {
    case FORMAT_LP: return next_prefixed(reader, value);
    case FORMAT_RAW: return next_raw(reader, value);
    default: return next_line(reader, value);
    }
}

uint8_t *read_file(const char *path, size_t limit, size_t *size) {
    struct value_reader reader;
    struct span content;
    uint8_t *taken = NULL;
    if (reader_open(&reader, path, FORMAT_RAW, limit) != 0) return NULL;
    if (reader_next(&reader, &content) == 1) {
        *size = content.size;
        taken = reader.buffer; /* the content begins where the buffer does: nothing was consumed before */
        reader.buffer = NULL;
    }
    reader_close(&reader);
    return taken;
}

static int refuse_to_write(const struct value_writer *writer, const char *what) {
    return complain(writer->output->name, "value %" PRIu64 " %s", writer->number, what);
}

int writer_put(struct value_writer *writer, struct span value) {
    uint8_t length[LENGTH_BYTES];
    int status = 0;
    writer->number++;
    switch (writer->format) {
    case FORMAT_LP:
        if (value.size > UINT32_MAX) return refuse_to_write(writer, "is too large for the format lp");
        for (int i = 0; i < LENGTH_BYTES; i++) length[i] = (uint8_t)(value.size >> 8 * i);
        status = output_write(writer->output, length, sizeof length);
        return status ? status : output_write(writer->output, value.data, value.size);
    case FORMAT_RAW:
        if (writer->number > 1)
            return refuse_to_write(writer, "does not fit: raw holds one value; try --output-format lp");
        return output_write(writer->output, value.data, value.size);
    default:
        if (value.size > 0 && memchr(value.data, '\n', value.size))
            return refuse_to_write(writer, "holds a line feed and can't be a line; try --output-format lp");
        status = output_write(writer->output, value.data, value.size);
        return status ? status : output_write(writer->output, "\n", 1);
    }
}

int writer_finish(const struct value_writer *writer) {
    if (writer->format == FORMAT_RAW && writer->number == 0)
        return complain(writer->output->name, "there is no value to write: raw holds one value");
    return 0;
}
