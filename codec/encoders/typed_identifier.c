/*
 * UUIDs, ULIDs and hex digests that fit a number.
 *
 * UUID details: 0, 1 = 8-4-4-4-12 digits in lower and upper case; 2, 3 = the same in braces;
 * 4, 5 = after "urn:uuid:". Numbers: TYPED_UUID the 128 bits; the others 122 bits, without version
 * and variant (RFC 9562), version 1 with its time put together: time, clock sequence, node.
 * ULID details: 0 = upper, 1 = lower case. Hex details: digits * 2 + (1 for upper case).
 * Upper case is taken only where a letter shows it.
 */
#include "encoders/typed.h"

enum { UUID_DIGITS = 36, HEX_LEAST = 6, ULID_DIGITS = 26 };

/* ---- Hex digits ------------------------------------------------------------------------------- */

/* The value of a digit of either case, 255 for others. *cases gets bit 0 for lower, 1 for upper. */
static unsigned hex_digit(uint8_t c, unsigned *cases) {
    if (c >= '0' && c <= '9') return c - '0';
    unsigned letter = c | 0x20u;
    if (letter < 'a' || letter > 'f') return 255;
    *cases |= c == letter ? 1 : 2;
    return letter - 'a' + 10;
}

/* Reads `size` digits of one case, with dashes where a UUID has them. */
static bool read_hex(const uint8_t *text, size_t size, bool dashes, struct wide *number, bool *upper) {
    unsigned cases = 0;
    *number = wide_of(0);
    for (size_t i = 0; i < size; i++) {
        if (dashes && (i == 8 || i == 13 || i == 18 || i == 23)) {
            if (text[i] != '-') return false;
            continue;
        }
        unsigned digit = hex_digit(text[i], &cases);
        if (digit > 15) return false;
        *number = wide_append(*number, digit, 4);
    }
    *upper = cases == 2;
    return cases != 3;
}

/* Writes the lowest `count` digits; false if upper case does not show. */
static bool write_hex(char *at, struct wide number, unsigned count, bool upper) {
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    bool letters = false;
    for (unsigned i = 0; i < count; i++) {
        unsigned digit = (unsigned)wide_field(number, 4 * (count - 1 - i), 4).low;
        letters |= digit > 9;
        at[i] = digits[digit];
    }
    return !upper || letters;
}

/* ---- UUID ------------------------------------------------------------------------------------- */

static uint8_t uuid_kind(struct wide bits) {
    static const uint8_t of_version[16] = {[1] = TYPED_UUID1, [4] = TYPED_UUID4, [7] = TYPED_UUID7};
    return bits.low >> 62 == 2 ? of_version[bits.high >> 12 & 15] : TYPED_UUID;
}

static struct wide number_of_uuid(struct wide bits, uint8_t kind) {
    uint64_t high = (bits.high >> 16) << 12 | (bits.high & 0xFFF), low = bits.low & (UINT64_MAX >> 2);
    if (kind == TYPED_UUID) return bits;
    if (kind == TYPED_UUID1)
        high = (bits.high & 0xFFF) << 48 | (bits.high >> 16 & 0xFFFF) << 32 | bits.high >> 32;
    return (struct wide){.high = high >> 2, .low = high << 62 | low};
}

static struct wide uuid_of_number(struct wide number, uint8_t kind) {
    static const uint8_t versions[] = {0, 1, 4, 7};
    uint64_t high = number.high << 2 | number.low >> 62;
    if (kind == TYPED_UUID) return number;
    if (kind == TYPED_UUID1) high = (high << 28) | (high >> 20 & 0xFFFF000) | high >> 48;
    return (struct wide){.high = (high >> 12) << 16 | (uint64_t)versions[kind] << 12 | (high & 0xFFF),
                         .low = (uint64_t)2 << 62 | (number.low & (UINT64_MAX >> 2))};
}

static bool parse_uuid(const uint8_t *text, size_t size, struct typed_form *form, struct wide *number) {
    bool braces = size == UUID_DIGITS + 2, urn = size == UUID_DIGITS + 9, upper;
    if (braces && (text[0] != '{' || text[size - 1] != '}')) return false;
    if (urn && memcmp(text, "urn:uuid:", 9) != 0) return false;
    if (!read_hex(text + (braces ? 1 : urn ? 9 : 0), UUID_DIGITS, true, number, &upper)) return false;
    uint8_t kind = uuid_kind(*number);
    *form = (struct typed_form){.kind = kind, .detail = (braces ? 2u : urn ? 4u : 0u) + upper};
    *number = number_of_uuid(*number, kind);
    return true;
}

