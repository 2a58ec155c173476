#include <stdio.h>
#include <stdlib.h>
#include <valpack_hiredis.h>

static void print(const char *what, vp_bytes value) {
    printf("%s: %.*s\n", what, (int)value.size, (const char *)value.data);
}

/* The session of a user, a record in a bucket, and three records in a packed table. */
static int run(vph_client *client) {
    vp_bytes value, key = vph_text("session:17");
    int status = vph_set(client, key, vph_text("{\"user\":17,\"city\":\"Oslo\",\"theme\":\"dark\"}"), 3600);
    if (status == VP_OK) status = vph_get(client, key, &value);
    if (status != VP_OK) return status;
    print("session", value);

    /* HSET photo:11010000 51 ...: a hundred photos share a hash, which takes a fraction of a hundred keys. */
    vp_bucketing hundreds = {.kind = VP_BUCKET_DIGITS, .count = 2};
    status = vph_bucket_set(client, &hundreds, vph_text("photo:1101000051"), vph_text("3301000051"));
    if (status == VP_OK) status = vph_bucket_get(client, &hundreds, vph_text("photo:1101000051"), &value);
    if (status != VP_OK) return status;
    print("photo 1101000051", value);

    /* One string holds many records. It is replaced only if nobody else has changed it in between. */
    vph_change changes[] = {{.field = vph_text("51"), .value = vph_text("3301000051")},
                            {.field = vph_text("52"), .value = vph_text("3301000352")},
                            {.field = vph_text("50"), .remove = 1}};
    status = vph_table_update(client, vph_text("photos:11010000"), changes, 3);
    if (status == VP_OK) status = vph_table_get(client, vph_text("photos:11010000"), vph_text("52"), &value);
    if (status != VP_OK) return status;
    print("photo 52 of the table", value);
    return VP_OK;
}

int main(int argc, char **argv) {
    vp_profile *profile = NULL; /* or one of your own: vp_profile_load() */
    vp_codec *codec = NULL;
    vp_context *context = NULL; /* one per thread, like the connection and the client */
    vph_client *client = NULL;
    redisContext *connection = redisConnect("127.0.0.1", argc > 1 ? (int)strtol(argv[1], NULL, 10) : 6379);
    int status = vp_profile_shipped("session", 0, NULL, &profile);
    if (status == VP_OK) status = vp_codec_new(&profile, 1, 0, NULL, &codec);
    if (status == VP_OK) status = vp_context_new(codec, &context);
    if (status == VP_OK) {
        vph_settings settings = {.context = context, .connection = connection};
        status = vph_client_new(&settings, &client);
    }
    if (status == VP_OK) status = run(client);
    if (status != VP_OK) fprintf(stderr, "%s; %s\n", vph_status_text(status), vph_error(client));
    vph_client_free(client);
    vp_context_free(context);
    vp_codec_release(codec);
    vp_profile_release(profile);
    if (connection) redisFree(connection);
    return status == VP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
