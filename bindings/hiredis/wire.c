#include <stdio.h>
#include <string.h>

#include "client.h"

/* The protocol: "*2\r\n$3\r\nGET\r\n$6\r\nuser:1\r\n". */
static void put_number(struct buffer *b, char mark, size_t number) {
    char line[32];
    int size = snprintf(line, sizeof line, "%c%zu\r\n", mark, number);
    put_bytes(b, line, (size_t)size);
}

struct part *add_part(vph_client *client, uint32_t slot, size_t words) {
    void *parts = client->now.parts;
    if (!room_for_one(&parts, &client->now.part_room, client->now.part_count, sizeof *client->now.parts))
        return NULL;
    client->now.parts = parts;
    struct part *part = &client->now.parts[client->now.part_count++];
    *part =
        (struct part){.slot = slot, .wire.at = client->now.wire.size, .first_item = client->now.item_count};
    put_number(&client->now.wire, '*', words);
    return part;
}

void put_word(vph_client *client, const void *data, size_t size) {
    put_number(&client->now.wire, '$', size);
    put_bytes(&client->now.wire, data, size);
    put_bytes(&client->now.wire, "\r\n", 2);
}

void put_text(vph_client *client, const char *text) {
    put_word(client, text, strlen(text));
}

int end_part(vph_client *client) {
    struct part *part = &client->now.parts[client->now.part_count - 1];
    part->wire.size = client->now.wire.size - part->wire.at;
    return client->now.wire.failed || client->now.names.failed ? VP_ERR_MEMORY : VP_OK;
}
