#include "blob_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

void blob_coder_init(struct blob_coder *b, const struct encoder *encoder, const void *params) {
    *b = (struct blob_coder){.encoder = encoder, .params = params};
    b->settings = (struct settings){.max_decoded = 1 << 29, .lz4_margin = 15};
    scratch_init(&b->scratch, memory_default());
}

void blob_coder_free(struct blob_coder *b) {
    scratch_free(&b->scratch);
}

static struct coding coding_of(struct blob_coder *b) {
    return (struct coding){.params = b->params, .scratch = &b->scratch, .settings = &b->settings};
}

size_t blob_encode(struct blob_coder *b, const void *value, size_t size, uint8_t *out, size_t capacity) {
    struct value v = value_of(value, size);
    struct coding c = coding_of(b);
    struct bit_writer w = {.out = writer_over(out, capacity)};
    if (!b->encoder->fits(&v, b->params)) return BLOB_NOT_TAKEN;
    if (!b->encoder->encode(&w, &v, &c) || w.out.full) return BLOB_NOT_TAKEN;
    assert_int_equal(w.count, 0);
    return w.out.length;
}

int blob_decode(struct blob_coder *b, const void *payload, size_t size, struct writer *out) {
    uint8_t *exact = malloc(size ? size : 1);
    assert_non_null(exact);
    if (size) memcpy(exact, payload, size);
    struct coding c = coding_of(b);
    struct bit_reader in = bit_reader_over(exact, size, 0);
    int status = b->encoder->decode(out, &in, &c);
    if (status == VP_OK) assert_int_equal(bits_left(&in), 0);
    free(exact);
    return status;
}

static void assert_decodes(struct blob_coder *b, const uint8_t *payload, size_t size, const struct value *v) {
    uint8_t *decoded = malloc(v->size + 1);
    assert_non_null(decoded);
    struct writer out = writer_over(decoded, v->size);
    assert_int_equal(blob_decode(b, payload, size, &out), VP_OK);
    assert_int_equal(out.length, v->size);
    assert_memory_equal(decoded, v->bytes, v->size);
    out = writer_over(decoded, v->size - 1);
    assert_int_equal(blob_decode(b, payload, size, &out), VP_ERR_SPACE);
    out = writer_over(decoded, 0);
    assert_int_equal(blob_decode(b, payload, size, &out), VP_ERR_SPACE);
    free(decoded);
}

size_t blob_round_trip(struct blob_coder *b, const void *value, size_t size) {
    uint8_t *first = malloc(size + 64), *second = malloc(size + 64);
    assert_non_null(first);
    assert_non_null(second);
    struct value v = value_of(value, size);
    size_t length = blob_encode(b, value, size, first, size + 64);
    assert_int_not_equal(length, BLOB_NOT_TAKEN);
    assert_int_equal(blob_encode(b, value, size, second, size + 64), length);
    assert_memory_equal(first, second, length);
    assert_int_equal(blob_encode(b, value, size, second, length), length);
    assert_int_equal(blob_encode(b, value, size, second, length - 1), BLOB_NOT_TAKEN);
    assert_decodes(b, first, length, &v);
    free(first);
    free(second);
    return length;
}

static void assert_harmless(struct blob_coder *b, const uint8_t *payload, size_t size, size_t room) {
    uint8_t *decoded = malloc(room);
    assert_non_null(decoded);
    struct writer out = writer_over(decoded, room);
    int status = blob_decode(b, payload, size, &out);
    assert_true(status == VP_OK || status == VP_ERR_CORRUPT || status == VP_ERR_SPACE);
    assert_true(out.length <= room);
    free(decoded);
}

void blob_damage(struct blob_coder *b, const void *value, size_t size) {
    uint8_t *payload = malloc(size + 64);
    assert_non_null(payload);
    size_t length = blob_encode(b, value, size, payload, size + 64);
    assert_int_not_equal(length, BLOB_NOT_TAKEN);
    for (size_t cut = 0; cut < length; cut++) assert_harmless(b, payload, cut, 2 * size);
    for (size_t bit = 0; bit < 8 * length; bit++) {
        payload[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_harmless(b, payload, length, 2 * size);
        payload[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    free(payload);
}

void *blob_load(const struct encoder *encoder, const uint8_t *section, size_t size, int *status) {
    struct reader r = reader_over(section, size);
    struct loading l = {.allocator = memory_default(), .status = VP_OK};
    void *params = encoder->load(&r, &l);
    *status = l.status;
    assert_true((params == NULL) == (l.status != VP_OK));
    assert_true(params || l.problem);
    return params;
}

size_t blob_session(unsigned number, char *out) {
    static const char *const names[] = {"Anna", "Bertil", "Chandra", "Dimitri", "Esra", "Farid", "Gwen"};
    uint64_t seed = number;
    unsigned a = (unsigned)next_random(&seed), b = (unsigned)next_random(&seed);
    int size = snprintf(
        out, 400,
        "{\"session\":\"%08x%08x\",\"user\":{\"id\":%u,\"name\":\"%s\",\"roles\":[\"reader\",\"%s\"]},"
        "\"cart\":[{\"sku\":\"P-%05u\",\"count\":%u,\"price\":%u.%02u}],\"created\":%u,"
        "\"locale\":\"%s\",\"csrf\":\"%08x\",\"flash\":null,\"theme\":\"%s\"}",
        a, b, a % 100000, names[a % 7], b % 3 ? "buyer" : "editor", b % 50000, 1 + a % 9, b % 300, a % 100,
        1700000000 + b % 9000000, a % 2 ? "de-DE" : "en-GB", b ^ a, b % 5 ? "light" : "dark");
    return (size_t)size;
}

void blob_noise(uint64_t seed, uint8_t *out, size_t size) {
    for (size_t i = 0; i < size; i++) out[i] = (uint8_t)(next_random(&seed) >> 32);
}

struct training blob_training(unsigned count) {
    struct sample *items = malloc((count + 1) * sizeof *items);
    char *text = malloc((count + 1) * (size_t)400);
    assert_non_null(items);
    assert_non_null(text);
    struct training t = {.allocator = memory_default(), .model_bytes = 65536, .min_count = 3, .seed = 1};
    for (unsigned i = 0; i < count; i++) {
        char *at = text + i * (size_t)400;
        items[i] = (struct sample){(const uint8_t *)at, blob_session(i, at)};
        t.samples.bytes += items[i].size;
    }
    items[count] = (struct sample){(const uint8_t *)text, 0}; /* remembers the text for freeing */
    t.samples.items = items;
    t.samples.count = count;
    return t;
}

void blob_training_free(struct training *t) {
    free((void *)t->samples.items[t->samples.count].bytes);
    free((void *)t->samples.items);
}
