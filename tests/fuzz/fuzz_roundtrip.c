/* Any value through any codec and back: the first byte of the input chooses the codec. */
#include "codecs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0 || size > FUZZ_LIMIT) return 0;
    fuzz_round_trip(fuzz_context(data[0]), data + 1, size - 1);
    return 0;
}
