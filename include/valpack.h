/*
 * valpack: short values small before they go into Redis or Valkey, and back byte for byte.
 *
 * The way of use: load profiles (made by valpack_train.h or `valpack train`), build one codec from
 * them, make one context per thread, then vp_encode() before SET and vp_decode() after GET.
 *
 *     vp_codec *codec = NULL;
 *     vp_context *context = NULL;
 *     vp_codec_new(&profile, 1, 0, NULL, &codec);
 *     vp_context_new(codec, &context);
 *     int64_t size = vp_encode(context, value, value_size, out, vp_encode_bound(value_size));
 *     if (size < 0) puts(vp_status_text((int)size));
 *
 * Conventions
 *   - A value is any byte string, 0 bytes and NUL bytes included. All sizes are in bytes.
 *   - Functions that return int return a vp_status. Functions that return int64_t return a size
 *     (>= 0) or a vp_status (< 0).
 *   - The caller owns every buffer it passes in; the library keeps no pointer to it after the call.
 *     Input and output buffers of one call must not overlap. A pointer to 0 bytes may be NULL.
 *   - Profiles, options and codecs are immutable once built and may be shared by any number of
 *     threads; their reference counts are atomic. A context belongs to one thread at a time.
 *   - The library never prints, never aborts, keeps no mutable global state and, once a context has
 *     seen its largest value, does not allocate while encoding or decoding.
 *   - The wire format is described in codec/FORMAT.md.
 */
#ifndef VALPACK_H
#define VALPACK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version is written here and nowhere else; the build reads it from these three lines. */
#define VP_VERSION_MAJOR 0
#define VP_VERSION_MINOR 1
#define VP_VERSION_PATCH 0

#if defined(_WIN32)
#define VP_API
#else
#define VP_API __attribute__((visibility("default")))
#endif

/* One list makes the enum, the names and the texts. Numbers are pinned: never changed or reused. */
#define VP_STATUS_LIST(X)                                                                                    \
    X(VP_OK, 0, "success")                                                                                   \
    X(VP_ERR_SPACE, -1, "the output buffer is too small")                                                    \
    X(VP_ERR_CORRUPT, -2, "the data is damaged or was not made by valpack")                                  \
    X(VP_ERR_NO_PROFILE, -3, "no profile of this codec owns the first byte of this value")                   \
    X(VP_ERR_UNSUPPORTED, -4, "made by a newer valpack: unknown encoder, section or format version")         \
    X(VP_ERR_MEMORY, -5, "out of memory")                                                                    \
    X(VP_ERR_ARGUMENT, -6, "invalid argument")                                                               \
    X(VP_ERR_LIMIT, -7, "the decoded value would exceed the size limit of the codec")                        \
    X(VP_ERR_OVERLAP, -8, "two owners for one first byte: profiles, or a profile and the hand-back list")    \
    X(VP_ERR_CHECK, -9, "the check bytes do not match: damaged value or wrong profile")                      \
    X(VP_ERR_PROFILE, -10, "the profile is damaged")                                                         \
    X(VP_ERR_NO_RANGE, -11, "other profiles or samples take the first bytes: try a smaller width")           \
    X(VP_ERR_NO_SAMPLES, -12, "there is no sample to learn from")                                            \
    X(VP_ERR_NAME, -13, "no profile that ships with valpack has this name")                                  \
    X(VP_ERR_NOT_FOUND, -14, "there is no record of this field")                                             \
    X(VP_ERR_KEY, -15, "the key can't be split so: it does not end in digits, or not in canonical ones")     \
    X(VP_ERR_DUPLICATE, -16, "two records have the same field")                                              \
    X(VP_ERR_SERVER, -17, "the memory of this server or allocator is not known")

typedef enum vp_status {
#define VP_STATUS_ENUM(name, number, text) name = number,
    VP_STATUS_LIST(VP_STATUS_ENUM)
#undef VP_STATUS_ENUM
} vp_status;

/* "VP_ERR_SPACE" and the like; "VP_ERR_?" for a number that is no status. Static storage. */
VP_API const char *vp_status_name(int status);

/* One English sentence without a full stop; static storage; never NULL. */
VP_API const char *vp_status_text(int status);

