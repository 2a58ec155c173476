#include "target.h"

#include <string.h>

#include "options.h"
#include "server.h"

static const char *const target_names[] = {"bytes", "string", "hash-field", "packed"};

enum { TARGETS = sizeof target_names / sizeof target_names[0], LONGEST_KEY = 65535, KEY_SIZE = 16 };

const char *target_label(const struct target *target) {
    return target_names[target->kind];
}

static int set_kind(struct target *target, const char *name) {
    for (uint64_t kind = 0; kind < TARGETS; kind++) {
        if (strcmp(name, target_names[kind]) != 0) continue;
        target->kind = kind;
        return 0;
    }
    complain(NULL, "option '--target': '%s' is none of bytes, string, hash-field and packed", name);
    return EXIT_USAGE;
}

/* The number of an encoder that writes; 0 for a name that is none. */
static size_t encoder_named(struct span name) {
    for (size_t number = 1; number < vp_encoder_count(); number++) {
        const char *known = vp_encoder_name(number);
        if (strlen(known) == name.size && memcmp(known, name.data, name.size) == 0) return number;
    }
    return 0;
}

/* Names with commas between them. */
static int set_encoders(struct target *target, const char *list) {
    target->encoders = 0;
    for (const char *at = list;; at++) {
        const struct span name = {(const uint8_t *)at, strcspn(at, ",")};
        const size_t number = encoder_named(name);
        if (number == 0) {
            complain(NULL, "option '--encoders': '%.*s' is no encoder", (int)name.size, at);
            return EXIT_USAGE;
        }
        target->encoders |= (uint64_t)1 << number;
        at += name.size;
        if (*at == '\0') return 0;
    }
}

int set_target(struct target *target, int id, const char *argument) {
    switch (id) {
    case OPTION_TARGET: return set_kind(target, argument);
    case OPTION_SERVER: return server_argument(argument, &target->server);
    case OPTION_KEY_SIZE:
        return number_argument(id, argument, (struct number_range){1, LONGEST_KEY}, &target->key_size);
    case OPTION_ENCODERS: return set_encoders(target, argument);
    default: target->expires = true; return 0;
    }
}

static bool counts_memory(const struct target *target) {
    return target->kind == VP_TARGET_STRING || target->kind == VP_TARGET_HASH_FIELD;
}

int check_target(const struct command *command, const struct target *target) {
    const bool about_keys = target->server.flavour || target->key_size || target->expires;
    if (!about_keys || counts_memory(target)) return 0;
    return complain_usage(command->name,
                          "options '--server', '--key-size' and '--expires' mean nothing to the target %s: "
                          "add '--target string'",
                          target_label(target));
}

typedef int (*number_setter)(void *object, int option, uint64_t value);

/* In the order kind, server, key size, encoders, expires. */
static int give_target(const struct target *target, const int options[5], number_setter set, void *object) {
    const uint64_t values[5] = {target->kind, target->server.flavour, target->key_size, target->encoders,
                                target->expires};
    int status = VP_OK;
    for (size_t i = 0; i < 5 && status == VP_OK; i++)
        if (values[i]) status = set(object, options[i], values[i]);
    return status;
}

static int set_codec_number(void *options, int option, uint64_t value) {
    return vp_options_set(options, option, value);
}

static int set_trainer_number(void *trainer, int option, uint64_t value) {
    return vp_trainer_set(trainer, option, value);
}

int give_target_to_options(const struct target *target, vp_options *options) {
    static const int numbers[5] = {VP_OPTION_TARGET, VP_OPTION_SERVER, VP_OPTION_KEY_SIZE, VP_OPTION_ENCODERS,
                                   VP_OPTION_KEY_EXPIRES};
    return give_target(target, numbers, set_codec_number, options);
}

int give_target_to_trainer(const struct target *target, vp_trainer *trainer) {
    static const int numbers[5] = {VP_TRAIN_TARGET, VP_TRAIN_SERVER, VP_TRAIN_KEY_SIZE, VP_TRAIN_ENCODERS,
                                   VP_TRAIN_KEY_EXPIRES};
    return give_target(target, numbers, set_trainer_number, trainer);
}

uint64_t memory_of(const struct target *target, struct span value) {
    if (target->kind == VP_TARGET_HASH_FIELD) return vp_cost_listpack_entry(value.data, value.size);
    if (target->kind != VP_TARGET_STRING) return 0;
    vp_server server = target->server;
    if (server.flavour == 0) default_server(&server);
    const uint64_t key_size = target->key_size ? target->key_size : KEY_SIZE;
    return vp_cost_string(&server, key_size, target->expires, value.data, value.size);
}
