// A hash table with open addressing, filled, searched and emptied by random keys: loads that miss and branches that
// turn.
#include "../bench.h"

#include <string.h>

enum { slots = 1 << 15, keys = 1 << 14 };

static uint64_t key_of[slots];
static uint32_t value_of[slots];

static uint32_t slot_for(uint64_t key) {
    uint32_t slot = (uint32_t)(key * 0x9e3779b97f4a7c15 >> 32) % slots;
    while (key_of[slot] != 0 && key_of[slot] != key) slot = (slot + 1) % slots;
    return slot;
}

static void insert(uint64_t key, uint32_t value) {
    uint32_t slot = slot_for(key);
    key_of[slot] = key;
    value_of[slot] += value;
}

static uint32_t find(uint64_t key) {
    uint32_t slot = slot_for(key);
    return key_of[slot] ? value_of[slot] : 0;
}

static uint64_t random_key(uint64_t* state) {
    return random_next(state) % (2 * keys) + 1;
}

int main(int argc, char** argv) {
    uint64_t state = 1, sum = 0;
    for (long n = units(argc, argv); n > 0; --n) {
        memset(key_of, 0, sizeof key_of);
        memset(value_of, 0, sizeof value_of);
        for (uint32_t i = 0; i < keys; ++i) insert(random_key(&state), i);
        for (uint32_t i = 0; i < 2 * keys; ++i) sum += find(random_key(&state));
        sum = mix(sum, 1);
    }
    return report(sum);
}
