/* Records in packed tables: updates of whole tables, and look-ups that fetch only what they need of large
   ones. */
#include <stdio.h>
#include <string.h>

#include "client.h"

/* ---- Updates -------------------------------------------------------------------------------- */

struct merge {
    vp_table_builder *builder;
    const vph_change *changes;
    size_t count;
};

static int merge_changes(void *opaque, const vp_bytes *old, vp_bytes *fresh) {
    const struct merge *m = opaque;
    vp_table_clear(m->builder);
    int status = old ? vp_table_load(m->builder, *old) : VP_OK;
    for (size_t i = 0; i < m->count && status == VP_OK; i++) {
        const vph_change *change = &m->changes[i];
        status = change->remove ? vp_table_remove(m->builder, change->field)
                                : vp_table_put(m->builder, change->field, change->value);
    }
    if (status != VP_OK) return status;
    int64_t size = vp_table_finish(m->builder, &fresh->data);
    if (size < 0) return (int)size;
    fresh->size = (size_t)size;
    bool same = old && old->size == fresh->size && memcmp(old->data, fresh->data, fresh->size) == 0;
    return same ? VPH_MISSING : VP_OK;
}

static bool changes_given(const vph_change *changes, size_t count) {
    if (!changes) return count == 0;
    for (size_t i = 0; i < count; i++) {
        const vph_change *c = &changes[i];
        if ((!c->field.data && c->field.size > 0) || (!c->remove && !c->value.data && c->value.size > 0))
            return false;
    }
    return true;
}

int vph_table_update(vph_client *client, vp_bytes key, const vph_change *changes, size_t count) {
    if (!client) return VP_ERR_ARGUMENT;
    if (!changes_given(changes, count))
        return fail(client, VP_ERR_ARGUMENT, "update", (vp_bytes){NULL, 0}, NULL);
    struct merge m = {.changes = changes, .count = count};
    m.builder = vp_table_builder_new(client->settings.context);
    if (!m.builder) return fail(client, VP_ERR_MEMORY, "update", key, NULL);
    int status = vph_update(client, key, merge_changes, &m);
    vp_table_builder_free(m.builder);
    return status == VPH_MISSING ? VP_OK : status; /* nothing to change */
}

/* ---- Look-ups ------------------------------------------------------------------------------- */

struct look_up {
    vp_bytes key, field;
    uint32_t slot;
    vp_bytes head;  /* the first bytes of the value */
    bool is_all;    /* and there are no more */
    vp_bytes block; /* came together with head, when this was asked for */
    vp_table_range asked;
};

static bool add_getrange(vph_client *client, const struct look_up *l, uint64_t offset, uint64_t size) {
    char first[24], last[24];
    if (!add_part(client, l->slot, 4)) return false;
    snprintf(first, sizeof first, "%llu", (unsigned long long)offset);
    snprintf(last, sizeof last, "%llu", (unsigned long long)(offset + size - 1));
    put_text(client, "GETRANGE");
    put_word(client, l->key.data, l->key.size);
    put_text(client, first);
    put_text(client, last);
    return end_part(client) == VP_OK;
}

static bool add_word(vph_client *client, const struct look_up *l, const char *word) {
    if (!add_part(client, l->slot, 1)) return false;
    put_text(client, word);
    return end_part(client) == VP_OK;
}

static int fail_at(vph_client *client, const struct look_up *l, int status) {
    return fail_in(client, status, "GETRANGE", l->key, l->field);
}

static int fetch_head(vph_client *client, struct look_up *l, uint64_t size) {
    size_t index = client->now.part_count;
    bool sent = add_getrange(client, l, 0, size) && perform_redirected(client, index, 1) == VP_OK;
    if (!sent) return fail_at(client, l, VP_ERR_MEMORY);
    int status = part_status(client, &client->now.parts[index], "GETRANGE", l->key);
    if (status != VP_OK) return status;
    const redisReply *reply = client->now.parts[index].reply;
    if (reply->type != REDIS_REPLY_STRING) return fail_at(client, l, VPH_ERR_REPLY);
    l->head = (vp_bytes){reply->str, reply->len};
    l->is_all = reply->len < size;
    l->block = (vp_bytes){NULL, 0};
    return VP_OK;
}

