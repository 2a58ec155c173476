/*
 * valpack advice: what each technique of saving memory would save on these samples, and what it costs.
 *
 *     vp_server server;
 *     vp_server_named("redis-7.2", &server);
 *     vp_advisor *advisor = vp_advisor_new(&server, NULL);
 *     for each key: vp_advisor_add(advisor, (vp_bytes){key, key_size}, (vp_bytes){value, value_size});
 *     const char *json;
 *     int64_t size = vp_advisor_finish(advisor, &json);
 *     vp_advisor_free(advisor);
 *
 * Predicted is the memory that the server allocates for these keys (used_memory, the index included), by
 * valpack_cost.h: every value with its own key, integers as the server keeps them, and a value that a
 * technique does not bring into a smaller size class left as it is. Samples of one kind (one prefix of keys)
 * tell more than all keys together: make one advisor for each.
 *
 * Deterministic: the same samples in the same order, seed and options give the same JSON, except for the
 * measured times (VP_ADVISE_TIMES). An advisor belongs to one thread at a time. Return conventions are those
 * of valpack.h.
 */
#ifndef VALPACK_ADVISE_H
#define VALPACK_ADVISE_H

#include "valpack_bucket.h"
#include "valpack_cost.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vp_advisor vp_advisor;

/* Numbers are pinned. Each line: meaning, range, default. */
typedef enum vp_advise_option {
    /* Number of keys that the samples stand for: memory is told for so many. 0 = as many as samples were
       added; not below that; at most 2^40; 0. */
    VP_ADVISE_KEYS = 1,
    /* Size of a key for samples that come without one, which then are taken for records with consecutive
       numbers; 1 .. 65535; 16. */
    VP_ADVISE_KEY_SIZE = 2,
    /* 1: the keys have a TTL; 0 or 1; 0. */
    VP_ADVISE_EXPIRES = 3,
    /* Seed of all sampling; any; 1. */
    VP_ADVISE_SEED = 4,
    /* 1: encoding and decoding are timed on some of the samples; 0: "encode_ns" and "decode_ns" are null, and
       the JSON is the same every time; 0 or 1; 1. */
    VP_ADVISE_TIMES = 5,
    /* Samples and bytes of samples (with keys) kept at most; more are thinned out evenly. 100 .. 2^24 and
       1 MiB .. 4 GiB; 1000000 and 256 MiB. */
    VP_ADVISE_KEPT_VALUES = 6,
    VP_ADVISE_KEPT_BYTES = 7,
    /* Samples and bytes of samples that profiles learn from at most. 100 .. 40000 and 64 KiB .. 64 MiB; 10000
       and 512 KiB. */
    VP_ADVISE_TRAIN_VALUES = 8,
    VP_ADVISE_TRAIN_BYTES = 9
} vp_advise_option;

/* An advisor for this server, with every default; the server is copied. NULL without memory, or for a server
   that valpack_cost.h does not know. Free with vp_advisor_free(); NULL is allowed. */
VP_API vp_advisor *vp_advisor_new(const vp_server *server, const vp_allocator *allocator);
VP_API void vp_advisor_free(vp_advisor *advisor);

/* VP_OK, or VP_ERR_ARGUMENT for an unknown option, a value out of its range, after the first sample or after
   finishing. */
VP_API int vp_advisor_set(vp_advisor *advisor, int option, uint64_t value);

/* Called now and then during vp_advisor_finish() with the stage and how much of all the work is done,
   0 .. 1000. NULL switches it off. VP_OK or VP_ERR_ARGUMENT. */
typedef void (*vp_advise_progress)(void *opaque, const char *stage, uint32_t permille);
VP_API int vp_advisor_on_progress(vp_advisor *advisor, vp_advise_progress progress, void *opaque);

