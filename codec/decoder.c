#include "decoder.h"

#include <xxhash.h>

static int find_row_origin(const vp_profile *p, const struct profile_row *row, struct origin *o) {
    if (!row) return VP_ERR_CORRUPT;
    if (o->size < p->check) return VP_ERR_CORRUPT;
    o->encoder = row->encoder;
    o->params = row->params;
    o->profile = p;
    o->id = row->id;
    o->check = p->check;
    o->size -= p->check;
    return VP_OK;
}

static int find_extended_origin(const vp_codec *c, const uint8_t *data, size_t size, struct origin *o) {
    if (size < 3) return VP_ERR_CORRUPT;
    unsigned id = data[1], code = data[2];
    if (!encoder_by_id(id)) return VP_ERR_UNSUPPORTED;
    if (header_kind_of(data[2]) != HEADER_IS_PROFILE) return VP_ERR_CORRUPT;
    const vp_profile *p = codec_owner(c, code);
    if (!p || p->first_code != code) return VP_ERR_NO_PROFILE;
    o->payload = data + 3;
    o->size = size - 3;
    return find_row_origin(p, profile_row_extended(p, id), o);
}

/* The free bits of the header byte are the payload's first: the payload begins within that byte. */
static int find_profile_origin(const vp_codec *c, const uint8_t *data, size_t size, struct origin *o) {
    if (codec_hands_back(c, data[0])) return VP_OK;
    const vp_profile *p = codec_owner(c, data[0]);
    if (!p) return VP_ERR_NO_PROFILE;
    const struct profile_row *row = profile_row_of_code(p, data[0]);
    o->skip = row && row->bits ? 8u - row->bits : 0;
    o->payload = o->skip ? data : data + 1;
    o->size = o->skip ? size : size - 1;
    if (row && o->skip && o->size < p->check + 1) return VP_ERR_CORRUPT;
    return find_row_origin(p, row, o);
}

static int find_escaped_origin(const uint8_t *data, size_t size, struct origin *o) {
    o->payload = data + 1;
    o->size = size - 1;
    return header_needs_escape(o->payload, o->size) ? VP_OK : VP_ERR_CORRUPT;
}

int find_origin(const vp_codec *c, const uint8_t *data, size_t size, struct origin *o) {
    *o = (struct origin){.payload = data, .size = size};
    if (size == 0) return VP_OK;
    switch (header_kind_of(data[0])) {
    case HEADER_IS_VALUE: return VP_OK;
    case HEADER_IS_ESCAPE: return find_escaped_origin(data, size, o);
    case HEADER_IS_EXTENDED: return find_extended_origin(c, data, size, o);
    case HEADER_IS_PROFILE: return find_profile_origin(c, data, size, o);
    case HEADER_IS_SYSTEM: break;
    }
    o->encoder = encoder_by_system_code(data[0]);
    if (!o->encoder) return VP_ERR_UNSUPPORTED;
    for (unsigned id = 1; id < ENCODER_ID_LIMIT; id++)
        if (system_code_of(id) == data[0]) o->id = id;
    o->payload = data + 1;
    o->size = size - 1;
    return VP_OK;
}

static bool check_matches(const struct origin *o, const uint8_t *value, size_t size) {
    if (o->check == 0) return true;
    uint8_t hash[8];
    store_le64(hash, XXH64(value, size, 0));
    return memcmp(hash, o->payload + o->size, o->check) == 0;
}

int decode_into(vp_context *x, const uint8_t *data, size_t size, struct writer *out) {
    struct origin o;
    int status = find_origin(x->codec, data, size, &o);
    if (status != VP_OK) return status;
    if (!o.encoder) {
        put_bytes(out, o.payload, o.size);
        return out->full ? VP_ERR_SPACE : VP_OK;
    }
    size_t start = out->length;
    struct coding coding = {.params = o.params, .scratch = &x->scratch, .settings = &x->codec->settings};
    struct bit_reader in = bit_reader_over(o.payload, o.size, o.skip);
    status = o.encoder->decode(out, &in, &coding);
    if (status != VP_OK) return status;
    if (out->full) return VP_ERR_SPACE;
    return check_matches(&o, out->base + start, out->length - start) ? VP_OK : VP_ERR_CHECK;
}

int64_t decode_growing(vp_context *x, struct reader data, struct buffer *buffer, size_t start) {
    const uint64_t limit = x->codec->settings.max_decoded;
    size_t size = reader_left(&data), room = size < 512 ? 4096 : 8 * size;
    for (;;) {
        if (room > limit) room = (size_t)limit;
        if (room > SIZE_MAX / 2 - start) return VP_ERR_MEMORY;
        if (!buffer_grow(&x->codec->allocator, buffer, start + room, start)) return VP_ERR_MEMORY;
        size_t there = buffer->capacity - start;
        struct writer out = writer_over(buffer->bytes + start, there < limit ? there : (size_t)limit);
        int status = decode_into(x, data.at, size, &out);
        if (status == VP_OK) return (int64_t)out.length;
        if (status != VP_ERR_SPACE) return status;
        if (out.capacity >= limit) return VP_ERR_LIMIT;
        room = out.capacity <= SIZE_MAX / 8 ? 4 * out.capacity : SIZE_MAX / 2;
    }
}