/* "0.1.0", and major * 10000 + minor * 100 + patch, of the library that is linked at run time. */
VP_API const char *vp_version_string(void);
VP_API uint32_t vp_version_number(void);

/* A range of bytes, owned by whoever made it; data may be NULL when size is 0. */
typedef struct vp_bytes {
    const void *data;
    size_t size;
} vp_bytes;

/* ---- Allocator ------------------------------------------------------------------------------ */

/*
 * Memory hooks. alloc returns NULL when there is no memory, otherwise `size` bytes aligned for any
 * type; size is never 0. release takes what alloc returned, never NULL. Both may be called from
 * every thread that uses an object built with them, so they must be thread-safe. The struct is
 * copied; `opaque` must outlive every object built with it. NULL in place of an allocator means
 * malloc and free.
 */
typedef struct vp_allocator {
    void *(*alloc)(void *opaque, size_t size);
    void (*release)(void *opaque, void *pointer);
    void *opaque;
} vp_allocator;

/* ---- Profiles ------------------------------------------------------------------------------- */

typedef struct vp_profile vp_profile;

/*
 * Loads a profile from the bytes of a .vpp file and verifies all of it; `data` is copied and may go
 * afterwards. On success *profile holds one reference, to be given up with vp_profile_release().
 * Returns VP_OK, VP_ERR_ARGUMENT, VP_ERR_PROFILE (damaged; vp_profile_explain says where),
 * VP_ERR_UNSUPPORTED (sections or encoders this version does not know) or VP_ERR_MEMORY. On error
 * *profile is NULL.
 */
VP_API int vp_profile_load(const void *data, size_t size, const vp_allocator *allocator,
                           vp_profile **profile);

/*
 * Says in one NUL-terminated line what is wrong with the bytes of a profile and at which offset, or
 * "ok". At most `capacity` bytes with the NUL are written. Returns what vp_profile_load() would.
 */
VP_API int vp_profile_explain(const void *data, size_t size, char *text, size_t capacity);

/* One reference more, and one less; the last release frees. Thread-safe. NULL is allowed. */
VP_API vp_profile *vp_profile_retain(vp_profile *profile);
VP_API void vp_profile_release(vp_profile *profile);

/* The name given at training, NUL-terminated UTF-8, "" without one; lives as long as the profile. */
VP_API const char *vp_profile_name(const vp_profile *profile);

/* XXH64 of the content. Does not depend on the first code, which is a binding and not content. */
VP_API uint64_t vp_profile_fingerprint(const vp_profile *profile);

/* The range of first bytes the profile owns: first code (0x80..0xBF) and width (1, 2, 4 .. 32). */
VP_API uint32_t vp_profile_first_code(const vp_profile *profile);
VP_API uint32_t vp_profile_width(const vp_profile *profile);

/*
 * Writes a JSON object (not NUL-terminated) with the contents and the provenance of the profile,
 * the text stored in it included. Returns its size, VP_ERR_SPACE when capacity is too small (call
 * with vp_profile_describe_bound() bytes), or VP_ERR_ARGUMENT.
 */
VP_API int64_t vp_profile_describe(const vp_profile *profile, char *json, size_t capacity);
VP_API size_t vp_profile_describe_bound(const vp_profile *profile);

/*
 * Binds the profile in data[0..size) to another first code, in place: the content and fingerprint
 * stay, values written under the old code can't be read with the result. Returns VP_OK,
 * VP_ERR_ARGUMENT (not a multiple of the width, or the range leaves 0x80..0xBF), VP_ERR_PROFILE or
 * VP_ERR_UNSUPPORTED. On error data is unchanged.
 */
VP_API int vp_profile_relocate(void *data, size_t size, uint32_t first_code);

/* ---- Shipped profiles ----------------------------------------------------------------------- */

/*
 * Profiles inside the library, for keyspaces of which there are no samples yet; a profile of one's
 * own saves more (dicts/README.md says how much). Their ranges do not overlap, and keep clear of
 * 0xB0..0xBF, which training hands out first. A name means the same bytes in every release: a better
 * profile for the same purpose will ship under another name.
 */

/* How many there are, and their names by number 0 .. count-1; NULL beyond. Static storage. */
VP_API size_t vp_shipped_count(void);
VP_API const char *vp_shipped_name(size_t index);

