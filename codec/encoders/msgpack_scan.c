#include "msgpack_scan.h"

static uint64_t take_be(struct reader *r, unsigned bytes) {
    uint64_t v = 0;
    while (bytes--) v = v << 8 | take_byte(r);
    return v;
}

/* A length in 1, 2 or 4 bytes; the shortest form of `smaller` bytes could hold lengths below `from`. */
static uint64_t take_length(struct reader *r, struct msgpack_token *t, unsigned bytes, uint64_t from) {
    uint64_t length = take_be(r, bytes);
    t->is_minimal = length >= from;
    return length;
}

static void take_body(struct reader *r, struct msgpack_token *t, enum msgpack_kind kind, uint64_t size) {
    t->kind = kind;
    t->body_size = size > SIZE_MAX ? SIZE_MAX : (size_t)size;
    t->body = take_bytes(r, t->body_size);
}

static void set_container(struct msgpack_token *t, enum msgpack_kind kind, uint64_t count) {
    t->kind = kind;
    t->count = count;
}

/* 0xCC .. 0xD3: unsigned and signed, 1, 2, 4 or 8 bytes. Packers spell numbers >= 0 unsigned. */
static void take_integer(struct reader *r, struct msgpack_token *t, unsigned head) {
    unsigned bytes = 1u << (head & 3);
    uint64_t v = take_be(r, bytes);
    t->kind = MSGPACK_KIND_INTEGER;
    if (head < 0xD0) {
        t->is_minimal = bytes == 1 ? v >= 0x80 : v >> (4 * bytes) != 0;
        return;
    }
    /* Negative, and below what half the bytes (or the one-byte form, down to -32) can hold. */
    bool negative = v >> (8 * bytes - 1) & 1;
    uint64_t magnitude = ~v & (bytes == 8 ? UINT64_MAX : ((uint64_t)1 << (8 * bytes)) - 1); /* -1 - v */
    t->is_minimal = negative && (bytes == 1 ? magnitude >= 32 : magnitude >> (4 * bytes - 1) != 0);
}

/* 0xC7 .. 0xC9 with a length, 0xD4 .. 0xD8 of 1, 2, 4, 8, 16 bytes. */
static void take_extension(struct reader *r, struct msgpack_token *t, unsigned head) {
    uint64_t size;
    if (head >= 0xD4) {
        size = (uint64_t)1 << (head - 0xD4);
    } else {
        size = take_length(r, t, 1u << (head - 0xC7), head == 0xC8 ? 0x100 : 0);
        if (head == 0xC7) t->is_minimal = size != 1 && size != 2 && size != 4 && size != 8 && size != 16;
        if (head == 0xC9) t->is_minimal = size > 0xFFFF;
    }
    t->type = (uint8_t)take_byte(r);
    take_body(r, t, MSGPACK_KIND_EXTENSION, size);
}

static void take_long_form(struct reader *r, struct msgpack_token *t, unsigned head) {
    switch (head) {
    case 0xC0:
    case 0xC2:
    case 0xC3: t->kind = MSGPACK_KIND_SIMPLE; break;
    case 0xC4: take_body(r, t, MSGPACK_KIND_BINARY, take_length(r, t, 1, 0)); break;
    case 0xC5: take_body(r, t, MSGPACK_KIND_BINARY, take_length(r, t, 2, 0x100)); break;
    case 0xC6: take_body(r, t, MSGPACK_KIND_BINARY, take_length(r, t, 4, 0x10000)); break;
    case 0xC7:
    case 0xC8:
    case 0xC9: take_extension(r, t, head); break;
    case 0xCA: take_body(r, t, MSGPACK_KIND_FLOAT, 4); break;
    case 0xCB: take_body(r, t, MSGPACK_KIND_FLOAT, 8); break;
    case 0xD9: take_body(r, t, MSGPACK_KIND_STRING, take_length(r, t, 1, 0x20)); break;
    case 0xDA: take_body(r, t, MSGPACK_KIND_STRING, take_length(r, t, 2, 0x100)); break;
    case 0xDB: take_body(r, t, MSGPACK_KIND_STRING, take_length(r, t, 4, 0x10000)); break;
    case 0xDC: set_container(t, MSGPACK_KIND_ARRAY, take_length(r, t, 2, 0x10)); break;
    case 0xDD: set_container(t, MSGPACK_KIND_ARRAY, take_length(r, t, 4, 0x10000)); break;
    case 0xDE: set_container(t, MSGPACK_KIND_MAP, take_length(r, t, 2, 0x10)); break;
    case 0xDF: set_container(t, MSGPACK_KIND_MAP, take_length(r, t, 4, 0x10000)); break;
    default:
        if (head >= 0xD4 && head <= 0xD8) take_extension(r, t, head);
        else if (head >= 0xCC && head <= 0xD3) take_integer(r, t, head);
        else r->bad = true; /* 0xC1 */
    }
}

bool take_msgpack_token(struct reader *r, struct msgpack_token *t) {
    const uint8_t *start = r->at;
    unsigned head = take_byte(r);
    *t = (struct msgpack_token){.start = start, .is_minimal = true};
    if (head < 0x80 || head >= 0xE0) t->kind = MSGPACK_KIND_INTEGER;
    else if (head < 0x90) set_container(t, MSGPACK_KIND_MAP, head & 15);
    else if (head < 0xA0) set_container(t, MSGPACK_KIND_ARRAY, head & 15);
    else if (head < 0xC0) take_body(r, t, MSGPACK_KIND_STRING, head & 31);
    else take_long_form(r, t, head);
    t->size = (size_t)(r->at - start);
    return !r->bad;
}

struct level {
    uint64_t left; /* members to come; a pair counts as two */
    bool is_map;
};

bool msgpack_scan(const uint8_t *bytes, size_t size, msgpack_accepts accepts) {
    struct reader r = reader_over(bytes, size);
    struct level levels[MSGPACK_DEPTH + 1] = {{.left = 1}};
    unsigned depth = 0;
    for (;;) {
        while (depth && levels[depth].left == 0) depth--;
        if (levels[depth].left == 0) return reader_left(&r) == 0;
        bool is_key = levels[depth].is_map && levels[depth].left % 2 == 0;
        struct msgpack_token t;
        if (!take_msgpack_token(&r, &t) || !accepts(&t, is_key)) return false;
        levels[depth].left--;
        if (t.kind != MSGPACK_KIND_ARRAY && t.kind != MSGPACK_KIND_MAP) continue;
        uint64_t members = t.kind == MSGPACK_KIND_MAP ? 2 * t.count : t.count;
        if (depth == MSGPACK_DEPTH || members > reader_left(&r)) return false;
        levels[++depth] = (struct level){.left = members, .is_map = t.kind == MSGPACK_KIND_MAP};
    }
}
