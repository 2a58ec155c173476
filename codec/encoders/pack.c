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

/* How many runs of the class are shorter than `length`. */
static struct big shorter_runs(const struct class *class, size_t length) {
    struct big sum = {.used = 0}, power = class->shortest_runs;
    for (size_t i = class->shortest; i < length; i++) {
        (void)big_add(&sum, &power);
        (void)big_multiply_add(&power, class->run->size, 0);
    }
    return sum;
}

static bool all_within(const struct alphabet *const *columns, const uint8_t *text, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (!alphabet_has(columns[i], text[i])) return false;
    return true;
}

static bool class_has(const struct pack_params *p, const struct class *class, const struct value *v) {
    const struct alphabet *const *columns = p->columns + class->columns;
    size_t fixed = class->head + class->tail, run = v->size - fixed;
    if (v->size < fixed || run < class->shortest || run > class->longest) return false;
    if (!all_within(columns, v->bytes, class->head)) return false;
    if (!all_within(columns + class->head, v->bytes + class->head + run, class->tail)) return false;
    for (size_t i = 0; i < run; i++)
        if (!alphabet_has(class->run, v->bytes[class->head + i])) return false;
    return true;
}

static bool push_run(const struct class *class, const uint8_t *text, size_t run, struct big *n) {
    uint8_t digits[CLASS_TEXT];
    for (size_t i = 0; i < run; i++) digits[i] = class->run->digits[text[i]];
    struct big shorter = shorter_runs(class, run);
    return big_push_run(n, digits, class->run_radix, run) && big_add(n, &shorter);
}

static bool number_of(const struct pack_params *p, const struct value *v, struct big *n) {
    size_t i = 0;
    while (i < p->class_count && !class_has(p, &p->classes[i], v)) i++;
    if (i == p->class_count) return false;
    const struct class *class = &p->classes[i];
    const uint16_t *places = p->places + class->varying;
    size_t run = v->size - class->head - class->tail;
    uint8_t digits[CLASS_TEXT];
    n->used = 0;
    if (run && !push_run(class, v->bytes + class->head, run, n)) return false;
    for (size_t k = 0; k < class->varying_count; k++) {
        size_t at = places[k] < class->head ? places[k] : places[k] + run;
        digits[k] = p->columns[class->columns + places[k]]->digits[v->bytes[at]];
    }
    return big_push_digits(n, digits, p->radices + class->varying, class->varying_count) &&
           big_add(n, &p->starts[i]);
}

/* Takes the run of a class off a number and prints it; returns its length. */
static size_t print_run(const struct class *class, struct big *n, uint8_t *text) {
    size_t run = class->shortest;
    struct big power = class->shortest_runs;
    for (; run < class->longest && big_compare(n, &power) >= 0; run++) {
        big_subtract(n, &power);
        (void)big_multiply_add(&power, class->run->size, 0);
    }
    big_pop_run(n, text, class->run_radix, run);
    for (size_t i = 0; i < run; i++) text[i] = class->run->symbols[text[i]];
    return run;
}

/* Prints the text with this number into `text`, CLASS_TEXT bytes; 0 if there is none. */
static size_t print_text(const struct pack_params *p, struct big *n, uint8_t *text) {
    if (big_compare(n, &p->starts[p->class_count]) >= 0) return 0;
    size_t i = big_search(p->starts, p->class_count, n), run = 0;
    const struct class *class = &p->classes[i];
    const uint16_t *places = p->places + class->varying;
    const uint8_t *fixed = p->texts + class->columns;
    uint8_t digits[CLASS_TEXT];
    big_subtract(n, &p->starts[i]);
    big_pop_digits(n, digits, p->radices + class->varying, class->varying_count);
    if (class->longest) run = print_run(class, n, text + class->head);
    memcpy(text, fixed, class->head);
    memcpy(text + class->head + run, fixed + class->head, class->tail);
    for (size_t k = 0; k < class->varying_count; k++) {
        size_t at = places[k] < class->head ? places[k] : places[k] + run;
        text[at] = p->columns[class->columns + places[k]]->symbols[digits[k]];
    }
    return class->head + run + class->tail;
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
