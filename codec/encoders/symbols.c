/*
 * symbols: a learned table of tokens (strings of 1 to 128 bytes) and prefix codes for them that
 * depend on the token before. The fast text encoder.
 *
 * Payload, from its first bit: code words, most significant bit first, until fewer than 8 bits are
 * left, which are zero. The value is the tokens one after the other. The first code word is of the
 * profile's start table, each further one of the table that the token before asks for. In tables
 * other than table 0 the symbol ESCAPE says that a code word of table 0 follows; in table 0 it says
 * that the next 8 bits are a byte of the value. The decoded size is not stored.
 */
#include "symbols_params.h"

#include "json.h"

enum { VALUE_LARGEST = 1 << 16, COPY_STEP = 16 };

/* A place is passed over when one behind it costs this much less: nearly always it lies inside a long
   token. Where tokens are long that saves half of the time. At 24 bits 0.3 % of the bytes are lost, at
   none up to 27 %; while tokens are learned, 1 % is lost even at 48. */
enum { PASSED_OVER = 32 };

/* ---- Decoding ------------------------------------------------------------------------------- */

/* The payload as a window of bits, left-justified; zeros behind its end. */
struct window {
    uint64_t bits;
    unsigned valid;
    const uint8_t *at, *end;
};

static inline void refill(struct window *w) {
    if (w->end - w->at >= 8) {
        w->bits |= load_be64(w->at) >> w->valid;
        unsigned bytes = (63 - w->valid) >> 3;
        w->at += bytes;
        w->valid += 8 * bytes;
        return;
    }
    while (w->valid <= 56 && w->at < w->end) {
        w->bits |= (uint64_t)*w->at++ << (56 - w->valid);
        w->valid += 8;
    }
}

static inline bool window_drop(struct window *w, unsigned count) {
    if (count > w->valid) return false;
    w->bits <<= count;
    w->valid -= count;
    return true;
}

/* The next symbol of a table; false if the bits are no code word of it. */
static inline bool window_symbol(struct window *w, const struct code_table *t, unsigned *symbol) {
    uint32_t found = code_lookup(t, (uint32_t)(w->bits >> 48));
    *symbol = found >> 8;
    return found && window_drop(w, found & 0xFF);
}

/* Tokens are followed by at least 32 bytes of the section, so short ones are copied at a stroke. */
static inline bool put_token(struct writer *out, const uint8_t *text, size_t size) {
    if (size <= COPY_STEP && out->capacity - out->length >= COPY_STEP) {
        memcpy(out->base + out->length, text, COPY_STEP);
        out->length += size;
        return true;
    }
    put_bytes(out, text, size);
    return !out->full;
}

/* The symbol after an ESCAPE outside table 0, which is a byte of the value if it is ESCAPE again. */
static int put_escaped(struct writer *out, struct window *w, const struct symbols *s, unsigned *table) {
    unsigned symbol = escape_of(s);
    if (*table != 0 && !window_symbol(w, &s->tables[0], &symbol)) return VP_ERR_CORRUPT;
    if (symbol != escape_of(s)) {
        *table = s->tokens.items[symbol].next;
        return put_token(out, s->tokens.text + s->tokens.items[symbol].offset, s->tokens.items[symbol].size)
                   ? VP_OK
                   : VP_ERR_SPACE;
    }
    unsigned byte = (unsigned)(w->bits >> 56);
    if (!window_drop(w, 8)) return VP_ERR_CORRUPT;
    put_byte(out, byte);
    *table = s->after_literal;
    return out->full ? VP_ERR_SPACE : VP_OK;
}

