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

/* `count` <= 32 bits of n from bit `at` upward. */
static uint64_t bits_at(const struct big *n, unsigned at, unsigned count) {
    unsigned i = at / 32;
    uint64_t low = i < n->used ? n->limbs[i] : 0, high = i + 1 < n->used ? n->limbs[i + 1] : 0;
    return (high << 32 | low) >> at % 32 & (((uint64_t)1 << count) - 1);
}

/* n = n / 2^bits */
static void drop_bits(struct big *n, unsigned bits) {
    unsigned used = bits / 32 < n->used ? n->used - bits / 32 : 0;
    for (unsigned i = 0; i < used; i++) n->limbs[i] = (uint32_t)bits_at(n, bits + i * 32, 32);
    n->used = used;
    drop_leading_zeros(n);
}

static uint64_t divide_short(struct big *n, uint64_t divisor) {
    uint64_t whole = n->used > 1 ? (uint64_t)n->limbs[1] << 32 : 0;
    if (n->used) whole |= n->limbs[0];
    uint64_t quotient = whole / divisor;
    n->limbs[0] = (uint32_t)quotient;
    n->limbs[1] = (uint32_t)(quotient >> 32);
    n->used = n->limbs[1] ? 2 : n->limbs[0] != 0;
    return whole - quotient * divisor;
}

/* One division for the reciprocal, then two multiplications for each limb (N. Moeller, T. Granlund:
   Improved Division by Invariant Integers, IEEE Transactions on Computers 60, 2011, algorithm 4). */
static uint64_t divide_long(struct big *n, uint32_t divisor) {
    unsigned shift = 0;
    while (!(divisor & 0x80000000u)) {
        divisor <<= 1;
        shift++;
    }
    uint32_t reciprocal = (uint32_t)(UINT64_MAX / divisor); /* less 2^32 */
    uint32_t remainder = (uint32_t)((uint64_t)n->limbs[n->used - 1] << shift >> 32);
    for (unsigned i = n->used; i-- > 0;) {
        uint64_t both = (uint64_t)n->limbs[i] << 32 | (i ? n->limbs[i - 1] : 0);
        uint32_t word = (uint32_t)(both << shift >> 32);
        uint64_t guess = (uint64_t)reciprocal * remainder + ((uint64_t)remainder << 32 | word);
        uint32_t quotient = (uint32_t)(guess >> 32) + 1, rest = word - quotient * divisor;
        if (rest > (uint32_t)guess) {
            quotient--;
            rest += divisor;
        }
        if (rest >= divisor) {
            quotient++;
            rest -= divisor;
        }
        n->limbs[i] = quotient;
        remainder = rest;
    }
    drop_leading_zeros(n);
    return remainder >> shift;
}

