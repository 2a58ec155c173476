/*
 * Files of values, read and written one value at a time in bounded memory.
 *
 *   lines  LF ends a value and is not part of it, CR is; a last line without LF counts
 *   lp     4-byte little-endian length, then the bytes
 *   raw    the whole file is one value
 */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include "command.h"
#include "output.h"

enum value_format { FORMAT_BY_NAME, FORMAT_LINES, FORMAT_LP, FORMAT_RAW };

/* The format called `name`: 0, or EXIT_USAGE after a complaint. */
int parse_format(const char *name, enum value_format *format);

/* The chosen format, or if that is FORMAT_BY_NAME the one of the path's ending, or the fallback. */
enum value_format choose_format(enum value_format chosen, const char *path, enum value_format fallback);

/* The largest value that the library takes, and thereby the largest one read. */
extern const size_t largest_value;

struct value_reader {
    const char *name;
    enum value_format format;
    size_t limit; /* of one value */
    int fd;
    bool ended;      /* everything was read from the file */
    uint8_t *buffer; /* holds bytes start .. end of what was read and not yet consumed */
    size_t capacity;
    size_t start, end;
    uint64_t offset;       /* in the file, of buffer[start] */
    uint64_t number;       /* of the value returned last, from 1 */
    uint64_t value_offset; /* where it began, its length field included */
};

/* Opens a file, "-" for standard input. 0, or EXIT_DATA after a complaint. */
int reader_open(struct value_reader *reader, const char *path, enum value_format format, size_t limit);

/* 1 with the next value, which lives until the next call; 0 at the end; -1 after a complaint. */
int reader_next(struct value_reader *reader, struct span *value);

void reader_close(struct value_reader *reader);

/* Complains about the value returned last. EXIT_DATA. */
__attribute__((format(printf, 2, 3))) int complain_value(const struct value_reader *reader,
                                                         const char *format, ...);

/* The whole content of a file of at most `limit` bytes, to be given to free(). NULL after a complaint. */
uint8_t *read_file(const char *path, size_t limit, size_t *size);

struct value_writer {
    struct output *output;
    enum value_format format;
    uint64_t number; /* values written */
};

/* 0, or EXIT_DATA after a complaint. */
int writer_put(struct value_writer *writer, struct span value);
int writer_finish(const struct value_writer *writer);

#endif
