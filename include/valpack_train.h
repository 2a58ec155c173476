/*
 * valpack training: from samples of one keyspace to a profile.
 *
 *     vp_trainer *trainer = vp_trainer_new(NULL);
 *     vp_trainer_set_name(trainer, "sessions", 8);
 *     for each sample: vp_trainer_add(trainer, value, size);
 *     const void *profile;
 *     int64_t size = vp_trainer_finish(trainer, &profile);   // the bytes of a .vpp file
 *     vp_trainer_free(trainer);
 *
 * Training is deterministic: the same samples in the same order, seed and options give the same
 * bytes (with the same versions of zstd and lz4). A trainer belongs to one thread at a time. Return
 * conventions are those of valpack.h.
 *
 * Strings from the samples end up in the profile. What is stored word for word was seen in at least
 * VP_TRAIN_MIN_COUNT distinct samples wherever the encoder can tell; dictionaries of zstd and lz4
 * can't, they are pieces of samples. Do not publish a profile trained on secrets.
 */
#ifndef VALPACK_TRAIN_H
#define VALPACK_TRAIN_H

#include "valpack.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vp_trainer vp_trainer;

/* Numbers are pinned. Each line: meaning, range, default. */
typedef enum vp_train_option {
    /* First code of the range, 0x80 .. 0xBF, a multiple of the width. 0 = the first free range in
       the order 0xB0, 0x90, 0xA0, 0x80 beside vp_trainer_beside(), never one in which a sample
       begins; 0. */
    VP_TRAIN_FIRST_CODE = 1,
    /* How many first bytes the profile owns: 1, 2, 4, 8, 16 or 32. 0 = 16, or 32 where the held-out
       samples then need at least 2 % fewer bytes, 32 are free, and 16 stay so; 0. */
    VP_TRAIN_WIDTH = 2,
    /* One of vp_preset; VP_PRESET_SMALL. */
    VP_TRAIN_PRESET = 3,
    /* Largest trained model, in bytes; 4 KiB .. 1 MiB; 64 KiB. Dictionaries of zstd and lz4 have
       limits of their own; a profile with a smaller model than the default keeps below three times its
       size in all. */
    VP_TRAIN_MODEL_BYTES = 4,
    /* Check bytes per value, from XXH64 of the value, verified on decoding; 0 .. 4; 0. */
    VP_TRAIN_CHECK = 5,
    /* Stored text was seen in at least this many distinct samples; 1 .. 1000; 3. */
    VP_TRAIN_MIN_COUNT = 6,
    /* Seed of the sampling; any; 1. */
    VP_TRAIN_SEED = 7,
    /* 1: canonical int64 are left alone, as VP_OPTION_ENCODE_INTEGERS 0 does; 0 or 1; 0. */
    VP_TRAIN_KEEP_INTEGERS = 8,
    /* zstd level the profile asks for by default, 1 .. 22; 0 = one that costs about as much as
       level 3; 0. */
    VP_TRAIN_ZSTD_LEVEL = 9,
    /* Date to record in the profile, seconds since 1970; 0 = none; 0. */
    VP_TRAIN_DATE = 10,
    /* Bytes of samples kept at most; 64 KiB .. 1 GiB; 16 MiB. More samples than fit are thinned out
       evenly. */
    VP_TRAIN_SAMPLE_BYTES = 11,
    /* Where the values will be stored, one of vp_target: on the held-out samples the memory that the
       server needs for them is compared instead of bytes, and integers that the target leaves alone are
       not learned; VP_TARGET_BYTES. Nothing of it is recorded in the profile: give the codec the same
       target. */
    VP_TRAIN_TARGET = 12,
    /* As VP_OPTION_SERVER, _KEY_SIZE, _ENCODERS and _KEY_EXPIRES; VP_REDIS_7_2, 16, all, 0. */
    VP_TRAIN_SERVER = 13,
    VP_TRAIN_KEY_SIZE = 14,
    VP_TRAIN_ENCODERS = 15,
    VP_TRAIN_KEY_EXPIRES = 16
} vp_train_option;

/* A trainer with every default; NULL when there is no memory. Free with vp_trainer_free(). */
VP_API vp_trainer *vp_trainer_new(const vp_allocator *allocator);
VP_API void vp_trainer_free(vp_trainer *trainer);

/* VP_OK, or VP_ERR_ARGUMENT for an unknown option, a value out of its range, or after finishing. */
VP_API int vp_trainer_set(vp_trainer *trainer, int option, uint64_t value);

/* The profile's name: at most 64 bytes of UTF-8 without control characters. VP_OK or VP_ERR_ARGUMENT. */
VP_API int vp_trainer_set_name(vp_trainer *trainer, const char *name, size_t size);

/* A profile of the same application: the new range will not overlap its range. The trainer notes
   the range, not the profile. VP_OK or VP_ERR_ARGUMENT. */
VP_API int vp_trainer_beside(vp_trainer *trainer, const vp_profile *profile);

/* Called now and then during vp_trainer_finish() with the stage and how much of all the work is
   done, 0 .. 1000. NULL switches it off. VP_OK or VP_ERR_ARGUMENT. */
typedef void (*vp_train_progress)(void *opaque, const char *stage, uint32_t permille);
VP_API int vp_trainer_on_progress(vp_trainer *trainer, vp_train_progress progress, void *opaque);

/* Adds one sample; the bytes are copied if the reservoir keeps them. VP_OK, VP_ERR_MEMORY or
   VP_ERR_ARGUMENT (also after finishing). */
VP_API int vp_trainer_add(vp_trainer *trainer, const void *value, size_t size);

/*
 * Trains, compares on held-out samples and writes the profile. *profile points to its bytes, owned
 * by the trainer and valid until vp_trainer_free(). Returns their size, or VP_ERR_NO_SAMPLES,
 * VP_ERR_NO_RANGE, VP_ERR_OVERLAP (the range asked for touches one named with vp_trainer_beside(),
 * or a sample begins in it), VP_ERR_MEMORY, VP_ERR_ARGUMENT. When nothing is worth learning the
 * result is a valid profile that leaves values to the untrained encoders; the report says so.
 */
VP_API int64_t vp_trainer_finish(vp_trainer *trainer, const void **profile);

/*
 * What was compared on the held-out samples and what was kept, as a JSON object:
 * {"samples", "kept_samples", "held_out", "raw_bytes", "encoded_bytes", "first_code", "width",
 *  "target", "server_raw_bytes", "server_encoded_bytes",
 *  "encoders": [{"name", "codes", "values", "raw_bytes", "encoded_bytes", "alone_bytes", "kept"}]}
 * "target" is there unless it is VP_TARGET_BYTES, and the memory that the server would need for the
 * held-out samples where the target counts memory.
 * NUL-terminated, owned by the trainer, "" before vp_trainer_finish() succeeded.
 */
VP_API const char *vp_trainer_report(const vp_trainer *trainer);

#ifdef __cplusplus
}
#endif

#endif
