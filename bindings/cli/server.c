#include "server.h"

#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "values.h"

enum { LARGEST_INFO = 1 << 20, MOST_NUMBER = 24 };

void default_server(vp_server *server) {
    vp_server_named("redis-7.2", server);
}

static int complain_unknown(const char *text) {
    char names[256] = "";
    for (uint32_t flavour = 1; vp_server_name(flavour); flavour++) {
        strncat(names, vp_server_name(flavour), sizeof names - strlen(names) - 1);
        strncat(names, ", ", sizeof names - strlen(names) - 1);
    }
    complain(NULL, "option '--server': '%s' is none of %sauto:FILE", text, names);
    return EXIT_USAGE;
}

/* The number behind a setting, as CONFIG GET prints it or with a colon between; `number` stays otherwise. */
static void read_setting(struct span text, const char *name, uint32_t *number) {
    char digits[MOST_NUMBER] = "";
    size_t size = strlen(name), used = 0;
    for (size_t i = 0; i + size < text.size; i++) {
        if (memcmp(text.data + i, name, size) != 0) continue;
        size_t at = i + size;
        while (at < text.size && strchr(" \t\r\n:=\"", text.data[at]) && text.data[at]) at++;
        while (at < text.size && text.data[at] >= '0' && text.data[at] <= '9' && used + 1 < sizeof digits)
            digits[used++] = (char)text.data[at++];
        break;
    }
    uint64_t value;
    if (parse_number(digits, (struct number_range){0, UINT32_MAX}, &value)) *number = (uint32_t)value;
}

static int read_info(const char *path, vp_server *server) {
    struct span text = {NULL, 0};
    uint8_t *bytes = read_file(path, LARGEST_INFO, &text.size);
    if (!bytes) return EXIT_DATA;
    text.data = bytes;
    int status = vp_server_from_info((const char *)bytes, text.size, server);
    if (status == VP_OK) {
        read_setting(text, "hash-max-listpack-entries", &server->hash_max_entries);
        read_setting(text, "hash-max-listpack-value", &server->hash_max_value);
    }
    free(bytes);
    return status == VP_OK ? 0 : complain(input_name(path), "%s", vp_status_text(status));
}

int server_argument(const char *text, vp_server *server) {
    static const char automatic[] = "auto:";
    if (strncmp(text, automatic, sizeof automatic - 1) == 0)
        return read_info(text + sizeof automatic - 1, server);
    return vp_server_named(text, server) == VP_OK ? 0 : complain_unknown(text);
}
