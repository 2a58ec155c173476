/* Learns classes of texts, or one alphabet for long texts (encoders/pack.c). */
#include "columns.h"
#include "encoder.h"
#include "radix.h"

#include <stdlib.h>

enum {
    SAMPLES = 20000,               /* looked at */
    LENGTHS = 64,                  /* with columns of their own */
    CLASSES = 512,                 /* of all lengths, shared in proportion to their samples */
    CLASSES_EACH = 3,              /* that a length may have on top of its share */
    LARGEST_CLASS = BIG_BITS - 64, /* bits; leaves room for a sum of classes */
    LEAST = 5,                     /* samples for a class */
    WORK = 50000000,               /* steps in search of classes, some tenths of a second */
    CLASS_TEXT = 1024,
    FRAME_TEXT = 255,
    ALPHABETS = 1024
};

/* Where a class came from: columns of one length, or a run in a frame. */
struct planned_class {
    struct column_class columns;
    size_t head, tail, shortest, longest;
    struct byte_set run;
};

struct learning {
    const struct training *training;
    const uint8_t **texts;        /* of one length, or all */
    size_t sizes[CLASS_TEXT + 1]; /* how many samples have a size */
    size_t count, longest;
    size_t least; /* samples that must show what is taken for certain */
    struct planned_class classes[CLASSES + CLASSES_EACH * LENGTHS + 1];
    size_t class_count;
    struct byte_set alphabets[ALPHABETS];
    size_t alphabet_count;
    struct byte_set *sets; /* of the columns of all classes */
    size_t set_count, set_capacity;
    size_t prefix, suffix; /* bytes that all samples have in common */
};

static const struct sample *first_sample(const struct learning *l) {
    return &l->training->samples.items[0];
}

static size_t sample_step(const struct learning *l) {
    return l->training->samples.count / SAMPLES + 1;
}

/* ---- What all samples have in common -------------------------------------------------------- */

static void shorten_frame(struct learning *l, const struct sample *s) {
    const struct sample *first = first_sample(l);
    size_t i = 0;
    while (i < l->prefix && i < s->size && s->bytes[i] == first->bytes[i]) i++;
    l->prefix = i;
    for (i = 0; i < l->suffix && i < s->size; i++)
        if (s->bytes[s->size - 1 - i] != first->bytes[first->size - 1 - i]) break;
    l->suffix = i;
}

/* Sizes, prefix and suffix. A frame is nothing to rely on before enough samples have shown it. */
static void look_at_samples(struct learning *l) {
    const struct samples *samples = &l->training->samples;
    size_t shortest = SIZE_MAX;
    l->prefix = l->suffix = first_sample(l)->size < FRAME_TEXT ? first_sample(l)->size : FRAME_TEXT;
    for (size_t i = 0; i < samples->count; i += sample_step(l)) {
        const struct sample *s = &samples->items[i];
        if (s->size < 2) continue;
        l->count++;
        if (s->size <= CLASS_TEXT) l->sizes[s->size]++;
        if (s->size > l->longest) l->longest = s->size;
        if (s->size < shortest) shortest = s->size;
        shorten_frame(l, s);
    }
    if (l->count < 16 || l->count < l->training->min_count) l->prefix = l->suffix = 0;
    if (l->prefix >= shortest) l->prefix = shortest - 1;
    if (l->suffix >= shortest - l->prefix) l->suffix = shortest - l->prefix - 1;
}

/* The alphabet of what stands between prefix and suffix. */
static struct byte_set alphabet_inside(const struct learning *l) {
    uint32_t counts[256] = {0};
    struct byte_set seen = {{0, 0, 0, 0}};
    for (size_t i = 0; i < l->training->samples.count; i += sample_step(l)) {
        const struct sample *s = &l->training->samples.items[i];
        for (size_t k = l->prefix; s->size >= 2 && k < s->size - l->suffix; k++) {
            counts[s->bytes[k]]++;
            set_add(&seen, s->bytes[k]);
        }
    }
    return expected_set(counts, &seen, l->least);
}

