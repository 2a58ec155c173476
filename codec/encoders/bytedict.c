/*
 * bytedict: whole values of low cardinality by their index in a learned list, the commonest first.
 *
 * Payload, behind 2^k first codes, for a list of E values: let q be the smallest number of codes
 * with (2^k - q) + 256 q >= E, at most 2^k, and m = 2^k - q. The k header bits are a number c.
 * c < m: nothing follows, the value is entry c. Otherwise one byte b follows and the value is entry
 * m + 256 (c - m) + b. Entries beyond that have no payload. The decoded size is not stored.
 */
#include "encoder.h"
#include "json.h"

#include <xxhash.h>

enum { ENTRIES_LARGEST = 16384, FREE_SLOT = 0xFFFF };

struct bytedict {
    unsigned count;
    const uint8_t *text;
    uint32_t *offsets; /* count + 1 */
    uint16_t *slots;   /* hash table of entries */
    size_t slot_count; /* a power of two */
};

static size_t entry_size(const struct bytedict *d, unsigned entry) {
    return d->offsets[entry + 1] - d->offsets[entry];
}

/* The slot that holds these bytes, or the free one where they would go. */
static size_t find_slot(const struct bytedict *d, const uint8_t *bytes, size_t size) {
    size_t slot = (size_t)XXH3_64bits(bytes, size) & (d->slot_count - 1);
    for (; d->slots[slot] != FREE_SLOT; slot = (slot + 1) & (d->slot_count - 1)) {
        unsigned entry = d->slots[slot];
        if (entry_size(d, entry) == size && memcmp(d->text + d->offsets[entry], bytes, size) == 0) break;
    }
    return slot;
}

/* ---- Loading -------------------------------------------------------------------------------- */

static void unload(void *params, const vp_allocator *allocator) {
    struct bytedict *d = params;
    memory_free(allocator, d->offsets);
    memory_free(allocator, d->slots);
    memory_free(allocator, d);
}

static bool allocate(struct bytedict *d, const vp_allocator *a) {
    d->slot_count = 16;
    while (d->slot_count < 2 * (size_t)d->count) d->slot_count *= 2;
    d->offsets = memory_alloc(a, (d->count + 1) * sizeof *d->offsets);
    d->slots = memory_alloc(a, d->slot_count * sizeof *d->slots);
    if (!d->offsets || !d->slots) return false;
    memset(d->slots, 0xFF, d->slot_count * sizeof *d->slots);
    return true;
}

static const char *load_entries(struct bytedict *d, struct reader *r) {
    uint64_t total = 0;
    for (unsigned i = 0; i < d->count; i++) {
        d->offsets[i] = (uint32_t)total;
        total += take_varint(r);
        if (r->bad || total > reader_left(r)) return "the entries are longer than the section";
    }
    d->offsets[d->count] = (uint32_t)total;
    d->text = take_bytes(r, (size_t)total);
    for (unsigned i = 0; i < d->count; i++) {
        size_t slot = find_slot(d, d->text + d->offsets[i], entry_size(d, i));
        if (d->slots[slot] != FREE_SLOT) return "two entries are equal";
        d->slots[slot] = (uint16_t)i;
    }
    return NULL;
}

static void *load(struct reader *r, struct loading *l) {
    const uint8_t *start = r->at;
    unsigned count = take_le16(r);
    if (r->bad || count == 0 || count > ENTRIES_LARGEST || count > reader_left(r))
        return loading_fails(l, VP_ERR_PROFILE, start, "the number of entries is out of range");
    struct bytedict *d = memory_zeroed(&l->allocator, sizeof *d);
    if (!d) return loading_fails(l, VP_ERR_MEMORY, start, "out of memory");
    d->count = count;
    if (!allocate(d, &l->allocator)) {
        loading_fails(l, VP_ERR_MEMORY, start, "out of memory");
    } else {
        const char *problem = load_entries(d, r);
        if (!problem) return d;
        loading_fails(l, VP_ERR_PROFILE, start, problem);
    }
    unload(d, &l->allocator);
    return NULL;
}

/* ---- Coding --------------------------------------------------------------------------------- */

/* How many of the 2^bits codes stand for an entry by themselves. */
static unsigned single_codes(const struct bytedict *d, unsigned bits) {
    unsigned codes = 1u << bits;
    if (d->count <= codes) return codes;
    unsigned doubles = (d->count - codes + 254) / 255;
    return doubles < codes ? codes - doubles : 0;
}

static bool fits(const struct value *v, const void *params) {
    const struct bytedict *d = params;
    return d && d->slots[find_slot(d, v->bytes, v->size)] != FREE_SLOT;
}

static bool encode(struct bit_writer *w, const struct value *v, const struct coding *c) {
    const struct bytedict *d = c->params;
    unsigned bits = (8 - w->count) % 8, singles = single_codes(d, bits);
    unsigned entry = d->slots[find_slot(d, v->bytes, v->size)];
    if (entry == FREE_SLOT) return false;
    if (entry < singles) {
        put_bits(w, entry, bits);
        return true;
    }
    unsigned code = singles + (entry - singles) / 256;
    if (code >> bits) return false;
    put_bits(w, code, bits);
    put_bits(w, (entry - singles) % 256, 8);
    return true;
}

static int decode(struct writer *out, struct bit_reader *in, const struct coding *c) {
    const struct bytedict *d = c->params;
    unsigned bits = (unsigned)(bits_left(in) % 8), singles = single_codes(d, bits);
    unsigned entry = (unsigned)take_bits(in, bits);
    if (entry >= singles) entry = singles + 256 * (entry - singles) + (unsigned)take_bits(in, 8);
    if (in->bad || bits_left(in) || entry >= d->count) return VP_ERR_CORRUPT;
    put_bytes(out, d->text + d->offsets[entry], entry_size(d, entry));
    return out->full ? VP_ERR_SPACE : VP_OK;
}

static void describe(const void *params, struct writer *json) {
    const struct bytedict *d = params;
    put_text(json, "\"values\":[");
    for (unsigned i = 0; i < d->count; i++) {
        if (i) put_byte(json, ',');
        put_json_text(json, d->text + d->offsets[i], entry_size(d, i));
    }
    put_byte(json, ']');
}

const struct encoder encoder_bytedict = {
    .name = "bytedict",
    .fast = true,
    .needs_params = true,
    .fits = fits,
    .encode = encode,
    .decode = decode,
    .load = load,
    .unload = unload,
    .describe = describe,
};
