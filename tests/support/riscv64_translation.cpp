#include "tests/support/riscv64_translation.hpp"

#include <sys/mman.h>

#include <cstring>

#include "runtime/base/check.hpp"
#include "tests/support/riscv64_machine.hpp"
#include "translator/x64/riscv64.hpp"
#include "translator/x64/translator.hpp"

namespace lyrebird::test {

struct Riscv64Translation::Translator {
    Translator(const memory::AddressSpace& space, const x64::Surroundings& given)
        : surroundings(given), one(space, surroundings) {}

    x64::Surroundings surroundings;  // the translator refers to it
    x64::Translator<riscv64::Guest> one;
};

Riscv64Translation::Riscv64Translation(const x64::Features& features)
    : space_(memory::AddressSpace::create({}).value()), layout_(x64::Layout::of<riscv64::Guest>(features)) {
    static_assert(longest == x64::Translator<riscv64::Guest>::longest);
    SysResult mapped =
        space_->map(start, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    ENSURE(mapped == SysResult(start), "the test's code memory");
    x64::Surroundings surroundings{.layout = &layout_, .features = features};
    surroundings.partner = [](void*, u64 pc) { return pc + 4; };
    translator_ = std::make_unique<Translator>(*space_, surroundings);
}

Riscv64Translation::~Riscv64Translation() = default;

u64 Riscv64Translation::write(u64 pc, std::span<const u32> words) {
    for (u32 word : words) {
        std::memcpy(GuestAddress(pc).host(), &word, 4);
        pc += u64(riscv64_length(word));
    }
    return pc;
}

u64 Riscv64Translation::write(u64 pc, std::initializer_list<std::string_view> lines) {
    for (std::string_view line : lines) {
        auto word = riscv64_assemble(line, pc);
        ENSURE(word.has_value(), "a line of the test cannot be assembled");
        pc = write(pc, std::span<const u32>(&*word, 1));
    }
    return pc;
}

const x64::Translation& Riscv64Translation::translate(u64 pc, u32 most) {
    return translator_->one.translate(pc, most);
}

}  // namespace lyrebird::test
