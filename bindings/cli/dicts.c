/*
 * valpack dicts: the profiles that ship with valpack.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "options.h"
#include "valpack.h"

static int set_option(void *settings, int id, const char *argument) {
    (void)id;
    (void)argument;
    *(bool *)settings = true; /* --json is the only one */
    return 0;
}

static double ratio(const char *about, const char *end, const char *key) {
    uint64_t encoded = json_number(about, end, key);
    return encoded ? (double)json_number(about, end, "raw_bytes") / (double)encoded : 1.0;
}

static void print_row(const char *about) {
    const char *end = about + strlen(about);
    struct span name = json_string(about, end, "name");
    struct span purpose = json_string(about, end, "purpose");
    printf("@%-11.*s %7" PRIu64 " %7.2f %7.2f %9.2f  %.*s\n", (int)name.size, (const char *)name.data,
           json_number(about, end, "profile_bytes"), ratio(about, end, "encoded_bytes"),
           ratio(about, end, "own_bytes"), ratio(about, end, "untrained_bytes"), (int)purpose.size,
           (const char *)purpose.data);
}

static void print_json(void) {
    for (size_t i = 0; i < vp_shipped_count(); i++) printf("%s%s", i ? ",\n " : "[", vp_shipped_about(i));
    puts(vp_shipped_count() ? "]" : "[]");
}

static void print_table(void) {
    printf("%-12s %7s %7s %7s %9s  %s\n", "profile", "bytes", "ratio", "own", "untrained", "for");
    for (size_t i = 0; i < vp_shipped_count(); i++) print_row(vp_shipped_about(i));
}

static int run_dicts(const struct command *self, int argc, char **argv) {
    bool json = false;
    int stop = parse_options(self, argc, argv, set_option, &json);
    if (stop >= 0) return stop;
    if (optind != argc) return complain_usage(self->name, "it takes no file");
    if (json) print_json();
    else print_table();
    return 0;
}

static const int dicts_options[] = {OPTION_JSON, 0};

const struct command dicts_command = {
    .name = "dicts",
    .operands = "",
    .summary = "Lists the profiles that ship, for use as '-p @NAME'.",
    .notes = "For keyspaces of which there are no samples yet. The ratios are those of made-up values of\n"
             "applications that the profile was not trained on: with it, with profiles of their own, and\n"
             "without any. A profile of one's own is always the better one.\n",
    .options = dicts_options,
    .run = run_dicts,
};
