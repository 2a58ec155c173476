/*
 * valpack over hiredis: commands whose values are encoded on their way into Redis and decoded on their way
 * out, on a single server or a cluster.
 *
 *     vph_settings settings = {.context = context, .connection = redisConnect("127.0.0.1", 6379)};
 *     vph_client *client = NULL;
 *     vph_client_new(&settings, &client);
 *     vph_set(client, vph_text("user:1"), vph_text("ada"), 60);
 *     vp_bytes value;
 *     int status = vph_get(client, vph_text("user:1"), &value);
 *     if (status < 0) puts(vph_error(client));      // "GET user:1: the connection was lost: ..."
 *     if (status == VPH_MISSING) puts("no such key");
 *
 * A library of its own (libvalpack_hiredis.a) beside the core, which knows nothing of hiredis. Needs hiredis
 * 0.14 or later with blocking connections, and RESP 2 (what a connection begins with).
 *
 * Conventions
 *   - Functions that return int return VP_OK, VPH_MISSING where a value is asked for and there is none, or a
 *     status below 0: one of valpack.h or one of vph_status. vph_error() then tells more.
 *   - Values and names are any bytes. The bytes passed in are not kept after the call.
 *   - Results point into memory of the client and are valid until the next call with this client (but
 *     vph_error(), vph_status_text() and the pure functions leave them alone): copy what shall live longer.
 *   - A client, its contexts and its connections belong to one thread at a time. Connections stay the
 *     caller's: the client never opens, repairs or frees one.
 *   - SIGPIPE of a connection that the server has closed is kept away from the program.
 *   - What was acknowledged by the server is VP_OK and nothing else is. After VPH_ERR_CONNECTION a write
 *     may have been carried out or not: the answer was lost with the connection.
 */
#ifndef VALPACK_HIREDIS_H
#define VALPACK_HIREDIS_H

#include <hiredis/hiredis.h>

#include "valpack_bucket.h"
#include "valpack_table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Beside those of vp_status. Numbers are pinned. */
typedef enum vph_status {
    VPH_MISSING = 1,             /* there is no such key, field or record */
    VPH_ERR_SERVER = -101,       /* the server answered with an error; vph_error() has its words */
    VPH_ERR_CONNECTION = -102,   /* no connection, or it was lost, or it timed out */
    VPH_ERR_REPLY = -103,        /* an answer of a kind that this command never has */
    VPH_ERR_CONFLICT = -104,     /* others changed the key again and again: VPH_OPTION_ATTEMPTS are used up */
    VPH_ERR_SLOTS = -105,        /* these keys lie in several slots of the cluster and must lie in one */
    VPH_ERR_REDIRECT = -106,     /* MOVED or ASK that nobody follows, or VPH_OPTION_REDIRECTS of them */
    VPH_ERR_TRY_AGAIN = -107,    /* TRYAGAIN: the slot is being moved, and these keys are apart right now */
    VPH_ERR_CLUSTER_DOWN = -108, /* CLUSTERDOWN: the cluster does not serve this slot */
    VPH_ERR_UNREAD = -109        /* replies of queued commands must be read first, see vph_next() */
} vph_status;

/* One English sentence without a full stop for every status, those of vp_status included; static storage. */
const char *vph_status_text(int status);

/* The bytes of a NUL-terminated text. */
vp_bytes vph_text(const char *text);

/* ---- The client ----------------------------------------------------------------------------- */

typedef struct vph_client vph_client;

/* An answer MOVED or ASK of a cluster. */
typedef struct vph_redirect {
    uint32_t slot;
    const char *host; /* "" when the cluster means the host of `from`; numeric IPv6 without brackets */
    int port;
    int asking;               /* 0: MOVED, for good; 1: ASK, for this command only */
    const redisContext *from; /* which connection said so */
} vph_redirect;

/*
 * Where the keys of a cluster are. The caller keeps the map of slots and the connections.
 *
 * connection() gives the connection for a slot, or NULL when there is none. One with err set counts as
 * broken, so this is the place to call redisReconnect().
 * redirected() gives the connection to the node that a redirection names, or NULL. After MOVED connection()
 * should give it too from now on. The client sends ASKING by itself. NULL: redirections are errors.
 * Both may be called from every function that talks to a server, and must not use the client. Commands for
 * one key keep their order as long as its slot keeps its connection.
 */