/*
 * Adds a sample: a key and its value, both copied if they are kept. A key of size 0 means that it is not
 * known; samples with and without keys may be mixed, but then none of the keys is used. Of samples with the
 * same key the last one counts, as after SET. VP_OK, VP_ERR_MEMORY or VP_ERR_ARGUMENT (also after finishing,
 * and for a value above 512 MiB or a key above 65535 bytes).
 */
VP_API int vp_advisor_add(vp_advisor *advisor, vp_bytes key, vp_bytes value);

/*
 * Computes the advice. *json is a NUL-terminated JSON object, owned by the advisor and valid until
 * vp_advisor_free(). Returns its size, or VP_ERR_NO_SAMPLES, VP_ERR_MEMORY or VP_ERR_ARGUMENT (also after
 * finishing). On error *json is NULL. Its members:
 *
 *   "server"        name of the flavour
 *   "keys"          number of keys that "memory" is for
 *   "samples"       added;  "kept": of them, after thinning out and without duplicates
 *   "keyed"         true if every sample had a key
 *   "duplicates"    samples whose key came again later
 *   "key_bytes", "value_bytes"     mean sizes
 *   "integers", "empty", "distinct"   kept values that are canonical integers; of size 0; different ones
 *   "memory"        bytes that the server allocates now for all keys
 *   "verdict"       "change" or "leave alone": the first row saves 10 % or not
 *   "advice"        the same in words, without a full stop: what saves most, and what with a key for each record
 *   "notes"         array of English sentences about the samples, such as odd ones
 *   "others"        array of the titles of techniques that change none of the values: without a row, or with 0 "values"
 *   "rows"          array of objects, best first, those that lose data behind all others:
 *      "technique"     one of the names below
 *      "title"         the same in words
 *      "values"        kept values that it changes (all of them where the container changes)
 *      "memory"        bytes allocated then, for all keys
 *      "saved"         bytes less than now, negative if it takes more
 *      "saved_percent" the same in percent of "memory" now, one decimal
 *      "worth"         true if that is 10 % or more
 *      "encode_ns", "decode_ns"   CPU time for one value, an estimate; null where nothing is encoded
 *      "lossy"         true if the values can't be had back
 *      "error"         of a lossy one: probability or relative error, a number; otherwise null
 *      "loses"         Redis commands and habits that no longer work
 *      "how"           how to do it: a command of the tool, calls of the library, or commands of Redis
 *      "detail"        figures behind it in words, "" without any
 *      "parameters"    object with the numbers chosen, {} without any
 *
 * Techniques, with the members of "parameters" where there are any:
 *   "short_names" {"names"}     shorter names of fields in JSON objects
 *   "positions" {"names"}       arrays in place of JSON objects
 *   "msgpack"                   serialisation: JSON as MessagePack
 *   "hash_record"               the members of a JSON object as the fields of a hash
 *   "small_hashes" {"kind", "prefix_size", "count", "buckets"}          many records in a hash, as vp_bucketing
 *   "small_hashes_encoded"      the same with encoded values
 *   "packed_tables"             many records in a packed table, parameters as small_hashes; not for values of
 *                               more than 16 KiB on average
 *   "compression" {"encoder"}   zstd or lz4 without dictionary
 *   "custom_base", "dictionary", "byte_dictionary", "delta", "mostly", "run_length", "text_dictionary",
 *   "structural_types", "model" one encoder alone, with what it learns: pack, zstd_dict, bytedict, delta, int,
 *                               rle, symbols, typed, model
 *   "profile" {"profile_bytes"} all encoders, as `valpack train` and target string give
 *   "hyperloglog" {"bytes", "keys"}   lossy: only how many different values there are
 *   "bloom" {"bits_per_key"}    lossy: only whether a key is there
 *   "fingerprint" {"bits"}      lossy: only whether two values are equal
 * A technique that can't be used on any sample, such as positions where there is no object, has no row.
 */
VP_API int64_t vp_advisor_finish(vp_advisor *advisor, const char **json);

#ifdef __cplusplus
}
#endif

#endif