static size_t render_uuid(struct typed_form form, struct wide number, char *text) {
    static const uint8_t lengths[] = {8, 4, 4, 4, 12};
    struct wide bits = uuid_of_number(number, form.kind);
    bool upper = form.detail & 1, shows = !upper;
    char *at = text;
    if (uuid_kind(bits) != form.kind) return 0;
    if (form.detail / 2 == 1) *at++ = '{';
    if (form.detail / 2 == 2) {
        memcpy(at, "urn:uuid:", 9);
        at += 9;
    }
    for (unsigned group = 0, below = 128; group < 5; group++) {
        if (group) *at++ = '-';
        below -= 4 * lengths[group];
        shows |= write_hex(at, wide_right(bits, below), lengths[group], upper);
        at += lengths[group];
    }
    if (form.detail / 2 == 1) *at++ = '}';
    return shows ? (size_t)(at - text) : 0;
}

/* ---- ULID ------------------------------------------------------------------------------------- */

static const char ulid_digits[2][33] = {"0123456789ABCDEFGHJKMNPQRSTVWXYZ",
                                        "0123456789abcdefghjkmnpqrstvwxyz"};

/* By byte - '0' in upper case; 32 = no digit. */
static const uint8_t ulid_values[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  32, 32, 32, 32, 32,
                                      32, 32, 10, 11, 12, 13, 14, 15, 16, 17, 32, 18, 19, 32, 20,
                                      21, 32, 22, 23, 24, 25, 26, 32, 27, 28, 29, 30, 31};

static bool parse_ulid(const uint8_t *text, struct typed_form *form, struct wide *number) {
    bool lower = false, upper = false;
    *number = wide_of(0);
    for (size_t i = 0; i < ULID_DIGITS; i++) {
        bool is_lower = text[i] >= 'a' && text[i] <= 'z';
        unsigned at = (unsigned)text[i] - '0' - (is_lower ? 32 : 0);
        if (at >= sizeof ulid_values || ulid_values[at] > 31 || (i == 0 && at > 7)) return false;
        lower |= is_lower;
        upper |= ulid_values[at] > 9 && !is_lower;
        *number = wide_append(*number, ulid_values[at], 5);
    }
    *form = (struct typed_form){.kind = TYPED_ULID, .detail = lower};
    return !(lower && upper);
}

static size_t render_ulid(unsigned lower, struct wide number, char *text) {
    bool letters = false;
    for (unsigned i = 0; i < ULID_DIGITS; i++) {
        unsigned digit = (unsigned)wide_right(number, 5 * (ULID_DIGITS - 1 - i)).low & 31;
        letters |= digit > 9;
        text[i] = ulid_digits[lower][digit];
    }
    return letters || !lower ? ULID_DIGITS : 0;
}

/* ---- All -------------------------------------------------------------------------------------- */

bool parse_identifier(const uint8_t *text, size_t size, struct typed_form *form, struct wide *number) {
    bool upper;
    if (size == UUID_DIGITS || size == UUID_DIGITS + 2 || size == UUID_DIGITS + 9)
        return parse_uuid(text, size, form, number);
    if (size < HEX_LEAST || size > TYPED_HEX_NUMBER) return false;
    if (read_hex(text, size, false, number, &upper)) {
        *form = (struct typed_form){.kind = TYPED_HEX, .detail = (uint32_t)size * 2 + upper};
        return true;
    }
    return size == ULID_DIGITS && parse_ulid(text, form, number);
}

size_t render_identifier(struct typed_form form, struct wide number, char *text) {
    if (form.kind == TYPED_ULID) return render_ulid(form.detail, number, text);
    if (form.kind != TYPED_HEX) return render_uuid(form, number, text);
    return write_hex(text, number, form.detail / 2, form.detail & 1) ? form.detail / 2 : 0;
}

int identifier_bits(struct typed_form form) {
    uint32_t digits = form.detail / 2;
    switch (form.kind) {
    case TYPED_UUID: return form.detail < 6 ? 128 : -1;
    case TYPED_UUID1:
    case TYPED_UUID4:
    case TYPED_UUID7: return form.detail < 6 ? 122 : -1;
    case TYPED_ULID: return form.detail < 2 ? 128 : -1;
    case TYPED_HEX: return digits >= HEX_LEAST && digits <= TYPED_HEX_NUMBER ? (int)(4 * digits) : -1;
    default: return -1;
    }
}
