#include "profile.h"

#include "header.h"
#include "utf8.h"

#include <xxhash.h>

static const uint8_t magic[4] = {'V', 'P', 'P', 1};

/* The section being read, for the loaders below. */
struct parsing {
    struct loading loading;
    vp_profile *profile;
};

static void fails(struct parsing *p, const uint8_t *where, const char *problem) {
    loading_fails(&p->loading, VP_ERR_PROFILE, where, problem);
}

bool profile_range_valid(uint32_t first_code, uint32_t width_bits) {
    if (width_bits > PROFILE_WIDTH_BITS || first_code < HEADER_PROFILE_FIRST) return false;
    uint32_t width = 1u << width_bits;
    return first_code % width == 0 && first_code + width - 1 <= HEADER_PROFILE_LAST;
}

static void parse_meta(struct parsing *p, struct reader *r) {
    vp_profile *profile = p->profile;
    const uint8_t *start = r->at;
    size_t size = take_byte(r);
    const uint8_t *name = take_bytes(r, size);
    struct provenance *seen = &profile->provenance;
    seen->date = take_le64(r);
    seen->samples = take_le64(r);
    seen->sample_bytes = take_le64(r);
    seen->held_out_values = take_le64(r);
    seen->held_out_raw = take_le64(r);
    seen->held_out_encoded = take_le64(r);
    if (r->bad || reader_left(r)) fails(p, start, "the meta section has a wrong length");
    else if (size > PROFILE_NAME_LARGEST || !utf8_valid(name, size)) fails(p, start, "the name is not valid");
    else if (size) memcpy(profile->name, name, size);
}

static void check_row(struct parsing *p, const uint8_t *where, const struct profile_row *row) {
    if (!row->encoder) {
        loading_fails(&p->loading, VP_ERR_UNSUPPORTED, where, "a row names an unknown encoder");
    } else if (row->form > ROW_EXTENDED) {
        loading_fails(&p->loading, VP_ERR_UNSUPPORTED, where, "a row has an unknown form");
    } else if (row->form == ROW_SYSTEM && !system_code_of(row->id)) {
        fails(p, where, "a row wants a system code that its encoder does not have");
    } else if (row->form != ROW_CODES && (row->offset || row->bits)) {
        fails(p, where, "a row without codes names a part");
    } else if (row->form == ROW_CODES &&
               (row->bits > p->profile->width_bits || row->offset & ((1u << row->bits) - 1) ||
                row->offset + (1u << row->bits) > 1u << p->profile->width_bits)) {
        fails(p, where, "a part leaves the range or is not aligned");
    } else if (row->form == ROW_CODES && row->encoder->bytewise && row->bits) {
        fails(p, where, "an encoder that thinks in bytes has more than one code");
    }
}

/* No two rows may answer for the same code or the same extended header. */
static void check_overlaps(struct parsing *p, const uint8_t *where) {
    const vp_profile *profile = p->profile;
    for (unsigned i = 0; i < profile->row_count; i++) {
        for (unsigned j = 0; j < i; j++) {
            const struct profile_row *a = &profile->rows[i], *b = &profile->rows[j];
            bool both = a->form == b->form;
            if (both && a->form != ROW_CODES && a->id == b->id) fails(p, where, "two rows for one encoder");
            if (both && a->form == ROW_CODES && a->offset < b->offset + (1u << b->bits) &&
                b->offset < a->offset + (1u << a->bits))
                fails(p, where, "two parts overlap");
        }
    }
}