uint64_t big_divide(struct big *n, uint64_t divisor) {
    if ((divisor & (divisor - 1)) == 0) {
        unsigned bits = 0;
        while (divisor >> bits > 1) bits++;
        uint64_t remainder = bits_at(n, 0, bits);
        drop_bits(n, bits);
        return remainder;
    }
    return n->used <= 2 ? divide_short(n, divisor) : divide_long(n, (uint32_t)divisor);
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

/* ---- Small digits ----------------------------------------------------------------------------- */

/* As many digits as have a product of radices up to this are worked at a time. */
static const uint64_t largest_group = (uint64_t)1 << 31;

enum { SHIFT_LEAST = 31 /* and as much more as the radix has bits */ };

struct radix radix_of(unsigned size) {
    unsigned shift = SHIFT_LEAST;
    while ((uint64_t)1 << (shift - SHIFT_LEAST) < size) shift++;
    uint64_t reciprocal = (((uint64_t)1 << shift) + size - 1) / size; /* at most 2^32 - 1 */
    return (struct radix){.size = size, .reciprocal = (uint32_t)reciprocal, .shift = (uint8_t)shift};
}

/* Takes the last digit off a number below 2^31. */
static uint8_t last_digit(uint32_t *number, struct radix radix) {
    uint32_t rest = (uint32_t)((uint64_t)*number * radix.reciprocal >> radix.shift);
    uint32_t digit = *number - rest * radix.size;
    *number = rest;
    return (uint8_t)digit;
}

bool big_push_digits(struct big *n, const uint8_t *digits, const struct radix *radices, size_t count) {
    uint64_t factor = 1, add = 0;
    for (size_t i = 0; i < count; i++) {
        if (factor * radices[i].size > largest_group) {
            if (!big_multiply_add(n, factor, add)) return false;
            factor = 1;
            add = 0;
        }
        factor *= radices[i].size;
        add = add * radices[i].size + digits[i];
    }
    return big_multiply_add(n, factor, add);
}

/* Takes the last digits off a number, from which the lowest *taken bits are to be dropped yet; returns how
   many digits are left. Powers of two are but bits. */
static size_t pop_group(struct big *n, unsigned *taken, uint8_t *digits, const struct radix *radices,
                        size_t count) {
    size_t first = count;
    uint64_t divisor = 1;
    unsigned bits = 0;
    for (; first > 0 && divisor * radices[first - 1].size <= largest_group; first--) {
        divisor *= radices[first - 1].size;
        bits += radices[first - 1].shift - SHIFT_LEAST;
    }
    uint32_t part;
    if (divisor >> bits) {
        part = (uint32_t)bits_at(n, *taken, bits);
        *taken += bits;
    } else {
        if (*taken) drop_bits(n, *taken);
        *taken = 0;
        part = (uint32_t)big_divide(n, divisor);
    }
    for (; count > first; count--) digits[count - 1] = last_digit(&part, radices[count - 1]);
    return first;
}

void big_pop_digits(struct big *n, uint8_t *digits, const struct radix *radices, size_t count) {
    unsigned taken = 0;
    while (count) count = pop_group(n, &taken, digits, radices, count);
    if (taken) drop_bits(n, taken);
}

/* How many digits of one radix make a group, with their power; 0 if the radix is 1. */
static size_t group_of(struct radix radix, uint64_t *power) {
    size_t size = 0;
    *power = 1;
    for (; radix.size > 1 && *power * radix.size <= largest_group; size++) *power *= radix.size;
    return size;
}

bool big_push_run(struct big *n, const uint8_t *digits, struct radix radix, size_t count) {
    uint64_t power;
    size_t group = group_of(radix, &power);
    for (size_t i = 0; group && i < count;) {
        uint64_t factor = 1, add = 0;
        size_t end = count - i < group ? count : i + group;
        for (; i < end; i++) {
            factor *= radix.size;
            add = add * radix.size + digits[i];
        }
        if (!big_multiply_add(n, factor, add)) return false;
    }
    return true;
}

void big_pop_run(struct big *n, uint8_t *digits, struct radix radix, size_t count) {
    const unsigned bits = radix.shift - SHIFT_LEAST;
    uint64_t power;
    if (radix.size >> bits) {
        for (size_t i = 0; i < count; i++)
            digits[count - 1 - i] = (uint8_t)bits_at(n, (unsigned)i * bits, bits);
        drop_bits(n, (unsigned)count * bits);
        return;
    }
    size_t group = group_of(radix, &power);
    while (count) {
        for (; group > count; group--) power /= radix.size;
        uint32_t part = (uint32_t)big_divide(n, power);
        for (size_t end = count - group; count > end; count--) digits[count - 1] = last_digit(&part, radix);
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

void put_big(struct bit_writer *w, const struct big *n, unsigned count) {
    while (count) {
        unsigned part = count % 32 ? count % 32 : 32;
        count -= part;
        put_bits(w, bits_at(n, count, part), part);
    }
}

struct big take_big(struct bit_reader *in, unsigned count) {
    struct big n;
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
static void shorter_numbers(struct big *n, unsigned bits) {
    const uint32_t ones = (uint32_t)0x01010101u << bits % 8;
    for (n->used = 0; bits >= 32; bits -= 32) n->limbs[n->used++] = ones;
    if (bits >= 8) n->limbs[n->used++] = ones & (((uint32_t)1 << bits) - 1);
}

bool put_number(struct bit_writer *w, const struct big *n) {
    unsigned bits = w->count ? 8 - w->count : 0, width = big_width(n);
    struct big shorter, rest;
    if (bits < width) bits += (width - bits + 7) / 8 * 8;
    shorter_numbers(&shorter, bits);
    if (big_compare(n, &shorter) < 0) {
        bits -= 8;
        shorter_numbers(&shorter, bits);
    }
    if (bits > BIG_BITS) return false;
    rest.used = n->used;
    for (unsigned i = 0; i < n->used; i++) rest.limbs[i] = n->limbs[i];
    big_subtract(&rest, &shorter);
    put_big(w, &rest, bits);
    return true;
}

/* The payload ends with a byte, so each limb is four bytes from its end on; the numbers that are shorter
   are added in passing. */
bool take_number(struct bit_reader *in, struct big *n) {
    size_t bits = bits_left(in);
    n->used = 0;
    if (in->bad || bits > BIG_BITS) return false;
    const uint8_t *end = in->base + in->end / 8;
    const uint32_t ones = (uint32_t)0x01010101u << bits % 8;
    uint64_t sum = 0;
    in->at = in->end;
    for (; bits >= 32; bits -= 32, end -= 4) {
        sum += (uint64_t)load_be32(end - 4) + ones;
        n->limbs[n->used++] = (uint32_t)sum;
        sum >>= 32;
    }
    for (unsigned at = 0; at < bits; at += 8, end--) {
        unsigned left = (unsigned)bits - at;
        sum += (uint64_t)(left < 8 ? end[-1] & ((1u << left) - 1) : end[-1]) << at;
    }
    sum += ones & (((uint64_t)1 << bits) - 1);
    for (; sum; sum >>= 32) {
        if (n->used == BIG_LIMBS) return false;
        n->limbs[n->used++] = (uint32_t)sum;
    }
    return true;
}
