/* Reading the section of the model encoder. Everything that is not in the section itself is derived
   here, so that no table of a section can lead a coder astray. */
#include "model.h"

#include "bits.h"

struct loader {
    struct model *m;
    struct reader *in;
    const uint8_t *sizes, *text; /* of the phrases */
    const char *problem;
};

static bool fail(struct loader *l, const char *problem) {
    if (!l->problem) l->problem = problem;
    return false;
}

/* A varint of at most `most`. */
static bool take_number(struct loader *l, uint64_t most, unsigned *number) {
    uint64_t n = take_varint(l->in);
    *number = (unsigned)n;
    return !l->in->bad && n <= most ? true : fail(l, "a number is cut off or too large");
}

/* ---- Blocks of memory ----------------------------------------------------------------------- */

/* Parts of one allocation; with base NULL only their sizes are added up. */
struct carving {
    uint8_t *base;
    size_t used;
};

static void *carve(struct carving *c, size_t count, size_t size) {
    void *part = c->base ? c->base + c->used : NULL;
    c->used += (count * size + 7) / 8 * 8;
    return part;
}

static void carve_model(struct model *m, struct carving *c, size_t text_bytes) {
    size_t phrases = m->phrases.count;
    m->symbols = carve(c, m->symbol_count + 1, sizeof *m->symbols);
    m->keys = carve(c, m->state_count, sizeof *m->keys);
    m->states = carve(c, m->state_count, sizeof *m->states);
    m->phrases.keys = carve(c, phrases + 1, sizeof *m->phrases.keys);
    m->phrases.items = carve(c, phrases + 1, sizeof *m->phrases.items);
    m->phrases.buckets =
        carve(c, phrases ? (size_t)1 << m->phrases.bucket_bits : 0, sizeof *m->phrases.buckets);
    m->phrases.shorts = carve(c, phrases ? TOKEN_SHORTS : 0, sizeof *m->phrases.shorts);
    m->slot_spots = carve(c, m->slot_count + 1, sizeof *m->slot_spots);
    m->cums = carve(c, m->entry_count, sizeof *m->cums);
    m->entries = carve(c, m->entry_count, sizeof *m->entries);
    m->costs = carve(c, m->entry_count, sizeof *m->costs);
    m->links = carve(c, m->entry_count, sizeof *m->links);
    m->jumps = carve(c, m->jump_count, ((size_t)1 << JUMP_BITS) * sizeof *m->jumps + sizeof *m->jumps);
    m->prices = carve(c, m->slot_copies, sizeof *m->prices);
    m->root_entries = carve(c, m->symbol_count + 1, sizeof *m->root_entries);
    m->spot_states = carve(c, m->spot_count, sizeof *m->spot_states);
    m->hash = carve(c, (size_t)1 << m->hash_bits, sizeof *m->hash);
    m->spot_depths = carve(c, m->spot_count, 1);
    m->slot_flags = carve(c, m->slot_count, 1);
    m->texts = carve(c, 256 + text_bytes + 64, 1);
}

/* ---- Head ----------------------------------------------------------------------------------- */

static bool take_head(struct loader *l, size_t *text_bytes) {
    struct model *m = l->m;
    m->mode = (uint8_t)take_byte(l->in);
    m->delimiter = (uint8_t)take_byte(l->in);
    unsigned flags = take_byte(l->in);
    if (m->mode > MODE_FIELDS || flags > 3) return fail(l, "unknown mode");
    if (m->mode == MODE_FIELDS && flags & 2) return fail(l, "copies of slots, but fields");
    if (m->mode == MODE_ANCHORS && m->delimiter) return fail(l, "a delimiter without fields");
    if (!take_number(l, TOKENS_LARGEST, &m->phrases.count)) return false;
    l->sizes = take_bytes(l->in, m->phrases.count);
    *text_bytes = 0;
    for (unsigned i = 0; l->sizes && i < m->phrases.count; i++) *text_bytes += l->sizes[i];
    l->text = l->in->bad ? NULL : take_bytes(l->in, *text_bytes);
    if (!l->text) return fail(l, "the phrases are cut off");
    if (!take_number(l, MODEL_RUNS, &m->run_count)) return false;
    m->copies = flags & 1;
    m->copy_symbol = SYMBOL_PHRASES + m->phrases.count + m->run_count;
    m->slot_copies = m->copy_symbol + m->copies;
    m->symbol_count = m->slot_copies;
    return true;
}

