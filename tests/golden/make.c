/*
 * Makes golden values from generated samples: make KIND COUNT WIDTH CHECK NAME writes NAME.vpp and
 * NAME.tsv; make ENCODER KIND BITS NAME the same with one trained encoder alone (BITS 6: in extended
 * form); make - NAME writes NAME.tsv with the untrained encoders. README.md says how to build and
 * when to use it. It refuses to write over a file.
 */
#include "test.h"

#include "encoder.h"
#include "profile.h"

#include <stdio.h>
#include <stdlib.h>

static FILE *create(const char *name, const char *ending) {
    char path[1000];
    snprintf(path, sizeof path, "%s.%s", name, ending);
    FILE *f = fopen(path, "wbx");
    if (f) return f;
    perror(path);
    exit(1);
}

static void print_hex(FILE *f, const uint8_t *bytes, size_t size, char end) {
    for (size_t i = 0; i < size; i++) fprintf(f, "%02x", bytes[i]);
    fputc(end, f);
}

/* Writes values that this codec does not leave alone. */
static void write_values(FILE *f, vp_profile *profile, enum value_kind kind, unsigned most) {
    static uint8_t value[VALUE_ROOM], encoded[VALUE_ROOM + 1];
    struct coder c = coder_of(profile, NULL);
    uint64_t random = 4242 + kind;
    for (unsigned tries = 0, written = 0; tries < 40 && written < most; tries++) {
        size_t size = make_value(kind, &random, value);
        if (tries == 39) make_long_value(kind, &random, value, size = 700);
        int64_t stored = vp_encode(c.context, value, size, encoded, sizeof encoded);
        if (stored < 0 || vp_identify(c.context, encoded, (size_t)stored) == 0) continue;
        print_hex(f, encoded, (size_t)stored, '\t');
        print_hex(f, value, size, '\n');
        written++;
    }
    coder_close(&c);
}

/* Each encoder alone, so that all of them have values. */
static void write_untrained(const char *name) {
    FILE *f = create(name, "tsv");
    for (unsigned id = 1; id < ENCODER_ID_LIMIT; id++) {
        if (!system_code_of(id)) continue;
        struct bytes file = single_encoder_profile(id, ROW_SYSTEM, 0, (struct bytes){NULL, 0});
        vp_profile *profile = load_profile(file);
        for (int kind = 0; kind < VALUE_KINDS; kind++) write_values(f, profile, (enum value_kind)kind, 2);
        vp_profile_release(profile);
        test_free(file.at);
    }
    fputs("c080\t80\nc0c0\tc0\n\t\n00\t00\n", f);
    fclose(f);
}

static void write_trained(char **arguments) {
    struct recipe recipe = {.kind = (enum value_kind)atoi(arguments[0]),
                            .count = (size_t)atoi(arguments[1]),
                            .width = (uint32_t)atoi(arguments[2]),
                            .check = (uint32_t)atoi(arguments[3]),
                            .model_bytes = 4096};
    struct bytes file = train_bytes(&recipe);
    FILE *f = create(arguments[4], "vpp");
    fwrite(file.at, 1, file.size, f);
    fclose(f);
    f = create(arguments[4], "tsv");
    vp_profile *profile = load_profile(file);
    write_values(f, profile, recipe.kind, 30);
    write_values(f, profile, VALUE_HOSTILE, 10);
    vp_profile_release(profile);
    test_free(file.at);
    fclose(f);
}

/* One encoder alone owns all codes, with what it learned. */
static void write_single(char **arguments) {
    unsigned id = (unsigned)atoi(arguments[0]), bits = (unsigned)atoi(arguments[2]);
    enum value_kind kind = (enum value_kind)atoi(arguments[1]);
    struct bytes section = train_section(id, 0, kind, 120);
    if (section.size == 0) exit(fputs("this encoder learns nothing from these values\n", stderr) != 0);
    struct bytes file =
        single_encoder_profile(id, bits > 5 ? ROW_EXTENDED : ROW_CODES, bits > 5 ? 0 : bits, section);
    FILE *f = create(arguments[3], "vpp");
    fwrite(file.at, 1, file.size, f);
    fclose(f);
    f = create(arguments[3], "tsv");
    vp_profile *profile = load_profile(file);
    write_values(f, profile, kind, 30);
    vp_profile_release(profile);
    test_free(file.at);
    test_free(section.at);
    fclose(f);
}

int main(int argc, char **argv) {
    if (argc == 3) write_untrained(argv[2]);
    else if (argc == 5) write_single(argv + 1);
    else if (argc == 6) write_trained(argv + 1);
    else
        return fputs("make - NAME | make ENCODER KIND BITS NAME | make KIND COUNT WIDTH CHECK NAME\n",
                     stderr),
               2;
    return 0;
}
