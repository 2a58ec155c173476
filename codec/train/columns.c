#include "columns.h"

/* A question that saves fewer bits than this is noise, and so are parts of fewer samples. */
enum { QUESTION_BITS = 32, PART_SAMPLES = 16 };

/* How often each character was seen at each position. */
struct table {
    uint32_t seen[COLUMNS][256];
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
    struct table *all, *yes, *no;
};

int64_t room_of(const struct byte_set *sets, size_t count) {
    int64_t room = 0;
    for (size_t i = 0; i < count; i++) room += log2_q8(set_size(&sets[i]));
    return room;
}

struct byte_set expected_set(const uint32_t *counts, const struct byte_set *alphabet) {
    struct byte_set set = {{0, 0, 0, 0}};
    unsigned once = 0, size = 0;
    uint32_t sum = 0;
    for (unsigned c = 0; c < 256; c++) {
        if (!counts[c]) continue;
        set_add(&set, (uint8_t)c);
        size++;
        once += counts[c] == 1;
        sum += counts[c];
    }
    /* The share of what was seen once is that of what was not seen (Good, 1953). */
    if ((size == 1 && sum >= PART_SAMPLES) || (once == 0 && sum >= 4 * size)) return set;
    unsigned number = smallest_alphabet(&set);
    const char *known = known_alphabet(number);
    if (!known || strlen(known) > set_size(alphabet)) {
        set_unite(&set, alphabet);
        return set;
    }
    return set_of(known, strlen(known));
}

static void count_symbols(const struct column_texts *t, size_t first, size_t count, struct table *table) {
    memset(table->seen, 0, t->length * sizeof table->seen[0]);
    for (size_t i = first; i < first + count; i++)
        for (size_t column = 0; column < t->length; column++) table->seen[column][t->texts[i][column]]++;
}

/* Bits for samples in the room of a table, 1/256 each. */
static int64_t bits_in(const struct table *table, const struct column_texts *t, size_t count) {
    int64_t room = -(int64_t)log2_q8(count);
    for (size_t column = 0; column < t->length; column++) {
        struct byte_set set = expected_set(table->seen[column], &t->alphabet);
        room += log2_q8(set_size(&set));
    }
    return (int64_t)count * room;
}

/* Counts of the texts with a symbol in a column, and of the others. */
static void divide_table(const struct tree *tree, const struct part *part, size_t column, uint8_t symbol) {
    const struct column_texts *t = tree->texts;
    memset(tree->yes->seen, 0, t->length * sizeof tree->yes->seen[0]);
    for (size_t i = part->first; i < part->first + part->count; i++) {
        if (t->texts[i][column] != symbol) continue;
        for (size_t k = 0; k < t->length; k++) tree->yes->seen[k][t->texts[i][k]]++;
    }
    for (size_t k = 0; k < t->length; k++)
        for (unsigned c = 0; c < 256; c++) tree->no->seen[k][c] = tree->all->seen[k][c] - tree->yes->seen[k][c];
}

static void find_best_question(const struct tree *tree, struct part *part) {
    const struct column_texts *t = tree->texts;
    part->best = (struct question){.gain = 0};
    if (part->count < 2 * PART_SAMPLES) return;
    count_symbols(t, part->first, part->count, tree->all);
    int64_t before = bits_in(tree->all, t, part->count), least = 256 * QUESTION_BITS + (int64_t)part->count * 2;
    for (size_t column = 0; column < t->length; column++) {
        for (unsigned c = 0; c < 256; c++) {
            size_t with = tree->all->seen[column][c];
            if (with < PART_SAMPLES || part->count - with < PART_SAMPLES) continue;
            divide_table(tree, part, column, (uint8_t)c);
            int64_t gain = before - bits_in(tree->yes, t, with) - bits_in(tree->no, t, part->count - with);
            if (gain <= least || gain <= part->best.gain) continue;
            part->best = (struct question){.gain = gain, .column = column, .symbol = (uint8_t)c};
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
    count_symbols(t, first, count, tree->all);
    for (size_t column = 0; column < t->length; column++)
        class->sets[column] = expected_set(tree->all->seen[column], &t->alphabet);
    class->density = (int64_t)log2_q8(count) - room_of(class->sets, t->length);
}

size_t find_classes(const struct column_texts *t, struct column_class *classes, size_t limit,
                    const vp_allocator *allocator) {
    struct tree tree = {.texts = t};
    struct table *tables = memory_alloc(allocator, 3 * sizeof *tables);
    tree.parts = memory_zeroed(allocator, limit * sizeof *tree.parts);
    if (tables && tree.parts) {
        tree.all = tables;
        tree.yes = tables + 1;
        tree.no = tables + 2;
        grow(&tree, limit - 1);
        for (size_t i = 0; i < tree.part_count; i++)
            make_class(&classes[i], &tree, tree.parts[i].first, tree.parts[i].count);
        if (tree.part_count > 1) {
            make_class(&classes[tree.part_count], &tree, 0, t->count);
            classes[tree.part_count].density -= (int64_t)log2_q8(t->count) + 256;
            tree.part_count++;
        }
    }
    memory_free(allocator, tables);
    memory_free(allocator, tree.parts);
    return tree.part_count;
}
