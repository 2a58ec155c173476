/* Reading and writing lists of numbers. */
#include "encoders/delta.h"
#include "encoders/typed.h"

struct list_style list_style_by_number(unsigned number) {
    static const char *const marks[LIST_STYLES][3] = {
        {"", ",", ""},   {"", ", ", ""},   {"", " ", ""},           {"", ";", ""},
        {"[", ",", "]"}, {"[", ", ", "]"}, {"[\"", "\",\"", "\"]"}, {"[\"", "\", \"", "\"]"}};
    struct mark made[3];
    for (unsigned i = 0; i < 3; i++) {
        made[i].bytes = (const uint8_t *)marks[number][i];
        made[i].size = strlen(marks[number][i]);
    }
    return (struct list_style){.open = made[0], .separator = made[1], .close = made[2]};
}

static bool begins_with(const uint8_t *at, struct mark mark) {
    return mark.size == 0 || memcmp(at, mark.bytes, mark.size) == 0;
}

static bool skip_mark(struct list_walk *walk, struct mark mark) {
    if ((size_t)(walk->end - walk->at) < mark.size || !begins_with(walk->at, mark)) return false;
    walk->at += mark.size;
    return true;
}

struct list_walk list_begin(const struct list_style *style, const uint8_t *text, size_t size) {
    struct list_walk walk = {.style = style, .at = text, .end = text + size};
    walk.bad = size < style->open.size + style->close.size || !skip_mark(&walk, style->open);
    if (walk.bad) return walk;
    walk.end -= style->close.size;
    walk.bad = !begins_with(walk.end, style->close);
    return walk;
}

static bool integer(struct list_walk *walk, uint64_t *number) {
    const uint8_t *first = walk->at, *at = first;
    if (at < walk->end && *at == '-') at++;
    while (at < walk->end && at - first < 21 && *at >= '0' && *at <= '9') at++;
    if (!is_canonical_integer(first, (size_t)(at - first))) return false;
    bool negative = *first == '-';
    uint64_t v = 0;
    for (const uint8_t *digit = first + negative; digit < at; digit++) v = v * 10 + (unsigned)(*digit - '0');
    *number = negative ? 0 - v : v;
    walk->at = at;
    return true;
}

/* Timestamps of a form without offsets are all equally long. */
static bool timestamp(struct list_walk *walk, uint64_t *number) {
    struct typed_form form;
    struct wide wide;
    size_t left = (size_t)(walk->end - walk->at), size = walk->item_size;
    const struct mark *separator = &walk->style->separator;
    if (size == 0)
        for (size = 10; size < left && size < 36; size++)
            if (left - size >= separator->size && begins_with(walk->at + size, *separator)) break;
    if (size > left || !parse_time(walk->at, size, &form, &wide) || form.detail != walk->style->detail)
        return false;
    *number = wide.low;
    walk->item_size = size;
    walk->at += size;
    return true;
}

bool list_next(struct list_walk *walk, uint64_t *number) {
    if (walk->bad || walk->ended) return false;
    walk->bad = !(walk->style->times ? timestamp(walk, number) : integer(walk, number));
    if (walk->bad) return false;
    walk->ended = walk->at == walk->end;
    walk->bad = !walk->ended && !skip_mark(walk, walk->style->separator);
    return !walk->bad;
}

/* Zones other than none and Z would put the offset into the number. */
bool list_has_times(uint32_t detail) {
    int bits = time_bits((struct typed_form){.kind = TYPED_TIME, .detail = detail});
    return (detail == 0 || (detail - 1) % 4 < 2) && bits >= 0 && bits <= 63;
}

bool list_find_times(struct list_style *style, const uint8_t *text, size_t size) {
    struct typed_form form;
    struct wide number;
    struct list_walk walk = list_begin(style, text, size);
    if (walk.bad) return false;
    for (size_t length = 10; length < 36 && length <= (size_t)(walk.end - walk.at); length++) {
        struct list_walk rest = walk;
        rest.at += length;
        if (rest.at != rest.end && !skip_mark(&rest, style->separator)) continue;
        if (!parse_time(walk.at, length, &form, &number)) continue;
        style->times = true;
        style->detail = form.detail;
        return list_has_times(form.detail);
    }
    return false;
}

bool list_put(struct writer *out, const struct list_style *style, uint64_t number) {
    char text[TYPED_TEXT];
    if (style->times) {
        struct typed_form form = {.kind = TYPED_TIME, .detail = style->detail};
        size_t size = list_has_times(style->detail) ? render_time(form, wide_of(number), text) : 0;
        put_bytes(out, text, size);
        return size > 0 && wide_field(wide_of(number), (unsigned)time_bits(form), 64).low == 0;
    }
    bool negative = number >> 63;
    if (negative) put_byte(out, '-');
    put_decimal(out, negative ? 0 - number : number);
    return true;
}

static uint64_t varint_size(uint64_t v) {
    return v < 0x80 ? 1 : (bit_width(v) + 6u) / 7;
}

bool list_facts_of(const struct list_style *style, const uint8_t *text, size_t size,
                   struct list_facts *facts) {
    struct list_walk walk = list_begin(style, text, size);
    uint64_t number, before = 0;
    *facts = (struct list_facts){.least_value = INT64_MAX, .largest_value = INT64_MIN};
    facts->least_step = INT64_MAX;
    facts->largest_step = INT64_MIN;
    while (list_next(&walk, &number)) {
        int64_t value = (int64_t)number, step = (int64_t)(number - before);
        if (value < facts->least_value) facts->least_value = value;
        if (value > facts->largest_value) facts->largest_value = value;
        if (facts->count++ == 0) {
            facts->first = number;
        } else {
            if (step < facts->least_step) facts->least_step = step;
            if (step > facts->largest_step) facts->largest_step = step;
            facts->varint_bytes += varint_size((uint64_t)step << 1 ^ (step < 0 ? UINT64_MAX : 0));
        }
        before = number;
    }
    return !walk.bad && walk.ended;
}
