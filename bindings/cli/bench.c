/*
 * valpack bench: sizes and times of a file of values, beside those of other compressors.
 */
#include "bench.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "profiles.h"

struct bench {
    const char *input, *samples_path; /* NULL without --train */
    struct value_set samples;
    enum value_format format;
    uint64_t max_size;
    bool json;
    const char *timed[MOST_PEERS]; /* none: all peers are timed */
    size_t timed_count;
    struct codec_settings codec;
};

static int add_timed(struct bench *bench, const char *peer) {
    if (bench->timed_count == MOST_PEERS) {
        complain(NULL, "option '--timed': there are only %d peers", MOST_PEERS);
        return EXIT_USAGE;
    }
    bench->timed[bench->timed_count++] = peer;
    return 0;
}

static int set_option(void *settings, int id, const char *argument) {
    struct bench *bench = settings;
    switch (id) {
    case OPTION_TRAIN: bench->samples_path = argument; return 0;
    case OPTION_FORMAT: return parse_format(argument, &bench->format);
    case OPTION_JSON: bench->json = true; return 0;
    case OPTION_TIMED: return add_timed(bench, argument);
    case OPTION_MAX_SIZE:
        return number_argument(id, argument, (struct number_range){0, UINT64_MAX}, &bench->max_size);
    default: return set_codec_option(&bench->codec, id, argument);
    }
}

/* ---- valpack as an engine ------------------------------------------------------------------- */

static size_t valpack_encode(void *state, struct span value, uint8_t *out, size_t capacity) {
    int64_t size = vp_encode(state, value.data, value.size, out, capacity);
    return size >= 0 ? (size_t)size : ENGINE_FAILED;
}

static size_t valpack_decode(void *state, struct span data, uint8_t *out, size_t capacity) {
    int64_t size = vp_decode(state, data.data, data.size, out, capacity);
    return size >= 0 ? (size_t)size : ENGINE_FAILED;
}

static struct engine valpack_engine(vp_context *context) {
    return (struct engine){"valpack", context, valpack_encode, valpack_decode, vp_encode_bound, NULL};
}

/* ---- a profile of its own ------------------------------------------------------------------- */

static int set_up_trainer(vp_trainer *trainer, const struct bench *bench) {
    int status = vp_trainer_set(trainer, VP_TRAIN_PRESET, bench->codec.preset);
    if (status == VP_OK)
        status = vp_trainer_set(trainer, VP_TRAIN_KEEP_INTEGERS, bench->codec.keep_integers ? 1 : 0);
    if (status == VP_OK) status = give_target_to_trainer(&bench->codec.target, trainer);
    return status == VP_OK ? 0 : complain(NULL, "can't set up the trainer: %s", vp_status_text(status));
}

static int add_samples(vp_trainer *trainer, const struct value_set *samples) {
    int status = VP_OK;
    for (size_t i = 0; i < samples->count && status == VP_OK; i++) {
        struct span value = value_at(samples, i);
        status = vp_trainer_add(trainer, value.data, value.size);
    }
    return status == VP_OK ? 0 : complain(NULL, "can't train: %s", vp_status_text(status));
}

static vp_profile *finish_training(vp_trainer *trainer, const char *path) {
    const void *bytes = NULL;
    int64_t size = vp_trainer_finish(trainer, &bytes);
    if (size >= 0) return load_profile_bytes("the new profile", (struct span){bytes, (size_t)size});
    complain(path, "can't train: %s", vp_status_text((int)size));
    return NULL;
}

/* Trained on the samples of the peers' dictionaries when no profile is named; NULL after a complaint. */
static vp_profile *train_profile(const struct bench *bench) {
    vp_trainer *trainer = vp_trainer_new(NULL);
    vp_profile *profile = NULL;
    if (!trainer) complain(NULL, "out of memory");
    else if (set_up_trainer(trainer, bench) == 0 && add_samples(trainer, &bench->samples) == 0)
        profile = finish_training(trainer, input_name(bench->samples_path));
    vp_trainer_free(trainer);
    return profile;
}

