/*
 * The model encoder with any section: 1 byte says how many bits of the first byte are the payload's, 2
 * the size of the section, which follows. What loads takes the rest once as a payload and once as a value.
 * A payload that decodes is a value that, if it can be encoded, comes back; in room of its exact size,
 * and not in less.
 */
#include "codecs.h"

#include "encoder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 3, ROOM = 1 << 13 };

struct model_coder {
    const struct encoder *encoder;
    struct settings settings;
    struct scratch scratch;
    void *params;
    unsigned k;
};

static struct coding coding_of(struct model_coder *c) {
    return (struct coding){.params = c->params, .scratch = &c->scratch, .settings = &c->settings};
}

/* Into memory of exactly this room, which *value gets; free it. */
static int decode(struct model_coder *c, const uint8_t *payload, size_t size, size_t room,
                  struct writer *out) {
    struct coding coding = coding_of(c);
    struct bit_reader in = bit_reader_over(payload, size, c->k ? 8 - c->k : 0);
    uint8_t *value = malloc(room ? room : 1);
    fuzz_require(value != NULL);
    *out = writer_over(value, room);
    int status = c->encoder->decode(out, &in, &coding);
    fuzz_require(status == VP_OK || status == VP_ERR_CORRUPT || status == VP_ERR_SPACE);
    fuzz_require(status != VP_OK || (bits_left(&in) == 0 && !out->full && out->length <= room));
    return status;
}

/* The payload's size, or SIZE_MAX when the value is not taken. */
static size_t encode(struct model_coder *c, const uint8_t *value, size_t size, uint8_t *payload,
                     size_t room) {
    struct coding coding = coding_of(c);
    struct value v = value_of(value, size);
    struct bit_writer w = {.out = writer_over(payload, room), .count = c->k ? 8 - c->k : 0};
    if (!c->encoder->fits(&v, c->params) || !c->encoder->encode(&w, &v, &coding) || w.out.full)
        return SIZE_MAX;
    fuzz_require(w.count == 0);
    return w.out.length;
}

static void decodes_to(struct model_coder *c, const uint8_t *payload, size_t size, const uint8_t *value,
                       size_t value_size) {
    struct writer out;
    fuzz_require(decode(c, payload, size, value_size, &out) == VP_OK && out.length == value_size);
    fuzz_require(memcmp(out.base, value, value_size) == 0);
    free(out.base);
    fuzz_require(decode(c, payload, size, value_size - 1, &out) == VP_ERR_SPACE);
    free(out.base);
}

/* Of what decodes, the account is given. */
static void explain(struct model_coder *c, const uint8_t *payload, size_t size, const struct writer *value) {
    enum { ACCOUNT = 1 << 16 };
    struct coding coding = coding_of(c);
    struct bit_reader in = bit_reader_over(payload, size, c->k ? 8 - c->k : 0);
    char *json = malloc(ACCOUNT);
    fuzz_require(json != NULL);
    struct writer out = writer_over(json, ACCOUNT);
    fuzz_require(c->encoder->explain(&out, &in, reader_over(value->base, value->length), &coding));
    fuzz_require(out.length > 0);
    free(json);
}

static void round_trip(struct model_coder *c, const uint8_t *value, size_t size) {
    size_t room = size + 16;
    uint8_t *payload = malloc(room), *again = malloc(room);
    fuzz_require(payload && again);
    size_t length = encode(c, value, size, payload, room);
    if (length != SIZE_MAX) {
        fuzz_require(encode(c, value, size, again, room) == length && memcmp(payload, again, length) == 0);
        decodes_to(c, payload, length, value, size);
    }
    free(payload);
    free(again);
}

static void use(struct model_coder *c, const uint8_t *rest, size_t size) {
    struct writer out;
    if (decode(c, rest, size, ROOM, &out) == VP_OK) {
        decodes_to(c, rest, size, out.base, out.length);
        explain(c, rest, size, &out);
        round_trip(c, out.base, out.length);
    }
    free(out.base);
    round_trip(c, rest, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < HEAD + 1) return 0;
    size_t section_size = load_le16(data + 1);
    if (section_size > size - HEAD) section_size = size - HEAD;
    struct model_coder c = {.encoder = encoder_by_id(ENCODER_ID_model), .k = data[0] % 6};
    c.settings.max_decoded = ROOM;
    scratch_init(&c.scratch, memory_default());
    struct loading loading = {.allocator = memory_default(), .status = VP_OK};
    struct reader section = reader_over(data + HEAD, section_size);
    c.params = c.encoder->load(&section, &loading);
    fuzz_require((c.params != NULL) == (loading.status == VP_OK));
    fuzz_require(c.params ? reader_left(&section) == 0 : loading.problem != NULL);
    size_t rest = size - HEAD - section_size;
    if (c.params && rest > 0) use(&c, data + HEAD + section_size, rest);
    if (c.params) c.encoder->unload(c.params, &loading.allocator);
    scratch_free(&c.scratch);
    return 0;
}
