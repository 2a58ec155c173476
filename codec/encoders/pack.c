/*
 * Text over a small alphabet, its characters as digits of a number.
 *
 * Untrained payload: a byte 8 * a + r, a being the number of a known alphabet (alphabets.c) or 31
 * for one that follows: its size less 2 in a byte, and its symbols in ascending order. Then the text
 * in blocks of 64 characters and one of those left. A block of n characters in base b is one number,
 * the first character its most significant digit, in as many bits as b^n - 1 has. The text is r
 * characters shorter than the longest that fits into the bits; zero bits fill up the last byte.
 *
 * Trained, the section is in varints
 *     count of alphabets, each: size, symbols in ascending order
 *     count of classes, each: head h, tail t, shortest run, longest run,
 *                             the run's alphabet (unless the longest run is 0), h + t alphabets
 * and the payload is one number that fills it (radix.h, "Numbers as bits"). A class holds all texts
 * of h characters, a run, and t characters, each from its alphabet. In a class, texts are in
 * order of the run (shorter ones first), then of head and tail. The classes follow one another in
 * the order of the section, likely ones first; a text belongs to the first class that has it.
 * Without classes, what follows is instead the number of one alphabet, a prefix and a suffix, each
 * as size and bytes; the payload is r in as few bits as r can need, and blocks as above for what
 * stands between prefix and suffix.
 */
#include "pack.h"

/* ---- Untrained ------------------------------------------------------------------------------ */

/* The known alphabet for these symbols, or the symbols themselves where naming them pays; its number
   (that of the known one before the call) and what to pack with. */
static bool choose_alphabet(const uint8_t *symbols, size_t count, size_t size, struct packing *p,
                            unsigned *number) {
    const char *known = known_alphabet(*number);
    if (known && !packing_make(p, (const uint8_t *)known, strlen(known))) return false;
    if (count < 2 || (known && (strlen(known) < 2 * count || size < 2 * count))) return known != NULL;
    struct packing declared;
    if (!packing_make(&declared, symbols, count)) return false;
    if (known && packed_bits(&declared, size) + 8 * count + 8 >= packed_bits(p, size)) return true;
    *p = declared;
    *number = ALPHABET_DECLARED;
    return true;
}

static bool encode_untrained(struct bit_writer *w, const struct value *v) {
    struct byte_set set = set_of(v->bytes, v->size);
    struct packing p;
    uint8_t members[256];
    unsigned number = smallest_alphabet(&set);
    size_t count = set_members(&set, members);
    if (!choose_alphabet(members, count, v->size, &p, &number)) return false;
    put_bits(w, number * 8 + slack_of(&p, v->size, w->count + 8), 8);
    for (size_t i = 0; number == ALPHABET_DECLARED && i <= count; i++)
        put_bits(w, i ? members[i - 1] : count - 2, 8);
    return put_blocks(w, v->bytes, v->size, &p);
}

static int decode_untrained(struct writer *out, struct bit_reader *in) {
    unsigned kind = (unsigned)take_bits(in, 8);
    const char *known = known_alphabet(kind / 8);
    struct packing p;
    uint8_t symbols[256];
    size_t count = known ? strlen(known) : (size_t)take_bits(in, 8) + 2;
    if ((!known && kind / 8 != ALPHABET_DECLARED) || count > sizeof symbols) return VP_ERR_CORRUPT;
    for (size_t i = 0; i < count; i++) symbols[i] = known ? (uint8_t)known[i] : (uint8_t)take_bits(in, 8);
    if (!packing_make(&p, symbols, count)) return VP_ERR_CORRUPT;
    size_t size = text_size(in, &p, kind % 8);
    if (size == SIZE_MAX || size == 0) return VP_ERR_CORRUPT;
    int status = take_blocks(out, in, size, &p);
    return status || take_padding(in) ? status : VP_ERR_CORRUPT;
}

/* ---- Classes -------------------------------------------------------------------------------- */

/* What a text is in a class: its digits, the run's first, and their radices. */
struct columns {
    uint8_t digits[CLASS_TEXT];
    uint16_t radices[CLASS_TEXT];
};

/* How many runs of the class are shorter than `length`. */
static struct big shorter_runs(const struct class *class, size_t length) {
    struct big sum = big_zero(), power = {.limbs = {1}, .used = 1};
    for (size_t i = 0; i < length; i++) {
        if (i >= class->shortest) (void)big_add(&sum, &power);
        (void)big_multiply_add(&power, class->run->size, 0);
    }
    return sum;
}

static bool set_column(struct columns *c, size_t i, const struct alphabet *a, uint8_t symbol) {
    c->digits[i] = a->digits[symbol];
    c->radices[i] = a->size;
    return a->symbols[a->digits[symbol]] == symbol;
}

static bool find_columns(const struct pack_params *p, const struct class *class, const struct value *v,
                         struct columns *c) {
    const struct alphabet *const *columns = p->columns + class->columns;
    size_t fixed = class->head + class->tail, run = v->size - fixed;
    if (v->size < fixed || run < class->shortest || run > class->longest) return false;
    const uint8_t *head = v->bytes, *middle = head + class->head, *tail = middle + run;
    for (size_t i = 0; i < class->head; i++)
        if (!set_column(c, run + i, columns[i], head[i])) return false;
    for (size_t i = 0; i < class->tail; i++)
        if (!set_column(c, run + class->head + i, columns[class->head + i], tail[i])) return false;
    for (size_t i = 0; i < run; i++)
        if (!set_column(c, i, class->run, middle[i])) return false;
    return true;
}

