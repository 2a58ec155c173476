#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "valpack.h"

enum { LETTERS = 256, MOST_OPTIONS = 32 };

struct option_row {
    int id;
    const char *name;
    const char *argument; /* NULL: takes none */
    const char *help;
};

static const struct option_row option_rows[] = {
    {OPTION_PROFILE, "profile", "P.vpp",
     "a profile, @NAME for one that ships; repeatable, the last one writes"},
    {OPTION_OUTPUT, "output", "FILE", "write to FILE; '-' is standard output"},
    {OPTION_FORMAT, "format", "FORMAT", "of the input: lines, lp or raw; by default from the name's ending"},
    {OPTION_OUTPUT_FORMAT, "output-format", "FORMAT", "of the output: lines, lp or raw"},
    {OPTION_NAME, "name", "NAME", "the profile's name, at most 64 bytes"},
    {OPTION_FIRST, "first", "CODE", "first code of the range, such as 0xB0; in 0x80..0xBF"},
    {OPTION_WIDTH, "width", "W", "codes in the range: 1, 2, 4, 8, 16, 32, or auto (default)"},
    {OPTION_BESIDE, "beside", "P.vpp", "keep clear of the range of this profile; repeatable"},
    {OPTION_PRESET, "preset", "PRESET", "small (default): every encoder; fast: packings, symbols and lz4"},
    {OPTION_MODEL_BYTES, "model-bytes", "SIZE", "largest trained model, 4K..1M (default 64K)"},
    {OPTION_SAMPLE_BYTES, "sample-bytes", "SIZE", "samples kept in memory, 64K..1G (default 16M)"},
    {OPTION_CHECK, "check", "N", "check bytes per value, 0..4 (default 0)"},
    {OPTION_MIN_COUNT, "min-count", "K", "stored text was seen in K distinct samples, 1..1000 (default 3)"},
    {OPTION_SEED, "seed", "S", "seed of the sampling (default 1)"},
    {OPTION_DATE, "date", "DATE", "date to record: seconds since 1970, or now (default: none)"},
    {OPTION_ZSTD_LEVEL, "zstd-level", "N", "effort of zstd when writing, 1..22 (default: about level 3)"},
    {OPTION_TARGET, "target", "TARGET", "what to make small: bytes (default), string, hash-field or packed"},
    {OPTION_ENCODERS, "encoders", "LIST", "use these encoders alone: names with commas between them"},
    {OPTION_KEEP_INTEGERS, "keep-integers", NULL, "leave canonical integers to Redis' own encoding"},
    {OPTION_HAND_BACK, "hand-back", "BYTE", "old values that begin with BYTE stay as they are; repeatable"},
    {OPTION_NO_VERIFY, "no-verify", NULL, "do not decode each value again to make sure of it"},
    {OPTION_HEX, "hex", "DIGITS", "the encoded value in hexadecimal"},
    {OPTION_HEX_FILE, "hex-file", "FILE", "a file with the encoded value in hexadecimal"},
    {OPTION_BASE64, "base64", "TEXT", "the encoded value in base64"},
    {OPTION_VALUE, "value", NULL, "show the decoded value too"},
    {OPTION_EXPLAIN, "explain", NULL, "show what the value consists of, and the bits of each part"},
    {OPTION_TRAIN, "train", "FILE", "samples for the dictionaries of the other compressors"},
    {OPTION_TIMED, "timed", "PEER", "time this peer, of the others measure sizes alone; repeatable"},
    {OPTION_KEYED, "keyed", NULL, "each value has its key and a TAB before it"},
    {OPTION_BY_PREFIX, "by-prefix", NULL, "one table for the keys of each prefix; implies --keyed"},
    {OPTION_SERVER, "server", "SERVER", "redis-7.0-debian, redis-7.2, redis-8, valkey-9 or auto:INFO-FILE"},
    {OPTION_KEY_SIZE, "key-size", "N", "bytes of a key, where keys are not known (default 16)"},
    {OPTION_EXPIRES, "expires", NULL, "the keys have a TTL"},
    {OPTION_TOTAL_KEYS, "total-keys", "N", "how many keys there are, of which these are samples"},
    {OPTION_MAX_SIZE, "max-size", "SIZE", "leave out values of more than SIZE bytes"},
    {OPTION_JSON, "json", NULL, "print JSON"},
    {OPTION_FORCE, "force", NULL, "overwrite the output file"},
    {OPTION_QUIET, "quiet", NULL, "print nothing but errors"},
    {OPTION_HELP, "help", NULL, "print this help"},
};

