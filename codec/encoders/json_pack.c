/* JSON text (RFC 8259) to MessagePack: one walk counts the members of every container, a second one,
   over the same grammar, packs. */
#include "decimal.h"
#include "json_text.h"
#include "msgpack_scan.h"

enum { ODD_NUMBER_LONGEST = 255 };

struct walk {
    struct reader in;
    msgpack_packer *packer; /* NULL while counting */
    struct json_workspace work;
    size_t containers; /* seen so far, in order of their beginnings */
    unsigned depth, style;
    bool colon_seen, colon_space, comma_space;
};

static int peek(const struct walk *p) {
    return p->in.at < p->in.end ? *p->in.at : -1;
}

static bool skip(struct walk *p, int byte) {
    if (peek(p) != byte) return false;
    p->in.at++;
    return true;
}

static void skip_space(struct walk *p) {
    while (peek(p) == ' ' || peek(p) == '\n' || peek(p) == '\t' || peek(p) == '\r') p->in.at++;
}

static size_t skip_run(struct walk *p, int byte) {
    const uint8_t *start = p->in.at;
    while (peek(p) == byte) p->in.at++;
    return (size_t)(p->in.at - start);
}

/* The white space before the last bracket: what every line begins with, in pieces of documents. */
static size_t base_of(const struct walk *p) {
    const uint8_t *end = p->in.end, *first = p->in.at;
    if (end > first && end[-1] == '\n') end--;
    if (end > first) end--;
    const uint8_t *at = end;
    while (at > first && (at[-1] == ' ' || at[-1] == '\t')) at--;
    return (size_t)(end - at);
}

/* The first line within the outermost container tells the indentation. */
static void note_indentation(struct walk *p) {
    size_t base = base_of(p), spaces = skip_run(p, ' '), tabs = skip_run(p, '\t'), levels = 0;
    if (spaces == base + 2) {
        p->style |= JSON_INDENT_2;
        levels = base / 2;
    } else if (spaces == base + 4) {
        p->style |= JSON_INDENT_4;
        levels = base / 4;
    } else if (tabs == base + 1) {
        p->style |= JSON_INDENT_TAB;
        levels = base;
    }
    if (levels <= JSON_BASE_MOST) p->style |= (unsigned)levels << JSON_BASE_SHIFT;
}

static void skip_opening_space(struct walk *p) {
    if (skip(p, '\n') && p->depth == 1) note_indentation(p);
    skip_space(p);
}

static bool hex_digits(struct walk *p, unsigned *code) {
    const uint8_t *digits = take_bytes(&p->in, 4);
    *code = 0;
    for (unsigned i = 0; digits && i < 4; i++) {
        unsigned c = digits[i], value;
        if (c >= '0' && c <= '9') value = c - '0';
        else if (c >= 'a' && c <= 'f') value = c - 'a' + 10;
        else if (c >= 'A' && c <= 'F') value = c - 'A' + 10;
        else return false;
        if (c >= 'A' && c <= 'F') p->style |= JSON_UPPER_HEX;
        *code = *code << 4 | value;
    }
    return digits != NULL;
}

/* UTF-8; also of lone surrogates, which come back as they were. */
static void put_utf8(struct writer *w, unsigned code) {
    if (code < 0x80) {
        put_byte(w, code);
    } else if (code < 0x800) {
        put_byte(w, 0xC0 | code >> 6);
        put_byte(w, 0x80 | (code & 63));
    } else if (code < 0x10000) {
        put_byte(w, 0xE0 | code >> 12);
        put_byte(w, 0x80 | (code >> 6 & 63));
        put_byte(w, 0x80 | (code & 63));
    } else {
        put_byte(w, 0xF0 | code >> 18);
        put_byte(w, 0x80 | (code >> 12 & 63));
        put_byte(w, 0x80 | (code >> 6 & 63));
        put_byte(w, 0x80 | (code & 63));
    }
}

static void note_escape(struct walk *p, unsigned code) {
    if (code == 8 || code == 12) p->style |= JSON_LONG_CONTROLS;
    else if (code == '<' || code == '>' || code == '&' || code == 0x2028 || code == 0x2029)
        p->style |= JSON_ESCAPED_HTML;
    else if (code >= 0x80) p->style |= JSON_ESCAPED_NON_ASCII;
}

