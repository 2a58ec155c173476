/*
 * Numbers in decimal: integers, decimals, and several of them in a fixed frame.
 *
 * Payload: one number (radix.h, "Numbers as bits"), which fills the payload to the last bit.
 *
 * Untrained, the number is 16 * s + form. Bits 0-2 of form choose the separator: none, one of
 * `. , : - / _` or a space; bit 3 says that a '-' stands in front, which is not part of what
 * follows. s counts the strings of digits and the separator, the separator being the symbol after
 * 9: the empty string first, then shorter ones before longer ones, then in order of the symbols.
 *
 * Trained, the section is
 *     count of templates, templates (templates.h)
 *     count of boxes, each: index of its template, then per field: low, count, stride
 * in varints. A box holds the values of its template with each rank low + i * stride, i < count. Its
 * values are numbered by their i as digits of a mixed radix number, the last field changing fastest;
 * numbers of the boxes follow one another in the order of the section, likely ones first, so likely
 * values are the short ones. A value belongs to the first template that it follows and that has a
 * box for it, and there to the first such box.
 */
#include "radix.h"
#include "templates.h"

enum { FORMS = 16, FORM_MINUS = 8, UNTRAINED_SIZE = 128, TEMPLATES = 256, BOXES = 4096 };

struct range {
    uint64_t low, count, stride;
    uint64_t span; /* (count - 1) * stride */
};

struct box {
    size_t template, ranges; /* the first of its ranges */
    size_t next;             /* box of the same template, by number from 1; 0 = none */
};

struct int_params {
    struct template *templates;
    size_t *first; /* box of each template, by number from 1 */
    struct box *boxes;
    struct range *ranges;
    struct big *starts; /* of each box, and the end of the last */
    size_t template_count, box_count, widest;
};

/* ---- Untrained ------------------------------------------------------------------------------ */

static const uint8_t separators[8] = {0, '.', ',', ':', '-', '/', '_', ' '};

static uint64_t base_of(unsigned form) {
    return form & 7 ? 11 : 10;
}

/* The only form for a value: no separator that does not occur, no '-' in front that could be one. */
static unsigned form_of(const struct value *v) {
    unsigned form = v->bytes[0] == '-' ? FORM_MINUS : 0;
    for (size_t i = form ? 1 : 0; i < v->size; i++) {
        for (unsigned s = 1; s < 8; s++)
            if (v->bytes[i] == separators[s]) return separators[s] == '-' ? s : form | s;
    }
    return form;
}

static bool number_untrained(const struct value *v, struct big *n) {
    if (v->size == 0 || v->size > UNTRAINED_SIZE) return false;
    unsigned form = form_of(v);
    n->used = 0;
    for (size_t i = form & FORM_MINUS ? 1 : 0; i < v->size; i++) {
        uint8_t c = v->bytes[i];
        bool digit = c >= '0' && c <= '9';
        if (!digit && (c != separators[form & 7] || c == 0)) return false;
        if (!big_multiply_add(n, base_of(form), (digit ? c - '0' : 10) + 1u)) return false;
    }
    return big_multiply_add(n, FORMS, form);
}

static size_t print_untrained(struct big *n, uint8_t *out) {
    unsigned form = (unsigned)big_divide(n, FORMS);
    uint8_t reversed[UNTRAINED_SIZE];
    size_t size = 0, at = 0;
    static const struct big one = {.limbs = {1}, .used = 1};
    while (n->used) {
        if (size == UNTRAINED_SIZE) return 0;
        big_subtract(n, &one);
        uint64_t symbol = big_divide(n, base_of(form));
        reversed[size++] = symbol < 10 ? (uint8_t)('0' + symbol) : separators[form & 7];
    }
    if (form & FORM_MINUS) out[at++] = '-';
    while (size > 0) out[at++] = reversed[--size];
    return at;
}

/* The same for a number that the value it prints has, too. */
static size_t print_canonical(const struct big *n, uint8_t *out) {
    struct big rest = *n, again;
    struct value v = {.bytes = out, .size = print_untrained(&rest, out)};
    return number_untrained(&v, &again) && big_compare(n, &again) == 0 ? v.size : 0;
}

/* ---- Trained -------------------------------------------------------------------------------- */

static bool in_box(const struct range *r, const uint64_t *ranks, size_t fields) {
    for (size_t i = 0; i < fields; i++, r++) {
        if (ranks[i] < r->low) return false;
        uint64_t above = ranks[i] - r->low;
        if (above > r->span || (r->stride > 1 && above % r->stride != 0)) return false;
    }
    return true;
}

static bool number_in_box(const struct int_params *p, size_t box, const uint64_t *ranks, struct big *n) {
    const struct range *r = &p->ranges[p->boxes[box].ranges];
    size_t fields = p->templates[p->boxes[box].template].field_count;
    n->used = 0;
    for (size_t i = 0; i < fields; i++, r++)
        if (r->count > 1 && !big_push(n, (ranks[i] - r->low) / r->stride, r->count)) return false;
    return big_add(n, &p->starts[box]);
}

