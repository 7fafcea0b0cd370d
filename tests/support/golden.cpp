#include "tests/support/golden.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "runtime/base/text.hpp"
#include "tests/support/vectors.hpp"

namespace lyrebird::test {

namespace {

std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

bool updating() {
    std::string arguments = '\0' + read("/proc/self/cmdline");
    return arguments.find(std::string("\0--update\0", 10)) != std::string::npos;
}

std::vector<std::string> paragraphs(const std::string& text) {
    std::vector<std::string> all;
    for (std::size_t start = 0; start < text.size();) {
        std::size_t end = text.find("\n\n", start);
        end = end == std::string::npos ? text.size() : end + 2;
        all.push_back(text.substr(start, end - start));
        start = end;
    }
    return all;
}

void append_marked(std::string& out, std::string_view mark, const std::string& paragraph) {
    for (std::size_t start = 0; start < paragraph.size();) {
        std::size_t end = std::min(paragraph.find('\n', start), paragraph.size());
        if (end > start) append(out, "{} {}\n", mark, paragraph.substr(start, end - start));
        start = end + 1;
    }
}

}  // namespace

std::string compare_with_golden(std::string_view name, const std::string& text) {
    std::string path = tests_directory() + "/golden/" + std::string(name);
    if (updating()) {
        std::filesystem::create_directories(std::filesystem::path(path).parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return "";
    }
    std::string old = read(path);
    if (old == text) return "";
    std::vector<std::string> before = paragraphs(old), after = paragraphs(text);
    std::string difference;
    for (const std::string& each : before) {
        if (std::find(after.begin(), after.end(), each) == after.end()) append_marked(difference, "-", each);
    }
    for (const std::string& each : after) {
        if (std::find(before.begin(), before.end(), each) == before.end()) append_marked(difference, "+", each);
    }
    return difference.empty() ? "the same paragraphs in another order\n" : difference;
}

}  // namespace lyrebird::test
