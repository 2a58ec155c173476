/* Which name gets which short one, and which position. */
#include <stdlib.h>

#include "object_names.h"

/* A short name is a line in a table that somebody keeps: not for what one object in so many has. */
enum { RARE_NAME = 1000, RARE_POSITION = 100 };

static const char digits[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

static unsigned digit_of(uint8_t c) {
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (unsigned)(found - digits) : CODE_DIGITS;
}

unsigned object_code_of(const uint8_t *text, size_t size) {
    if (size < 1 || size > 2) return NO_CODE;
    unsigned first = digit_of(text[0]), second = size == 2 ? digit_of(text[1]) : 0;
    if (first == CODE_DIGITS || second == CODE_DIGITS) return NO_CODE;
    return size == 1 ? first : CODE_DIGITS + first * CODE_DIGITS + second;
}

size_t object_code_text(unsigned code, char text[2]) {
    if (code < CODE_DIGITS) {
        text[0] = digits[code];
        return 1;
    }
    text[0] = digits[(code - CODE_DIGITS) / CODE_DIGITS];
    text[1] = digits[(code - CODE_DIGITS) % CODE_DIGITS];
    return 2;
}

/* ---- Short names ---------------------------------------------------------------------------- */

struct ranked {
    uint64_t weight;
    uint16_t number;
};

/* The heaviest first, of equal ones the one seen first. */
static int compare_ranked(const void *a, const void *b) {
    const struct ranked *x = a, *y = b;
    if (x->weight != y->weight) return x->weight > y->weight ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static bool is_common(uint64_t count, uint64_t objects, uint64_t rare) {
    return count >= 2 && count >= objects / rare;
}

/* Names may not become another's: a name that is spelled like a code keeps that code from being given. */
static void reserve_codes(const struct object_names *names, bool *reserved) {
    for (uint32_t i = 0; i < names->numbers.count; i++) {
        const struct object_name *name = &names->names[i];
        unsigned code = object_code_of(names->texts.bytes + name->start, name->size);
        if (code != NO_CODE) reserved[code] = true;
    }
}

static void give_codes(struct object_names *names, const struct ranked *order, size_t count,
                       const bool *reserved) {
    unsigned code = 0;
    for (size_t i = 0; i < count; i++) {
        struct object_name *name = &names->names[order[i].number];
        while (code < CODES && reserved[code]) code++;
        if (code == CODES) return;
        size_t size = object_code_text(code, name->short_name);
        if (size >= name->size) continue;
        name->code = (uint16_t)code;
        names->is_code[code++] = true;
        names->coded[names->coded_count++] = order[i].number;
    }
}

static size_t rank_names(const struct object_names *names, struct ranked *order) {
    size_t count = 0;
    for (uint32_t i = 0; i < names->numbers.count; i++) {
        const struct object_name *name = &names->names[i];
        if (name->size >= 2 && is_common(name->occurrences, names->objects, RARE_NAME))
            order[count++] = (struct ranked){name->occurrences * (name->size - 1), (uint16_t)i};
    }
    qsort(order, count, sizeof *order, compare_ranked);
    return count;
}

/* ---- Positions ------------------------------------------------------------------------------ */

static void give_position(struct object_names *names, uint16_t number) {
    struct object_name *name = &names->names[number];
    if (name->position != NO_POSITION || names->position_count == OBJECT_MEMBERS) return;
    name->position = names->position_count;
    names->positions[names->position_count++] = number;
}

static const struct object_shape *commonest_shape(const struct object_names *names) {
    const struct object_shape *best = NULL;
    for (uint32_t i = 0; i < names->shape_numbers.count; i++)
        if (!best || names->shapes[i].objects > best->objects) best = &names->shapes[i];
    return best;
}

static void give_positions(struct object_names *names, struct ranked *order) {
    const struct object_shape *best = commonest_shape(names);
    if (!best || best->objects < 2) return;
    for (uint16_t i = 0; i < best->count; i++) give_position(names, best->names[i]);
    size_t count = 0;
    for (uint32_t i = 0; i < names->numbers.count; i++)
        if (is_common(names->names[i].members, names->objects, RARE_POSITION))
            order[count++] = (struct ranked){names->names[i].members, (uint16_t)i};
    qsort(order, count, sizeof *order, compare_ranked);
    for (size_t i = 0; i < count; i++) give_position(names, order[i].number);
}

/* ---- Both ----------------------------------------------------------------------------------- */

int64_t object_names_settle(struct object_names *names) {
    struct ranked *order = memory_zeroed(&names->allocator, OBJECT_NAMES * sizeof *order);
    bool *reserved = memory_zeroed(&names->allocator, CODES * sizeof *reserved);
    if (order && reserved) {
        reserve_codes(names, reserved);
        give_codes(names, order, rank_names(names, order), reserved);
        give_positions(names, order);
    }
    bool settled = order && reserved;
    memory_free(&names->allocator, order);
    memory_free(&names->allocator, reserved);
    return settled ? names->coded_count : VP_ERR_MEMORY;
}

static vp_bytes text_of_name(const struct object_names *names, const struct object_name *name) {
    return (vp_bytes){names->texts.bytes + name->start, name->size};
}

bool object_code(const struct object_names *names, size_t i, vp_bytes *name, vp_bytes *code) {
    if (i >= names->coded_count) return false;
    const struct object_name *coded = &names->names[names->coded[i]];
    *name = text_of_name(names, coded);
    *code = (vp_bytes){coded->short_name, coded->code < CODE_DIGITS ? 1 : 2};
    return true;
}

bool object_position(const struct object_names *names, size_t i, vp_bytes *name) {
    if (i >= names->position_count) return false;
    *name = text_of_name(names, &names->names[names->positions[i]]);
    return true;
}
