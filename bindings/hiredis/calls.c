#include "client.h"

/* ---- Strings and hashes --------------------------------------------------------------------- */

static int call_for_status(vph_client *client, const vph_command *command) {
    vph_reply reply = {0};
    return vph_call(client, command, &reply);
}

static int call_for_value(vph_client *client, const vph_command *command, vp_bytes *value) {
    vph_reply reply = {0};
    if (!value) return VP_ERR_ARGUMENT;
    *value = (vp_bytes){NULL, 0};
    int status = vph_call(client, command, &reply);
    if (status == VP_OK) *value = reply.values->data;
    return status;
}

static int call_for_values(vph_client *client, const vph_command *command, const vph_value **values,
                           size_t *count) {
    vph_reply reply = {0};
    if (!values || !count) return VP_ERR_ARGUMENT;
    int status = vph_call(client, command, &reply);
    *values = reply.values;
    *count = reply.count;
    return status;
}

int vph_set(vph_client *client, vp_bytes key, vp_bytes value, uint64_t expire_seconds) {
    vph_command command = {.kind = VPH_SET, .key = key, .values = &value, .expire_seconds = expire_seconds};
    return call_for_status(client, &command);
}

int vph_get(vph_client *client, vp_bytes key, vp_bytes *value) {
    return call_for_value(client, &(vph_command){.kind = VPH_GET, .key = key}, value);
}

int vph_del(vph_client *client, vp_bytes key) {
    return call_for_status(client, &(vph_command){.kind = VPH_DEL, .key = key});
}

int vph_mset(vph_client *client, const vp_bytes *keys, const vp_bytes *values, size_t count) {
    vph_command command = {.kind = VPH_MSET, .names = keys, .values = values, .count = count};
    return call_for_status(client, &command);
}

int vph_mget(vph_client *client, const vp_bytes *keys, size_t count, const vph_value **values) {
    return call_for_values(client, &(vph_command){.kind = VPH_MGET, .names = keys, .count = count}, values,
                           &count);
}

int vph_hset(vph_client *client, vp_bytes key, const vp_bytes *fields, const vp_bytes *values, size_t count) {
    vph_command command = {.kind = VPH_HSET, .key = key, .names = fields, .values = values, .count = count};
    return call_for_status(client, &command);
}

int vph_hget(vph_client *client, vp_bytes key, vp_bytes field, vp_bytes *value) {
    return call_for_value(client, &(vph_command){.kind = VPH_HGET, .key = key, .names = &field, .count = 1},
                          value);
}

int vph_hdel(vph_client *client, vp_bytes key, vp_bytes field) {
    return call_for_status(client, &(vph_command){.kind = VPH_HDEL, .key = key, .names = &field, .count = 1});
}

int vph_hgetall(vph_client *client, vp_bytes key, const vph_value **values, size_t *count) {
    return call_for_values(client, &(vph_command){.kind = VPH_HGETALL, .key = key}, values, count);
}

/* ---- Buckets -------------------------------------------------------------------------------- */

int vph_bucket_set(vph_client *client, const vp_bucketing *how, vp_bytes key, vp_bytes value) {
    if (!how) return VP_ERR_ARGUMENT;
    return call_for_status(client,
                           &(vph_command){.kind = VPH_SET, .key = key, .values = &value, .buckets = how});
}

int vph_bucket_get(vph_client *client, const vp_bucketing *how, vp_bytes key, vp_bytes *value) {
    if (!how) return VP_ERR_ARGUMENT;
    return call_for_value(client, &(vph_command){.kind = VPH_GET, .key = key, .buckets = how}, value);
}

int vph_bucket_del(vph_client *client, const vp_bucketing *how, vp_bytes key) {
    if (!how) return VP_ERR_ARGUMENT;
    return call_for_status(client, &(vph_command){.kind = VPH_DEL, .key = key, .buckets = how});
}

int vph_bucket_mget(vph_client *client, const vp_bucketing *how, const vp_bytes *keys, size_t count,
                    const vph_value **values) {
    vph_command command = {.kind = VPH_MGET, .names = keys, .count = count, .buckets = how};
    if (!how) return VP_ERR_ARGUMENT;
    return call_for_values(client, &command, values, &count);
}
