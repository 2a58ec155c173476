/* One JSON object written otherwise. */
#include <stdlib.h>

#include "../encoders/decimal.h"
#include "object_names.h"

#include <msgpack.h>

enum { HASH_MEMBERS = 512, NUMBER_ROOM = 400 };

static const struct json_token *token_at(const struct object_names *names, uint32_t i) {
    return json_token_at(&names->tokens, i);
}

static bool is_object(const struct object_names *names) {
    return names->tokens.count > 0 && token_at(names, 0)->kind == JSON_OBJECT;
}

static const uint8_t *text_of(const struct object_names *names, const struct json_token *token) {
    return names->tokens.text + token->start;
}

/* A value as it is written, quotes included. */
static vp_bytes spelling_of(const struct object_names *names, const struct json_token *token) {
    size_t quotes = token->kind == JSON_STRING || token->kind == JSON_NAME ? 1 : 0;
    return (vp_bytes){text_of(names, token) - quotes, token->size + 2 * quotes};
}

/* ---- Short names ---------------------------------------------------------------------------- */

/* True if a reader would take this name, which stays, for the short one of another. */
static bool is_ambiguous(const struct object_names *names, const struct json_token *token) {
    unsigned code = object_code_of(text_of(names, token), token->size);
    return code != NO_CODE && names->is_code[code];
}

bool object_put_short(const struct object_names *names, struct writer *out) {
    if (!is_object(names)) return false;
    const uint8_t *at = names->tokens.text, *end = at + names->tokens.size;
    for (uint32_t i = 1; i < names->tokens.count; i++) {
        const struct json_token *token = token_at(names, i);
        if (token->kind != JSON_NAME) continue;
        const struct object_name *name = object_name_of(names, token);
        if (!name || name->code == NO_CODE) {
            if (is_ambiguous(names, token)) return false;
            continue;
        }
        put_bytes(out, at, (size_t)(text_of(names, token) - at));
        put_bytes(out, name->short_name, name->code < CODE_DIGITS ? 1 : 2);
        at = text_of(names, token) + token->size;
    }
    put_bytes(out, at, (size_t)(end - at));
    return !out->full;
}

/* ---- Positions ------------------------------------------------------------------------------ */

/* The value at each position, NULL where there is none; false when the object can't be written so. */
static bool find_values(const struct object_names *names, const struct json_token *values[OBJECT_MEMBERS],
                        size_t *count) {
    *count = 0;
    for (uint32_t i = 1, next; i < names->tokens.count; i = next) {
        const struct json_token *value = token_at(names, i + 1);
        const struct object_name *name = object_name_of(names, token_at(names, i));
        next = value->next;
        if (!name || name->position == NO_POSITION || values[name->position]) return false;
        if (value->kind == JSON_NULL && !name->was_null) return false; /* reads as absent */
        values[name->position] = value;
        if (name->position >= *count) *count = name->position + (size_t)1;
    }
    return true;
}

bool object_put_positions(const struct object_names *names, struct writer *out) {
    const struct json_token *values[OBJECT_MEMBERS] = {NULL};
    size_t count;
    if (!is_object(names) || names->position_count == 0 || !find_values(names, values, &count)) return false;
    put_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0) put_byte(out, ',');
        if (values[i]) {
            vp_bytes text = spelling_of(names, values[i]);
            put_bytes(out, text.data, text.size);
        } else {
            if (names->names[names->positions[i]].was_null) return false; /* null is a value there */
            put_text(out, "null");
        }
    }
    put_byte(out, ']');
    return !out->full;
}

/* ---- MessagePack ---------------------------------------------------------------------------- */

static int write_packed(void *writer, const char *bytes, size_t size) {
    put_bytes(writer, bytes, size);
    return 0;
}

static bool whole_of_text(const uint8_t *text, size_t size, struct decimal *n) {
    *n = (struct decimal){.negative = text[0] == '-'};
    for (size_t i = n->negative ? 1 : 0; i < size; i++) {
        unsigned digit = (unsigned)text[i] - '0';
        if (digit > 9 || n->digits > (UINT64_MAX - digit) / 10) return false;
        n->digits = n->digits * 10 + digit;
    }
    return !n->negative || n->digits <= (uint64_t)INT64_MAX + 1;
}

