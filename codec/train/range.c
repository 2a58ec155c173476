/* Which first codes a new profile gets. */
#include "trainer.h"

enum { CODES = 64, WIDE_BITS = 5, NARROW_BITS = 4 };

/* 0x80 begins pickles and small msgpack maps, 0xA0-0xAF short msgpack strings, CBOR maps and Java
   streams: the blocks of 16 codes that old binary values rarely begin with come first. */
static const uint8_t blocks[] = {0xB0, 0x90, 0xA0, 0x80};

static uint64_t codes_of(uint32_t first_code, uint32_t width) {
    return (((uint64_t)1 << width) - 1) << (first_code - 0x80);
}

static bool is_free(const vp_trainer *t, uint32_t first_code, uint32_t width) {
    return ((t->neighbours | t->beginnings) & codes_of(first_code, width)) == 0;
}

/* The range asked for, or the first that is free. */
static int find_range(const vp_trainer *t, uint32_t width_bits, struct code_range *range) {
    const uint32_t width = 1u << width_bits, asked = (uint32_t)option_of(t, VP_TRAIN_FIRST_CODE);
    *range = (struct code_range){.first_code = asked, .width_bits = width_bits};
    if (asked) {
        if (!profile_range_valid(asked, width_bits)) return VP_ERR_ARGUMENT;
        return is_free(t, asked, width) ? VP_OK : VP_ERR_OVERLAP;
    }
    for (unsigned i = 0; i < sizeof blocks; i++) {
        uint32_t block = blocks[i] & ~(width - 1);
        for (uint32_t code = block; code < blocks[i] + 16u; code += width) {
            range->first_code = code;
            if (is_free(t, code, width)) return VP_OK;
        }
    }
    return VP_ERR_NO_RANGE;
}

/* Is there room for a range of 32 codes, and then for one of 16 that will replace it one day? */
static bool find_wider(const vp_trainer *t, struct code_range *wider) {
    unsigned taken = 1u << WIDE_BITS;
    for (uint64_t left = t->neighbours; left; left &= left - 1) taken++;
    return taken + (1u << NARROW_BITS) <= CODES && find_range(t, WIDE_BITS, wider) == VP_OK;
}

int choose_ranges(const vp_trainer *t, struct code_range *range, struct code_range *wider) {
    const uint64_t width = option_of(t, VP_TRAIN_WIDTH);
    uint32_t width_bits = width ? 0 : NARROW_BITS;
    while ((uint64_t)1 << width_bits < width) width_bits++;
    int status = find_range(t, width_bits, range);
    if (width || status != VP_OK || !find_wider(t, wider)) *wider = *range;
    return status;
}
