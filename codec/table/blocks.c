/* Where the blocks of a table lie, and whether they are as they were written. */
#include "head.h"

static uint64_t entry_part(const struct head *h, uint64_t block, unsigned skip, unsigned bits) {
    size_t stride = (size_t)h->key_bits + h->start_bits;
    struct bit_reader r = bit_reader_over(h->bytes + h->index, h->head_size - h->index, 0);
    r.at = (size_t)(block - 1) * stride + skip;
    return take_plain(&r, bits);
}

uint64_t head_key(const struct head *h, uint64_t block) {
    return block ? entry_part(h, block, 0, h->key_bits) : 0;
}

static uint64_t head_start(const struct head *h, uint64_t block) {
    if (h->fixed) return block * ((fixed_bits(&h->values, h->per_block) + 7) / 8);
    return block ? entry_part(h, block, h->key_bits, h->start_bits) : 0;
}

int head_block(const struct head *h, uint64_t block, vp_table_range *range) {
    uint64_t all = h->size - h->head_size, start = head_start(h, block);
    uint64_t end = block + 1 < h->blocks ? head_start(h, block + 1) : all;
    if (start > end || end > all) return VP_ERR_CORRUPT;
    *range = (vp_table_range){.offset = h->head_size + start, .size = end - start, .head_size = h->head_size};
    return VP_OK;
}

bool block_is_intact(const struct head *h, uint64_t block, vp_bytes bytes) {
    if (!h->has_checks) return bytes.size == 0;
    const uint8_t *check = h->bytes + h->checks + 2 * block;
    return block_check(bytes) == ((uint32_t)check[0] << 8 | check[1]);
}

/* 2^32 is 225 modulo 65521, so folding brings a sum below 2^41 without changing what it stands for. */
static uint64_t fold(uint64_t sum) {
    return (sum >> 32) * 225 + (sum & 0xFFFFFFFF);
}

/* A number changed in one bit, or within 15 neighbouring ones, differs by less than the modulus times a
   power of two, which a prime other than 2 does not divide: no such change is missed. */
uint32_t block_check(vp_bytes bytes) {
    enum { WORDS = 8, POWER = 53693 /* 2^256 */ };
    static const uint32_t powers[WORDS] = {63430, 6106, 4104, 36710, 55492, 50625, 225, 1}; /* of 2^32 */
    const uint8_t *p = bytes.data;
    size_t left = bytes.size;
    uint64_t sum = 0;
    for (; left >= 4 * WORDS; left -= 4 * WORDS, p += 4 * WORDS) {
        sum = fold(sum) * POWER;
        for (size_t i = 0; i < WORDS; i++) sum += (uint64_t)load_be32(p + 4 * i) * powers[i];
    }
    for (; left >= 4; left -= 4, p += 4) sum = fold(sum) * 225 + load_be32(p);
    for (; left; left--, p++) sum = fold(sum) * 256 + *p;
    return (uint32_t)(sum % TABLE_MODULUS);
}
