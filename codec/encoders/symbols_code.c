#include "symbols_code.h"

static void index_firsts(struct code_table *t) {
    for (uint32_t top = 0; top < 1 << CODE_FIRST_BITS; top++) {
        const uint32_t lowest = top << (CODE_LONGEST - CODE_FIRST_BITS),
                       highest = lowest + (1u << (CODE_LONGEST - CODE_FIRST_BITS)) - 1;
        unsigned length = 1;
        while (length <= CODE_LONGEST && highest < t->lows[length]) length++;
        t->firsts[top] = CODE_LONG + length;
        if (length <= CODE_FIRST_BITS && lowest >= t->lows[length]) t->firsts[top] = code_lookup(t, lowest);
    }
}

bool code_table_build(struct code_table *t, const uint16_t counts[CODE_LONGEST + 1], const uint8_t *symbols) {
    uint32_t low = CODE_SPACE, index = 0;
    t->symbols = symbols;
    t->lows[0] = low;
    t->starts[0] = 0;
    for (unsigned length = 1; length <= CODE_LONGEST; length++) {
        uint32_t space = (uint32_t)counts[length] << (CODE_LONGEST - length);
        if (space > low - CODE_RESERVED) return false;
        low -= space;
        t->lows[length] = low;
        t->starts[length] = (uint16_t)index;
        index += counts[length];
    }
    t->starts[CODE_LONGEST + 1] = (uint16_t)index;
    t->count = index;
    index_firsts(t);
    return true;
}

/* Shortening a code word of length l by a bit saves weight bits and takes 2^(16-l) of the space:
   the symbol with the largest weight * 2^l gains most per space. Greedy, from all 16 bits down. */
struct shortening {
    const uint64_t *weights;
    uint8_t *lengths;
    uint32_t *heap;
    unsigned size;
};

static bool goes_before(const struct shortening *s, uint32_t a, uint32_t b) {
    uint64_t gain_a = s->weights[a] << s->lengths[a], gain_b = s->weights[b] << s->lengths[b];
    return gain_a != gain_b ? gain_a > gain_b : a < b;
}

static void sift_down(struct shortening *s, unsigned at) {
    for (;;) {
        unsigned first = at, left = 2 * at + 1;
        for (unsigned child = left; child < left + 2 && child < s->size; child++)
            if (goes_before(s, s->heap[child], s->heap[first])) first = child;
        if (first == at) return;
        uint32_t moved = s->heap[at];
        s->heap[at] = s->heap[first];
        s->heap[first] = moved;
        at = first;
    }
}

bool code_lengths(const uint64_t *weights, unsigned count, uint8_t *lengths, uint32_t *heap) {
    struct shortening s = {.weights = weights, .lengths = lengths, .heap = heap, .size = 0};
    for (unsigned i = 0; i < count; i++) {
        lengths[i] = weights[i] ? CODE_LONGEST : CODE_NONE;
        if (weights[i]) heap[s.size++] = i;
    }
    if (s.size > CODE_SPACE - CODE_RESERVED) return false;
    uint32_t space = CODE_SPACE - CODE_RESERVED - s.size;
    for (unsigned at = s.size; at-- > 0;) sift_down(&s, at);
    while (s.size) {
        uint32_t symbol = heap[0];
        uint32_t more = 1u << (CODE_LONGEST - lengths[symbol]);
        if (more <= space && lengths[symbol] > 1) {
            space -= more;
            lengths[symbol]--;
        } else {
            heap[0] = heap[--s.size];
        }
        sift_down(&s, 0);
    }
    return true;
}