static void pack_number(msgpack_packer *packer, const uint8_t *text, size_t size) {
    struct decimal d;
    uint64_t bits;
    double number = 0;
    if (whole_of_text(text, size, &d)) {
        if (d.negative) msgpack_pack_int64(packer, (int64_t)(0 - d.digits));
        else msgpack_pack_uint64(packer, d.digits);
        return;
    }
    if (decimal_of_text(text, size, &d) && double_of_decimal(&d, &bits)) {
        memcpy(&number, &bits, sizeof number);
    } else if (size < NUMBER_ROOM) {
        char copy[NUMBER_ROOM];
        memcpy(copy, text, size);
        copy[size] = '\0';
        number = strtod(copy, NULL);
    }
    msgpack_pack_double(packer, number);
}

static void pack_text(const struct object_names *names, const struct json_token *token,
                      msgpack_packer *packer, struct writer *out) {
    struct writer measure = writer_over(NULL, SIZE_MAX);
    json_unescape(&measure, &names->tokens, token);
    msgpack_pack_str(packer, measure.length);
    json_unescape(out, &names->tokens, token);
}

bool object_put_msgpack(const struct object_names *names, struct writer *out) {
    msgpack_packer packer;
    msgpack_packer_init(&packer, out, write_packed);
    for (uint32_t i = 0; i < names->tokens.count && !out->full; i++) {
        const struct json_token *token = token_at(names, i);
        switch (token->kind) {
        case JSON_OBJECT: msgpack_pack_map(&packer, token->count); break;
        case JSON_ARRAY: msgpack_pack_array(&packer, token->count); break;
        case JSON_NUMBER: pack_number(&packer, text_of(names, token), token->size); break;
        case JSON_NULL: msgpack_pack_nil(&packer); break;
        case JSON_TRUE: msgpack_pack_true(&packer); break;
        case JSON_FALSE: msgpack_pack_false(&packer); break;
        default: pack_text(names, token, &packer, out);
        }
    }
    return names->tokens.count > 0 && !out->full;
}

/* ---- Members as fields ---------------------------------------------------------------------- */

static vp_bytes plain_text(const struct object_names *names, const struct json_token *token,
                           struct writer *text) {
    if (token->kind != JSON_STRING && token->kind != JSON_NAME) return spelling_of(names, token);
    if (!token->escaped) return (vp_bytes){text_of(names, token), token->size};
    size_t start = text->length;
    json_unescape(text, &names->tokens, token);
    return (vp_bytes){text->base + start, text->length - start};
}

bool object_next(const struct object_names *names, struct object_walk *walk) {
    uint32_t i = walk->token == 0 ? 1 : walk->token;
    if (!is_object(names) || i >= names->tokens.count) return false;
    walk->name = plain_text(names, token_at(names, i), &walk->text);
    walk->value = plain_text(names, token_at(names, i + 1), &walk->text);
    walk->token = token_at(names, i + 1)->next;
    return !walk->text.full;
}

static bool has_name_twice(const struct object_names *names) {
    const struct json_token *seen[HASH_MEMBERS];
    size_t count = 0;
    for (uint32_t i = 1; i < names->tokens.count; i = token_at(names, i + 1)->next) {
        const struct json_token *token = token_at(names, i);
        for (size_t k = 0; k < count; k++)
            if (seen[k]->size == token->size &&
                memcmp(text_of(names, seen[k]), text_of(names, token), token->size) == 0)
                return true;
        seen[count++] = token;
    }
    return false;
}

bool object_add_fields(const struct object_names *names, const vp_server *server, struct writer *text,
                       vp_hash_cost *hash) {
    if (!is_object(names)) return false;
    uint32_t count = token_at(names, 0)->count;
    if (count == 0 || count > HASH_MEMBERS || has_name_twice(names)) return false;
    struct object_walk walk = {.text = writer_over(text->base, text->capacity)};
    while (object_next(names, &walk)) vp_hash_cost_add(server, hash, walk.name, walk.value);
    return !walk.text.full;
}
