#include "blocks.h"

#include "radix.h"
#include "valpack.h"

/* Follows the powers of the base by their first 55 bits, which tell how long they are: checked
   against exact arithmetic for every base and count by a test. */
bool packing_make(struct packing *p, const uint8_t *symbols, size_t size) {
    uint64_t power = 1;
    unsigned dropped = 0, width = 1;
    bool exact = (size & (size - 1)) == 0; /* base^n - 1 is a bit shorter than base^n */
    if (!alphabet_make(&p->alphabet, symbols, size)) return false;
    for (size_t i = 0; i <= BLOCK; i++) {
        p->bits[i] = (uint16_t)(i == 0 ? 0 : width + dropped - exact);
        power *= size;
        while (power >> width) width++;
        for (; width > 55; width--, dropped++) power >>= 1;
    }
    return true;
}

size_t packed_bits(const struct packing *p, size_t characters) {
    return characters / BLOCK * p->bits[BLOCK] + p->bits[characters % BLOCK];
}

/* The longest text that fits into so many bits. */
static size_t most_characters(const struct packing *p, size_t bits) {
    size_t characters = 0, rest = bits % p->bits[BLOCK];
    while (p->bits[characters + 1] <= rest) characters++;
    return bits / p->bits[BLOCK] * BLOCK + characters;
}

/* The bits up to the next byte, 7 at the most, may hold one more character in base 16 and above,
   three in base 4 and above, seven in base 2. */
unsigned slack_bits(const struct packing *p) {
    if (p->alphabet.size == 256) return 0;
    return p->alphabet.size >= 16 ? 1 : p->alphabet.size >= 4 ? 2 : 3;
}

bool put_blocks(struct bit_writer *w, const uint8_t *text, size_t size, const struct packing *p) {
    const struct alphabet *a = &p->alphabet;
    const struct radix radix = radix_of(a->size);
    uint8_t digits[BLOCK];
    struct big n;
    while (size && !w->out.full) {
        size_t count = size < BLOCK ? size : BLOCK;
        for (size_t i = 0; i < count; i++) {
            if (!alphabet_has(a, text[i])) return false;
            digits[i] = a->digits[text[i]];
        }
        n.used = 0;
        if (!big_push_run(&n, digits, radix, count)) return false;
        put_big(w, &n, p->bits[count]);
        text += count;
        size -= count;
    }
    return true;
}

int take_blocks(struct writer *out, struct bit_reader *in, size_t size, const struct packing *p) {
    const struct radix radix = radix_of(p->alphabet.size);
    uint8_t digits[BLOCK], text[BLOCK];
    while (size && !out->full) {
        size_t count = size < BLOCK ? size : BLOCK;
        struct big n = take_big(in, p->bits[count]);
        big_pop_run(&n, digits, radix, count);
        if (n.used || in->bad) return VP_ERR_CORRUPT;
        for (size_t i = 0; i < count; i++) text[i] = p->alphabet.symbols[digits[i]];
        put_bytes(out, text, count);
        size -= count;
    }
    return out->full ? VP_ERR_SPACE : VP_OK;
}

size_t slack_of(const struct packing *p, size_t size, size_t before) {
    size_t bytes = (before + packed_bits(p, size) + 7) / 8;
    return most_characters(p, bytes * 8 - before) - size;
}

size_t text_size(const struct bit_reader *in, const struct packing *p, uint64_t slack) {
    size_t bits = bits_left(in), most = most_characters(p, bits);
    if (in->bad || slack > most || bits - packed_bits(p, most - (size_t)slack) >= 8) return SIZE_MAX;
    return most - (size_t)slack;
}
