/* Learns which forms of typed values samples have, and how to take their numbers apart. */
#include "encoders/typed.h"
#include "train/ranges.h"

enum { VARIANTS_MOST = 64, RUNS_MOST = 16, SAMPLES_MOST = 1 << 16, SURE = 64 };

struct parsed {
    struct typed_form form;
    uint32_t variant;
    struct wide number;
};

struct variant {
    struct typed_form form;
    uint64_t count, step;
    bool sure; /* enough different samples to trust in what all have */
    unsigned bits, run_count;
    struct wide fixed;
    struct run {
        uint8_t at, length;
    } runs[RUNS_MOST];
};

struct learning {
    const struct training *training;
    struct parsed *parsed;
    struct wide *numbers;
    size_t count;
    struct variant variants[VARIANTS_MOST];
    unsigned variant_count;
};

/* ---- Forms ------------------------------------------------------------------------------------ */

static bool same_form(struct typed_form a, struct typed_form b) {
    return a.kind == b.kind && a.detail == b.detail;
}

static void count_form(struct learning *l, struct parsed *p) {
    unsigned i = 0;
    while (i < l->variant_count && !same_form(l->variants[i].form, p->form)) i++;
    p->variant = i;
    if (i == VARIANTS_MOST) return;
    if (i == l->variant_count) {
        l->variants[i] = (struct variant){.form = p->form, .step = 1, .bits = (unsigned)typed_bits(p->form)};
        l->variant_count++;
    }
    l->variants[i].count++;
}

/* Parses an even choice of samples. */
static void parse_samples(struct learning *l, size_t most) {
    const struct samples *s = &l->training->samples;
    for (size_t i = 0; i < most; i++) {
        const struct sample *sample = &s->items[(uint64_t)i * s->count / most];
        struct parsed *p = &l->parsed[l->count];
        if (sample->size == 0 || !typed_parse(sample->bytes, sample->size, &p->form, &p->number)) continue;
        if (typed_bits(p->form) < 0) continue;
        count_form(l, p);
        l->count++;
    }
}

/* Keeps the forms that enough samples have and whose blobs are as long as the commonest form's. */
static void keep_common(struct learning *l) {
    unsigned map[VARIANTS_MOST + 1], kept = 0, commonest = 0;
    for (unsigned i = 1; i < l->variant_count; i++)
        if (l->variants[i].count > l->variants[commonest].count) commonest = i;
    size_t blob = l->variant_count ? typed_blob_bytes(l->variants[commonest].form) : 0;
    for (unsigned i = 0; i <= VARIANTS_MOST; i++) map[i] = VARIANTS_MOST;
    for (unsigned i = 0; i < l->variant_count; i++) {
        struct variant *t = &l->variants[i];
        if (t->count < l->training->min_count || typed_blob_bytes(t->form) != blob) continue;
        map[i] = kept;
        l->variants[kept++] = *t;
    }
    l->variant_count = kept;
    for (size_t i = 0; i < l->count; i++) l->parsed[i].variant = map[l->parsed[i].variant];
}

/* What is stored of samples must be of several, and chance must not look like a rule. */
static void count_distinct(struct learning *l, unsigned variant) {
    size_t count = 0, least = l->training->min_count > SURE ? (size_t)l->training->min_count : SURE;
    for (size_t i = 0; i < l->count; i++)
        if (l->parsed[i].variant == variant) l->numbers[count++] = l->parsed[i].number;
    l->variants[variant].sure = distinct_numbers(l->numbers, count) >= least;
}

/* ---- Steps of time ------------------------------------------------------------------------------ */