/*
 * A JSON object, NUL-terminated, about the profile of this number, NULL beyond; static storage:
 * {"name", "purpose", "profile_bytes", "raw_bytes", "encoded_bytes", "own_bytes", "untrained_bytes"}
 * The last four were measured when it was made, on made-up values of applications that it was not
 * trained on: with this profile, with profiles of their own, without any.
 */
VP_API const char *vp_shipped_about(size_t index);

/* The bytes of the .vpp file and their number; static storage; NULL and 0 for an unknown name. */
VP_API const void *vp_shipped_data(const char *name, size_t *size);

/*
 * Loads a shipped profile, bound to first_code, or to its usual one for 0. Release it with
 * vp_profile_release(). Thread-safe. Returns VP_OK, VP_ERR_NAME (no such profile ships),
 * VP_ERR_ARGUMENT (also for a first code that vp_profile_relocate() refuses) or VP_ERR_MEMORY. On
 * error *profile is NULL.
 */
VP_API int vp_profile_shipped(const char *name, uint32_t first_code, const vp_allocator *allocator,
                              vp_profile **profile);

/* ---- Options -------------------------------------------------------------------------------- */

typedef struct vp_options vp_options;

/* Numbers are pinned. Each line: meaning, range, default. */
typedef enum vp_option {
    /* Largest value that decoding gives, in bytes; 1 .. 2^40; 512 MiB. */
    VP_OPTION_MAX_DECODED = 1,
    /* 1: canonical int64 ("0", "-17", no "007") may be encoded too; 0 leaves them to Redis' own
       integer encoding and to INCR; counts under VP_TARGET_BYTES; 0. */
    VP_OPTION_ENCODE_INTEGERS = 2,
    /* One of vp_preset: which encoders may be used for writing; VP_PRESET_SMALL. */
    VP_OPTION_PRESET = 3,
    /* zstd level for writing, 1 .. 22; 0 = the profile's default, which costs about as much as
       level 3; 0. */
    VP_OPTION_ZSTD_LEVEL = 4,
    /* From 4 KiB up lz4 is preferred to zstd without a dictionary unless that saves this many
       percent more; 0 .. 100; 15. */
    VP_OPTION_LZ4_MARGIN = 5,
    /* 1: vp_encode() writes every value raw (escaped where needed); reading is unchanged. The switch
       for rolling out readers first and for rolling back; 0. */
    VP_OPTION_WRITE_RAW = 6,
    /* 1: each encoding is decoded and compared before it is returned, and the value is written raw
       if it differs; 0 or 1; 0. */
    VP_OPTION_VERIFY = 7,
    /* What an encoding must save to be written: one of vp_target; VP_TARGET_BYTES. */
    VP_OPTION_TARGET = 8,
    /* For VP_TARGET_STRING: the server, a vp_flavour of valpack_cost.h; VP_REDIS_7_2. */
    VP_OPTION_SERVER = 9,
    /* Bytes of the key that a value is stored under, for VP_TARGET_STRING; 0 .. 2^40; 16. */
    VP_OPTION_KEY_SIZE = 10,
    /* 1: the keys have a TTL, for VP_TARGET_STRING; 0 or 1; 0. */
    VP_OPTION_KEY_EXPIRES = 11,
    /* Bit i: encoder number i may be used for writing; 0 .. 2^32 - 1; all. */
    VP_OPTION_ENCODERS = 12
} vp_option;

/*
 * What "cheapest" means: where encoded values will be stored. The bytes written differ, their format
 * does not: any codec reads them. Under the two that count memory a value is left alone unless its
 * encoding takes less of it; of several the one that takes least is written, of equal ones the smallest.
 * Nothing takes more than the value itself would, with one exception: a value that begins with a byte of
 * valpack's and that no encoder makes smaller is stored behind one byte more.
 */
typedef enum vp_target {
    VP_TARGET_BYTES = 0,      /* the size of the encoded value */
    VP_TARGET_STRING = 1,     /* memory of a key that holds it: vp_cost_string(). Canonical int64 stay as
                                 they are, so that INCR works */
    VP_TARGET_HASH_FIELD = 2, /* its entry in a listpack: vp_cost_listpack_entry(). Canonical integers
                                 within int32 stay as they are, larger ones need not */
    VP_TARGET_PACKED = 3      /* bytes, and canonical integers are encoded too: for parts of a larger value */
} vp_target;

