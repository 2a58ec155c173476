/*
 * Bounded readers and writers of bytes and bits. The only code of the library that touches a byte
 * range by address; everything else goes through it, so bounds are checked in one place.
 *
 * A writer past its capacity remembers that it is full and stores nothing more; a reader past its
 * end remembers that it is bad and gives zeros. Callers check once, at the end.
 * Numbers are little-endian in files and most significant bit first in payloads.
 */
#ifndef VALPACK_BYTES_H
#define VALPACK_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* ---- Loads and stores ----------------------------------------------------------------------- */

static inline uint16_t load_le16(const uint8_t *p) {
    return (uint16_t)(p[0] | (p[1] << 8));
}

static inline uint32_t load_le32(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t load_le64(const uint8_t *p) {
    return (uint64_t)load_le32(p) | (uint64_t)load_le32(p + 4) << 32;
}

static inline uint32_t load_be32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static inline uint64_t load_be64(const uint8_t *p) {
    return (uint64_t)load_be32(p) << 32 | load_be32(p + 4); /* one instruction with gcc and clang */
}

static inline void store_le32(uint8_t *p, uint32_t v) {
    for (int i = 0; i < 4; i++) p[i] = (uint8_t)(v >> (8 * i));
}

static inline void store_be32(uint8_t *p, uint32_t v) {
    for (int i = 0; i < 4; i++) p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static inline void store_le64(uint8_t *p, uint64_t v) {
    for (int i = 0; i < 8; i++) p[i] = (uint8_t)(v >> (8 * i));
}

/* ---- Bytes out ------------------------------------------------------------------------------ */

struct writer {
    uint8_t *base; /* NULL only measures: then capacity is a limit on the length */
    size_t length, capacity;
    bool full;
};

static inline struct writer writer_over(void *base, size_t capacity) {
    return (struct writer){.base = base, .length = 0, .capacity = capacity, .full = false};
}

/* Room for `size` more bytes, already counted as written; NULL when full or only measuring. */
static inline uint8_t *writer_reserve(struct writer *w, size_t size) {
    if (w->full || size > w->capacity - w->length) {
        w->full = true;
        return NULL;
    }
    uint8_t *at = w->base ? w->base + w->length : NULL;
    w->length += size;
    return at;
}

static inline void put_bytes(struct writer *w, const void *bytes, size_t size) {
    uint8_t *at = writer_reserve(w, size);
    if (at && size) memcpy(at, bytes, size);
}

static inline void put_byte(struct writer *w, unsigned byte) {
    uint8_t *at = writer_reserve(w, 1);
    if (at) *at = (uint8_t)byte;
}

static inline void put_repeated(struct writer *w, unsigned byte, size_t count) {
    uint8_t *at = writer_reserve(w, count);
    if (at && count) memset(at, (int)byte, count);
}

static inline void put_text(struct writer *w, const char *text) {
    put_bytes(w, text, strlen(text));
}

static inline void put_le16(struct writer *w, unsigned v) {
    put_byte(w, v & 0xFF);
    put_byte(w, v >> 8 & 0xFF);
}

static inline void put_le32(struct writer *w, uint32_t v) {
    uint8_t bytes[4];
    store_le32(bytes, v);
    put_bytes(w, bytes, 4);
}

static inline void put_le64(struct writer *w, uint64_t v) {
    uint8_t bytes[8];
    store_le64(bytes, v);
    put_bytes(w, bytes, 8);
}

/* LEB128: 7 bits a byte, least significant first, the top bit says that more follow. */
static inline void put_varint(struct writer *w, uint64_t v) {
    while (v >= 0x80) {
        put_byte(w, (unsigned)(v & 0x7F) | 0x80);
        v >>= 7;
    }
    put_byte(w, (unsigned)v);
}

static inline void put_decimal(struct writer *w, uint64_t v) {
    char digits[20];
    size_t at = sizeof digits;
    do digits[--at] = (char)('0' + v % 10);
    while ((v /= 10) != 0);
    put_bytes(w, digits + at, sizeof digits - at);
}

/* ---- Bytes in ------------------------------------------------------------------------------- */

struct reader {
    const uint8_t *at, *end;
    bool bad;
};

static inline struct reader reader_over(const void *bytes, size_t size) {
    const uint8_t *p = bytes;
    return (struct reader){.at = p, .end = size ? p + size : p, .bad = false};
}

static inline size_t reader_left(const struct reader *r) {
    return (size_t)(r->end - r->at);
}

/* The next `size` bytes, or NULL (and bad) when there are fewer. */
static inline const uint8_t *take_bytes(struct reader *r, size_t size) {
    if (r->bad || size > reader_left(r)) {
        r->bad = true;
        return NULL;
    }
    const uint8_t *p = r->at;
    if (size) r->at += size;
    return p;
}

static inline unsigned take_byte(struct reader *r) {
    const uint8_t *p = take_bytes(r, 1);
    return p ? *p : 0;
}

static inline unsigned take_le16(struct reader *r) {
    const uint8_t *p = take_bytes(r, 2);
    return p ? load_le16(p) : 0;
}

static inline uint32_t take_le32(struct reader *r) {
    const uint8_t *p = take_bytes(r, 4);
    return p ? load_le32(p) : 0;
}

static inline uint64_t take_le64(struct reader *r) {
    const uint8_t *p = take_bytes(r, 8);
    return p ? load_le64(p) : 0;
}

/* Refuses numbers over 64 bits and spellings longer than needed, so each number has one spelling. */
static inline uint64_t take_varint(struct reader *r) {
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        unsigned byte = take_byte(r);
        if (shift == 63 && byte > 1) break;
        v |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            if (byte == 0 && shift > 0) break;
            return v;
        }
    }
    r->bad = true;
    return 0;
}

