/* Profile files: written and read back, damaged in every way, moved to other codes. */
#include "test.h"

#include "json.h"
#include "profile.h"

#include <stdio.h>

#include <xxhash.h>

static const struct recipe recipes[] = {
    {.kind = VALUE_SESSION, .count = 60, .model_bytes = 4096},
    {.kind = VALUE_EMAIL, .count = 60, .check = 2, .model_bytes = 4096},
    {.kind = VALUE_COUNTRY, .count = 60, .width = 4, .preset = VP_PRESET_FAST},
    {.kind = VALUE_PRICE, .count = 100, .width = 32},
    {.kind = VALUE_UUID, .count = 100, .width = 1, .check = 4},
    {.kind = VALUE_TIMESTAMP, .count = 100, .first_code = 0x80, .width = 8},
};

enum { RECIPES = sizeof recipes / sizeof recipes[0] };

static struct bytes files[RECIPES];

static int train_all(void **state) {
    (void)state;
    for (size_t i = 0; i < RECIPES; i++) files[i] = train_bytes(&recipes[i]);
    return 0;
}

static int free_all(void **state) {
    (void)state;
    for (size_t i = 0; i < RECIPES; i++) test_free(files[i].at);
    return 0;
}

static void a_profile_says_what_it_is(void **state) {
    (void)state;
    for (size_t i = 0; i < RECIPES; i++) {
        vp_profile *p = load_profile(files[i]);
        assert_string_equal(vp_profile_name(p), kind_name(recipes[i].kind));
        assert_int_equal(vp_profile_width(p), recipes[i].width ? recipes[i].width : 16);
        if (recipes[i].first_code) assert_int_equal(vp_profile_first_code(p), recipes[i].first_code);
        assert_int_equal(vp_profile_first_code(p) % vp_profile_width(p), 0);
        assert_true(vp_profile_fingerprint(p) == load_le64(files[i].at + 8));
        char line[200];
        assert_int_equal(vp_profile_explain(files[i].at, files[i].size, line, sizeof line), VP_OK);
        assert_string_equal(line, "ok");
        vp_profile_release(p);
    }
}

static void every_truncation_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < RECIPES; i++) {
        for (size_t size = 0; size < files[i].size; size++) {
            vp_profile *p = (vp_profile *)&files;
            assert_int_equal(vp_profile_load(files[i].at, size, NULL, &p), VP_ERR_PROFILE);
            assert_null(p);
        }
    }
}

static void every_flipped_byte_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < RECIPES; i++) {
        for (size_t at = 0; at < files[i].size; at++) {
            for (unsigned bit = 0; bit < 8; bit++) {
                vp_profile *p = NULL;
                files[i].at[at] ^= (uint8_t)(1u << bit);
                int status = vp_profile_load(files[i].at, files[i].size, NULL, &p);
                assert_int_equal(status, at == 3 ? VP_ERR_UNSUPPORTED : VP_ERR_PROFILE);
                assert_null(p);
                files[i].at[at] ^= (uint8_t)(1u << bit);
            }
        }
    }
}

/* ---- Damage below the checksums ------------------------------------------------------------- */

struct victim {
    struct bytes file; /* as it was */
    enum value_kind kind;
    struct guard in, out;
    uint64_t random, loaded, refused;
};

static void describe_is_json(const vp_profile *p) {
    size_t bound = vp_profile_describe_bound(p);
    char *json = test_malloc(bound);
    int64_t size = vp_profile_describe(p, json, bound);
    assert_true(size > 0 && is_json(json, (size_t)size));
    test_free(json);
}

static void decode_anything(struct victim *v, vp_context *x, const vp_profile *p) {
    uint8_t data[64];
    for (int i = 0; i < 24; i++) {
        size_t size = 1 + random_below(&v->random, sizeof data);
        random_fill(&v->random, data, size);
        data[0] = (uint8_t)(vp_profile_first_code(p) + random_below(&v->random, vp_profile_width(p)));
        if (i % 4 == 3 && size >= 3) {
            data[2] = (uint8_t)vp_profile_first_code(p);
            data[1] %= ENCODER_ID_LIMIT;
            data[0] = 0xC1;
        }
        decode_guarded(x, (struct bytes){data, size}, &v->in, &v->out, random_below(&v->random, v->out.size));
        const void *view;
        assert_true(vp_decode_view(x, data, size, &view) <= 1 << 20);
    }
}

