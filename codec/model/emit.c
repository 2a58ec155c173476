#include "emit.h"

static void emit_entry(struct range_encoder *e, const struct model *m, unsigned state, uint32_t entry) {
    range_encode(e, m->cums[entry], entry_end(m, &m->states[state], entry) - m->cums[entry], WEIGHT_BITS);
}

void emit(struct range_encoder *e, const struct model *m, const struct state_chain *chain, struct found f) {
    for (unsigned i = 0; i < f.level; i++) {
        const struct state *s = &m->states[chain->states[i]];
        emit_entry(e, m, chain->states[i], s->first + s->count - 1u);
    }
    emit_entry(e, m, chain->states[f.level], f.entry);
}

static void emit_run(struct range_encoder *e, const struct symbol *s, const uint8_t *text) {
    const struct run_class *class = &run_classes[s->class];
    for (unsigned done = 0; done < s->size;) {
        unsigned digits = s->size - done < class->step ? s->size - done : class->step;
        uint32_t room = 1, number = 0;
        for (unsigned i = 0; i < digits; i++) {
            room *= class->base;
            number = number * class->base + run_digit(s->class, text[done + i]);
        }
        range_encode_uniform(e, number, room);
        done += digits;
    }
}

static void emit_part(struct range_encoder *e, const struct part_weights *p, uint32_t part) {
    unsigned class = part_class(part);
    range_encode(e, p->cums[class], p->cums[class + 1] - p->cums[class], COPY_PART_BITS);
    if (class < 2) return;
    uint32_t room = (uint32_t)1 << (class - 1);
    range_encode_uniform(e, part - room, room);
}

uint32_t take_part(struct range_decoder *d, const struct part_weights *p) {
    uint32_t at = range_decode_peek(d, COPY_PART_BITS);
    unsigned class = 0;
    while (p->cums[class + 1] <= at) class ++;
    range_decode_take(d, p->cums[class], p->cums[class + 1] - p->cums[class]);
    if (class < 2) return class;
    uint32_t room = (uint32_t)1 << (class - 1);
    return room + range_decode_uniform(d, room);
}

void emit_details(struct range_encoder *e, const struct model *m, struct step step, const uint8_t *text) {
    const struct symbol *s = &m->symbols[step.symbol];
    if (s->kind == KIND_RUN) emit_run(e, s, text);
    if (s->kind != KIND_COPY) return;
    emit_part(e, &m->lengths, (uint32_t)step.size - COPY_SHORTEST);
    emit_part(e, &m->distances, step.distance - 1);
}
