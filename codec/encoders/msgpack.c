/*
 * JSON text as MessagePack, and MessagePack with shorter floating point numbers.
 *
 * Payload: a varint, then one MessagePack object up to the end.
 *   - a style (json_text.h): the object holds an array or object of JSON; the style says how the text
 *     is spelled. Decimals are extensions 0 .. 63, other numbers that no 64-bit integer is are
 *     extension 127 with their spelling.
 *   - 7: the value is MessagePack itself; 64-bit floats that are short decimals, such as 19.99, are
 *     extensions 0 .. 63. Everything else stands as it is.
 * The decoded size is not stored.
 *
 * Encoding ends by rendering the payload and comparing: spellings that a style can't say are not taken.
 */
#include "decimal.h"
#include "encoder.h"
#include "json_text.h"
#include "msgpack_scan.h"

enum { VALUE_IS_MSGPACK = JSON_LAYOUTS, FLOAT64 = 0xCB, SMALLEST = 4 };

/* Objects of msgpack-c live in a zone; its first chunk serves most values without asking malloc. */
enum { ZONE_CHUNK = 16 * 1024 };

struct msgpack_state {
    vp_allocator allocator;
    msgpack_zone zone;
};

static void *create_state(const vp_allocator *allocator) {
    struct msgpack_state *state = memory_alloc(allocator, sizeof *state);
    if (!state) return NULL;
    state->allocator = *allocator;
    if (msgpack_zone_init(&state->zone, ZONE_CHUNK)) return state;
    memory_free(allocator, state);
    return NULL;
}

