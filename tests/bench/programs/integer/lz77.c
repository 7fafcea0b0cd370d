// LZ77 with hash chains, packed and unpacked again: byte loads, unpredictable matches, short copies.
#include "../bench.h"

#include <string.h>

enum { size = 16384, hashes = 4096, longest = 64, shortest = 4, tries = 8 };

static uint8_t text[size], packed[2 * size], unpacked[size];
static int16_t head[hashes], previous[size];

static void make_text(uint64_t* state) {
    static const char* const words[] = {"bird ", "lyre ", "branch ", "forest ", "song ", "of ", "the ", "imitates "};
    int at = 0;
    while (at < size) {
        const char* word = words[random_next(state) % 8];
        for (; *word && at < size; ++word) text[at++] = (uint8_t)*word;
        if (random_next(state) % 4 == 0 && at < size) text[at++] = (uint8_t)random_next(state);
    }
}

static int match_length(int a, int b) {
    int length = 0;
    while (b + length < size && length < longest && text[a + length] == text[b + length]) ++length;
    return length;
}

static unsigned hash_at(int at) {
    uint32_t word;
    memcpy(&word, text + at, 4);
    return word * 2654435761u >> 20;
}

static int find_match(int at, int* distance) {
    int best = 0;
    int candidate = head[hash_at(at)];
    for (int i = 0; i < tries && candidate >= 0; ++i, candidate = previous[candidate]) {
        int length = match_length(candidate, at);
        if (length > best) best = length, *distance = at - candidate;
    }
    return best;
}

static void remember(int at) {
    if (at + 4 > size) return;
    unsigned hash = hash_at(at);
    previous[at] = head[hash];
    head[hash] = (int16_t)at;
}

// A literal is 0 and the byte; a match is its length, then the distance in two bytes.
static int pack(void) {
    int out = 0;
    memset(head, -1, sizeof head);
    for (int at = 0; at < size;) {
        int distance = 0;
        int length = at + 4 <= size ? find_match(at, &distance) : 0;
        if (length < shortest) {
            length = 1;
            packed[out++] = 0;
            packed[out++] = text[at];
        } else {
            packed[out++] = (uint8_t)length;
            packed[out++] = (uint8_t)distance;
            packed[out++] = (uint8_t)(distance >> 8);
        }
        for (; length > 0; --length) remember(at++);
    }
    return out;
}

static void unpack(int packed_size) {
    uint8_t* out = unpacked;
    for (int in = 0; in < packed_size;) {
        int length = packed[in++];
        if (length == 0) {
            *out++ = packed[in++];
            continue;
        }
        int distance = packed[in] | packed[in + 1] << 8;
        in += 2;
        for (; length > 0; --length, ++out) *out = out[-distance];
    }
}

int main(int argc, char** argv) {
    uint64_t state = 1, sum = 0;
    make_text(&state);
    for (long n = units(argc, argv); n > 0; --n) {
        int packed_size = pack();
        unpack(packed_size);
        must(memcmp(text, unpacked, size) == 0);
        sum = mix(sum, (uint64_t)packed_size);
        text[random_next(&state) % size] = (uint8_t)n;
    }
    return report(sum);
}
