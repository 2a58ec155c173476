#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"

/* What a kind is called by the server: for keys, for records in buckets, and for several things at once. */
static const struct {
    const char *word, *in_bucket, *several;
} words[] = {
    [VPH_SET] = {"SET", "HSET", NULL},       [VPH_GET] = {"GET", "HGET", NULL},
    [VPH_DEL] = {"DEL", "HDEL", NULL},       [VPH_MSET] = {"MSET", NULL, NULL},
    [VPH_MGET] = {"MGET", "HMGET", NULL},    [VPH_HSET] = {"HSET", NULL, NULL},
    [VPH_HGET] = {"HGET", NULL, "HMGET"},    [VPH_HDEL] = {"HDEL", NULL, NULL},
    [VPH_HGETALL] = {"HGETALL", NULL, NULL}, [VPH_PLAIN] = {"command", NULL, NULL},
};

static const char *word_of(const vph_command *command) {
    if (command->buckets) return words[command->kind].in_bucket;
    if (command->count > 1 && words[command->kind].several) return words[command->kind].several;
    return words[command->kind].word;
}

/* ---- Arguments ------------------------------------------------------------------------------ */

static bool all_given(const vp_bytes *bytes, size_t count) {
    if (!bytes || count == 0 || count > INT32_MAX) return false;
    for (size_t i = 0; i < count; i++) {
        if (!bytes[i].data && bytes[i].size > 0) return false;
    }
    return true;
}

static bool is_complete(const vph_command *c) {
    if (c->kind < VPH_SET || c->kind > VPH_PLAIN || (!c->key.data && c->key.size > 0)) return false;
    if (c->buckets && !words[c->kind].in_bucket) return false;
    if (c->expire_seconds > 0 && (c->kind != VPH_SET || c->buckets || c->expire_seconds > INT64_MAX))
        return false;
    switch (c->kind) {
    case VPH_SET: return all_given(c->values, 1);
    case VPH_GET:
    case VPH_DEL:
    case VPH_HGETALL: return true;
    case VPH_MSET:
    case VPH_HSET: return all_given(c->names, c->count) && all_given(c->values, c->count);
    default: return all_given(c->names, c->count);
    }
}

/* ---- Parts ---------------------------------------------------------------------------------- */

/* What a value may cost depends on the key, for codecs that count the memory of the server. */
struct home {
    vp_bytes key;
    bool in_hash, expires;
};

static int put_value(vph_client *client, struct home home, vp_bytes value) {
    const void *encoded;
    vp_context *context = context_for(client, home.in_hash);
    if (!home.in_hash) {
        int status = vp_context_set_key(context, home.key.size, home.expires);
        if (status != VP_OK) return status;
    }
    int64_t size = vp_encode_view(context, value.data, value.size, &encoded);
    if (size < 0) return (int)size;
    put_word(client, encoded, (size_t)size);
    return VP_OK;
}

static int add_item(vph_client *client, vp_bytes name, size_t index, int status) {
    void *items = client->now.items;
    if (!room_for_one(&items, &client->now.item_room, client->now.item_count, sizeof *client->now.items))
        return VP_ERR_MEMORY;
    client->now.items = items;
    struct range where = put_bytes(&client->now.names, name.data, name.size);
    client->now.items[client->now.item_count++] =
        (struct item){.name = where, .index = index, .status = status};
    if (status == VP_OK && client->now.part_count > 0)
        client->now.parts[client->now.part_count - 1].item_count++;
    return VP_OK;
}

static uint32_t slot_of(const vph_client *client, vp_bytes key) {
    return client->settings.cluster ? vph_slot(key) : 0;
}

/* Where a record lives: its names are among the results until the next call. */
static int find_place(vph_client *client, const vp_bucketing *how, vp_bytes key, vp_bytes place[2]) {
    size_t room = vp_bucket_bound(key.size);
    char *names = arena_take(&client->now.results, room);
    vp_place sizes;
    if (!names) return VP_ERR_MEMORY;
    int status = vp_bucket_split(how, key, names, room, &sizes);
    if (status != VP_OK) return status;
    place[0] = (vp_bytes){names, sizes.bucket_size};
    place[1] = (vp_bytes){names + sizes.bucket_size, sizes.field_size};
    return VP_OK;
}

