#include "advice.h"

#include "json_reader.h"

enum { GAIN_WORTH = 10 }; /* percent */

static void read_technique(const char *row, struct technique *technique) {
    technique->row = row;
    technique->values = json_real(json_member(row, "values"), 0);
    technique->memory = json_real(json_member(row, "memory"), 0);
    technique->saved_percent = json_real(json_member(row, "saved_percent"), 0);
    technique->encode_ns = json_real(json_member(row, "encode_ns"), -1);
    technique->decode_ns = json_real(json_member(row, "decode_ns"), -1);
    technique->error = json_real(json_member(row, "error"), -1);
    technique->lossy = json_real(json_member(row, "lossy"), 0) != 0;
    technique->worth = json_real(json_member(row, "worth"), 0) != 0;
}

void read_advice(const char *json, struct advice *advice) {
    advice->json = json;
    advice->keys = json_real(json_member(json, "keys"), 0);
    advice->samples = json_real(json_member(json, "samples"), 0);
    advice->kept = json_real(json_member(json, "kept"), 0);
    advice->key_bytes = json_real(json_member(json, "key_bytes"), 0);
    advice->value_bytes = json_real(json_member(json, "value_bytes"), 0);
    advice->memory = json_real(json_member(json, "memory"), 0);
    advice->keyed = json_real(json_member(json, "keyed"), 0) != 0;
    advice->count = 0;
    size_t number = 0;
    const char *rows = json_member(json, "rows");
    for (const char *row = json_element(rows, NULL); row && advice->count < MOST_TECHNIQUES;
         row = json_element(rows, row)) {
        struct technique *technique = &advice->techniques[advice->count++];
        read_technique(row, technique);
        technique->has_catch = !technique->worth && technique->saved_percent >= GAIN_WORTH;
        technique->number = technique->worth || technique->has_catch ? ++number : 0;
    }
}

double best_memory(const struct advice *advice) {
    for (size_t i = 0; i < advice->count; i++)
        if (advice->techniques[i].worth && !advice->techniques[i].lossy) return advice->techniques[i].memory;
    return advice->memory;
}
