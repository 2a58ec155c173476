/*
 * The range coder. Of the input, 1 byte says how many bits of the first byte are the coder's, 1 the bits
 * of the total, 2 the total of the uniform values, 14 the starts of the symbols; the rest is taken once
 * as a number to decode, and once as symbols to encode.
 */
#include "codecs.h"

#include "model/range_coder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 18, SYMBOLS = 8, END = SYMBOLS - 1, MOST = 2000, ROOM = 4 * MOST + 16 };

/* Symbol i is from starts[i] to starts[i + 1]; those without width are not there. After symbol 1 comes a
   uniform value. The last symbol ends a message. */
struct alphabet {
    uint32_t starts[SYMBOLS + 1], total;
    unsigned bits, k;
};

struct message {
    uint32_t symbols[MOST], values[MOST]; /* values: behind symbol 1 */
    size_t count;
};

static struct alphabet alphabet_of(const uint8_t *head) {
    struct alphabet a = {
        .k = head[0] % 8, .bits = 1 + head[1] % RANGE_MAX_BITS, .total = 1u + load_le16(head + 2)};
    uint32_t all = (uint32_t)1 << a.bits;
    for (unsigned i = 1; i < SYMBOLS; i++) {
        uint32_t start = load_le16(head + 2 + 2 * i) % all;
        unsigned at = i;
        for (; a.starts[at - 1] > start; at--) a.starts[at] = a.starts[at - 1];
        a.starts[at] = start;
    }
    a.starts[SYMBOLS] = all;
    return a;
}

static bool encode(const struct alphabet *a, const struct message *m, struct writer *out) {
    static uint8_t number[ROOM];
    struct bit_writer w = {.out = *out, .count = a->k ? 8 - a->k : 0};
    struct range_encoder e = range_encode_begin(number, sizeof number, a->k);
    for (size_t i = 0; i < m->count; i++) {
        unsigned s = m->symbols[i];
        range_encode(&e, a->starts[s], a->starts[s + 1] - a->starts[s], a->bits);
        if (s == 1) range_encode_uniform(&e, m->values[i], a->total);
    }
    range_encode_end(&e, &w);
    *out = w.out;
    return !out->full;
}

/* True if the number is a message to its end; *valid if it ends as the encoder does. */
static bool decode(const struct alphabet *a, const uint8_t *number, size_t size, struct message *m,
                   bool *valid) {
    struct bit_reader in = bit_reader_over(number, size, a->k ? 8 - a->k : 0);
    struct range_decoder d = range_decode_begin(&in);
    for (m->count = 0; m->count < MOST;) {
        uint32_t at = range_decode_peek(&d, a->bits);
        unsigned s = 0, last = 0;
        for (; s < SYMBOLS && a->starts[s] <= at; s++) last = s;
        for (s = 0; s < END && range_decode_reaches(&d, a->starts[s + 1]); s++) continue;
        fuzz_require(at < (uint32_t)1 << a->bits && s == last);
        range_decode_take(&d, a->starts[s], a->starts[s + 1] - a->starts[s]);
        m->symbols[m->count] = s;
        if (s == 1) m->values[m->count] = range_decode_uniform(&d, a->total);
        m->count++;
        *valid = range_decode_end(&d);
        if (s == END) return true;
    }
    return false;
}

static bool same_message(const struct message *a, const struct message *b) {
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->symbols[i] != b->symbols[i] || (a->symbols[i] == 1 && a->values[i] != b->values[i]))
            return false;
    return true;
}

/* Encodes and decodes; true if the number is this one. */
static bool round_trip(const struct alphabet *a, const struct message *m, const uint8_t *number,
                       size_t size) {
    static uint8_t written[ROOM];
    static struct message back;
    struct writer out = writer_over(written, sizeof written);
    bool valid = false;
    fuzz_require(encode(a, m, &out));
    fuzz_require(decode(a, written, out.length, &back, &valid) && valid && same_message(m, &back));
    if (out.length != size) return false;
    if (a->k && (written[0] ^ number[0]) & ((1 << a->k) - 1)) return false;
    size_t header = a->k ? 1 : 0;
    return memcmp(written + header, number + header, size - header) == 0;
}

/* The symbols that bytes choose, without the END but the last. */
static void choose(const struct alphabet *a, const uint8_t *bytes, size_t size, struct message *m) {
    m->count = 0;
    for (size_t i = 0; i < size && m->count + 1 < MOST; i++) {
        unsigned s = bytes[i] % END;
        if (a->starts[s] == a->starts[s + 1]) continue;
        m->values[m->count] = bytes[i] * 0x9E3779B1u % a->total;
        m->symbols[m->count++] = s;
    }
    m->symbols[m->count++] = END;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct message message;
    if (size < HEAD + 1 || size > MOST) return 0;
    const struct alphabet a = alphabet_of(data);
    const uint8_t *number = data + HEAD;
    size -= HEAD;
    bool valid = false;
    if (decode(&a, number, size, &message, &valid))
        fuzz_require(round_trip(&a, &message, number, size) == valid);
    choose(&a, number, size, &message);
    round_trip(&a, &message, number, size);
    return 0;
}
