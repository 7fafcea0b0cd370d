// CRC-32 by a table of 256 words: one dependent load for each byte.
#include "../bench.h"

enum { size = 65536 };

static uint32_t table[256];

static void make_table(void) {
    for (uint32_t i = 0; i < 256; ++i) {
        uint32_t word = i;
        for (int bit = 0; bit < 8; ++bit) word = word & 1 ? word >> 1 ^ 0xedb88320 : word >> 1;
        table[i] = word;
    }
}

static uint32_t crc32(uint32_t crc, const uint8_t* bytes, int count) {
    crc = ~crc;
    for (int i = 0; i < count; ++i) crc = table[(crc ^ bytes[i]) & 0xff] ^ crc >> 8;
    return ~crc;
}

int main(int argc, char** argv) {
    static uint8_t bytes[size];
    uint64_t state = 1;
    uint32_t crc = 0;
    make_table();
    for (int i = 0; i < size; ++i) bytes[i] = (uint8_t)random_next(&state);
    for (long n = units(argc, argv); n > 0; --n) crc = crc32(crc, bytes, size);
    return report(crc);
}
