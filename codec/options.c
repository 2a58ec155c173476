#include "codec.h"

vp_options *vp_options_new(const vp_allocator *allocator) {
    vp_allocator hooks = memory_hooks(allocator);
    vp_options *o = memory_zeroed(&hooks, sizeof *o);
    if (!o) return NULL;
    o->allocator = hooks;
    o->settings = settings_default();
    return o;
}

void vp_options_free(vp_options *options) {
    if (!options) return;
    vp_allocator allocator = options->allocator;
    memory_free(&allocator, options);
}

int vp_options_set(vp_options *options, int option, uint64_t value) {
    if (!options) return VP_ERR_ARGUMENT;
    struct settings *s = &options->settings;
    switch (option) {
    case VP_OPTION_MAX_DECODED:
        if (value == 0 || value > (uint64_t)1 << 40) return VP_ERR_ARGUMENT;
        s->max_decoded = value;
        return VP_OK;
    case VP_OPTION_PRESET:
        if (value > VP_PRESET_FAST) return VP_ERR_ARGUMENT;
        s->preset = (uint32_t)value;
        return VP_OK;
    case VP_OPTION_ZSTD_LEVEL:
        if (value > 22) return VP_ERR_ARGUMENT;
        s->zstd_level = (uint32_t)value;
        return VP_OK;
    case VP_OPTION_LZ4_MARGIN:
        if (value > 100) return VP_ERR_ARGUMENT;
        s->lz4_margin = (uint32_t)value;
        return VP_OK;
    case VP_OPTION_ENCODE_INTEGERS:
    case VP_OPTION_WRITE_RAW:
    case VP_OPTION_VERIFY:
        if (value > 1) return VP_ERR_ARGUMENT;
        if (option == VP_OPTION_ENCODE_INTEGERS) s->encode_integers = value == 1;
        if (option == VP_OPTION_WRITE_RAW) s->write_raw = value == 1;
        if (option == VP_OPTION_VERIFY) s->verify = value == 1;
        return VP_OK;
    default: return VP_ERR_ARGUMENT;
    }
}

int vp_options_hand_back(vp_options *options, uint32_t first_byte) {
    if (!options || first_byte < HEADER_PROFILE_FIRST || first_byte > HEADER_PROFILE_LAST)
        return VP_ERR_ARGUMENT;
    options->handed_back |= (uint64_t)1 << (first_byte - HEADER_PROFILE_FIRST);
    return VP_OK;
}
