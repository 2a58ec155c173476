/*
 * valpack inspect: explains one encoded value, a packed table, or a profile, as JSON.
 */
#include <ctype.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "json.h"
#include "options.h"
#include "profiles.h"
#include "valpack.h"
#include "valpack_table.h"
#include "values.h"

enum { MOST_JSON = 2048 };

/* A profile begins with this and a format version, which is a control character and makes it no text. */
static const char profile_magic[] = "VPP";

static bool is_profile(struct span data) {
    size_t size = sizeof profile_magic - 1;
    return data.size > size && memcmp(data.data, profile_magic, size) == 0 && data.data[size] < ' ';
}

struct inspection {
    int source; /* OPTION_HEX, OPTION_HEX_FILE, OPTION_BASE64, or 0 for a file */
    const char *text;
    bool show_value, explain, as_json;
    struct codec_settings codec;
};

static int set_option(void *settings, int id, const char *argument) {
    struct inspection *inspection = settings;
    switch (id) {
    case OPTION_HEX:
    case OPTION_HEX_FILE:
    case OPTION_BASE64:
        if (inspection->source)
            return complain_usage("inspect", "only one of --hex, --hex-file and --base64 can be given");
        inspection->source = id;
        inspection->text = argument;
        return 0;
    case OPTION_VALUE: inspection->show_value = true; return 0;
    case OPTION_EXPLAIN: inspection->explain = true; return 0;
    case OPTION_JSON: inspection->as_json = true; return 0;
    default: return set_codec_option(&inspection->codec, id, argument);
    }
}

static int hex_digit(uint8_t byte) {
    if (byte >= '0' && byte <= '9') return byte - '0';
    if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
    return -1;
}

/* Both spellings of base64 (RFC 4648, sections 4 and 5). */
static int base64_digit(uint8_t byte) {
    if (byte >= 'A' && byte <= 'Z') return byte - 'A';
    if (byte >= 'a' && byte <= 'z') return byte - 'a' + 26;
    if (byte >= '0' && byte <= '9') return byte - '0' + 52;
    if (byte == '+' || byte == '-') return 62;
    return byte == '/' || byte == '_' ? 63 : -1;
}

/*
 * Reads digits of 4 or 6 bits into `out`, which may be the text itself; blanks do not count, and
 * trailing '=' neither. Bits that make no whole byte must be 0. False for anything else.
 */
static bool read_digits(struct span text, int (*digit_of)(uint8_t byte), unsigned bits, struct bytes *bytes) {
    uint8_t *out = malloc(text.size + 1);
    uint32_t pending = 0;
    unsigned held = 0;
    bool good = out != NULL;
    size_t end = text.size, size = 0;
    while (bits == 6 && end > 0 && (text.data[end - 1] == '=' || isspace(text.data[end - 1]))) end--;
    for (size_t i = 0; good && i < end; i++) {
        if (isspace(text.data[i])) continue;
        int digit = digit_of(text.data[i]);
        good = digit >= 0;
        pending = pending << bits | (uint32_t)digit;
        held += bits;
        if (good && held >= 8) {
            held -= 8;
            out[size++] = (uint8_t)(pending >> held);
            pending &= (1U << held) - 1;
        }
    }
    if (good && held < bits && pending == 0) {
        *bytes = (struct bytes){out, size};
        return true;
    }
    free(out);
    return false;
}

static int take_text(struct span text, int source, const char *where, struct bytes *data) {
    bool is_base64 = source == OPTION_BASE64;
    if (read_digits(text, is_base64 ? base64_digit : hex_digit, is_base64 ? 6 : 4, data)) return 0;
    complain(where, is_base64 ? "this is not base64" : "this is not a row of pairs of hexadecimal digits");
    return source == OPTION_HEX_FILE ? EXIT_DATA : EXIT_USAGE;
}

/* The bytes to look at. */
static int take_data(const struct inspection *inspection, struct bytes *data) {
    if (inspection->source == OPTION_HEX || inspection->source == OPTION_BASE64) {
        struct span text = {(const uint8_t *)inspection->text, strlen(inspection->text)};
        const char *where = inspection->source == OPTION_HEX ? "option '--hex'" : "option '--base64'";
        return take_text(text, inspection->source, where, data);
    }
    size_t size = 0;
    bool shipped = inspection->source == 0 && inspection->text[0] == SHIPPED_MARK;
    uint8_t *content = shipped ? read_profile(inspection->text, &size)
                               : read_file(inspection->text, vp_encode_bound(largest_value), &size);
    if (!content) return EXIT_DATA;
    *data = (struct bytes){content, size};
    if (inspection->source != OPTION_HEX_FILE) return 0;
    int status = take_text((struct span){content, size}, OPTION_HEX_FILE, inspection->text, data);
    free(content);
    return status;
}