static int open_bench_codec(const struct bench *bench, struct loaded_codec *loaded) {
    vp_profile *own = NULL;
    if (bench->codec.count == 0 && bench->samples_path) {
        own = train_profile(bench);
        if (!own) return EXIT_DATA;
    }
    return open_codec(&bench->codec, own, loaded);
}

/* ---- which encoder took what ---------------------------------------------------------------- */

static const struct value_set *encoded_by(const struct findings *findings, const struct engine *peer) {
    return &findings->by_peer[peer - findings->peers->engines].encoded;
}

static int add_use(struct findings *findings, size_t encoder, const struct engine *engine,
                   struct selection taken) {
    struct encoder_use use = {.name = vp_encoder_name(encoder), .values = taken.count};
    const struct value_set *encoded = &findings->valpack.encoded;
    for (size_t i = 0; i < taken.count; i++) {
        use.raw_bytes += value_at(findings->values, taken.indices[i]).size;
        use.encoded_bytes += value_at(encoded, taken.indices[i]).size;
    }
    struct decoding decodings[2] = {{engine, encoded, findings->values->largest}};
    const struct engine *zstd = find_peer(findings->peers, "zstd-dict");
    if (zstd) decodings[1] = (struct decoding){zstd, encoded_by(findings, zstd), findings->values->largest};
    double ns[2] = {0, -1};
    int status = time_decoding(decodings, zstd ? 2 : 1, taken, ns);
    use.decode_ns = ns[0];
    use.zstd_dict_decode_ns = ns[1];
    findings->encoders[findings->encoder_count++] = use;
    return status;
}

static int find_uses(struct findings *findings, const struct engine *engine) {
    const struct value_set *encoded = &findings->valpack.encoded;
    struct selection taken = {malloc((encoded->count + 1) * sizeof(size_t)), 0};
    if (!taken.indices) return complain(NULL, "out of memory");
    int status = 0;
    size_t count = vp_encoder_count();
    for (size_t encoder = 0; status == 0 && encoder < count && findings->encoder_count < MOST_ENCODERS;
         encoder++) {
        taken.count = 0;
        for (size_t i = 0; i < encoded->count; i++) {
            struct span data = value_at(encoded, i);
            if (vp_identify(engine->state, data.data, data.size) == (int64_t)encoder)
                taken.indices[taken.count++] = i;
        }
        if (taken.count > 0) status = add_use(findings, encoder, engine, taken);
    }
    free(taken.indices);
    return status;
}

/* ---- memory of the server ------------------------------------------------------------------- */

static void count_memory(const struct target *target, struct findings *findings) {
    findings->target = target_label(target);
    for (size_t i = 0; i < findings->values->count; i++) {
        findings->server_raw_bytes += memory_of(target, value_at(findings->values, i));
        findings->server_encoded_bytes += memory_of(target, value_at(&findings->valpack.encoded, i));
    }
}

/* ---- all together --------------------------------------------------------------------------- */

static int report(const struct bench *bench, const struct findings *findings) {
    if (bench->json) print_findings_json(findings);
    else print_findings_table(findings);
    if (findings->valpack.failures == 0) return 0;
    return complain(input_name(bench->input), "%" PRIu64 " values did not come back as they were",
                    findings->valpack.failures);
}

static bool is_timed(const struct bench *bench, const struct engine *peer) {
    for (size_t i = 0; i < bench->timed_count; i++)
        if (strcmp(bench->timed[i], peer->name) == 0) return true;
    return bench->timed_count == 0;
}

static int check_timed(const struct bench *bench, const struct peers *peers) {
    for (size_t i = 0; i < bench->timed_count; i++) {
        if (find_peer(peers, bench->timed[i])) continue;
        complain(NULL, "option '--timed': '%s' is not measured%s", bench->timed[i],
                 bench->samples_path ? "" : " without --train");
        return EXIT_USAGE;
    }
    return 0;
}

