#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json.h"

static double ratio_of(uint64_t raw, uint64_t encoded) {
    return encoded > 0 ? (double)raw / (double)encoded : 1.0;
}

static bool is_learned(const char *object, const char *end) {
    static const char learned[] = "learned";
    struct span form = json_string(object, end, "form");
    return form.size == sizeof learned - 1 && memcmp(form.data, learned, form.size) == 0;
}

/* What a kept encoder took on the held-out values, or "-" for one that was not kept. */
static void print_share(const char *object, const char *end) {
    uint64_t raw = json_number(object, end, "raw_bytes");
    uint64_t encoded = json_number(object, end, "encoded_bytes");
    if (json_number(object, end, "kept"))
        fprintf(stderr, " %5" PRIu64 " %9" PRIu64 " %11" PRIu64 " %11" PRIu64 " %7.2f\n",
                json_number(object, end, "codes"), json_number(object, end, "values"), raw, encoded,
                ratio_of(raw, encoded));
    else fprintf(stderr, " %5s\n", "-");
}

/* Returns how many learned encoders were kept. */
static uint64_t print_encoders(const char *list, uint64_t raw) {
    uint64_t kept = 0;
    fprintf(stderr, "  %-10s %-9s %11s %5s %9s %11s %11s %7s\n", "encoder", "form", "ratio alone", "codes",
            "values", "raw bytes", "encoded", "ratio");
    for (const char *object = strchr(list, '{'); object; object = strchr(object + 1, '{')) {
        const char *end = strchr(object, '}');
        if (!end) break;
        struct span name = json_string(object, end, "name");
        bool learned = is_learned(object, end);
        fprintf(stderr, "  %-10.*s %-9s %11.2f", (int)name.size, (const char *)name.data,
                learned ? "learned" : "as it is", ratio_of(raw, json_number(object, end, "alone_bytes")));
        print_share(object, end);
        if (learned) kept += json_number(object, end, "kept");
    }
    return kept;
}

/* What the server would need for the held-out values, where the target counts that. */
static void print_memory(const char *report, const char *end) {
    struct span target = json_string(report, end, "target");
    uint64_t raw = json_number(report, end, "server_raw_bytes");
    uint64_t encoded = json_number(report, end, "server_encoded_bytes");
    if (raw == 0) return;
    fprintf(stderr,
            "memory of the server for them (%.*s): %" PRIu64 " bytes instead of %" PRIu64 ", %.1f %% less\n",
            (int)target.size, (const char *)target.data, encoded, raw,
            100.0 * ((double)raw - (double)encoded) / (double)raw);
}

void print_training_report(const char *report, size_t profile_bytes) {
    const char *list = strchr(report, '[');
    if (!list) return;
    uint64_t raw = json_number(report, list, "raw_bytes");
    uint64_t encoded = json_number(report, list, "encoded_bytes");
    uint64_t first = json_number(report, list, "first_code");
    uint64_t width = json_number(report, list, "width");
    fprintf(stderr, "samples: %" PRIu64 ", kept %" PRIu64 ", compared on %" PRIu64 " held out\n",
            json_number(report, list, "samples"), json_number(report, list, "kept_samples"),
            json_number(report, list, "held_out"));
    uint64_t kept = print_encoders(list, raw);
    fprintf(stderr, "held out: %" PRIu64 " bytes in %" PRIu64 ", ratio %.2f\n", raw, encoded,
            ratio_of(raw, encoded));
    print_memory(report, list);
    fprintf(stderr, "profile: %zu bytes, first bytes 0x%02" PRIX64 "..0x%02" PRIX64 "\n", profile_bytes,
            first, width > 0 ? first + width - 1 : first);
    if (kept == 0)
        fputs("nothing in these samples was worth learning: the profile leaves values to the untrained "
              "encoders\n",
              stderr);
}
