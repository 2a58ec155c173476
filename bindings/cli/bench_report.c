#include <inttypes.h>
#include <lz4.h>
#include <stdio.h>
#include <zlib.h>
#include <zstd.h>

#include "bench.h"
#include "valpack.h"

static double ratio_of(uint64_t raw, uint64_t encoded) {
    return encoded > 0 ? (double)raw / (double)encoded : 1.0;
}

static void print_encoder_json(const struct encoder_use *use, const char *separator) {
    printf("%s\n    \"%s\": {\"values\": %" PRIu64 ", \"raw_bytes\": %" PRIu64 ", \"encoded_bytes\": %" PRIu64
           ", \"decode_ns\": %.1f",
           separator, use->name, use->values, use->raw_bytes, use->encoded_bytes, use->decode_ns);
    if (use->zstd_dict_decode_ns >= 0) printf(", \"zstd_dict_decode_ns\": %.1f", use->zstd_dict_decode_ns);
    printf("}");
}

static void print_peer_json(const struct findings *findings, size_t index) {
    const struct measurement *peer = &findings->by_peer[index];
    size_t encoded = total_bytes(&peer->encoded);
    printf("%s\n    \"%s\": {\"encoded_bytes\": %zu, \"ratio\": %.4f", index > 0 ? "," : "",
           findings->peers->engines[index].name, encoded, ratio_of(total_bytes(findings->values), encoded));
    if (peer->encode_ns >= 0)
        printf(", \"encode_ns\": %.1f, \"decode_ns\": %.1f", peer->encode_ns, peer->decode_ns);
    printf(", \"failures\": %" PRIu64 "}", peer->failures);
}

void print_findings_json(const struct findings *findings) {
    const struct measurement *own = &findings->valpack;
    size_t raw = total_bytes(findings->values), encoded = total_bytes(&own->encoded);
    printf("{\n  \"values\": %zu,\n  \"raw_bytes\": %zu,\n  \"encoded_bytes\": %zu,\n  \"ratio\": %.4f,\n",
           findings->values->count, raw, encoded, ratio_of(raw, encoded));
    if (findings->server_raw_bytes)
        printf("  \"target\": \"%s\",\n  \"server_raw_bytes\": %" PRIu64
               ",\n  \"server_encoded_bytes\": %" PRIu64 ",\n",
               findings->target, findings->server_raw_bytes, findings->server_encoded_bytes);
    printf("  \"encode_ns\": %.1f,\n  \"decode_ns\": %.1f,\n  \"failures\": %" PRIu64 ",\n  \"encoders\": {",
           own->encode_ns, own->decode_ns, own->failures);
    for (size_t i = 0; i < findings->encoder_count; i++)
        print_encoder_json(&findings->encoders[i], i > 0 ? "," : "");
    printf("\n  },\n  \"peers\": {");
    for (size_t i = 0; i < findings->peers->count; i++) print_peer_json(findings, i);
    printf("\n  },\n  \"versions\": {\"valpack\": \"%s\", \"zstd\": \"%s\", \"lz4\": \"%s\", \"zlib\": "
           "\"%s\"}\n}\n",
           vp_version_string(), ZSTD_versionString(), LZ4_versionString(), zlibVersion());
}

static void print_row(const char *name, const struct measurement *found, size_t raw) {
    size_t encoded = total_bytes(&found->encoded);
    printf("%-14s %12zu %8.2f", name, encoded, ratio_of(raw, encoded));
    if (found->encode_ns >= 0) printf(" %11.0f %11.0f", found->encode_ns, found->decode_ns);
    else printf(" %11s %11s", "-", "-");
    printf(" %9" PRIu64 "\n", found->failures);
}

static void print_encoder_row(const struct encoder_use *use) {
    printf("%-14s %12" PRIu64 " %12" PRIu64 " %12" PRIu64 " %8.2f %11.0f", use->name, use->values,
           use->raw_bytes, use->encoded_bytes, ratio_of(use->raw_bytes, use->encoded_bytes), use->decode_ns);
    if (use->zstd_dict_decode_ns >= 0) printf(" %15.0f", use->zstd_dict_decode_ns);
    printf("\n");
}

void print_findings_table(const struct findings *findings) {
    size_t raw = total_bytes(findings->values), count = findings->values->count;
    printf("%zu values, %zu bytes, %.1f bytes a value\n\n", count, raw,
           count > 0 ? (double)raw / (double)count : 0.0);
    printf("%-14s %12s %8s %11s %11s %9s\n", "", "encoded", "ratio", "encode ns", "decode ns", "failures");
    print_row("valpack", &findings->valpack, raw);
    for (size_t i = 0; i < findings->peers->count; i++)
        print_row(findings->peers->engines[i].name, &findings->by_peer[i], raw);
    printf("\n%-14s %12s %12s %12s %8s %11s%s\n", "encoder", "values", "raw bytes", "encoded", "ratio",
           "decode ns", findings->peers->count > 2 ? "    zstd-dict ns" : "");
    for (size_t i = 0; i < findings->encoder_count; i++) print_encoder_row(&findings->encoders[i]);
    if (findings->server_raw_bytes)
        printf("\nMemory of the server (%s): %" PRIu64 " bytes instead of %" PRIu64 ", %.1f %% less\n",
               findings->target, findings->server_encoded_bytes, findings->server_raw_bytes,
               100.0 * ((double)findings->server_raw_bytes - (double)findings->server_encoded_bytes) /
                   (double)findings->server_raw_bytes);
    printf("\nTimes are nanoseconds a value, the median of several passes; every value is encoded alone.\n");
}
