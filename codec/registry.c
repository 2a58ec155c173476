/* The registry: constant data made from registry.def. A repeated number does not compile. */
#include "encoder.h"

#define VP_ENCODER(number, identifier, system_code) extern const struct encoder encoder_##identifier;
#include "registry.def"
#undef VP_ENCODER

const struct encoder *encoder_by_id(unsigned id) {
    switch (id) {
#define VP_ENCODER(number, identifier, system_code)                                                          \
    case number:                                                                                             \
        return &encoder_##identifier;
#include "registry.def"
#undef VP_ENCODER
    default: return NULL;
    }
}

unsigned system_code_of(unsigned id) {
    switch (id) {
#define VP_ENCODER(number, identifier, system_code)                                                          \
    case number:                                                                                             \
        return system_code;
#include "registry.def"
#undef VP_ENCODER
    default: return 0;
    }
}

const struct encoder *encoder_by_system_code(unsigned code) {
    for (unsigned id = 0; code && id < ENCODER_ID_LIMIT; id++)
        if (system_code_of(id) == code) return encoder_by_id(id);
    return NULL;
}

void *loading_fails(struct loading *l, int status, const uint8_t *where, const char *problem) {
    if (l->status == VP_OK) {
        l->status = status;
        l->where = where;
        l->problem = problem;
    }
    return NULL;
}
