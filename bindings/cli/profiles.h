/*
 * From the options that name profiles to a codec with a context.
 */
#ifndef CLI_PROFILES_H
#define CLI_PROFILES_H

#include "command.h"
#include "target.h"
#include "valpack.h"

enum { MOST_PROFILES = 64, LARGEST_PROFILE = 64 << 20 }; /* there are 64 codes, and each profile owns one */

struct codec_settings {
    const char *paths[MOST_PROFILES];
    size_t count;
    uint64_t hand_back; /* bit i: first byte 0x80 + i */
    uint64_t preset;
    uint64_t zstd_level;
    struct target target;
    bool keep_integers;
    bool verify;
};

/* Takes one of the options that name profiles or concern the codec; 0, or the exit status. */
int set_codec_option(struct codec_settings *settings, int id, const char *argument);

struct loaded_codec {
    vp_profile *profiles[MOST_PROFILES + 1];
    size_t count;
    vp_codec *codec;
    vp_context *context;
};

/* Wherever a profile is named, "@NAME" is one that ships with the library. */
enum { SHIPPED_MARK = '@' };

/* The bytes of a profile, to be given to free(). NULL after a complaint. */
uint8_t *read_profile(const char *path, size_t *size);

/* A profile, to be released by the caller; NULL after a complaint. */
vp_profile *load_profile(const char *path);

/* A profile from bytes; name is for messages. NULL after a complaint. */
vp_profile *load_profile_bytes(const char *name, struct span bytes);

/*
 * A codec of the profiles named, the last one for writing. `own`, which may be NULL, is one profile
 * more, for writing; the codec takes it over. 0, or EXIT_DATA after a complaint.
 */
int open_codec(const struct codec_settings *settings, vp_profile *own, struct loaded_codec *loaded);

void close_codec(struct loaded_codec *loaded);

#endif
