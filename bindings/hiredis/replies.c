#include <string.h>

#include "client.h"

/* ---- Errors --------------------------------------------------------------------------------- */

bool starts_with(const redisReply *reply, const char *start) {
    return strncmp(reply->str, start, strlen(start)) == 0;
}

static int status_of_error(const redisReply *reply) {
    static const struct {
        const char *start;
        int status;
    } errors[] = {
        {"MOVED ", VPH_ERR_REDIRECT},          {"ASK ", VPH_ERR_REDIRECT},   {"TRYAGAIN", VPH_ERR_TRY_AGAIN},
        {"CLUSTERDOWN", VPH_ERR_CLUSTER_DOWN}, {"CROSSSLOT", VPH_ERR_SLOTS},
    };
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        if (starts_with(reply, errors[i].start)) return errors[i].status;
    }
    return VPH_ERR_SERVER;
}

static int quiet_status(const struct part *part) {
    if (!part->reply) return VPH_ERR_CONNECTION;
    return part->reply->type == REDIS_REPLY_ERROR ? status_of_error(part->reply) : VP_OK;
}

int part_status(vph_client *client, const struct part *part, const char *word, vp_bytes key) {
    int status = quiet_status(part);
    if (status == VP_OK) return VP_OK;
    return fail(client, status, word, key,
                part->reply ? part->reply->str : client->now.links[part->link].reason);
}

/* ---- Values --------------------------------------------------------------------------------- */

int keep_bytes(vph_client *client, const void *data, size_t size, vp_bytes *kept) {
    void *copy = arena_take(&client->now.results, size);
    if (!copy) return VP_ERR_MEMORY;
    if (size > 0) memcpy(copy, data, size);
    *kept = (vp_bytes){copy, size};
    return VP_OK;
}

int decode_answer(vph_client *client, struct answer answer, vp_bytes *value) {
    const redisReply *reply = answer.reply;
    *value = (vp_bytes){NULL, 0};
    if (reply->type == REDIS_REPLY_NIL) return VPH_MISSING;
    if (reply->type != REDIS_REPLY_STRING) return VPH_ERR_REPLY;
    const void *decoded;
    int64_t size = vp_decode_view(context_for(client, answer.in_hash), reply->str, reply->len, &decoded);
    return size < 0 ? (int)size : keep_bytes(client, decoded, (size_t)size, value);
}

/* Of several errors the first one is noted. */
static void note(vph_client *client, const struct request *request, const vph_value *value, vph_reply *out) {
    if (value->status >= 0 || out->status < 0) return;
    vp_bytes key = name_at(client, request->key);
    bool has_field = request->kind == VPH_HGET || request->kind == VPH_HGETALL;
    out->status = has_field ? fail_in(client, value->status, request->word, key, value->name)
                            : fail(client, value->status, request->word, value->name, NULL);
}

/* The answer to one of the things a part asked for; NULL if the reply is of another shape. */
static const redisReply *answer_at(const struct part *part, bool several, size_t index) {
    const redisReply *reply = part->reply;
    if (!several) return reply;
    return reply->type == REDIS_REPLY_ARRAY && reply->elements == part->item_count ? reply->element[index]
                                                                                   : NULL;
}

static void read_part(vph_client *client, const struct request *request, const struct part *part,
                      vph_value *values, vph_reply *out) {
    bool several = request->kind == VPH_MGET || request->item_count > 1;
    int status = quiet_status(part);
    const struct item *items = client->now.items + part->first_item;
    if (status < 0 && out->status >= 0) {
        out->status = part_status(client, part, request->word, values[items->index].name);
    }
    for (size_t i = 0; i < part->item_count; i++) {
        vph_value *value = &values[items[i].index];
        const redisReply *answer = status < 0 ? NULL : answer_at(part, several, i);
        if (answer)
            value->status = decode_answer(client, (struct answer){answer, request->in_hash}, &value->data);
        else value->status = status < 0 ? status : VPH_ERR_REPLY;
        note(client, request, value, out);
    }
}

/* GET, HGET, HMGET, MGET. */
static int read_values(vph_client *client, const struct request *request, vph_reply *out) {
    size_t count = request->item_count;
    vph_value *values = arena_take(&client->now.results, count * sizeof *values);
    if (!values) return VP_ERR_MEMORY;
    for (size_t i = request->first_item; i < request->first_item + count; i++) {
        const struct item *item = &client->now.items[i];
        vph_value *value = &values[item->index];
        *value = (vph_value){.name = name_at(client, item->name), .status = item->status};
        note(client, request, value, out);
    }
    for (size_t i = 0; i < request->part_count; i++) {
        read_part(client, request, &client->now.parts[request->first_part + i], values, out);
    }
    out->values = values;
    out->count = count;
    bool single = request->kind != VPH_MGET && count == 1;
    return single && out->status == VP_OK ? values->status : out->status;
}