static void parse_policy(struct parsing *p, struct reader *r) {
    vp_profile *profile = p->profile;
    const uint8_t *start = r->at;
    profile->width_bits = take_byte(r);
    profile->check = take_byte(r);
    profile->margin = take_byte(r);
    profile->row_count = take_byte(r);
    if (r->bad || profile->width_bits > PROFILE_WIDTH_BITS || profile->check > PROFILE_CHECK_LARGEST ||
        profile->margin == 0 || profile->row_count > PROFILE_ROWS) {
        profile->row_count = 0;
        fails(p, start, "the policy has a number out of its range");
        return;
    }
    for (unsigned i = 0; i < profile->row_count; i++) {
        const uint8_t *where = r->at;
        struct profile_row *row = &profile->rows[i];
        row->id = (uint8_t)take_byte(r);
        row->form = (uint8_t)take_byte(r);
        row->offset = (uint8_t)take_byte(r);
        row->bits = (uint8_t)take_byte(r);
        row->enough = (uint8_t)take_byte(r);
        row->encoder = encoder_by_id(row->id);
        check_row(p, where, row);
    }
    if (r->bad || reader_left(r)) fails(p, start, "the policy section has a wrong length");
    if (p->loading.status == VP_OK) check_overlaps(p, start); /* which shifts by what was checked */
}

static void parse_encoder(struct parsing *p, unsigned id, struct reader *r) {
    const uint8_t *start = r->at;
    const struct encoder *encoder = encoder_by_id(id);
    if (!encoder || !encoder->load) {
        loading_fails(&p->loading, VP_ERR_UNSUPPORTED, start, "a section belongs to an unknown encoder");
        return;
    }
    void *params = encoder->load(r, &p->loading);
    p->profile->params[id] = params;
    if (!params) fails(p, start, "the parameters of an encoder are damaged");
    else if (r->bad || reader_left(r)) fails(p, start, "the parameters of an encoder have a wrong length");
}

static void parse_section(struct parsing *p, unsigned kind, struct reader *r) {
    if (kind == SECTION_META) parse_meta(p, r);
    else if (kind == SECTION_POLICY) parse_policy(p, r);
    else if (kind >= SECTION_ENCODER && kind < SECTION_ENCODER + ENCODER_ID_LIMIT)
        parse_encoder(p, kind - SECTION_ENCODER, r);
    else loading_fails(&p->loading, VP_ERR_UNSUPPORTED, r->at, "a section has an unknown kind");
}

/* Sections stand in rising order of their kind, each once. */
static void parse_sections(struct parsing *p, struct reader *r) {
    unsigned last = 0;
    bool policy = false, meta = false;
    while (p->loading.status == VP_OK && reader_left(r)) {
        const uint8_t *start = r->at;
        const uint8_t *head = take_bytes(r, PROFILE_SECTION);
        const uint8_t *body = head ? take_bytes(r, load_le32(head + 4)) : NULL;
        if (!body) {
            fails(p, start, "a section is cut short");
        } else if (head[1] || head[2] || head[3] || head[0] <= last) {
            fails(p, start, "the sections are out of order or the head of one is damaged");
        } else {
            struct reader section = reader_over(body, load_le32(head + 4));
            last = head[0];
            meta |= last == SECTION_META;
            policy |= last == SECTION_POLICY;
            parse_section(p, last, &section);
        }
    }
    if (!meta || !policy) fails(p, r->at, "the meta or the policy section is missing");
}

/* Gives every row its parameters; parameters without a row, or a row without, make no sense. */
static void bind_rows(struct parsing *p) {
    vp_profile *profile = p->profile;
    bool used[ENCODER_ID_LIMIT] = {false};
    for (unsigned i = 0; i < profile->row_count; i++) {
        struct profile_row *row = &profile->rows[i];
        if (row->form == ROW_SYSTEM) continue;
        row->params = profile->params[row->id];
        used[row->id] = true;
        if (!row->params) fails(p, profile->file, "a row has no parameters");
    }
    for (unsigned id = 0; id < ENCODER_ID_LIMIT; id++)
        if (profile->params[id] && !used[id]) fails(p, profile->file, "parameters without a row");
}

