/*
 * Packed tables. The first byte of the input chooses the codec and what to do with the rest: take it for a table as it is;
 * take it for a table and make its size and checks right first; or make a table of it, of strings or of integers.
 * Whatever is read must be the same by every way of reading, and after a table was loaded and written anew.
 */
#include "codecs.h"

#include "table/head.h"

#include <xxhash.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ANY_BYTES, SEALED, OF_STRINGS, OF_INTEGERS, MOST_RECORDS = 700, MOST_BYTES = 4 << 20 };

static bool same_bytes(vp_bytes a, vp_bytes b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* ---- Reading -------------------------------------------------------------------------------- */

/* What a table has, copied: fields and values in turn. */
struct contents {
    uint8_t *bytes;
    size_t used, sizes[2 * MOST_RECORDS], count;
    bool too_much;
};

static vp_bytes part_of(const struct contents *c, size_t number, size_t *at) {
    vp_bytes part = {c->bytes + *at, c->sizes[number]};
    *at += part.size;
    return part;
}

static void keep(struct contents *c, size_t number, vp_bytes part) {
    c->too_much = c->too_much || part.size > MOST_BYTES - c->used;
    if (c->too_much) return;
    if (part.size) memcpy(c->bytes + c->used, part.data, part.size);
    c->used += part.size;
    c->sizes[number] = part.size;
}

/* 0, a status, or 1 if there is more than MOST_RECORDS and MOST_BYTES. */
static int walk(vp_context *x, vp_bytes table, struct contents *c) {
    vp_table_cursor cursor = {.next = 0};
    c->used = c->count = 0;
    c->too_much = false;
    for (;;) {
        int status = vp_table_next(x, table, &cursor);
        if (status <= 0) return status;
        fuzz_require(cursor.next == c->count + 1);
        if (c->count == MOST_RECORDS) return 1;
        keep(c, 2 * c->count, cursor.field);
        keep(c, 2 * c->count + 1, cursor.value);
        if (c->too_much) return 1;
        c->count++;
    }
}

static int64_t get_by_parts(vp_context *x, vp_bytes table, vp_bytes field, const void **value) {
    vp_table_range need = {.offset = 0};
    vp_bytes head = {table.data, 0};
    *value = NULL;
    for (;;) {
        int status = vp_table_part(head, field, &need);
        if (status < 0) return status;
        if (status == VP_OK) break;
        fuzz_require(need.offset == 0 && need.size > head.size);
        if (head.size == table.size) return VP_ERR_CORRUPT; /* there is no more of it */
        head.size = need.size < table.size ? (size_t)need.size : table.size;
    }
    fuzz_require(need.head_size <= head.size);
    size_t start = need.offset < table.size ? (size_t)need.offset : table.size, left = table.size - start;
    vp_bytes block = {(const uint8_t *)table.data + start, need.size < left ? (size_t)need.size : left};
    return vp_table_get_part(x, (vp_bytes){table.data, (size_t)need.head_size}, block, field, value);
}

/* Both ways give the same; the size of the value or a status. */
static int64_t look_up(vp_context *x, vp_bytes table, vp_bytes field, vp_bytes *value) {
    static uint8_t copy[MOST_BYTES];
    const void *found = NULL;
    int64_t size = vp_table_get(x, table, field, &found);
    fuzz_require(size <= MOST_BYTES && (size >= 0) == (found != NULL));
    if (size > 0) memcpy(copy, found, (size_t)size);
    *value = (vp_bytes){copy, size > 0 ? (size_t)size : 0};
    int64_t again = get_by_parts(x, table, field, &found);
    fuzz_require(again == size || (again < 0 && size < 0));
    fuzz_require(size < 0 || same_bytes(*value, (vp_bytes){found, (size_t)again}));
    return size;
}

/* ---- Comparing ------------------------------------------------------------------------------ */

static void check_look_ups(vp_context *x, vp_bytes table, const struct contents *c) {
    vp_bytes found;
    size_t at = 0, step = 1 + c->count / 40;
    for (size_t i = 0; i < c->count; i++) {
        vp_bytes field = part_of(c, 2 * i, &at), value = part_of(c, 2 * i + 1, &at);
        if (i % step && i + 1 < c->count) continue;
        fuzz_require(look_up(x, table, field, &found) == (int64_t)value.size && same_bytes(found, value));
    }
}

static void check_read_all(vp_context *x, vp_bytes table, const struct contents *c) {
    vp_records all;
    int64_t count = vp_table_read_all(x, table, &all);
    if (count == VP_ERR_LIMIT) return;
    fuzz_require(count == (int64_t)c->count && all.count == c->count);
    const uint8_t *field = all.fields, *value = all.values;
    size_t at = 0;
    for (size_t i = 0; i < c->count; i++) {
        vp_bytes f = {field, (size_t)all.field_sizes[i]}, v = {value, (size_t)all.value_sizes[i]};
        fuzz_require(same_bytes(f, part_of(c, 2 * i, &at)) && same_bytes(v, part_of(c, 2 * i + 1, &at)));
        if (f.size) field += f.size;
        if (v.size) value += v.size;
    }
}

/* A table of these records has them. */
static void check_written(vp_context *x, vp_table_builder *builder, const struct contents *c) {
    static uint8_t stores[2][MOST_BYTES];
    static struct contents back = {.bytes = stores[0]};
    const void *written = NULL;
    int64_t size = vp_table_finish(builder, &written);
    fuzz_require(size > 0 && size <= (int64_t)sizeof stores[1]);
    memcpy(stores[1], written, (size_t)size);
    vp_bytes table = {stores[1], (size_t)size};
    fuzz_require(walk(x, table, &back) == 0 && back.count == c->count && back.used == c->used);
    fuzz_require(c->count == 0 || memcmp(back.sizes, c->sizes, 2 * c->count * sizeof *c->sizes) == 0);
    fuzz_require(c->used == 0 || memcmp(back.bytes, c->bytes, c->used) == 0);
    check_look_ups(x, table, c);
    fuzz_require(vp_table_finish(builder, &written) == size && memcmp(written, stores[1], (size_t)size) == 0);
}

static void check_readable(vp_context *x, vp_bytes table, const struct contents *c) {
    vp_table_builder *builder = vp_table_builder_new(x);
    fuzz_require(builder != NULL && vp_table_count(table) == (int64_t)c->count);
    check_look_ups(x, table, c);
    check_read_all(x, table, c);
    fuzz_require(vp_table_load(builder, table) == VP_OK);
    check_written(x, builder, c);
    vp_table_builder_free(builder);
}

static void check_refused(vp_context *x, vp_bytes table, int status) {
    vp_table_builder *builder = vp_table_builder_new(x);
    vp_records all;
    const void *written = NULL;
    fuzz_require(builder != NULL && vp_table_load(builder, table) < 0);
    int64_t empty = vp_table_finish(builder, &written);
    fuzz_require(empty > 0 && vp_table_count((vp_bytes){written, (size_t)empty}) == 0);
    fuzz_require(vp_table_read_all(x, table, &all) < 0 && all.count == 0);
    fuzz_require(vp_table_count(table) >= 0 || status == vp_table_count(table));
    vp_table_builder_free(builder);
}

static void check_table(vp_context *x, vp_bytes table) {
    static uint8_t store[MOST_BYTES];
    static struct contents contents = {.bytes = store};
    vp_bytes value, tail = {(const uint8_t *)table.data + table.size - table.size % 9, table.size % 9};
    char json[512];
    int64_t count = vp_table_count(table), described = vp_table_describe(table, json, sizeof json);
    fuzz_require(count < 0 ? described == count : described > 0 && described < (int64_t)sizeof json);
    int status = walk(x, table, &contents);
    if (status == 0) check_readable(x, table, &contents);
    if (status < 0) check_refused(x, table, status);
    look_up(x, table, tail, &value);
    look_up(x, table, (vp_bytes){"1", 1}, &value);
    if (contents.count) look_up(x, table, (vp_bytes){contents.bytes, contents.sizes[0]}, &value);
}

/* ---- Tables of the input -------------------------------------------------------------------- */

/* The bytes with the size that they have in the place where it stands. */
static void put_resized(struct writer *w, const uint8_t *data, size_t size) {
    struct reader r = reader_over(data, size);
    take_bytes(&r, 3);
    take_varint(&r);
    size_t start = size - reader_left(&r);
    take_varint(&r);
    size_t rest = reader_left(&r), all = start + rest + 1;
    if (r.bad) return;
    while (all >> 7 * (all - start - rest)) all++;
    put_bytes(w, data, start);
    put_varint(w, all);
    put_bytes(w, r.at, rest);
}

/* Makes the checks of blocks and head right if the head can be parsed so far. */
static void seal(uint8_t *table, size_t size) {
    struct head h;
    if (head_parse(&h, (vp_bytes){table, size}) != VP_OK) return;
    for (uint64_t block = 0; h.has_checks && block < h.blocks; block++) {
        vp_table_range range;
        if (head_block(&h, block, &range) != VP_OK || range.offset + range.size > size) continue;
        uint32_t check = block_check((vp_bytes){table + range.offset, (size_t)range.size});
        table[h.checks + 2 * block] = (uint8_t)(check >> 8);
        table[h.checks + 2 * block + 1] = (uint8_t)check;
    }
    store_le32(table + h.head_size - 4, (uint32_t)XXH64(table, h.head_size - 4, 0));
}

static void check_sealed(vp_context *x, const uint8_t *data, size_t size) {
    uint8_t *table = malloc(size + 5);
    fuzz_require(table != NULL);
    struct writer w = writer_over(table, size + 5);
    put_resized(&w, data, size);
    uint8_t *exact = malloc(w.length + 1); /* so that a sanitizer sees a read behind the end */
    fuzz_require(exact != NULL);
    memcpy(exact + 1, table, w.length);
    free(table);
    seal(exact + 1, w.length);
    check_table(x, (vp_bytes){exact + 1, w.length});
    free(exact);
}

/* The next record: strings whose sizes are in one byte, or integers that differ little from the last ones. */
static bool take_record(struct reader *r, unsigned mode, uint64_t *last, char text[2][64], size_t sizes[2]) {
    unsigned how = take_byte(r);
    for (unsigned i = 0; i < 2; i++) {
        unsigned bits = i ? how >> 4 : how & 15;
        if (mode == OF_STRINGS) {
            const uint8_t *bytes = take_bytes(r, bits);
            if (r->bad) return false;
            memcpy(text[i], bytes, bits);
            sizes[i] = bits;
        } else {
            unsigned byte = take_byte(r);
            last[i] += bits == 15 ? take_le64(r) : (uint64_t)byte << 2 * bits;
            const char *format = bits == 14 ? "%012lld" : bits == 13 ? "user:%lld" : "%lld";
            sizes[i] = (size_t)sprintf(text[i], format, (long long)(int64_t)last[i]);
        }
    }
    return !r->bad;
}

static void check_built(vp_context *x, unsigned mode, const uint8_t *data, size_t size) {
    static uint8_t store[MOST_BYTES];
    static struct contents contents = {.bytes = store};
    vp_table_builder *builder = vp_table_builder_new(x);
    struct reader r = reader_over(data, size);
    uint64_t last[2] = {0, 0};
    char text[2][64];
    size_t sizes[2], count = 0;
    fuzz_require(builder != NULL);
    while (count++ < MOST_RECORDS && take_record(&r, mode, last, text, sizes))
        fuzz_require(vp_table_put(builder, (vp_bytes){text[0], sizes[0]}, (vp_bytes){text[1], sizes[1]}) ==
                     VP_OK);
    const void *written = NULL;
    int64_t all = vp_table_finish(builder, &written);
    fuzz_require(all > 0 && walk(x, (vp_bytes){written, (size_t)all}, &contents) == 0);
    check_written(x, builder, &contents);
    vp_table_builder_free(builder);
}

/* Mostly without profiles, whose training and encoders take time. */
static vp_context *context_of(unsigned byte) {
    static vp_context *plain;
    if ((byte & 3) == 0) return fuzz_context(byte >> 4);
    if (!plain) plain = fuzz_open(NULL, 0, VP_NO_PROFILE);
    return plain;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    vp_context *x = context_of(data[0]);
    unsigned mode = data[0] >> 2 & 3;
    if (mode == ANY_BYTES) check_table(x, (vp_bytes){data + 1, size - 1});
    else if (mode == SEALED) check_sealed(x, data + 1, size - 1);
    else check_built(x, mode, data + 1, size - 1);
    return 0;
}