/* ---- Bits out ------------------------------------------------------------------------------- */

/* Bits gather at the low end of `pending`, at most 7 between calls, and leave as whole bytes. */
struct bit_writer {
    struct writer out;
    uint64_t pending;
    unsigned count;
};

/* 0 <= count <= 56; bits of value above count must be zero. */
static inline void put_bits(struct bit_writer *w, uint64_t value, unsigned count) {
    w->pending = w->pending << count | value;
    w->count += count;
    while (w->count >= 8) {
        w->count -= 8;
        put_byte(&w->out, (unsigned)(w->pending >> w->count) & 0xFF);
    }
    w->pending &= 0x7F;
}

/* 0 <= count <= 64. */
static inline void put_wide_bits(struct bit_writer *w, uint64_t value, unsigned count) {
    if (count > 32) {
        put_bits(w, value >> 32, count - 32);
        value &= 0xFFFFFFFFu;
        count = 32;
    }
    put_bits(w, value, count);
}

/* A varint as whole bytes anywhere in the bits. */
static inline void put_varint_bits(struct bit_writer *w, uint64_t v) {
    for (; v >= 0x80; v >>= 7) put_bits(w, (v & 0x7F) | 0x80, 8);
    put_bits(w, v, 8);
}

/* Zero bits up to the next byte. */
static inline void put_padding(struct bit_writer *w) {
    if (w->count) put_bits(w, 0, 8 - w->count);
}

/* The byte writer below, for encoders that think in bytes; the bit writer must be at a byte. */
static inline struct writer *bytes_of(struct bit_writer *w) {
    return &w->out;
}

/* ---- Bits in -------------------------------------------------------------------------------- */

struct bit_reader {
    const uint8_t *base;
    size_t at, end; /* in bits */
    bool bad;
};

/* The payload of `size` bytes without the first `skip` bits, 0..8. size <= SIZE_MAX / 8. */
static inline struct bit_reader bit_reader_over(const uint8_t *bytes, size_t size, unsigned skip) {
    return (struct bit_reader){.base = bytes, .at = skip, .end = size * 8, .bad = skip > size * 8};
}

static inline size_t bits_left(const struct bit_reader *r) {
    return r->bad ? 0 : r->end - r->at;
}

/* 0 <= count <= 64. */
static inline uint64_t take_bits(struct bit_reader *r, unsigned count) {
    if (r->bad || count > r->end - r->at) {
        r->bad = true;
        return 0;
    }
    const uint8_t *p = r->base + (r->at >> 3);
    unsigned first = 8 - (unsigned)(r->at & 7);
    r->at += count;
    if (count == 0) return 0;
    uint64_t value = *p++ & ((1u << first) - 1);
    if (count <= first) return value >> (first - count);
    for (count -= first; count >= 8; count -= 8) value = value << 8 | *p++;
    return count ? value << count | *p >> (8 - count) : value;
}

/* What put_varint_bits() put. */
static inline uint64_t take_varint_bits(struct bit_reader *in) {
    uint8_t bytes[10];
    size_t count = 0;
    do bytes[count++] = (uint8_t)take_bits(in, 8);
    while (bytes[count - 1] >= 0x80 && count < sizeof bytes);
    struct reader r = reader_over(bytes, count);
    uint64_t v = take_varint(&r);
    if (r.bad) in->bad = true;
    return v;
}

/* True if nothing is left but padding: fewer than 8 bits, all zero. Ends the reading. */
static inline bool take_padding(struct bit_reader *r) {
    size_t left = bits_left(r);
    return !r->bad && left < 8 && take_bits(r, (unsigned)left) == 0;
}

/* The rest as bytes, for decoders that think in bytes; bad when not at a byte. */
static inline struct reader rest_of(struct bit_reader *r) {
    if (r->bad || r->at & 7) return (struct reader){.at = r->base, .end = r->base, .bad = true};
    struct reader rest = reader_over(r->base + (r->at >> 3), (r->end - r->at) >> 3);
    r->at = r->end;
    return rest;
}

#endif
