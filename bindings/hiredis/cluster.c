#include <string.h>

#include "client.h"

/* CRC-16/XMODEM, as in Appendix A of the Redis Cluster specification: polynomial 0x1021, most significant
   bit first. */
static uint16_t crc16(const unsigned char *at, size_t size) {
    uint32_t crc = 0;
    for (size_t i = 0; i < size; i++) {
        crc ^= (uint32_t)at[i] << 8;
        for (int bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0);
        crc &= 0xffff;
    }
    return (uint16_t)crc;
}

uint32_t vph_slot(vp_bytes key) {
    const unsigned char *at = key.data;
    if (!at || key.size == 0) return 0;
    const unsigned char *open = memchr(at, '{', key.size);
    if (open) {
        const unsigned char *inside = open + 1;
        const unsigned char *close = memchr(inside, '}', key.size - (size_t)(inside - at));
        if (close && close > inside) return crc16(inside, (size_t)(close - inside)) % 16384;
    }
    return crc16(at, key.size) % 16384;
}

static char *copy(char *out, const char *from, size_t size) {
    if (size > 0) memcpy(out, from, size);
    return out + size;
}

int64_t vph_tag(vp_bytes key, size_t from, size_t size, char *out, size_t capacity) {
    if (!key.data || !out || size == 0 || from > key.size || size > key.size - from) return VP_ERR_ARGUMENT;
    if (memchr(key.data, '{', key.size) || memchr(key.data, '}', key.size)) return VP_ERR_KEY;
    if (capacity < 2 || capacity - 2 < key.size) return VP_ERR_SPACE;
    const char *text = key.data;
    out = copy(out, text, from);
    *out++ = '{';
    out = copy(out, text + from, size);
    *out++ = '}';
    copy(out, text + from + size, key.size - from - size);
    return (int64_t)key.size + 2;
}
