#include "json_reader.h"

#include <stdlib.h>
#include <string.h>

static const char *skip_space(const char *at) {
    return at + strspn(at, " \t\r\n");
}

static const char *string_end(const char *quote) {
    const char *at = quote + 1;
    while (*at && *at != '"') at += at[0] == '\\' && at[1] ? 2 : 1;
    return *at ? at + 1 : at;
}

const char *json_end(const char *value) {
    if (*value == '"') return string_end(value);
    if (*value != '{' && *value != '[') return value + strcspn(value, ",]} \t\r\n");
    size_t depth = 0;
    for (const char *at = value; *at;) {
        if (*at == '"') {
            at = string_end(at);
            continue;
        }
        if (*at == '{' || *at == '[') depth++;
        if (*at == '}' || *at == ']') depth--;
        at++;
        if (depth == 0) return at;
    }
    return value + strlen(value);
}

const char *json_element(const char *array, const char *previous) {
    const char *at = previous ? skip_space(json_end(previous)) : array;
    if (!at || (*at != ',' && (previous || *at != '['))) return NULL;
    at = skip_space(at + 1);
    return *at == ']' || *at == '\0' ? NULL : at;
}

const char *json_member(const char *object, const char *name) {
    size_t size = strlen(name);
    const char *at = object && *object == '{' ? skip_space(object + 1) : "";
    while (*at == '"') {
        const char *end = string_end(at), *value = skip_space(end);
        bool found = (size_t)(end - at) == size + 2 && memcmp(at + 1, name, size) == 0;
        if (*value != ':') return NULL;
        value = skip_space(value + 1);
        if (found) return value;
        at = skip_space(json_end(value));
        if (*at == ',') at = skip_space(at + 1);
    }
    return NULL;
}

double json_real(const char *value, double missing) {
    if (value && strncmp(value, "true", 4) == 0) return 1;
    if (value && strncmp(value, "false", 5) == 0) return 0;
    return value && strchr("-0123456789", *value) && *value ? strtod(value, NULL) : missing;
}

static char escaped_character(char name) {
    switch (name) {
    case 'n':
    case 'r':
    case 't': return ' ';
    default: return name;
    }
}

void json_words(const char *value, char *words, size_t room) {
    size_t used = 0;
    words[0] = '\0';
    if (!value || *value != '"') return;
    for (const char *at = value + 1; *at && *at != '"' && used + 3 < room; at++) {
        if (*at != '\\' || !at[1]) {
            words[used++] = *at;
        } else if (*++at != 'u') {
            words[used++] = escaped_character(*at);
        } else {
            char digits[5] = "";
            strncat(digits, at + 1, 4);
            unsigned code = (unsigned)strtoul(digits, NULL, 16);
            at += strlen(digits);
            if (code >= 0x80) words[used++] = (char)(0xC0 | (code >> 6 & 31));
            words[used++] = (char)(code >= 0x80 ? 0x80 | (code & 63) : code >= 0x20 ? code : ' ');
        }
    }
    words[used] = '\0';
}
