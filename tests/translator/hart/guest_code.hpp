// A guest address space with code written in assembly, for tests of a hart that need no operating system around them.
#pragma once

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "runtime/memory/address_space.hpp"
#include "tests/support/riscv64_machine.hpp"
#include "translator/riscv64/state.hpp"

namespace lyrebird {

/// For TEST_CASE_TEMPLATE: places in riscv64_tiers().
struct Interpreter {
    static constexpr std::size_t number = 0;
};
struct Translator {
    static constexpr std::size_t number = 1;
};

class GuestCode {
  public:
    static constexpr u64 code = 0x10000000;
    static constexpr u64 data = 0x10010000;
    static constexpr u64 size = 0x1000;

    explicit GuestCode(std::size_t tier)
        : memory(memory::AddressSpace::create({}).value()), cpu(create(test::riscv64_tiers()[tier], *memory)) {
        map(code, PROT_READ | PROT_WRITE | PROT_EXEC);
        map(data, PROT_READ | PROT_WRITE);
    }

    void map(u64 address, int protection) {
        REQUIRE_EQ(memory->map(address, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
                   SysResult(address));
    }
    /// Writes `lines` to `address` (4 bytes each) without any announcement. Returns the address behind them.
    static u64 write(u64 address, const std::vector<std::string_view>& lines) {
        for (std::string_view line : lines) {
            auto word = test::riscv64_assemble(line, address);
            INFO(line);
            REQUIRE(word.has_value());
            std::memcpy(GuestAddress(address).host(), &*word, 4);
            address += 4;
        }
        return address;
    }
    static riscv64::State& state(isa::Cpu& cpu) { return *static_cast<riscv64::State*>(cpu.state()); }
    riscv64::State& state() { return state(*cpu); }
    isa::ExitReason run_at(u64 pc) {
        cpu->set_pc(pc);
        return cpu->run();
    }

    static std::unique_ptr<isa::Cpu> create(const test::Tier& tier, memory::AddressSpace& memory) {
        return tier.create(memory, tier.without);
    }

    std::unique_ptr<memory::AddressSpace> memory;
    std::unique_ptr<isa::Cpu> cpu;
};

}  // namespace lyrebird