static void add_text_symbol(struct model *m, unsigned number, const uint8_t *text, size_t size) {
    struct symbol *s = &m->symbols[number];
    *s = (struct symbol){.offset = (uint32_t)(text - m->texts), .size = (uint8_t)size, .kind = KIND_TEXT};
    for (size_t i = 0; i < size; i++) {
        s->tail = s->tail << 8 | text[i];
        s->after++;
        if (!is_delimiter(m->delimiter, text[i])) continue;
        s->delimiters++;
        s->after = 0;
    }
}

static bool add_phrases(struct loader *l, size_t text_bytes) {
    struct model *m = l->m;
    uint32_t offset = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        m->texts[byte] = (uint8_t)byte;
        add_text_symbol(m, byte, m->texts + byte, 1);
    }
    m->symbols[SYMBOL_END] = (struct symbol){.kind = KIND_END};
    if (text_bytes) memcpy(m->texts + 256, l->text, text_bytes);
    m->phrases.text = m->texts + 256;
    for (unsigned i = 0; i < m->phrases.count; i++) {
        m->phrases.items[i] = (struct token){.offset = offset, .size = l->sizes[i]};
        add_text_symbol(m, SYMBOL_PHRASES + i, m->phrases.text + offset, l->sizes[i]);
        offset += l->sizes[i];
    }
    return m->phrases.count == 0 || token_set_index(&m->phrases)
               ? true
               : fail(l, "the phrases are not in order, or have a wrong size");
}

/* Bits in 1/256. 32 more bits make the logarithm exact enough. */
static uint32_t run_cost(unsigned class, unsigned size) {
    return size * (log2_q8((uint64_t)run_classes[class].base << 32) - (32u << 8));
}

static bool take_runs(struct loader *l, struct symbol *runs) {
    unsigned before = 0;
    for (unsigned i = 0; i < l->m->run_count; i++) {
        unsigned class = take_byte(l->in), size = take_byte(l->in), now = class << 8 | size;
        if (class >= RUN_CLASSES || size < 2 || size > RUN_LARGEST || now <= before)
            return fail(l, "a run is unknown or out of order");
        if (runs)
            runs[i] = (struct symbol){.kind = KIND_RUN,
                                      .class = (uint8_t) class,
                                      .size = (uint8_t)size,
                                      .tail = run_cost(class, size)};
        before = now;
    }
    return true;
}

/* Flags of the slots, and the phrases that open them. */
static bool take_slots(struct loader *l, bool store) {
    struct model *m = l->m;
    unsigned next = 0;
    m->spot_count = 0;
    for (unsigned slot = 0; slot < m->slot_count; slot++) {
        unsigned flags = take_byte(l->in), skipped = 0;
        if (flags > (SLOT_TEXT | SLOT_POSITIONAL)) return fail(l, "unknown flags of a slot");
        if (store) {
            m->slot_flags[slot] = (uint8_t)flags;
            m->slot_spots[slot] = m->spot_count;
        }
        m->spot_count += places_of(flags);
        if (slot == 0 || m->mode == MODE_FIELDS) continue;
        if (!take_number(l, TOKENS_LARGEST, &skipped)) return false;
        next += skipped;
        if (next >= m->phrases.count) return fail(l, "a slot has no phrase that opens it");
        if (store) m->symbols[SYMBOL_PHRASES + next].slot = (uint16_t)slot;
        next++;
    }
    return l->in->bad ? fail(l, "the slots are cut off") : true;
}

static void add_copies(struct model *m, bool of_slots) {
    if (m->copies) m->symbols[m->copy_symbol] = (struct symbol){.kind = KIND_COPY};
    for (unsigned slot = 0; of_slots && slot < m->slot_count; slot++)
        m->symbols[m->slot_copies + slot] = (struct symbol){.kind = KIND_SLOT_COPY, .slot = (uint16_t)slot};
}

/* ---- States --------------------------------------------------------------------------------- */