/* HGETALL: fields and values by turns; also as a map of RESP 3, which hiredis gives likewise. */
static int read_pairs(vph_client *client, const struct request *request, const redisReply *reply,
                      vph_reply *out) {
    vp_bytes key = name_at(client, request->key);
    bool is_list = reply->type == REDIS_REPLY_ARRAY;
    if (!is_list || reply->elements % 2 != 0) return fail(client, VPH_ERR_REPLY, request->word, key, NULL);
    size_t count = reply->elements / 2;
    vph_value *values = arena_take(&client->now.results, count * sizeof *values);
    if (!values) return VP_ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const redisReply *field = reply->element[2 * i];
        struct answer answer = {reply->element[2 * i + 1], true};
        values[i] = (vph_value){.name = {field->str, field->len}};
        values[i].status = field->type == REDIS_REPLY_STRING ? decode_answer(client, answer, &values[i].data)
                                                             : VPH_ERR_REPLY;
        note(client, request, &values[i], out);
    }
    out->values = values;
    out->count = count;
    return out->status;
}

bool is_text(const redisReply *reply, const char *text) {
    return reply->type == REDIS_REPLY_STATUS && strcmp(reply->str, text) == 0;
}

static int read_number(vph_client *client, const struct request *request, const redisReply *reply,
                       vph_reply *out) {
    if (reply->type != REDIS_REPLY_INTEGER) {
        return fail(client, VPH_ERR_REPLY, request->word, name_at(client, request->key), NULL);
    }
    out->number = reply->integer;
    bool takes_away = request->kind == VPH_DEL || request->kind == VPH_HDEL;
    return takes_away && reply->integer == 0 ? VPH_MISSING : VP_OK;
}

/* ---- Commands ------------------------------------------------------------------------------- */

static int read_single(vph_client *client, const struct request *request, vph_reply *out) {
    const struct part *part = &client->now.parts[request->first_part];
    vp_bytes key = name_at(client, request->key);
    out->raw = request->kind == VPH_PLAIN ? part->reply : NULL;
    int status = part_status(client, part, request->word, key);
    if (status < 0 || request->kind == VPH_PLAIN) return status;
    if (request->kind == VPH_HGETALL) return read_pairs(client, request, part->reply, out);
    bool is_set = (request->kind == VPH_SET && !request->in_hash) || request->kind == VPH_MSET;
    if (!is_set) return read_number(client, request, part->reply, out);
    return is_text(part->reply, "OK") ? VP_OK : fail(client, VPH_ERR_REPLY, request->word, key, NULL);
}

static int send_queue(vph_client *client) {
    int status = choose_links(client, 0, client->now.part_count);
    if (status != VP_OK) return status;
    client->now.sent = true;
    perform(client, 0, client->now.part_count);
    for (size_t i = 0; i < client->now.part_count; i++) follow_redirections(client, i, 1);
    return VP_OK;
}

int vph_next(vph_client *client, vph_reply *reply) {
    if (!client || !reply) return VP_ERR_ARGUMENT;
    *reply = (vph_reply){0};
    if (client->now.next_request == client->now.request_count) return 0;
    arena_reset(&client->now.results);
    int status = client->now.sent ? VP_OK : send_queue(client);
    if (status != VP_OK) return status;
    const struct request *request = &client->now.requests[client->now.next_request++];
    bool reads = request->kind == VPH_GET || request->kind == VPH_HGET || request->kind == VPH_MGET;
    reply->status = reads ? read_values(client, request, reply) : read_single(client, request, reply);
    if (reply->status == VP_ERR_MEMORY)
        fail(client, VP_ERR_MEMORY, request->word, name_at(client, request->key), NULL);
    return 1;
}

int vph_call(vph_client *client, const vph_command *command, vph_reply *reply) {
    if (!client || !command || !reply) return VP_ERR_ARGUMENT;
    *reply = (vph_reply){0};
    if (!client->now.sent && client->now.request_count > 0) {
        return fail(client, VPH_ERR_UNREAD, "command", (vp_bytes){NULL, 0}, NULL);
    }
    int status = vph_append(client, command);
    if (status != VP_OK) return reply->status = status;
    status = vph_next(client, reply);
    return status < 0 ? reply->status = status : reply->status;
}
