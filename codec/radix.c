#include "radix.h"

bool big_multiply_add(struct big *n, uint64_t factor, uint64_t add) {
    uint64_t carry = add;
    for (unsigned i = 0; i < n->used; i++) {
        carry += n->limbs[i] * factor; /* at most (2^32 - 1) * 2^32 + 2^32 - 1 */
        n->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (!carry) return true;
    if (n->used == BIG_LIMBS) return false;
    n->limbs[n->used++] = (uint32_t)carry;
    return true;
}

static void drop_leading_zeros(struct big *n) {
    while (n->used && !n->limbs[n->used - 1]) n->used--;
}

uint64_t big_divide(struct big *n, uint64_t divisor) {
    uint64_t remainder = 0;
    for (unsigned i = n->used; i-- > 0;) {
        uint64_t part = remainder << 32 | n->limbs[i];
        n->limbs[i] = (uint32_t)(part / divisor);
        remainder = part % divisor;
    }
    drop_leading_zeros(n);
    return remainder;
}

bool big_add(struct big *a, const struct big *b) {
    uint64_t carry = 0;
    unsigned i = 0;
    for (; i < b->used || carry; i++) {
        if (i == BIG_LIMBS) return false;
        if (i == a->used) a->limbs[a->used++] = 0;
        carry += (uint64_t)a->limbs[i] + (i < b->used ? b->limbs[i] : 0);
        a->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return true;
}

void big_subtract(struct big *a, const struct big *b) {
    uint64_t borrow = 0;
    for (unsigned i = 0; i < a->used && (i < b->used || borrow); i++) {
        uint64_t take = borrow + (i < b->used ? b->limbs[i] : 0);
        borrow = a->limbs[i] < take;
        a->limbs[i] = (uint32_t)(a->limbs[i] - take);
    }
    drop_leading_zeros(a);
}

int big_compare(const struct big *a, const struct big *b) {
    if (a->used != b->used) return a->used < b->used ? -1 : 1;
    for (unsigned i = a->used; i-- > 0;)
        if (a->limbs[i] != b->limbs[i]) return a->limbs[i] < b->limbs[i] ? -1 : 1;
    return 0;
}

unsigned big_width(const struct big *n) {
    unsigned width = n->used * 32;
    if (!n->used) return 0;
    for (uint32_t top = n->limbs[n->used - 1]; !(top & 0x80000000u); top <<= 1) width--;
    return width;
}

/* How many low bits of a digit of this radix are worked as a digit of their own. */
static unsigned low_part(uint64_t radix) {
    unsigned bits = 0;
    while ((radix - 1) >> bits > UINT32_MAX) bits++;
    return bits;
}

bool big_push(struct big *n, uint64_t digit, uint64_t radix) {
    unsigned low = low_part(radix);
    if (!big_multiply_add(n, ((radix - 1) >> low) + 1, digit >> low)) return false;
    return low == 0 || big_multiply_add(n, (uint64_t)1 << low, digit & (((uint64_t)1 << low) - 1));
}

uint64_t big_pop(struct big *n, uint64_t radix) {
    unsigned low = low_part(radix);
    uint64_t digit = low ? big_divide(n, (uint64_t)1 << low) : 0;
    return big_divide(n, ((radix - 1) >> low) + 1) << low | digit;
}

bool big_push_room(struct big *n, uint64_t radix) {
    unsigned low = low_part(radix);
    return big_multiply_add(n, ((radix - 1) >> low) + 1, 0) && big_multiply_add(n, (uint64_t)1 << low, 0);
}

/* As many digits as have a product of radices up to 2^32 are worked at a time. */
bool big_push_digits(struct big *n, const uint8_t *digits, const uint16_t *radices, size_t count) {
    const uint64_t most = (uint64_t)1 << 32;
    uint64_t factor = 1, add = 0;
    for (size_t i = 0; i < count; i++) {
        if (factor * radices[i] > most) {
            if (!big_multiply_add(n, factor, add)) return false;
            factor = 1;
            add = 0;
        }
        factor *= radices[i];
        add = add * radices[i] + digits[i];
    }
    return big_multiply_add(n, factor, add);
}

void big_pop_digits(struct big *n, uint8_t *digits, const uint16_t *radices, size_t count) {
    const uint64_t most = (uint64_t)1 << 32;
    while (count) {
        size_t first = count;
        uint64_t divisor = 1;
        while (first > 0 && divisor * radices[first - 1] <= most) divisor *= radices[--first];
        uint64_t part = big_divide(n, divisor);
        for (; count > first; count--) {
            digits[count - 1] = (uint8_t)(part % radices[count - 1]);
            part /= radices[count - 1];
        }
    }
}

size_t big_search(const struct big *starts, size_t count, const struct big *n) {
    size_t low = 0, high = count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (big_compare(&starts[middle], n) <= 0) low = middle;
        else high = middle;
    }
    return low;
}

/* `count` <= 32 bits of n from bit `at` upward. */
static uint64_t bits_at(const struct big *n, unsigned at, unsigned count) {
    unsigned i = at / 32;
    uint64_t low = i < n->used ? n->limbs[i] : 0, high = i + 1 < n->used ? n->limbs[i + 1] : 0;
    return (high << 32 | low) >> at % 32 & (((uint64_t)1 << count) - 1);
}

void put_big(struct bit_writer *w, const struct big *n, unsigned count) {
    while (count) {
        unsigned part = count % 32 ? count % 32 : 32;
        count -= part;
        put_bits(w, bits_at(n, count, part), part);
    }
}

struct big take_big(struct bit_reader *in, unsigned count) {
    struct big n = big_zero();
    unsigned limbs = (count + 31) / 32;
    for (unsigned i = limbs; i-- > 0;) {
        unsigned part = count - i * 32;
        n.limbs[i] = (uint32_t)take_bits(in, part);
        count = i * 32;
    }
    n.used = limbs;
    drop_leading_zeros(&n);
    return n;
}

/* How many numbers are shorter than `bits` bits: 2^k + 2^(k+8) + ... below 2^bits, k = bits % 8. */
static struct big shorter_numbers(unsigned bits) {
    struct big n = big_zero();
    for (unsigned bit = bits % 8; bit < bits; bit += 8) {
        while (n.used <= bit / 32) n.limbs[n.used++] = 0;
        n.limbs[bit / 32] |= (uint32_t)1 << bit % 32;
    }
    return n;
}

bool put_number(struct bit_writer *w, const struct big *n) {
    unsigned bits = w->count ? 8 - w->count : 0;
    while (bits < big_width(n)) bits += 8;
    struct big shorter = shorter_numbers(bits), rest = *n;
    if (big_compare(n, &shorter) < 0) {
        bits -= 8;
        shorter = shorter_numbers(bits);
    }
    if (bits > BIG_BITS) return false;
    big_subtract(&rest, &shorter);
    put_big(w, &rest, bits);
    return true;
}

bool take_number(struct bit_reader *in, struct big *n) {
    size_t bits = bits_left(in);
    if (in->bad || bits > BIG_BITS) return false;
    *n = take_big(in, (unsigned)bits);
    struct big shorter = shorter_numbers((unsigned)bits);
    return big_add(n, &shorter);
}