typedef enum vp_preset {
    VP_PRESET_SMALL = 0, /* every encoder */
    VP_PRESET_FAST = 1   /* packings, symbols and lz4 only */
} vp_preset;

/* Options with every default. NULL when there is no memory. The allocator is also the one of each
   codec built with these options and of its contexts. Free with vp_options_free(); NULL is allowed. */
VP_API vp_options *vp_options_new(const vp_allocator *allocator);
VP_API void vp_options_free(vp_options *options);

/* VP_OK, or VP_ERR_ARGUMENT for an unknown option or a value out of its range. */
VP_API int vp_options_set(vp_options *options, int option, uint64_t value);

/*
 * For keyspaces that still hold old binary values, such as pickles (0x80): data that begins with
 * first_byte is handed back untouched by vp_decode(), and vp_encode() escapes values that begin so.
 * first_byte must be in 0x80..0xBF. VP_OK or VP_ERR_ARGUMENT.
 */
VP_API int vp_options_hand_back(vp_options *options, uint32_t first_byte);

/* ---- Codecs --------------------------------------------------------------------------------- */

typedef struct vp_codec vp_codec;

/* In place of the index of the current profile: encode with the untrained encoders alone. */
#define VP_NO_PROFILE SIZE_MAX

/*
 * Builds a codec that reads what any of `count` profiles wrote and writes with profiles[current].
 * The codec takes a reference of its own to each profile; options are copied and may be NULL for
 * the defaults. count may be 0 with current VP_NO_PROFILE. Release with vp_codec_release().
 * Returns VP_OK, VP_ERR_ARGUMENT, VP_ERR_OVERLAP (two profiles own one first byte, or the hand-back
 * list names a byte of a profile) or VP_ERR_MEMORY. On error *codec is NULL.
 */
VP_API int vp_codec_new(vp_profile *const *profiles, size_t count, size_t current, const vp_options *options,
                        vp_codec **codec);

/*
 * The next codec in a rotation: the same profiles and options and one profile more, which becomes
 * the current one. A profile that is already in the codec (same fingerprint and first code) is not
 * added twice. Contexts of the old codec go on working. Returns as vp_codec_new().
 */
VP_API int vp_codec_with(const vp_codec *codec, vp_profile *profile, vp_codec **next);

/* One reference more, and one less; the last release frees. Thread-safe. NULL is allowed. */
VP_API vp_codec *vp_codec_retain(vp_codec *codec);
VP_API void vp_codec_release(vp_codec *codec);

/* ---- Encoding and decoding ------------------------------------------------------------------ */

typedef struct vp_context vp_context;

/*
 * Working memory for one thread; takes a reference to the codec. VP_OK, VP_ERR_ARGUMENT or
 * VP_ERR_MEMORY; on error *context is NULL. Free with vp_context_free(); NULL is allowed.
 */
VP_API int vp_context_new(vp_codec *codec, vp_context **context);
VP_API void vp_context_free(vp_context *context);

/*
 * The key of the values that this context encodes from now on, in place of VP_OPTION_KEY_SIZE and
 * VP_OPTION_KEY_EXPIRES: under VP_TARGET_STRING what a value takes may depend on it. Other targets do
 * not look at it. VP_OK, or VP_ERR_ARGUMENT for a value out of the options' ranges.
 */
VP_API int vp_context_set_key(vp_context *context, uint64_t key_size, int expires);

/* The largest encoded size of a value of this size: size + 1; SIZE_MAX when size is SIZE_MAX. */
VP_API size_t vp_encode_bound(size_t size);

/*
 * Encodes a value. Returns the encoded size, at most vp_encode_bound(size), or VP_ERR_SPACE,
 * VP_ERR_MEMORY, VP_ERR_ARGUMENT, VP_ERR_LIMIT (the value is larger than VP_OPTION_MAX_DECODED, so
 * that it could not be read again). VP_ERR_SPACE comes exactly when the result is larger than
 * capacity. The same value, profile, options and library versions always give the same bytes.
 */
VP_API int64_t vp_encode(vp_context *context, const void *value, size_t size, void *out, size_t capacity);