static uint64_t greatest_divisor(uint64_t a, uint64_t b) {
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Divides the times of a variant by what divides all of them. */
static void learn_step(struct learning *l, unsigned variant) {
    struct variant *t = &l->variants[variant];
    struct typed_field field = typed_time_field(t->form);
    uint64_t step = 0;
    if (field.length == 0 || !t->sure) return;
    for (size_t i = 0; i < l->count; i++)
        if (l->parsed[i].variant == variant)
            step = greatest_divisor(step, wide_field(l->parsed[i].number, field.at, field.length).low);
    if (step < 2) return;
    t->step = step;
    for (size_t i = 0; i < l->count; i++) {
        struct wide *number = &l->parsed[i].number;
        uint64_t time = wide_field(*number, field.at, field.length).low;
        if (l->parsed[i].variant == variant)
            *number = wide_xor(*number, wide_left(wide_of(time ^ time / step), field.at));
    }
}

/* ---- Runs of bits ------------------------------------------------------------------------------- */

/* The fields of a number in the order they are coded, highest first or, if `moved`, what says most
   about the others first; 0 if that is no other order. */
static unsigned field_order(const struct variant *t, bool moved, struct run order[3]) {
    order[0] = (struct run){.at = 0, .length = (uint8_t)t->bits};
    if (!moved) return t->bits > 0;
    if (t->form.kind == TYPED_UUID1) { /* node, clock sequence, time */
        order[0] = (struct run){.at = 0, .length = 48};
        order[1] = (struct run){.at = 48, .length = 14};
        order[2] = (struct run){.at = 62, .length = 60};
        return 3;
    }
    if (t->form.kind == TYPED_HEX && t->bits == 96) { /* ObjectId: process, time, counter */
        order[0] = (struct run){.at = 24, .length = 40};
        order[1] = (struct run){.at = 64, .length = 32};
        order[2] = (struct run){.at = 0, .length = 24};
        return 3;
    }
    return 0;
}

/* Bits that are equal in all samples of a variant. */
static struct wide constant_bits(const struct learning *l, unsigned variant, struct wide *value) {
    struct wide varying = wide_of(0);
    bool first = true;
    for (size_t i = 0; i < l->count; i++) {
        if (l->parsed[i].variant != variant) continue;
        if (first) *value = l->parsed[i].number;
        first = false;
        varying = wide_or(varying, wide_xor(*value, l->parsed[i].number));
    }
    return wide_xor(wide_mask(l->variants[variant].bits), varying);
}

static bool bit_at(struct wide bits, unsigned at) {
    return wide_right(bits, at).low & 1;
}

static void add_run_bit(struct variant *t, unsigned at) {
    struct run *last = t->run_count ? &t->runs[t->run_count - 1] : NULL;
    if (last && last->at == at + 1) {
        last->at = (uint8_t)at;
        last->length++;
    } else if (t->run_count < RUNS_MOST) {
        t->runs[t->run_count++] = (struct run){.at = (uint8_t)at, .length = 1};
    }
}

/* Leaves out constant bits behind the first that varies; those before it cost nothing in ranges,
   which allow for their changing one day. */
static void cut_runs(struct variant *t, const struct run *order, unsigned fields, struct wide constant) {
    bool varied = false;
    t->run_count = 0;
    for (unsigned i = 0; i < fields; i++) {
        for (unsigned at = order[i].at + order[i].length; at-- > order[i].at;) {
            varied |= !bit_at(constant, at);
            if (!varied || !bit_at(constant, at)) add_run_bit(t, at);
        }
    }
}

static struct wide covered_by(const struct variant *t) {
    struct wide covered = wide_of(0);
    for (unsigned i = 0; i < t->run_count; i++)
        covered = wide_or(covered, wide_left(wide_mask(t->runs[i].length), t->runs[i].at));
    return covered;
}

/* true if the order of fields is not the plain one. */
static bool learn_runs(struct learning *l, unsigned variant, bool moved) {
    struct variant *t = &l->variants[variant];
    struct wide value = wide_of(0), constant = constant_bits(l, variant, &value);
    struct run order[3];
    unsigned fields = field_order(t, moved, order);
    bool other = fields > 1;
    if (fields == 0) fields = field_order(t, false, order);
    cut_runs(t, order, fields, t->sure ? constant : wide_of(0));
    struct wide dropped = wide_xor(wide_mask(t->bits), covered_by(t));
    if (!wide_equal(wide_and(dropped, constant), dropped)) { /* more runs than there is room for */
        memcpy(t->runs, order, sizeof order);
        t->run_count = fields;
        dropped = wide_of(0);
    }
    t->fixed = wide_and(dropped, value);
    return other;
}

static struct wide take_apart(const struct variant *t, struct wide number) {
    struct wide joined = wide_of(0);
    for (unsigned i = 0; i < t->run_count; i++)
        joined = wide_or(wide_left(joined, t->runs[i].length),
                         wide_field(number, t->runs[i].at, t->runs[i].length));
    return joined;
}

/* ---- The section -------------------------------------------------------------------------------- */

static void write_variant(const struct variant *t, struct writer *section) {
    put_byte(section, t->form.kind);
    put_varint(section, t->form.detail);
    put_varint(section, t->step);
    put_byte(section, t->run_count);
    for (unsigned i = 0; i < t->run_count; i++) {
        put_byte(section, t->runs[i].at);
        put_byte(section, t->runs[i].length);
    }
    put_wide_varint(section, t->fixed);
}

static int write_section(struct learning *l, struct writer *section) {
    struct numbers numbers[VARIANTS_MOST];
    struct wide *next = l->numbers;
    put_byte(section, l->variant_count);
    for (unsigned i = 0; i < l->variant_count; i++) {
        const struct variant *t = &l->variants[i];
        numbers[i] = (struct numbers){.items = next};
        for (unsigned run = 0; run < t->run_count; run++) numbers[i].bits += t->runs[run].length;
        for (size_t j = 0; j < l->count; j++)
            if (l->parsed[j].variant == i) *next++ = take_apart(t, l->parsed[j].number);
        numbers[i].count = (size_t)(next - numbers[i].items);
        write_variant(t, section);
    }
    size_t blob = typed_blob_bytes(l->variants[0].form);
    return train_ranges(l->training, numbers, l->variant_count, blob * 8, section);
}

static int learn(struct learning *l, bool moved, size_t most, struct writer *section) {
    bool other = false;
    parse_samples(l, most);
    keep_common(l);
    for (unsigned i = 0; i < l->variant_count; i++) {
        count_distinct(l, i);
        learn_step(l, i);
        other |= learn_runs(l, i, moved);
    }
    if (l->variant_count == 0 || (moved && !other)) return VP_ERR_NO_SAMPLES;
    return write_section(l, section);
}

/* Variant 1 moves the fields of ObjectIds and version-1 UUIDs. */
static int train(const struct training *t, unsigned variant, struct writer *section) {
    size_t most = t->samples.count < SAMPLES_MOST ? t->samples.count : SAMPLES_MOST;
    struct learning *l = memory_zeroed(&t->allocator, sizeof *l);
    int status = VP_ERR_MEMORY;
    if (!l) return status;
    l->training = t;
    l->parsed = memory_alloc(&t->allocator, most * sizeof *l->parsed);
    l->numbers = memory_alloc(&t->allocator, most * sizeof *l->numbers);
    if (l->parsed && l->numbers) status = learn(l, variant == 1, most, section);
    memory_free(&t->allocator, l->parsed);
    memory_free(&t->allocator, l->numbers);
    memory_free(&t->allocator, l);
    return status;
}

const struct encoder_trainer trainer_typed = {.id = ENCODER_ID_typed, .variants = 2, .train = train};
