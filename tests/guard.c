/* Memory between inaccessible pages. */
#include "test.h"

#include <sys/mman.h>
#include <unistd.h>

static size_t page(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

struct guard guard_new(size_t at_least) {
    size_t size = (at_least / page() + 1) * page();
    uint8_t *all = mmap(NULL, size + 2 * page(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(all != MAP_FAILED);
    assert_int_equal(mprotect(all + page(), size, PROT_READ | PROT_WRITE), 0);
    return (struct guard){.bytes = all + page(), .size = size};
}

void guard_free(struct guard *g) {
    assert_int_equal(munmap(g->bytes - page(), g->size + 2 * page()), 0);
}

uint8_t *guard_end(const struct guard *g, size_t size) {
    assert_true(size <= g->size);
    return g->bytes + g->size - size;
}

uint8_t *guard_start(const struct guard *g, size_t size) {
    assert_true(size <= g->size);
    return g->bytes;
}

uint8_t *guard_put(const struct guard *g, const void *bytes, size_t size) {
    uint8_t *at = guard_end(g, size);
    if (size) memcpy(at, bytes, size);
    return at;
}
