#include "json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *short_escape(uint8_t byte) {
    switch (byte) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: return NULL;
    }
}

void print_json_string(FILE *stream, struct span text) {
    fputc('"', stream);
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.data[i];
        const char *escape = short_escape(byte);
        if (escape) fputs(escape, stream);
        else if (byte < 0x20 || byte == 0x7F) fprintf(stream, "\\u%04x", byte);
        else fputc(byte, stream);
    }
    fputc('"', stream);
}

/* Length of the sequence that a lead byte begins, with the range of its second byte (RFC 3629, section 4). */
static size_t sequence_length(uint8_t lead, uint8_t *least, uint8_t *most) {
    *least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

bool is_utf8(struct span bytes) {
    size_t length;
    for (size_t i = 0; i < bytes.size; i += length) {
        uint8_t least, most;
        length = sequence_length(bytes.data[i], &least, &most);
        if (length == 0 || length > bytes.size - i) return false;
        if (length > 1 && (bytes.data[i + 1] < least || bytes.data[i + 1] > most)) return false;
        for (size_t k = 2; k < length; k++)
            if ((bytes.data[i + k] & 0xC0) != 0x80) return false;
    }
    return true;
}

/* Where the value behind "key": begins, or NULL. */
static const char *find_value(const char *object, const char *end, const char *key) {
    size_t size = strlen(key);
    for (const char *quote = object; (quote = memchr(quote, '"', (size_t)(end - quote))); quote++) {
        if ((size_t)(end - quote) < size + 3) return NULL;
        if (memcmp(quote + 1, key, size) != 0 || quote[size + 1] != '"') continue;
        const char *value = quote + size + 2;
        value += strspn(value, " \n\t");
        if (value < end && *value == ':') return value + 1 + strspn(value + 1, " \n\t");
    }
    return NULL;
}

uint64_t json_number(const char *object, const char *end, const char *key) {
    const char *value = find_value(object, end, key);
    if (!value) return 0;
    return strncmp(value, "true", 4) == 0 ? 1 : strtoull(value, NULL, 10);
}

struct span json_string(const char *object, const char *end, const char *key) {
    const char *value = find_value(object, end, key);
    if (!value || *value != '"') return (struct span){NULL, 0};
    const char *quote = memchr(value + 1, '"', (size_t)(end - value - 1));
    if (!quote) return (struct span){NULL, 0};
    return (struct span){(const uint8_t *)value + 1, (size_t)(quote - value - 1)};
}
