/*
 * Tables that earlier versions wrote are read for ever. golden/tables/NAME.bin is a table; NAME.tsv has a line for
 * each of its records, in order: field and value, both in hexadecimal, with a tab between. A table called as a
 * profile in golden/, NAME.vpp, was written with it, the others without one.
 */
#include "test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "valpack_table.h"

enum { LINE_ROOM = 1 << 14, FILE_ROOM = 1 << 16 };

static FILE *open_golden(const char *name, size_t size, const char *ending) {
    char path[1000];
    const char *source = getenv("VALPACK_SOURCE");
    int length =
        snprintf(path, sizeof path, "%s/tests/golden/%.*s%s", source ? source : ".", (int)size, name, ending);
    assert_true(length > 0 && (size_t)length < sizeof path);
    return fopen(path, "rb");
}

static struct bytes read_golden(const char *name, size_t size, const char *ending) {
    FILE *f = open_golden(name, size, ending);
    if (!f) return (struct bytes){NULL, 0};
    struct bytes file = {.at = test_malloc(FILE_ROOM)};
    file.size = fread(file.at, 1, FILE_ROOM, f);
    fclose(f);
    assert_true(file.size < FILE_ROOM);
    return file;
}

static unsigned digit_of(char c) {
    const char *digits = "0123456789abcdef", *at = strchr(digits, c);
    assert_true(c != '\0' && at != NULL);
    return (unsigned)(at - digits);
}

/* Hexadecimal up to `end`, in place; *rest is behind it. */
static vp_bytes take_hex(char *text, char end, char **rest) {
    size_t size = 0;
    char *at = text;
    for (; *at != end; at += 2) text[size++] = (char)(digit_of(at[0]) << 4 | digit_of(at[1]));
    *rest = at + 1;
    return (vp_bytes){text, size};
}

static bool same_bytes(vp_bytes a, vp_bytes b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* Every record of the lines is found by its field and by the walk; their number. */
static int64_t read_records(vp_context *x, vp_bytes table, FILE *lines) {
    static char line[LINE_ROOM];
    vp_table_cursor cursor = {.next = 0};
    int64_t count = 0;
    while (fgets(line, sizeof line, lines)) {
        char *rest = NULL;
        const void *found = NULL;
        assert_non_null(strchr(line, '\n'));
        vp_bytes field = take_hex(line, '\t', &rest), value = take_hex(rest, '\n', &rest);
        assert_int_equal(vp_table_next(x, table, &cursor), 1);
        assert_true(same_bytes(cursor.field, field) && same_bytes(cursor.value, value));
        int64_t size = vp_table_get(x, table, field, &found);
        assert_true(size >= 0 && same_bytes((vp_bytes){found, (size_t)size}, value));
        count++;
    }
    assert_int_equal(vp_table_next(x, table, &cursor), 0);
    return count;
}

/* NAME.bin of `size` bytes, without the ending; the number of its records. */
static int64_t check_table(const char *name, size_t size) {
    struct bytes table = read_golden(name, size, ".bin");
    struct bytes profile_file = read_golden(name + strlen("tables/"), size - strlen("tables/"), ".vpp");
    FILE *lines = open_golden(name, size, ".tsv");
    assert_true(table.at && lines);
    vp_profile *profile = profile_file.at ? load_profile(profile_file) : NULL;
    struct coder c = coder_of(profile, NULL);
    vp_bytes stored = {table.at, table.size};
    int64_t count = read_records(c.context, stored, lines);
    assert_int_equal(vp_table_count(stored), count);
    coder_close(&c);
    vp_profile_release(profile);
    fclose(lines);
    test_free(table.at);
    if (profile_file.at) test_free(profile_file.at);
    return count;
}

static void golden_tables_are_read(void **state) {
    (void)state;
    char path[1000];
    const char *source = getenv("VALPACK_SOURCE");
    snprintf(path, sizeof path, "%s/tests/golden/tables", source ? source : ".");
    DIR *folder = opendir(path);
    assert_non_null(folder);
    unsigned tables = 0;
    int64_t records = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        size_t size = strlen(entry->d_name);
        if (size < 5 || strcmp(entry->d_name + size - 4, ".bin") != 0) continue;
        snprintf(path, sizeof path, "tables/%s", entry->d_name);
        records += check_table(path, strlen(path) - 4);
        tables++;
    }
    closedir(folder);
    print_message("%u golden tables with %lld records\n", tables, (long long)records);
    assert_true(tables >= 10 && records >= 500);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(golden_tables_are_read)};
    return cmocka_run_group_tests_name("golden tables", tests, NULL, NULL);
}
