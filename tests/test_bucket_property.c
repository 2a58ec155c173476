/* Two-level keys over generated keys: each comes back byte for byte, and no two share a place. */
#include "test.h"

#include "valpack_bucket.h"

#include <stdlib.h>

enum { KEY_ROOM = 24, NAME_ROOM = 40, KEYS = 40000 };

struct placed {
    uint8_t name_size, bucket_size, key_size;
    char name[NAME_ROOM], key[KEY_ROOM];
};

/* Short, of few symbols, so that keys come again and places come close. */
static size_t make_key(uint64_t *random, char *key) {
    static const char symbols[] = "00123~a:-\xFF";
    size_t size = random_below(random, 7);
    for (size_t i = 0; i < size; i++) key[i] = symbols[random_below(random, sizeof symbols - 1)];
    return size;
}

static int by_place(const void *left, const void *right) {
    const struct placed *a = left, *b = right;
    if (a->name_size != b->name_size) return a->name_size < b->name_size ? -1 : 1;
    if (a->bucket_size != b->bucket_size) return a->bucket_size < b->bucket_size ? -1 : 1;
    return memcmp(a->name, b->name, a->name_size);
}

static bool same_key(const struct placed *a, const struct placed *b) {
    return a->key_size == b->key_size && memcmp(a->key, b->key, a->key_size) == 0;
}

/* True if the key has a place, from which it came back. */
static bool make_placed(const vp_bucketing *how, uint64_t *random, struct placed *p) {
    memset(p, 0, sizeof *p);
    p->key_size = (uint8_t)make_key(random, p->key);
    vp_place place;
    int status = vp_bucket_split(how, (vp_bytes){p->key, p->key_size}, p->name, sizeof p->name, &place);
    if (status == VP_ERR_KEY) return false;
    assert_int_equal(status, VP_OK);
    p->bucket_size = (uint8_t)place.bucket_size;
    p->name_size = (uint8_t)(place.bucket_size + place.field_size);
    assert_true(p->name_size <= vp_bucket_bound(p->key_size));
    char back[KEY_ROOM];
    int64_t size =
        vp_bucket_join(how, (vp_bytes){p->name, place.bucket_size},
                       (vp_bytes){p->name + place.bucket_size, place.field_size}, back, sizeof back);
    assert_int_equal(size, p->key_size);
    assert_memory_equal(back, p->key, p->key_size);
    return true;
}

static void check_generated(const vp_bucketing *how, struct placed *found) {
    uint64_t random = 11;
    size_t count = 0, same = 0;
    for (size_t i = 0; i < KEYS; i++)
        if (make_placed(how, &random, &found[count])) count++;
    assert_true(count > KEYS / 10);
    qsort(found, count, sizeof *found, by_place);
    for (size_t i = 1; i < count; i++) {
        if (by_place(&found[i - 1], &found[i]) != 0) continue;
        assert_true(same_key(&found[i - 1], &found[i]));
        same++;
    }
    assert_true(same > 0); /* keys that came again */
}

/* Whatever bucket and field are put together: a key that is joined from them is split into them. */
static void check_joins(const vp_bucketing *how) {
    uint64_t random = 12;
    size_t joined = 0;
    for (size_t i = 0; i < KEYS; i++) {
        char bucket[KEY_ROOM], field[KEY_ROOM], key[NAME_ROOM];
        const vp_bytes b = {bucket, make_key(&random, bucket)}, f = {field, make_key(&random, field)};
        int64_t size = vp_bucket_join(how, b, f, key, sizeof key);
        if (size == VP_ERR_KEY) continue;
        assert_true(size >= 0);
        joined++;
        char names[NAME_ROOM];
        vp_place place;
        assert_int_equal(vp_bucket_split(how, (vp_bytes){key, (size_t)size}, names, sizeof names, &place),
                         VP_OK);
        assert_int_equal(place.bucket_size, b.size);
        assert_int_equal(place.field_size, f.size);
        assert_memory_equal(names, bucket, b.size);
        assert_memory_equal(names + b.size, field, f.size);
    }
    assert_true(joined > 50);
}

static void generated_keys(void **state) {
    (void)state;
    static const vp_bucketing ways[] = {
        {.kind = VP_BUCKET_DIGITS, .count = 1},
        {.kind = VP_BUCKET_DIGITS, .count = 2},
        {.kind = VP_BUCKET_DIGITS, .count = 3},
        {.kind = VP_BUCKET_SHARDS, .count = 3},
        {.kind = VP_BUCKET_SHARDS, .count = 2, .prefix_size = 2},
        {.kind = VP_BUCKET_RANGE, .count = 1},
        {.kind = VP_BUCKET_RANGE, .count = 7},
        {.kind = VP_BUCKET_RANGE, .count = 100},
    };
    struct placed *found = malloc(KEYS * sizeof *found);
    assert_non_null(found);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        check_generated(&ways[i], found);
        check_joins(&ways[i]);
    }
    free(found);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generated_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
