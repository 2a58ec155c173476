/*
 * valpack relocate: binds a profile to another range of first bytes.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>

#include "options.h"
#include "output.h"
#include "profiles.h"
#include "valpack.h"
#include "values.h"

struct relocation {
    uint64_t first_code; /* 0: not given */
    bool force;
    const char *input, *output;
};

static int set_option(void *settings, int id, const char *argument) {
    struct relocation *relocation = settings;
    if (id == OPTION_FIRST)
        return number_argument(id, argument, (struct number_range){0x80, 0xBF}, &relocation->first_code);
    relocation->force = true;
    return 0;
}

static int write_profile(const struct relocation *relocation, struct span bytes) {
    struct output output;
    int status = output_create(&output, relocation->output, relocation->force);
    if (status) return status;
    status = output_write(&output, bytes.data, bytes.size);
    if (status == 0) status = output_commit(&output);
    output_close(&output);
    return status;
}

/* The library says only that the code does not suit; the profile's width says why. */
static int complain_code(const struct relocation *relocation, vp_profile *profile) {
    uint32_t width = vp_profile_width(profile);
    return complain(relocation->input,
                    "0x%02" PRIX64 " can't be its first code: with %" PRIu32
                    " codes it must be a multiple of %" PRIu32 " and end by 0xBF",
                    relocation->first_code, width, width);
}

static int relocate_bytes(const struct relocation *relocation, uint8_t *bytes, size_t size) {
    vp_profile *profile = load_profile_bytes(input_name(relocation->input), (struct span){bytes, size});
    if (!profile) return EXIT_DATA;
    int status = vp_profile_relocate(bytes, size, (uint32_t)relocation->first_code);
    if (status == VP_ERR_ARGUMENT) status = complain_code(relocation, profile);
    else if (status != VP_OK) status = complain(relocation->input, "%s", vp_status_text(status));
    else status = write_profile(relocation, (struct span){bytes, size});
    vp_profile_release(profile);
    return status;
}

static int run_relocate(const struct command *self, int argc, char **argv) {
    struct relocation relocation = {.first_code = 0};
    int stop = parse_options(self, argc, argv, set_option, &relocation);
    if (stop >= 0) return stop;
    if (relocation.first_code == 0) return complain_usage(self->name, "the option --first is missing");
    if (argc - optind != 2)
        return complain_usage(self->name, "name the profile and the file for the relocated one");
    relocation.input = argv[optind];
    relocation.output = argv[optind + 1];

    size_t size = 0;
    uint8_t *bytes = read_profile(relocation.input, &size);
    if (!bytes) return EXIT_DATA;
    int status = relocate_bytes(&relocation, bytes, size);
    free(bytes);
    return status;
}

static const int relocate_options[] = {OPTION_FIRST, OPTION_FORCE, 0};

const struct command relocate_command = {
    .name = "relocate",
    .operands = "IN.vpp OUT.vpp",
    .summary = "Writes a profile again with another first code.",
    .notes = "For a profile that has not been used yet and whose range is taken. What the profile knows and\n"
             "its fingerprint stay; values written under the old code can't be read with the new file.\n",
    .options = relocate_options,
    .run = run_relocate,
};
