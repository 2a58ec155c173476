/* Writing a profile file, and binding it to another range. */
#include "profile.h"

#include <xxhash.h>

static void put_section_head(struct writer *w, unsigned kind, size_t size) {
    put_le32(w, kind); /* the kind and three zero bytes */
    put_le32(w, (uint32_t)size);
}

static void put_meta(struct writer *w, const struct profile_plan *plan) {
    const struct provenance *seen = &plan->provenance;
    put_section_head(w, SECTION_META, 1 + plan->name_size + 6 * 8);
    put_byte(w, (unsigned)plan->name_size);
    put_bytes(w, plan->name, plan->name_size);
    put_le64(w, seen->date);
    put_le64(w, seen->samples);
    put_le64(w, seen->sample_bytes);
    put_le64(w, seen->held_out_values);
    put_le64(w, seen->held_out_raw);
    put_le64(w, seen->held_out_encoded);
}

static void put_policy(struct writer *w, const struct profile_plan *plan) {
    put_section_head(w, SECTION_POLICY, 4 + 5 * (size_t)plan->row_count);
    put_byte(w, plan->width_bits);
    put_byte(w, plan->check);
    put_byte(w, plan->margin);
    put_byte(w, plan->row_count);
    for (unsigned i = 0; i < plan->row_count; i++) {
        const struct profile_row *row = &plan->rows[i];
        const uint8_t bytes[5] = {row->id, row->form, row->offset, row->bits, row->enough};
        put_bytes(w, bytes, sizeof bytes);
    }
}

static void seal(uint8_t *file, size_t size) {
    store_le64(file + size - PROFILE_CHECKSUM, XXH64(file, size - PROFILE_CHECKSUM, 0));
}

void profile_write(struct writer *w, const struct profile_plan *plan) {
    size_t start = w->length;
    put_bytes(w, "VPP\1", 4);
    put_le32(w, plan->first_code); /* the code and three zero bytes */
    put_le64(w, 0);
    put_meta(w, plan);
    put_policy(w, plan);
    for (unsigned id = 0; id < ENCODER_ID_LIMIT; id++) {
        if (!plan->sections[id]) continue;
        put_section_head(w, SECTION_ENCODER + id, plan->section_sizes[id]);
        put_bytes(w, plan->sections[id], plan->section_sizes[id]);
    }
    put_le64(w, 0);
    if (w->full) return;
    uint8_t *file = w->base + start;
    size_t size = w->length - start;
    store_le64(file + 8, XXH64(file + PROFILE_HEADER, size - PROFILE_HEADER - PROFILE_CHECKSUM, 0));
    seal(file, size);
}

int vp_profile_relocate(void *data, size_t size, uint32_t first_code) {
    if (!data) return VP_ERR_ARGUMENT;
    vp_profile *profile = NULL;
    struct profile_problem problem;
    int status = profile_load(data, size, memory_default(), &profile, &problem);
    if (status != VP_OK) return status;
    bool valid = profile_range_valid(first_code, profile->width_bits);
    vp_profile_release(profile);
    if (!valid) return VP_ERR_ARGUMENT;
    uint8_t *file = data;
    file[4] = (uint8_t)first_code;
    seal(file, size);
    return VP_OK;
}
