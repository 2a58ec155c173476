/* The public functions: argument checks and statuses around what is below. */
#include "chooser.h"
#include "decoder.h"

#include <stdio.h>

/* Bits of a payload are counted in size_t. */
static bool size_allowed(const void *bytes, size_t size) {
    return (bytes || size == 0) && size <= SIZE_MAX / 16;
}

int vp_profile_load(const void *data, size_t size, const vp_allocator *allocator, vp_profile **profile) {
    if (!profile) return VP_ERR_ARGUMENT;
    *profile = NULL;
    if (!size_allowed(data, size)) return VP_ERR_ARGUMENT;
    struct profile_problem problem;
    return profile_load(data, size, memory_hooks(allocator), profile, &problem);
}

int vp_profile_explain(const void *data, size_t size, char *text, size_t capacity) {
    if (!size_allowed(data, size) || (!text && capacity)) return VP_ERR_ARGUMENT;
    vp_profile *profile = NULL;
    struct profile_problem problem;
    int status = profile_load(data, size, memory_default(), &profile, &problem);
    vp_profile_release(profile);
    if (status == VP_OK) snprintf(text, capacity, "ok");
    else snprintf(text, capacity, "at byte %zu: %s", problem.offset, problem.text);
    return status;
}

const char *vp_profile_name(const vp_profile *profile) {
    return profile ? profile->name : "";
}

uint64_t vp_profile_fingerprint(const vp_profile *profile) {
    return profile ? profile->fingerprint : 0;
}

uint32_t vp_profile_first_code(const vp_profile *profile) {
    return profile ? profile->first_code : 0;
}

uint32_t vp_profile_width(const vp_profile *profile) {
    return profile ? 1u << profile->width_bits : 0;
}

int vp_context_new(vp_codec *codec, vp_context **context) {
    if (!context) return VP_ERR_ARGUMENT;
    *context = NULL;
    if (!codec) return VP_ERR_ARGUMENT;
    vp_context *x = memory_zeroed(&codec->allocator, sizeof *x);
    if (!x) return VP_ERR_MEMORY;
    x->codec = vp_codec_retain(codec);
    x->target = codec->settings.target;
    scratch_init(&x->scratch, codec->allocator);
    *context = x;
    return VP_OK;
}

void vp_context_free(vp_context *x) {
    if (!x) return;
    vp_codec *codec = x->codec;
    const vp_allocator allocator = codec->allocator;
    scratch_free(&x->scratch);
    struct buffer *const buffers[] = {&x->tries[0],   &x->tries[1],   &x->results,    &x->checked,
                                      &x->records[0], &x->records[1], &x->records[2], &x->records[3]};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        memory_free(&allocator, buffers[i]->bytes);
    memory_free(&allocator, x);
    vp_codec_release(codec);
}

int vp_context_set_key(vp_context *context, uint64_t key_size, int expires) {
    if (!context || key_size > KEY_SIZE_LARGEST || (expires != 0 && expires != 1)) return VP_ERR_ARGUMENT;
    context->target.key_size = key_size;
    context->target.expires = expires;
    return VP_OK;
}

size_t vp_encode_bound(size_t size) {
    return size == SIZE_MAX ? SIZE_MAX : size + 1;
}

int64_t vp_encode(vp_context *context, const void *value, size_t size, void *out, size_t capacity) {
    if (!context || !size_allowed(value, size) || (!out && capacity)) return VP_ERR_ARGUMENT;
    struct stored stored;
    int status = choose(context, value, size, &stored);
    if (status != VP_OK) return status;
    if (stored.size > capacity) return VP_ERR_SPACE;
    if (stored.size) memcpy(out, stored.bytes, stored.size);
    return (int64_t)stored.size;
}

int64_t vp_decode(vp_context *context, const void *data, size_t size, void *out, size_t capacity) {
    if (!context || !size_allowed(data, size) || (!out && capacity)) return VP_ERR_ARGUMENT;
    uint8_t nowhere[1];
    uint64_t limit = context->codec->settings.max_decoded;
    struct writer w = writer_over(out ? out : nowhere, capacity < limit ? capacity : (size_t)limit);
    int status = decode_into(context, data, size, &w);
    if (status == VP_ERR_SPACE && capacity >= limit) return VP_ERR_LIMIT;
    return status == VP_OK ? (int64_t)w.length : status;
}

int64_t vp_encode_view(vp_context *context, const void *value, size_t size, const void **result) {
    if (!result) return VP_ERR_ARGUMENT;
    *result = NULL;
    if (!context || !size_allowed(value, size)) return VP_ERR_ARGUMENT;
    const uint64_t sizes[1] = {size};
    uint64_t result_sizes[1];
    int64_t total = vp_encode_many(context, value, sizes, 1, result_sizes);
    if (total >= 0) *result = context->results.bytes;
    return total;
}

int64_t vp_decode_view(vp_context *context, const void *data, size_t size, const void **result) {
    if (!result) return VP_ERR_ARGUMENT;
    *result = NULL;
    if (!context || !size_allowed(data, size)) return VP_ERR_ARGUMENT;
    int64_t total = decode_growing(context, reader_over(data, size), &context->results, 0);
    if (total >= 0) *result = context->results.bytes;
    return total;
}

/* False if the sizes do not add up to something that can lie in memory. */
static bool sizes_allowed(const void *values, const uint64_t *sizes, size_t count) {
    uint64_t total = 0;
    for (size_t i = 0; i < count; i++) {
        if (sizes[i] > SIZE_MAX / 16 - total) return false;
        total += sizes[i];
    }
    return size_allowed(values, (size_t)total);
}

static bool many_allowed(const vp_context *context, const void *values, const uint64_t *sizes, size_t count,
                         const uint64_t *result_sizes) {
    return context && (count == 0 || (sizes && result_sizes && sizes_allowed(values, sizes, count)));
}

int64_t vp_encode_many(vp_context *context, const void *values, const uint64_t *sizes, size_t count,
                       uint64_t *result_sizes) {
    if (!many_allowed(context, values, sizes, count, result_sizes)) return VP_ERR_ARGUMENT;
    const uint8_t *value = values;
    size_t total = 0;
    if (!buffer_grow(&context->codec->allocator, &context->results, 1, 0)) return VP_ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        struct stored stored;
        int status = choose(context, value, (size_t)sizes[i], &stored);
        if (status != VP_OK) return status;
        if (!buffer_grow(&context->codec->allocator, &context->results, total + stored.size, total))
            return VP_ERR_MEMORY;
        if (stored.size) memcpy(context->results.bytes + total, stored.bytes, stored.size);
        total += stored.size;
        result_sizes[i] = stored.size;
        if (sizes[i]) value += sizes[i];
    }
    return (int64_t)total;
}

int64_t vp_decode_many(vp_context *context, const void *data, const uint64_t *sizes, size_t count,
                       uint64_t *result_sizes) {
    if (!many_allowed(context, data, sizes, count, result_sizes)) return VP_ERR_ARGUMENT;
    struct reader all = reader_over(data, 0);
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        struct reader one = reader_over(all.at, (size_t)sizes[i]);
        int64_t size = decode_growing(context, one, &context->results, total);
        if (size < 0) {
            result_sizes[0] = i;
            return size;
        }
        total += (size_t)size;
        result_sizes[i] = (uint64_t)size;
        all.at = one.end;
    }
    return (int64_t)total;
}

const void *vp_context_results(const vp_context *context) {
    return context ? context->results.bytes : NULL;
}
