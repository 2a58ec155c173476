/*
 * Packed tables beside two peers, in one run: bytes per record and nanoseconds of processor time per look-up.
 *
 *   table    vp_table_get() in tables of 1000 records
 *   zstd     the records as lines in one block, zstd 19: unpacked and searched for each look-up
 *   array    sorted records of 10 + 10 digits, searched by halves
 *
 * The ratios are those of zstd to the table. Records are photos: ids and objects of ten digits, consecutive, rising
 * by geometric gaps of mean 300, or random.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <zstd.h>

#include "valpack.h"
#include "valpack_table.h"

enum {
    RECORDS = 1000,
    TABLES = 40,
    DIGITS = 10,
    WIDTH = 2 * DIGITS,
    LINES = RECORDS * (WIDTH + 2) + 1,
    LOOK_UPS = 40000
};

struct record {
    char field[DIGITS], value[DIGITS];
};

struct photos {
    struct record records[RECORDS];
    uint8_t *table, *block;
    size_t table_size, block_size;
};

struct figures {
    double bytes, nanoseconds; /* per record, per look-up */
};

static void must(int holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "%s\n", what);
    exit(EXIT_FAILURE);
}

static double processor_time(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* ---- Records -------------------------------------------------------------------------------- */

/* splitmix64 (Steele, Lea, Flood, OOPSLA 2014). */
static uint64_t random_next(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* 1, 2, ...: each with 299/300 of the chance of the one before. */
static uint64_t geometric_gap(uint64_t *state) {
    uint64_t gap = 1;
    while (random_next(state) % 300) gap++;
    return gap;
}

static void print_digits(char *out, uint64_t number) {
    for (int i = DIGITS - 1; i >= 0; i--, number /= 10) out[i] = (char)('0' + number % 10);
}

enum distribution { RISING, BOTH_RISING, RANDOM, DISTRIBUTIONS };

static void make_records(struct photos *p, enum distribution kind, uint64_t *state) {
    uint64_t id = 1101000000 + random_next(state) % 1000000,
             object = 3300000000 + random_next(state) % 1000000;
    for (int i = 0; i < RECORDS; i++) {
        id += kind == BOTH_RISING ? geometric_gap(state) : 1;
        object =
            kind == RANDOM ? 1000000000 + random_next(state) % 9000000000 : object + geometric_gap(state);
        print_digits(p->records[i].field, id);
        print_digits(p->records[i].value, object);
    }
}

static void make_table(struct photos *p, vp_context *x) {
    vp_table_builder *builder = vp_table_builder_new(x);
    must(builder != NULL, "no memory");
    for (int i = 0; i < RECORDS; i++)
        must(vp_table_add(builder, (vp_bytes){p->records[i].field, DIGITS},
                          (vp_bytes){p->records[i].value, DIGITS}) == VP_OK,
             "a record is not taken");
    const void *table = NULL;
    int64_t size = vp_table_finish(builder, &table);
    must(size > 0, "no table");
    p->table_size = (size_t)size;
    p->table = malloc(p->table_size);
    must(p->table != NULL, "no memory");
    memcpy(p->table, table, p->table_size);
    vp_table_builder_free(builder);
}

static void make_block(struct photos *p) {
    static char lines[LINES];
    char *out = lines;
    *out++ = '\n';
    for (int i = 0; i < RECORDS; i++)
        out += sprintf(out, "%.*s\t%.*s\n", DIGITS, p->records[i].field, DIGITS, p->records[i].value);
    p->block = malloc(ZSTD_compressBound(LINES));
    must(p->block != NULL, "no memory");
    p->block_size = ZSTD_compress(p->block, ZSTD_compressBound(LINES), lines, LINES, 19);
    must(!ZSTD_isError(p->block_size), "zstd");
}

/* ---- Look-ups: true if the value is found --------------------------------------------------- */

struct tools {
    vp_context *context;
    ZSTD_DCtx *zstd;
};

static int in_table(const struct tools *t, const struct photos *p, const struct record *r) {
    const void *value = NULL;
    int64_t size =
        vp_table_get(t->context, (vp_bytes){p->table, p->table_size}, (vp_bytes){r->field, DIGITS}, &value);
    return size == DIGITS && memcmp(value, r->value, DIGITS) == 0;
}

static int in_block(const struct tools *t, const struct photos *p, const struct record *r) {
    static char lines[LINES];
    size_t size = ZSTD_decompressDCtx(t->zstd, lines, LINES, p->block, p->block_size);
    must(size == LINES, "zstd");
    const char *line = lines + 1, *end = lines + LINES;
    while (line < end && memcmp(line, r->field, DIGITS) != 0) line = strchr(line, '\n') + 1;
    return line < end && memcmp(line + DIGITS + 1, r->value, DIGITS) == 0;
}

static int by_field(const void *field, const void *record) {
    return memcmp(field, record, DIGITS);
}

static int in_array(const struct tools *t, const struct photos *p, const struct record *r) {
    (void)t;
    const struct record *found = bsearch(r->field, p->records, RECORDS, sizeof *p->records, by_field);
    return found && memcmp(found->value, r->value, DIGITS) == 0;
}

/* ---- Measuring ------------------------------------------------------------------------------ */

typedef int look_up(const struct tools *, const struct photos *, const struct record *);

/* The least of five rounds, per look-up. */
static double measure(const struct tools *t, const struct photos *photos, look_up *find, int count) {
    double least = 0;
    for (int round = 0; round < 5; round++) {
        uint64_t state = 7;
        double start = processor_time();
        for (int i = 0; i < count; i++) {
            uint64_t random = random_next(&state);
            const struct photos *p = &photos[random % TABLES];
            must(find(t, p, &p->records[(random >> 32) % RECORDS]), "not found");
        }
        double each = (processor_time() - start) / count;
        if (round == 0 || each < least) least = each;
    }
    return least;
}

static void report(const char *name, const struct tools *t, const struct photos *photos) {
    double table = 0, block = 0;
    for (int i = 0; i < TABLES; i++) {
        table += (double)photos[i].table_size;
        block += (double)photos[i].block_size;
    }
    const double all = (double)TABLES * RECORDS;
    const struct figures figures[] = {{table / all, measure(t, photos, in_table, LOOK_UPS)},
                                      {block / all, measure(t, photos, in_block, LOOK_UPS / 20)},
                                      {WIDTH, measure(t, photos, in_array, LOOK_UPS)}};
    printf("%-36s %7.3f %7.3f %7.3f %8.2f %9.0f %9.0f %9.0f %8.1f\n", name, figures[0].bytes,
           figures[1].bytes, figures[2].bytes, figures[1].bytes / figures[0].bytes, figures[0].nanoseconds,
           figures[1].nanoseconds, figures[2].nanoseconds, figures[1].nanoseconds / figures[0].nanoseconds);
}

int main(void) {
    static const char *const names[DISTRIBUTIONS] = {
        "ids consecutive, objects rising", "ids and objects rising", "ids consecutive, objects random"};
    static struct photos photos[TABLES];
    struct tools t = {.zstd = ZSTD_createDCtx()};
    vp_codec *codec = NULL;
    must(t.zstd && vp_codec_new(NULL, 0, VP_NO_PROFILE, NULL, &codec) == VP_OK, "no codec");
    must(vp_context_new(codec, &t.context) == VP_OK, "no context");
    printf("%36s %31s %38s\n", "", "bytes a record", "ns of processor time a look-up");
    printf("%-36s %7s %7s %7s %8s %9s %9s %9s %8s\n", "", "table", "zstd", "array", "ratio", "table", "zstd",
           "array", "ratio");
    for (int kind = 0; kind < DISTRIBUTIONS; kind++) {
        uint64_t state = 42 + (uint64_t)kind;
        for (int i = 0; i < TABLES; i++) {
            make_records(&photos[i], (enum distribution)kind, &state);
            make_table(&photos[i], t.context);
            make_block(&photos[i]);
        }
        report(names[kind], &t, photos);
        for (int i = 0; i < TABLES; i++) {
            free(photos[i].table);
            free(photos[i].block);
        }
    }
    vp_context_free(t.context);
    vp_codec_release(codec);
    ZSTD_freeDCtx(t.zstd);
    return EXIT_SUCCESS;
}
