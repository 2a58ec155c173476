/* What the parts of `valpack advise` share. */
#ifndef CLI_ADVISE_H
#define CLI_ADVISE_H

#include "advice.h"
#include "prefixes.h"
#include "valpack_advise.h"

struct advising {
    enum value_format format;
    uint64_t max_size, key_size, total_keys, train_bytes; /* 0: the library's default */
    vp_server server;
    bool expires, keyed, by_prefix, json, quiet;
    bool shows_progress;
    uint64_t lines, key_like; /* of those without keys, how many were looked at and look as if they had one */
};

/* An advisor for as many keys as this, 0 for as many as samples are added. NULL after a complaint. */
vp_advisor *new_advisor(const struct advising *advising, uint64_t keys);

/* 0, or EXIT_DATA after a complaint. */
int add_sample(vp_advisor *advisor, struct sample sample);

/* The advice as JSON, which the advisor owns; NULL after a complaint. */
const char *finish_advisor(const struct advising *advising, vp_advisor *advisor);

/* Advises on the lines of each prefix and prints it all. 0, or EXIT_DATA after a complaint. */
int advise_on_prefixes(const struct advising *advising, const struct value_set *lines);

#endif
