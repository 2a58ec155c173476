/*
 * valpack advise --by-prefix: one table for the keys of each prefix.
 */
#include <stdlib.h>
#include <string.h>

#include "advise.h"
#include "json.h"

/* Learning takes longest: all groups share an amount of samples to learn from. */
enum { MOST_GROUPS = 50, SHARED_BYTES = 4 << 20, LEAST_BYTES = 128 << 10, MOST_BYTES = 512 << 10 };

struct group_advice {
    char *json;
    struct advice advice;
    struct span prefix;
};

static uint64_t share_of_keys(const struct advising *advising, size_t samples, size_t all) {
    double share = (double)advising->total_keys * (double)samples / (double)all;
    return advising->total_keys == 0 || share < (double)samples ? 0 : (uint64_t)share;
}

static uint64_t train_bytes_of(size_t groups) {
    uint64_t share = (uint64_t)SHARED_BYTES / (groups > 0 ? groups : 1);
    return share < LEAST_BYTES ? LEAST_BYTES : share > MOST_BYTES ? MOST_BYTES : share;
}

static int advise_on_group(const struct advising *advising, const struct value_set *lines,
                           const struct prefix_groups *groups, size_t number, struct group_advice *result) {
    const struct prefix_group *group = &groups->groups[number];
    vp_advisor *advisor = new_advisor(advising, share_of_keys(advising, group->count, lines->count));
    if (!advisor) return EXIT_DATA;
    int status = 0;
    for (size_t i = 0; i < group->count && status == 0; i++) {
        struct sample sample = {.key = {NULL, 0}};
        split_sample(value_at(lines, groups->order[group->first + i]), &sample);
        status = add_sample(advisor, sample);
    }
    const char *json = status == 0 ? finish_advisor(advising, advisor) : NULL;
    result->json = json ? strdup(json) : NULL;
    result->prefix = group->prefix;
    if (result->json) read_advice(result->json, &result->advice);
    else if (json) status = complain(NULL, "out of memory");
    else if (status == 0) status = EXIT_DATA;
    vp_advisor_free(advisor);
    return status;
}

static int compare_memory(const void *a, const void *b) {
    const struct group_advice *x = a, *y = b;
    if (x->advice.memory != y->advice.memory) return x->advice.memory > y->advice.memory ? -1 : 1;
    return x->prefix.data < y->prefix.data ? -1 : x->prefix.data > y->prefix.data;
}

static void print_group_heading(const struct prefix_groups *groups, const struct group_advice *group) {
    fputs("== ", stdout);
    if (!group->prefix.data) printf("%zu smaller prefixes", groups->prefixes - groups->count + 1);
    else if (group->prefix.size == 0) fputs("keys without a prefix", stdout);
    else if (is_utf8(group->prefix)) print_json_string(stdout, group->prefix);
    else fputs("a prefix that is no UTF-8", stdout);
    puts(" ==");
}

/* A prefix that is no UTF-8 is told in hexadecimal, that of several is null. */
static void print_group_json(const struct prefix_groups *groups, const struct group_advice *group,
                             const char *separator) {
    printf("%s\n{\"prefix\": ", separator);
    if (!group->prefix.data) {
        printf("null, \"prefixes\": %zu", groups->prefixes - groups->count + 1);
    } else if (is_utf8(group->prefix)) {
        print_json_string(stdout, group->prefix);
    } else {
        fputs("null, \"prefix_hex\": \"", stdout);
        for (size_t i = 0; i < group->prefix.size; i++) printf("%02x", group->prefix.data[i]);
        putchar('"');
    }
    printf(", \"advice\": %s}", group->json);
}

static void print_groups(const struct advising *advising, const struct prefix_groups *groups,
                         const struct group_advice *results) {
    double memory = 0, best = 0;
    if (advising->json) fputs("{\"groups\": [", stdout);
    for (size_t i = 0; i < groups->count; i++) {
        memory += results[i].advice.memory;
        best += best_memory(&results[i].advice);
        if (advising->json) {
            print_group_json(groups, &results[i], i > 0 ? "," : "");
            continue;
        }
        print_group_heading(groups, &results[i]);
        print_advice(&results[i].advice);
        putchar('\n');
    }
    if (advising->json) printf("\n], \"memory\": %.0f, \"best_memory\": %.0f}\n", memory, best);
    else print_total(memory, best, groups->count);
}

int advise_on_prefixes(const struct advising *advising, const struct value_set *lines) {
    struct prefix_groups groups;
    struct advising each = *advising;
    int status = group_by_prefix(lines, MOST_GROUPS, &groups);
    each.train_bytes = train_bytes_of(groups.count);
    struct group_advice *results = status == 0 ? calloc(groups.count + 1, sizeof *results) : NULL;
    if (status == 0 && !results) status = complain(NULL, "out of memory");
    for (size_t i = 0; i < groups.count && status == 0; i++)
        status = advise_on_group(&each, lines, &groups, i, &results[i]);
    if (status == 0) {
        qsort(results, groups.count, sizeof *results, compare_memory);
        print_groups(advising, &groups, results);
    }
    for (size_t i = 0; results && i < groups.count; i++) free(results[i].json);
    free(results);
    free_prefix_groups(&groups);
    return status;
}
