#include "templates.h"

#include "json.h"

#include <stdlib.h>

/* ---- Runs of digits ------------------------------------------------------------------------- */

static const uint64_t powers_of_ten[RUN_DIGITS + 1] = {1,
                                                       10,
                                                       100,
                                                       1000,
                                                       10000,
                                                       100000,
                                                       1000000,
                                                       10000000,
                                                       100000000,
                                                       1000000000,
                                                       10000000000,
                                                       100000000000,
                                                       1000000000000,
                                                       10000000000000,
                                                       100000000000000,
                                                       1000000000000000,
                                                       10000000000000000,
                                                       100000000000000000,
                                                       1000000000000000000,
                                                       10000000000000000000u};

/* How many runs are shorter than `size` digits. */
static uint64_t shorter_runs(enum piece_kind kind, size_t size) {
    if (size <= 1) return 0;
    if (kind == PIECE_FRACTION) return powers_of_ten[size - 1];
    return (powers_of_ten[size] - 10) / 9;
}

uint64_t digits_ordinals(enum piece_kind kind, size_t digits) {
    if (kind == PIECE_DIGITS) return shorter_runs(kind, digits) + powers_of_ten[digits];
    return powers_of_ten[digits]; /* a fraction's value is that of exactly one canonical spelling */
}

bool digits_ordinal(enum piece_kind kind, const uint8_t *digits, size_t size, uint64_t *ordinal) {
    if (size == 0 || size > RUN_DIGITS) return false;
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) value = value * 10 + (uint64_t)(digits[i] - '0');
    if (kind == PIECE_INTEGER && size > 1 && digits[0] == '0') return false;
    if (kind == PIECE_DIGITS) value += shorter_runs(kind, size);
    if (kind == PIECE_FRACTION && size > 1) {
        if (value % 10 == 0) return false;
        value = value - value / 10 - 1 + shorter_runs(kind, size);
    }
    *ordinal = value;
    return true;
}

static size_t digits_in(uint64_t value) {
    size_t size = 1;
    while (size < RUN_DIGITS && value >= powers_of_ten[size]) size++;
    return size;
}

static size_t print_digits(enum piece_kind kind, uint64_t ordinal, uint8_t *out) {
    size_t size = 1;
    if (kind == PIECE_INTEGER) {
        size = digits_in(ordinal);
    } else {
        while (size < RUN_DIGITS && ordinal >= shorter_runs(kind, size + 1)) size++;
        ordinal -= shorter_runs(kind, size);
        if (kind == PIECE_FRACTION && size > 1) ordinal += ordinal / 9 + 1;
    }
    size_t at = size;
    for (; ordinal > UINT32_MAX; ordinal /= 10) out[--at] = (uint8_t)('0' + ordinal % 10);
    for (uint32_t rest = (uint32_t)ordinal; at > 0; rest /= 10) out[--at] = (uint8_t)('0' + rest % 10);
    return size;
}

/* ---- Favourites ----------------------------------------------------------------------------- */

/* The rank of an ordinal: sorted[j].ordinal - j ascends, so a binary search finds how many
   favourites lie below. */
static uint64_t rank_of(const struct piece *p, uint64_t ordinal) {
    size_t low = 0, high = p->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->sorted[middle].ordinal < ordinal) low = middle + 1;
        else high = middle;
    }
    if (low < p->count && p->sorted[low].ordinal == ordinal) return p->sorted[low].rank;
    return ordinal + p->count - low;
}

static uint64_t ordinal_of(const struct piece *p, uint64_t rank) {
    if (rank < p->count) return p->favourites[rank];
    uint64_t position = rank - p->count;
    size_t low = 0, high = p->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->sorted[middle].ordinal - middle <= position) low = middle + 1;
        else high = middle;
    }
    return position + low;
}

uint64_t piece_ranks(const struct piece *p) {
    if (p->kind == PIECE_LITERAL) return 1;
    return p->kind == PIECE_CHOICE ? p->count : digits_ordinals(p->kind, RUN_DIGITS);
}

/* ---- Values --------------------------------------------------------------------------------- */

static bool begins_with(const uint8_t *bytes, size_t size, const struct text *t) {
    if (t->size == 0 || t->size > size) return t->size == 0;
    return bytes[0] == t->bytes[0] && memcmp(bytes, t->bytes, t->size) == 0;
}

/* The longest option at the beginning of the bytes; its size, or SIZE_MAX. */
static size_t parse_choice(const struct piece *p, const uint8_t *bytes, size_t size, uint64_t *rank) {
    size_t longest = SIZE_MAX;
    for (size_t i = 0; i < p->count; i++) {
        if (!begins_with(bytes, size, &p->texts[i])) continue;
        if (longest != SIZE_MAX && p->texts[i].size <= longest) continue;
        longest = p->texts[i].size;
        *rank = i;
    }
    return longest;
}

