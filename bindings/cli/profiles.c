#include "profiles.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "values.h"

enum { MOST_WORDS = 512, FIRST_CODE = 0x80, LAST_CODE = 0xBF };

static int add_path(struct codec_settings *settings, const char *path) {
    if (settings->count == MOST_PROFILES) {
        complain(path, "more than %d profiles can't live side by side", (int)MOST_PROFILES);
        return EXIT_USAGE;
    }
    settings->paths[settings->count++] = path;
    return 0;
}

static int add_hand_back(struct codec_settings *settings, const char *argument) {
    uint64_t byte = 0;
    int status =
        number_argument(OPTION_HAND_BACK, argument, (struct number_range){FIRST_CODE, LAST_CODE}, &byte);
    if (status == 0) settings->hand_back |= (uint64_t)1 << (byte - FIRST_CODE);
    return status;
}

int set_codec_option(struct codec_settings *settings, int id, const char *argument) {
    switch (id) {
    case OPTION_PROFILE: return add_path(settings, argument);
    case OPTION_HAND_BACK: return add_hand_back(settings, argument);
    case OPTION_PRESET: return preset_argument(argument, &settings->preset);
    case OPTION_ZSTD_LEVEL:
        return number_argument(id, argument, (struct number_range){1, 22}, &settings->zstd_level);
    case OPTION_KEEP_INTEGERS: settings->keep_integers = true; return 0;
    case OPTION_TARGET:
    case OPTION_SERVER:
    case OPTION_KEY_SIZE:
    case OPTION_EXPIRES:
    case OPTION_ENCODERS: return set_target(&settings->target, id, argument);
    case OPTION_NO_VERIFY: settings->verify = false; return 0;
    default: return EXIT_USAGE;
    }
}

vp_profile *load_profile_bytes(const char *name, struct span bytes) {
    vp_profile *profile = NULL;
    int status = vp_profile_load(bytes.data, bytes.size, NULL, &profile);
    if (status == VP_OK) return profile;
    char why[MOST_WORDS] = "";
    vp_profile_explain(bytes.data, bytes.size, why, sizeof why);
    complain(name, "%s: %s", vp_status_text(status), why);
    return NULL;
}

uint8_t *read_profile(const char *path, size_t *size) {
    if (path[0] != SHIPPED_MARK) return read_file(path, LARGEST_PROFILE, size);
    const void *data = vp_shipped_data(path + 1, size);
    uint8_t *copy = data ? malloc(*size) : NULL;
    if (copy) memcpy(copy, data, *size);
    else if (data) complain(path, "out of memory");
    else complain(path, "%s; 'valpack dicts' lists them", vp_status_text(VP_ERR_NAME));
    return copy;
}

vp_profile *load_profile(const char *path) {
    size_t size = 0;
    uint8_t *bytes = read_profile(path, &size);
    if (!bytes) return NULL;
    vp_profile *profile = load_profile_bytes(input_name(path), (struct span){bytes, size});
    free(bytes);
    return profile;
}

static vp_options *make_options(const struct codec_settings *settings) {
    vp_options *options = vp_options_new(NULL);
    if (!options) return NULL;
    int status = vp_options_set(options, VP_OPTION_ENCODE_INTEGERS, settings->keep_integers ? 0 : 1);
    if (status == VP_OK) status = vp_options_set(options, VP_OPTION_PRESET, settings->preset);
    if (status == VP_OK) status = vp_options_set(options, VP_OPTION_ZSTD_LEVEL, settings->zstd_level);
    if (status == VP_OK) status = vp_options_set(options, VP_OPTION_VERIFY, settings->verify ? 1 : 0);
    if (status == VP_OK) status = give_target_to_options(&settings->target, options);
    for (uint32_t i = 0; status == VP_OK && i <= LAST_CODE - FIRST_CODE; i++)
        if (settings->hand_back >> i & 1) status = vp_options_hand_back(options, FIRST_CODE + i);
    if (status == VP_OK) return options;
    vp_options_free(options);
    return NULL;
}

/* Which profile a codec refuses, with the owner of the codes that it wants. */
static void explain_overlap(const struct codec_settings *settings, const struct loaded_codec *loaded) {
    uint64_t taken = settings->hand_back;
    for (size_t i = 0; i < loaded->count; i++) {
        uint32_t first = vp_profile_first_code(loaded->profiles[i]);
        uint32_t width = vp_profile_width(loaded->profiles[i]);
        uint64_t range = (((uint64_t)1 << width) - 1) << (first - FIRST_CODE);
        if (taken & range) {
            const char *name = i < settings->count ? settings->paths[i] : "the new profile";
            complain(name,
                     "its codes 0x%02" PRIX32 "..0x%02" PRIX32 " belong to another profile named before it"
                     " or to --hand-back",
                     first, first + width - 1);
            return;
        }
        taken |= range;
    }
}

static int build_codec(const struct codec_settings *settings, struct loaded_codec *loaded) {
    vp_options *options = make_options(settings);
    if (!options) return complain(NULL, "can't set the codec's options");
    size_t current = loaded->count > 0 ? loaded->count - 1 : VP_NO_PROFILE;
    int status = vp_codec_new(loaded->profiles, loaded->count, current, options, &loaded->codec);
    vp_options_free(options);
    if (status == VP_ERR_OVERLAP) explain_overlap(settings, loaded);
    if (status == VP_OK) status = vp_context_new(loaded->codec, &loaded->context);
    return status == VP_OK ? 0 : complain(NULL, "can't build a codec: %s", vp_status_text(status));
}

int open_codec(const struct codec_settings *settings, vp_profile *own, struct loaded_codec *loaded) {
    int status = 0;
    *loaded = (struct loaded_codec){.count = 0};
    for (size_t i = 0; i < settings->count && status == 0; i++) {
        loaded->profiles[i] = load_profile(settings->paths[i]);
        if (loaded->profiles[i]) loaded->count++;
        else status = EXIT_DATA;
    }
    if (own) loaded->profiles[loaded->count++] = own;
    if (status == 0) status = build_codec(settings, loaded);
    if (status) close_codec(loaded);
    return status;
}

void close_codec(struct loaded_codec *loaded) {
    vp_context_free(loaded->context);
    vp_codec_release(loaded->codec);
    for (size_t i = 0; i < loaded->count; i++) vp_profile_release(loaded->profiles[i]);
    *loaded = (struct loaded_codec){.count = 0};
}
