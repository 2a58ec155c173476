/* Values that are only compared or counted, as a few bytes. */
#include "valpack.h"

#include "bytes.h"

#include <xxhash.h>

static void put_hash64(struct writer *w, uint64_t hash, unsigned bytes) {
    while (bytes-- > 0) put_byte(w, (unsigned)(hash >> (8 * bytes)) & 0xFF);
}

int64_t vp_fingerprint(const void *value, size_t size, uint32_t bits, void *out, size_t capacity) {
    if ((!value && size) || (!out && capacity)) return VP_ERR_ARGUMENT;
    if (bits != 32 && bits != 64 && bits != 128) return VP_ERR_ARGUMENT;
    struct writer w = writer_over(out, capacity);
    if (bits == 128) {
        const XXH128_hash_t hash = XXH3_128bits(value, size);
        put_hash64(&w, hash.high64, 8);
        put_hash64(&w, hash.low64, 8);
    } else {
        put_hash64(&w, XXH3_64bits(value, size), bits / 8);
    }
    return w.full ? VP_ERR_SPACE : (int64_t)w.length;
}
