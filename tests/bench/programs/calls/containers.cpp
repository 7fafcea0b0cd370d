// std::map of std::string with std::function and std::vector: deep C++, as programs of today are written; many small
// functions, allocation, comparison through the library.
#include "../bench.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace {

using Counts = std::map<std::string, std::vector<int>>;

std::string name_of(uint64_t number) {
    return "name-" + std::to_string(number % 500) + (number % 3 == 0 ? "-of-some-length" : "");
}

Counts fill(uint64_t* state) {
    Counts counts;
    for (int i = 0; i < 2000; ++i) counts[name_of(random_next(state))].push_back(i);
    return counts;
}

uint64_t fold(const Counts& counts, const std::function<uint64_t(uint64_t, int)>& step) {
    uint64_t sum = 0;
    for (const auto& [name, places] : counts) {
        for (int place : places) sum = step(sum + name.size(), place);
    }
    return sum;
}

uint64_t unit(uint64_t* state) {
    Counts counts = fill(state);
    for (int i = 0; i < 500; ++i) counts.erase(name_of(random_next(state)));
    for (auto& entry : counts) std::sort(entry.second.begin(), entry.second.end(), std::greater<>());
    return fold(counts, [](uint64_t sum, int place) { return sum * 31 + static_cast<uint64_t>(place); });
}

}  // namespace

int main(int argc, char** argv) {
    uint64_t state = 1, sum = 0;
    for (long n = units(argc, argv); n > 0; --n) sum = mix(sum, unit(&state));
    return report(sum);
}
