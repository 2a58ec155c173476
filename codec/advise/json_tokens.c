#include "json_tokens.h"

struct scan {
    struct json_tokens *tokens;
    const vp_allocator *allocator;
    struct reader in;
    unsigned depth;
    bool no_memory;
};

static int peek(const struct scan *s) {
    return s->in.at < s->in.end ? *s->in.at : -1;
}

static bool skip(struct scan *s, int byte) {
    if (peek(s) != byte) return false;
    s->in.at++;
    return true;
}

static void skip_space(struct scan *s) {
    while (peek(s) == ' ' || peek(s) == '\n' || peek(s) == '\t' || peek(s) == '\r') s->in.at++;
}

static struct json_token *token_at(const struct scan *s, uint32_t index) {
    return (struct json_token *)(void *)s->tokens->room.bytes + index;
}

static uint32_t offset_of(const struct scan *s, const uint8_t *at) {
    return (uint32_t)(at - s->tokens->text);
}

/* A new token that begins here; false without memory. */
static bool begin(struct scan *s, enum json_kind kind, uint32_t *index) {
    size_t used = s->tokens->count * sizeof(struct json_token);
    if (!buffer_grow(s->allocator, &s->tokens->room, used + sizeof(struct json_token), used)) {
        s->no_memory = true;
        return false;
    }
    *index = s->tokens->count++;
    *token_at(s, *index) = (struct json_token){.start = offset_of(s, s->in.at), .kind = (uint8_t)kind};
    return true;
}

static void end(struct scan *s, uint32_t index, const uint8_t *at) {
    struct json_token *token = token_at(s, index);
    token->size = offset_of(s, at) - token->start;
    token->next = s->tokens->count;
}

static bool is_hex(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool scan_escape(struct scan *s) {
    int name = peek(s);
    if (name < 0) return false;
    s->in.at++;
    if (name != 'u') return strchr("\"\\/bfnrt", name) != NULL && name != 0;
    for (int i = 0; i < 4; i++, s->in.at++)
        if (!is_hex(peek(s))) return false;
    return true;
}

static bool scan_string(struct scan *s, enum json_kind kind) {
    uint32_t index;
    if (!skip(s, '"') || !begin(s, kind, &index)) return false;
    bool escaped = false;
    while (peek(s) != '"') {
        if (peek(s) < 0x20) return false; /* the end of the text too */
        if (*s->in.at++ != '\\') continue;
        escaped = true;
        if (!scan_escape(s)) return false;
    }
    end(s, index, s->in.at++);
    token_at(s, index)->escaped = escaped;
    return true;
}

static size_t skip_digits(struct scan *s) {
    const uint8_t *first = s->in.at;
    while (peek(s) >= '0' && peek(s) <= '9') s->in.at++;
    return (size_t)(s->in.at - first);
}

static bool scan_number(struct scan *s) {
    uint32_t index;
    if (!begin(s, JSON_NUMBER, &index)) return false;
    skip(s, '-');
    if (!skip(s, '0') && skip_digits(s) == 0) return false;
    if (skip(s, '.') && skip_digits(s) == 0) return false;
    if (skip(s, 'e') || skip(s, 'E')) {
        if (!skip(s, '+')) skip(s, '-');
        if (skip_digits(s) == 0) return false;
    }
    end(s, index, s->in.at);
    return true;
}

static bool scan_word(struct scan *s, const char *word, enum json_kind kind) {
    uint32_t index;
    size_t size = strlen(word);
    if (reader_left(&s->in) < size || memcmp(s->in.at, word, size) != 0 || !begin(s, kind, &index))
        return false;
    s->in.at += size;
    end(s, index, s->in.at);
    return true;
}

static bool scan_value(struct scan *s);

static bool scan_member(struct scan *s, bool is_object) {
    skip_space(s);
    if (!is_object) return scan_value(s);
    if (!scan_string(s, JSON_NAME)) return false;
    skip_space(s);
    return skip(s, ':') && scan_value(s);
}

static bool scan_container(struct scan *s, bool is_object) {
    uint32_t index, count = 0;
    int close = is_object ? '}' : ']';
    if (s->depth == JSON_DEPTH || !begin(s, is_object ? JSON_OBJECT : JSON_ARRAY, &index)) return false;
    s->depth++;
    s->in.at++;
    skip_space(s);
    if (!skip(s, close)) {
        do {
            if (!scan_member(s, is_object)) return false;
            count++;
            skip_space(s);
        } while (skip(s, ','));
        if (!skip(s, close)) return false;
    }
    s->depth--;
    end(s, index, s->in.at);
    token_at(s, index)->count = count;
    return true;
}

static bool scan_value(struct scan *s) {
    skip_space(s);
    switch (peek(s)) {
    case '{': return scan_container(s, true);
    case '[': return scan_container(s, false);
    case '"': return scan_string(s, JSON_STRING);
    case 't': return scan_word(s, "true", JSON_TRUE);
    case 'f': return scan_word(s, "false", JSON_FALSE);
    case 'n': return scan_word(s, "null", JSON_NULL);
    default: return scan_number(s);
    }
}

int json_tokenize(struct json_tokens *tokens, const vp_allocator *allocator, const void *text, size_t size) {
    struct scan s = {.tokens = tokens, .allocator = allocator, .in = reader_over(text, size)};
    tokens->text = text;
    tokens->size = size;
    tokens->count = 0;
    if (size > JSON_LARGEST) return VP_ERR_NOT_FOUND;
    skip_space(&s);
    bool taken = (peek(&s) == '{' || peek(&s) == '[') && scan_value(&s);
    skip_space(&s);
    if (taken && reader_left(&s.in) == 0) return VP_OK;
    tokens->count = 0;
    return s.no_memory ? VP_ERR_MEMORY : VP_ERR_NOT_FOUND;
}

/* ---- escapes -------------------------------------------------------------------------------- */

static unsigned hex_code(const uint8_t *digits) {
    unsigned code = 0;
    for (int i = 0; i < 4; i++) {
        unsigned c = digits[i];
        code = code << 4 | (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return code;
}

static void put_code_point(struct writer *w, unsigned code) {
    unsigned more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned lead[] = {0, 0xC0, 0xE0, 0xF0};
    put_byte(w, lead[more] | code >> (6 * more));
    while (more-- > 0) put_byte(w, 0x80 | (code >> (6 * more) & 63));
}

/* At the first digit behind "\u"; returns how many bytes it took. */
static size_t put_unicode(struct writer *w, const uint8_t *at, size_t left) {
    unsigned code = hex_code(at), low;
    if (code >> 10 == 0x36 && left >= 10 && at[4] == '\\' && at[5] == 'u') {
        low = hex_code(at + 6);
        if (low >> 10 == 0x37) {
            put_code_point(w, 0x10000 + ((code & 0x3FF) << 10 | (low & 0x3FF)));
            return 10;
        }
    }
    put_code_point(w, code);
    return 4;
}

void json_unescape(struct writer *w, const struct json_tokens *tokens, const struct json_token *token) {
    static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const uint8_t *text = tokens->text + token->start;
    size_t size = token->size, at = 0;
    while (at < size) {
        const uint8_t *slash = token->escaped ? memchr(text + at, '\\', size - at) : NULL;
        size_t run = slash ? (size_t)(slash - text) - at : size - at;
        put_bytes(w, text + at, run);
        at += run;
        if (!slash) continue;
        unsigned name = text[at + 1];
        at += 2;
        if (name == 'u') at += put_unicode(w, text + at, size - at);
        else put_byte(w, (uint8_t)meanings[strchr(names, (int)name) - names]);
    }
}