/* Symbols of one state, then their weights, which become cumulative and add up to 2^16. */
static bool take_entries(struct loader *l, unsigned state, uint32_t first, unsigned *count) {
    struct model *m = l->m;
    unsigned listed, symbol = 0, delta;
    if (!take_number(l, m->symbol_count - 1, &listed)) return false;
    listed++;
    *count = listed + (state != STATE_ROOT);
    for (unsigned i = 0; i < listed; i++) {
        if (!take_number(l, m->symbol_count, &delta)) return false;
        symbol += delta + (i > 0);
        if (symbol >= m->symbol_count) return fail(l, "an unknown symbol");
        if (state == STATE_ROOT && i <= SYMBOL_END && symbol != i) return fail(l, "a byte is missing");
        if (m->states) m->entries[first + i] = (uint16_t)symbol;
    }
    if (state == STATE_ROOT && listed <= SYMBOL_END) return fail(l, "a byte is missing");
    if (m->states && state != STATE_ROOT) m->entries[first + listed] = (uint16_t)escape_symbol(m);
    const uint8_t *weights = take_bytes(l->in, *count);
    if (!weights) return fail(l, "the weights are cut off");
    uint64_t total = 0, sum = 0;
    for (unsigned i = 0; i < *count; i++) {
        if (weights[i] > 127) return fail(l, "a weight is too large");
        total += section_weight(weights[i]);
    }
    for (unsigned i = 0; m->states && i < *count; i++) {
        m->cums[first + i] = (uint16_t)(i + sum * (((uint64_t)1 << WEIGHT_BITS) - *count) / total);
        sum += section_weight(weights[i]);
    }
    return true;
}

static void note_state(struct model *m, unsigned state, uint64_t key, struct state s) {
    m->keys[state] = key;
    m->states[state] = s;
    uint32_t slots = (uint32_t)1 << m->hash_bits, at = hash_key(key, m->hash_bits);
    while (m->hash[at] != STATE_NONE) at = (at + 1) & (slots - 1);
    m->hash[at] = (uint16_t)state;
}

/* The bytes of the next context, after those of the one before, newest first. */
static bool take_context_bytes(struct loader *l, unsigned depth, uint8_t *bytes, bool first) {
    unsigned shared = first || depth < 2 ? 0 : take_byte(l->in);
    if (shared >= depth && depth > 0) return fail(l, "a context repeats the one before");
    unsigned old = bytes[shared];
    const uint8_t *fresh = take_bytes(l->in, depth - shared);
    if (!fresh) return fail(l, "the contexts are cut off");
    memcpy(bytes + shared, fresh, depth - shared);
    if (depth && !first && bytes[shared] <= old) return fail(l, "the contexts are out of order");
    return true;
}

static uint64_t history_of(const uint8_t *bytes, unsigned depth) {
    uint64_t history = 0;
    for (unsigned i = depth; i-- > 0;) history = history << 8 | bytes[i];
    return history;
}

/* All contexts of one depth, with or without slots. */
static bool take_level(struct loader *l, unsigned depth, bool slots) {
    struct model *m = l->m;
    unsigned count, spot = 0, skipped = 0, entries;
    uint8_t bytes[8] = {0};
    if (!take_number(l, STATE_NONE - 1, &count)) return false;
    for (unsigned i = 0; i < count; i++) {
        if (slots && !take_number(l, m->spot_count, &skipped)) return false;
        spot += skipped;
        if (slots && spot >= m->spot_count) return fail(l, "an unknown slot");
        bool first = i == 0 || skipped;
        if (slots && depth == 0 && !first) return fail(l, "the contexts are out of order");
        if (!take_context_bytes(l, depth, bytes, first)) return false;
        if (m->state_count == STATE_NONE - 1) return fail(l, "too many contexts");
        if (!take_entries(l, m->state_count, m->entry_count, &entries)) return false;
        if (m->states) {
            uint64_t history = history_of(bytes, depth);
            note_state(m, m->state_count, context_key(depth, slots ? (uint64_t)spot + 1 : 0, history),
                       (struct state){.first = m->entry_count, .count = (uint16_t)entries});
            if (slots) m->spot_depths[spot] |= (uint8_t)(1 << depth);
            else m->plain_depths[plain_filter_of(history, depth)] |= (uint8_t)(1 << depth);
            if (slots && depth == 0) m->spot_states[spot] = (uint16_t)m->state_count;
        }
        m->state_count++;
        m->entry_count += entries;
        m->jump_count += entries >= JUMP_FROM;
        if (m->entry_count > MODEL_ENTRIES) return fail(l, "too many entries");
    }
    return true;
}

static bool take_states(struct loader *l) {
    struct model *m = l->m;
    unsigned entries;
    m->state_count = m->entry_count = m->jump_count = 0;
    if (!take_entries(l, STATE_ROOT, 0, &entries)) return false;
    if (m->states)
        note_state(m, STATE_ROOT, context_key(0, 0, 0), (struct state){.count = (uint16_t)entries});
    m->state_count = m->jump_count = 1; /* the root has many */
    m->entry_count = entries;
    for (unsigned depth = 1; depth < PLAIN_DEPTHS; depth++)
        if (!take_level(l, depth, false)) return false;
    for (unsigned depth = 0; depth < SLOT_DEPTHS; depth++)
        if (!take_level(l, depth, true)) return false;
    return true;
}

