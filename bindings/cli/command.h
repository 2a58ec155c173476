/*
 * What every part of the tool shares: its commands, exit statuses and way of complaining.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum exit_status {
    EXIT_DATA = 1, /* a file, a value or the system is at fault */
    EXIT_USAGE = 2 /* the command line is */
};

struct command {
    const char *name;
    const char *operands; /* as shown behind the options in the usage line */
    const char *summary;  /* one line */
    const char *notes;    /* what the options' own lines don't say */
    const int *options;   /* ids of options.h, ended by 0 */
    int (*run)(const struct command *self, int argc, char **argv);
};

extern const struct command train_command;
extern const struct command encode_command;
extern const struct command decode_command;
extern const struct command inspect_command;
extern const struct command bench_command;
extern const struct command advise_command;
extern const struct command relocate_command;
extern const struct command dicts_command;

/* Bytes that belong to somebody else. */
struct span {
    const uint8_t *data;
    size_t size;
};

/* Bytes that the holder gives to free(). */
struct bytes {
    uint8_t *data;
    size_t size;
};

/* Prints "valpack: WHERE: what" to stderr, without the middle part when where is NULL. */
__attribute__((format(printf, 2, 3))) int complain(const char *where, const char *format, ...);

/* The same about the command line, with a pointer to --help. */
__attribute__((format(printf, 2, 3))) int complain_usage(const char *command, const char *format, ...);

/* How messages call the file at this path: "-" has a name of its own. */
const char *input_name(const char *path);
const char *output_name(const char *path);

#endif