static void put_expiry(vph_client *client, uint64_t seconds) {
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)seconds);
    put_text(client, "EX");
    put_text(client, text);
}

/* SET, GET, DEL; HSET, HGET, HDEL of a record in its bucket. */
static int add_single(vph_client *client, const vph_command *c) {
    vp_bytes place[2] = {c->key, {NULL, 0}};
    int status = c->buckets ? find_place(client, c->buckets, c->key, place) : VP_OK;
    if (status != VP_OK) return status;
    bool sets = c->kind == VPH_SET;
    size_t word_count = 2u + (c->buckets != NULL) + sets + (c->expire_seconds ? 2 : 0);
    if (!add_part(client, slot_of(client, place[0]), word_count)) return VP_ERR_MEMORY;
    put_text(client, word_of(c));
    put_word(client, place[0].data, place[0].size);
    if (c->buckets) put_word(client, place[1].data, place[1].size);
    if (sets) status = put_value(client, (struct home){c->key, c->buckets, c->expire_seconds}, c->values[0]);
    if (status == VP_OK && c->expire_seconds) put_expiry(client, c->expire_seconds);
    if (status == VP_OK && c->kind == VPH_GET) status = add_item(client, c->key, 0, VP_OK);
    return status == VP_OK ? end_part(client) : status;
}

/* HSET, HGET, HMGET, HDEL, HGETALL. */
static int add_hash(vph_client *client, const vph_command *c) {
    bool sets = c->kind == VPH_HSET, gets = c->kind == VPH_HGET;
    size_t count = c->kind == VPH_HGETALL ? 0 : c->count;
    if (!add_part(client, slot_of(client, c->key), 2 + (sets ? 2 : 1) * count)) return VP_ERR_MEMORY;
    put_text(client, word_of(c));
    put_word(client, c->key.data, c->key.size);
    int status = VP_OK;
    for (size_t i = 0; i < count && status == VP_OK; i++) {
        put_word(client, c->names[i].data, c->names[i].size);
        if (sets) status = put_value(client, (struct home){c->key, true, false}, c->values[i]);
        if (gets) status = add_item(client, c->names[i], i, VP_OK);
    }
    return status == VP_OK ? end_part(client) : status;
}

static int add_mset(vph_client *client, const vph_command *c) {
    uint32_t slot = slot_of(client, c->names[0]);
    for (size_t i = 1; i < c->count; i++) {
        if (slot_of(client, c->names[i]) != slot) return VPH_ERR_SLOTS;
    }
    if (!add_part(client, slot, 1 + 2 * c->count)) return VP_ERR_MEMORY;
    put_text(client, word_of(c));
    int status = VP_OK;
    for (size_t i = 0; i < c->count && status == VP_OK; i++) {
        put_word(client, c->names[i].data, c->names[i].size);
        status = put_value(client, (struct home){c->names[i], false, false}, c->values[i]);
    }
    return status == VP_OK ? end_part(client) : status;
}

static int add_plain(vph_client *client, const vph_command *c) {
    if (!add_part(client, slot_of(client, c->key), c->count)) return VP_ERR_MEMORY;
    for (size_t i = 0; i < c->count; i++) put_word(client, c->names[i].data, c->names[i].size);
    return end_part(client);
}

/* ---- MGET, by groups ------------------------------------------------------------------------ */

/* One key of an MGET: without buckets `bucket` is empty and `field` the key. */
struct wanted {
    vp_bytes bucket, field;
    uint32_t slot;
    size_t index;
    int status;
};

static int compare_groups(const struct wanted *a, const struct wanted *b) {
    if (a->status != b->status) return a->status < b->status ? -1 : 1;
    if (a->slot != b->slot) return a->slot < b->slot ? -1 : 1;
    if (a->bucket.size != b->bucket.size) return a->bucket.size < b->bucket.size ? -1 : 1;
    return a->bucket.size ? memcmp(a->bucket.data, b->bucket.data, a->bucket.size) : 0;
}

static int compare_wanted(const void *left, const void *right) {
    const struct wanted *a = left, *b = right;
    int order = compare_groups(a, b);
    return order ? order : a->index < b->index ? -1 : a->index > b->index;
}

