/* Which first codes a new profile gets. */
#include "trainer.h"

/* 0x80 begins pickles and small msgpack maps, 0xA0-0xAF short msgpack strings, CBOR maps and Java
   streams: the blocks of 16 codes that old binary values rarely begin with come first. */
static const uint8_t blocks[] = {0xB0, 0x90, 0xA0, 0x80};

static uint64_t codes_of(uint32_t first_code, uint32_t width) {
    return (((uint64_t)1 << width) - 1) << (first_code - 0x80);
}

static bool is_free(const vp_trainer *t, uint32_t first_code, uint32_t width) {
    return ((t->neighbours | t->beginnings) & codes_of(first_code, width)) == 0;
}

int choose_range(const vp_trainer *t, uint32_t width_bits, uint32_t *first_code) {
    const uint32_t width = 1u << width_bits, asked = (uint32_t)option_of(t, VP_TRAIN_FIRST_CODE);
    if (asked) {
        *first_code = asked;
        if (!profile_range_valid(asked, width_bits)) return VP_ERR_ARGUMENT;
        return is_free(t, asked, width) ? VP_OK : VP_ERR_OVERLAP;
    }
    for (unsigned i = 0; i < sizeof blocks; i++) {
        uint32_t block = blocks[i] & ~(width - 1);
        for (uint32_t code = block; code < blocks[i] + 16u; code += width) {
            *first_code = code;
            if (is_free(t, code, width)) return VP_OK;
        }
    }
    return VP_ERR_NO_RANGE;
}
