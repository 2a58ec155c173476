/* A strict reader of JSON by RFC 8259 that keeps nothing: the test's own judge of JSON output. */
#include "test.h"

struct scan {
    const uint8_t *at, *end;
    unsigned depth;
};

static bool scan_value(struct scan *s);

static void skip_space(struct scan *s) {
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r')) s->at++;
}

static bool take(struct scan *s, uint8_t c) {
    if (s->at == s->end || *s->at != c) return false;
    s->at++;
    return true;
}

static bool scan_word(struct scan *s, const char *word) {
    while (*word)
        if (!take(s, (uint8_t)*word++)) return false;
    return true;
}

static bool scan_digits(struct scan *s) {
    const uint8_t *start = s->at;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9') s->at++;
    return s->at > start;
}

static bool scan_number(struct scan *s) {
    take(s, '-');
    if (!take(s, '0') && !scan_digits(s)) return false;
    if (take(s, '.') && !scan_digits(s)) return false;
    if (!take(s, 'e') && !take(s, 'E')) return true;
    if (!take(s, '+')) take(s, '-');
    return scan_digits(s);
}

static bool is_hex(uint8_t c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool scan_escape(struct scan *s) {
    if (s->at == s->end) return false;
    uint8_t c = *s->at++;
    if (c != 'u') return memchr("\"\\/bfnrt", c, 8) != NULL;
    for (int i = 0; i < 4; i++)
        if (s->at == s->end || !is_hex(*s->at++)) return false;
    return true;
}

static bool scan_string(struct scan *s) {
    if (!take(s, '"')) return false;
    while (s->at < s->end) {
        uint8_t c = *s->at++;
        if (c == '"') return true;
        if (c < 0x20 || (c == '\\' && !scan_escape(s))) return false;
    }
    return false;
}

/* Members or elements between brackets. */
static bool scan_items(struct scan *s, bool members, uint8_t close) {
    skip_space(s);
    if (take(s, close)) return true;
    for (;;) {
        skip_space(s);
        if (members) {
            if (!scan_string(s)) return false;
            skip_space(s);
            if (!take(s, ':')) return false;
        }
        if (!scan_value(s)) return false;
        if (take(s, close)) return true;
        if (!take(s, ',')) return false;
    }
}

static bool scan_value(struct scan *s) {
    if (++s->depth > 200) return false;
    skip_space(s);
    bool good = false;
    switch (s->at < s->end ? *s->at : 0) {
    case '{': s->at++, good = scan_items(s, true, '}'); break;
    case '[': s->at++, good = scan_items(s, false, ']'); break;
    case '"': good = scan_string(s); break;
    case 't': good = scan_word(s, "true"); break;
    case 'f': good = scan_word(s, "false"); break;
    case 'n': good = scan_word(s, "null"); break;
    default: good = scan_number(s); break;
    }
    skip_space(s);
    s->depth--;
    return good;
}

bool is_json(const char *text, size_t size) {
    struct scan s = {.at = (const uint8_t *)text, .end = (const uint8_t *)text + size};
    return scan_value(&s) && s.at == s.end;
}