typedef struct vph_cluster {
    redisContext *(*connection)(void *opaque, uint32_t slot);
    redisContext *(*redirected)(void *opaque, const vph_redirect *redirect);
    void *opaque;
} vph_cluster;

typedef struct vph_settings {
    vp_context *context; /* encodes and decodes the values of string keys, and those in packed tables. The
                                 client tells it their keys: vp_context_set_key() */
    vp_context *hash_context;   /* the same for the fields of hashes; NULL: context does it. For a codec with
                                  another target; each must read what the other wrote */
    redisContext *connection;   /* the one server; NULL in a cluster */
    const vph_cluster *cluster; /* is copied; NULL for one server */
} vph_settings;

/*
 * Makes a client; contexts and connections must outlive it. VP_OK, VP_ERR_ARGUMENT (also for a connection
 * that is not a blocking one, and for both or none of connection and cluster) or VP_ERR_MEMORY; then
 * *client is NULL. A connection with err set is allowed: its commands fail with VPH_ERR_CONNECTION until
 * redisReconnect() repairs it.
 */
int vph_client_new(const vph_settings *settings, vph_client **client);

/* NULL is allowed. Commands that were queued and not sent are dropped. */
void vph_client_free(vph_client *client);

/* Numbers are pinned. Each line: meaning, range, default. */
typedef enum vph_option {
    VPH_OPTION_ATTEMPTS = 1,  /* how often an update is tried when others change the key; 1..10^6; 100 */
    VPH_OPTION_REDIRECTS = 2, /* how many redirections one command follows; 0..100; 5 */
    VPH_OPTION_UPDATE_BY = 3, /* VPH_BY_WATCH or VPH_BY_SCRIPT; VPH_BY_WATCH */
    VPH_OPTION_PART_FROM = 4  /* tables larger than this are read in parts, in bytes; 16..2^30; 16384 */
} vph_option;

typedef enum vph_update_by {
    VPH_BY_WATCH = 0, /* WATCH, GET, MULTI, SET, EXEC: two round trips, the old bytes travel once */
    VPH_BY_SCRIPT = 1 /* GET, EVALSHA of a script that compares the old bytes and sets the new ones */
} vph_update_by;

/* VP_OK, or VP_ERR_ARGUMENT for an unknown option or a value out of its range. */
int vph_client_set(vph_client *client, int option, uint64_t value);

/* What went wrong in the last call that failed: command, key (control characters as \xNN) and reason, in one
   NUL-terminated line; "" if nothing did. Valid until the next call with this client. */
const char *vph_error(const vph_client *client);

/* ---- Strings and hashes --------------------------------------------------------------------- */

/* One of several results. */
typedef struct vph_value {
    vp_bytes name; /* the key or field */
    vp_bytes data; /* the value, decoded; data.data is never NULL when status is VP_OK */
    int status;    /* VP_OK, VPH_MISSING, or why there is no value */
} vph_value;

/* SET, with EX expire_seconds unless that is 0. VP_OK means that the server has it. */
int vph_set(vph_client *client, vp_bytes key, vp_bytes value, uint64_t expire_seconds);

/* GET. VPH_MISSING leaves *value empty, with data NULL. */
int vph_get(vph_client *client, vp_bytes key, vp_bytes *value);

/* DEL of one key. VPH_MISSING if it was not there. */
int vph_del(vph_client *client, vp_bytes key);

/*
 * MSET of keys[i] to values[i]: all or none. In a cluster all keys must lie in one slot (vph_tag() helps),
 * otherwise VPH_ERR_SLOTS and nothing is stored: queue SETs instead.
 */
int vph_mset(vph_client *client, const vp_bytes *keys, const vp_bytes *values, size_t count);