static bool number_of(const struct pack_params *p, const struct value *v, struct big *n) {
    struct columns c;
    size_t i = 0;
    while (i < p->class_count && !find_columns(p, &p->classes[i], v, &c)) i++;
    if (i == p->class_count) return false;
    const struct class *class = &p->classes[i];
    size_t fixed = class->head + class->tail, run = v->size - fixed;
    *n = big_zero();
    if (!big_push_digits(n, c.digits, c.radices, run)) return false;
    if (run) {
        struct big shorter = shorter_runs(class, run);
        if (!big_add(n, &shorter)) return false;
    }
    return big_push_digits(n, c.digits + run, c.radices + run, fixed) && big_add(n, &p->starts[i]);
}

/* Takes the run of a class, and its length, off a number. */
static size_t take_run(const struct class *class, struct big *n, struct columns *c) {
    size_t run = class->shortest;
    struct big power = {.limbs = {1}, .used = 1};
    for (size_t i = 0; i < class->shortest; i++) (void)big_multiply_add(&power, class->run->size, 0);
    for (; run < class->longest && big_compare(n, &power) >= 0; run++) {
        big_subtract(n, &power);
        (void)big_multiply_add(&power, class->run->size, 0);
    }
    for (size_t i = 0; i < run; i++) c->radices[i] = class->run->size;
    big_pop_digits(n, c->digits, c->radices, run);
    return run;
}

/* Prints the text with this number into `text`, CLASS_TEXT bytes; 0 if there is none. */
static size_t print_text(const struct pack_params *p, struct big *n, uint8_t *text) {
    if (big_compare(n, &p->starts[p->class_count]) >= 0) return 0;
    size_t i = big_search(p->starts, p->class_count, n);
    const struct class *class = &p->classes[i];
    const struct alphabet *const *columns = p->columns + class->columns;
    size_t fixed = class->head + class->tail;
    struct columns c;
    uint8_t digits[CLASS_TEXT];
    big_subtract(n, &p->starts[i]);
    for (size_t k = 0; k < fixed; k++) c.radices[k] = columns[k]->size;
    big_pop_digits(n, digits, c.radices, fixed);
    size_t run = take_run(class, n, &c);
    for (size_t k = 0; k < class->head; k++) *text++ = columns[k]->symbols[digits[k]];
    for (size_t k = 0; k < run; k++) *text++ = class->run->symbols[c.digits[k]];
    for (size_t k = class->head; k < fixed; k++) *text++ = columns[k]->symbols[digits[k]];
    return fixed + run;
}

/* Where classes overlap, several numbers spell one text; encode() writes the first, and all are read. */
static int decode_class(const struct pack_params *p, struct writer *out, struct bit_reader *in) {
    struct big n;
    uint8_t text[CLASS_TEXT];
    if (!take_number(in, &n)) return VP_ERR_CORRUPT;
    size_t size = print_text(p, &n, text);
    if (size == 0) return VP_ERR_CORRUPT;
    put_bytes(out, text, size);
    return out->full ? VP_ERR_SPACE : VP_OK;
}

/* ---- Prefix, blocks, suffix ----------------------------------------------------------------- */

static bool has_frame(const struct pack_params *p, const struct value *v) {
    return v->size > p->prefix_size + p->suffix_size &&
           (!p->prefix_size || memcmp(v->bytes, p->prefix, p->prefix_size) == 0) &&
           (!p->suffix_size || memcmp(v->bytes + v->size - p->suffix_size, p->suffix, p->suffix_size) == 0);
}

static bool encode_framed(const struct pack_params *p, struct bit_writer *w, const struct value *v) {
    if (!has_frame(p, v)) return false;
    size_t size = v->size - p->prefix_size - p->suffix_size;
    unsigned bits = slack_bits(p->packing);
    put_bits(w, slack_of(p->packing, size, w->count + bits), bits);
    return put_blocks(w, v->bytes + p->prefix_size, size, p->packing);
}

static int decode_framed(const struct pack_params *p, struct writer *out, struct bit_reader *in) {
    uint64_t slack = take_bits(in, slack_bits(p->packing));
    size_t size = text_size(in, p->packing, slack);
    if (size == SIZE_MAX || size == 0) return VP_ERR_CORRUPT;
    put_bytes(out, p->prefix, p->prefix_size);
    int status = take_blocks(out, in, size, p->packing);
    if (status) return status;
    put_bytes(out, p->suffix, p->suffix_size);
    if (out->full) return VP_ERR_SPACE;
    return take_padding(in) ? VP_OK : VP_ERR_CORRUPT;
}

/* ---- The table of ops ----------------------------------------------------------------------- */

static bool fits(const struct value *v, const void *params) {
    const struct pack_params *p = params;
    if (p && p->class_count) return v->size > 1 && v->size <= CLASS_TEXT;
    return v->size > (p ? 1 : 3);
}

static bool encode(struct bit_writer *w, const struct value *v, const struct coding *c) {
    const struct pack_params *p = c->params;
    struct big n;
    if (!p) return encode_untrained(w, v);
    if (!p->class_count) return encode_framed(p, w, v);
    return number_of(p, v, &n) && put_number(w, &n);
}

static int decode(struct writer *out, struct bit_reader *in, const struct coding *c) {
    const struct pack_params *p = c->params;
    if (!p) return decode_untrained(out, in);
    return p->class_count ? decode_class(p, out, in) : decode_framed(p, out, in);
}

const struct encoder encoder_pack = {
    .name = "pack",
    .fast = true,
    .fits = fits,
    .encode = encode,
    .decode = decode,
    .load = pack_load,
    .unload = pack_unload,
    .describe = pack_describe,
};
