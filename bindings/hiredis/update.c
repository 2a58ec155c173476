/* Compare-and-set: new bytes are stored only if the old ones, from which they were made, are still there. */
#include "client.h"

/* Beside the statuses: others were quicker, or the slot has moved. */
enum { BEGIN_ANEW = 2 };

struct update {
    vp_bytes key;
    vph_edit edit;
    void *opaque;
};

/* The reply to GET as old bytes, and what the application makes of it. */
static int edit_reply(vph_client *client, const struct update *u, const redisReply *reply, vp_bytes *fresh) {
    vp_bytes old = {reply->str, reply->len};
    bool missing = reply->type == REDIS_REPLY_NIL;
    *fresh = (vp_bytes){NULL, 0};
    if (!missing && reply->type != REDIS_REPLY_STRING)
        return fail(client, VPH_ERR_REPLY, "GET", u->key, NULL);
    int status = u->edit(u->opaque, missing ? NULL : &old, fresh);
    if (status > VPH_MISSING || (status == VP_OK && !fresh->data && fresh->size > 0))
        status = VP_ERR_ARGUMENT;
    return status < 0 ? fail(client, status, "update", u->key, NULL) : status;
}

static bool add_simple(vph_client *client, uint32_t slot, const char *word, const vp_bytes *key) {
    if (!add_part(client, slot, key ? 2 : 1)) return false;
    put_text(client, word);
    if (key) put_word(client, key->data, key->size);
    return end_part(client) == VP_OK;
}

/* ---- WATCH and MULTI ------------------------------------------------------------------------ */

enum { WATCH_PART, GET_PART, MULTI_PART, SET_PART, EXEC_PART };

/* Parts behind GET go where that went. */
static void follow_part(vph_client *client, size_t index, bool enclosed) {
    struct part *parts = client->now.parts;
    parts[index].link = parts[GET_PART].link;
    parts[index].asking = parts[GET_PART].asking;
    parts[index].enclosed = enclosed;
}

/* Leaves a connection as it was found. */
static void abandon(vph_client *client, uint32_t slot) {
    const redisReply *multi = client->now.parts[MULTI_PART].reply;
    bool opened = multi && is_text(multi, "OK");
    size_t index = client->now.part_count;
    if (!add_simple(client, slot, opened ? "DISCARD" : "UNWATCH", NULL)) return;
    follow_part(client, index, true);
    perform(client, index, 1);
    freeReplyObject(client->now.parts[index].reply);
    client->now.part_count = index;
}

/*
 * WATCH, GET and MULTI in one go, so that SET is sent only when the transaction is known to be open: sent
 * behind a MULTI that was refused it would store unguarded.
 */
static int read_watched(vph_client *client, const struct update *u, uint32_t slot) {
    struct detour detour;
    bool added = add_simple(client, slot, "WATCH", &u->key) && add_simple(client, slot, "GET", &u->key) &&
                 add_simple(client, slot, "MULTI", NULL);
    if (!added || choose_one_link(client, WATCH_PART, 3) != VP_OK) {
        return fail(client, VP_ERR_MEMORY, "WATCH", u->key, NULL);
    }
    perform(client, WATCH_PART, 3);
    for (uint64_t i = 0; i < client->options[VPH_OPTION_REDIRECTS]; i++) {
        if (!find_detour(client, WATCH_PART, 2, &detour)) break;
        abandon(client, slot);
        take_detour(client, WATCH_PART, 3, detour);
        perform(client, WATCH_PART, 3);
    }
    static const char *const words[] = {"WATCH", "GET", "MULTI"};
    int status = VP_OK;
    for (size_t i = WATCH_PART; i <= MULTI_PART && status == VP_OK; i++) {
        status = part_status(client, &client->now.parts[i], words[i], u->key);
    }
    if (status != VP_OK) abandon(client, slot);
    return status;
}

/* What came of SET and EXEC. */
static int transaction_status(vph_client *client, const struct update *u) {
    const struct part *set = &client->now.parts[SET_PART], *exec = &client->now.parts[EXEC_PART];
    int status = part_status(client, set, "SET", u->key);
    if (status == VP_OK) status = part_status(client, exec, "EXEC", u->key);
    if (status == VPH_ERR_REDIRECT) return BEGIN_ANEW; /* the server has dropped the transaction */
    if (status != VP_OK) return status;
    const redisReply *reply = exec->reply;
    if (reply->type == REDIS_REPLY_NIL) return BEGIN_ANEW;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 1) {
        return fail(client, VPH_ERR_REPLY, "EXEC", u->key, NULL);
    }
    const redisReply *done = reply->element[0];
    if (is_text(done, "OK")) return VP_OK;
    bool refused = done->type == REDIS_REPLY_ERROR;
    return fail(client, refused ? VPH_ERR_SERVER : VPH_ERR_REPLY, "SET", u->key, refused ? done->str : NULL);
}

