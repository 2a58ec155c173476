/* Builders against a model that keeps records in a plain list: whatever is put, removed, loaded and
   finished, the table has the same records as the list, by every way of reading. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "valpack_table.h"

enum { MOST = 600, FIELD_ROOM = 40, STEPS = 30, BURST = 40 };

struct record {
    uint8_t field[FIELD_ROOM], value[VALUE_ROOM];
    size_t field_size, value_size;
};

struct list {
    struct record records[MOST];
    size_t count;
};

/* ---- What records are like ------------------------------------------------------------------ */

enum field_kind { DENSE, SPARSE, WHOLE_RANGE, WORDS, PREFIXED, BINARY, PADDED, MIXED, FIELD_KINDS };
enum { RISING = VALUE_KINDS, TEN_DIGITS, SMALL_NUMBERS, EIGHT_BYTES, CONSTANT, ANYTHING, KINDS_OF_VALUES };

static size_t make_field(enum field_kind kind, uint64_t *random, uint8_t *out) {
    char *text = (char *)out;
    uint64_t n = random_next(random);
    switch (kind) {
    case DENSE: return (size_t)sprintf(text, "%d", (int)(n % (2 * MOST)) - 100);
    case SPARSE: return (size_t)sprintf(text, "%llu", (unsigned long long)(3301000051u + n % 1000000000));
    case WHOLE_RANGE: return (size_t)sprintf(text, "%lld", (long long)(int64_t)n >> (n & 63));
    case WORDS:
        return (size_t)sprintf(text, "user:%c%c:%u", 'a' + (int)(n % 9), 'k' + (int)(n / 9 % 9),
                               (unsigned)(n >> 32) % 9);
    case BINARY: random_fill(random, out, n % 4); return n % 4;
    case PREFIXED: return (size_t)sprintf(text, "item-%d", (int)(n % 3000) - 20);
    case PADDED: return (size_t)sprintf(text, "%03u", (unsigned)(n % 2000));
    default: return make_field((enum field_kind)(n % MIXED), random, out);
    }
}

static size_t make_any_value(unsigned kind, uint64_t number, uint64_t *random, uint8_t *out) {
    char *text = (char *)out;
    uint64_t n = random_next(random);
    switch (kind) {
    case RISING:
        return (size_t)sprintf(text, "%llu", (unsigned long long)(3000000000u + 300 * number + n % 300));
    case TEN_DIGITS:
        return (size_t)sprintf(text, "%llu", (unsigned long long)(1000000000u + n % 9000000000u));
    case SMALL_NUMBERS: return (size_t)sprintf(text, "%d", (int)(n % 50) - 25);
    case EIGHT_BYTES: random_fill(random, out, 8); return 8;
    case CONSTANT: memcpy(out, "yes", 3); return 3;
    case ANYTHING: return make_any_value((unsigned)(n % ANYTHING), number, random, out);
    default: return make_value((enum value_kind)kind, random, out);
    }
}

/* ---- The list ------------------------------------------------------------------------------- */

static vp_bytes field_of(const struct record *r) {
    return (vp_bytes){r->field, r->field_size};
}

static vp_bytes value_of(const struct record *r) {
    return (vp_bytes){r->value, r->value_size};
}