/*
 * MGET: *values points to `count` results in the order of the keys, each with a status of its own; it is
 * set whenever the call got as far as sending. In a cluster keys are grouped by slot, so that groups are
 * read one after another and not at one moment. Returns VP_OK if all results are VP_OK or VPH_MISSING,
 * otherwise the first error of them.
 */
int vph_mget(vph_client *client, const vp_bytes *keys, size_t count, const vph_value **values);

/* HSET of fields[i] to values[i], all or none. */
int vph_hset(vph_client *client, vp_bytes key, const vp_bytes *fields, const vp_bytes *values, size_t count);

/* HGET and HDEL of one field. VPH_MISSING if there is no such field. */
int vph_hget(vph_client *client, vp_bytes key, vp_bytes field, vp_bytes *value);
int vph_hdel(vph_client *client, vp_bytes key, vp_bytes field);

/* HGETALL: *values points to *count results as those of vph_mget(). A missing hash has none, and that is
   VP_OK. */
int vph_hgetall(vph_client *client, vp_bytes key, const vph_value **values, size_t *count);

/* ---- Buckets -------------------------------------------------------------------------------- */

/*
 * The same for records that valpack_bucket.h keeps in the fields of hashes: HSET, HGET, HDEL, and HMGET
 * once per bucket. VP_ERR_KEY when a key can't be split. In a cluster the name of the bucket decides about
 * the slot.
 */
int vph_bucket_set(vph_client *client, const vp_bucketing *how, vp_bytes key, vp_bytes value);
int vph_bucket_get(vph_client *client, const vp_bucketing *how, vp_bytes key, vp_bytes *value);
int vph_bucket_del(vph_client *client, const vp_bucketing *how, vp_bytes key);

/* As vph_mget(): a key that can't be split has VP_ERR_KEY as its result, and the others are read. */
int vph_bucket_mget(vph_client *client, const vp_bucketing *how, const vp_bytes *keys, size_t count,
                    const vph_value **values);

/* ---- Pipelines ------------------------------------------------------------------------------ */

/* Numbers are pinned. What each needs: */
typedef enum vph_kind {
    VPH_SET = 1,     /* key, values[0], expire_seconds */
    VPH_GET = 2,     /* key */
    VPH_DEL = 3,     /* key */
    VPH_MSET = 4,    /* names (the keys), values, count */
    VPH_MGET = 5,    /* names, count */
    VPH_HSET = 6,    /* key, names (the fields), values, count */
    VPH_HGET = 7,    /* key, names, count; HMGET for more than one */
    VPH_HDEL = 8,    /* key, names, count */
    VPH_HGETALL = 9, /* key */
    VPH_PLAIN =
        10 /* names, count: a command as it is, its name first; key: one of its keys, for the slot. Nothing
                        is encoded or decoded. Not for commands after which others answer otherwise (MULTI,
                        SUBSCRIBE, CLIENT REPLY) */
} vph_kind;

typedef struct vph_command {
    int kind; /* of enum vph_kind */
    vp_bytes key;
    const vp_bytes *names;
    const vp_bytes *values;
    size_t count; /* of names, and of values where there are as many */
    uint64_t expire_seconds;
    const vp_bucketing *buckets; /* SET, GET, DEL, MGET: keys are records in buckets; NULL: they are keys */
} vph_command;

typedef struct vph_reply {
    int status; /* VP_OK, VPH_MISSING (GET, DEL, one HGET or HDEL) or an error; of several values the first */
    const vph_value *values; /* GET, HGET, MGET, HGETALL */
    size_t count;
    int64_t number;        /* DEL, HSET, HDEL: what the server counted */
    const redisReply *raw; /* PLAIN: the reply, an error too */
} vph_reply;

/*
 * Queues a command; nothing is sent yet. VP_OK, VP_ERR_ARGUMENT, VP_ERR_MEMORY, VP_ERR_KEY, VPH_ERR_SLOTS,
 * what encoding gives, or VPH_ERR_UNREAD when replies of the commands before have been read in part; then the
 * command is not queued, and those before it still are.
 */
int vph_append(vph_client *client, const vph_command *command);

