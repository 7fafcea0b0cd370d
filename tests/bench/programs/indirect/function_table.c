// A state machine whose states are functions in a table, chosen by random input: indirect calls that no predictor
// knows.
#include "../bench.h"

typedef uint64_t Action(uint64_t value, unsigned input);

static uint64_t add(uint64_t value, unsigned input) {
    return value + input;
}
static uint64_t subtract(uint64_t value, unsigned input) {
    return value - 3 * input;
}
static uint64_t rotate(uint64_t value, unsigned input) {
    return value << (input & 31) | value >> (63 - (input & 31));
}
static uint64_t exclusive(uint64_t value, unsigned input) {
    return value ^ (uint64_t)input << 17;
}
static uint64_t scale(uint64_t value, unsigned input) {
    return value * (2 * input + 1);
}
static uint64_t halve(uint64_t value, unsigned input) {
    return (value >> 1) + input;
}
static uint64_t invert(uint64_t value, unsigned input) {
    return ~value + input;
}
static uint64_t keep(uint64_t value, unsigned input) {
    return value | (input & 1);
}

// Not const: the compiler must not see which function it calls.
static Action* volatile actions[8] = {add, subtract, rotate, exclusive, scale, halve, invert, keep};

int main(int argc, char** argv) {
    uint64_t state = 1, value = 0;
    for (long n = units(argc, argv) * 4096; n > 0; --n) {
        unsigned input = (unsigned)(random_next(&state) >> 32);
        value = actions[input & 7](value, input >> 8);
    }
    return report(value);
}