/* After "\u": one or, for a pair of surrogates, two groups of four digits. */
static bool take_unicode(struct walk *p, struct writer *text) {
    unsigned code, low;
    if (!hex_digits(p, &code)) return false;
    const uint8_t *after = p->in.at;
    if (code >> 10 == 0x36 && skip(p, '\\') && skip(p, 'u')) {
        if (!hex_digits(p, &low)) return false;
        if (low >> 10 == 0x37) code = 0x10000 + ((code & 0x3FF) << 10 | (low & 0x3FF));
    }
    if (code < 0x10000) p->in.at = after;
    note_escape(p, code);
    put_utf8(text, code);
    return true;
}

static bool take_escape(struct walk *p, struct writer *text) {
    static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    unsigned name = take_byte(&p->in);
    if (name == 'u') return take_unicode(p, text);
    const char *found = name ? strchr(names, (int)name) : NULL;
    if (!found) return false;
    if (name == '/') p->style |= JSON_ESCAPED_SLASH;
    put_byte(text, (uint8_t)meanings[found - names]);
    return true;
}

static bool take_string(struct walk *p, struct writer *text) {
    if (!skip(p, '"')) return false;
    for (;;) {
        const uint8_t *run = p->in.at;
        while (p->in.at < p->in.end && *p->in.at != '"' && *p->in.at != '\\' && *p->in.at >= 0x20) p->in.at++;
        put_bytes(text, run, (size_t)(p->in.at - run));
        if (skip(p, '"')) return true;
        if (!skip(p, '\\') || !take_escape(p, text)) return false;
    }
}

static bool walk_string(struct walk *p) {
    struct writer text = writer_over(p->work.text, (size_t)(p->in.end - p->in.at));
    if (!take_string(p, &text)) return false;
    if (!p->packer) return true;
    msgpack_pack_str(p->packer, text.length);
    if (text.length) msgpack_pack_str_body(p->packer, text.base, text.length);
    return true;
}

static bool walk_word(struct walk *p, const char *word) {
    size_t size = strlen(word);
    const uint8_t *at = take_bytes(&p->in, size);
    if (!at || memcmp(at, word, size) != 0) return false;
    if (!p->packer) return true;
    if (word[0] == 't') msgpack_pack_true(p->packer);
    else if (word[0] == 'f') msgpack_pack_false(p->packer);
    else msgpack_pack_nil(p->packer);
    return true;
}

/* A whole number as MessagePack has it: within 64 bits, no leading zero, no "-0". */
static bool whole_of_text(const uint8_t *text, size_t size, struct decimal *n) {
    *n = (struct decimal){.negative = text[0] == '-'};
    const size_t sign = n->negative ? 1 : 0;
    if (size == sign || (text[sign] == '0' && size > 1)) return false;
    for (size_t i = sign; i < size; i++) {
        unsigned digit = (unsigned)text[i] - '0';
        if (digit > 9 || n->digits > (UINT64_MAX - digit) / 10) return false;
        n->digits = n->digits * 10 + digit;
    }
    return !n->negative || n->digits <= (uint64_t)INT64_MAX;
}

