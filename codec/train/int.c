/* Learns templates of numbers and the boxes in which their values lie (encoders/int.c). */
#include "boxes.h"
#include "skeletons.h"

#include <stdlib.h>

enum {
    SAMPLES = 20000, /* looked at */
    TEMPLATES = 64,
    BOXES = 256,   /* shared by the templates in proportion to their samples */
    SIDES = 4096,  /* and so the sides of boxes */
    BOXES_EACH = 6 /* that a template may have on top of its share */
};

/* Bits that a cut must save, by variant. A few can be chance, but where the same numbers come again and
   again it is rather the few that are: the comparison on held-out samples tells. */
static const unsigned split_bits[] = {12, 3};

struct grouped {
    uint64_t skeleton; /* hash; a collision only makes samples that do not follow the template */
    uint32_t sample;
};

struct group {
    size_t first, count;
};

struct learning {
    const struct training *training;
    unsigned split_bits;
    struct grouped *grouped;
    uint32_t *samples; /* in the order of `grouped` */
    size_t count;
    struct group groups[TEMPLATES];
    size_t group_count;
    struct template templates[TEMPLATES];
    size_t template_count;
    struct plan plan;
};

/* FNV-1a over kinds of tokens and the characters between words and numbers; 0 = not for templates,
   which a value of one byte never is: nothing is shorter than leaving it as it is. */
static uint64_t skeleton_of(const struct sample *s) {
    struct token tokens[SKELETON_TOKENS];
    size_t count = s->size > 1 ? split_tokens(s, tokens) : 0;
    uint64_t hash = 0xCBF29CE484222325u;
    bool numbers = false;
    for (size_t i = 0; i < count; i++) {
        unsigned symbol = tokens[i].kind == TOKEN_OTHER ? s->bytes[tokens[i].at] : 256u + tokens[i].kind;
        hash = (hash ^ symbol) * 0x100000001B3u;
        numbers = numbers || tokens[i].kind == TOKEN_NUMBER;
    }
    return numbers ? hash | 1 : 0;
}

static int by_skeleton(const void *a, const void *b) {
    const struct grouped *x = a, *y = b;
    if (x->skeleton != y->skeleton) return x->skeleton < y->skeleton ? -1 : 1;
    return x->sample < y->sample ? -1 : x->sample > y->sample;
}

/* Keeps the largest groups, largest first; the earlier sample decides between equals. */
static void keep_group(struct learning *l, struct group g) {
    size_t at = l->group_count < TEMPLATES ? l->group_count++ : TEMPLATES;
    while (at > 0) {
        const struct group *other = &l->groups[at - 1];
        if (other->count > g.count) break;
        if (other->count == g.count && l->samples[other->first] < l->samples[g.first]) break;
        if (at < TEMPLATES) l->groups[at] = *other;
        at--;
    }
    if (at < TEMPLATES) l->groups[at] = g;
}

static void group_samples(struct learning *l) {
    size_t step = l->training->samples.count / SAMPLES + 1;
    for (size_t i = 0; i < l->training->samples.count && l->count < SAMPLES; i += step) {
        uint64_t skeleton = skeleton_of(&l->training->samples.items[i]);
        if (skeleton) l->grouped[l->count++] = (struct grouped){.skeleton = skeleton, .sample = (uint32_t)i};
    }
    qsort(l->grouped, l->count, sizeof *l->grouped, by_skeleton);
    for (size_t i = 0; i < l->count; i++) l->samples[i] = l->grouped[i].sample;
    uint64_t least = l->training->min_count > 4 ? l->training->min_count : 4;
    if (least < l->count / 2000) least = l->count / 2000;
    for (size_t first = 0, end; first < l->count; first = end) {
        for (end = first + 1; end < l->count && l->grouped[end].skeleton == l->grouped[first].skeleton;)
            end++;
        if (end - first >= least) keep_group(l, (struct group){.first = first, .count = end - first});
    }
}

/* Ranks of all samples of a group that follow the template; returns how many do. */
static size_t find_ranks(const struct learning *l, const struct group *g, const struct template *t,
                         uint64_t *ranks) {
    size_t count = 0;
    for (size_t i = 0; i < g->count; i++) {
        const struct sample *s = &l->training->samples.items[l->samples[g->first + i]];
        count += template_parse(t, s->bytes, s->size, ranks + count * t->field_count);
    }
    return count;
}

static bool find_favourites(const struct learning *l, struct template *t, const uint64_t *ranks,
                            size_t count) {
    uint64_t *column = memory_alloc(&l->training->allocator, count * sizeof *column);
    bool done = column != NULL;
    size_t field = 0;
    for (size_t i = 0; done && i < t->piece_count; i++) {
        if (t->pieces[i].kind == PIECE_LITERAL) continue;
        for (size_t k = 0; k < count; k++) column[k] = ranks[k * t->field_count + field];
        field++;
        if (t->pieces[i].kind != PIECE_CHOICE)
            done = choose_favourites(&t->pieces[i], column, count, l->training);
    }
    memory_free(&l->training->allocator, column);
    return done;
}

