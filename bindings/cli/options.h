/*
 * Options of all commands: one table makes the parser and the help texts.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "command.h"

/* Options with a letter are known by it, the others by a number beyond all letters. */
enum option_id {
    OPTION_HELP = 'h',
    OPTION_OUTPUT = 'o',
    OPTION_PROFILE = 'p',
    OPTION_QUIET = 'q',
    OPTION_BASE64 = 256,
    OPTION_BESIDE,
    OPTION_BY_PREFIX,
    OPTION_CHECK,
    OPTION_DATE,
    OPTION_ENCODERS,
    OPTION_EXPIRES,
    OPTION_EXPLAIN,
    OPTION_FIRST,
    OPTION_FORCE,
    OPTION_FORMAT,
    OPTION_HAND_BACK,
    OPTION_HEX,
    OPTION_HEX_FILE,
    OPTION_JSON,
    OPTION_KEEP_INTEGERS,
    OPTION_KEYED,
    OPTION_KEY_SIZE,
    OPTION_MAX_SIZE,
    OPTION_MIN_COUNT,
    OPTION_MODEL_BYTES,
    OPTION_NAME,
    OPTION_NO_VERIFY,
    OPTION_OUTPUT_FORMAT,
    OPTION_PRESET,
    OPTION_SAMPLE_BYTES,
    OPTION_SEED,
    OPTION_SERVER,
    OPTION_TARGET,
    OPTION_TIMED,
    OPTION_TOTAL_KEYS,
    OPTION_TRAIN,
    OPTION_VALUE,
    OPTION_WIDTH,
    OPTION_ZSTD_LEVEL
};

/* Takes one option into a command's settings; 0, or the exit status after it complained. */
typedef int (*option_setter)(void *settings, int id, const char *argument);

/*
 * Reads the options of a command; its operands then stand at argv[optind]. Returns -1 when the
 * command may go on, otherwise the exit status: 0 after --help, EXIT_USAGE after a complaint.
 */
int parse_options(const struct command *command, int argc, char **argv, option_setter set, void *settings);

void print_help(const struct command *command);

struct number_range {
    uint64_t least, most;
};

/* A whole number, decimal or 0x..., K, M or G behind it for sizes; false outside of the range. */
bool parse_number(const char *text, struct number_range range, uint64_t *number);

/* The same for the argument of an option: 0, or EXIT_USAGE after a complaint. */
int number_argument(int id, const char *text, struct number_range range, uint64_t *number);

/* "fast" or "small" as vp_preset: 0, or EXIT_USAGE after a complaint. */
int preset_argument(const char *text, uint64_t *preset);

#endif
