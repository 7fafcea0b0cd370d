#include <map>
#include <vector>

#include "tests/support/aarch64_rows.hpp"
#include "translator/aarch64/instruction_set.hpp"

namespace lyrebird::test {

namespace {

template <class... Lists>
std::vector<Row> joined(isa::ChapterList<Lists...>) {
    std::vector<Row> rows;
    auto append = [&](std::span<const Row> more) { rows.insert(rows.end(), more.begin(), more.end()); };
    (append(rows_of<Lists>()), ...);
    return rows;
}

const std::vector<Row>& rows() {
    static const std::vector<Row> all = joined(aarch64::Chapters{});
    return all;
}

std::optional<u32> assemble(std::string_view line, u64 pc) {
    static const std::multimap<std::string_view, const Row*> by_name = [] {
        std::multimap<std::string_view, const Row*> all;
        for (const Row& row : rows()) {
            const std::string_view mnemonic = row.name.substr(0, row.name.find('_'));
            all.emplace(row.name, &row);
            if (mnemonic != row.name) all.emplace(mnemonic, &row);
        }
        return all;
    }();
    std::string_view name = line.substr(0, line.find(' '));
    auto [first, last] = by_name.equal_range(name);
    for (auto named = first; named != last; ++named) {
        if (auto word = named->second->assemble(line.substr(name.size()), pc)) return word;
    }
    return std::nullopt;
}

}  // namespace

const Instructions& aarch64_instructions() {
    static const Instructions instructions{
        .guest = "aarch64",
        .rows = rows(),
        .decode = [](u32 word) { return aarch64::decode(word); },
        .length = [](u32) { return 4; },
        .assemble = assemble,
    };
    return instructions;
}

}  // namespace lyrebird::test
