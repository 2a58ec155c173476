/*
 * valpack: the command line tool.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "output.h"
#include "valpack.h"

static const struct command *const commands[] = {&train_command,    &encode_command,  &decode_command,
                                                 &advise_command,   &inspect_command, &bench_command,
                                                 &relocate_command, &dicts_command};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_overview(FILE *stream) {
    fputs("Usage: valpack COMMAND [OPTION]... FILE...\n"
          "Makes short values small before they go into Redis or Valkey, and gives them back byte for "
          "byte.\n\n",
          stream);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(stream, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
    fputs("\n  --help     print this help; 'valpack COMMAND --help' lists the options of a command\n"
          "  --version  print the version\n\n"
          "'-' in place of a file is standard input or output, '@NAME' in place of a profile is one that\n"
          "ships with valpack. Files of values have one of these formats:\n"
          "  lines  LF ends a value and is not part of it, CR is; a last line without LF counts\n"
          "  lp     4-byte little-endian length, then the bytes\n"
          "  raw    the whole file is one value\n\n"
          "Exit status: 0 success, 1 a file or a value is at fault, 2 the command line is.\n",
          stream);
}

static const struct command *find_command(const char *name) {
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i]->name, name) == 0) return commands[i];
    return NULL;
}

static int run(int argc, char **argv) {
    if (argc < 2) {
        print_overview(stderr);
        return EXIT_USAGE;
    }
    const char *word = argv[1];
    const struct command *command = find_command(word);
    if (command) return command->run(command, argc - 1, argv + 1);
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        print_overview(stdout);
        return 0;
    }
    if (strcmp(word, "--version") == 0) {
        printf("valpack %s\n", vp_version_string());
        return 0;
    }
    complain(NULL, "'%s' is no command; 'valpack --help' lists them", word);
    return EXIT_USAGE;
}

/* A file opened while one of the standard streams is closed would take its number, and its output. */
static void fill_standard_streams(void) {
    int fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO) fd = dup(fd);
    if (fd >= 0) close(fd);
}

int main(int argc, char **argv) {
    fill_standard_streams();
    signal(SIGPIPE, SIG_IGN); /* a closed pipe and a file size limit are write errors like others */
    signal(SIGXFSZ, SIG_IGN);
    return finish_printing(run(argc, argv));
}