/* Each template gets boxes in proportion to its samples, and a few in any case. */
static size_t box_limit(const struct learning *l, const struct group *g, size_t fields) {
    size_t boxes = g->count * BOXES / l->count, sides = g->count * SIDES / l->count / (fields + 1);
    return BOXES_EACH - 1 + (boxes < sides ? boxes : sides);
}

static bool learn_template(struct learning *l, const struct group *g) {
    const vp_allocator *a = &l->training->allocator;
    struct template *t = &l->templates[l->template_count];
    struct skeleton skeleton = {.samples = l->samples + g->first, .count = g->count};
    bool done = draft_template(t, l->training, &skeleton);
    uint64_t *ranks = done ? memory_alloc(a, (g->count + 1) * (t->field_count + 1) * sizeof *ranks) : NULL;
    size_t count = ranks ? find_ranks(l, g, t, ranks) : 0;
    done = count > 0 && count * 2 >= g->count && find_favourites(l, t, ranks, count);
    if (done) {
        struct points points = {.ranks = ranks, .template = l->template_count, .fields = t->field_count};
        points.count = find_ranks(l, g, t, ranks);
        struct cutting cutting = {.limit = box_limit(l, g, t->field_count),
                                  .least = (size_t)l->training->min_count,
                                  .split_bits = l->split_bits};
        struct plan before = l->plan;
        done = plan_boxes(&l->plan, t, &points, &cutting, a);
        if (!done) l->plan = before;
    }
    memory_free(a, ranks);
    if (done) l->template_count++;
    else template_free(t, a);
    return done;
}

static void save(struct learning *l, struct writer *section) {
    const struct plan *plan = &l->plan;
    plan_sort(&l->plan);
    put_varint(section, l->template_count);
    for (size_t i = 0; i < l->template_count; i++) template_save(&l->templates[i], section);
    put_varint(section, plan->box_count);
    for (size_t i = 0; i < plan->box_count; i++) {
        const struct planned_box *box = &plan->boxes[i];
        put_varint(section, box->template);
        for (size_t k = 0; k < l->templates[box->template].field_count; k++) {
            const struct sides *side = &plan->sides[box->first_side + k];
            put_varint(section, side->low);
            put_varint(section, side->count);
            put_varint(section, side->stride);
        }
    }
}

static int learn(struct learning *l, struct writer *section) {
    group_samples(l);
    for (size_t i = 0; i < l->group_count; i++) learn_template(l, &l->groups[i]);
    if (l->template_count == 0) return VP_ERR_NO_SAMPLES;
    save(l, section);
    return VP_OK;
}

/* The training's allocator, but one that remembers having failed: a template left out for want of
   memory must not pass for one that does not pay. */
struct noting {
    vp_allocator inner;
    bool failed;
};

static void *noting_alloc(void *opaque, size_t size) {
    struct noting *n = opaque;
    void *pointer = memory_alloc(&n->inner, size);
    n->failed = n->failed || !pointer;
    return pointer;
}

static void noting_release(void *opaque, void *pointer) {
    struct noting *n = opaque;
    memory_free(&n->inner, pointer);
}

static bool allocate(struct learning *l, const vp_allocator *a) {
    l->plan.box_capacity = BOXES + BOXES_EACH * TEMPLATES;
    l->plan.side_capacity = SIDES + BOXES_EACH * TEMPLATES * TEMPLATE_FIELDS;
    l->grouped = memory_alloc(a, SAMPLES * sizeof *l->grouped);
    l->samples = memory_alloc(a, SAMPLES * sizeof *l->samples);
    l->plan.boxes = memory_alloc(a, l->plan.box_capacity * sizeof *l->plan.boxes);
    l->plan.sides = memory_alloc(a, l->plan.side_capacity * sizeof *l->plan.sides);
    return l->grouped && l->samples && l->plan.boxes && l->plan.sides;
}

static int train(const struct training *t, unsigned variant, struct writer *section) {
    struct noting noting = {.inner = t->allocator, .failed = false};
    struct training noted = *t;
    noted.allocator = (vp_allocator){.alloc = noting_alloc, .release = noting_release, .opaque = &noting};
    const vp_allocator *a = &noted.allocator;
    struct learning *l = memory_zeroed(a, sizeof *l);
    if (!l) return VP_ERR_MEMORY;
    l->training = &noted;
    l->split_bits = split_bits[variant];
    int status = allocate(l, a) ? learn(l, section) : VP_ERR_MEMORY;
    for (size_t i = 0; i < l->template_count; i++) template_free(&l->templates[i], a);
    memory_free(a, l->grouped);
    memory_free(a, l->samples);
    memory_free(a, l->plan.boxes);
    memory_free(a, l->plan.sides);
    memory_free(a, l);
    return noting.failed ? VP_ERR_MEMORY : status;
}

const struct encoder_trainer trainer_int = {.id = ENCODER_ID_int, .variants = 2, .train = train};
