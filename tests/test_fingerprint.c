/* Fingerprints against the vectors that xxHash publishes with its checks (xsum_sanity_check.c). */
#include "test.h"

enum { BUFFER = 2367 };

/* The bytes over which xxHash computes its vectors. */
static void fill_as_xxhash(uint8_t *buffer) {
    uint64_t generator = 2654435761u;
    for (size_t i = 0; i < BUFFER; i++) {
        buffer[i] = (uint8_t)(generator >> 56);
        generator *= 11400714785074694797u;
    }
}

static uint64_t number_of(const uint8_t *bytes, size_t size) {
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++) number = number << 8 | bytes[i];
    return number;
}

static void published_64_bits(void **state) {
    (void)state;
    static const struct {
        size_t size;
        uint64_t hash;
    } cases[] = {
        {0, 0x2D06800538D394C2},    {1, 0xC44BDFF4074EECDB},    {6, 0x27B56A84CD2D7325},
        {12, 0xA713DAF0DFBB77E7},   {24, 0xA3FE70BF9D3510EB},   {48, 0x397DA259ECBA1F11},
        {80, 0xBCDEFBBB2C47C90A},   {195, 0xCD94217EE362EC3A},  {403, 0xCDEB804D65C6DEA4},
        {512, 0x617E49599013CB6B},  {2048, 0xDD59E2C3A5F038E0}, {2240, 0x6E73A90539CF2948},
        {2367, 0xCB37AEB9E5D361ED},
    };
    uint8_t buffer[BUFFER], out[8];
    fill_as_xxhash(buffer);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(vp_fingerprint(buffer, cases[i].size, 64, out, sizeof out), 8);
        assert_true(number_of(out, 8) == cases[i].hash);
        assert_int_equal(vp_fingerprint(buffer, cases[i].size, 32, out, sizeof out), 4);
        assert_true(number_of(out, 4) == (cases[i].hash & 0xFFFFFFFF));
    }
}

static void published_128_bits(void **state) {
    (void)state;
    static const struct {
        size_t size;
        uint64_t low, high;
    } cases[] = {
        {0, 0x6001C324468D497F, 0x99AA06D3014798D8},  {1, 0xC44BDFF4074EECDB, 0xA6CD5E9392000F6A},
        {6, 0x3E7039BDDA43CFC6, 0x082AFE0B8162D12A},  {12, 0x061A192713F69AD9, 0x6E3EFD8FC7802B18},
        {24, 0x1E7044D28B1B901D, 0x0CE966E4678D3761}, {48, 0xF942219AED80F67B, 0xA002AC4E5478227E},
        {81, 0x5E8BAFB9F95FB803, 0x4952F58181AB0042}, {222, 0xF1AEBD597CEC6B3A, 0x337E09641B948717},
    };
    uint8_t buffer[BUFFER], out[16];
    fill_as_xxhash(buffer);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(vp_fingerprint(buffer, cases[i].size, 128, out, sizeof out), 16);
        assert_true(number_of(out, 8) == cases[i].high);
        assert_true(number_of(out + 8, 8) == cases[i].low);
    }
}

static void bytes_in_order(void **state) {
    (void)state;
    static const uint8_t of_nothing[] = {0x99, 0xAA, 0x06, 0xD3, 0x01, 0x47, 0x98, 0xD8,
                                         0x60, 0x01, 0xC3, 0x24, 0x46, 0x8D, 0x49, 0x7F};
    uint8_t out[16];
    assert_int_equal(vp_fingerprint(NULL, 0, 128, out, sizeof out), 16);
    assert_memory_equal(out, of_nothing, 16);
}

static void room_and_arguments(void **state) {
    (void)state;
    struct guard g = guard_new(16);
    static const uint32_t widths[] = {32, 64, 128};
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        const size_t size = widths[i] / 8;
        for (size_t room = 0; room <= 16; room++)
            assert_int_equal(vp_fingerprint("abc", 3, widths[i], guard_end(&g, room), room),
                             room < size ? VP_ERR_SPACE : (int)size);
    }
    guard_free(&g);
    uint8_t out[32];
    static const uint32_t others[] = {0, 1, 8, 16, 31, 33, 63, 96, 127, 256, UINT32_MAX};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(vp_fingerprint("abc", 3, others[i], out, sizeof out), VP_ERR_ARGUMENT);
    assert_int_equal(vp_fingerprint(NULL, 3, 64, out, sizeof out), VP_ERR_ARGUMENT);
    assert_int_equal(vp_fingerprint("abc", 3, 64, NULL, 8), VP_ERR_ARGUMENT);
    assert_int_equal(vp_fingerprint("abc", 3, 64, NULL, 0), VP_ERR_SPACE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_64_bits),
        cmocka_unit_test(published_128_bits),
        cmocka_unit_test(bytes_in_order),
        cmocka_unit_test(room_and_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