static void parse_file(struct parsing *p) {
    vp_profile *profile = p->profile;
    const uint8_t *file = profile->file;
    size_t size = profile->file_size;
    if (size < PROFILE_HEADER + PROFILE_CHECKSUM || memcmp(file, magic, 3) != 0) {
        fails(p, file, "not a profile of valpack");
        return;
    }
    if (file[3] != magic[3]) {
        loading_fails(&p->loading, VP_ERR_UNSUPPORTED, file + 3, "unknown version of the profile format");
        return;
    }
    size_t body = size - PROFILE_CHECKSUM;
    if (XXH64(file, body, 0) != load_le64(file + body)) {
        fails(p, file + body, "the checksum of the file does not match: damaged or cut short");
        return;
    }
    profile->first_code = file[4];
    profile->fingerprint = load_le64(file + 8);
    if (file[5] || file[6] || file[7]) fails(p, file + 5, "the head of the file is damaged");
    if (XXH64(file + PROFILE_HEADER, body - PROFILE_HEADER, 0) != profile->fingerprint)
        fails(p, file + 8, "the fingerprint does not match the content");
    struct reader r = reader_over(file + PROFILE_HEADER, body - PROFILE_HEADER);
    if (p->loading.status == VP_OK) parse_sections(p, &r);
    if (p->loading.status == VP_OK) bind_rows(p);
    if (p->loading.status == VP_OK && !profile_range_valid(profile->first_code, profile->width_bits))
        fails(p, file + 4, "the first code is not a multiple of the width within 0x80..0xBF");
}

static void profile_free(vp_profile *p) {
    vp_allocator allocator = p->allocator;
    for (unsigned id = 0; id < ENCODER_ID_LIMIT; id++)
        if (p->params[id]) encoder_by_id(id)->unload(p->params[id], &allocator);
    memory_free(&allocator, p->file);
    memory_free(&allocator, p);
}

int profile_load(const void *data, size_t size, vp_allocator allocator, vp_profile **profile,
                 struct profile_problem *problem) {
    *profile = NULL;
    *problem = (struct profile_problem){.offset = 0, .text = vp_status_text(VP_ERR_MEMORY)};
    vp_profile *p = memory_zeroed(&allocator, sizeof *p);
    if (!p) return VP_ERR_MEMORY;
    p->allocator = allocator;
    atomic_init(&p->references, 1);
    p->file = memory_alloc(&allocator, size ? size : 1);
    if (!p->file) {
        memory_free(&allocator, p);
        return VP_ERR_MEMORY;
    }
    if (size) memcpy(p->file, data, size);
    p->file_size = size;
    struct parsing parsing = {.loading = {.allocator = allocator, .status = VP_OK}, .profile = p};
    parse_file(&parsing);
    if (parsing.loading.status == VP_OK) {
        *profile = p;
        return VP_OK;
    }
    problem->text = parsing.loading.problem;
    problem->offset = parsing.loading.where ? (size_t)(parsing.loading.where - p->file) : 0;
    profile_free(p);
    return parsing.loading.status;
}

vp_profile *vp_profile_retain(vp_profile *profile) {
    if (profile) atomic_fetch_add_explicit(&profile->references, 1, memory_order_relaxed);
    return profile;
}

void vp_profile_release(vp_profile *profile) {
    if (profile && atomic_fetch_sub_explicit(&profile->references, 1, memory_order_acq_rel) == 1)
        profile_free(profile);
}

const struct profile_row *profile_row_of_code(const vp_profile *p, unsigned code) {
    for (unsigned i = 0; i < p->row_count; i++) {
        const struct profile_row *row = &p->rows[i];
        if (row->form == ROW_CODES &&
            (code - p->first_code) >> row->bits == (unsigned)row->offset >> row->bits)
            return row;
    }
    return NULL;
}

const struct profile_row *profile_row_extended(const vp_profile *p, unsigned encoder_id) {
    for (unsigned i = 0; i < p->row_count; i++)
        if (p->rows[i].form == ROW_EXTENDED && p->rows[i].id == encoder_id) return &p->rows[i];
    return NULL;
}