static bool number_trained(const struct int_params *p, const struct value *v, struct big *n) {
    uint64_t ranks[TEMPLATE_FIELDS];
    for (size_t t = 0; t < p->template_count; t++) {
        if (!template_parse(&p->templates[t], v->bytes, v->size, ranks)) continue;
        for (size_t b = p->first[t]; b; b = p->boxes[b - 1].next)
            if (in_box(&p->ranges[p->boxes[b - 1].ranges], ranks, p->templates[t].field_count))
                return number_in_box(p, b - 1, ranks, n);
    }
    return false;
}

/* Takes a digit off a number below 2^32. */
static uint64_t pop_digit(uint32_t *number, uint64_t radix) {
    uint32_t all = *number;
    *number = radix > UINT32_MAX ? 0 : all / (uint32_t)radix;
    return radix > UINT32_MAX ? all : all % (uint32_t)radix;
}

/* Takes the fields off a number, the last one first. As many as have a product of counts up to 2^32
   are taken by one division of the large number. */
static void pop_fields(struct big *n, const struct range *r, size_t count, uint64_t *digits) {
    const uint64_t most = (uint64_t)1 << 32;
    while (count) {
        size_t first = count;
        uint64_t divisor = 1;
        while (first > 0 && r[first - 1].count <= most && divisor * r[first - 1].count <= most)
            divisor *= r[--first].count;
        if (first == count) {
            count--;
            digits[count] = big_pop(n, r[count].count);
            continue;
        }
        uint32_t part = divisor > 1 ? (uint32_t)big_divide(n, divisor) : 0;
        for (; count > first; count--) digits[count - 1] = pop_digit(&part, r[count - 1].count);
    }
}

/* Prints the value with this number into `out`, p->widest bytes; 0 if there is none. */
static size_t print_trained(const struct int_params *p, struct big *n, uint8_t *out) {
    if (big_compare(n, &p->starts[p->box_count]) >= 0) return 0;
    size_t box = big_search(p->starts, p->box_count, n);
    const struct template *t = &p->templates[p->boxes[box].template];
    const struct range *r = &p->ranges[p->boxes[box].ranges];
    uint64_t digits[TEMPLATE_FIELDS];
    big_subtract(n, &p->starts[box]);
    pop_fields(n, r, t->field_count, digits);
    for (size_t i = 0; i < t->field_count; i++) {
        if (digits[i] >= r[i].count) return 0;
        digits[i] = r[i].low + digits[i] * r[i].stride;
    }
    return template_print(t, digits, out);
}

/* ---- The table of ops ----------------------------------------------------------------------- */

static bool fits(const struct value *v, const void *params) {
    const struct int_params *p = params;
    if (p) return v->size > 1 && v->size <= p->widest;
    return v->size > 2 && v->size <= UNTRAINED_SIZE && v->classes & CLASS_DIGIT &&
           value_within(v, CLASS_DIGIT | CLASS_DOT | CLASS_COMMA | CLASS_COLON | CLASS_DASH | CLASS_SLASH |
                               CLASS_UNDERSCORE | CLASS_SPACE);
}

static bool number_of(const struct value *v, const struct int_params *p, struct big *n) {
    return p ? number_trained(p, v, n) : number_untrained(v, n);
}

static bool encode(struct bit_writer *w, const struct value *v, const struct coding *c) {
    struct big n;
    return number_of(v, c->params, &n) && put_number(w, &n);
}

/* Where boxes overlap, several numbers spell one value; encode() writes the first. Telling them apart
   would cost a decoder as much as decoding does, and gain nothing: all are that value. */
static int decode(struct writer *out, struct bit_reader *in, const struct coding *c) {
    const struct int_params *p = c->params;
    struct big n;
    if (!take_number(in, &n)) return VP_ERR_CORRUPT;
    uint8_t *text = scratch_buffer(c->scratch, 0, p ? p->widest : UNTRAINED_SIZE + 1);
    if (!text) return VP_ERR_MEMORY;
    size_t size = p ? print_trained(p, &n, text) : print_canonical(&n, text);
    if (size == 0) return VP_ERR_CORRUPT;
    put_bytes(out, text, size);
    return out->full ? VP_ERR_SPACE : VP_OK;
}

/* ---- Parameters ----------------------------------------------------------------------------- */

static void unload(void *params, const vp_allocator *allocator) {
    struct int_params *p = params;
    for (size_t i = 0; p->templates && i < p->template_count; i++) template_free(&p->templates[i], allocator);
    memory_free(allocator, p->templates);
    memory_free(allocator, p->first);
    memory_free(allocator, p->boxes);
    memory_free(allocator, p->ranges);
    memory_free(allocator, p->starts);
    memory_free(allocator, p);
}

static bool fails(struct loading *l, int status, const struct reader *at, const char *problem) {
    loading_fails(l, status, at->at, problem);
    return false;
}

