/*
 * model: a trained context model over bytes, phrases, runs and copies, and a range coder.
 *
 * Payload: the number that a range coder makes of the value's symbols and END; see model/model.h and
 * model/range_coder.h. It has no length of its own: bytes behind its end count as zero, and the
 * shortest spelling is the only one. The decoded size is not stored.
 */
#include "encoder.h"
#include "json.h"
#include "model/parse.h"
#include "model/range_coder.h"
#include "model_explain.h"

enum { SEARCH_LINEAR = 12, COPY_STEP = 16, OUTPUT_SLACK = 64 };

/* ---- Decoding ------------------------------------------------------------------------------- */

struct decoding {
    const struct model *m;
    struct writer *out;
    struct range_decoder coder;
    struct cursor cursor;
    struct slot_text *slots; /* NULL: never copied */
    size_t start;            /* of the value in the writer */
    uint32_t slot_begin;
    unsigned state; /* in which the next symbol is coded */
};

/* The entry of the next symbol, and its state. */
static inline uint32_t decode_entry(struct decoding *d) {
    const struct model *m = d->m;
    for (;; d->state = parent_of(m, d->state, &d->cursor)) {
        const struct state *s = &m->states[d->state];
        uint32_t entry = s->first;
        if (s->count <= SEARCH_LINEAR) {
            range_decode_scale(&d->coder, WEIGHT_BITS);
            while (entry + 1 < s->first + s->count && range_decode_reaches(&d->coder, m->cums[entry + 1]))
                entry++;
        } else {
            entry = entry_at(m, s, range_decode_peek(&d->coder, WEIGHT_BITS));
        }
        range_decode_take(&d->coder, m->cums[entry], entry_end(m, s, entry) - m->cums[entry]);
        if (m->entries[entry] != escape_symbol(m)) return entry;
    }
}

/* Texts are followed by padding, so short ones are copied at a stroke. */
static inline int put_text_symbol(struct decoding *d, const struct symbol *s) {
    struct writer *out = d->out;
    const uint8_t *text = d->m->texts + s->offset;
    if (s->slot && d->slots) {
        uint32_t at = (uint32_t)(out->length - d->start);
        d->slots[d->cursor.slot] = (struct slot_text){d->slot_begin, at};
        d->slot_begin = at + s->size;
    }
    advance_text(d->m, &d->cursor, s);
    if (s->size <= COPY_STEP && out->capacity - out->length >= COPY_STEP) {
        memcpy(out->base + out->length, text, COPY_STEP);
        out->length += s->size;
        return VP_OK;
    }
    put_bytes(out, text, s->size);
    return out->full ? VP_ERR_SPACE : VP_OK;
}

static void advance_behind(struct decoding *d, size_t size, unsigned kind) {
    advance_bytes(d->m, &d->cursor, reader_over(d->out->base + d->start, d->out->length - d->start), size,
                  kind);
}

/* Digits come in groups that are coded at once, the first one highest. */
static int put_run(struct decoding *d, const struct symbol *s) {
    const struct run_class *class = &run_classes[s->class];
    uint8_t *to = writer_reserve(d->out, s->size);
    if (!to) return VP_ERR_SPACE;
    for (unsigned done = 0; done < s->size;) {
        unsigned digits = s->size - done < class->step ? s->size - done : class->step;
        uint32_t room = 1;
        for (unsigned i = 0; i < digits; i++) room *= class->base;
        uint32_t number = range_decode_uniform(&d->coder, room);
        for (unsigned i = digits; i-- > 0; number /= class->base)
            to[done + i] = (uint8_t) class->digits[number % class->base];
        done += digits;
    }
    advance_behind(d, s->size, KIND_RUN);
    return VP_OK;
}

static int put_copy(struct decoding *d, size_t from, size_t size) {
    uint8_t *to = writer_reserve(d->out, size);
    if (!to) return VP_ERR_SPACE;
    const uint8_t *source = d->out->base + d->start + from;
    for (size_t i = 0; i < size; i++) to[i] = source[i]; /* may overlap */
    advance_behind(d, size, KIND_COPY);
    return VP_OK;
}

static int put_any_copy(struct decoding *d) {
    size_t size = (size_t)take_part(&d->coder, &d->m->lengths) + COPY_SHORTEST;
    size_t distance = (size_t)take_part(&d->coder, &d->m->distances) + 1, at = d->out->length - d->start;
    if (size > COPY_LONGEST || distance > at) return VP_ERR_CORRUPT;
    return put_copy(d, at - distance, size);
}

static int put_slot_copy(struct decoding *d, const struct symbol *s) {
    if (!d->slots) return VP_ERR_CORRUPT;
    struct slot_text text = d->slots[s->slot];
    return text.end == text.begin ? VP_ERR_CORRUPT : put_copy(d, text.begin, text.end - text.begin);
}