static bool is_number_byte(int c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

bool json_is_odd_number(const uint8_t *text, size_t size) {
    struct decimal d;
    for (size_t i = 0; i < size; i++)
        if (!is_number_byte(text[i])) return false;
    return size > 0 && size <= ODD_NUMBER_LONGEST && !whole_of_text(text, size, &d) &&
           !decimal_of_text(text, size, &d);
}

static void pack_number(msgpack_packer *packer, const uint8_t *text, size_t size) {
    struct decimal d;
    if (whole_of_text(text, size, &d)) {
        if (d.negative) msgpack_pack_int64(packer, -(int64_t)d.digits);
        else msgpack_pack_uint64(packer, d.digits);
    } else if (decimal_of_text(text, size, &d)) {
        json_pack_decimal(packer, &d);
    } else {
        msgpack_pack_ext(packer, size, JSON_EXT_NUMBER);
        msgpack_pack_ext_body(packer, text, size);
    }
}

/* Any run of the bytes of numbers: what is no number comes back just the same. */
static bool walk_number(struct walk *p) {
    const uint8_t *text = p->in.at;
    while (is_number_byte(peek(p))) p->in.at++;
    size_t size = (size_t)(p->in.at - text);
    if (size == 0 || size > ODD_NUMBER_LONGEST) return false;
    if (p->packer) pack_number(p->packer, text, size);
    return true;
}

static bool walk_value(struct walk *p);

static bool walk_key(struct walk *p) {
    if (!walk_string(p)) return false;
    skip_space(p);
    if (!skip(p, ':')) return false;
    if (!p->colon_seen) p->colon_space = peek(p) == ' ';
    p->colon_seen = true;
    skip_space(p);
    return true;
}

/* The members up to the closing bracket; their number goes into *count. */
static bool walk_members(struct walk *p, bool is_object, uint32_t *count) {
    int close = is_object ? '}' : ']';
    skip_opening_space(p);
    if (skip(p, close)) return true;
    for (;;) {
        if ((is_object && !walk_key(p)) || !walk_value(p)) return false;
        ++*count;
        skip_space(p);
        if (skip(p, close)) return true;
        if (!skip(p, ',')) return false;
        if (peek(p) == ' ') p->comma_space = true;
        skip_space(p);
    }
}

static bool walk_container(struct walk *p) {
    bool is_object = *p->in.at++ == '{';
    uint32_t count = 0, *counted = &p->work.counts[p->containers++];
    if (p->depth == MSGPACK_DEPTH) return false;
    p->depth++;
    if (p->packer && is_object) msgpack_pack_map(p->packer, *counted);
    if (p->packer && !is_object) msgpack_pack_array(p->packer, *counted);
    if (!walk_members(p, is_object, &count)) return false;
    *counted = count;
    p->depth--;
    return true;
}

static bool walk_value(struct walk *p) {
    switch (peek(p)) {
    case '{':
    case '[': return walk_container(p);
    case '"': return walk_string(p);
    case 't': return walk_word(p, "true");
    case 'f': return walk_word(p, "false");
    case 'n': return walk_word(p, "null");
    default: return walk_number(p);
    }
}

static unsigned style_of(const struct walk *p) {
    if (p->style & JSON_STYLE_LAYOUT) return p->style;
    if (!p->comma_space) return p->style | (p->colon_space ? JSON_SPACED_COLON : JSON_COMPACT);
    return p->style | (p->colon_seen && !p->colon_space ? JSON_SPACED_COMMA : JSON_SPACED);
}

bool json_pack(struct reader text, msgpack_packer *packer, struct json_workspace work, unsigned *style) {
    struct walk p = {.in = text, .work = work};
    if (reader_left(&text) > UINT32_MAX || (peek(&p) != '{' && peek(&p) != '[')) return false;
    if (!walk_container(&p)) return false;
    if (skip(&p, '\n')) p.style |= JSON_FINAL_NEWLINE;
    if (p.in.at != p.in.end) return false;
    *style = style_of(&p);
    p.in = text;
    p.packer = packer;
    p.containers = 0;
    return walk_container(&p);
}

static size_t body_size_of(uint64_t digits) {
    size_t size = 1;
    while (size < 8 && digits >> (8 * size)) size++;
    return size == 3 ? 4 : size == 7 ? 8 : size; /* bodies of 4 and 8 bytes need no length */
}

void json_pack_decimal(msgpack_packer *packer, const struct decimal *d) {
    size_t size = body_size_of(d->digits);
    uint8_t body[8];
    for (size_t i = 0; i < size; i++) body[i] = (uint8_t)(d->digits >> (8 * (size - 1 - i)));
    msgpack_pack_ext(packer, size, (int8_t)(d->scale + (d->negative ? JSON_EXT_NEGATIVE : 0)));
    msgpack_pack_ext_body(packer, body, size);
}

bool json_decimal_of(uint8_t type, const uint8_t *body, size_t size, struct decimal *d) {
    if (type >= JSON_EXT_DECIMALS || size == 0 || size > 8) return false;
    *d = (struct decimal){.negative = type >= JSON_EXT_NEGATIVE, .scale = type % JSON_EXT_NEGATIVE};
    for (size_t i = 0; i < size; i++) d->digits = d->digits << 8 | body[i];
    return body_size_of(d->digits) == size;
}
