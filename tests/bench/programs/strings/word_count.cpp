// Splits text into words and counts them by std::unordered_map of std::string, then sorts: the everyday script's work.
#include "../bench.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

std::string make_text() {
    static const char* const syllables[] = {"ly", "re", "bird", "song", "mi", "mic", "for", "est"};
    std::string text;
    uint64_t state = 1;
    while (text.size() < 20000) {
        for (uint64_t parts = random_next(&state) % 3 + 1; parts > 0; --parts)
            text += syllables[random_next(&state) % 8];
        text += random_next(&state) % 9 == 0 ? ".\n" : " ";
    }
    return text;
}

std::unordered_map<std::string, int> count_words(const std::string& text) {
    std::unordered_map<std::string, int> counts;
    std::string word;
    for (char c : text) {
        if (std::isalpha(static_cast<unsigned char>(c))) {
            word += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        } else if (!word.empty()) {
            ++counts[word];
            word.clear();
        }
    }
    return counts;
}

uint64_t unit(const std::string& text) {
    std::vector<std::pair<int, std::string>> order;
    for (const auto& [word, count] : count_words(text)) order.emplace_back(-count, word);
    std::sort(order.begin(), order.end());
    uint64_t sum = 0;
    for (const auto& [count, word] : order)
        sum = sum * 31 + static_cast<uint64_t>(word[0]) * static_cast<uint64_t>(-count);
    return sum;
}

}  // namespace

int main(int argc, char** argv) {
    std::string text = make_text();
    uint64_t sum = 0;
    for (long n = units(argc, argv); n > 0; --n) sum = mix(sum, unit(text));
    return report(sum);
}