/* No code word begins with eight zero bits: they are the padding at the end, or damage. */
static int decode(struct writer *out, struct bit_reader *in, const struct coding *c) {
    const struct symbols *s = c->params;
    struct window w = {.at = in->base + (in->at >> 3), .end = in->base + (in->end >> 3)};
    refill(&w);
    if (!window_drop(&w, in->at & 7)) return VP_ERR_CORRUPT;
    unsigned table = s->start, symbol;
    for (;;) {
        if (w.valid < 40) refill(&w); /* the longest step: two code words and a byte */
        if (w.bits >> 56 == 0) return w.valid < 8 && w.bits == 0 ? VP_OK : VP_ERR_CORRUPT;
        if (!window_symbol(&w, &s->tables[table], &symbol)) return VP_ERR_CORRUPT;
        if (symbol == escape_of(s)) {
            int status = put_escaped(out, &w, s, &table);
            if (status != VP_OK) return status;
            continue;
        }
        const struct token *step = &s->tokens.items[symbol];
        if (!put_token(out, s->tokens.text + step->offset, step->size)) return VP_ERR_SPACE;
        table = step->next;
    }
}

/* ---- Encoding ------------------------------------------------------------------------------- */

/* A literal without its byte, or the code word of a token. */
static void put_symbol(struct bit_writer *w, const struct symbols *s, unsigned table, unsigned symbol) {
    const unsigned escape = escape_of(s), root = costs_of(s, 0)[escape] - 8u;
    unsigned cost = costs_of(s, table)[symbol], own = cost & COST_MASK;
    if (symbol == escape) own = table ? root : cost - 8u;
    if (table && (symbol == escape || cost & COST_ESCAPED)) {
        unsigned length = costs_of(s, table)[escape] - 8u - root;
        put_bits(w, words_of(s, table)[escape], length);
        own = symbol == escape ? root : own - length;
        table = 0;
    }
    put_bits(w, words_of(s, table)[symbol], own);
}

static void put_path(struct bit_writer *w, const struct symbols *s, const struct value *v,
                     struct reader path) {
    unsigned table = s->start;
    size_t at = 0;
    while (reader_left(&path) && !w->out.full) {
        uint16_t symbol;
        memcpy(&symbol, take_bytes(&path, sizeof symbol), sizeof symbol);
        put_symbol(w, s, table, symbol);
        if (symbol == escape_of(s)) {
            put_bits(w, v->bytes[at++], 8);
            table = s->after_literal;
        } else {
            at += token_size(&s->tokens, symbol);
            table = s->tokens.items[symbol].next;
        }
    }
}

static bool encode(struct bit_writer *w, const struct value *v, const struct coding *c) {
    const struct symbols *s = c->params;
    symbols_place *places = scratch_buffer(c->scratch, 0, (v->size + 1) * sizeof *places);
    uint16_t *path = scratch_buffer(c->scratch, 1, v->size * sizeof *path);
    if (!places || !path) return false;
    size_t room = 8 * (w->out.capacity - w->out.length);
    struct parse_limits limits = {.most = room < PARSE_UNLIMITED ? (uint32_t)room : PARSE_UNLIMITED,
                                  .behind = PASSED_OVER};
    if (symbols_parse(s, reader_over(v->bytes, v->size), limits, places) > limits.most) return false;
    size_t first = symbols_path(s, places, v->size, path);
    put_path(w, s, v, reader_over(path + first, (v->size - first) * sizeof *path));
    return true;
}

static bool fits(const struct value *v, const void *params) {
    return params && v->size > 0 && v->size <= VALUE_LARGEST;
}

/* ---- Describing ----------------------------------------------------------------------------- */

static void describe(const void *params, struct writer *json) {
    const struct symbols *s = params;
    put_text(json, "\"tables\":");
    put_decimal(json, s->table_count);
    put_text(json, ",\"tokens\":[");
    for (unsigned i = 0; i < s->tokens.count; i++) {
        if (i) put_byte(json, ',');
        put_json_text(json, token_bytes(&s->tokens, i), token_size(&s->tokens, i));
    }
    put_byte(json, ']');
}

const struct encoder encoder_symbols = {
    .name = "symbols",
    .fast = true,
    .needs_params = true,
    .work = {.value = 150, .bytes = 300},
    .fits = fits,
    .encode = encode,
    .decode = decode,
    .load = symbols_load,
    .unload = symbols_unload,
    .describe = describe,
};
