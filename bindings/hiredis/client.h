/* The inside of a client: queued commands as bytes on their way to servers, and their replies. */
#ifndef HIREDIS_CLIENT_H
#define HIREDIS_CLIENT_H

#include <stdbool.h>

#include "valpack_hiredis.h"

/* ---- Memory (memory.c) ---------------------------------------------------------------------- */

/* Bytes that grow. Once there is no memory, `failed` stays set and nothing more is added. */
struct buffer {
    char *data;
    size_t size, capacity;
    bool failed;
};

/* Part of a buffer: the buffer may move as it grows. */
struct range {
    size_t at, size;
};

struct range put_bytes(struct buffer *b, const void *data, size_t size);

/* Results live in blocks that do not move. */
struct block;
struct arena {
    struct block *blocks;
};

void *arena_take(struct arena *a, size_t size); /* never NULL for 0 bytes; NULL without memory */
void arena_reset(struct arena *a);
void arena_free(struct arena *a);

/* Room for one more behind `count` things; false without memory. */
bool room_for_one(void **things, size_t *capacity, size_t count, size_t thing_size);

/* ---- The client ----------------------------------------------------------------------------- */

/* A connection as used by the commands on their way. Once broken it stays so; after a repair it is another
   link. */
struct link {
    redisContext *connection; /* NULL: there is none */
    bool broken;
    char reason[160];
};

/* What is sent to one server and gets one reply: a command, or what a command has to do with one slot. */
struct part {
    struct range wire; /* of the client's wire: the command in RESP */
    uint32_t slot;
    size_t link;
    bool asking;       /* after ASK */
    bool enclosed;     /* between MULTI and EXEC, where ASKING would be one more command */
    redisReply *reply; /* NULL: lost with the link */
    size_t first_item, item_count;
};

/* One of several things that a command asks for. */
struct item {
    struct range name; /* of the client's names */
    size_t index;      /* among the results */
    int status;        /* below 0: known to fail before anything is sent */
};

/* A command of the application. */
struct request {
    int kind;
    const char *word; /* what the server is asked to do, for messages */
    struct range key; /* of the client's names */
    bool in_hash;     /* values lie in the field of a hash */
    size_t first_part, part_count, first_item, item_count;
};

/* Commands that are sent together, and what came back. */
struct batch {
    struct buffer wire, names;
    struct arena results;
    struct link *links;
    struct part *parts;
    struct item *items;
    struct request *requests;
    size_t link_count, part_count, item_count, request_count;
    size_t link_room, part_room, item_room, request_room;
    size_t next_request; /* whose reply is read next */
    bool sent;
};

struct vph_client {
    vph_settings settings;
    vph_cluster cluster;
    uint64_t options[VPH_OPTION_PART_FROM + 1];
    char error[1024];
    /* The one before keeps its results while the next is put together, which may be from just these. */
    struct batch now, before;
};

/* Notes what went wrong, and returns status. why may be NULL: the text of the status tells it. */
int fail(vph_client *client, int status, const char *word, vp_bytes key, const char *why);

/* The same about one field of a hash. */
int fail_in(vph_client *client, int status, const char *word, vp_bytes key, vp_bytes field);

/* Forgets all commands and replies of this batch. */
void clear_batch(struct batch *batch);

/* Begins another batch. */
void start_anew(vph_client *client);

/* Begins a call that talks to a server by itself: VP_OK, VP_ERR_ARGUMENT or VPH_ERR_UNREAD. */
int start_call(vph_client *client, const char *word, vp_bytes key);

vp_bytes name_at(const vph_client *client, struct range name);

/* The context for the values of hashes, or of strings. */
vp_context *context_for(const vph_client *client, bool in_hash);

/* ---- Commands as bytes (wire.c) ------------------------------------------------------------- */

/* Adds a part: a command of this many words, which are put behind one another. NULL without memory. */
struct part *add_part(vph_client *client, uint32_t slot, size_t words);
void put_word(vph_client *client, const void *data, size_t size);
void put_text(vph_client *client, const char *text);
/* The last part is complete. VP_OK or VP_ERR_MEMORY. */
int end_part(vph_client *client);

/* ---- Sending and reading (exchange.c) ------------------------------------------------------- */

/* Sends parts over their links, then reads their replies. */
void perform(vph_client *client, size_t first, size_t count);

/* Sets the link of parts to that of their slot. VP_OK or VP_ERR_MEMORY. */
int choose_links(vph_client *client, size_t first, size_t count);

/* The same with one link for all, even if the application has several connections for a slot. */
int choose_one_link(vph_client *client, size_t first, size_t count);

/* The number of a link over this connection, SIZE_MAX without memory. */
size_t link_over(vph_client *client, redisContext *connection, uint32_t slot);

/* Performs parts that belong to one connection, and all of them again for each redirection. */
int perform_redirected(vph_client *client, size_t first, size_t count);

/* Of parts that were performed: those that were redirected, all together, are performed again elsewhere. */
void follow_redirections(vph_client *client, size_t first, size_t count);

/* The first part that was redirected and can be followed: its new link and whether to ask; false without
   one. */
struct detour {
    size_t link;
    bool asking;
};
bool find_detour(vph_client *client, size_t first, size_t count, struct detour *detour);
void take_detour(vph_client *client, size_t first, size_t count, struct detour detour);

/* ---- Replies (replies.c) -------------------------------------------------------------------- */

/* VP_OK if the part has a reply that is no error; otherwise notes what went wrong. */
int part_status(vph_client *client, const struct part *part, const char *word, vp_bytes key);

/* A value as it came from the server, decoded into the results: VP_OK, VPH_MISSING or an error, which is
   not noted. */
struct answer {
    const redisReply *reply;
    bool in_hash;
};
int decode_answer(vph_client *client, struct answer answer, vp_bytes *value);

/* Copies bytes into the results. VP_OK or VP_ERR_MEMORY. */
int keep_bytes(vph_client *client, const void *data, size_t size, vp_bytes *kept);

/* True for a status line of this text, such as OK. */
bool is_text(const redisReply *reply, const char *text);

/* True for an error that begins so. */
bool starts_with(const redisReply *reply, const char *start);

#endif
