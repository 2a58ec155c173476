/* Profiles that ship with the library, found by name. */
#include "shipped.h"

#include "memory.h"

size_t vp_shipped_count(void) {
    return shipped_profile_count;
}

const char *vp_shipped_name(size_t index) {
    return index < shipped_profile_count ? shipped_profiles[index].name : NULL;
}

const char *vp_shipped_about(size_t index) {
    return index < shipped_profile_count ? shipped_profiles[index].about : NULL;
}

static const struct shipped_profile *find(const char *name) {
    for (size_t i = 0; name && i < shipped_profile_count; i++)
        if (strcmp(shipped_profiles[i].name, name) == 0) return &shipped_profiles[i];
    return NULL;
}

const void *vp_shipped_data(const char *name, size_t *size) {
    const struct shipped_profile *shipped = find(name);
    if (size) *size = shipped ? shipped->size : 0;
    return shipped ? shipped->data : NULL;
}

static int load_elsewhere(const struct shipped_profile *shipped, uint32_t first_code,
                          const vp_allocator *allocator, vp_profile **profile) {
    const vp_allocator hooks = memory_hooks(allocator);
    uint8_t *copy = memory_alloc(&hooks, shipped->size);
    if (!copy) return VP_ERR_MEMORY;
    memcpy(copy, shipped->data, shipped->size);
    int status = vp_profile_relocate(copy, shipped->size, first_code);
    if (status == VP_OK) status = vp_profile_load(copy, shipped->size, allocator, profile);
    memory_free(&hooks, copy);
    return status;
}

int vp_profile_shipped(const char *name, uint32_t first_code, const vp_allocator *allocator,
                       vp_profile **profile) {
    if (!profile) return VP_ERR_ARGUMENT;
    *profile = NULL;
    if (!name) return VP_ERR_ARGUMENT;
    const struct shipped_profile *shipped = find(name);
    if (!shipped) return VP_ERR_NAME;
    if (first_code) return load_elsewhere(shipped, first_code, allocator, profile);
    return vp_profile_load(shipped->data, shipped->size, allocator, profile);
}
