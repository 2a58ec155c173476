/* Network addresses: IPv4, IPv6 as RFC 5952 writes it, both with prefix lengths, and MAC. */
#include "encoders/typed.h"

/* ---- Numbers in text -------------------------------------------------------------------------- */

struct cursor {
    const uint8_t *at, *end;
};

static bool skip(struct cursor *c, char expected) {
    if (c->at == c->end || *c->at != (uint8_t)expected) return false;
    c->at++;
    return true;
}

/* A decimal number without leading zeros. */
static bool decimal(struct cursor *c, unsigned largest, unsigned *value) {
    const uint8_t *first = c->at;
    *value = 0;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9' && *value <= largest)
        *value = *value * 10 + (unsigned)(*c->at++ - '0');
    return c->at > first && *value <= largest && (*first != '0' || c->at == first + 1);
}

static int hex_digit(uint8_t c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

/* One to four lower-case hex digits without leading zeros. */
static bool hex_group(struct cursor *c, unsigned *value) {
    const uint8_t *first = c->at;
    *value = 0;
    while (c->at < c->end && c->at < first + 4 && hex_digit(*c->at) >= 0)
        *value = *value << 4 | (unsigned)hex_digit(*c->at++);
    return c->at > first && (*first != '0' || c->at == first + 1);
}

static char *write_decimal(char *at, unsigned value) {
    char digits[10];
    unsigned count = 0;
    do digits[count++] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    while (count) *at++ = digits[--count];
    return at;
}

static char *write_hex(char *at, unsigned value) {
    static const char digits[] = "0123456789abcdef";
    unsigned shift = 12;
    while (shift && !(value >> shift)) shift -= 4;
    for (;; shift -= 4) {
        *at++ = digits[value >> shift & 15];
        if (!shift) return at;
    }
}

/* ---- IPv4 ------------------------------------------------------------------------------------- */

static bool ipv4(struct cursor *c, uint32_t *address) {
    *address = 0;
    for (int i = 0; i < 4; i++) {
        unsigned part;
        if ((i && !skip(c, '.')) || !decimal(c, 255, &part)) return false;
        *address = *address << 8 | part;
    }
    return true;
}

static char *write_ipv4(char *at, uint32_t address) {
    for (unsigned shift = 24;; shift -= 8) {
        at = write_decimal(at, address >> shift & 255);
        if (!shift) return at;
        *at++ = '.';
    }
}

static bool parse_ipv4(struct cursor c, struct typed_form *form, struct wide *number) {
    uint32_t address;
    unsigned more;
    if (!ipv4(&c, &address)) return false;
    *form = (struct typed_form){.kind = TYPED_IPV4};
    *number = wide_of(address);
    if (c.at == c.end) return true;
    if (skip(&c, ':')) {
        form->kind = TYPED_IPV4_PORT;
        if (!decimal(&c, 65535, &more)) return false;
        *number = wide_of((uint64_t)address << 16 | more);
        return c.at == c.end;
    }
    if (!skip(&c, '/') || !decimal(&c, 32, &more) || c.at != c.end) return false;
    *form = (struct typed_form){.kind = TYPED_IPV4_NET, .detail = more};
    *number = wide_of((uint64_t)address >> (32 - more));
    return (number->low << (32 - more)) == address;
}

/* ---- IPv6 ------------------------------------------------------------------------------------- */

static const struct wide mapped_ipv4 = {.high = 0, .low = 0xFFFF00000000}; /* ::ffff:0:0/96 */

/* The longest run of at least two zero groups, the first of equals; *length 0 if there is none. */
static void longest_zeros(const unsigned *groups, unsigned *first, unsigned *length) {
    *first = *length = 0;
    for (unsigned i = 0; i < 8;) {
        unsigned end = i;
        while (end < 8 && groups[end] == 0) end++;
        if (end - i > 1 && end - i > *length) {
            *first = i;
            *length = end - i;
        }
        i = end > i ? end : i + 1;
    }
}

static char *write_ipv6(char *at, struct wide address) {
    unsigned groups[8], first, length;
    if (wide_equal(wide_right(address, 32), wide_right(mapped_ipv4, 32))) {
        memcpy(at, "::ffff:", 7);
        return write_ipv4(at + 7, (uint32_t)address.low);
    }
    for (unsigned i = 0; i < 8; i++)
        groups[i] = (unsigned)((i < 4 ? address.high : address.low) >> (48 - 16 * (i & 3)) & 0xFFFF);
    longest_zeros(groups, &first, &length);
    for (unsigned i = 0; i < 8; i++) {
        if (length && i == first) {
            *at++ = ':';
            if (i + length == 8) *at++ = ':';
            i += length - 1;
            continue;
        }
        if (i) *at++ = ':';
        at = write_hex(at, groups[i]);
    }
    return at;
}

/* Reads any address with at most one "::"; what is not canonical is found by writing it again. */
static bool ipv6(struct cursor *c, struct wide *address) {
    struct wide before = wide_of(0), after = wide_of(0);
    unsigned count = 0, gap = 8, group;
    if (c->end - c->at > 7 && memcmp(c->at, "::ffff:", 7) == 0 &&
        memchr(c->at, '.', (size_t)(c->end - c->at))) {
        uint32_t tail;
        c->at += 7;
        if (!ipv4(c, &tail)) return false;
        *address = wide_or(mapped_ipv4, wide_of(tail));
        return true;
    }
    while (c->at < c->end && *c->at != '/') {
        if (gap == 8 && c->end - c->at > 1 && c->at[0] == ':' && c->at[1] == ':') {
            gap = count;
            before = after;
            after = wide_of(0);
            c->at += 2;
            if (c->at == c->end || *c->at == '/') break;
        } else if (count && !skip(c, ':')) {
            return false;
        }
        if (count == 8 || !hex_group(c, &group)) return false;
        after = wide_append(after, group, 16);
        count++;
    }
    if (gap == 8) before = after;
    *address = gap == 8 ? before : wide_or(wide_left(before, 128 - 16 * gap), after);
    return gap == 8 ? count == 8 : count < 7;
}

static bool parse_ipv6(struct cursor c, struct typed_form *form, struct wide *number) {
    const uint8_t *text = c.at;
    char again[TYPED_TEXT];
    unsigned length;
    if (!ipv6(&c, number)) return false;
    size_t size = (size_t)(c.at - text);
    if ((size_t)(write_ipv6(again, *number) - again) != size || memcmp(again, text, size) != 0) return false;
    *form = (struct typed_form){.kind = TYPED_IPV6};
    if (c.at == c.end) return true;
    if (!skip(&c, '/') || !decimal(&c, 128, &length) || c.at != c.end) return false;
    *form = (struct typed_form){.kind = TYPED_IPV6_NET, .detail = length};
    struct wide address = *number;
    *number = wide_right(address, 128 - length);
    return wide_equal(wide_left(*number, 128 - length), address);
}

/* ---- MAC -------------------------------------------------------------------------------------- */

/* Details: 0-2 with ':', '-' or '.', the last one between groups of four digits; 3-5 in upper case. */
static const char mac_separators[] = ":-.";

static size_t render_mac(unsigned detail, uint64_t number, char *text) {
    const char *digits = detail >= 3 ? "0123456789ABCDEF" : "0123456789abcdef";
    unsigned group = detail % 3 == 2 ? 4 : 2;
    bool letters = false;
    char *at = text;
    for (unsigned i = 0; i < 12; i++) {
        unsigned digit = (unsigned)(number >> (44 - 4 * i)) & 15;
        letters |= digit > 9;
        if (i && i % group == 0) *at++ = mac_separators[detail % 3];
        *at++ = digits[digit];
    }
    return detail < 3 || letters ? (size_t)(at - text) : 0;
}

static bool parse_mac(struct cursor c, struct typed_form *form, struct wide *number) {
    const uint8_t *text = c.at;
    size_t size = (size_t)(c.end - c.at);
    char again[TYPED_TEXT];
    unsigned style = size == 14 ? 2 : text[2] == '-' ? 1 : 0;
    bool upper = false;
    uint64_t bits = 0;
    for (; c.at < c.end; c.at++) {
        if (*c.at >= 'A' && *c.at <= 'F') upper = true;
        int digit = hex_digit(*c.at >= 'A' && *c.at <= 'F' ? *c.at + 32 : *c.at);
        if (digit >= 0) bits = bits << 4 | (unsigned)digit;
    }
    *form = (struct typed_form){.kind = TYPED_MAC, .detail = style + 3 * upper};
    *number = wide_of(bits & 0xFFFFFFFFFFFF);
    return render_mac(form->detail, number->low, again) == size && memcmp(again, text, size) == 0;
}

/* ---- All -------------------------------------------------------------------------------------- */

bool parse_network(const uint8_t *text, size_t size, struct typed_form *form, struct wide *number) {
    struct cursor c = {.at = text, .end = text + size};
    if (size < 2 || size > 49) return false;
    if ((size == 17 || size == 14) && parse_mac(c, form, number)) return true;
    if (size <= 21 && parse_ipv4(c, form, number)) return true;
    return parse_ipv6(c, form, number);
}

size_t render_network(struct typed_form form, struct wide number, char *text) {
    char *at = text;
    switch (form.kind) {
    case TYPED_IPV4: at = write_ipv4(at, (uint32_t)number.low); break;
    case TYPED_IPV4_NET:
        at = write_ipv4(at, (uint32_t)(number.low << (32 - form.detail)));
        *at++ = '/';
        at = write_decimal(at, form.detail);
        break;
    case TYPED_IPV4_PORT:
        at = write_ipv4(at, (uint32_t)(number.low >> 16));
        *at++ = ':';
        at = write_decimal(at, number.low & 0xFFFF);
        break;
    case TYPED_IPV6: at = write_ipv6(at, number); break;
    case TYPED_IPV6_NET:
        at = write_ipv6(at, wide_left(number, 128 - form.detail));
        *at++ = '/';
        at = write_decimal(at, form.detail);
        break;
    case TYPED_MAC: return render_mac(form.detail, number.low, text);
    default: break;
    }
    return (size_t)(at - text);
}

int network_bits(struct typed_form form) {
    switch (form.kind) {
    case TYPED_IPV4: return form.detail == 0 ? 32 : -1;
    case TYPED_IPV4_NET: return form.detail <= 32 ? (int)form.detail : -1;
    case TYPED_IPV4_PORT: return form.detail == 0 ? 48 : -1;
    case TYPED_IPV6: return form.detail == 0 ? 128 : -1;
    case TYPED_IPV6_NET: return form.detail <= 128 ? (int)form.detail : -1;
    case TYPED_MAC: return form.detail < 6 ? 48 : -1;
    default: return -1;
    }
}
