/*
 * Loading any bytes as a profile, and using what loads. Both hashes are computed anew, so that the
 * damage is in what lies below them; the input as it is must be refused or be the same.
 */
#include "codecs.h"

#include "profile.h"

#include <xxhash.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void reseal(uint8_t *file, size_t size) {
    size_t body = size - PROFILE_CHECKSUM;
    store_le64(file + 8, XXH64(file + PROFILE_HEADER, body - PROFILE_HEADER, 0));
    store_le64(file + body, XXH64(file, body, 0));
}

/* The end of the profile as if it were data of each of its codes, and in the extended form. */
static void decode_something(vp_context *x, const vp_profile *p, const uint8_t *file, size_t size) {
    uint8_t data[64];
    const void *view;
    size_t length = size < sizeof data ? size : sizeof data;
    memcpy(data, file + size - length, length);
    for (uint32_t i = 0; i < vp_profile_width(p); i++) {
        data[0] = (uint8_t)(vp_profile_first_code(p) + i);
        for (size_t n = 1; n <= length; n += 1 + n / 2)
            fuzz_require(vp_decode_view(x, data, n, &view) <= FUZZ_LIMIT);
    }
    data[0] = 0xC1;
    data[2] = (uint8_t)vp_profile_first_code(p);
    for (unsigned id = 0; id < ENCODER_ID_LIMIT; id++) {
        data[1] = (uint8_t)id;
        fuzz_require(vp_decode_view(x, data, length, &view) <= FUZZ_LIMIT);
    }
}

static void use(vp_profile *p, const uint8_t *file, size_t size) {
    vp_context *x = fuzz_open(&p, 1, 0);
    size_t bound = vp_profile_describe_bound(p);
    char *json = malloc(bound), sample[200];
    fuzz_require(json && vp_profile_describe(p, json, bound) > 0);
    free(json);
    decode_something(x, p, file, size);
    for (unsigned i = 0; i < 9; i++) {
        size_t length = fuzz_sample(i % 3, i, sample);
        fuzz_round_trip(x, (const uint8_t *)sample, length);
    }
    fuzz_round_trip(x, file, size < 300 ? size : 300);
    vp_context_free(x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char line[200];
    vp_profile *p = NULL;
    int status = vp_profile_load(data, size, NULL, &p);
    fuzz_require((status == VP_OK) == (p != NULL));
    vp_profile_release(p);
    if (size < PROFILE_HEADER + PROFILE_CHECKSUM) return 0;
    uint8_t *file = malloc(size);
    fuzz_require(file != NULL);
    memcpy(file, data, size);
    reseal(file, size);
    status = vp_profile_load(file, size, NULL, &p);
    fuzz_require(vp_profile_explain(file, size, line, sizeof line) == status);
    if (status == VP_OK) use(p, file, size);
    vp_profile_release(p);
    free(file);
    return 0;
}
