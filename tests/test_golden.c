/*
 * Values that earlier versions wrote are read for ever. golden/NAME.tsv has a line for each: the
 * encoded value and the value, both in hexadecimal, with a tab between; golden/NAME.vpp is the profile
 * they were written with, and without it they were written without one.
 */
#include "test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINE_ROOM = 1 << 16 };

static void path_of(char *path, size_t room, const char *name) {
    const char *source = getenv("VALPACK_SOURCE");
    int size = snprintf(path, room, "%s/tests/golden/%s", source ? source : ".", name);
    assert_true(size > 0 && (size_t)size < room);
}

static struct bytes read_file(const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) return (struct bytes){NULL, 0};
    struct bytes file = {.at = test_malloc(1 << 20)};
    file.size = fread(file.at, 1, 1 << 20, f);
    fclose(f);
    assert_true(file.size < 1 << 20);
    return file;
}

static unsigned digit_of(char c) {
    const char *digits = "0123456789abcdef", *at = strchr(digits, c);
    assert_true(c != '\0' && at != NULL);
    return (unsigned)(at - digits);
}

/* Hexadecimal up to the first of `ends`; returns what stands behind it. */
static const char *read_hex(const char *text, const char *ends, uint8_t *out, size_t *size) {
    for (*size = 0; !strchr(ends, *text); text += 2) {
        assert_true(*size < LINE_ROOM / 2);
        out[(*size)++] = (uint8_t)(digit_of(text[0]) << 4 | digit_of(text[1]));
    }
    return text + 1;
}

static unsigned read_lines(FILE *f, vp_context *x, const char *name) {
    static char line[LINE_ROOM];
    static uint8_t encoded[LINE_ROOM / 2], value[LINE_ROOM / 2];
    unsigned count = 0;
    while (fgets(line, sizeof line, f)) {
        size_t encoded_size, value_size;
        assert_non_null(strchr(line, '\n'));
        const char *second = read_hex(line, "\t", encoded, &encoded_size);
        read_hex(second, "\n", value, &value_size);
        count++;
        if (!decodes_to(x, (struct bytes){encoded, encoded_size}, value, value_size))
            fail_msg("line %u of %s", count, name);
    }
    return count;
}

/* Reads one file of lines; the number of values in it. */
static unsigned check_file(const char *lines_name) {
    char path[1000];
    path_of(path, sizeof path, lines_name);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    memcpy(path + strlen(path) - 3, "vpp", 3);
    struct bytes file = read_file(path);
    vp_profile *profile = file.at ? load_profile(file) : NULL;
    struct coder c = coder_of(profile, NULL);
    unsigned count = read_lines(f, c.context, lines_name);
    coder_close(&c);
    vp_profile_release(profile);
    if (file.at) test_free(file.at);
    fclose(f);
    return count;
}

static void golden_values_are_read(void **state) {
    (void)state;
    char path[1000];
    unsigned files = 0, values = 0;
    path_of(path, sizeof path, "");
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        size_t size = strlen(entry->d_name);
        if (size < 5 || strcmp(entry->d_name + size - 4, ".tsv") != 0) continue;
        unsigned count = check_file(entry->d_name);
        assert_true(count > 0);
        files++;
        values += count;
    }
    closedir(folder);
    print_message("%u golden values in %u files\n", values, files);
    assert_true(files > 0 && values > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(golden_values_are_read)};
    return cmocka_run_group_tests_name("golden", tests, NULL, NULL);
}
