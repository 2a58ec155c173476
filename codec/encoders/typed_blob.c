/*
 * Blobs: hex digests too long for a number, base64, and JWTs made of base64url.
 *
 * Hex detail: digits * 2 + (1 for upper case); an odd last digit takes the high half of a byte.
 * Base64 detail: bytes * 4 + (2 for base64url) + (1 for padding with '='), RFC 4648. base64url is
 * taken only where a '-' or '_' shows it, padding only where there is some.
 */
#include "encoders/typed.h"

enum { BASE64_LEAST = 8 };

/* ---- Hex ---------------------------------------------------------------------------------------- */

static unsigned hex_value(uint8_t c) {
    return c <= '9' ? c - (unsigned)'0' : (c | 0x20u) - 'a' + 10;
}

static bool parse_hex(const uint8_t *text, size_t size, struct typed_form *form) {
    bool lower = false, upper = false;
    for (size_t i = 0; i < size; i++) {
        if (text[i] >= '0' && text[i] <= '9') continue;
        if (text[i] >= 'a' && text[i] <= 'f') lower = true;
        else if (text[i] >= 'A' && text[i] <= 'F') upper = true;
        else return false;
    }
    *form = (struct typed_form){.kind = TYPED_HEX, .detail = (uint32_t)size * 2 + upper};
    return !(lower && upper);
}

static void put_hex(struct bit_writer *w, const uint8_t *text, size_t size) {
    for (; size > 1; size -= 2, text += 2) put_bits(w, hex_value(text[0]) << 4 | hex_value(text[1]), 8);
    if (size) put_bits(w, hex_value(text[0]) << 4, 8);
}

static int take_hex(struct writer *out, struct bit_reader *in, size_t count, bool upper) {
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    bool letters = false;
    for (size_t i = 0; i < count && !out->full; i += 2) {
        unsigned byte = (unsigned)take_bits(in, 8), high = byte >> 4, low = byte & 15;
        letters |= high > 9 || low > 9;
        put_byte(out, (uint8_t)digits[high]);
        if (i + 1 < count) put_byte(out, (uint8_t)digits[low]);
        else if (low) in->bad = true;
    }
    if (out->full) return VP_ERR_SPACE;
    return in->bad || (upper && !letters) ? VP_ERR_CORRUPT : VP_OK;
}

/* ---- Base64 ------------------------------------------------------------------------------------- */

static unsigned base64_value(uint8_t c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26u;
    if (c >= '0' && c <= '9') return c - '0' + 52u;
    if (c == '+' || c == '-') return 62;
    return c == '/' || c == '_' ? 63 : 64;
}

/* Looks at a base64 text without padding: whether it says a whole number of bytes with no bit left
   over, and which of the two alphabets shows: bit 0 for '+' and '/', bit 1 for '-' and '_'. */
static bool scan_base64(const uint8_t *text, size_t size, unsigned *alphabets) {
    unsigned last = 0;
    *alphabets = 0;
    for (size_t i = 0; i < size; i++) {
        last = base64_value(text[i]);
        if (last > 63) return false;
        if (last > 61) *alphabets |= text[i] == '+' || text[i] == '/' ? 1 : 2;
    }
    unsigned spare = size % 4 == 2 ? 15 : size % 4 == 3 ? 3 : 0;
    return size % 4 != 1 && (last & spare) == 0;
}

static bool parse_base64(const uint8_t *text, size_t size, struct typed_form *form) {
    size_t padding = 0;
    unsigned alphabets;
    while (padding < 2 && size > padding && text[size - 1 - padding] == '=') padding++;
    size_t letters = size - padding;
    if (letters < BASE64_LEAST || (padding && size % 4 != 0)) return false;
    if (!scan_base64(text, letters, &alphabets) || alphabets == 3) return false;
    *form = (struct typed_form){.kind = TYPED_BASE64,
                                .detail = (uint32_t)(letters * 3 / 4) << 2 | (alphabets & 2) | (padding > 0)};
    return true;
}

