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

static int set_target(struct target *t, int option, uint64_t value) {
    switch (option) {
    case VP_OPTION_TARGET:
        if (value > VP_TARGET_PACKED) return VP_ERR_ARGUMENT;
        t->kind = (uint32_t)value;
        return VP_OK;
    case VP_OPTION_SERVER: return target_set_server(t, value) ? VP_OK : VP_ERR_ARGUMENT;
    case VP_OPTION_KEY_SIZE:
        if (value > KEY_SIZE_LARGEST) return VP_ERR_ARGUMENT;
        t->key_size = value;
        return VP_OK;
    default:
        if (value > 1) return VP_ERR_ARGUMENT;
        t->expires = value == 1;
        return VP_OK;
    }
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
    case VP_OPTION_TARGET:
    case VP_OPTION_SERVER:
    case VP_OPTION_KEY_SIZE:
    case VP_OPTION_KEY_EXPIRES: return set_target(&s->target, option, value);
    case VP_OPTION_ENCODERS:
        if (value > UINT32_MAX) return VP_ERR_ARGUMENT;
        s->encoders = (uint32_t)value;
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