/* ---- All of it ------------------------------------------------------------------------------ */

/* Weights of the classes of lengths or distances. */
static bool take_parts(struct loader *l, struct part_weights *p) {
    const uint8_t *weights = take_bytes(l->in, COPY_CLASSES);
    if (!weights) return fail(l, "the weights are cut off");
    uint32_t total = 0, sum = 0;
    for (unsigned i = 0; i < COPY_CLASSES; i++) total += weights[i] + 1u;
    for (unsigned i = 0; i < COPY_CLASSES; i++) {
        p->cums[i] = i + sum * ((1u << COPY_PART_BITS) - COPY_CLASSES) / total;
        sum += weights[i] + 1u;
    }
    p->cums[COPY_CLASSES] = 1 << COPY_PART_BITS;
    for (unsigned i = 0; i < COPY_CLASSES; i++) {
        uint32_t low_bits = i > 1 ? i - 1 : 0;
        p->costs[i] = (uint16_t)(((COPY_PART_BITS + low_bits) << 8) - log2_q8(p->cums[i + 1] - p->cums[i]));
    }
    return true;
}

static bool fill(struct loader *l, size_t text_bytes, bool slot_copies, struct reader runs) {
    struct model *m = l->m;
    memset(m->hash, 0xFF, ((size_t)1 << m->hash_bits) * sizeof *m->hash);
    memset(m->root_entries, 0xFF, (m->symbol_count + 1) * sizeof *m->root_entries);
    if (!add_phrases(l, text_bytes)) return false;
    *l->in = runs;
    unsigned slot_count;
    if (!take_runs(l, m->symbols + SYMBOL_PHRASES + m->phrases.count)) return false;
    if (!take_number(l, MODEL_SLOTS, &slot_count) || !take_slots(l, true)) return false;
    if (m->copies && (!take_parts(l, &m->lengths) || !take_parts(l, &m->distances))) return false;
    add_copies(m, slot_copies);
    if (!take_states(l)) return false;
    return true;
}

/* Reads everything twice: to count, and to store. */
static bool load(struct loader *l, const vp_allocator *a) {
    struct model *m = l->m;
    size_t text_bytes;
    bool slot_copies = reader_left(l->in) > 2 && l->in->at[2] & 2;
    if (!take_head(l, &text_bytes)) return false;
    struct reader runs = *l->in;
    if (!take_runs(l, NULL) || !take_number(l, MODEL_SLOTS, &m->slot_count)) return false;
    if (m->slot_count == 0 || (m->mode == MODE_FIELDS && m->slot_count > MODEL_FIELDS))
        return fail(l, "wrong number of slots");
    if (slot_copies) m->symbol_count += m->slot_count;
    if (m->symbol_count > MODEL_SYMBOLS) return fail(l, "too many symbols");
    if (!take_slots(l, false)) return false;
    if (m->copies && (!take_parts(l, &m->lengths) || !take_parts(l, &m->distances))) return false;
    if (!take_states(l)) return false;
    if (reader_left(l->in)) return fail(l, "something follows the contexts");
    m->hash_bits = 4;
    while (((unsigned)1 << m->hash_bits) < 2 * m->state_count) m->hash_bits++;
    m->phrases.bucket_bits = token_bucket_bits(m->phrases.count);
    struct carving size = {.base = NULL};
    carve_model(m, &size, text_bytes);
    struct carving block = {.base = memory_zeroed(a, size.used)};
    if (!block.base) return fail(l, "");
    m->memory = block.base;
    carve_model(m, &block, text_bytes);
    if (!fill(l, text_bytes, slot_copies, runs)) return false;
    return derive_states(m, a) && derive_links(m, a) ? true : fail(l, "");
}

const char *model_load(struct model *m, struct reader *section, const vp_allocator *a) {
    struct loader l = {.m = m, .in = section};
    *m = (struct model){.memory = NULL};
    if (load(&l, a)) return NULL;
    model_unload(m, a);
    return l.problem;
}

void model_unload(struct model *m, const vp_allocator *a) {
    memory_free(a, m->memory);
    m->memory = NULL;
}
