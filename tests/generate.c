/* Values of every kind for the tests, from a random number generator of their own. */
#include "test.h"

#include <stdio.h>

/* splitmix64 (Steele, Lea, Flood, OOPSLA 2014). */
uint64_t random_next(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

uint64_t random_below(uint64_t *state, uint64_t limit) {
    return random_next(state) % limit;
}

void random_fill(uint64_t *state, uint8_t *out, size_t size) {
    for (size_t i = 0; i < size; i++) out[i] = (uint8_t)(random_next(state) >> 56);
}

static unsigned below(uint64_t *random, unsigned limit) {
    return (unsigned)random_below(random, limit);
}

static const char *const names[] = {"alice", "bob",  "carol", "dmitri", "eve",     "franz", "grace", "heidi",
                                    "ivan",  "judy", "karl",  "lena",   "mallory", "nina",  "oscar", "peggy"};
static const char *const hosts[] = {"example.com", "example.org", "mail.example.net", "shop.example.co.uk"};
static const char *const words[] = {"the ", "of ",  "order ", "was ",     "shipped ",  "on ",   "time",
                                    ", ",   "and ", "paid ",  "invoice ", "customer ", "from ", "station "};
static const char *const letters[] = {"é", "ü", "ж", "я", "漢", "字", "🙂", "a", "n", " ", "\"", "\\"};
static const char *const countries[] = {"Germany", "France", "Japan", "Brazil",
                                        "India",   "Kenya",  "Chile", "Côte d'Ivoire"};

static const char *one_of(uint64_t *random, const char *const *texts, unsigned count) {
    return texts[below(random, count)];
}

#define ONE_OF(random, texts) one_of(random, texts, sizeof(texts) / sizeof((texts)[0]))

static size_t repeat_texts(uint64_t *random, const char *const *texts, unsigned count, unsigned times,
                           char *out) {
    size_t size = 0;
    for (unsigned i = 0; i < times; i++)
        size += (size_t)sprintf(out + size, "%s", one_of(random, texts, count));
    return size;
}

static size_t from_alphabet(uint64_t *random, const char *alphabet, size_t count, char *out) {
    size_t symbols = strlen(alphabet);
    for (size_t i = 0; i < count; i++) out[i] = alphabet[random_below(random, symbols)];
    return count;
}

static size_t make_session(uint64_t *random, char *out) {
    return (size_t)sprintf(
        out,
        "{\"user_id\":%u,\"name\":\"%s\",\"roles\":[\"%s\",\"viewer\"],\"active\":%s,"
        "\"score\":%u.%u,\"expires\":\"2025-%02u-%02uT%02u:%02u:%02uZ\",\"csrf\":\"%08x\"}",
        below(random, 1000000), ONE_OF(random, names), below(random, 2) ? "admin" : "editor",
        below(random, 3) ? "true" : "false", below(random, 100), below(random, 10), 1 + below(random, 12),
        1 + below(random, 28), below(random, 24), below(random, 60), below(random, 60),
        below(random, UINT32_MAX));
}

static size_t make_timestamp(uint64_t *random, char *out) {
    if (below(random, 4) == 0) return (size_t)sprintf(out, "%u", 1700000000u + below(random, 30000000));
    return (size_t)sprintf(out, "202%u-%02u-%02uT%02u:%02u:%02u.%03uZ", below(random, 6),
                           1 + below(random, 12), 1 + below(random, 28), below(random, 24), below(random, 60),
                           below(random, 60), below(random, 1000));
}

static size_t make_uuid(uint64_t *random, char *out) {
    return (size_t)sprintf(out, "%08x-%04x-4%03x-a%03x-%08x%04x", below(random, UINT32_MAX),
                           below(random, 65536), below(random, 4096), below(random, 4096),
                           below(random, UINT32_MAX), below(random, 65536));
}

static size_t make_list(uint64_t *random, char *out) {
    unsigned count = 2 + below(random, 30), at = below(random, 100000);
    size_t size = 0;
    for (unsigned i = 0; i < count; i++) {
        at += below(random, 50);
        size += (size_t)sprintf(out + size, i ? ",%u" : "%u", at);
    }
    return size;
}

static size_t make_runs(uint64_t *random, uint8_t *out) {
    size_t size = 0;
    for (unsigned runs = 1 + below(random, 4); runs > 0; runs--) {
        size_t length = 1 + below(random, 200);
        memset(out + size, (int)below(random, 256), length);
        size += length;
    }
    return size;
}

static size_t make_groups(uint64_t *random, uint8_t *out) {
    uint8_t group[16];
    size_t group_size = 2 + below(random, 15), size = 0;
    random_fill(random, group, group_size);
    for (unsigned times = 2 + below(random, 40); times > 0; times--) {
        memcpy(out + size, group, group_size);
        size += group_size;
    }
    return size;
}

static size_t make_noise(uint64_t *random, uint8_t *out) {
    size_t size = below(random, 200);
    random_fill(random, out, size);
    return size;
}

static size_t make_hostile(uint64_t *random, uint8_t *out) {
    size_t size = make_value((enum value_kind)below(random, VALUE_HOSTILE), random, out);
    if (size == 0) return 0;
    size_t place = random_below(random, size);
    switch (below(random, 6)) {
    case 0: out[place] = (uint8_t)below(random, 256); break;
    case 1: out[0] = (uint8_t)(0x80 + below(random, 128)); break;
    case 2: out[place] ^= (uint8_t)(1u << below(random, 8)); break;
    case 3: size = place; break;
    case 4: memmove(out + place, out + place + 1, --size - place); break;
    default: out[size - 1] = (uint8_t)(below(random, 2) ? '\n' : 0); break;
    }
    return size;
}

const char *kind_name(enum value_kind kind) {
    static const char *const texts[VALUE_KINDS] = {
        "session", "email", "url",    "text",  "utf8",  "country", "integer", "price",  "padded", "timestamp",
        "uuid",    "ipv4",  "digest", "moves", "token", "list",    "runs",    "groups", "noise",  "hostile"};
    return texts[kind];
}

static size_t make_number(enum value_kind kind, uint64_t *random, char *out) {
    if (kind == VALUE_INTEGER)
        return (size_t)sprintf(out, "%s%u", below(random, 8) ? "" : "-", below(random, 100000000));
    if (kind == VALUE_PRICE) return (size_t)sprintf(out, "%u.%02u", below(random, 1000), below(random, 100));
    if (kind == VALUE_PADDED) return (size_t)sprintf(out, "%08u", below(random, 1000000));
    return (size_t)sprintf(out, "%u.%u.%u.%u", below(random, 224), below(random, 256), below(random, 256),
                           below(random, 256));
}

size_t make_value(enum value_kind kind, uint64_t *random, uint8_t *out) {
    char *text = (char *)out;
    switch (kind) {
    case VALUE_SESSION: return make_session(random, text);
    case VALUE_EMAIL:
        return (size_t)sprintf(text, "%s.%s%u@%s", ONE_OF(random, names), ONE_OF(random, names),
                               below(random, 100), ONE_OF(random, hosts));
    case VALUE_URL:
        return (size_t)sprintf(text, "https://%s/%s/%u?ref=%s&page=%u", ONE_OF(random, hosts),
                               ONE_OF(random, names), below(random, 100000), ONE_OF(random, names),
                               below(random, 50));
    case VALUE_TEXT:
        return repeat_texts(random, words, sizeof words / sizeof words[0], 1 + below(random, 40), text);
    case VALUE_UTF8:
        return repeat_texts(random, letters, sizeof letters / sizeof letters[0], 1 + below(random, 60), text);
    case VALUE_COUNTRY: return (size_t)sprintf(text, "%s", ONE_OF(random, countries));
    case VALUE_INTEGER:
    case VALUE_PRICE:
    case VALUE_PADDED:
    case VALUE_IPV4: return make_number(kind, random, text);
    case VALUE_TIMESTAMP: return make_timestamp(random, text);
    case VALUE_UUID: return make_uuid(random, text);
    case VALUE_DIGEST: return from_alphabet(random, "0123456789abcdef", 64, text);
    case VALUE_MOVES: return from_alphabet(random, "012", 5 + below(random, 60), text);
    case VALUE_TOKEN:
        return from_alphabet(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
                             20 + below(random, 30), text);
    case VALUE_LIST: return make_list(random, text);
    case VALUE_RUNS: return make_runs(random, out);
    case VALUE_GROUPS: return make_groups(random, out);
    case VALUE_HOSTILE: return make_hostile(random, out);
    case VALUE_NOISE:
    case VALUE_KINDS: break;
    }
    return make_noise(random, out);
}

void make_long_value(enum value_kind kind, uint64_t *random, uint8_t *out, size_t size) {
    uint8_t piece[VALUE_ROOM];
    for (size_t at = 0; at < size;) {
        size_t more = make_value(kind, random, piece);
        if (more > size - at) more = size - at;
        memcpy(out + at, piece, more);
        at += more;
    }
}