/* valpack takes turns with zstd and its dictionary, the others come after them. */
static int measure_all(const struct bench *bench, const struct engine *engine, struct findings *findings) {
    const struct engine *rival = find_peer(findings->peers, "zstd-dict");
    struct contest first = {{{engine, &findings->valpack}}, 1, true};
    if (rival && is_timed(bench, rival))
        first.trials[first.count++] =
            (struct trial){rival, &findings->by_peer[rival - findings->peers->engines]};
    int status = measure(&first, findings->values);
    for (size_t i = 0; status == 0 && i < findings->peers->count; i++) {
        const struct engine *peer = &findings->peers->engines[i];
        if (first.count == 2 && peer == rival) continue;
        struct contest alone = {{{peer, &findings->by_peer[i]}}, 1, is_timed(bench, peer)};
        status = measure(&alone, findings->values);
    }
    return status;
}

static int run_all(const struct bench *bench, const struct value_set *values, const struct peers *peers,
                   vp_context *context) {
    struct findings findings = {.values = values, .peers = peers};
    struct engine engine = valpack_engine(context);
    int status = measure_all(bench, &engine, &findings);
    if (status == 0) status = find_uses(&findings, &engine);
    count_memory(&bench->codec.target, &findings);
    if (status == 0) status = report(bench, &findings);
    free_measurement(&findings.valpack);
    for (size_t i = 0; i < peers->count; i++) free_measurement(&findings.by_peer[i]);
    return status;
}

static int bench_values(const struct bench *bench, const struct value_set *values,
                        const struct span *dictionary) {
    struct peers peers;
    struct loaded_codec loaded;
    int status = open_peers(&peers, dictionary);
    if (status) return status;
    status = check_timed(bench, &peers);
    if (status == 0) status = open_bench_codec(bench, &loaded);
    if (status == 0) {
        status = run_all(bench, values, &peers, loaded.context);
        close_codec(&loaded);
    }
    close_peers(&peers);
    return status;
}

static int bench_with_samples(struct bench *bench, const struct value_set *values) {
    int status = load_values(&bench->samples, bench->samples_path, bench->format, UINT64_MAX);
    if (status) return status;
    struct bytes dictionary = make_dictionary(&bench->samples);
    if (!dictionary.data) return EXIT_DATA;
    struct span content = {dictionary.data, dictionary.size};
    status = bench_values(bench, values, &content);
    free(dictionary.data);
    return status;
}

static int run_bench(const struct command *self, int argc, char **argv) {
    struct bench bench = {.max_size = UINT64_MAX};
    int stop = parse_options(self, argc, argv, set_option, &bench);
    if (stop >= 0) return stop;
    if (argc - optind != 1)
        return complain_usage(self->name, "name one file of values, or '-' for standard input");
    if (check_target(self, &bench.codec.target)) return EXIT_USAGE;
    bench.input = argv[optind];

    struct value_set values = {.count = 0};
    int status = load_values(&values, bench.input, bench.format, bench.max_size);
    if (status == 0)
        status =
            bench.samples_path ? bench_with_samples(&bench, &values) : bench_values(&bench, &values, NULL);
    free_values(&bench.samples);
    free_values(&values);
    return status;
}

static const int bench_options[] = {
    OPTION_PROFILE,       OPTION_TRAIN,      OPTION_TIMED,     OPTION_FORMAT,
    OPTION_MAX_SIZE,      OPTION_JSON,       OPTION_PRESET,    OPTION_TARGET,
    OPTION_SERVER,        OPTION_KEY_SIZE,   OPTION_EXPIRES,   OPTION_ENCODERS,
    OPTION_KEEP_INTEGERS, OPTION_ZSTD_LEVEL, OPTION_HAND_BACK, 0};

const struct command bench_command = {
    .name = "bench",
    .operands = "FILE",
    .summary = "Measures sizes and times for the values of FILE.",
    .notes =
        "Beside valpack it measures zstd and lz4, and with --train also zstd, lz4 and deflate with a\n"
        "dictionary made from those samples; without --profile valpack's own profile is trained on them\n"
        "too. Every value is encoded alone, decoded and compared. The values are held in memory.\n",
    .options = bench_options,
    .run = run_bench,
};
