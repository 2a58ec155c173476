/* What is known of a keyspace: sums over samples of its keys and values. */
#include "bucket_keyspace.h"

#include "bytes.h"

enum { LONG_VALUE = 64, MOST_DIGITS = 18 };

static bool server_known(const vp_server *server) {
    return vp_server_name(server->flavour) != NULL;
}

bool keyspace_valid(const vp_keyspace *space) {
    return space && server_known(&space->server) && space->samples > 0 && space->reserved == 0;
}

/* The number at the end of a key, below 2^63. */
static bool number_of_key(vp_bytes key, size_t *digits, uint64_t *number) {
    const uint8_t *bytes = key.data;
    size_t at = key.size;
    uint64_t n = 0;
    while (at > 0 && (unsigned)(bytes[at - 1] - '0') <= 9) at--;
    *digits = key.size - at;
    if (*digits == 0 || *digits > MOST_DIGITS) return false;
    for (; at < key.size; at++) n = n * 10 + (unsigned)(bytes[at] - '0');
    *number = n;
    return true;
}

/* Keys are numbered if all have the head of the first one. */
static void add_number(vp_keyspace *space, vp_bytes key) {
    size_t digits;
    uint64_t number;
    if (!number_of_key(key, &digits, &number)) return;
    size_t head = key.size - digits;
    uint64_t hash = vp_shard(key.data, head, (uint64_t)1 << 32);
    if (space->samples == 0) {
        space->head_size = head;
        space->head_hash = hash;
        space->first = space->last = number;
        space->fewest_digits = digits;
    }
    if (head != space->head_size || hash != space->head_hash) return;
    space->numbered++;
    const uint8_t *text = (const uint8_t *)key.data + head;
    if (digits == 1 || text[0] != '0') space->canonical++;
    if (number < space->first) space->first = number;
    if (number > space->last) space->last = number;
    if (digits < space->fewest_digits) space->fewest_digits = digits;
}

/* Above a megabyte no spread matters, and sums of squares could overflow. */
static uint64_t square(uint64_t size) {
    const uint64_t limited = size < 1 << 20 ? size : 1 << 20;
    return limited * limited;
}

int vp_keyspace_add(vp_keyspace *space, vp_bytes key, vp_bytes value, vp_bytes stored) {
    if (!space || !server_known(&space->server)) return VP_ERR_ARGUMENT;
    if ((!key.data && key.size) || (!value.data && value.size) || (!stored.data && stored.size))
        return VP_ERR_ARGUMENT;
    if (key.size <= space->prefix_size) return VP_ERR_KEY;
    add_number(space, key);
    const vp_server *server = &space->server;
    const uint8_t *bytes = key.data;
    const size_t rest = key.size - space->prefix_size;
    const uint64_t field_entry = vp_cost_listpack_entry(bytes + space->prefix_size, rest);
    const uint64_t value_entry = vp_cost_listpack_entry(stored.data, stored.size);
    space->samples++;
    space->string_bytes += vp_cost_string(server, key.size, space->expires != 0, value.data, value.size);
    space->key_bytes += key.size;
    space->stored_bytes += stored.size;
    space->value_entries += value_entry;
    space->value_squares += square(value_entry);
    space->field_entries += field_entry;
    space->pair_squares += square(field_entry + value_entry);
    const bool large = stored.size > server->hash_max_value;
    space->large_values += large;
    space->large_pairs += large || rest > server->hash_max_value;
    return VP_OK;
}

bool keyspace_numbered(const vp_keyspace *space) {
    return space->samples > 0 && space->numbered == space->samples && space->first <= space->last;
}

bool keyspace_canonical(const vp_keyspace *space) {
    return keyspace_numbered(space) && space->canonical == space->samples;
}

uint64_t keyspace_keys(const vp_keyspace *space) {
    return space->keys ? space->keys : space->samples;
}

double keyspace_density(const vp_keyspace *space) {
    double span = (double)(space->last - space->first) + 1, keys = (double)keyspace_keys(space);
    return keys < span ? keys / span : 1;
}

double keyspace_today(const vp_keyspace *space) {
    const uint64_t keys = keyspace_keys(space);
    const uint64_t index = vp_cost_index(&space->server, keys, space->expires ? keys : 0);
    return (double)space->string_bytes / (double)space->samples + (double)index / (double)keys;
}

static uint64_t digits_of(uint64_t number) {
    uint64_t count = 1;
    while (number >= 10) {
        number /= 10;
        count++;
    }
    return count;
}

uint64_t keyspace_name_size(const vp_keyspace *space, const vp_bucketing *how) {
    if (how->kind == VP_BUCKET_SHARDS) return how->prefix_size + digits_of(how->count - 1);
    uint64_t middle = space->first + (space->last - space->first) / 2;
    if (how->kind == VP_BUCKET_RANGE) return space->head_size + digits_of(middle / how->count);
    uint64_t key_size = (space->key_bytes + space->samples / 2) / space->samples;
    return key_size > how->count ? key_size - how->count : 0;
}

uint64_t keyspace_warnings(const vp_keyspace *space) {
    uint64_t warnings = 0;
    if (space->expires) warnings |= VP_PLAN_TTL_LOST;
    if (!keyspace_numbered(space)) warnings |= VP_PLAN_NOT_NUMBERED;
    if (space->stored_bytes / space->samples >= LONG_VALUE) warnings |= VP_PLAN_LONG_VALUES;
    return warnings;
}
