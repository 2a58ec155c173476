#include "json.h"
#include "pack.h"

enum { CLASSES = 1024, ALPHABETS = 4096, FRAME_TEXT = 1024 };

void pack_unload(void *params, const vp_allocator *allocator) {
    struct pack_params *p = params;
    memory_free(allocator, p->alphabets);
    memory_free(allocator, p->classes);
    memory_free(allocator, p->columns);
    memory_free(allocator, p->texts);
    memory_free(allocator, p->places);
    memory_free(allocator, p->radices);
    memory_free(allocator, p->starts);
    memory_free(allocator, p->packing);
    memory_free(allocator, p);
}

static bool fails(struct loading *l, int status, const struct reader *at, const char *problem) {
    loading_fails(l, status, at->at, problem);
    return false;
}

/* An array of `count` members for whatever the section holds; each takes a byte of it at least. */
static void *array_for(uint64_t count, size_t member, struct reader *section, struct loading *l) {
    void *array = NULL;
    if (section->bad || count > reader_left(section))
        fails(l, VP_ERR_PROFILE, section, "more parts than bytes");
    else if (!(array = memory_zeroed(&l->allocator, (size_t)(count + 1) * member)))
        fails(l, VP_ERR_MEMORY, section, "no memory for parameters");
    return array;
}

static bool load_alphabets(struct pack_params *p, struct reader *section, struct loading *l) {
    uint64_t count = take_varint(section);
    if (count == 0 || count > ALPHABETS)
        return fails(l, VP_ERR_PROFILE, section, "wrong number of alphabets");
    p->alphabets = array_for(count, sizeof *p->alphabets, section, l);
    if (!p->alphabets) return false;
    p->alphabet_count = (size_t)count;
    for (size_t i = 0; i < p->alphabet_count; i++) {
        uint64_t size = take_varint(section);
        const uint8_t *symbols = size > 0 && size <= 256 ? take_bytes(section, (size_t)size) : NULL;
        if (!symbols || !alphabet_make(&p->alphabets[i], symbols, (size_t)size))
            return fails(l, VP_ERR_PROFILE, section, "an alphabet is not in order");
    }
    return true;
}

static const struct alphabet *load_alphabet(const struct pack_params *p, struct reader *section,
                                            struct loading *l) {
    uint64_t index = take_varint(section);
    if (!section->bad && index < p->alphabet_count) return &p->alphabets[index];
    fails(l, VP_ERR_PROFILE, section, "an unknown alphabet");
    return NULL;
}

/* Multiplies into `room` how many runs the class has. */
static bool load_run(const struct pack_params *p, struct class *class, struct big *room,
                     struct reader *section, struct loading *l) {
    class->run = load_alphabet(p, section, l);
    if (!class->run) return false;
    class->run_radix = radix_of(class->run->size);
    struct big power = {.limbs = {1}, .used = 1};
    class->shortest_runs = power;
    bool held = class->run->size > 1 && class->shortest <= class->longest;
    *room = big_zero();
    for (size_t i = 0; held && i <= class->longest; i++) {
        if (i == class->shortest) class->shortest_runs = power;
        held =
            (i < class->shortest || big_add(room, &power)) && big_multiply_add(&power, class->run->size, 0);
    }
    return held || fails(l, VP_ERR_PROFILE, section, "a run is too long");
}

/* How much of the arrays of columns is used. */
struct filling {
    size_t columns, varying;
};

static void add_column(struct pack_params *p, struct class *class, struct filling *f,
                       const struct alphabet *a) {
    p->texts[f->columns] = a->symbols[0];
    p->columns[f->columns] = a;
    if (a->size > 1) {
        p->places[f->varying] = (uint16_t)(f->columns - class->columns);
        p->radices[f->varying++] = radix_of(a->size);
        class->varying_count++;
    }
    f->columns++;
}

static bool load_class(struct pack_params *p, size_t i, struct filling *f, struct reader *section,
                       struct loading *l) {
    struct class *class = &p->classes[i];
    struct big room = {.limbs = {1}, .used = 1};
    size_t *const sizes[] = {&class->head, &class->tail, &class->shortest, &class->longest};
    size_t sum = 0;
    for (size_t k = 0; k < 4; k++) {
        uint64_t size = take_varint(section);
        if (section->bad || size > CLASS_TEXT)
            return fails(l, VP_ERR_PROFILE, section, "a class is too long");
        *sizes[k] = (size_t)size;
        sum += k == 2 ? 0 : (size_t)size;
    }
    if (sum > CLASS_TEXT || sum == 0 || (class->longest == 0 && class->shortest > 0))
        return fails(l, VP_ERR_PROFILE, section, "a class is too long");
    if (class->longest && !load_run(p, class, &room, section, l)) return false;
    class->columns = f->columns;
    class->varying = f->varying;
    for (size_t k = 0; k < class->head + class->tail; k++) {
        const struct alphabet *a = load_alphabet(p, section, l);
        if (!a) return false;
        add_column(p, class, f, a);
        if (!big_multiply_add(&room, a->size, 0))
            return fails(l, VP_ERR_PROFILE, section, "a class is too large");
    }
    p->starts[i + 1] = p->starts[i];
    return big_add(&p->starts[i + 1], &room) ||
           fails(l, VP_ERR_PROFILE, section, "the classes are too large");
}

