#include "explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

/* The text between two quotes of JSON. The library writes bytes that are not plain as \u00XX. */
static void print_text(struct span text) {
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] != '\\' || text.size - i < 6) {
            putchar(text.data[i]);
            continue;
        }
        char digits[] = {(char)text.data[i + 4], (char)text.data[i + 5], '\0'};
        unsigned long byte = strtoul(digits, NULL, 16);
        if (byte >= 0x20 && byte < 0x7F) putchar((int)byte);
        else printf("\\x%s", digits);
        i += 5;
    }
}

/* The end of the object that begins at `at`, behind its brace; braces within strings do not count. */
static const char *object_end(const char *at, const char *end) {
    unsigned depth = 0;
    bool in_string = false;
    for (; at < end; at++) {
        if (*at == '"') in_string = !in_string;
        if (in_string) continue;
        depth += *at == '{';
        if (*at == '}' && --depth == 0) return at + 1;
    }
    return end;
}

/* Calls `print` with each object of the list behind "key":. */
static void each_object(const char *json, const char *end, const char *key,
                        void (*print)(const char *object, const char *object_end)) {
    char name[32];
    snprintf(name, sizeof name, "\"%s\":[", key);
    const char *at = strstr(json, name);
    if (!at) return;
    for (at += strlen(name); at < end && *at != ']';) {
        if (*at == ',') at++;
        const char *next = object_end(at, end);
        print(at, next);
        at = next;
    }
}

/* The number behind "key": as it is written, without its end. */
static double decimal_of(const char *object, const char *end, const char *key) {
    char name[32];
    snprintf(name, sizeof name, "\"%s\":", key);
    const char *at = strstr(object, name);
    return at && at < end ? strtod(at + strlen(name), NULL) : 0;
}

static void print_symbol(const char *object, const char *end) {
    struct span kind = json_string(object, end, "kind");
    printf("%8.2f  %5" PRIu64 "  %-9.*s  ", decimal_of(object, end, "bits"), json_number(object, end, "slot"),
           (int)kind.size, (const char *)kind.data);
    print_text(json_string(object, end, "text"));
    putchar('\n');
}

static void print_slot(const char *object, const char *end) {
    printf("%5" PRIu64 "  %12.2f  %8.2f  %6" PRIu64 "  ", json_number(object, end, "slot"),
           decimal_of(object, end, "opening_bits"), decimal_of(object, end, "bits"),
           json_number(object, end, "bytes"));
    print_text(json_string(object, end, "before"));
    putchar('\n');
}

void print_explanation(const char *json, const char *end) {
    struct span encoder = json_string(json, end, "encoder");
    printf("%.*s: %" PRIu64 " bytes in %" PRIu64 "\n", (int)encoder.size, (const char *)encoder.data,
           json_number(json, end, "value_bytes"), json_number(json, end, "stored_bytes"));
    const char *parts = strstr(json, "\"explanation\":");
    if (!parts) return;
    puts("\n    bits   slot  kind       text");
    each_object(parts, end, "symbols", print_symbol);
    uint64_t opening = json_number(parts, end, "opening_bytes");
    printf("%8.2f  in all, of %" PRIu64 " bits", decimal_of(parts, end, "total_bits"),
           json_number(parts, end, "payload_bits"));
    if (opening)
        printf("; %.2f of them for %" PRIu64 " bytes that open slots", decimal_of(parts, end, "opening_bits"),
               opening);
    puts("\n\n slot  opening bits      bits   bytes  behind");
    each_object(parts, end, "slots", print_slot);
}
