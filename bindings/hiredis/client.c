#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"

static const struct {
    int status;
    const char *text;
} texts[] = {
    {VPH_MISSING, "there is no such key, field or record"},
    {VPH_ERR_SERVER, "the server answered with an error"},
    {VPH_ERR_CONNECTION, "the connection was lost"},
    {VPH_ERR_REPLY, "the server answered with something that this command never gives"},
    {VPH_ERR_CONFLICT, "others changed the key each time before it could be replaced"},
    {VPH_ERR_SLOTS, "the keys lie in different slots of the cluster"},
    {VPH_ERR_REDIRECT, "the slot is elsewhere, and the redirection was not followed"},
    {VPH_ERR_TRY_AGAIN, "the slot is being moved and its keys are apart: try again"},
    {VPH_ERR_CLUSTER_DOWN, "the cluster does not serve this slot"},
    {VPH_ERR_UNREAD, "there are commands in the queue whose replies must be read first"},
};

const char *vph_status_text(int status) {
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i].status == status) return texts[i].text;
    }
    return vp_status_text(status);
}

vp_bytes vph_text(const char *text) {
    return (vp_bytes){text, text ? strlen(text) : 0};
}

/* A blocking connection, so that a reply is there when hiredis comes back. */
static bool fits(const vph_settings *settings) {
    const redisContext *connection = settings->connection;
    if (!settings->context || !connection == !settings->cluster) return false;
    if (connection) return (connection->flags & REDIS_BLOCK) != 0;
    return settings->cluster->connection != NULL;
}

int vph_client_new(const vph_settings *settings, vph_client **client) {
    if (!client) return VP_ERR_ARGUMENT;
    *client = NULL;
    if (!settings || !fits(settings)) return VP_ERR_ARGUMENT;
    vph_client *made = calloc(1, sizeof *made);
    if (!made) return VP_ERR_MEMORY;
    made->settings = *settings;
    if (settings->cluster) {
        made->cluster = *settings->cluster;
        made->settings.cluster = &made->cluster;
    }
    made->options[VPH_OPTION_ATTEMPTS] = 100;
    made->options[VPH_OPTION_REDIRECTS] = 5;
    made->options[VPH_OPTION_UPDATE_BY] = VPH_BY_WATCH;
    made->options[VPH_OPTION_PART_FROM] = 16384;
    *client = made;
    return VP_OK;
}

void clear_batch(struct batch *batch) {
    for (size_t i = 0; i < batch->part_count; i++) freeReplyObject(batch->parts[i].reply);
    batch->wire.size = batch->names.size = 0;
    batch->wire.failed = batch->names.failed = false;
    batch->link_count = batch->part_count = batch->item_count = batch->request_count = 0;
    batch->next_request = 0;
    batch->sent = false;
    arena_reset(&batch->results);
}

static void free_batch(struct batch *batch) {
    clear_batch(batch);
    arena_free(&batch->results);
    free(batch->wire.data);
    free(batch->names.data);
    free(batch->links);
    free(batch->parts);
    free(batch->items);
    free(batch->requests);
}

void vph_client_free(vph_client *client) {
    if (!client) return;
    free_batch(&client->now);
    free_batch(&client->before);
    free(client);
}

int vph_client_set(vph_client *client, int option, uint64_t value) {
    static const uint64_t least[] = {0, 1, 0, VPH_BY_WATCH, 16};
    static const uint64_t most[] = {0, 1000000, 100, VPH_BY_SCRIPT, (uint64_t)1 << 30};
    if (!client || option < VPH_OPTION_ATTEMPTS || option > VPH_OPTION_PART_FROM) return VP_ERR_ARGUMENT;
    if (value < least[option] || value > most[option]) return VP_ERR_ARGUMENT;
    client->options[option] = value;
    return VP_OK;
}

const char *vph_error(const vph_client *client) {
    return client ? client->error : "";
}

enum { MOST_SHOWN = 80, SHOWN_ROOM = 4 * MOST_SHOWN + 4 };

/* Writes a name so that it can be read in one line, cut when it is long. */
static void show_name(char out[SHOWN_ROOM], vp_bytes name) {
    const unsigned char *at = name.data;
    if (!at) name.size = 0; /* an argument that is refused for just this */
    size_t shown = name.size < MOST_SHOWN ? name.size : MOST_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        if (at[i] >= 0x20 && at[i] != 0x7f && at[i] != '\\') *out++ = (char)at[i];
        else out += sprintf(out, "\\x%02X", (unsigned)at[i]);
    }
    if (shown < name.size) out += sprintf(out, "...");
    *out = 0;
}

int fail(vph_client *client, int status, const char *word, vp_bytes key, const char *why) {
    char shown[SHOWN_ROOM];
    show_name(shown, key);
    snprintf(client->error, sizeof client->error, "%s%s%s: %s", word, *shown ? " " : "", shown,
             why ? why : vph_status_text(status));
    return status;
}

int fail_in(vph_client *client, int status, const char *word, vp_bytes key, vp_bytes field) {
    char shown[SHOWN_ROOM], shown_field[SHOWN_ROOM];
    show_name(shown, key);
    show_name(shown_field, field);
    snprintf(client->error, sizeof client->error, "%s %s %s: %s", word, shown, shown_field,
             vph_status_text(status));
    return status;
}

void start_anew(vph_client *client) {
    struct batch last = client->now;
    client->now = client->before;
    client->before = last;
    clear_batch(&client->now);
}

int start_call(vph_client *client, const char *word, vp_bytes key) {
    if (client->now.next_request < client->now.request_count)
        return fail(client, VPH_ERR_UNREAD, word, key, NULL);
    if (!key.data && key.size > 0) return fail(client, VP_ERR_ARGUMENT, word, (vp_bytes){NULL, 0}, NULL);
    start_anew(client);
    return VP_OK;
}

void vph_drop(vph_client *client) {
    if (client) start_anew(client);
}

vp_bytes name_at(const vph_client *client, struct range name) {
    return (vp_bytes){name.size ? client->now.names.data + name.at : "", name.size};
}

vp_context *context_for(const vph_client *client, bool in_hash) {
    const vph_settings *s = &client->settings;
    return in_hash && s->hash_context ? s->hash_context : s->context;
}