static size_t parse_digits(const struct piece *p, const uint8_t *bytes, size_t size, uint64_t *rank) {
    size_t run = 0;
    while (run < size && bytes[run] >= '0' && bytes[run] <= '9') run++;
    uint64_t ordinal;
    if (!digits_ordinal(p->kind, bytes, run, &ordinal)) return SIZE_MAX;
    *rank = rank_of(p, ordinal);
    return run;
}

bool template_parse(const struct template *t, const uint8_t *bytes, size_t size, uint64_t *ranks) {
    for (size_t i = 0; i < t->piece_count; i++) {
        const struct piece *p = &t->pieces[i];
        size_t taken = SIZE_MAX;
        if (p->kind == PIECE_LITERAL) {
            if (begins_with(bytes, size, p->texts)) taken = p->texts->size;
        } else {
            taken = p->kind == PIECE_CHOICE ? parse_choice(p, bytes, size, ranks)
                                            : parse_digits(p, bytes, size, ranks);
            ranks++;
        }
        if (taken == SIZE_MAX) return false;
        bytes += taken;
        size -= taken;
    }
    return size == 0;
}

/* Most texts are a character or two, where a call costs more than a loop. */
static size_t print_text(const struct text *t, uint8_t *out) {
    if (t->size > 8) memcpy(out, t->bytes, t->size);
    else
        for (size_t i = 0; i < t->size; i++) out[i] = t->bytes[i];
    return t->size;
}

size_t template_print(const struct template *t, const uint64_t *ranks, uint8_t *out) {
    size_t size = 0;
    for (size_t i = 0; i < t->piece_count; i++) {
        const struct piece *p = &t->pieces[i];
        if (p->kind == PIECE_LITERAL) size += print_text(p->texts, out + size);
        else if (p->kind == PIECE_CHOICE) size += print_text(&p->texts[*ranks++], out + size);
        else size += print_digits(p->kind, ordinal_of(p, *ranks++), out + size);
    }
    return size;
}

/* ---- Sections ------------------------------------------------------------------------------- */

static bool fails(struct loading *l, int status, const struct reader *at, const char *problem) {
    loading_fails(l, status, at->at, problem);
    return false;
}

static bool load_texts(struct piece *p, struct reader *section, struct loading *l) {
    p->texts = memory_zeroed(&l->allocator, p->count * sizeof *p->texts);
    if (!p->texts) return fails(l, VP_ERR_MEMORY, section, "no memory for the texts of a template");
    for (size_t i = 0; i < p->count; i++) {
        uint64_t size = take_varint(section);
        if (size > UINT16_MAX) return fails(l, VP_ERR_PROFILE, section, "a text of a template is too long");
        p->texts[i] = (struct text){.bytes = take_bytes(section, (size_t)size), .size = (size_t)size};
        if (section->bad) return fails(l, VP_ERR_PROFILE, section, "a text of a template is cut off");
    }
    return true;
}

static int by_ordinal(const void *a, const void *b) {
    const struct favourite *x = a, *y = b;
    return x->ordinal < y->ordinal ? -1 : x->ordinal > y->ordinal;
}

bool piece_set_favourites(struct piece *p, size_t count, const vp_allocator *allocator) {
    p->count = count;
    if (count == 0) return true;
    p->favourites = memory_zeroed(allocator, count * sizeof *p->favourites);
    p->sorted = memory_zeroed(allocator, count * sizeof *p->sorted);
    return p->favourites && p->sorted;
}

bool piece_sort_favourites(struct piece *p) {
    if (p->count == 0) return true;
    for (size_t i = 0; i < p->count; i++)
        p->sorted[i] = (struct favourite){.ordinal = p->favourites[i], .rank = i};
    qsort(p->sorted, p->count, sizeof *p->sorted, by_ordinal);
    for (size_t i = 1; i < p->count; i++)
        if (p->sorted[i].ordinal == p->sorted[i - 1].ordinal) return false;
    return true;
}

static bool load_favourites(struct piece *p, struct reader *section, struct loading *l) {
    if (!piece_set_favourites(p, p->count, &l->allocator))
        return fails(l, VP_ERR_MEMORY, section, "no memory for the favourites of a field");
    for (size_t i = 0; i < p->count; i++) {
        p->favourites[i] = take_varint(section);
        if (section->bad || p->favourites[i] >= piece_ranks(p))
            return fails(l, VP_ERR_PROFILE, section, "a favourite of a field is out of range");
    }
    if (piece_sort_favourites(p)) return true;
    return fails(l, VP_ERR_PROFILE, section, "a field has the same favourite twice");
}