static bool load_classes(struct pack_params *p, struct reader *section, struct loading *l) {
    p->starts = array_for(p->class_count, sizeof *p->starts, section, l);
    p->classes = array_for(p->class_count, sizeof *p->classes, section, l);
    p->columns = array_for(reader_left(section), sizeof *p->columns, section, l);
    p->texts = array_for(reader_left(section), sizeof *p->texts, section, l);
    p->places = array_for(reader_left(section), sizeof *p->places, section, l);
    p->radices = array_for(reader_left(section), sizeof *p->radices, section, l);
    if (!p->starts || !p->classes || !p->columns || !p->texts || !p->places || !p->radices) return false;
    struct filling filling = {0, 0};
    for (size_t i = 0; i < p->class_count; i++)
        if (!load_class(p, i, &filling, section, l)) return false;
    return true;
}

static bool load_frame(struct pack_params *p, struct reader *section, struct loading *l) {
    const struct alphabet *a = load_alphabet(p, section, l);
    if (!a) return false;
    p->packing = memory_alloc(&l->allocator, sizeof *p->packing);
    if (!p->packing) return fails(l, VP_ERR_MEMORY, section, "no memory for an alphabet");
    if (a->size < 2 || !packing_make(p->packing, a->symbols, a->size))
        return fails(l, VP_ERR_PROFILE, section, "an alphabet of one symbol");
    uint64_t prefix = take_varint(section);
    p->prefix_size = prefix <= FRAME_TEXT ? (size_t)prefix : 0;
    p->prefix = take_bytes(section, p->prefix_size);
    uint64_t suffix = take_varint(section);
    p->suffix_size = suffix <= FRAME_TEXT ? (size_t)suffix : 0;
    p->suffix = take_bytes(section, p->suffix_size);
    if (section->bad || prefix > FRAME_TEXT || suffix > FRAME_TEXT)
        return fails(l, VP_ERR_PROFILE, section, "a prefix or suffix is too long");
    return true;
}

static bool load_all(struct pack_params *p, struct reader *section, struct loading *l) {
    if (!load_alphabets(p, section, l)) return false;
    uint64_t count = take_varint(section);
    if (section->bad || count > CLASSES) return fails(l, VP_ERR_PROFILE, section, "wrong number of classes");
    p->class_count = (size_t)count;
    if (!(count ? load_classes(p, section, l) : load_frame(p, section, l))) return false;
    return reader_left(section) == 0 || fails(l, VP_ERR_PROFILE, section, "bytes left after the last class");
}

void *pack_load(struct reader *section, struct loading *l) {
    struct pack_params *p = memory_zeroed(&l->allocator, sizeof *p);
    if (!p) return loading_fails(l, VP_ERR_MEMORY, section->at, "no memory for parameters");
    if (load_all(p, section, l)) return p;
    pack_unload(p, &l->allocator);
    return NULL;
}

/* A class as a pattern: what always stands there, `?` for one character that differs, `*` for a run. */
static void describe_class(const struct pack_params *p, const struct class *class, struct writer *json) {
    put_byte(json, '"');
    for (size_t i = 0; i <= class->head + class->tail; i++) {
        if (i == class->head && class->longest) put_byte(json, '*');
        if (i == class->head + class->tail) break;
        const struct alphabet *a = p->columns[class->columns + i];
        if (a->size == 1) put_json_characters(json, a->symbols, 1);
        else put_byte(json, '?');
    }
    put_byte(json, '"');
}

void pack_describe(const void *params, struct writer *json) {
    const struct pack_params *p = params;
    put_text(json, "\"alphabets\":");
    put_decimal(json, p->alphabet_count);
    if (!p->class_count) {
        put_text(json, ",\"prefix\":");
        put_json_text(json, p->prefix, p->prefix_size);
        put_text(json, ",\"suffix\":");
        put_json_text(json, p->suffix, p->suffix_size);
        return;
    }
    put_text(json, ",\"classes\":[");
    for (size_t i = 0; i < p->class_count; i++) {
        if (i) put_byte(json, ',');
        describe_class(p, &p->classes[i], json);
    }
    put_byte(json, ']');
}
