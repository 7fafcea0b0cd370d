// The house's plan (HOUSE: layout) as a test: which folder may include which, and what may not stand in any file.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/text.hpp"
#include "tests/support/vectors.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

namespace {

/// A folder may include its own files and those of lower rows.
struct Layer {
    std::string_view folder;
    int row;
};
constexpr Layer layers[]{
    {"runtime/base/", 0},
    {"runtime/memory/", 1},
    {"loader/", 2},
    {"translator/isa/", 2},
    {"translator/emitters/", 2},
    {"translator/riscv64/", 2},
    {"translator/aarch64/", 2},
    {"syscall/", 3},
    {"translator/interpreter/", 3},
    {"translator/x64/", 3},
    {"optimizer/", 3},
    {"translator/hart/", 4},
    {"runtime/include/lyrebird/", 0},
    {"runtime/engine/", 5},
    {"runtime/cli/", 6},
};
/// These three rows see nothing of each other.
constexpr int separate_row = 3;

/// Other people's libraries, and where they may be included (tests may include any).
struct Fence {
    std::string_view header;
    std::string_view folder;
};
constexpr Fence fences[]{
    {"llvm/", "optimizer/"},   {"capstone/", "runtime/engine/"}, {"gelf.h", "loader/"},
    {"libelf.h", "loader/"},   {"asmjit/", "translator/x64/"},   {"doctest/", "tests/"},
    {"fmt/", "runtime/base/"},
};

struct SourceFile {
    std::string path;  // from the root of the source tree
    std::string text;
    bool header() const { return path.ends_with(".hpp"); }
    bool test() const { return path.starts_with("tests/"); }
};

std::vector<SourceFile> source_files() {
    namespace fs = std::filesystem;
    fs::path root = fs::path(tests_directory()).parent_path();
    std::vector<SourceFile> files;
    for (std::string_view folder : {"runtime", "loader", "translator", "syscall", "optimizer", "tests", "examples"}) {
        if (!fs::exists(root / folder)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            std::string extension = entry.path().extension().string();
            if (extension != ".hpp" && extension != ".cpp" && extension != ".S") continue;
            std::ifstream stream(entry.path(), std::ios::binary);
            std::string text(std::istreambuf_iterator<char>(stream), {});
            files.push_back({fs::relative(entry.path(), root).string(), std::move(text)});
        }
    }
    return files;
}

/// What stands between `before` and `after` in each line that begins with `before`.
std::vector<std::string> includes(const SourceFile& file, std::string_view before, char after) {
    std::vector<std::string> found;
    for (std::size_t at = 0; (at = file.text.find(before, at)) != std::string::npos; ++at) {
        if (at != 0 && file.text[at - 1] != '\n') continue;
        std::size_t start = at + before.size();
        found.push_back(file.text.substr(start, file.text.find(after, start) - start));
    }
    return found;
}

std::optional<Layer> layer_of(std::string_view path) {
    for (const Layer& layer : layers) {
        if (path.starts_with(layer.folder)) return layer;
    }
    if (path.starts_with("lyrebird/")) return layer_of("runtime/include/lyrebird/");
    return std::nullopt;
}

bool may_include(const Layer& from, const Layer& to) {
    if (from.folder == to.folder) return true;
    return from.row == separate_row ? to.row < separate_row : to.row <= from.row;
}

}  // namespace

TEST_CASE("every folder includes lower layers only") {
    for (const SourceFile& file : source_files()) {
        if (file.test() || file.path.starts_with("examples/")) continue;
        std::optional<Layer> from = layer_of(file.path);
        CHECK_MESSAGE(from.has_value(), file.path, " lies in no layer");
        for (const std::string& included : includes(file, "#include \"", '"')) {
            std::optional<Layer> to = layer_of(included);
            CHECK_MESSAGE((from && to && may_include(*from, *to)), file.path, " includes ", included);
        }
    }
}

TEST_CASE("public headers include no other header of the project") {
    for (const SourceFile& file : source_files()) {
        if (!file.path.starts_with("runtime/include/")) continue;
        for (const std::string& included : includes(file, "#include \"", '"')) {
            CHECK_MESSAGE(included.starts_with("lyrebird/"), file.path, " includes ", included);
        }
    }
}

TEST_CASE("other people's libraries are included in their one place only") {
    for (const SourceFile& file : source_files()) {
        if (file.test()) continue;
        for (const std::string& included : includes(file, "#include <", '>')) {
            for (const Fence& fence : fences) {
                bool outside = included.starts_with(fence.header) && !file.path.starts_with(fence.folder);
                CHECK_MESSAGE(!outside, file.path, " includes <", included, ">");
            }
        }
    }
}

TEST_CASE("every header is guarded, and every file says at its head why it exists") {
    for (const SourceFile& file : source_files()) {
        if (!file.header()) continue;
        CHECK_MESSAGE(file.text.find("#pragma once\n") != std::string::npos, file.path);
        CHECK_MESSAGE(file.text.starts_with("//"), file.path);
    }
}

TEST_CASE("no file is longer than 600 lines") {
    for (const SourceFile& file : source_files()) {
        auto lines = std::count(file.text.begin(), file.text.end(), '\n');
        CHECK_MESSAGE(lines <= 600, file.path, ": ", lines);
    }
}

TEST_CASE("nothing is left to do in comments: it is a test, or a known gap in a README") {
    for (const SourceFile& file : source_files()) {
        for (std::string word : {"TO", "FIX"}) {
            word += word == "TO" ? "DO" : "ME";
            CHECK_MESSAGE(file.text.find(word) == std::string::npos, file.path, " has a ", word);
        }
    }
}