static int attempt_watched(vph_client *client, const struct update *u, uint32_t slot) {
    vp_bytes fresh;
    int status = read_watched(client, u, slot);
    if (status != VP_OK) return status;
    status = edit_reply(client, u, client->now.parts[GET_PART].reply, &fresh);
    if (status != VP_OK) return abandon(client, slot), status;
    bool added = add_part(client, slot, 4) != NULL;
    if (added) {
        put_text(client, "SET");
        put_word(client, u->key.data, u->key.size);
        put_word(client, fresh.data, fresh.size);
        put_text(client, "KEEPTTL");
        added = end_part(client) == VP_OK && add_simple(client, slot, "EXEC", NULL);
    }
    if (!added) return abandon(client, slot), fail(client, VP_ERR_MEMORY, "SET", u->key, NULL);
    follow_part(client, SET_PART, true);
    follow_part(client, EXEC_PART, true);
    perform(client, SET_PART, 2);
    return transaction_status(client, u);
}

/* ---- A script ------------------------------------------------------------------------------- */

/* ARGV[2] is left out when there was no key: GET gives false then. */
static const char script[] = "if redis.call('GET',KEYS[1]) ~= (ARGV[2] or false) then return 0 end "
                             "redis.call('SET',KEYS[1],ARGV[1],'KEEPTTL') return 1";
static const char script_sha1[] = "d85f46172e1cfc8acbcad59d6382f8fc674d4760";

/* Performs it as EVALSHA or EVAL. The reply, or NULL without memory. */
static const struct part *run_script(vph_client *client, const struct update *u, const vp_bytes *fresh,
                                     const redisReply *old, bool by_name) {
    size_t index = client->now.part_count;
    bool has_old = old->type == REDIS_REPLY_STRING;
    if (!add_part(client, client->now.parts->slot, 5u + has_old)) return NULL;
    put_text(client, by_name ? "EVALSHA" : "EVAL");
    put_text(client, by_name ? script_sha1 : script);
    put_text(client, "1");
    put_word(client, u->key.data, u->key.size);
    put_word(client, fresh->data, fresh->size);
    if (has_old) put_word(client, old->str, old->len);
    if (end_part(client) != VP_OK || perform_redirected(client, index, 1) != VP_OK) return NULL;
    return &client->now.parts[index];
}

static int attempt_by_script(vph_client *client, const struct update *u, uint32_t slot) {
    vp_bytes fresh;
    if (!add_simple(client, slot, "GET", &u->key) || perform_redirected(client, 0, 1) != VP_OK) {
        return fail(client, VP_ERR_MEMORY, "GET", u->key, NULL);
    }
    int status = part_status(client, client->now.parts, "GET", u->key);
    if (status != VP_OK) return status;
    const redisReply *old = client->now.parts->reply;
    status = edit_reply(client, u, old, &fresh);
    if (status != VP_OK) return status;
    const struct part *done = run_script(client, u, &fresh, old, true);
    if (done && done->reply && done->reply->type == REDIS_REPLY_ERROR &&
        starts_with(done->reply, "NOSCRIPT")) {
        done = run_script(client, u, &fresh, old, false);
    }
    if (!done) return fail(client, VP_ERR_MEMORY, "EVAL", u->key, NULL);
    const redisReply *reply = done->reply;
    status = part_status(client, done, "EVAL", u->key);
    if (status != VP_OK || !reply) return status;
    if (reply->type != REDIS_REPLY_INTEGER) return fail(client, VPH_ERR_REPLY, "EVAL", u->key, NULL);
    return reply->integer == 1 ? VP_OK : BEGIN_ANEW;
}

/* ---- Attempts ------------------------------------------------------------------------------- */

int vph_update(vph_client *client, vp_bytes key, vph_edit edit, void *opaque) {
    if (!client) return VP_ERR_ARGUMENT;
    if (!edit) return fail(client, VP_ERR_ARGUMENT, "update", key, NULL);
    int status = start_call(client, "update", key);
    if (status != VP_OK) return status;
    struct update u = {.key = key, .edit = edit, .opaque = opaque};
    bool by_script = client->options[VPH_OPTION_UPDATE_BY] == VPH_BY_SCRIPT;
    uint32_t slot = client->settings.cluster ? vph_slot(key) : 0;
    for (uint64_t i = 0; i < client->options[VPH_OPTION_ATTEMPTS]; i++) {
        clear_batch(&client->now); /* not the one before, in which the key may lie */
        status = by_script ? attempt_by_script(client, &u, slot) : attempt_watched(client, &u, slot);
        if (status != BEGIN_ANEW) return status;
    }
    return fail(client, VPH_ERR_CONFLICT, "SET", key, NULL);
}