static size_t widest_text(const struct piece *p) {
    size_t widest = 0;
    for (size_t i = 0; i < p->count; i++)
        if (p->texts[i].size > widest) widest = p->texts[i].size;
    return widest;
}

static bool load_piece(struct piece *p, struct reader *section, struct loading *l) {
    uint64_t kind = take_varint(section);
    uint64_t count = kind == PIECE_LITERAL ? 1 : take_varint(section);
    if (section->bad || kind >= PIECE_KINDS)
        return fails(l, VP_ERR_PROFILE, section, "unknown kind of piece in a template");
    if (count > PIECE_ITEMS || (kind == PIECE_CHOICE && count == 0))
        return fails(l, VP_ERR_PROFILE, section, "wrong number of options or favourites");
    p->kind = (enum piece_kind)kind;
    p->count = (size_t)count;
    return kind <= PIECE_CHOICE ? load_texts(p, section, l) : load_favourites(p, section, l);
}

bool template_load(struct template *t, struct reader *section, struct loading *l) {
    *t = (struct template){.piece_count = 0};
    uint64_t count = take_varint(section);
    if (section->bad || count == 0 || count > TEMPLATE_PIECES)
        return fails(l, VP_ERR_PROFILE, section, "wrong number of pieces in a template");
    t->pieces = memory_zeroed(&l->allocator, (size_t)count * sizeof *t->pieces);
    if (!t->pieces) return fails(l, VP_ERR_MEMORY, section, "no memory for a template");
    t->piece_count = (size_t)count;
    for (size_t i = 0; i < t->piece_count; i++) {
        struct piece *p = &t->pieces[i];
        if (!load_piece(p, section, l)) return false;
        t->field_count += p->kind != PIECE_LITERAL;
        t->widest += p->kind <= PIECE_CHOICE ? widest_text(p) : (size_t)RUN_DIGITS;
    }
    if (t->field_count > TEMPLATE_FIELDS)
        return fails(l, VP_ERR_PROFILE, section, "too many fields in a template");
    return true;
}

static void save_piece(const struct piece *p, struct writer *section) {
    put_varint(section, p->kind);
    if (p->kind != PIECE_LITERAL) put_varint(section, p->count);
    for (size_t i = 0; i < p->count; i++) {
        if (p->kind <= PIECE_CHOICE) {
            put_varint(section, p->texts[i].size);
            put_bytes(section, p->texts[i].bytes, p->texts[i].size);
        } else {
            put_varint(section, p->favourites[i]);
        }
    }
}

void template_save(const struct template *t, struct writer *section) {
    put_varint(section, t->piece_count);
    for (size_t i = 0; i < t->piece_count; i++) save_piece(&t->pieces[i], section);
}

void template_free(struct template *t, const vp_allocator *allocator) {
    for (size_t i = 0; t->pieces && i < t->piece_count; i++) {
        memory_free(allocator, t->pieces[i].texts);
        memory_free(allocator, t->pieces[i].favourites);
        memory_free(allocator, t->pieces[i].sorted);
    }
    memory_free(allocator, t->pieces);
}

/* ---- Description ---------------------------------------------------------------------------- */

static void describe_choice(const struct piece *p, struct writer *json) {
    for (size_t i = 0; i < p->count; i++) {
        put_byte(json, i ? '|' : '{');
        put_json_characters(json, p->texts[i].bytes, p->texts[i].size);
    }
    put_byte(json, '}');
}

static void describe_digits(const struct piece *p, struct writer *json) {
    static const char *const names[] = {
        [PIECE_INTEGER] = "{integer", [PIECE_DIGITS] = "{digits", [PIECE_FRACTION] = "{fraction"};
    put_text(json, names[p->kind]);
    for (size_t i = 0; i < p->count; i++) {
        uint8_t digits[RUN_DIGITS];
        put_byte(json, i ? '|' : ':');
        put_bytes(json, digits, print_digits(p->kind, p->favourites[i], digits));
    }
    put_byte(json, '}');
}

void template_describe(const struct template *t, struct writer *json) {
    put_byte(json, '"');
    for (size_t i = 0; i < t->piece_count; i++) {
        const struct piece *p = &t->pieces[i];
        if (p->kind == PIECE_LITERAL) put_json_characters(json, p->texts->bytes, p->texts->size);
        else if (p->kind == PIECE_CHOICE) describe_choice(p, json);
        else describe_digits(p, json);
    }
    put_byte(json, '"');
}