static int add_group(vph_client *client, const vph_command *c, const struct wanted *group, size_t count) {
    bool in_bucket = c->buckets != NULL, refused = group->status != VP_OK;
    int status = VP_OK;
    if (!refused) {
        if (!add_part(client, group->slot, 1 + in_bucket + count)) return VP_ERR_MEMORY;
        put_text(client, word_of(c));
        if (in_bucket) put_word(client, group->bucket.data, group->bucket.size);
    }
    for (size_t i = 0; i < count && status == VP_OK; i++) {
        if (!refused) put_word(client, group[i].field.data, group[i].field.size);
        status = add_item(client, c->names[group[i].index], group[i].index, group[i].status);
    }
    return status == VP_OK && !refused ? end_part(client) : status;
}

static int add_mget(vph_client *client, const vph_command *c) {
    struct wanted *wanted = arena_take(&client->now.results, c->count * sizeof *wanted);
    if (!wanted) return VP_ERR_MEMORY;
    for (size_t i = 0; i < c->count; i++) {
        vp_bytes place[2] = {{NULL, 0}, c->names[i]};
        int status = c->buckets ? find_place(client, c->buckets, c->names[i], place) : VP_OK;
        if (status != VP_OK && status != VP_ERR_KEY) return status;
        uint32_t slot = slot_of(client, c->buckets ? place[0] : place[1]);
        wanted[i] = (struct wanted){place[0], place[1], slot, i, status};
    }
    qsort(wanted, c->count, sizeof *wanted, compare_wanted);
    int status = VP_OK;
    for (size_t at = 0, end; at < c->count && status == VP_OK; at = end) {
        for (end = at + 1; end < c->count && compare_groups(&wanted[at], &wanted[end]) == 0;) end++;
        status = add_group(client, c, &wanted[at], end - at);
    }
    return status;
}

/* ---- The queue ------------------------------------------------------------------------------ */

static int add_parts(vph_client *client, const vph_command *c) {
    switch (c->kind) {
    case VPH_SET:
    case VPH_GET:
    case VPH_DEL: return add_single(client, c);
    case VPH_MSET: return add_mset(client, c);
    case VPH_MGET: return add_mget(client, c);
    case VPH_PLAIN: return add_plain(client, c);
    default: return add_hash(client, c);
    }
}

static vp_bytes main_key(const vph_command *c) {
    return c->kind == VPH_MSET || c->kind == VPH_MGET || c->kind == VPH_PLAIN ? c->names[0] : c->key;
}

static int add_request(vph_client *client, const vph_command *c) {
    void *requests = client->now.requests;
    if (!room_for_one(&requests, &client->now.request_room, client->now.request_count,
                      sizeof *client->now.requests)) {
        return VP_ERR_MEMORY;
    }
    client->now.requests = requests;
    struct request *request = &client->now.requests[client->now.request_count];
    vp_bytes key = main_key(c);
    *request = (struct request){.kind = c->kind,
                                .word = word_of(c),
                                .in_hash = c->buckets || c->kind >= VPH_HSET,
                                .first_part = client->now.part_count,
                                .first_item = client->now.item_count};
    request->key = put_bytes(&client->now.names, key.data, key.size);
    int status = add_parts(client, c);
    if (status != VP_OK) return status;
    request->part_count = client->now.part_count - request->first_part;
    request->item_count = client->now.item_count - request->first_item;
    client->now.request_count++;
    return VP_OK;
}

int vph_append(vph_client *client, const vph_command *command) {
    if (!client || !command) return VP_ERR_ARGUMENT;
    if (client->now.next_request == client->now.request_count) start_anew(client);
    if (!is_complete(command)) return fail(client, VP_ERR_ARGUMENT, "command", (vp_bytes){NULL, 0}, NULL);
    vp_bytes key = main_key(command);
    if (client->now.sent) return fail(client, VPH_ERR_UNREAD, word_of(command), key, NULL);
    size_t wire = client->now.wire.size, names = client->now.names.size;
    size_t parts = client->now.part_count, items = client->now.item_count;
    int status = add_request(client, command);
    if (status == VP_OK) return VP_OK;
    client->now.wire.size = wire;
    client->now.names.size = names;
    client->now.wire.failed = client->now.names.failed = false;
    client->now.part_count = parts;
    client->now.item_count = items;
    return fail(client, status, word_of(command), key, NULL);
}