static void destroy_state(void *pointer) {
    struct msgpack_state *state = pointer;
    msgpack_zone_destroy(&state->zone);
    vp_allocator allocator = state->allocator;
    memory_free(&allocator, state);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static int write_packed(void *writer, const char *bytes, size_t size) {
    put_bytes(writer, bytes, size);
    return 0;
}

/* What json_pack() writes; msgpack-c must not see anything else. */
static bool is_token_of_json(const struct msgpack_token *t, bool is_key) {
    if (!t->is_minimal || (is_key && t->kind != MSGPACK_KIND_STRING)) return false;
    return t->kind != MSGPACK_KIND_FLOAT && t->kind != MSGPACK_KIND_BINARY;
}

static int render_json(struct writer *out, struct reader packed, unsigned style, struct scratch *scratch) {
    size_t size = reader_left(&packed), offset = 0;
    if (!msgpack_scan(packed.at, size, is_token_of_json)) return VP_ERR_CORRUPT;
    struct msgpack_state *state = scratch_state(scratch, ENCODER_ID_msgpack, create_state, destroy_state);
    if (!state) return VP_ERR_MEMORY;
    msgpack_object object;
    int status = VP_ERR_CORRUPT;
    msgpack_unpack_return unpacked =
        msgpack_unpack((const char *)packed.at, size, &offset, &state->zone, &object);
    if (unpacked == MSGPACK_UNPACK_NOMEM_ERROR) status = VP_ERR_MEMORY;
    else if (unpacked == MSGPACK_UNPACK_SUCCESS && json_render(out, &object, style)) status = VP_OK;
    msgpack_zone_clear(&state->zone);
    return status == VP_OK && out->full ? VP_ERR_SPACE : status;
}

static bool comes_back(const struct value *v, const struct writer *packed, unsigned style,
                       struct scratch *scratch) {
    uint8_t *bytes = scratch_buffer(scratch, 3, v->size);
    if (!bytes) return false;
    struct writer text = writer_over(bytes, v->size);
    if (render_json(&text, reader_over(packed->base, packed->length), style, scratch) != VP_OK) return false;
    return text.length == v->size && memcmp(bytes, v->bytes, v->size) == 0;
}

static bool encode_json(struct writer *out, const struct value *v, struct scratch *scratch) {
    struct json_workspace work = {
        .counts = scratch_buffer(scratch, 0, json_count_limit(v->size) * sizeof(uint32_t)),
        .text = scratch_buffer(scratch, 1, v->size),
    };
    uint8_t *bytes = scratch_buffer(scratch, 2, v->size);
    if (!work.counts || !work.text || !bytes) return false;
    struct writer packed = writer_over(bytes, v->size);
    msgpack_packer packer;
    msgpack_packer_init(&packer, &packed, write_packed);
    unsigned style;
    if (!json_pack(reader_over(v->bytes, v->size), &packer, work, &style) || packed.full) return false;
    if (!comes_back(v, &packed, style, scratch)) return false;
    put_varint(out, style);
    put_bytes(out, packed.base, packed.length);
    return true;
}

/* ---- MessagePack ---------------------------------------------------------------------------- */

static bool is_short_float(const struct msgpack_token *t, struct decimal *d) {
    return t->start[0] == FLOAT64 && decimal_of_double(load_be64(t->body), d);
}

static bool is_decimal_extension(const struct msgpack_token *t) {
    return t->kind == MSGPACK_KIND_EXTENSION && t->type < JSON_EXT_DECIMALS;
}

static bool is_token_of_value(const struct msgpack_token *t, bool is_key) {
    (void)is_key;
    return !is_decimal_extension(t);
}

static bool is_token_of_payload(const struct msgpack_token *t, bool is_key) {
    (void)is_key;
    struct decimal d;
    uint64_t bits;
    if (!is_decimal_extension(t)) return !is_short_float(t, &d);
    if (!t->is_minimal || !json_decimal_of(t->type, t->body, t->body_size, &d)) return false;
    struct decimal shortest;
    return double_of_decimal(&d, &bits) && decimal_of_double(bits, &shortest) && shortest.scale == d.scale;
}

static bool encode_msgpack(struct writer *out, const struct value *v) {
    if (!msgpack_scan(v->bytes, v->size, is_token_of_value)) return false;
    put_varint(out, VALUE_IS_MSGPACK);
    msgpack_packer packer;
    msgpack_packer_init(&packer, out, write_packed);
    struct reader r = reader_over(v->bytes, v->size);
    bool gains = false;
    while (reader_left(&r)) {
        struct msgpack_token t;
        struct decimal d;
        if (!take_msgpack_token(&r, &t)) return false;
        if (is_short_float(&t, &d)) {
            json_pack_decimal(&packer, &d);
            gains = true;
        } else {
            put_bytes(out, t.start, t.size);
        }
    }
    return gains;
}

static int decode_msgpack(struct writer *out, struct reader payload) {
    if (!msgpack_scan(payload.at, reader_left(&payload), is_token_of_payload)) return VP_ERR_CORRUPT;
    bool gains = false;
    while (reader_left(&payload)) {
        struct msgpack_token t;
        if (!take_msgpack_token(&payload, &t)) return VP_ERR_CORRUPT;
        if (!is_decimal_extension(&t)) {
            put_bytes(out, t.start, t.size);
            continue;
        }
        struct decimal d;
        uint64_t bits = 0;
        json_decimal_of(t.type, t.body, t.body_size, &d);
        double_of_decimal(&d, &bits);
        put_byte(out, FLOAT64);
        for (unsigned shift = 64; shift; shift -= 8) put_byte(out, bits >> (shift - 8) & 0xFF);
        gains = true;
    }
    if (!gains) return VP_ERR_CORRUPT;
    return out->full ? VP_ERR_SPACE : VP_OK;
}

/* ---- The table of ops ----------------------------------------------------------------------- */

static bool is_json_head(uint8_t first) {
    return first == '{' || first == '[';
}

/* Arrays and maps; everything else is too short to be worth it. */
static bool is_msgpack_head(uint8_t first) {
    return (first >= 0x80 && first <= 0x9F) || (first >= 0xDC && first <= 0xDF);
}

static bool msgpack_fits(const struct value *v, const void *params) {
    (void)params;
    return v->size >= SMALLEST && (is_json_head(v->bytes[0]) || is_msgpack_head(v->bytes[0]));
}

static bool msgpack_encode(struct bit_writer *w, const struct value *v, const struct coding *c) {
    if (!msgpack_fits(v, NULL)) return false;
    if (is_msgpack_head(v->bytes[0])) return encode_msgpack(bytes_of(w), v);
    return encode_json(bytes_of(w), v, c->scratch);
}

static int msgpack_decode(struct writer *out, struct bit_reader *in, const struct coding *c) {
    struct reader payload = rest_of(in);
    uint64_t style = take_varint(&payload);
    if (payload.bad || style >= JSON_STYLES) return VP_ERR_CORRUPT;
    if (style == VALUE_IS_MSGPACK) return decode_msgpack(out, payload);
    if ((style & JSON_STYLE_LAYOUT) == VALUE_IS_MSGPACK) return VP_ERR_CORRUPT;
    return render_json(out, payload, (unsigned)style, c->scratch);
}

const struct encoder encoder_msgpack = {
    .name = "msgpack",
    .bytewise = true,
    .work = {.value = 300, .bytes = 80},
    .fits = msgpack_fits,
    .encode = msgpack_encode,
    .decode = msgpack_decode,
};
