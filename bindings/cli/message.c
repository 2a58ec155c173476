#include "command.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int complain(const char *where, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("valpack: ", stderr);
    if (where) fprintf(stderr, "%s: ", where);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return EXIT_DATA;
}

int complain_usage(const char *command, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "valpack %s: ", command);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\nvalpack: 'valpack %s --help' lists the options\n", command);
    va_end(arguments);
    return EXIT_USAGE;
}

const char *input_name(const char *path) {
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

const char *output_name(const char *path) {
    return strcmp(path, "-") == 0 ? "standard output" : path;
}