static bool load_templates(struct int_params *p, struct reader *section, struct loading *l) {
    uint64_t count = take_varint(section);
    if (section->bad || count == 0 || count > TEMPLATES)
        return fails(l, VP_ERR_PROFILE, section, "wrong number of templates");
    p->templates = memory_zeroed(&l->allocator, (size_t)count * sizeof *p->templates);
    p->first = memory_zeroed(&l->allocator, (size_t)count * sizeof *p->first);
    if (!p->templates || !p->first) return fails(l, VP_ERR_MEMORY, section, "no memory for templates");
    p->template_count = (size_t)count;
    for (size_t i = 0; i < p->template_count; i++) {
        if (!template_load(&p->templates[i], section, l)) return false;
        if (p->templates[i].widest > p->widest) p->widest = p->templates[i].widest;
    }
    return true;
}

/* Each range takes at least three bytes of the section, so there are no more than a third of them. */
static bool allocate_boxes(struct int_params *p, size_t count, struct reader *section, struct loading *l) {
    p->boxes = memory_zeroed(&l->allocator, count * sizeof *p->boxes);
    p->ranges = memory_zeroed(&l->allocator, (reader_left(section) / 3 + 1) * sizeof *p->ranges);
    p->starts = memory_zeroed(&l->allocator, (count + 1) * sizeof *p->starts);
    p->box_count = count;
    if (p->boxes && p->ranges && p->starts) return true;
    return fails(l, VP_ERR_MEMORY, section, "no memory for boxes");
}

static bool load_range(struct range *r, const struct piece *p, struct reader *section, struct loading *l) {
    r->low = take_varint(section);
    r->count = take_varint(section);
    r->stride = take_varint(section);
    uint64_t ranks = piece_ranks(p);
    if (section->bad || r->low >= ranks || r->count == 0 || r->stride == 0 ||
        (r->count - 1) > (ranks - 1 - r->low) / r->stride)
        return fails(l, VP_ERR_PROFILE, section, "a box reaches out of its field");
    r->span = (r->count - 1) * r->stride;
    return true;
}

/* Reads box i, its ranges from `ranges` on, and where the numbers of the next box begin. */
static bool load_box(struct int_params *p, size_t i, size_t *ranges, struct reader *section,
                     struct loading *l) {
    uint64_t template = take_varint(section);
    if (section->bad || template >= p->template_count)
        return fails(l, VP_ERR_PROFILE, section, "a box of an unknown template");
    p->boxes[i] = (struct box){.template = (size_t) template, .ranges = *ranges};
    const struct template *t = &p->templates[template];
    struct big room = {.limbs = {1}, .used = 1};
    for (size_t k = 0; k < t->piece_count; k++) {
        if (t->pieces[k].kind == PIECE_LITERAL) continue;
        struct range *r = &p->ranges[(*ranges)++];
        if (!load_range(r, &t->pieces[k], section, l)) return false;
        if (r->count > 1 && !big_push_room(&room, r->count))
            return fails(l, VP_ERR_PROFILE, section, "a box is too large");
    }
    p->starts[i + 1] = p->starts[i];
    if (!big_add(&p->starts[i + 1], &room))
        return fails(l, VP_ERR_PROFILE, section, "the boxes are too large");
    return true;
}

/* Chains the boxes of each template in their order. */
static void chain_boxes(struct int_params *p) {
    for (size_t i = p->box_count; i-- > 0;) {
        struct box *box = &p->boxes[i];
        box->next = p->first[box->template];
        p->first[box->template] = i + 1;
    }
}

static bool load_all(struct int_params *p, struct reader *section, struct loading *l) {
    if (!load_templates(p, section, l)) return false;
    uint64_t count = take_varint(section);
    if (section->bad || count == 0 || count > BOXES || count > reader_left(section))
        return fails(l, VP_ERR_PROFILE, section, "wrong number of boxes");
    if (!allocate_boxes(p, (size_t)count, section, l)) return false;
    size_t ranges = 0;
    for (size_t i = 0; i < p->box_count; i++)
        if (!load_box(p, i, &ranges, section, l)) return false;
    chain_boxes(p);
    if (reader_left(section)) return fails(l, VP_ERR_PROFILE, section, "bytes left after the last box");
    return true;
}

static void *load(struct reader *section, struct loading *l) {
    struct int_params *p = memory_zeroed(&l->allocator, sizeof *p);
    if (!p) return loading_fails(l, VP_ERR_MEMORY, section->at, "no memory for parameters");
    if (load_all(p, section, l)) return p;
    unload(p, &l->allocator);
    return NULL;
}

static void describe(const void *params, struct writer *json) {
    const struct int_params *p = params;
    put_text(json, "\"boxes\":");
    put_decimal(json, p->box_count);
    put_text(json, ",\"templates\":[");
    for (size_t i = 0; i < p->template_count; i++) {
        if (i) put_byte(json, ',');
        template_describe(&p->templates[i], json);
    }
    put_byte(json, ']');
}

const struct encoder encoder_int = {
    .name = "int",
    .fast = true,
    .fits = fits,
    .encode = encode,
    .decode = decode,
    .load = load,
    .unload = unload,
    .describe = describe,
};
