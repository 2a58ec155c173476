/*
 * Follows the decoder through a payload whose value is known, so that nothing is written but the
 * account. It is not as fast as the decoder, and shares nothing with it but the model and the coder.
 */
#include "model_explain.h"

#include "json.h"
#include "model/parse.h"
#include "model/range_coder.h"

enum { SYMBOLS_LISTED = 4096 };

/* What the symbols of one slot came to. */
struct account {
    uint32_t values; /* times the slot was begun, as far as something stands in it */
    uint32_t bytes, opening_bytes;
    uint64_t bits, opening_bits; /* in 1/256; opening: of the phrase that opens the slot */
};

struct explaining {
    const struct model *m;
    struct range_decoder coder;
    struct cursor cursor;
    const uint8_t *begin; /* of the value */
    size_t size, at;
    struct slot_text *slots;
    struct account *accounts; /* by slot */
    uint32_t slot_begin;
    uint64_t count; /* of symbols */
};

/* One symbol as it was decoded. */
struct part {
    unsigned number, slot, escapes;
    size_t size, distance; /* distance: of a copy */
    uint32_t cost;         /* bits in 1/256 */
};

/* ---- Decoding ------------------------------------------------------------------------------- */

static void take_symbol(struct explaining *e, struct part *part) {
    const struct model *m = e->m;
    for (unsigned state = state_at(m, &e->cursor);; state = parent_of(m, state, &e->cursor)) {
        const struct state *s = &m->states[state];
        uint32_t at = range_decode_peek(&e->coder, WEIGHT_BITS), entry = s->first;
        while (entry_end(m, s, entry) <= at) entry++;
        range_decode_take(&e->coder, entry_begin(m, entry), entry_end(m, s, entry) - entry_begin(m, entry));
        part->cost += m->costs[entry];
        part->number = m->entries[entry];
        if (part->number != escape_symbol(m)) return;
        part->escapes++;
    }
}

static void take_digits(struct explaining *e, const struct symbol *run) {
    const struct run_class *class = &run_classes[run->class];
    for (unsigned left = run->size; left > 0;) {
        unsigned digits = left < class->step ? left : class->step;
        uint32_t room = 1;
        for (unsigned i = 0; i < digits; i++) room *= class->base;
        range_decode_uniform(&e->coder, room);
        left -= digits;
    }
}

/* What follows the number of a symbol, and how many bytes it all stands for. */
static void take_content(struct explaining *e, const struct symbol *s, struct part *part) {
    part->size = s->size;
    switch (s->kind) {
    case KIND_RUN:
        take_digits(e, s);
        part->cost += (uint32_t)s->tail;
        break;
    case KIND_COPY:
        part->size = take_part(&e->coder, &e->m->lengths) + (size_t)COPY_SHORTEST;
        part->distance = take_part(&e->coder, &e->m->distances) + (size_t)1;
        part->cost += copy_cost(e->m, part->size, (uint32_t)part->distance);
        break;
    case KIND_SLOT_COPY: part->size = e->slots[s->slot].end - e->slots[s->slot].begin; break;
    default: break;
    }
}

/* Goes behind a part that begins at e->at. */
static void move(struct explaining *e, const struct symbol *s, const struct part *part) {
    bool opens = s->kind == KIND_TEXT && s->slot;
    if (opens) {
        e->slots[e->cursor.slot] = (struct slot_text){e->slot_begin, (uint32_t)e->at};
        e->slot_begin = (uint32_t)(e->at + part->size);
    }
    e->at += part->size;
    if (s->kind == KIND_TEXT) advance_text(e->m, &e->cursor, s);
    else if (s->kind != KIND_END)
        advance_bytes(e->m, &e->cursor, reader_over(e->begin, e->at), part->size, s->kind);
    struct account *a = &e->accounts[opens ? s->slot : part->slot];
    *(opens ? &a->opening_bits : &a->bits) += part->cost;
    *(opens ? &a->opening_bytes : &a->bytes) += (uint32_t)part->size;
    a->values += opens || part->size == e->at; /* slot 0 begins with the value */
}

/* ---- Writing -------------------------------------------------------------------------------- */

/* Bits in 1/256 with two decimals. */
static void put_bit_count(struct writer *w, const char *name, uint64_t bits) {
    uint64_t hundredths = (bits * 100 + 128) >> 8;
    put_json_number(w, name, hundredths / 100);
    put_byte(w, '.');
    put_byte(w, (unsigned)('0' + hundredths / 10 % 10));
    put_byte(w, (unsigned)('0' + hundredths % 10));
}

