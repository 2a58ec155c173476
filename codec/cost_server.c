/* Which server it is: by its name, or by what it says of itself in INFO. */
#include "cost.h"

#include <string.h>

static const char *const names[] = {
    [VP_REDIS_7_0_DEBIAN] = "redis-7.0-debian",
    [VP_REDIS_7_2] = "redis-7.2",
    [VP_REDIS_8] = "redis-8",
    [VP_VALKEY_9] = "valkey-9",
};

static vp_server with_defaults(uint32_t flavour) {
    return (vp_server){
        .flavour = flavour, .hash_max_entries = 512, .hash_max_value = 64, .shared_integers = 1};
}

const char *vp_server_name(uint32_t flavour) {
    return flavour < sizeof names / sizeof names[0] ? names[flavour] : NULL;
}

int vp_server_named(const char *name, vp_server *server) {
    if (!name || !server) return VP_ERR_ARGUMENT;
    for (uint32_t i = VP_REDIS_7_0_DEBIAN; i <= VP_VALKEY_9; i++) {
        if (strcmp(name, names[i]) != 0) continue;
        *server = with_defaults(i);
        return VP_OK;
    }
    return VP_ERR_SERVER;
}

/* ---- INFO: lines of "name:value", headings and empty lines ------------------------------------- */

struct text {
    const char *at;
    size_t size;
};

static bool starts_with(struct text text, const char *start) {
    size_t size = strlen(start);
    return text.size >= size && memcmp(text.at, start, size) == 0;
}

static bool ends_with(struct text text, const char *end) {
    size_t size = strlen(end);
    return text.size >= size && memcmp(text.at + text.size - size, end, size) == 0;
}

/* Takes the first line off, without its end; false if there is no whole line. */
static bool take_line(struct text *rest, struct text *line) {
    const char *newline = rest->size ? memchr(rest->at, '\n', rest->size) : NULL;
    if (!newline) return false;
    *line = (struct text){rest->at, (size_t)(newline - rest->at)};
    rest->at += line->size + 1;
    rest->size -= line->size + 1;
    if (ends_with(*line, "\r")) line->size--;
    return true;
}

/* The value on the first line of this name, given with its colon; empty without one. A line that was cut
   off does not count: "8.1" may have been 8.10. */
static struct text value_of_line(struct text info, const char *name) {
    struct text line;
    while (take_line(&info, &line)) {
        if (!starts_with(line, name)) continue;
        size_t used = strlen(name);
        return (struct text){line.at + used, line.size - used};
    }
    return (struct text){"", 0};
}

/* Takes a number off the front; what is too large for 32 bits becomes the largest of them. */
static bool take_number(struct text *text, uint32_t *number) {
    uint64_t n = 0;
    size_t digits = 0;
    while (digits < text->size && text->at[digits] >= '0' && text->at[digits] <= '9') {
        n = n * 10 + (uint64_t)(text->at[digits++] - '0');
        if (n > UINT32_MAX) n = UINT32_MAX;
    }
    text->at += digits;
    text->size -= digits;
    *number = (uint32_t)n;
    return digits > 0;
}

static bool is_number_above_zero(struct text text) {
    uint32_t number;
    return take_number(&text, &number) && number > 0;
}

struct version {
    uint32_t major, minor;
};

/* "7.0.15", "8.0-rc1"; false if it is not of this form. */
static bool parse_version(struct text text, struct version *version) {
    if (!take_number(&text, &version->major) || !starts_with(text, ".")) return false;
    text.at++;
    text.size--;
    return take_number(&text, &version->minor) && (text.size == 0 || *text.at == '.' || *text.at == '-');
}

static bool at_least(struct version version, uint32_t major, uint32_t minor) {
    return version.major > major || (version.major == major && version.minor >= minor);
}

static uint32_t redis_flavour(struct version version, struct text allocator) {
    if (!at_least(version, 7, 0)) return 0;
    if (at_least(version, 8, 2)) return VP_REDIS_8;
    /* Redis 7.0 brought jemalloc 5.2.1 with it: another one is that of the system. */
    bool own = at_least(version, 7, 2) || starts_with(allocator, "jemalloc-5.2.1");
    return own ? VP_REDIS_7_2 : VP_REDIS_7_0_DEBIAN;
}

static uint32_t valkey_flavour(struct version version) {
    if (!at_least(version, 7, 2)) return 0;
    return at_least(version, 8, 1) ? VP_VALKEY_9 : VP_REDIS_7_2;
}

/* Cluster mode with a list of the keys of each slot, before there was a table for each. */
static bool links_keys(struct text info, struct version version) {
    return is_number_above_zero(value_of_line(info, "cluster_enabled:")) && !at_least(version, 7, 3);
}

static bool shares_integers(struct text info) {
    struct text policy = value_of_line(info, "maxmemory_policy:");
    bool per_key = ends_with(policy, "-lru") || ends_with(policy, "-lfu");
    return !per_key || !is_number_above_zero(value_of_line(info, "maxmemory:"));
}

int vp_server_from_info(const char *info, size_t size, vp_server *server) {
    if (!server || (!info && size)) return VP_ERR_ARGUMENT;
    struct text text = {info ? info : "", size};
    struct text allocator = value_of_line(text, "mem_allocator:");
    struct text valkey = value_of_line(text, "valkey_version:");
    bool is_valkey = valkey.size > 0;
    struct version version;
    if (!starts_with(allocator, "jemalloc")) return VP_ERR_SERVER;
    if (starts_with(value_of_line(text, "arch_bits:"), "32")) return VP_ERR_SERVER;
    if (!parse_version(is_valkey ? valkey : value_of_line(text, "redis_version:"), &version))
        return VP_ERR_SERVER;
    uint32_t flavour = is_valkey ? valkey_flavour(version) : redis_flavour(version, allocator);
    if (flavour == 0) return VP_ERR_SERVER;
    *server = with_defaults(flavour);
    server->shared_integers = shares_integers(text);
    server->cluster = links_keys(text, version);
    return VP_OK;
}
