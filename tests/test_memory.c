/* Allocator hooks, growing buffers and the working memory of a thread. */
#include "test.h"

#include "scratch.h"

static void nothing_is_allocated_for_no_bytes(void **state) {
    (void)state;
    struct counting c = {0};
    vp_allocator a = counting_allocator(&c);
    assert_null(memory_alloc(&a, 0));
    memory_free(&a, NULL);
    assert_int_equal(c.calls, 0);
    const uint8_t *zeros = memory_zeroed(&a, 3);
    assert_memory_equal(zeros, "\0\0\0", 3);
    memory_free(&a, (void *)(uintptr_t)zeros);
    assert_int_equal(c.live, 0);
}

static void without_hooks_malloc_is_used(void **state) {
    (void)state;
    vp_allocator a = memory_hooks(NULL);
    void *p = memory_alloc(&a, 10);
    assert_non_null(p);
    memory_free(&a, p);
}

static void a_buffer_keeps_its_beginning(void **state) {
    (void)state;
    struct counting c = {0};
    vp_allocator a = counting_allocator(&c);
    struct buffer b = {NULL, 0};
    assert_true(buffer_grow(&a, &b, 4, 0));
    memcpy(b.bytes, "abcd", 4);
    assert_true(buffer_grow(&a, &b, 3, 4));
    assert_int_equal(c.calls, 1);
    assert_true(buffer_grow(&a, &b, 5, 4));
    assert_true(b.capacity >= 6); /* by half at the least */
    assert_memory_equal(b.bytes, "abcd", 4);
    c.fail_after = 1;
    const uint8_t *before = b.bytes;
    assert_false(buffer_grow(&a, &b, 1000, 4));
    assert_ptr_equal(b.bytes, before);
    assert_memory_equal(b.bytes, "abcd", 4);
    memory_free(&a, b.bytes);
    assert_int_equal(c.live, 0);
}

static unsigned made, destroyed;

static void *make_state(const vp_allocator *allocator) {
    made++;
    void *proof = memory_alloc(allocator, 1);
    memory_free(allocator, proof);
    return proof ? &made : NULL;
}

static void destroy_state(void *value) {
    assert_ptr_equal(value, &made);
    destroyed++;
}

static void scratch_makes_each_state_once(void **state) {
    (void)state;
    struct counting c = {.fail_at = 1};
    struct scratch s;
    scratch_init(&s, counting_allocator(&c));
    assert_null(scratch_state(&s, 5, make_state, destroy_state));
    assert_non_null(scratch_state(&s, 5, make_state, destroy_state));
    assert_non_null(scratch_state(&s, 5, make_state, destroy_state));
    assert_int_equal(made, 2);
    uint8_t *first = scratch_buffer(&s, 0, 0), *second = scratch_buffer(&s, 1, 100);
    assert_non_null(first);
    assert_non_null(second);
    memset(second, 1, 100);
    assert_ptr_equal(scratch_buffer(&s, 1, 50), second);
    c.fail_after = 1;
    assert_null(scratch_buffer(&s, 1, 1 << 20));
    scratch_free(&s);
    assert_int_equal(destroyed, 1);
    assert_int_equal(c.live, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_allocated_for_no_bytes),
        cmocka_unit_test(without_hooks_malloc_is_used),
        cmocka_unit_test(a_buffer_keeps_its_beginning),
        cmocka_unit_test(scratch_makes_each_state_once),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
