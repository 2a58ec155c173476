/* Looking inside: encoder names, who wrote a value, and profiles as JSON. */
#include "decoder.h"
#include "json.h"

static const char raw_name[] = "raw";

/* The wire number of the encoder with this index; index 0 is raw, number 0. */
static unsigned id_of_index(size_t index) {
    unsigned id = 0;
    while (index && ++id < ENCODER_ID_LIMIT)
        if (encoder_by_id(id)) index--;
    return id;
}

static size_t index_of_id(unsigned id) {
    size_t index = 0;
    for (unsigned i = 1; i <= id; i++)
        if (encoder_by_id(i)) index++;
    return index;
}

size_t vp_encoder_count(void) {
    return index_of_id(ENCODER_ID_LIMIT - 1) + 1;
}

const char *vp_encoder_name(size_t index) {
    if (index >= vp_encoder_count()) return NULL;
    return index == 0 ? raw_name : encoder_by_id(id_of_index(index))->name;
}

int64_t vp_identify(const vp_context *context, const void *data, size_t size) {
    if (!context || (!data && size)) return VP_ERR_ARGUMENT;
    struct origin origin;
    int status = find_origin(context->codec, data, size, &origin);
    return status == VP_OK ? (int64_t)index_of_id(origin.id) : status;
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void put_fingerprint(struct writer *w, const vp_profile *p) {
    put_member(w, "fingerprint");
    put_byte(w, '"');
    for (unsigned shift = 64; shift; shift -= 8)
        put_hex_byte(w, (unsigned)(p->fingerprint >> (shift - 8)) & 0xFF);
    put_byte(w, '"');
}

static void put_identity(struct writer *w, const vp_profile *p) {
    put_json_string(w, "name", p->name);
    put_fingerprint(w, p);
    put_json_number(w, "first_code", p->first_code);
    put_json_number(w, "width", 1u << p->width_bits);
}

/* Members that every encoded value has. */
static void put_inspection(struct writer *w, const struct origin *o, struct reader data,
                           uint64_t value_size) {
    size_t size = reader_left(&data), header = size - o->size - o->check + (o->skip ? 1 : 0);
    put_json_string(w, "encoder", o->encoder ? o->encoder->name : raw_name);
    put_member(w, "header");
    put_json_hex(w, data.at, header);
    put_json_number(w, "stored_bytes", size);
    put_json_number(w, "value_bytes", value_size);
    put_json_number(w, "check_bytes", o->check);
    if (!o->profile) return;
    put_member(w, "profile");
    put_byte(w, '{');
    put_identity(w, o->profile);
    put_byte(w, '}');
}

int64_t vp_inspect(vp_context *context, const void *data, size_t size, char *json, size_t capacity) {
    if (!context || (!data && size) || (!json && capacity)) return VP_ERR_ARGUMENT;
    const void *value;
    int64_t value_size = vp_decode_view(context, data, size, &value);
    if (value_size < 0) return value_size;
    struct origin o;
    int status = find_origin(context->codec, data, size, &o);
    if (status != VP_OK) return status;
    struct writer w = writer_over(json, capacity);
    put_byte(&w, '{');
    put_inspection(&w, &o, reader_over(data, size), (uint64_t)value_size);
    put_byte(&w, '}');
    return w.full ? VP_ERR_SPACE : (int64_t)w.length;
}

/* false without memory. */
static bool put_explanation(struct writer *w, const struct origin *o, struct reader value, vp_context *x) {
    if (!o->encoder || !o->encoder->explain) return true;
    struct coding coding = {.params = o->params, .scratch = &x->scratch, .settings = &x->codec->settings};
    struct bit_reader in = bit_reader_over(o->payload, o->size, o->skip);
    put_member(w, "explanation");
    put_byte(w, '{');
    bool explained = o->encoder->explain(w, &in, value, &coding);
    put_byte(w, '}');
    return explained;
}

/* Writes again with more room until it fits: what explain() writes has an end. */
int64_t vp_explain_view(vp_context *context, const void *data, size_t size, const void **json) {
    if (!json) return VP_ERR_ARGUMENT;
    *json = NULL;
    const void *value;
    int64_t value_size = vp_decode_view(context, data, size, &value);
    if (value_size < 0) return value_size;
    struct origin o;
    int status = find_origin(context->codec, data, size, &o);
    if (status != VP_OK) return status;
    struct buffer *buffer = &context->checked;
    for (size_t room = 1 << 14;; room = 4 * buffer->capacity) {
        if (!buffer_grow(&context->codec->allocator, buffer, room, 0)) return VP_ERR_MEMORY;
        struct writer w = writer_over(buffer->bytes, buffer->capacity);
        put_byte(&w, '{');
        put_inspection(&w, &o, reader_over(data, size), (uint64_t)value_size);
        if (!put_explanation(&w, &o, reader_over(value, (size_t)value_size), context)) return VP_ERR_MEMORY;
        put_byte(&w, '}');
        if (w.full) continue;
        *json = buffer->bytes;
        return (int64_t)w.length;
    }
}

static void put_row(struct writer *w, const vp_profile *p, const struct profile_row *row) {
    static const char *const forms[] = {"system", "codes", "extended"};
    put_byte(w, '{');
    put_json_string(w, "name", row->encoder->name);
    put_json_string(w, "form", forms[row->form]);
    if (row->form == ROW_CODES) {
        put_json_number(w, "first_code", p->first_code + row->offset);
        put_json_number(w, "codes", 1u << row->bits);
    }
    put_json_number(w, "enough", row->enough);
    if (row->params && row->encoder->describe) {
        put_member(w, "learned");
        put_byte(w, '{');
        row->encoder->describe(row->params, w);
        put_byte(w, '}');
    }
    put_byte(w, '}');
}

static void put_provenance(struct writer *w, const struct provenance *seen) {
    put_member(w, "provenance");
    put_byte(w, '{');
    put_json_number(w, "date", seen->date);
    put_json_number(w, "samples", seen->samples);
    put_json_number(w, "sample_bytes", seen->sample_bytes);
    put_json_number(w, "held_out_values", seen->held_out_values);
    put_json_number(w, "held_out_raw_bytes", seen->held_out_raw);
    put_json_number(w, "held_out_encoded_bytes", seen->held_out_encoded);
    put_byte(w, '}');
}

int64_t vp_profile_describe(const vp_profile *profile, char *json, size_t capacity) {
    if (!profile || (!json && capacity)) return VP_ERR_ARGUMENT;
    struct writer w = writer_over(json, capacity);
    put_byte(&w, '{');
    put_identity(&w, profile);
    put_json_number(&w, "file_bytes", profile->file_size);
    put_json_number(&w, "check_bytes", profile->check);
    put_json_number(&w, "margin", profile->margin);
    put_provenance(&w, &profile->provenance);
    put_member(&w, "encoders");
    put_byte(&w, '[');
    for (unsigned i = 0; i < profile->row_count; i++) {
        if (i) put_byte(&w, ',');
        put_row(&w, profile, &profile->rows[i]);
    }
    put_text(&w, "]}");
    return w.full ? VP_ERR_SPACE : (int64_t)w.length;
}

/* Each stored byte takes at most 6 characters in JSON, and numbers about as many as they tell of. */
size_t vp_profile_describe_bound(const vp_profile *profile) {
    return profile ? 8192 + 16 * profile->file_size : 0;
}