/* A profile that loads must be fit for use: what it encodes, it decodes. */
static void encode_and_decode(struct victim *v, vp_context *x) {
    uint8_t value[VALUE_ROOM];
    for (int i = 0; i < 4; i++) {
        size_t size = make_value(i == 3 ? VALUE_HOSTILE : v->kind, &v->random, value);
        const uint8_t *guarded = guard_put(&v->in, value, size);
        uint8_t *out = guard_end(&v->out, size + 1);
        int64_t encoded = vp_encode(x, guarded, size, out, size + 1);
        assert_true(encoded >= 0 && (uint64_t)encoded <= size + 1);
        assert_true(decodes_to(x, (struct bytes){out, (size_t)encoded}, value, size));
    }
}

static void use_damaged(struct victim *v, struct bytes file) {
    vp_profile *p = NULL;
    int status = vp_profile_load(file.at, file.size, NULL, &p);
    char line[200];
    assert_int_equal(vp_profile_explain(file.at, file.size, line, sizeof line), status);
    if (status != VP_OK) {
        assert_null(p);
        assert_true(status == VP_ERR_PROFILE || status == VP_ERR_UNSUPPORTED);
        assert_memory_equal(line, "at byte ", 8);
        v->refused++;
        return;
    }
    v->loaded++;
    vp_options *options = vp_options_new(NULL);
    assert_int_equal(vp_options_set(options, VP_OPTION_MAX_DECODED, 1 << 20), VP_OK);
    assert_int_equal(vp_options_set(options, VP_OPTION_ENCODE_INTEGERS, 1), VP_OK);
    struct coder c = coder_with(p, NULL, options);
    describe_is_json(p);
    decode_anything(v, c.context, p);
    encode_and_decode(v, c.context);
    coder_close(&c);
    vp_options_free(options);
    vp_profile_release(p);
}

/* Damages one byte at each place in two ways, and seals the file again. */
static void damage(struct bytes file, enum value_kind kind, size_t stride) {
    struct victim v = {
        .file = file, .kind = kind, .in = guard_new(4096), .out = guard_new(4096), .random = 99};
    struct bytes copy = {.at = test_malloc(file.size), .size = file.size};
    for (size_t at = 0; at < file.size - 8; at += at < 700 ? 1 : stride) {
        for (int way = 0; way < 2; way++) {
            memcpy(copy.at, file.at, file.size);
            copy.at[at] ^= (uint8_t)(way ? 0xFF : 1u << random_below(&v.random, 8));
            reseal(copy.at, copy.size);
            use_damaged(&v, copy);
        }
    }
    assert_true(v.refused > 0);
    test_free(copy.at);
    guard_free(&v.in);
    guard_free(&v.out);
}

static void resealed_damage_is_harmless(void **state) {
    (void)state;
    for (size_t i = 0; i < RECIPES; i++) damage(files[i], recipes[i].kind, 7);
}

/* Every trained encoder alone, so that the parameters of those that do not win are damaged too. */
static void resealed_damage_of_every_encoder_is_harmless(void **state) {
    (void)state;
    static const enum value_kind kinds[] = {VALUE_SESSION, VALUE_COUNTRY, VALUE_LIST, VALUE_PADDED};
    for (unsigned id = 1; id < ENCODER_ID_LIMIT; id++) {
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            struct bytes section = train_section(id, 0, kinds[k], 80);
            if (section.size == 0) continue;
            unsigned bits = encoder_by_id(id)->bytewise ? 0 : 3;
            struct bytes file = single_encoder_profile(id, ROW_CODES, bits, section);
            damage(file, kinds[k], 1 + file.size / 64);
            test_free(file.at);
            test_free(section.at);
        }
    }
}

