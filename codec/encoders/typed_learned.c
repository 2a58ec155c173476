/*
 * typed with learned parameters: the forms that samples had, and where their numbers lie.
 *
 * A variant is a form with a way to take its number apart: the time in it divided by a learned step,
 * then runs of bits copied one behind the other, the most predictable first; bits in no run always
 * have the same, stored value. The shorter number so made is coded by ranges (ranges.h). All variants
 * have blobs of one length, or none. Payload: the code, then the bytes of the blob, no padding.
 *
 * Section: variants (byte, 1..64); each: kind (byte), detail (varint), step (varint), number of runs
 * (byte), runs (lowest bit and length, a byte each), bits in no run (varint of up to 128 bits); ranges.
 */
#include "encoders/typed.h"

enum { VARIANTS_MOST = 64, RUNS_MOST = 16 };

struct variant {
    struct typed_form form;
    uint64_t step;
    struct wide fixed, covered; /* bits in no run, and where the runs are */
    unsigned run_count;
    struct run {
        uint8_t at, length;
    } runs[RUNS_MOST];
};

struct learned {
    struct ranges ranges;
    size_t blob; /* bytes */
    unsigned count;
    struct variant variants[];
};

/* ---- A number taken apart ----------------------------------------------------------------------- */

static bool divide_time(const struct variant *t, struct wide *number) {
    struct typed_field field = typed_time_field(t->form);
    if (t->step == 1) return true;
    uint64_t time = wide_field(*number, field.at, field.length).low;
    if (time % t->step != 0) return false;
    *number = wide_xor(*number, wide_left(wide_of(time ^ time / t->step), field.at));
    return true;
}

static bool multiply_time(const struct variant *t, struct wide *number) {
    struct typed_field field = typed_time_field(t->form);
    if (t->step == 1) return true;
    uint64_t steps = wide_field(*number, field.at, field.length).low;
    if (steps > wide_mask(field.length).low / t->step) return false;
    *number = wide_xor(*number, wide_left(wide_of(steps ^ steps * t->step), field.at));
    return true;
}

static bool take_apart(const struct variant *t, struct wide number, struct wide *result) {
    if (!divide_time(t, &number)) return false;
    struct wide joined = wide_of(0), loose = wide_xor(number, wide_and(number, t->covered));
    if (!wide_equal(loose, t->fixed)) return false;
    for (unsigned i = 0; i < t->run_count; i++) {
        struct run run = t->runs[i];
        joined = wide_or(wide_left(joined, run.length), wide_field(number, run.at, run.length));
    }
    *result = joined;
    return true;
}

static bool put_together(const struct variant *t, struct wide joined, struct wide *number) {
    struct wide whole = t->fixed;
    for (unsigned i = t->run_count; i > 0; i--) {
        struct run run = t->runs[i - 1];
        whole = wide_or(whole, wide_left(wide_field(joined, 0, run.length), run.at));
        joined = wide_right(joined, run.length);
    }
    *number = whole;
    return multiply_time(t, number);
}

/* ---- Coding ------------------------------------------------------------------------------------- */

bool typed_learned_encode(struct bit_writer *w, const struct value *v, const void *params) {
    const struct learned *p = params;
    struct typed_form form;
    struct wide number, joined, code;
    if (!typed_parse(v->bytes, v->size, &form, &number)) return false;
    for (unsigned i = 0; i < p->count; i++) {
        const struct variant *t = &p->variants[i];
        if (t->form.kind != form.kind || t->form.detail != form.detail) continue;
        if (!take_apart(t, number, &joined) || !ranges_encode(&p->ranges, i, joined, &code)) return false;
        put_code(w, code, p->blob * 8);
        if (p->blob) put_blob(w, v->bytes, v->size, form);
        return true;
    }
    return false;
}

int typed_learned_decode(struct writer *out, struct bit_reader *in, const void *params) {
    const struct learned *p = params;
    struct wide code = take_code(in, p->blob * 8), joined, number;
    unsigned variant;
    char text[TYPED_TEXT];
    if (in->bad || !ranges_decode(&p->ranges, code, &variant, &joined)) return VP_ERR_CORRUPT;
    const struct variant *t = &p->variants[variant];
    if (p->blob) return take_blob(out, in, t->form);
    if (!put_together(t, joined, &number)) return VP_ERR_CORRUPT;
    size_t size = typed_render(t->form, number, text);
    put_bytes(out, text, size);
    return size ? VP_OK : VP_ERR_CORRUPT;
}

/* ---- Loading ------------------------------------------------------------------------------------ */