/* Asks for head and block as they are at one moment. */
static int ask_for_both(vph_client *client, const struct look_up *l, const vp_table_range *need) {
    size_t index = client->now.part_count;
    bool added = add_word(client, l, "MULTI") && add_getrange(client, l, 0, need->head_size) &&
                 add_getrange(client, l, need->offset, need->size) && add_word(client, l, "EXEC");
    if (!added) return fail_at(client, l, VP_ERR_MEMORY);
    for (size_t i = index + 1; i < index + 4; i++) client->now.parts[i].enclosed = true;
    if (perform_redirected(client, index, 4) != VP_OK) return fail_at(client, l, VP_ERR_MEMORY);
    int status = VP_OK;
    for (size_t i = index; i < index + 4 && status == VP_OK; i++) {
        status = part_status(client, &client->now.parts[i], "GETRANGE", l->key);
    }
    return status;
}

static int fetch_block(vph_client *client, struct look_up *l, const vp_table_range *need) {
    int status = ask_for_both(client, l, need);
    if (status != VP_OK) return status;
    const redisReply *reply = client->now.parts[client->now.part_count - 1].reply;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) return fail_at(client, l, VPH_ERR_REPLY);
    const redisReply *head = reply->element[0], *block = reply->element[1];
    if (head->type != REDIS_REPLY_STRING || block->type != REDIS_REPLY_STRING) {
        return fail_at(client, l, VPH_ERR_REPLY);
    }
    l->head = (vp_bytes){head->str, head->len};
    l->is_all = head->len < need->head_size;
    l->block = (vp_bytes){block->str, block->len};
    l->asked = *need;
    return VP_OK;
}

/* True if the block, or all there is of it, came together with the head. */
static bool has_block(const struct look_up *l, const vp_table_range *need, vp_bytes *block) {
    if (need->offset <= l->head.size && need->size <= l->head.size - need->offset) {
        *block = (vp_bytes){(const char *)l->head.data + need->offset, (size_t)need->size};
        return true;
    }
    if (!l->block.data || l->asked.offset != need->offset) return false;
    *block = l->block;
    if (block->size >= need->size) block->size = (size_t)need->size;
    else return block->size < l->asked.size; /* the value ends here: it is cut */
    return true;
}

enum { FETCHED = 2 };

/* One step: FETCHED to go on, VP_OK with the value, VPH_MISSING, or an error. */
static int step(vph_client *client, struct look_up *l, vp_bytes *value) {
    vp_context *context = client->settings.context;
    const void *data = NULL;
    vp_table_range need;
    vp_bytes block;
    int64_t size;
    if (l->is_all && l->head.size == 0) return VPH_MISSING;
    int status = l->is_all ? 0 : vp_table_part(l->head, l->field, &need);
    if (l->is_all) size = vp_table_get(context, l->head, l->field, &data);
    else if (status < 0) size = status;
    else if (status == 0 && has_block(l, &need, &block))
        size = vp_table_get_part(context, l->head, block, l->field, &data);
    else {
        status = status == 1 ? fetch_head(client, l, need.size) : fetch_block(client, l, &need);
        return status == VP_OK ? FETCHED : status;
    }
    if (size == VP_ERR_NOT_FOUND) return VPH_MISSING;
    status = size < 0 ? (int)size : keep_bytes(client, data, (size_t)size, value);
    return status == VP_OK ? VP_OK : fail_at(client, l, status);
}

int vph_table_get(vph_client *client, vp_bytes key, vp_bytes field, vp_bytes *value) {
    enum { STEPS_ALONE = 3 }; /* of which the head may take some, when nobody changes anything */
    if (!client || !value) return VP_ERR_ARGUMENT;
    *value = (vp_bytes){NULL, 0};
    int status = start_call(client, "GETRANGE", key);
    if (status != VP_OK) return status;
    if (!field.data && field.size > 0) return fail(client, VP_ERR_ARGUMENT, "GETRANGE", key, NULL);
    struct look_up l = {.key = key, .field = field, .slot = client->settings.cluster ? vph_slot(key) : 0};
    status = fetch_head(client, &l, client->options[VPH_OPTION_PART_FROM] + 1);
    if (status != VP_OK) return status;
    for (uint64_t i = 0; i < client->options[VPH_OPTION_ATTEMPTS] + STEPS_ALONE; i++) {
        status = step(client, &l, value);
        if (status != FETCHED) return status;
    }
    return fail_at(client, &l, VPH_ERR_CONFLICT);
}