static int describe_profile(const char *name, struct span data) {
    vp_profile *profile = load_profile_bytes(name, data);
    if (!profile) return EXIT_DATA;
    size_t capacity = vp_profile_describe_bound(profile);
    char *json = malloc(capacity);
    int64_t size = json ? vp_profile_describe(profile, json, capacity) : VP_ERR_MEMORY;
    if (size >= 0) printf("%.*s\n", (int)size, json);
    free(json);
    vp_profile_release(profile);
    return size >= 0 ? 0 : complain(name, "%s", vp_status_text((int)size));
}

static void print_value(struct span value) {
    if (is_utf8(value)) {
        fputs(",\"value\":", stdout);
        print_json_string(stdout, value);
        return;
    }
    fputs(",\"value_hex\":\"", stdout);
    for (size_t i = 0; i < value.size; i++) printf("%02x", value.data[i]);
    fputc('"', stdout);
}

/* What the library says of the value, in memory for free(). Its size, or a status. */
static int64_t take_report(vp_context *context, struct span data, bool explain, char **json) {
    const void *report = NULL;
    char room[MOST_JSON];
    int64_t size = explain ? vp_explain_view(context, data.data, data.size, &report)
                           : vp_inspect(context, data.data, data.size, room, sizeof room);
    *json = size >= 0 ? malloc((size_t)size + 1) : NULL;
    if (!*json) return size >= 0 ? VP_ERR_MEMORY : size;
    memcpy(*json, explain ? report : room, (size_t)size);
    (*json)[size] = '\0';
    return size;
}

static void print_report(const char *json, int64_t size, const struct span *value) {
    printf("%.*s", (int)size - 1, json);
    if (value) print_value(*value);
    fputs("}\n", stdout);
}

static int describe_value(vp_context *context, const char *name, struct span data,
                          const struct inspection *inspection) {
    char *json;
    const void *value = NULL;
    int64_t size = take_report(context, data, inspection->explain, &json);
    int64_t value_size = size >= 0 ? vp_decode_view(context, data.data, data.size, &value) : size;
    struct span shown = {value, value_size > 0 ? (size_t)value_size : 0};
    int status = 0;
    if (value_size == VP_ERR_NO_PROFILE && data.size > 0)
        status = complain(name, "%s: 0x%02X", vp_status_text(VP_ERR_NO_PROFILE), data.data[0]);
    else if (value_size < 0) status = complain(name, "%s", vp_status_text((int)value_size));
    else if (size == 0 || json[size - 1] != '}') status = complain(name, "the library gave no JSON object");
    else if (inspection->explain && !inspection->as_json) print_explanation(json, json + size);
    else print_report(json, size, inspection->show_value ? &shown : NULL);
    free(json);
    return status;
}

static int describe_table(const char *name, struct span data) {
    char json[MOST_JSON];
    int64_t size = vp_table_describe((vp_bytes){data.data, data.size}, json, sizeof json);
    if (size < 0) return complain(name, "%s", vp_status_text((int)size));
    printf("%.*s\n", (int)size, json);
    return 0;
}

static int inspect_data(const struct inspection *inspection, const char *name, struct span data) {
    if (inspection->source == 0 && is_profile(data)) return describe_profile(name, data);
    if (vp_is_table(data.data, data.size)) return describe_table(name, data);
    struct loaded_codec loaded;
    int status = open_codec(&inspection->codec, NULL, &loaded);
    if (status) return status;
    status = describe_value(loaded.context, name, data, inspection);
    close_codec(&loaded);
    return status;
}

static int run_inspect(const struct command *self, int argc, char **argv) {
    struct inspection inspection = {.source = 0};
    int stop = parse_options(self, argc, argv, set_option, &inspection);
    if (stop >= 0) return stop;
    if (argc - optind != (inspection.source ? 0 : 1))
        return complain_usage(self->name, "give one value: --hex, --hex-file, --base64 or a file");
    if (!inspection.source) inspection.text = argv[optind];

    struct bytes data = {NULL, 0};
    int status = take_data(&inspection, &data);
    if (status == 0) {
        bool from_file = inspection.source == 0 || inspection.source == OPTION_HEX_FILE;
        status = inspect_data(&inspection, from_file ? input_name(inspection.text) : "the value",
                              (struct span){data.data, data.size});
        free(data.data);
    }
    return status;
}

static const int inspect_options[] = {OPTION_PROFILE, OPTION_HEX,       OPTION_HEX_FILE,
                                      OPTION_BASE64,  OPTION_VALUE,     OPTION_EXPLAIN,
                                      OPTION_JSON,    OPTION_HAND_BACK, 0};

const struct command inspect_command = {
    .name = "inspect",
    .operands = "[FILE]",
    .summary = "Explains an encoded value or a profile, as JSON.",
    .notes =
        "FILE holds one encoded value as it is, or a profile; @NAME is a profile that ships. Give a value\n"
        "in one of the four ways. With --explain a table is printed, unless --json is given too.\n",
    .options = inspect_options,
    .run = run_inspect,
};