static bool same_bytes(vp_bytes a, vp_bytes b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static struct record *find(struct list *list, vp_bytes field) {
    for (size_t i = 0; i < list->count; i++)
        if (same_bytes(field_of(&list->records[i]), field)) return &list->records[i];
    return NULL;
}

static void list_put(struct list *list, const struct record *r) {
    struct record *there = find(list, field_of(r));
    if (!there) there = &list->records[list->count++];
    *there = *r;
}

static void list_remove(struct list *list, vp_bytes field) {
    struct record *there = find(list, field);
    if (there) *there = list->records[--list->count];
}

/* strtoll() and back gives the same text. */
static bool is_canonical(const struct record *r) {
    char text[FIELD_ROOM + 1], again[FIELD_ROOM];
    memcpy(text, r->field, r->field_size);
    text[r->field_size] = '\0';
    int size = snprintf(again, sizeof again, "%lld", strtoll(text, NULL, 10));
    return (size_t)size == r->field_size && memcmp(text, again, r->field_size) == 0;
}

static long long number_of(const struct record *r) {
    char text[FIELD_ROOM + 1];
    memcpy(text, r->field, r->field_size);
    text[r->field_size] = '\0';
    return strtoll(text, NULL, 10);
}

/* ---- Comparing ------------------------------------------------------------------------------ */

/* What HEAD and block, fetched as vp_table_part() says, give for a field. */
static int64_t get_by_parts(vp_context *x, vp_bytes table, vp_bytes field, const void **value) {
    vp_table_range need = {0};
    vp_bytes head = {table.data, 0};
    *value = NULL;
    for (int steps = 0; steps < 8; steps++) {
        int status = vp_table_part(head, field, &need);
        if (status < 0) return status;
        if (status == VP_OK) {
            assert_true(need.offset <= table.size && need.size <= table.size - need.offset);
            vp_bytes block = {(const uint8_t *)table.data + need.offset, (size_t)need.size};
            return vp_table_get_part(x, (vp_bytes){table.data, (size_t)need.head_size}, block, field, value);
        }
        assert_true(need.offset == 0 && need.size > head.size);
        head.size = need.size < table.size ? (size_t)need.size : table.size;
    }
    fail_msg("a head that never is whole");
    return VP_ERR_CORRUPT;
}

static void check_record(vp_context *x, vp_bytes table, const struct record *r) {
    const void *value = NULL;
    int64_t size = vp_table_get(x, table, field_of(r), &value);
    assert_true(size >= 0 && same_bytes((vp_bytes){value, (size_t)size}, value_of(r)));
    size = get_by_parts(x, table, field_of(r), &value);
    assert_true(size >= 0 && same_bytes((vp_bytes){value, (size_t)size}, value_of(r)));
}

static void check_absent(vp_context *x, vp_bytes table, struct list *list, uint64_t *random) {
    uint8_t field[FIELD_ROOM];
    const void *value = field;
    for (unsigned i = 0; i < 4 * FIELD_KINDS; i++) {
        vp_bytes absent = {field, make_field((enum field_kind)(i % FIELD_KINDS), random, field)};
        if (find(list, absent)) continue;
        assert_int_equal(vp_table_get(x, table, absent, &value), VP_ERR_NOT_FOUND);
        assert_null(value);
        assert_int_equal(get_by_parts(x, table, absent, &value), VP_ERR_NOT_FOUND);
    }
}

/* What reading gives, record by record: those of the list, each once, integers in ascending order. */
struct reading {
    struct list *list;
    bool numbers, seen[MOST];
    const struct record *last;
};

static struct reading reading_of(struct list *list) {
    struct reading r = {.list = list, .numbers = true};
    for (size_t i = 0; i < list->count; i++) r.numbers = r.numbers && is_canonical(&list->records[i]);
    return r;
}

static void read_one(struct reading *r, vp_bytes field, vp_bytes value) {
    struct record *known = find(r->list, field);
    assert_true(known && same_bytes(value_of(known), value));
    assert_false(r->seen[known - r->list->records]);
    r->seen[known - r->list->records] = true;
    if (r->numbers && r->last) assert_true(number_of(r->last) < number_of(known));
    r->last = known;
}

static void check_walk(vp_context *x, vp_bytes table, struct list *list) {
    vp_table_cursor cursor = {.next = 0};
    struct reading reading = reading_of(list);
    for (size_t i = 0; i < list->count; i++) {
        assert_int_equal(vp_table_next(x, table, &cursor), 1);
        assert_int_equal(cursor.next, i + 1);
        read_one(&reading, cursor.field, cursor.value);
    }
    assert_int_equal(vp_table_next(x, table, &cursor), 0);
}

static void check_read_all(vp_context *x, vp_bytes table, struct list *list) {
    vp_records all;
    struct reading reading = reading_of(list);
    assert_int_equal(vp_table_read_all(x, table, &all), (int64_t)list->count);
    assert_int_equal(all.count, list->count);
    const uint8_t *field = all.fields, *value = all.values;
    for (size_t i = 0; i < list->count; i++) {
        vp_bytes f = {field, (size_t)all.field_sizes[i]}, v = {value, (size_t)all.value_sizes[i]};
        read_one(&reading, f, v);
        field += f.size;
        value += v.size;
    }
}

/* The same records in another order, by another way, make the same table. */
static void check_same_table(vp_context *x, vp_bytes table, const struct list *list, uint64_t *random) {
    vp_table_builder *builder = vp_table_builder_new(x);
    assert_non_null(builder);
    size_t turn = list->count ? (size_t)random_below(random, list->count) : 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct record *r = &list->records[(i + turn) % list->count];
        assert_int_equal(vp_table_add(builder, field_of(r), value_of(r)), VP_OK);
    }
    const void *again = NULL;
    int64_t size = vp_table_finish(builder, &again);
    assert_true(size >= 0 && same_bytes((vp_bytes){again, (size_t)size}, table));
    vp_table_builder_free(builder);
}