/* ---- Classes -------------------------------------------------------------------------------- */

static void collect_texts(struct learning *l, size_t size, struct column_texts *t) {
    *t = (struct column_texts){.texts = l->texts, .length = size, .least = l->least};
    for (size_t i = 0; i < l->training->samples.count; i += sample_step(l)) {
        const struct sample *s = &l->training->samples.items[i];
        if (s->size == size) t->texts[t->count++] = s->bytes;
    }
    for (size_t column = 0; column < size; column++) {
        struct byte_set set = {{0, 0, 0, 0}};
        for (size_t i = 0; i < t->count; i++) set_add(&set, t->texts[i][column]);
        if (set_size(&set) > 1) set_unite(&t->alphabet, &set);
    }
}

static bool learn_length(struct learning *l, size_t size) {
    struct column_texts t;
    struct column_class found[CLASSES];
    collect_texts(l, size, &t);
    size_t limit = CLASSES_EACH - 1 + t.count * CLASSES / l->count;
    t.work = WORK / LENGTHS + (uint64_t)WORK * t.count / l->count;
    if (limit > CLASSES) limit = CLASSES;
    if (limit * size > l->set_capacity - l->set_count) return true;
    for (size_t i = 0; i < limit; i++) found[i].sets = l->sets + l->set_count + i * size;
    size_t count = find_classes(&t, found, limit, &l->training->allocator);
    l->set_count += count * size;
    for (size_t i = 0; i < count; i++)
        if (room_of(found[i].sets, size) <= (int64_t)LARGEST_CLASS * 256)
            l->classes[l->class_count++] = (struct planned_class){.columns = found[i], .head = size};
    return count > 0;
}

/* Columns pay for lengths that are met often enough. */
static bool learn_lengths(struct learning *l) {
    size_t least = l->count / 500 > 8 ? l->count / 500 : 8;
    for (size_t lengths = 0, size = 2; size <= COLUMNS && lengths < LENGTHS; size++) {
        if (l->sizes[size] < least || l->sizes[size] < l->training->min_count) continue;
        if (!learn_length(l, size)) return false;
        lengths++;
    }
    return true;
}

/* Everything else over the alphabet, up to twice the length of the longest. */
static void add_run_class(struct learning *l) {
    const struct sample *s = first_sample(l);
    struct planned_class class = {.head = l->prefix, .tail = l->suffix, .run = alphabet_inside(l)};
    size_t frame = l->prefix + l->suffix, bits = log2_q8(set_size(&class.run)) + 1;
    class.longest = 2 * (l->longest - frame);
    if (class.longest > (size_t)LARGEST_CLASS * 256 / bits)
        class.longest = (size_t)LARGEST_CLASS * 256 / bits;
    if (class.longest > CLASS_TEXT - frame) class.longest = CLASS_TEXT - frame;
    class.shortest = frame ? 1 : 2;
    if (set_size(&class.run) < 2 || class.longest < class.shortest) return;
    if (frame > l->set_capacity - l->set_count) return;
    class.columns.sets = l->sets + l->set_count;
    l->set_count += frame;
    for (size_t i = 0; i < l->prefix; i++) class.columns.sets[i] = set_of(s->bytes + i, 1);
    for (size_t i = 0; i < l->suffix; i++)
        class.columns.sets[l->prefix + i] = set_of(s->bytes + s->size - l->suffix + i, 1);
    class.columns.density = INT64_MIN;
    l->classes[l->class_count++] = class;
}

static int denser_first(const void *a, const void *b) {
    const struct planned_class *x = a, *y = b;
    if (x->columns.density != y->columns.density) return x->columns.density > y->columns.density ? -1 : 1;
    return x->columns.sets < y->columns.sets ? -1 : x->columns.sets > y->columns.sets;
}

/* ---- Sections ------------------------------------------------------------------------------- */