static void truncated_sections_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < RECIPES; i++) {
        uint8_t *copy = test_malloc(files[i].size);
        size_t step = 1 + files[i].size / 2000;
        for (size_t size = PROFILE_HEADER + PROFILE_CHECKSUM; size < files[i].size; size += step) {
            vp_profile *p = NULL;
            memcpy(copy, files[i].at, size);
            reseal(copy, size);
            /* Whole sections may be missing from the end, but then a row has no parameters. */
            assert_int_equal(vp_profile_load(copy, size, NULL, &p), VP_ERR_PROFILE);
        }
        test_free(copy);
    }
}

/* ---- Relocation and names ------------------------------------------------------------------- */

static void relocation_keeps_the_fingerprint(void **state) {
    (void)state;
    struct bytes file = files[0];
    vp_profile *before = load_profile(file);
    uint32_t first = vp_profile_first_code(before);
    assert_int_equal(vp_profile_relocate(file.at, file.size, 0x88), VP_ERR_ARGUMENT); /* 16 wide */
    assert_int_equal(vp_profile_relocate(file.at, file.size, 0xC0), VP_ERR_ARGUMENT);
    assert_int_equal(vp_profile_relocate(file.at, file.size, 0x70), VP_ERR_ARGUMENT);
    assert_int_equal(vp_profile_relocate(file.at, file.size - 1, 0x80), VP_ERR_PROFILE);
    assert_int_equal(vp_profile_relocate(NULL, 0, 0x80), VP_ERR_ARGUMENT);
    vp_profile *still = load_profile(file);
    assert_int_equal(vp_profile_first_code(still), first);
    assert_int_equal(vp_profile_relocate(file.at, file.size, 0x80), VP_OK);
    vp_profile *after = load_profile(file);
    assert_int_equal(vp_profile_first_code(after), 0x80);
    assert_true(vp_profile_fingerprint(after) == vp_profile_fingerprint(before));
    struct coder old = coder_of(before, NULL), both = coder_of(after, before);
    struct bytes encoded = round_trip(old.context, "{\"user_id\":1,\"name\":\"alice\",\"roles\":[]}", 40);
    assert_true(encoded.size < 40);
    assert_true(decodes_to(both.context, encoded, "{\"user_id\":1,\"name\":\"alice\",\"roles\":[]}", 40));
    test_free(encoded.at);
    coder_close(&old);
    coder_close(&both);
    assert_int_equal(vp_profile_relocate(file.at, file.size, first), VP_OK);
    vp_profile_release(before);
    vp_profile_release(still);
    vp_profile_release(after);
}

/* The fingerprint names the content: another one is refused though the file's checksum is right. */
static void a_wrong_fingerprint_is_refused(void **state) {
    (void)state;
    struct bytes copy = {.at = test_malloc(files[0].size), .size = files[0].size};
    memcpy(copy.at, files[0].at, copy.size);
    copy.at[8] ^= 1;
    store_le64(copy.at + copy.size - 8, XXH64(copy.at, copy.size - 8, 0));
    char line[200];
    assert_int_equal(vp_profile_explain(copy.at, copy.size, line, sizeof line), VP_ERR_PROFILE);
    assert_memory_equal(line, "at byte 8: ", 11);
    test_free(copy.at);
}

static void explaining_fits_any_room(void **state) {
    (void)state;
    char line[64];
    memset(line, 'x', sizeof line);
    for (size_t room = 0; room < sizeof line; room++) {
        assert_int_equal(vp_profile_explain("VPP", 3, line, room), VP_ERR_PROFILE);
        assert_int_equal(line[room], 'x');
        if (room) assert_true(memchr(line, 0, room) != NULL);
        memset(line, 'x', sizeof line);
    }
    assert_int_equal(vp_profile_explain("VPP", 3, NULL, 0), VP_ERR_PROFILE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_says_what_it_is),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_flipped_byte_is_refused),
        cmocka_unit_test(resealed_damage_is_harmless),
        cmocka_unit_test(resealed_damage_of_every_encoder_is_harmless),
        cmocka_unit_test(truncated_sections_are_refused),
        cmocka_unit_test(relocation_keeps_the_fingerprint),
        cmocka_unit_test(a_wrong_fingerprint_is_refused),
        cmocka_unit_test(explaining_fits_any_room),
    };
    return cmocka_run_group_tests_name("profile", tests, train_all, free_all);
}
