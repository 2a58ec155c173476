#include "skeletons.h"

#include "boxes.h"

#include <stdlib.h>

/* ---- Tokens --------------------------------------------------------------------------------- */

static bool is_digit(uint8_t c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A '-' is a sign before a digit, unless something ends right before it that it could separate. */
static bool is_sign(const struct sample *s, size_t at) {
    if (s->bytes[at] != '-' || at + 1 == s->size || !is_digit(s->bytes[at + 1])) return false;
    if (at == 0) return true;
    uint8_t before = s->bytes[at - 1];
    return !is_digit(before) && !is_letter(before) && before != ')' && before != '-';
}

static size_t run_of(const struct sample *s, size_t at, bool (*member)(uint8_t c)) {
    size_t end = at;
    while (end < s->size && member(s->bytes[end])) end++;
    return end - at;
}

size_t split_tokens(const struct sample *s, struct token *tokens) {
    size_t count = 0;
    if (s->size > UINT16_MAX) return 0;
    for (size_t at = 0; at < s->size; count++) {
        if (count == SKELETON_TOKENS) return 0;
        struct token *token = &tokens[count];
        *token = (struct token){.kind = TOKEN_OTHER, .minus = is_sign(s, at), .size = 1};
        at += token->minus;
        token->at = (uint16_t)at;
        if (is_digit(s->bytes[at])) {
            token->kind = TOKEN_NUMBER;
            token->size = (uint16_t)run_of(s, at, is_digit);
            if (token->size > RUN_DIGITS) return 0;
        } else if (is_letter(s->bytes[at])) {
            token->kind = TOKEN_WORD;
            token->size = (uint16_t)run_of(s, at, is_letter);
        }
        at += token->size;
    }
    return count;
}

/* ---- Texts ---------------------------------------------------------------------------------- */

struct counted {
    struct text text;
    size_t count;
};

static int by_text(const void *a, const void *b) {
    const struct counted *x = a, *y = b;
    size_t shorter = x->text.size < y->text.size ? x->text.size : y->text.size;
    int order = shorter ? memcmp(x->text.bytes, y->text.bytes, shorter) : 0;
    if (order) return order;
    return x->text.size < y->text.size ? -1 : x->text.size > y->text.size;
}

static int commoner_first(const void *a, const void *b) {
    const struct counted *x = a, *y = b;
    if (x->count != y->count) return x->count > y->count ? -1 : 1;
    return by_text(a, b);
}

/* Distinct texts with counts of at least `least`, the commonest first; returns how many. */
static size_t count_texts(struct counted *texts, size_t count, uint64_t least) {
    size_t distinct = 0, kept = 0;
    qsort(texts, count, sizeof *texts, by_text);
    for (size_t i = 0; i < count; i++) {
        if (distinct && by_text(&texts[distinct - 1], &texts[i]) == 0) texts[distinct - 1].count++;
        else texts[distinct++] = texts[i];
    }
    qsort(texts, distinct, sizeof *texts, commoner_first);
    while (kept < distinct && texts[kept].count >= least) kept++;
    return kept;
}

/* ---- Templates ------------------------------------------------------------------------------ */

struct drafting {
    const struct training *training;
    const struct skeleton *skeleton;
    const struct token *tokens; /* of every sample, `per_sample` each */
    size_t per_sample;
    struct counted *texts; /* room for one text of each sample */
    struct template *result;
};

static const struct sample *sample_at(const struct drafting *d, size_t i) {
    return &d->training->samples.items[d->skeleton->samples[i]];
}

static struct text text_of(const struct drafting *d, size_t i, size_t token) {
    const struct token *t = &d->tokens[i * d->per_sample + token];
    return (struct text){.bytes = sample_at(d, i)->bytes + t->at, .size = t->size};
}

static bool add_texts(const struct drafting *d, enum piece_kind kind, size_t count) {
    struct piece *p = &d->result->pieces[d->result->piece_count++];
    *p = (struct piece){.kind = kind, .count = count};
    p->texts = memory_zeroed(&d->training->allocator, count * sizeof *p->texts);
    if (!p->texts) return false;
    for (size_t i = 0; i < count; i++) p->texts[i] = d->texts[i].text;
    return true;
}

/* Literals that follow one another in the sample they point into become one. */
static bool add_literal(const struct drafting *d, struct text text) {
    struct template *t = d->result;
    struct piece *last = t->piece_count ? &t->pieces[t->piece_count - 1] : NULL;
    if (last && last->kind == PIECE_LITERAL && last->texts->bytes + last->texts->size == text.bytes) {
        last->texts->size += text.size;
        return true;
    }
    d->texts[0].text = text;
    return add_texts(d, PIECE_LITERAL, 1);
}

static bool add_word(const struct drafting *d, size_t token) {
    for (size_t i = 0; i < d->skeleton->count; i++)
        d->texts[i] = (struct counted){.text = text_of(d, i, token), .count = 1};
    struct text first = text_of(d, 0, token);
    size_t kept = count_texts(d->texts, d->skeleton->count, d->training->min_count);
    if (kept == 0 || kept > PIECE_ITEMS) return false;
    if (kept > 1) return add_texts(d, PIECE_CHOICE, kept);
    bool same =
        first.size == d->texts[0].text.size && memcmp(first.bytes, d->texts[0].text.bytes, first.size) == 0;
    return add_literal(d, same ? first : d->texts[0].text);
}

static bool add_sign(const struct drafting *d, size_t token) {
    static const uint8_t minus = '-';
    size_t negative = 0, count = d->skeleton->count;
    for (size_t i = 0; i < count; i++) negative += d->tokens[i * d->per_sample + token].minus;
    if (negative == 0) return true;
    bool mostly = negative * 2 > count;
    d->texts[mostly ? 0 : 1].text = (struct text){.bytes = &minus, .size = 1};
    d->texts[mostly ? 1 : 0].text = (struct text){.bytes = &minus, .size = 0};
    return add_texts(d, PIECE_CHOICE, 2);
}

/* All samples but a few odd ones are of this kind. */
static bool is_kind(const struct drafting *d, size_t token, enum piece_kind kind) {
    size_t odd = 0, count = d->skeleton->count;
    uint64_t ordinal;
    for (size_t i = 0; i < count; i++) {
        struct text run = text_of(d, i, token);
        odd += !digits_ordinal(kind, run.bytes, run.size, &ordinal);
    }
    return odd <= count / 256;
}

static bool add_number(const struct drafting *d, size_t token) {
    if (!add_sign(d, token)) return false;
    const struct token *t = &d->tokens[token];
    bool after_point = token >= 2 && t[-2].kind == TOKEN_NUMBER && t[-1].kind == TOKEN_OTHER &&
                       *text_of(d, 0, token - 1).bytes == '.';
    enum piece_kind kind = PIECE_DIGITS;
    if (after_point && is_kind(d, token, PIECE_FRACTION)) kind = PIECE_FRACTION;
    else if (is_kind(d, token, PIECE_INTEGER)) kind = PIECE_INTEGER;
    d->result->pieces[d->result->piece_count++] = (struct piece){.kind = kind};
    return true;
}

static bool add_pieces(const struct drafting *d) {
    struct template *t = d->result;
    for (size_t i = 0; i < d->per_sample; i++) {
        unsigned kind = d->tokens[i].kind;
        bool added = kind == TOKEN_OTHER  ? add_literal(d, text_of(d, 0, i))
                     : kind == TOKEN_WORD ? add_word(d, i)
                                          : add_number(d, i);
        if (!added) return false;
    }
    for (size_t i = 0; i < t->piece_count; i++) t->field_count += t->pieces[i].kind != PIECE_LITERAL;
    return t->field_count <= TEMPLATE_FIELDS && t->piece_count <= TEMPLATE_PIECES;
}

bool draft_template(struct template *t, const struct training *training, const struct skeleton *skeleton) {
    const vp_allocator *a = &training->allocator;
    struct token first[SKELETON_TOKENS];
    struct drafting d = {.training = training, .skeleton = skeleton, .result = t};
    *t = (struct template){.piece_count = 0};
    d.per_sample = split_tokens(&training->samples.items[skeleton->samples[0]], first);
    size_t count = skeleton->count;
    struct token *tokens = memory_alloc(a, (count * d.per_sample + SKELETON_TOKENS) * sizeof *tokens);
    d.texts = memory_zeroed(a, (count + 2) * sizeof *d.texts);
    t->pieces = memory_zeroed(a, 2 * d.per_sample * sizeof *t->pieces);
    bool done = tokens && d.texts && t->pieces;
    for (size_t i = 0; done && i < count; i++)
        done = split_tokens(sample_at(&d, i), tokens + i * d.per_sample) == d.per_sample;
    d.tokens = tokens;
    done = done && add_pieces(&d);
    memory_free(a, tokens);
    memory_free(a, d.texts);
    return done;
}

/* ---- Favourites ----------------------------------------------------------------------------- */

enum { NEIGHBOURS = 4, STANDING_OUT = 8, CHANCE = 4, FAVOURITES = 1024 };

struct met {
    uint64_t ordinal, count;
};

static int more_met_first(const void *a, const void *b) {
    const struct met *x = a, *y = b;
    if (x->count != y->count) return x->count > y->count ? -1 : 1;
    return x->ordinal < y->ordinal ? -1 : x->ordinal > y->ordinal;
}

/* Is this ordinal met far more often than those around it let expect, more than chance does it?
   Ordinals come in steps. */
static bool stands_out(const struct met *met, size_t count, size_t i, uint64_t step) {
    size_t first = i > NEIGHBOURS ? i - NEIGHBOURS : 0;
    size_t last = count - 1 - i > NEIGHBOURS ? i + NEIGHBOURS : count - 1;
    uint64_t around = 0, span = (met[last].ordinal - met[first].ordinal) / step, here = met[i].count;
    for (size_t k = first; k <= last; k++) around += k == i ? 0 : met[k].count;
    if (around == 0 || here <= CHANCE) return false;
    if (span > UINT32_MAX) span = UINT32_MAX; /* sparse enough; keeps products below within 64 bits */
    uint64_t surplus = here - CHANCE;
    return here * span > STANDING_OUT * around && surplus * surplus * span > CHANCE * CHANCE * around;
}

static int ascending(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static size_t find_met(struct met *met, const uint64_t *ordinals, size_t count) {
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++) {
        if (distinct && met[distinct - 1].ordinal == ordinals[i]) met[distinct - 1].count++;
        else met[distinct++] = (struct met){.ordinal = ordinals[i], .count = 1};
    }
    return distinct;
}

bool choose_favourites(struct piece *p, uint64_t *ordinals, size_t count, const struct training *training) {
    const vp_allocator *a = &training->allocator;
    struct met *met = memory_alloc(a, 2 * count * sizeof *met);
    if (!met) return false;
    struct met *chosen = met + count;
    qsort(ordinals, count, sizeof *ordinals, ascending);
    size_t distinct = find_met(met, ordinals, count), found = 0;
    uint64_t step = common_step(ordinals, count);
    for (size_t i = 0; i < distinct; i++)
        if (met[i].count >= training->min_count && stands_out(met, distinct, i, step))
            chosen[found++] = met[i];
    qsort(chosen, found, sizeof *chosen, more_met_first);
    if (found > FAVOURITES) found = FAVOURITES;
    bool done = piece_set_favourites(p, found, a);
    for (size_t i = 0; done && i < found; i++) p->favourites[i] = chosen[i].ordinal;
    memory_free(a, met);
    return done && piece_sort_favourites(p);
}
