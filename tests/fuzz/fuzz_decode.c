/* Decoding anything: the first byte of the input chooses the codec, the rest is the data. */
#include "codecs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Into memory of exactly this size, so that a sanitizer sees what is written beyond it. */
static int64_t decode_into_exact(vp_context *x, const uint8_t *data, size_t size, size_t capacity) {
    uint8_t *out = malloc(capacity ? capacity : 1);
    fuzz_require(out != NULL);
    int64_t result = vp_decode(x, data, size, out, capacity);
    free(out);
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    vp_context *x = fuzz_context(data[0]);
    data++;
    size--;
    const void *view = NULL;
    char json[2048];
    int64_t result = vp_decode_view(x, data, size, &view);
    fuzz_require(result <= FUZZ_LIMIT && (result >= 0) == (view != NULL));
    uint8_t *value = result > 0 ? malloc((size_t)result) : NULL;
    if (value) memcpy(value, view, (size_t)result);
    int64_t inspected = vp_inspect(x, data, size, json, sizeof json);
    fuzz_require(result < 0 ? inspected == result : inspected > 0);
    int64_t explained = vp_explain_view(x, data, size, &view);
    fuzz_require(result < 0 ? explained == result && view == NULL : explained >= inspected);
    decode_into_exact(x, data, size, 3);
    if (result >= 0) {
        fuzz_require(decode_into_exact(x, data, size, (size_t)result) == result);
        if (result > 0) fuzz_require(decode_into_exact(x, data, size, (size_t)result - 1) == VP_ERR_SPACE);
        fuzz_round_trip(x, value, (size_t)result);
    }
    free(value);
    return 0;
}
