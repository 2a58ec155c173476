#include "columns.h"

/* A question that saves fewer bits than this is noise. */
enum { QUESTION_BITS = 32 };

/* How often each character was seen at each position. */
struct table {
    uint32_t seen[COLUMNS][256];
};

/* The characters that were seen at a position. */
struct present {
    uint8_t symbols[256];
    size_t count;
};

struct question {
    int64_t gain; /* in 1/256 bit; 0 = none pays */
    size_t column;
    uint8_t symbol;
};

struct part {
    size_t first, count; /* texts */
    struct question best;
};

struct tree {
    const struct column_texts *texts;
    struct part *parts;
    size_t part_count;
    struct table *all, *yes, *no; /* of the part in hand, and of its two halves */
    struct present *present;      /* in `all` */
    uint64_t work;                /* done so far, in looks at a count */
};

int64_t room_of(const struct byte_set *sets, size_t count) {
    int64_t room = 0;
    for (size_t i = 0; i < count; i++) room += log2_q8(set_size(&sets[i]));
    return room;
}

static void find_present(const uint32_t *counts, struct present *present) {
    present->count = 0;
    for (unsigned c = 0; c < 256; c++)
        if (counts[c]) present->symbols[present->count++] = (uint8_t)c;
}

static struct byte_set expected_among(const struct present *present, const uint32_t *counts,
                                      const struct byte_set *alphabet, size_t least) {
    struct byte_set set = {{0, 0, 0, 0}};
    size_t once = 0, size = 0, sum = 0;
    for (size_t i = 0; i < present->count; i++) {
        uint32_t count = counts[present->symbols[i]];
        if (count == 0) continue;
        set_add(&set, present->symbols[i]);
        size++;
        once += count == 1;
        sum += count;
    }
    /* The share of what was seen once is that of what was not seen (Good, 1953). */
    if (size == 1 ? sum >= least : once == 0 && sum >= 4 * size) return set;
    const char *known = known_alphabet(smallest_alphabet(&set));
    if (known && strlen(known) <= set_size(alphabet)) return set_of(known, strlen(known));
    set_unite(&set, alphabet);
    return set;
}

struct byte_set expected_set(const uint32_t *counts, const struct byte_set *alphabet, size_t least) {
    struct present present;
    find_present(counts, &present);
    return expected_among(&present, counts, alphabet, least);
}

static void count_symbols(const struct tree *tree, size_t first, size_t count) {
    const struct column_texts *t = tree->texts;
    memset(tree->all->seen, 0, t->length * sizeof tree->all->seen[0]);
    for (size_t i = first; i < first + count; i++)
        for (size_t column = 0; column < t->length; column++) tree->all->seen[column][t->texts[i][column]]++;
    for (size_t column = 0; column < t->length; column++)
        find_present(tree->all->seen[column], &tree->present[column]);
}

/* Bits for samples in the room of a table, 1/256 each. */
static int64_t bits_in(struct tree *tree, const struct table *table, size_t count) {
    const struct column_texts *t = tree->texts;
    int64_t room = -(int64_t)log2_q8(count);
    for (size_t column = 0; column < t->length; column++) {
        const struct present *present = &tree->present[column];
        if (present->count == 1 && count >= t->least) continue;
        struct byte_set set = expected_among(present, table->seen[column], &t->alphabet, t->least);
        room += log2_q8(set_size(&set));
        tree->work += present->count + 16;
    }
    return (int64_t)count * room;
}

/* Counts of the texts with a symbol in a column, and of the others. */
static void divide_table(struct tree *tree, const struct part *part, size_t column, uint8_t symbol) {
    const struct column_texts *t = tree->texts;
    for (size_t k = 0; k < t->length; k++)
        for (size_t i = 0; i < tree->present[k].count; i++)
            tree->yes->seen[k][tree->present[k].symbols[i]] = 0;
    for (size_t i = part->first; i < part->first + part->count; i++) {
        if (t->texts[i][column] != symbol) continue;
        for (size_t k = 0; k < t->length; k++) tree->yes->seen[k][t->texts[i][k]]++;
    }
    for (size_t k = 0; k < t->length; k++) {
        for (size_t i = 0; i < tree->present[k].count; i++) {
            uint8_t c = tree->present[k].symbols[i];
            tree->no->seen[k][c] = tree->all->seen[k][c] - tree->yes->seen[k][c];
        }
    }
    tree->work += part->count + tree->all->seen[column][symbol] * t->length;
}