/*
 * The next reply, in the order of the queue: 1, 0 when all have been read, VP_ERR_ARGUMENT or VP_ERR_MEMORY.
 * The first call sends everything queued and waits for all answers. An error in one reply is its status and does not
 * touch the others. When a connection breaks, every command whose answer has not come over it gets
 * VPH_ERR_CONNECTION with the same reason. In a cluster, commands that were redirected are sent again in
 * their order, so that those of one key keep theirs.
 */
int vph_next(vph_client *client, vph_reply *reply);

/* Forgets what is queued, and replies not yet read. */
void vph_drop(vph_client *client);

/* Queues one command alone and reads its reply. Returns its status. VPH_ERR_UNREAD if others are queued. */
int vph_call(vph_client *client, const vph_command *command, vph_reply *reply);

/* ---- Compare-and-set ------------------------------------------------------------------------ */

/*
 * Makes the new bytes of a key from its old ones, as they are stored. `old` is NULL when there is no such
 * key. Sets *fresh to bytes that live until the next call or the end of the update. VP_OK: store them.
 * VPH_MISSING: leave the key as it is. Below 0: give up with this status. Called anew for each attempt;
 * must use neither the client nor its connection.
 */
typedef int (*vph_edit)(void *opaque, const vp_bytes *old, vp_bytes *fresh);

/*
 * Replaces a value by compare-and-set: the new bytes are stored (one SET of all of them, a TTL is kept)
 * only if nobody changed the key in between; otherwise everything begins anew, up to VPH_OPTION_ATTEMPTS
 * times. VP_OK: stored. VPH_MISSING: edit left it. VPH_ERR_CONFLICT, or another error.
 * After VPH_ERR_CONNECTION the update may have been carried out: do it again if that does no harm. Needs
 * Redis 6 or later.
 */
int vph_update(vph_client *client, vp_bytes key, vph_edit edit, void *opaque);

/* ---- Packed tables -------------------------------------------------------------------------- */

/* One record to put (by setting value) or, with remove = 1, to take away. */
typedef struct vph_change {
    vp_bytes field;
    vp_bytes value;
    int remove;
} vph_change;

/*
 * Merges changes into the table at this key, in their order, by vph_update(). A missing key is an empty
 * table; a table whose last record goes stays as an empty one. A value that is no table gives
 * VP_ERR_CORRUPT and is left alone. Carrying out the same changes twice does no harm.
 */
int vph_table_update(vph_client *client, vp_bytes key, const vph_change *changes, size_t count);

/*
 * One record of the table at this key. VPH_MISSING if the key or the record is not there. A table of more
 * than VPH_OPTION_PART_FROM bytes is not fetched as a whole: only its head and the block with the field,
 * together in one transaction, so that a table that is replaced meanwhile is noticed and read anew
 * (VPH_ERR_CONFLICT after VPH_OPTION_ATTEMPTS).
 */
int vph_table_get(vph_client *client, vp_bytes key, vp_bytes field, vp_bytes *value);

/* ---- Slots of a cluster --------------------------------------------------------------------- */

/* The hash slot of a key, 0..16383: CRC16 (XMODEM) modulo 16384 of the key, or of what stands between its
   first "{" and the next "}" if that is not empty. As in the Redis Cluster specification. */
uint32_t vph_slot(vp_bytes key);

/*
 * Puts braces around key[from .. from + size), so that all keys with this part in braces lie in one slot:
 * "photo:17:names" with 6 and 2 is "photo:{17}:names", beside "photo:{17}:tables". Returns the size, which is
 * key.size + 2; VP_ERR_KEY (the key has braces already), VP_ERR_SPACE or VP_ERR_ARGUMENT (an empty part, or
 * one that is not in the key).
 *
 * A bucket or a table is one key and needs no tag by itself. Tags are for several that must live together
 * (MSET of tables, a bucket beside its counter), or to spread what would be one slot. Put the tag before
 * what a bucketing cuts off: "{user:17}:photo:1101000051" becomes the bucket "{user:17}:photo:11010000" in
 * the slot of all of "{user:17}"; but with "photo:{1101000051}" there are no digits at the end.
 */
int64_t vph_tag(vp_bytes key, size_t from, size_t size, char *out, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
