/* MessagePack to JSON text in a given style. */
#include "decimal.h"
#include "json_text.h"

struct rendering {
    struct writer *out;
    unsigned style, layout, depth;
};

static void put_escape(struct rendering *r, unsigned code) {
    const char *digits = r->style & JSON_UPPER_HEX ? "0123456789ABCDEF" : "0123456789abcdef";
    put_text(r->out, "\\u");
    for (int shift = 12; shift >= 0; shift -= 4) put_byte(r->out, (uint8_t)digits[code >> shift & 15]);
}

/* The code point of the UTF-8 sequence at p and its size; 0 if there is none. Surrogates count. */
static size_t take_utf8(const uint8_t *p, size_t left, unsigned *code) {
    size_t size = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || size > left) return 0;
    *code = p[0] & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if (p[i] >> 6 != 2) return 0;
        *code = *code << 6 | (p[i] & 63);
    }
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    return *code >= least[size] && *code <= 0x10FFFF ? size : 0;
}

/* A character beyond ASCII, or one byte of what is none. Returns its size. */
static size_t put_high(struct rendering *r, const uint8_t *p, size_t left) {
    unsigned code = 0;
    size_t size = take_utf8(p, left, &code);
    bool escaped = r->style & JSON_ESCAPED_NON_ASCII ||
                   (r->style & JSON_ESCAPED_HTML && (code == 0x2028 || code == 0x2029));
    if (size == 0 || !escaped) {
        put_bytes(r->out, p, size ? size : 1);
        return size ? size : 1;
    }
    if (code >= 0x10000) {
        put_escape(r, 0xD800 + ((code - 0x10000) >> 10));
        code = 0xDC00 + ((code - 0x10000) & 0x3FF);
    }
    put_escape(r, code);
    return size;
}

static void put_ascii(struct rendering *r, unsigned c) {
    static const char named[] = "\b\f\n\r\t", names[] = "bfnrt";
    bool html = r->style & JSON_ESCAPED_HTML && (c == '<' || c == '>' || c == '&');
    bool long_form = r->style & JSON_LONG_CONTROLS && (c == '\b' || c == '\f');
    const char *name = c && c < 0x20 && !long_form ? strchr(named, (int)c) : NULL;
    if (name) {
        put_byte(r->out, '\\');
        put_byte(r->out, (uint8_t)names[name - named]);
    } else if (c < 0x20 || html) {
        put_escape(r, c);
    } else {
        if (c == '"' || c == '\\' || (c == '/' && r->style & JSON_ESCAPED_SLASH)) put_byte(r->out, '\\');
        put_byte(r->out, c);
    }
}

static bool is_plain(uint8_t c) {
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\' && c != '/' && c != '<' && c != '>' && c != '&';
}

static bool render_string(struct rendering *r, const msgpack_object *object) {
    if (object->type != MSGPACK_OBJECT_STR) return false;
    const uint8_t *text = (const uint8_t *)object->via.str.ptr;
    size_t size = object->via.str.size;
    put_byte(r->out, '"');
    for (size_t i = 0; i < size;) {
        size_t run = i;
        while (i < size && is_plain(text[i])) i++;
        put_bytes(r->out, text + run, i - run);
        if (i == size) break;
        if (text[i] >= 0x80) i += put_high(r, text + i, size - i);
        else put_ascii(r, text[i++]);
    }
    put_byte(r->out, '"');
    return true;
}

static bool render_extension(struct rendering *r, const msgpack_object *object) {
    const uint8_t *body = (const uint8_t *)object->via.ext.ptr;
    size_t size = object->via.ext.size;
    struct decimal d;
    if (object->via.ext.type == JSON_EXT_NUMBER) {
        put_bytes(r->out, body, size);
        return json_is_odd_number(body, size);
    }
    if (!json_decimal_of((uint8_t)object->via.ext.type, body, size, &d) || d.scale == 0) return false;
    put_decimal_text(r->out, &d);
    return true;
}

static bool render_scalar(struct rendering *r, const msgpack_object *object) {
    switch (object->type) {
    case MSGPACK_OBJECT_NIL: put_text(r->out, "null"); return true;
    case MSGPACK_OBJECT_BOOLEAN: put_text(r->out, object->via.boolean ? "true" : "false"); return true;
    case MSGPACK_OBJECT_POSITIVE_INTEGER: put_decimal(r->out, object->via.u64); return true;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        put_byte(r->out, '-');
        put_decimal(r->out, ~(uint64_t)object->via.i64 + 1);
        return true;
    case MSGPACK_OBJECT_STR: return render_string(r, object);
    case MSGPACK_OBJECT_EXT: return render_extension(r, object);
    default: return false;
    }
}

static void put_line(struct rendering *r) {
    put_byte(r->out, '\n');
    if (r->layout == JSON_INDENT_TAB) put_repeated(r->out, '\t', r->depth);
    else put_repeated(r->out, ' ', (size_t)r->depth * (r->layout == JSON_INDENT_2 ? 2 : 4));
}

/* What stands before a member: after the bracket or after the comma. */
static void put_separator(struct rendering *r, bool is_first) {
    if (!is_first) put_byte(r->out, ',');
    if (r->layout >= JSON_INDENT_2) put_line(r);
    else if (!is_first && (r->layout == JSON_SPACED || r->layout == JSON_SPACED_COMMA)) put_byte(r->out, ' ');
}

static bool render_value(struct rendering *r, const msgpack_object *object);

static bool render_pair(struct rendering *r, const msgpack_object_kv *pair) {
    if (!render_string(r, &pair->key)) return false;
    put_byte(r->out, ':');
    if (r->layout != JSON_COMPACT && r->layout != JSON_SPACED_COMMA) put_byte(r->out, ' ');
    return render_value(r, &pair->val);
}

static bool render_members(struct rendering *r, const msgpack_object *object) {
    bool is_map = object->type == MSGPACK_OBJECT_MAP;
    uint32_t count = is_map ? object->via.map.size : object->via.array.size;
    r->depth++;
    for (uint32_t i = 0; i < count && !r->out->full; i++) {
        put_separator(r, i == 0);
        if (is_map ? !render_pair(r, &object->via.map.ptr[i]) : !render_value(r, &object->via.array.ptr[i]))
            return false;
    }
    r->depth--;
    if (count && r->layout >= JSON_INDENT_2) put_line(r);
    return true;
}

static bool render_value(struct rendering *r, const msgpack_object *object) {
    bool is_map = object->type == MSGPACK_OBJECT_MAP;
    if (!is_map && object->type != MSGPACK_OBJECT_ARRAY) return render_scalar(r, object);
    put_byte(r->out, is_map ? '{' : '[');
    if (!render_members(r, object)) return false;
    put_byte(r->out, is_map ? '}' : ']');
    return true;
}

bool json_render(struct writer *w, const msgpack_object *object, unsigned style) {
    struct rendering r = {.out = w, .style = style, .layout = style & JSON_STYLE_LAYOUT};
    r.depth = style >> JSON_BASE_SHIFT;
    if (object->type != MSGPACK_OBJECT_MAP && object->type != MSGPACK_OBJECT_ARRAY) return false;
    if (!render_value(&r, object)) return false;
    if (style & JSON_FINAL_NEWLINE) put_byte(w, '\n');
    return true;
}
