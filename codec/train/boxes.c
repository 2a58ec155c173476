#include "boxes.h"
#include "radix.h"
#include "training.h"

#include <stdlib.h>

enum { LARGEST_BOX = BIG_BITS - 64 /* bits; leaves room for a sum of boxes */, STRIDE_SAMPLES = 64 };

struct cut {
    int64_t gain; /* in 1/256 bit; 0 = no cut pays */
    size_t field;
    uint64_t at; /* ranks below go left */
};

struct leaf {
    size_t first, count; /* in tree.order */
    struct cut best;
};

struct tree {
    const struct points *points;
    const struct cutting *cutting;
    uint32_t *order; /* samples, those of a leaf together */
    uint64_t *column;
    struct leaf *leaves;
    struct sides *sides; /* of each leaf */
    size_t leaf_count;
};

static int ascending(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* The ranks of one field of the samples of a leaf, in ascending order. */
static const uint64_t *sorted_column(const struct tree *tree, const struct leaf *leaf, size_t field) {
    for (size_t i = 0; i < leaf->count; i++)
        tree->column[i] = tree->points->ranks[tree->order[leaf->first + i] * tree->points->fields + field];
    qsort(tree->column, leaf->count, sizeof *tree->column, ascending);
    return tree->column;
}

/* Bits for n samples in this room, without what all cuts have in common. */
static int64_t bits_for(size_t n, uint64_t room) {
    return (int64_t)n * ((int64_t)log2_q8(room) - (int64_t)log2_q8(n));
}

/* A cut with `left` samples below it. */
static void try_cut(const struct tree *tree, struct leaf *leaf, const struct sides *side, struct cut cut,
                    size_t left) {
    if (cut.at <= side->low || cut.at - side->low >= side->count) return;
    size_t right = leaf->count - left, least = tree->cutting->least;
    if ((left && left < least) || (right && right < least)) return;
    uint64_t left_room = cut.at - side->low;
    cut.gain = bits_for(leaf->count, side->count) - bits_for(left, left_room) -
               bits_for(right, side->count - left_room);
    if (cut.gain > leaf->best.gain) leaf->best = cut;
}

static void find_best_cut(const struct tree *tree, size_t leaf_index) {
    struct leaf *leaf = &tree->leaves[leaf_index];
    leaf->best = (struct cut){.gain = 256 * (int64_t)tree->cutting->split_bits + (int64_t)leaf->count};
    int64_t threshold = leaf->best.gain;
    for (size_t field = 0; field < tree->points->fields && leaf->count; field++) {
        const struct sides *side = &tree->sides[leaf_index * tree->points->fields + field];
        if (side->count == 1) continue;
        const uint64_t *ranks = sorted_column(tree, leaf, field);
        for (size_t i = 0; i <= leaf->count; i++) {
            if (i > 0 && i < leaf->count && ranks[i] == ranks[i - 1]) continue;
            struct cut cut = {.field = field};
            cut.at = i > 0 ? ranks[i - 1] + 1 : 0;
            if (i > 0) try_cut(tree, leaf, side, cut, i);
            cut.at = i < leaf->count ? ranks[i] : 0;
            if (i < leaf->count) try_cut(tree, leaf, side, cut, i);
        }
    }
    if (leaf->best.gain == threshold) leaf->best.gain = 0;
}

/* Moves samples below the cut to the front of the leaf; returns how many. */
static size_t partition(const struct tree *tree, const struct leaf *leaf) {
    uint32_t *order = tree->order + leaf->first;
    size_t left = 0;
    for (size_t i = 0; i < leaf->count; i++) {
        if (tree->points->ranks[order[i] * tree->points->fields + leaf->best.field] >= leaf->best.at)
            continue;
        uint32_t swapped = order[i];
        order[i] = order[left];
        order[left++] = swapped;
    }
    return left;
}

static void split(struct tree *tree, size_t leaf_index) {
    size_t fields = tree->points->fields, right_index = tree->leaf_count++;
    struct leaf *left = &tree->leaves[leaf_index], *right = &tree->leaves[right_index];
    struct sides *left_sides = &tree->sides[leaf_index * fields],
                 *right_sides = &tree->sides[right_index * fields];
    struct cut cut = left->best;
    size_t below = partition(tree, left);
    *right = (struct leaf){.first = left->first + below, .count = left->count - below};
    left->count = below;
    memcpy(right_sides, left_sides, fields * sizeof *right_sides);
    uint64_t room = cut.at - left_sides[cut.field].low;
    left_sides[cut.field].count = room;
    right_sides[cut.field].low += room;
    right_sides[cut.field].count -= room;
    find_best_cut(tree, leaf_index);
    find_best_cut(tree, right_index);
}

static void grow(struct tree *tree) {
    find_best_cut(tree, 0);
    while (tree->leaf_count < tree->cutting->limit) {
        size_t best = 0;
        for (size_t i = 1; i < tree->leaf_count; i++)
            if (tree->leaves[i].best.gain > tree->leaves[best].best.gain) best = i;
        if (tree->leaves[best].best.gain == 0) return;
        split(tree, best);
    }
}

/* Beyond the outermost samples the box goes on as far as the distance to the next ones inside:
   nothing for a field whose ends are often met, far for one with a long tail. */
static struct sides widened(const uint64_t *ranks, size_t count, uint64_t limit) {
    size_t inside = count / 2000 + 3 < count ? count / 2000 + 3 : count - 1;
    uint64_t low = ranks[0], high = ranks[count - 1];
    uint64_t below = ranks[inside] - low, above = high - ranks[count - 1 - inside];
    low = below < low ? low - below : 0;
    high = above < limit - 1 - high ? high + above : limit - 1;
    return (struct sides){.low = low, .count = high - low + 1, .stride = 1};
}

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b) {
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

uint64_t common_step(const uint64_t *ascending_ranks, size_t count) {
    uint64_t step = 0;
    for (size_t i = 1; i < count; i++)
        step = greatest_common_divisor(step, ascending_ranks[i] - ascending_ranks[0]);
    return step ? step : 1;
}

/* Where all samples of a leaf lie in step, the steps are enough. */
static void find_stride(const struct tree *tree, const struct leaf *leaf, size_t field, struct sides *side) {
    const uint64_t *ranks = sorted_column(tree, leaf, field);
    uint64_t step = common_step(ranks, leaf->count);
    if (step == 1) return;
    uint64_t high = side->low + side->count - 1;
    side->low = ranks[0] - (ranks[0] - side->low) / step * step;
    side->count = (high - side->low) / step + 1;
    side->stride = step;
}

static bool add_box(struct plan *plan, const struct points *points, const struct sides *sides,
                    int64_t density) {
    size_t fields = points->fields;
    if (plan->box_count == plan->box_capacity || fields > plan->side_capacity - plan->side_count)
        return false;
    int64_t room = 0;
    for (size_t i = 0; i < fields; i++) room += log2_q8(sides[i].count) + 1;
    if (room > LARGEST_BOX * 256) return false;
    plan->boxes[plan->box_count++] = (struct planned_box){
        .template = points->template, .first_side = plan->side_count, .density = density - room};
    if (fields) memcpy(plan->sides + plan->side_count, sides, fields * sizeof *sides);
    plan->side_count += fields;
    return true;
}

static bool add_leaves(struct plan *plan, const struct tree *tree) {
    size_t fields = tree->points->fields;
    for (size_t i = 0; i < tree->leaf_count; i++) {
        const struct leaf *leaf = &tree->leaves[i];
        struct sides *sides = &tree->sides[i * fields];
        for (size_t field = 0; leaf->count >= STRIDE_SAMPLES && field < fields; field++)
            find_stride(tree, leaf, field, &sides[field]);
        if (!add_box(plan, tree->points, sides, (int64_t)log2_q8(2 * leaf->count + 1) - 256)) return false;
    }
    return true;
}

/* The box behind the others: every option, and one digit more than any sample has. */
static bool add_widest_box(struct plan *plan, const struct template *t, struct tree *tree) {
    struct sides sides[TEMPLATE_FIELDS] = {{.low = 0}};
    struct leaf all = {.first = 0, .count = tree->points->count};
    size_t field = 0;
    for (size_t i = 0; i < t->piece_count; i++) {
        const struct piece *p = &t->pieces[i];
        if (p->kind == PIECE_LITERAL) continue;
        uint64_t ranks = piece_ranks(p);
        if (p->kind != PIECE_CHOICE) {
            uint64_t largest = sorted_column(tree, &all, field)[all.count - 1];
            size_t digits = 1;
            while (digits < RUN_DIGITS && digits_ordinals(p->kind, digits) <= largest) digits++;
            if (digits < RUN_DIGITS) ranks = digits_ordinals(p->kind, digits + 1);
        }
        sides[field++] = (struct sides){.low = 0, .count = ranks, .stride = 1};
    }
    return add_box(plan, tree->points, sides, -512);
}

static bool plan_tree(struct plan *plan, const struct template *t, struct tree *tree) {
    size_t field = 0;
    tree->leaves[0] = (struct leaf){.first = 0, .count = tree->points->count};
    tree->leaf_count = 1;
    for (size_t i = 0; i < tree->points->count; i++) tree->order[i] = (uint32_t)i;
    for (size_t i = 0; i < t->piece_count; i++) {
        if (t->pieces[i].kind == PIECE_LITERAL) continue;
        const uint64_t *ranks = sorted_column(tree, &tree->leaves[0], field);
        tree->sides[field++] = widened(ranks, tree->points->count, piece_ranks(&t->pieces[i]));
    }
    grow(tree);
    return add_leaves(plan, tree) && add_widest_box(plan, t, tree);
}

bool plan_boxes(struct plan *plan, const struct template *t, const struct points *points,
                const struct cutting *cutting, const vp_allocator *allocator) {
    struct tree tree = {.points = points, .cutting = cutting};
    tree.order = memory_alloc(allocator, points->count * sizeof *tree.order);
    tree.column = memory_alloc(allocator, points->count * sizeof *tree.column);
    tree.leaves = memory_zeroed(allocator, cutting->limit * sizeof *tree.leaves);
    tree.sides = memory_zeroed(allocator, cutting->limit * (points->fields + 1) * sizeof *tree.sides);
    bool done = tree.order && tree.column && tree.leaves && tree.sides && plan_tree(plan, t, &tree);
    memory_free(allocator, tree.order);
    memory_free(allocator, tree.column);
    memory_free(allocator, tree.leaves);
    memory_free(allocator, tree.sides);
    return done;
}

static int denser_first(const void *a, const void *b) {
    const struct planned_box *x = a, *y = b;
    if (x->density != y->density) return x->density > y->density ? -1 : 1;
    if (x->template != y->template) return x->template <y->template ? -1 : 1;
    return x->first_side < y->first_side ? -1 : x->first_side > y->first_side;
}

void plan_sort(struct plan *plan) {
    qsort(plan->boxes, plan->box_count, sizeof *plan->boxes, denser_first);
}
