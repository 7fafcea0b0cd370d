// Exceptions thrown through frames with destructors and caught by type: the unwinder reads tables and walks stacks, and
// enters code at addresses that it computed.
#include "../bench.h"

#include <stdexcept>
#include <string>

namespace {

uint64_t destroyed = 0;

struct Guard {
    ~Guard() { ++destroyed; }
};

__attribute__((noinline)) void descend(int depth, uint64_t choice) {
    Guard guard;
    if (depth > 0) {
        descend(depth - 1, choice);
        __asm__ volatile("" ::: "memory");  // the call above is not the last thing done
        return;
    }
    if (choice % 3 == 0) throw std::out_of_range("far");
    if (choice % 3 == 1) throw static_cast<int>(choice % 100);
    throw std::string("text");
}

uint64_t attempt(uint64_t choice) {
    try {
        descend(static_cast<int>(choice >> 8 & 7), choice & 0xff);
    } catch (const std::logic_error& error) {
        return static_cast<uint64_t>(error.what()[0]);
    } catch (int number) {
        return static_cast<uint64_t>(number);
    } catch (const std::string& text) {
        return text.size();
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    uint64_t state = 1, sum = 0;
    for (long n = units(argc, argv) * 16; n > 0; --n) sum = mix(sum, attempt(random_next(&state)));
    return report(mix(sum, destroyed));
}