static int put_symbol(struct decoding *d, const struct symbol *s) {
    switch (s->kind) {
    case KIND_TEXT: return put_text_symbol(d, s);
    case KIND_RUN: return put_run(d, s);
    case KIND_COPY: return put_any_copy(d);
    default: return put_slot_copy(d, s);
    }
}

static int decode(struct writer *out, struct bit_reader *in, const struct coding *c) {
    const struct model *m = c->params;
    struct decoding d = {.m = m, .out = out, .start = out->length};
    if (m->slot_copies < m->symbol_count) {
        d.slots = scratch_buffer(c->scratch, 0, m->slot_count * sizeof *d.slots);
        if (!d.slots) return VP_ERR_MEMORY;
        memset(d.slots, 0, m->slot_count * sizeof *d.slots);
    }
    d.coder = range_decode_begin(in);
    d.state = m->start;
    for (;;) {
        const uint32_t entry = decode_entry(&d);
        const unsigned symbol = m->entries[entry];
        if (symbol == SYMBOL_END) break;
        int status = put_symbol(&d, &m->symbols[symbol]);
        d.state = state_behind(m, &d.cursor, d.state, entry);
        if (status != VP_OK) return status;
        if (d.coder.bad || out->length - d.start > MODEL_VALUE) return VP_ERR_CORRUPT;
    }
    return out->length > d.start && range_decode_end(&d.coder) ? VP_OK : VP_ERR_CORRUPT;
}

/* ---- Encoding ------------------------------------------------------------------------------- */

static bool encode(struct bit_writer *w, const struct value *v, const struct coding *c) {
    const struct model *m = c->params;
    size_t left = w->out.capacity - w->out.length;
    if (left > v->size) left = v->size;
    uint8_t *memory = scratch_buffer(c->scratch, 0, parse_memory(m, v->size));
    uint8_t *bytes = scratch_buffer(c->scratch, 1, left + OUTPUT_SLACK);
    if (!memory || !bytes) return false;
    struct parse p = {.value = v->bytes, .size = v->size, .limit = (uint64_t)(left + 2) << 11};
    struct range_encoder e = range_encode_begin(bytes, left + OUTPUT_SLACK, w->count ? 8 - w->count : 0);
    parse_place(&p, m, memory, v->size);
    p.coder = &e;
    if (!parse_value(&p)) return false;
    range_encode_end(&e, w);
    return !w->out.full;
}

static uint32_t symbols(const struct value *v, const struct coding *c) {
    uint8_t *memory = scratch_buffer(c->scratch, 0, parse_memory(c->params, v->size));
    if (!memory) return 0;
    struct parse p = {.value = v->bytes, .size = v->size, .limit = UINT64_MAX};
    parse_place(&p, c->params, memory, v->size);
    return parse_value(&p) ? (uint32_t)p.step_count + 1 : 0;
}

static bool fits(const struct value *v, const void *params) {
    return params && v->size > 0 && v->size <= MODEL_VALUE;
}

/* ---- Parameters ----------------------------------------------------------------------------- */

static void *load(struct reader *section, struct loading *l) {
    struct model *m = memory_zeroed(&l->allocator, sizeof *m);
    if (!m) return loading_fails(l, VP_ERR_MEMORY, section->at, "out of memory");
    const char *problem = model_load(m, section, &l->allocator);
    if (!problem) return m;
    memory_free(&l->allocator, m);
    return loading_fails(l, *problem ? VP_ERR_PROFILE : VP_ERR_MEMORY, section->at,
                         *problem ? problem : "out of memory");
}

static void unload(void *params, const vp_allocator *allocator) {
    model_unload(params, allocator);
    memory_free(allocator, params);
}

static void describe(const void *params, struct writer *json) {
    const struct model *m = params;
    put_text(json, "\"contexts\":");
    put_decimal(json, m->state_count);
    put_text(json, ",\"entries\":");
    put_decimal(json, m->entry_count);
    put_text(json, ",\"slots\":");
    put_decimal(json, m->slot_count);
    put_text(json, ",\"phrases\":[");
    for (unsigned i = 0; i < m->phrases.count; i++) {
        if (i) put_byte(json, ',');
        put_json_text(json, token_bytes(&m->phrases, i), token_size(&m->phrases, i));
    }
    put_byte(json, ']');
}

const struct encoder encoder_model = {
    .name = "model",
    .needs_params = true,
    .work = {.value = 300, .bytes = 160, .symbol = 90},
    .symbols = symbols,
    .fits = fits,
    .encode = encode,
    .decode = decode,
    .load = load,
    .unload = unload,
    .describe = describe,
    .explain = model_explain,
};