/*
 * Decodes what vp_encode() gave, into the caller's buffer. Data that was never encoded (text, old
 * values) comes back untouched. Returns the size of the value or VP_ERR_SPACE, VP_ERR_CORRUPT,
 * VP_ERR_NO_PROFILE, VP_ERR_UNSUPPORTED, VP_ERR_LIMIT, VP_ERR_CHECK, VP_ERR_MEMORY,
 * VP_ERR_ARGUMENT. On error the contents of out are unspecified, and nothing is written beyond
 * capacity.
 */
VP_API int64_t vp_decode(vp_context *context, const void *data, size_t size, void *out, size_t capacity);

/*
 * The same into memory of the context: *result points to the bytes, valid until the next call with
 * this context. Returns the size or a status as above, never VP_ERR_SPACE. On error *result is NULL.
 */
VP_API int64_t vp_encode_view(vp_context *context, const void *value, size_t size, const void **result);
VP_API int64_t vp_decode_view(vp_context *context, const void *data, size_t size, const void **result);

/*
 * Many values in one call, for bindings that pay per call. `values` holds all of them one after the
 * other, sizes[i] is the size of the i-th. On success result_sizes[i] holds the size of the i-th
 * result, the results lie one after the other at vp_context_results(), valid until the next call
 * with this context, and their total size is returned. vp_decode_many() stops at the first value
 * that fails: the status is returned and result_sizes[0] holds its index. vp_encode_many() fails as
 * vp_encode_view() does.
 */
VP_API int64_t vp_encode_many(vp_context *context, const void *values, const uint64_t *sizes, size_t count,
                              uint64_t *result_sizes);
VP_API int64_t vp_decode_many(vp_context *context, const void *data, const uint64_t *sizes, size_t count,
                              uint64_t *result_sizes);
VP_API const void *vp_context_results(const vp_context *context);

/* ---- Fingerprints --------------------------------------------------------------------------- */

/*
 * For values that are only compared, looked for or counted: XXH3 in place of the value, without a way
 * back. bits: 32 (the low half of XXH3_64bits), 64 or 128; bytes in XXH's canonical order, most significant
 * first, the same on every machine. Returns bits / 8, VP_ERR_SPACE or VP_ERR_ARGUMENT.
 *
 * Two different values among n have the same fingerprint with a probability of about n^2 / 2^(bits + 1)
 * (birthday bound), and a new value meets one of n with n / 2^bits:
 *
 *     values           32 bits     64 bits     128 bits
 *     1,000            1.2e-4      2.7e-14     1.5e-33
 *     1,000,000        certain     2.7e-8      1.5e-27
 *     1,000,000,000    certain     2.7e-2      1.5e-21
 *
 * XXH3 is no cryptographic hash: who may choose the values can make them collide.
 */
VP_API int64_t vp_fingerprint(const void *value, size_t size, uint32_t bits, void *out, size_t capacity);

/* ---- Looking inside ------------------------------------------------------------------------- */

/* Encoders by number 0 .. count-1: all that this library knows. NULL beyond. Static storage. */
VP_API size_t vp_encoder_count(void);
VP_API const char *vp_encoder_name(size_t index);

/*
 * Which encoder wrote this data: its number for vp_encoder_name(), 0 ("raw") for data that is the
 * value itself. Looks at the header only. Otherwise VP_ERR_NO_PROFILE, VP_ERR_UNSUPPORTED,
 * VP_ERR_CORRUPT or VP_ERR_ARGUMENT.
 */
VP_API int64_t vp_identify(const vp_context *context, const void *data, size_t size);

/*
 * Writes a JSON object (not NUL-terminated) that explains data without its value: encoder, profile
 * (name, fingerprint, first code), header bytes in hex, sizes. Returns its size (below 2048 bytes),
 * or VP_ERR_SPACE, or the status that decoding the data gives.
 */
VP_API int64_t vp_inspect(vp_context *context, const void *data, size_t size, char *json, size_t capacity);

/*
 * The same object with the value in it: where the encoder can tell (model), a member "explanation"
 * lists what the payload consists of and how many bits each part takes, at most 4096 parts. *json
 * (not NUL-terminated) is valid until the next call with this context. Returns its size, or the status
 * that decoding the data gives.
 */
VP_API int64_t vp_explain_view(vp_context *context, const void *data, size_t size, const void **json);

#ifdef __cplusplus
}
#endif

#endif
