/*
 * Output files that appear complete or not at all: written beside the target under a temporary
 * name, renamed at the end, removed on errors and on signals.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "command.h"

struct output {
    const char *name; /* for messages */
    int fd;
    char *target;    /* NULL: written in place, as standard output and devices are */
    char *temporary; /* NULL like target */
    uint8_t *buffer;
    size_t used;
};

/* Opens the file at path, "-" for standard output. 0, or EXIT_DATA after a complaint. */
int output_open(struct output *output, const char *path);

/* The same for a file that must not exist yet, unless force is true. */
int output_create(struct output *output, const char *path, bool force);

/* 0, or EXIT_DATA after a complaint. */
int output_write(struct output *output, const void *data, size_t size);

/* Writes all of it to the disk and puts it into its place. 0, or EXIT_DATA after a complaint. */
int output_commit(struct output *output);

/* Ends the output: what was not committed is removed. */
void output_close(struct output *output);

/* Flushes stdio's standard output: status, or EXIT_DATA after a complaint if that failed. */
int finish_printing(int status);

#endif
