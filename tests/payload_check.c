#include "payload_check.h"

#include "test.h"

#include <stdlib.h>

enum { ROOM = 4096 };

static const struct settings settings = {.max_decoded = 1 << 29};

size_t payload_encode(const struct encoder *e, const void *params, unsigned free_bits,
                      const struct sample *value, struct writer *out) {
    struct scratch scratch;
    scratch_init(&scratch, memory_default());
    struct value v = value_of(value->bytes, value->size);
    struct coding c = {.params = params, .scratch = &scratch, .settings = &settings};
    struct bit_writer w = {.out = *out};
    if (free_bits) w.count = 8 - free_bits;
    else put_byte(&w.out, 0);
    bool taken = e->fits(&v, params) && e->encode(&w, &v, &c);
    put_padding(&w);
    scratch_free(&scratch);
    *out = w.out;
    return taken && !w.out.full ? w.out.length : PAYLOAD_NOT_TAKEN;
}

int payload_decode(const struct encoder *e, const void *params, unsigned free_bits, const uint8_t *encoded,
                   size_t size, struct writer *out) {
    struct scratch scratch;
    scratch_init(&scratch, memory_default());
    struct coding c = {.params = params, .scratch = &scratch, .settings = &settings};
    uint8_t *exact = malloc(size ? size : 1);
    assert_non_null(exact);
    if (size) memcpy(exact, encoded, size);
    struct bit_reader in = bit_reader_over(exact, size, 8 - free_bits);
    int status = e->decode(out, &in, &c);
    if (status == VP_OK) assert_int_equal(bits_left(&in), 0);
    free(exact);
    scratch_free(&scratch);
    return status;
}

static struct sample sample_of(const char *text) {
    return (struct sample){.bytes = (const uint8_t *)text, .size = strlen(text)};
}

static void assert_comes_back(const struct encoder *e, const void *params, unsigned free_bits,
                              const struct sample *value, const uint8_t *encoded, size_t size) {
    uint8_t *decoded = malloc(value->size + 1);
    assert_non_null(decoded);
    struct writer out = writer_over(decoded, value->size);
    assert_int_equal(payload_decode(e, params, free_bits, encoded, size, &out), VP_OK);
    assert_int_equal(out.length, value->size);
    assert_memory_equal(decoded, value->bytes, value->size);
    for (size_t room = 0; room < value->size; room += 1 + value->size / 50) {
        out = writer_over(decoded, room);
        assert_int_equal(payload_decode(e, params, free_bits, encoded, size, &out), VP_ERR_SPACE);
    }
    free(decoded);
}

size_t payload_round_trip(const struct encoder *e, const void *params, unsigned free_bits, const char *text) {
    uint8_t first[ROOM], second[ROOM];
    struct sample value = sample_of(text);
    struct writer out = writer_over(first, sizeof first);
    size_t size = payload_encode(e, params, free_bits, &value, &out);
    if (size == PAYLOAD_NOT_TAKEN) return size;
    out = writer_over(second, size);
    assert_int_equal(payload_encode(e, params, free_bits, &value, &out), size);
    assert_memory_equal(first, second, size);
    out = writer_over(second, size - 1);
    assert_int_equal(payload_encode(e, params, free_bits, &value, &out), PAYLOAD_NOT_TAKEN);
    assert_comes_back(e, params, free_bits, &value, first, size);
    return size;
}

static void assert_harmless(const struct encoder *e, const void *params, unsigned free_bits,
                            const uint8_t *encoded, size_t size) {
    uint8_t decoded[ROOM];
    struct writer out = writer_over(decoded, 200);
    int status = payload_decode(e, params, free_bits, encoded, size, &out);
    assert_true(status == VP_OK || status == VP_ERR_CORRUPT || status == VP_ERR_SPACE);
    assert_true(out.length <= 200);
}

void payload_damage(const struct encoder *e, const void *params, unsigned free_bits, const char *text) {
    uint8_t encoded[ROOM];
    struct sample value = sample_of(text);
    struct writer out = writer_over(encoded, sizeof encoded);
    size_t size = payload_encode(e, params, free_bits, &value, &out);
    assert_int_not_equal(size, PAYLOAD_NOT_TAKEN);
    for (size_t cut = 1; cut < size; cut++) assert_harmless(e, params, free_bits, encoded, cut);
    for (size_t bit = 8 - free_bits; bit < 8 * size; bit++) {
        encoded[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        assert_harmless(e, params, free_bits, encoded, size);
        encoded[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
    }
    encoded[size] = 0;
    assert_harmless(e, params, free_bits, encoded, size + 1);
}

void payload_is(const struct encoder *e, const void *params, unsigned free_bits, const char *text,
                const void *expected, size_t size) {
    uint8_t encoded[ROOM];
    struct sample value = sample_of(text);
    struct writer out = writer_over(encoded, sizeof encoded);
    assert_int_equal(payload_encode(e, params, free_bits, &value, &out), size);
    assert_memory_equal(encoded, expected, size);
    assert_comes_back(e, params, free_bits, &value, encoded, size);
}

void payload_decodes_to(const struct encoder *e, const char *payload, size_t size, int status) {
    uint8_t encoded[ROOM] = {0}, decoded[ROOM];
    struct writer out = writer_over(decoded, sizeof decoded);
    memcpy(encoded + 1, payload, size);
    assert_int_equal(payload_decode(e, NULL, 0, encoded, size + 1, &out), status);
}

void *payload_load(const struct encoder *e, const uint8_t *section, size_t size, uint8_t **copy) {
    *copy = malloc(size ? size : 1);
    assert_non_null(*copy);
    if (size) memcpy(*copy, section, size);
    struct reader r = reader_over(*copy, size);
    struct loading l = {.allocator = memory_default(), .status = VP_OK};
    void *params = e->load(&r, &l);
    assert_true((params == NULL) == (l.status != VP_OK));
    assert_true(params ? reader_left(&r) == 0 : l.problem != NULL);
    return params;
}

void payload_damage_section(const struct encoder *e, const uint8_t *section, size_t size,
                            const char *const *texts) {
    static const uint8_t changes[] = {0x01, 0x02, 0x10, 0x40, 0x80, 0xFF};
    const vp_allocator allocator = memory_default();
    uint8_t *copy, *damaged = malloc(size);
    assert_non_null(damaged);
    for (size_t cut = 0; cut < size; cut++) {
        assert_null(payload_load(e, section, cut, &copy));
        free(copy);
    }
    for (size_t at = 0; at < size * sizeof changes; at++) {
        memcpy(damaged, section, size);
        damaged[at / sizeof changes] ^= changes[at % sizeof changes];
        void *params = payload_load(e, damaged, size, &copy);
        for (size_t i = 0; params && texts[i]; i++) payload_round_trip(e, params, 4, texts[i]);
        if (params) e->unload(params, &allocator);
        free(copy);
    }
    free(damaged);
}

struct training payload_training(const char *texts, size_t stride, size_t count) {
    struct sample *items = malloc(count * sizeof *items);
    assert_non_null(items);
    struct training t = {.allocator = memory_default(), .model_bytes = 65536, .min_count = 3, .seed = 1};
    for (size_t i = 0; i < count; i++) {
        items[i] = sample_of(texts + i * stride);
        t.samples.bytes += items[i].size;
    }
    t.samples.items = items;
    t.samples.count = count;
    return t;
}

void payload_training_free(struct training *t) {
    free((void *)(uintptr_t)t->samples.items);
}