/* The bytes that `size` letters of base64 stand for. */
static void put_base64(struct bit_writer *w, const uint8_t *text, size_t size) {
    for (; size >= 4; size -= 4, text += 4) {
        uint64_t group = 0;
        for (unsigned i = 0; i < 4; i++) group = group << 6 | base64_value(text[i]);
        put_bits(w, group, 24);
    }
    if (size == 3) {
        unsigned top = base64_value(text[0]) << 12 | base64_value(text[1]) << 6 | base64_value(text[2]);
        put_bits(w, top >> 2, 16);
    }
    if (size == 2) put_bits(w, (base64_value(text[0]) << 6 | base64_value(text[1])) >> 4, 8);
}

/* Writes `count` bytes as base64 without padding; true if 62 or 63 occurred. */
static bool take_base64(struct writer *out, struct bit_reader *in, size_t count, bool url) {
    static const char common[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const char *last = url ? "-_" : "+/";
    bool shows = false;
    for (size_t bits = count * 8; bits && !out->full;) {
        unsigned take = bits < 6 ? (unsigned)bits : 6;
        unsigned digit = (unsigned)take_bits(in, take) << (6 - take);
        shows |= digit > 61;
        put_byte(out, (uint8_t)(digit > 61 ? last[digit - 62] : common[digit]));
        bits -= take;
    }
    return shows;
}

/* ---- Blobs ---------------------------------------------------------------------------------------- */

bool parse_blob(const uint8_t *text, size_t size, struct typed_form *form) {
    if (size > UINT32_MAX / 8) return false;
    if (size > TYPED_HEX_NUMBER && parse_hex(text, size, form)) return true;
    return parse_base64(text, size, form);
}

void put_blob(struct bit_writer *w, const uint8_t *text, size_t size, struct typed_form form) {
    if (form.kind == TYPED_BASE64) {
        while (text[size - 1] == '=') size--;
        put_base64(w, text, size);
        return;
    }
    put_hex(w, text, size);
}

int take_blob(struct writer *out, struct bit_reader *in, struct typed_form form) {
    if (form.kind == TYPED_HEX) return take_hex(out, in, form.detail / 2, form.detail & 1);
    size_t bytes = form.detail >> 2, padding = (3 - bytes % 3) % 3;
    bool url = form.detail & 2, padded = form.detail & 1;
    bool shows = take_base64(out, in, bytes, url);
    if (padded) put_repeated(out, '=', padding);
    if (out->full) return VP_ERR_SPACE;
    return in->bad || (url && !shows) || (padded && !padding) ? VP_ERR_CORRUPT : VP_OK;
}

/* ---- JWT ------------------------------------------------------------------------------------------ */

bool put_jwt(struct bit_writer *w, const uint8_t *text, size_t size) {
    size_t ends[3] = {0, 0, size}, parts = 0, start = 0;
    unsigned alphabets;
    for (size_t i = 0; i < size; i++) {
        if (text[i] != '.') continue;
        if (parts == 2) return false;
        ends[parts++] = i;
    }
    if (parts < 2) return false;
    for (unsigned i = 0; i < 3; i++) {
        if (!scan_base64(text + start, ends[i] - start, &alphabets) || alphabets & 1) return false;
        start = ends[i] + 1;
    }
    put_varint_bits(w, ends[0] * 3 / 4);
    put_base64(w, text, ends[0]);
    put_varint_bits(w, (ends[1] - ends[0] - 1) * 3 / 4);
    put_base64(w, text + ends[0] + 1, ends[1] - ends[0] - 1);
    put_base64(w, text + ends[1] + 1, size - ends[1] - 1);
    return true;
}

int take_jwt(struct writer *out, struct bit_reader *in) {
    for (unsigned i = 0; i < 3; i++) {
        uint64_t bytes = i < 2 ? take_varint_bits(in) : bits_left(in) / 8;
        if (in->bad || bytes > bits_left(in) / 8) return VP_ERR_CORRUPT;
        if (i) put_byte(out, '.');
        take_base64(out, in, (size_t)bytes, true);
        if (out->full) return VP_ERR_SPACE;
    }
    return VP_OK;
}
