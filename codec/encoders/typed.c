/*
 * typed: values of well-known kinds that have one canonical spelling per form. Exact spelling comes
 * back; anything irregular is not taken.
 *
 * Payload without learned parameters: the kind (two bits of five and three of detail for UUIDs,
 * else five), detail as wide as the kind's, the number (typed.h and the files of the kinds say which),
 * padding. A version-4 UUID so takes 16 bytes. Details of prefix lengths decide how wide the number is.
 * Hex digests and base64: upper case or base64url (1 bit), odd number of digits or padding (1 bit),
 * a zero bit, then the bytes. JWT: three zero bits; for header and body a varint and so many bytes; the
 * bytes of the signature.
 * With learned parameters: typed_learned.c.
 */
#include "encoders/typed.h"

/* ---- Forms ---------------------------------------------------------------------------------- */

bool typed_parse(const uint8_t *text, size_t size, struct typed_form *form, struct wide *number) {
    *number = wide_of(0);
    return parse_time(text, size, form, number) || parse_identifier(text, size, form, number) ||
           parse_network(text, size, form, number) || parse_blob(text, size, form);
}

static bool is_network(uint8_t kind) {
    return kind >= TYPED_IPV4 && kind <= TYPED_MAC;
}

size_t typed_blob_bytes(struct typed_form form) {
    if (form.kind == TYPED_BASE64) return form.detail >> 2;
    size_t digits = form.detail / 2;
    return form.kind == TYPED_HEX && digits > TYPED_HEX_NUMBER ? digits / 2 + (digits & 1) : 0;
}

size_t typed_render(struct typed_form form, struct wide number, char *text) {
    if (typed_blob_bytes(form)) return 0;
    if (form.kind == TYPED_TIME) return render_time(form, number, text);
    return is_network(form.kind) ? render_network(form, number, text) : render_identifier(form, number, text);
}

int typed_bits(struct typed_form form) {
    size_t blob = typed_blob_bytes(form);
    if (blob) return blob <= TYPED_BLOB_MOST ? 0 : -1;
    if (form.kind == TYPED_TIME) return time_bits(form);
    return is_network(form.kind) ? network_bits(form) : identifier_bits(form);
}

struct typed_field typed_time_field(struct typed_form form) {
    if (form.kind == TYPED_ULID) return (struct typed_field){.at = 80, .length = 48};
    if (form.kind == TYPED_TIME) return time_field(form);
    return (struct typed_field){.length = 0};
}

unsigned typed_detail_bits(uint8_t kind) {
    switch (kind) {
    case TYPED_IPV4:
    case TYPED_IPV4_PORT:
    case TYPED_IPV6: return 0;
    case TYPED_IPV4_NET: return 6;
    case TYPED_IPV6_NET: return 8;
    case TYPED_TIME: return 7;
    case TYPED_ULID: return 1;
    default: return 3;
    }
}

/* ---- Without parameters ----------------------------------------------------------------------- */

static void put_kind(struct bit_writer *w, unsigned kind) {
    put_bits(w, kind, kind < TYPED_IPV4 ? 3 : 5);
}

static uint8_t take_kind(struct bit_reader *in) {
    uint8_t kind = (uint8_t)take_bits(in, 3);
    return kind < TYPED_IPV4 / 4 ? kind : (uint8_t)((uint8_t)(kind << 2) | take_bits(in, 2));
}

static bool is_blob_kind(uint8_t kind) {
    return kind == TYPED_HEX || kind == TYPED_BASE64;
}

static bool encode_untrained(struct bit_writer *w, const struct value *v) {
    struct typed_form form;
    struct wide number;
    if (!typed_parse(v->bytes, v->size, &form, &number)) {
        put_kind(w, TYPED_JWT);
        put_bits(w, 0, typed_detail_bits(TYPED_JWT));
        return put_jwt(w, v->bytes, v->size);
    }
    put_kind(w, form.kind);
    if (is_blob_kind(form.kind)) {
        bool odd = form.kind == TYPED_HEX ? form.detail >> 1 & 1 : form.detail & 1;
        bool style = form.kind == TYPED_HEX ? form.detail & 1 : form.detail >> 1 & 1;
        put_bits(w, (uint64_t)style << 2 | (uint64_t)odd << 1, 3);
        put_blob(w, v->bytes, v->size, form);
        return true;
    }
    put_bits(w, form.detail, typed_detail_bits(form.kind));
    put_wide(w, number, (unsigned)typed_bits(form));
    return true;
}

static int decode_blob(struct writer *out, struct bit_reader *in, uint8_t kind) {
    unsigned flags = (unsigned)take_bits(in, 3), style = flags >> 2, odd = flags >> 1 & 1;
    size_t bytes = bits_left(in) / 8;
    if (flags & 1 || bytes == 0 || bytes > UINT32_MAX / 16) return VP_ERR_CORRUPT;
    struct typed_form form = {.kind = kind, .detail = (uint32_t)bytes << 2 | style << 1 | odd};
    if (kind == TYPED_HEX) form.detail = ((uint32_t)bytes * 2 - odd) * 2 + style;
    return take_blob(out, in, form);
}

static int decode_number(struct writer *out, struct bit_reader *in, uint8_t kind) {
    char text[TYPED_TEXT];
    struct typed_form form = {.kind = kind, .detail = (uint32_t)take_bits(in, typed_detail_bits(kind))};
    int bits = typed_bits(form);
    if (bits < 0) return VP_ERR_CORRUPT;
    struct wide number = take_wide(in, (unsigned)bits);
    size_t size = in->bad ? 0 : typed_render(form, number, text);
    put_bytes(out, text, size);
    return size ? VP_OK : VP_ERR_CORRUPT;
}

static int decode_untrained(struct writer *out, struct bit_reader *in) {
    uint8_t kind = take_kind(in);
    int status;
    if (is_blob_kind(kind)) status = decode_blob(out, in, kind);
    else if (kind == TYPED_JWT) status = take_bits(in, 3) ? VP_ERR_CORRUPT : take_jwt(out, in);
    else status = decode_number(out, in, kind);
    return status;
}

/* ---- The encoder ------------------------------------------------------------------------------ */

static bool typed_fits(const struct value *v, const void *params) {
    (void)params;
    return v->size >= 2 &&
           !(v->classes & (CLASS_COMMA | CLASS_QUOTE | CLASS_PUNCTUATION | CLASS_CONTROL | CLASS_HIGH));
}

static bool typed_encode(struct bit_writer *w, const struct value *v, const struct coding *c) {
    return c->params ? typed_learned_encode(w, v, c->params) : encode_untrained(w, v);
}

static int typed_decode(struct writer *out, struct bit_reader *in, const struct coding *c) {
    int status = c->params ? typed_learned_decode(out, in, c->params) : decode_untrained(out, in);
    if (status != VP_OK) return status;
    if (!take_padding(in)) return VP_ERR_CORRUPT;
    return out->full ? VP_ERR_SPACE : VP_OK;
}

const struct encoder encoder_typed = {
    .name = "typed",
    .fast = true,
    .fits = typed_fits,
    .encode = typed_encode,
    .decode = typed_decode,
    .load = typed_learned_load,
    .unload = typed_learned_unload,
    .describe = typed_learned_describe,
};