static void find_best_question(struct tree *tree, struct part *part) {
    const struct column_texts *t = tree->texts;
    part->best = (struct question){.gain = 0};
    if (part->count < 2 * t->least || tree->work > t->work) return;
    count_symbols(tree, part->first, part->count);
    int64_t before = bits_in(tree, tree->all, part->count);
    int64_t least = 256 * QUESTION_BITS + (int64_t)part->count * 2;
    for (size_t column = 0; column < t->length; column++) {
        for (size_t i = 0; i < tree->present[column].count; i++) {
            uint8_t c = tree->present[column].symbols[i];
            size_t with = tree->all->seen[column][c];
            if (with < t->least || part->count - with < t->least) continue;
            divide_table(tree, part, column, c);
            int64_t gain =
                before - bits_in(tree, tree->yes, with) - bits_in(tree, tree->no, part->count - with);
            if (gain <= least || gain <= part->best.gain) continue;
            part->best = (struct question){.gain = gain, .column = column, .symbol = c};
        }
    }
}

/* Texts with the symbol go to the front. */
static void divide(struct tree *tree, size_t index) {
    struct part *part = &tree->parts[index], *rest = &tree->parts[tree->part_count++];
    const uint8_t **texts = tree->texts->texts + part->first;
    size_t with = 0;
    for (size_t i = 0; i < part->count; i++) {
        if (texts[i][part->best.column] != part->best.symbol) continue;
        const uint8_t *swapped = texts[i];
        texts[i] = texts[with];
        texts[with++] = swapped;
    }
    *rest = (struct part){.first = part->first + with, .count = part->count - with};
    part->count = with;
    find_best_question(tree, part);
    find_best_question(tree, rest);
}

static void grow(struct tree *tree, size_t limit) {
    tree->parts[0] = (struct part){.first = 0, .count = tree->texts->count};
    tree->part_count = 1;
    find_best_question(tree, &tree->parts[0]);
    while (tree->part_count < limit) {
        size_t best = 0;
        for (size_t i = 1; i < tree->part_count; i++)
            if (tree->parts[i].best.gain > tree->parts[best].best.gain) best = i;
        if (tree->parts[best].best.gain == 0) return;
        divide(tree, best);
    }
}

static void make_class(struct column_class *class, const struct tree *tree, size_t first, size_t count) {
    const struct column_texts *t = tree->texts;
    count_symbols(tree, first, count);
    for (size_t column = 0; column < t->length; column++)
        class->sets[column] = expected_set(tree->all->seen[column], &t->alphabet, t->least);
    class->density = (int64_t)log2_q8(count) - room_of(class->sets, t->length);
}

static void make_classes(struct tree *tree, struct column_class *classes, size_t limit) {
    grow(tree, limit - 1);
    for (size_t i = 0; i < tree->part_count; i++)
        make_class(&classes[i], tree, tree->parts[i].first, tree->parts[i].count);
    if (tree->part_count == 1) return;
    make_class(&classes[tree->part_count], tree, 0, tree->texts->count);
    classes[tree->part_count].density -= (int64_t)log2_q8(tree->texts->count) + 256;
    tree->part_count++;
}

size_t find_classes(const struct column_texts *t, struct column_class *classes, size_t limit,
                    const vp_allocator *allocator) {
    struct tree tree = {.texts = t};
    struct table *tables = memory_alloc(allocator, 3 * sizeof *tables);
    tree.parts = memory_zeroed(allocator, limit * sizeof *tree.parts);
    tree.present = memory_alloc(allocator, COLUMNS * sizeof *tree.present);
    if (tables && tree.parts && tree.present) {
        tree.all = tables;
        tree.yes = tables + 1;
        tree.no = tables + 2;
        make_classes(&tree, classes, limit);
    }
    memory_free(allocator, tables);
    memory_free(allocator, tree.parts);
    memory_free(allocator, tree.present);
    return tree.part_count;
}