static void put_part(struct writer *w, const struct explaining *e, const struct part *part) {
    static const char *const kinds[] = {"phrase", "end", "run", "copy", "slot copy"};
    const struct symbol *s = &e->m->symbols[part->number];
    put_byte(w, '{');
    put_json_string(w, "kind", part->number < SYMBOL_END ? "byte" : kinds[s->kind]);
    put_member(w, "text");
    put_json_text(w, e->begin + e->at, part->size);
    put_bit_count(w, "bits", part->cost);
    put_json_number(w, "slot", part->slot);
    put_json_number(w, "escapes", part->escapes);
    if (s->kind == KIND_TEXT && s->slot) put_json_number(w, "opens", s->slot);
    if (s->kind == KIND_SLOT_COPY) put_json_number(w, "copied_slot", s->slot);
    if (s->kind == KIND_COPY) put_json_number(w, "distance", part->distance);
    put_byte(w, '}');
}

static void put_before(struct writer *w, const struct model *m, unsigned slot) {
    put_member(w, "before");
    unsigned number = SYMBOL_PHRASES;
    while (number < m->symbol_count &&
           (m->symbols[number].kind != KIND_TEXT || m->symbols[number].slot != slot))
        number++;
    if (slot == 0 || number == m->symbol_count) put_text(w, "\"\"");
    else put_json_text(w, m->texts + m->symbols[number].offset, m->symbols[number].size);
}

static void put_account(struct writer *w, const struct model *m, unsigned slot, const struct account *a) {
    put_byte(w, '{');
    put_json_number(w, "slot", slot);
    if (m->mode == MODE_ANCHORS) {
        put_before(w, m, slot);
        put_json_number(w, "values", a->values);
        put_bit_count(w, "opening_bits", a->opening_bits);
    }
    put_json_number(w, "bytes", a->bytes);
    put_bit_count(w, "bits", a->bits);
    put_byte(w, '}');
}

static void put_accounts(struct writer *w, const struct explaining *e) {
    bool first = true;
    put_member(w, "slots");
    put_byte(w, '[');
    for (unsigned slot = 0; slot < e->m->slot_count; slot++) {
        const struct account *a = &e->accounts[slot];
        if (a->bits + a->opening_bits == 0) continue;
        if (!first) put_byte(w, ',');
        put_account(w, e->m, slot, a);
        first = false;
    }
    put_byte(w, ']');
}

static void put_sums(struct writer *w, const struct explaining *e) {
    struct account sum = {0};
    for (unsigned slot = 0; slot < e->m->slot_count; slot++) {
        const struct account *a = &e->accounts[slot];
        sum.bits += a->bits;
        sum.bytes += a->bytes;
        sum.opening_bits += a->opening_bits;
        sum.opening_bytes += a->opening_bytes;
    }
    put_bit_count(w, "total_bits", sum.bits + sum.opening_bits);
    put_json_number(w, "opening_bytes", sum.opening_bytes);
    put_bit_count(w, "opening_bits", sum.opening_bits);
    put_json_number(w, "symbol_count", e->count);
}

/* ---- All of it ------------------------------------------------------------------------------ */

/* false at the end, and at what can't follow in a payload of this value. */
static bool explain_next(struct explaining *e, struct writer *json) {
    struct part part = {.slot = e->cursor.slot};
    take_symbol(e, &part);
    const struct symbol *s = &e->m->symbols[part.number];
    take_content(e, s, &part);
    bool end = part.number == SYMBOL_END;
    if (e->coder.bad || part.size > e->size - e->at || (part.size == 0 && !end)) return false;
    if (e->count < SYMBOLS_LISTED) {
        if (e->count) put_byte(json, ',');
        put_part(json, e, &part);
    }
    e->count++;
    move(e, s, &part);
    return !end;
}

bool model_explain(struct writer *json, struct bit_reader *in, struct reader value, const struct coding *c) {
    const struct model *m = c->params;
    struct explaining e = {.m = m, .begin = value.at, .size = reader_left(&value)};
    e.slots = scratch_buffer(c->scratch, 0, m->slot_count * sizeof *e.slots);
    e.accounts = scratch_buffer(c->scratch, 1, m->slot_count * sizeof *e.accounts);
    if (!e.slots || !e.accounts) return false;
    memset(e.slots, 0, m->slot_count * sizeof *e.slots);
    memset(e.accounts, 0, m->slot_count * sizeof *e.accounts);
    put_json_number(json, "payload_bits", bits_left(in));
    put_json_string(json, "mode", m->mode == MODE_FIELDS ? "fields" : "anchors");
    put_member(json, "symbols");
    put_byte(json, '[');
    e.coder = range_decode_begin(in);
    while (explain_next(&e, json)) continue;
    put_byte(json, ']');
    put_sums(json, &e);
    put_accounts(json, &e);
    return true;
}
