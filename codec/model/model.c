#include "model.h"

const struct run_class run_classes[RUN_CLASSES] = {
    {"0123456789", 10, 4, 10000},
    {"0123456789abcdef", 16, 4, 65536},
    {"0123456789ABCDEF", 16, 4, 65536},
    {"abcdefghijklmnopqrstuvwxyz", 26, 3, 17576},
    {"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 62, 2, 3844},
    {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 64, 2, 4096},
    {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 64, 2, 4096},
};

unsigned run_digit(unsigned class, uint8_t byte) {
    const char *digits = run_classes[class].digits;
    const char *found = byte ? memchr(digits, byte, run_classes[class].base) : NULL;
    return found ? (unsigned)(found - digits) : 0xFF;
}

void advance_bytes(const struct model *m, struct cursor *c, struct reader value, size_t size, unsigned kind) {
    c->history = history_before(value.at, value.end);
    if (m->mode == MODE_ANCHORS) {
        c->place = (uint8_t)(kind == KIND_RUN ? place_after(c->place, size) : (unsigned)PLACE_COPIED);
        return;
    }
    for (const uint8_t *at = value.end - size; at < value.end; at++) {
        bool ends = m->symbols[*at].delimiters;
        c->place = (uint8_t)(ends ? 0 : place_after(c->place, 1));
        if (ends && c->slot + 1u < m->slot_count) c->slot++;
    }
}