/* The runs: inside the number, not overlapping. Gives their total length, -1 if they are wrong. */
static int load_runs(struct variant *t, struct reader *section, unsigned bits) {
    unsigned joined = 0;
    t->run_count = take_byte(section);
    if (t->run_count > RUNS_MOST) return -1;
    for (unsigned i = 0; i < t->run_count; i++) {
        struct run run;
        run.at = (uint8_t)take_byte(section);
        run.length = (uint8_t)take_byte(section);
        if (run.length == 0 || run.at + run.length > (int)bits) return -1;
        struct wide covers = wide_left(wide_mask(run.length), run.at);
        struct wide twice = wide_and(covers, t->covered);
        if (twice.high || twice.low) return -1;
        t->covered = wide_or(t->covered, covers);
        t->runs[i] = run;
        joined += run.length;
    }
    return (int)joined;
}

static bool load_variant(struct variant *t, struct reader *section, uint8_t *joined) {
    t->form.kind = (uint8_t)take_byte(section);
    uint64_t detail = take_varint(section);
    t->form.detail = (uint32_t)detail;
    t->step = take_varint(section);
    int bits = section->bad || detail > UINT32_MAX ? -1 : typed_bits(t->form);
    if (bits < 0) return false;
    struct typed_field field = typed_time_field(t->form);
    if (t->step == 0 || (t->step > 1 && (field.length == 0 || t->step > wide_mask(field.length).low)))
        return false;
    int length = load_runs(t, section, (unsigned)bits);
    t->fixed = take_wide_varint(section);
    struct wide loose = wide_xor(wide_mask((unsigned)bits), t->covered);
    *joined = (uint8_t)length;
    return length >= 0 && wide_equal(wide_and(t->fixed, loose), t->fixed) && !section->bad;
}

static bool load_variants(struct learned *p, struct reader *section, uint8_t *bits) {
    for (unsigned i = 0; i < p->count; i++) {
        if (!load_variant(&p->variants[i], section, &bits[i])) return false;
        struct typed_form form = p->variants[i].form;
        if (i == 0) p->blob = typed_blob_bytes(form);
        if (typed_blob_bytes(form) != p->blob) return false;
        for (unsigned j = 0; j < i; j++)
            if (p->variants[j].form.kind == form.kind && p->variants[j].form.detail == form.detail)
                return false;
    }
    return true;
}

void *typed_learned_load(struct reader *section, struct loading *l) {
    uint8_t bits[VARIANTS_MOST];
    unsigned count = take_byte(section);
    if (count == 0 || count > VARIANTS_MOST)
        return loading_fails(l, VP_ERR_PROFILE, section->at, "typed: wrong number of forms");
    struct learned *p = memory_zeroed(&l->allocator, sizeof *p + count * sizeof p->variants[0]);
    if (!p) return loading_fails(l, VP_ERR_MEMORY, section->at, "out of memory");
    p->count = count;
    if (!load_variants(p, section, bits))
        loading_fails(l, VP_ERR_PROFILE, section->at, "typed: a form is wrong");
    else if (ranges_load(&p->ranges, section, l, bits, count) && reader_left(section))
        loading_fails(l, VP_ERR_PROFILE, section->at, "typed: bytes behind the end");
    if (l->status == VP_OK) return p;
    typed_learned_unload(p, &l->allocator);
    return NULL;
}

void typed_learned_unload(void *params, const vp_allocator *allocator) {
    struct learned *p = params;
    if (!p) return;
    ranges_free(&p->ranges, allocator);
    memory_free(allocator, p);
}

void typed_learned_describe(const void *params, struct writer *json) {
    static const char *const names[32] = {[TYPED_UUID] = "uuid",
                                          [TYPED_UUID1] = "uuid1",
                                          [TYPED_UUID4] = "uuid4",
                                          [TYPED_UUID7] = "uuid7",
                                          [TYPED_IPV4] = "ipv4",
                                          [TYPED_IPV4_NET] = "ipv4/net",
                                          [TYPED_IPV4_PORT] = "ipv4:port",
                                          [TYPED_IPV6] = "ipv6",
                                          [TYPED_IPV6_NET] = "ipv6/net",
                                          [TYPED_MAC] = "mac",
                                          [TYPED_TIME] = "time",
                                          [TYPED_ULID] = "ulid",
                                          [TYPED_HEX] = "hex",
                                          [TYPED_BASE64] = "base64"};
    const struct learned *p = params;
    put_text(json, "\"kinds\":[");
    for (unsigned i = 0; i < p->count; i++) {
        uint8_t kind = p->variants[i].form.kind;
        if (i && kind == p->variants[i - 1].form.kind) continue; /* another spelling of it */
        put_text(json, i ? ",\"" : "\"");
        put_text(json, names[kind]);
        put_text(json, "\"");
    }
    put_text(json, "],\"spellings\":");
    put_decimal(json, p->count);
    put_text(json, ",\"ranges\":");
    put_decimal(json, p->ranges.count);
}
