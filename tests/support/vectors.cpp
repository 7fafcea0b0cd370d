#include "tests/support/vectors.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "runtime/base/text.hpp"

namespace lyrebird::test {

namespace {

std::string_view trim(std::string_view text) {
    std::size_t start = text.find_first_not_of(" \t\r");
    if (start == std::string_view::npos) return {};
    return text.substr(start, text.find_last_not_of(" \t\r") - start + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        std::size_t end = std::min(text.find(separator), text.size());
        if (std::string_view part = trim(text.substr(0, end)); !part.empty()) parts.push_back(part);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

/// "x5=1", "f3:f32=1.5", "[@16]:u32=7".
std::optional<Setting> parse_setting(std::string_view text) {
    std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    Setting setting;
    setting.value = text.substr(equals + 1);
    std::string_view name = text.substr(0, equals);
    if (std::size_t colon = name.find(':'); colon != std::string_view::npos) {
        setting.type = name.substr(colon + 1);
        name = name.substr(0, colon);
    }
    if (name.starts_with("[@") && name.ends_with("]")) {
        auto offset = parse_number(name.substr(2, name.size() - 3));
        if (!offset) return std::nullopt;
        setting.offset = *offset;
        name = "[]";
    }
    setting.name = name;
    if (setting.name.empty() || setting.value.empty()) return std::nullopt;
    return setting;
}

bool parse_settings(std::string_view text, std::vector<Setting>& settings) {
    for (std::string_view part : split(text, ' ')) {
        auto setting = parse_setting(part);
        if (!setting) return false;
        settings.push_back(*setting);
    }
    return true;
}

/// A comment begins at a '#' before a space: "#1" is an operand.
std::string_view without_comment(std::string_view line) {
    for (std::size_t at = line.find('#'); at != line.npos; at = line.find('#', at + 1)) {
        if (at + 1 == line.size() || line[at + 1] == ' ') return line.substr(0, at);
    }
    return line;
}

void read_file(const std::filesystem::path& path, VectorFiles& files) {
    std::ifstream file(path);
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        std::string_view content = trim(without_comment(line));
        if (content.empty()) continue;
        std::string place = format("{}:{}", path.filename().string(), number);
        auto vector = parse_vector(content);
        if (vector) {
            vector->place = place;
            files.cases.push_back(*vector);
        } else {
            files.errors.push_back(place + ": " + std::string(content));
        }
    }
}

}  // namespace

std::optional<u64> parse_number(std::string_view text) {
    std::string digits(text);
    std::erase(digits, '\'');
    bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.erase(0, 1);
    int base = digits.starts_with("0x") ? 16 : 10;
    if (base == 16) digits.erase(0, 2);
    u64 value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return negative ? 0 - value : value;
}

std::optional<VectorCase> parse_vector(std::string_view line) {
    std::size_t bar = line.find('|');
    std::size_t arrow = line.find("=>");
    if (bar == std::string_view::npos || arrow == std::string_view::npos || arrow < bar) return std::nullopt;
    VectorCase vector;
    vector.text = line;
    for (std::string_view instruction : split(line.substr(0, bar), ';')) vector.instructions.emplace_back(instruction);
    if (vector.instructions.empty()) return std::nullopt;
    if (!parse_settings(line.substr(bar + 1, arrow - bar - 1), vector.before)) return std::nullopt;
    if (!parse_settings(line.substr(arrow + 2), vector.after)) return std::nullopt;
    return vector;
}

VectorFiles read_vector_files(const std::string& directory) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        if (entry.path().extension() == ".txt") paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    VectorFiles files;
    for (const auto& path : paths) read_file(path, files);
    return files;
}

std::string tests_directory() {
    return LYREBIRD_TESTS_DIRECTORY;
}

}  // namespace lyrebird::test