static void check_table(vp_context *x, vp_bytes table, struct list *list, uint64_t *random) {
    assert_true(vp_is_table(table.data, table.size));
    assert_int_equal(vp_table_count(table), (int64_t)list->count);
    check_walk(x, table, list);
    check_read_all(x, table, list);
    for (size_t i = 0; i < list->count; i++) check_record(x, table, &list->records[i]);
    check_absent(x, table, list, random);
    check_same_table(x, table, list, random);
}

/* ---- Random histories ----------------------------------------------------------------------- */

struct history {
    vp_context *context;
    vp_table_builder *builder;
    struct list list, stored_list; /* what the builder has; what is in `stored` */
    struct bytes stored;           /* an earlier table */
    enum field_kind fields;
    unsigned values;
    uint64_t random;
};

static void put_some(struct history *h) {
    struct record r;
    for (uint64_t n = random_below(&h->random, BURST); n > 0 && h->list.count + 1 < MOST; n--) {
        r.field_size = make_field(h->fields, &h->random, r.field);
        r.value_size = make_any_value(h->values, h->list.count, &h->random, r.value);
        list_put(&h->list, &r);
        assert_int_equal(vp_table_put(h->builder, field_of(&r), value_of(&r)), VP_OK);
    }
}

static void remove_some(struct history *h) {
    struct record r;
    for (uint64_t n = random_below(&h->random, BURST); n > 0; n--) {
        r.field_size = make_field(h->fields, &h->random, r.field);
        if (h->list.count && n % 2) r = h->list.records[random_below(&h->random, h->list.count)];
        list_remove(&h->list, field_of(&r));
        assert_int_equal(vp_table_remove(h->builder, field_of(&r)), VP_OK);
    }
}

static void load_stored(struct history *h) {
    if (!h->stored.at || h->list.count + h->stored_list.count >= MOST) return;
    for (size_t i = 0; i < h->stored_list.count; i++) list_put(&h->list, &h->stored_list.records[i]);
    assert_int_equal(vp_table_load(h->builder, (vp_bytes){h->stored.at, h->stored.size}), VP_OK);
}

static void finish(struct history *h) {
    const void *table = NULL;
    int64_t size = vp_table_finish(h->builder, &table);
    assert_true(size > 0);
    test_free(h->stored.at);
    h->stored = (struct bytes){.at = test_malloc((size_t)size), .size = (size_t)size};
    memcpy(h->stored.at, table, (size_t)size);
    check_table(h->context, (vp_bytes){h->stored.at, h->stored.size}, &h->list, &h->random);
    h->stored_list = h->list;
}

static void clear(struct history *h) {
    vp_table_clear(h->builder);
    h->list.count = 0;
}

static void live_through(struct history *h) {
    for (int step = 0; step < STEPS; step++) {
        switch (random_below(&h->random, 8)) {
        case 0: remove_some(h); break;
        case 1: load_stored(h); break;
        case 2: finish(h); break;
        case 3:
            if (step % 3 == 0) clear(h);
            break;
        default: put_some(h);
        }
    }
    finish(h);
}

static unsigned run_histories(struct coder c, uint64_t seed) {
    static struct history h;
    unsigned histories = 0;
    for (unsigned fields = 0; fields < FIELD_KINDS; fields++) {
        for (unsigned values = 0; values < KINDS_OF_VALUES; values++) {
            h = (struct history){.context = c.context, .fields = (enum field_kind)fields, .values = values};
            h.random = seed + 1000 * fields + values;
            h.builder = vp_table_builder_new(c.context);
            assert_non_null(h.builder);
            live_through(&h);
            vp_table_builder_free(h.builder);
            test_free(h.stored.at);
            histories++;
        }
    }
    return histories;
}

static void tables_have_what_was_put(void **state) {
    (void)state;
    struct coder c = coder_of(NULL, NULL);
    assert_int_equal(run_histories(c, 1), FIELD_KINDS * KINDS_OF_VALUES);
    coder_close(&c);
}

static void tables_of_a_profile(void **state) {
    (void)state;
    const struct recipe recipe = {.kind = VALUE_SESSION, .count = 150, .width = 8, .check = 1};
    vp_profile *profile = train_profile(&recipe);
    struct coder c = coder_of(profile, NULL);
    assert_int_equal(run_histories(c, 2), FIELD_KINDS * KINDS_OF_VALUES);
    coder_close(&c);
    vp_profile_release(profile);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_have_what_was_put),
        cmocka_unit_test(tables_of_a_profile),
    };
    return cmocka_run_group_tests_name("table property", tests, NULL, NULL);
}
