/*
 * rle: runs of bytes and of short groups, with literals between.
 *
 * Payload: commands, each a varint c. Even: (c >> 1) + 1 literal bytes follow. Odd: the last
 * ((c >> 1) & 15) + 1 bytes of the value repeat for (c >> 5) + 4 more bytes. Literals come first and
 * never follow literals; a repetition needs as many bytes before it as it repeats. Works in bytes;
 * the decoded size is not stored.
 */
#include "encoder.h"

enum { PERIODS = 16, RUN_LEAST = 4, VALUE_LEAST = 8 };

/* ---- Encoding --------------------------------------------------------------------------------- */

static size_t run_length(const struct value *v, size_t at, size_t period) {
    size_t end = at;
    while (end < v->size && v->bytes[end] == v->bytes[end - period]) end++;
    return end - at;
}

/* The longest repetition at `at`, of the shortest period among equals; 0 if none is worth it. */
static size_t longest_run(const struct value *v, size_t at, size_t *period) {
    size_t longest = RUN_LEAST - 1;
    for (size_t p = 1; p <= PERIODS && p <= at; p++) {
        size_t length = run_length(v, at, p);
        if (length <= longest) continue;
        longest = length;
        *period = p;
    }
    return longest < RUN_LEAST ? 0 : longest;
}

static void put_literals(struct writer *out, const uint8_t *bytes, size_t size) {
    if (size == 0) return;
    put_varint(out, (uint64_t)(size - 1) << 1);
    put_bytes(out, bytes, size);
}

static bool rle_encode(struct bit_writer *w, const struct value *v, const struct coding *c) {
    (void)c;
    struct writer *out = bytes_of(w);
    size_t literals = 0, at = 0, period = 0;
    bool any = false;
    while (at < v->size && !out->full) {
        size_t run = longest_run(v, at, &period);
        if (run == 0) {
            at++;
            continue;
        }
        put_literals(out, v->bytes + literals, at - literals);
        put_varint(out, (uint64_t)(run - RUN_LEAST) << 5 | (period - 1) << 1 | 1);
        literals = at += run;
        any = true;
    }
    put_literals(out, v->bytes + literals, v->size - literals);
    return any;
}

/* ---- Decoding --------------------------------------------------------------------------------- */

/* The last bytes of the value, so that decoding need not read what it wrote. */
struct tail {
    uint8_t bytes[PERIODS];
    size_t size;
};

static void tail_add(struct tail *t, const uint8_t *bytes, size_t size) {
    if (size > PERIODS) {
        bytes += size - PERIODS;
        size = PERIODS;
    }
    size_t keep = t->size + size > PERIODS ? PERIODS - size : t->size;
    memmove(t->bytes, t->bytes + t->size - keep, keep);
    memcpy(t->bytes + keep, bytes, size);
    t->size = keep + size;
}

static void repeat(struct writer *out, struct tail *t, size_t period, size_t size) {
    uint8_t group[PERIODS], last[PERIODS];
    size_t ending = size < PERIODS ? size : PERIODS;
    memcpy(group, t->bytes + t->size - period, period);
    uint8_t *to = writer_reserve(out, size);
    if (out->full) return;
    for (size_t i = 0; to && i < size; i += period)
        memcpy(to + i, group, size - i < period ? size - i : period);
    for (size_t i = 0; i < ending; i++) last[i] = group[(size - ending + i) % period];
    tail_add(t, last, ending);
}

static int rle_decode(struct writer *out, struct bit_reader *bits, const struct coding *c) {
    (void)c;
    struct reader in = rest_of(bits);
    struct tail tail = {.size = 0};
    bool after_literals = false, any = false;
    while (!in.bad && reader_left(&in) && !out->full) {
        uint64_t command = take_varint(&in);
        if (command & 1) {
            uint64_t period = (command >> 1 & (PERIODS - 1)) + 1, size = (command >> 5) + RUN_LEAST;
            if (period > tail.size) return VP_ERR_CORRUPT;
            if (size > SIZE_MAX) return VP_ERR_SPACE;
            repeat(out, &tail, (size_t)period, (size_t)size);
            any = true;
        } else {
            uint64_t size = (command >> 1) + 1;
            const uint8_t *literals = size <= reader_left(&in) ? take_bytes(&in, (size_t)size) : NULL;
            if (!literals || after_literals) return VP_ERR_CORRUPT;
            put_bytes(out, literals, (size_t)size);
            tail_add(&tail, literals, (size_t)size);
        }
        after_literals = !(command & 1);
    }
    if (out->full) return VP_ERR_SPACE;
    return in.bad || !any ? VP_ERR_CORRUPT : VP_OK;
}

/* ---- The encoder ------------------------------------------------------------------------------ */

static bool rle_fits(const struct value *v, const void *params) {
    (void)params;
    return v->size >= VALUE_LEAST;
}

const struct encoder encoder_rle = {
    .name = "rle",
    .bytewise = true,
    .fast = true,
    .fits = rle_fits,
    .encode = rle_encode,
    .decode = rle_decode,
};