/* The index of an alphabet, which is added if need be; ALPHABETS when there are too many. */
static size_t index_of(struct learning *l, const struct byte_set *set) {
    size_t i = 0;
    while (i < l->alphabet_count && memcmp(&l->alphabets[i], set, sizeof *set) != 0) i++;
    if (i == l->alphabet_count && i < ALPHABETS) l->alphabets[l->alphabet_count++] = *set;
    return i;
}

static void save_alphabets(const struct learning *l, struct writer *section) {
    put_varint(section, l->alphabet_count);
    for (size_t i = 0; i < l->alphabet_count; i++) {
        uint8_t symbols[256];
        size_t size = set_members(&l->alphabets[i], symbols);
        put_varint(section, size);
        put_bytes(section, symbols, size);
    }
}

/* Collects the alphabets of a class; false when there are too many. */
static bool index_class(struct learning *l, const struct planned_class *class) {
    bool known = class->longest == 0 || index_of(l, &class->run) < ALPHABETS;
    for (size_t i = 0; i < class->head + class->tail; i++)
        known = known && index_of(l, &class->columns.sets[i]) < ALPHABETS;
    return known;
}

static void save_class(struct learning *l, const struct planned_class *class, struct writer *section) {
    put_varint(section, class->head);
    put_varint(section, class->tail);
    put_varint(section, class->shortest);
    put_varint(section, class->longest);
    if (class->longest) put_varint(section, index_of(l, &class->run));
    for (size_t i = 0; i < class->head + class->tail; i++)
        put_varint(section, index_of(l, &class->columns.sets[i]));
}

static int learn_classes(struct learning *l, struct writer *section) {
    if (!learn_lengths(l)) return VP_ERR_MEMORY;
    add_run_class(l);
    qsort(l->classes, l->class_count, sizeof l->classes[0], denser_first);
    size_t kept = 0;
    for (size_t i = 0; i < l->class_count; i++)
        if (index_class(l, &l->classes[i])) l->classes[kept++] = l->classes[i];
    if (kept == 0) return VP_ERR_NO_SAMPLES;
    save_alphabets(l, section);
    put_varint(section, kept);
    for (size_t i = 0; i < kept; i++) save_class(l, &l->classes[i], section);
    return VP_OK;
}

static int learn_blocks(struct learning *l, struct writer *section) {
    struct byte_set inside = alphabet_inside(l);
    const struct sample *s = first_sample(l);
    if (set_size(&inside) < 2 || set_size(&inside) > 128) return VP_ERR_NO_SAMPLES;
    index_of(l, &inside);
    save_alphabets(l, section);
    put_varint(section, 0);
    put_varint(section, 0);
    put_varint(section, l->prefix);
    put_bytes(section, s->bytes, l->prefix);
    put_varint(section, l->suffix);
    put_bytes(section, s->bytes + s->size - l->suffix, l->suffix);
    return VP_OK;
}

/* Variant 0: classes. Variant 1: one alphabet in blocks, for texts of any length. */
static int train(const struct training *t, unsigned variant, struct writer *section) {
    const vp_allocator *a = &t->allocator;
    struct learning *l = memory_zeroed(a, sizeof *l);
    if (!l) return VP_ERR_MEMORY;
    l->training = t;
    l->set_capacity = 65536;
    l->least = t->min_count > LEAST ? (size_t)t->min_count : LEAST;
    l->texts = memory_alloc(a, SAMPLES * sizeof *l->texts);
    l->sets = memory_zeroed(a, l->set_capacity * sizeof *l->sets);
    int status = l->texts && l->sets ? VP_OK : VP_ERR_MEMORY;
    if (status == VP_OK) {
        look_at_samples(l);
        if (l->count == 0) status = VP_ERR_NO_SAMPLES;
        else status = variant ? learn_blocks(l, section) : learn_classes(l, section);
    }
    memory_free(a, l->texts);
    memory_free(a, l->sets);
    memory_free(a, l);
    return status;
}

const struct encoder_trainer trainer_pack = {.id = ENCODER_ID_pack, .variants = 2, .train = train};