static const struct option_row *find_row(int id) {
    const struct option_row *row = option_rows;
    while (row->id != id) row++;
    return row;
}

static void print_option(const struct option_row *row) {
    char left[64];
    const char *space = row->argument ? " " : "";
    const char *argument = row->argument ? row->argument : "";
    if (row->id < LETTERS) snprintf(left, sizeof left, "-%c, --%s%s%s", row->id, row->name, space, argument);
    else snprintf(left, sizeof left, "    --%s%s%s", row->name, space, argument);
    printf("  %-27s %s\n", left, row->help);
}

void print_help(const struct command *command) {
    printf("Usage: valpack %s [OPTION]... %s\n%s\n\n", command->name, command->operands, command->summary);
    for (const int *id = command->options; *id; id++) print_option(find_row(*id));
    print_option(find_row(OPTION_HELP));
    printf("\n%s", command->notes);
}

static void add_option(struct option *list, char *letters, const struct option_row *row) {
    list->name = row->name;
    list->has_arg = row->argument ? required_argument : no_argument;
    list->val = row->id;
    if (row->id < LETTERS) {
        letters += strlen(letters);
        *letters++ = (char)row->id;
        if (row->argument) *letters++ = ':';
    }
}

static int refuse_option(const struct command *command, const char *word, int reason, int letter) {
    if (letter > 0 && letter < LETTERS)
        return complain_usage(command->name, "option '-%c' %s", letter,
                              reason == ':' ? "needs an argument" : "is unknown");
    if (reason == ':') return complain_usage(command->name, "option '%s' needs an argument", word);
    if (letter >= LETTERS) return complain_usage(command->name, "option '%s' takes no argument", word);
    return complain_usage(command->name, "option '%s' is unknown or ambiguous", word);
}

int parse_options(const struct command *command, int argc, char **argv, option_setter set, void *settings) {
    struct option list[MOST_OPTIONS] = {{0}};
    char letters[2 * MOST_OPTIONS] = ":"; /* tells a missing argument from an unknown option */
    size_t count = 0;
    for (; command->options[count]; count++)
        add_option(&list[count], letters, find_row(command->options[count]));
    add_option(&list[count], letters, find_row(OPTION_HELP));

    opterr = 0;
    for (;;) {
        const char *word = optind < argc ? argv[optind] : "";
        int id = getopt_long(argc, argv, letters, list, NULL);
        if (id == -1) return -1;
        if (id == OPTION_HELP) {
            print_help(command);
            return 0;
        }
        int status =
            id == '?' || id == ':' ? refuse_option(command, word, id, optopt) : set(settings, id, optarg);
        if (status) return status;
    }
}

static uint64_t unit_of(char suffix) {
    switch (suffix) {
    case 'k':
    case 'K': return 1024;
    case 'm':
    case 'M': return 1024 * 1024;
    case 'g':
    case 'G': return 1024 * 1024 * 1024;
    default: return 0;
    }
}

bool parse_number(const char *text, struct number_range range, uint64_t *number) {
    bool is_hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *digits = is_hex ? text + 2 : text;
    const char *allowed = is_hex ? "0123456789abcdefABCDEF" : "0123456789";
    if (digits[0] == '\0' || !strchr(allowed, digits[0]))
        return false; /* strtoull would take blanks and signs */

    char *end;
    errno = 0;
    uint64_t value = strtoull(digits, &end, is_hex ? 16 : 10);
    if (errno == ERANGE) return false;
    if (*end) {
        uint64_t unit = unit_of(*end);
        if (unit == 0 || end[1] != '\0' || value > UINT64_MAX / unit) return false;
        value *= unit;
    }
    if (value < range.least || value > range.most) return false;
    *number = value;
    return true;
}

int number_argument(int id, const char *text, struct number_range range, uint64_t *number) {
    if (parse_number(text, range, number)) return 0;
    complain(NULL, "option '--%s': '%s' is not a whole number from %" PRIu64 " to %" PRIu64,
             find_row(id)->name, text, range.least, range.most);
    return EXIT_USAGE;
}

int preset_argument(const char *text, uint64_t *preset) {
    if (strcmp(text, "fast") == 0) *preset = VP_PRESET_FAST;
    else if (strcmp(text, "small") == 0) *preset = VP_PRESET_SMALL;
    else {
        complain(NULL, "option '--preset': '%s' is neither fast nor small", text);
        return EXIT_USAGE;
    }
    return 0;
}
