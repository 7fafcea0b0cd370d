// Loops of random instructions end in the same state on every tier. The difference test runs straight code beside qemu; here
// neighbours are of the kinds that a tier makes one of (constants in two parts, shifts and additions, extensions by shifts),
// on few registers, and the same code runs many rounds, some of which end in a fault.
#include <doctest/doctest.h>

#include <algorithm>
#include <span>
#include <string>

#include "runtime/base/text.hpp"
#include "tests/support/riscv64_machine.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

namespace {

class LoopWriter {
  public:
    explicit LoopWriter(u64 seed) : random_(seed) {
        for (int& reg : pool_) {
            do {
                reg = 1 + int(random_.below(31));
            } while (reg == counter || reg == walker || reg == base);
        }
    }

    std::vector<u32> write() {
        u64 length = 1 + random_.below(20);
        for (u64 number = 0; number < length; ++number) add();
        if (random_.once_in(2)) line(format("addi x{}, x{}, {}", walker, walker, 8 * random_.below(20)));
        line(format("addi x{}, x{}, -1", counter, counter));
        if (random_.once_in(4)) {
            line(format("beq x{}, x0, {}", counter, pc() + 8));
            line(format("jal x0, {}", Riscv64Machine::start_address));
        } else {
            line(format("bne x{}, x0, {}", counter, Riscv64Machine::start_address));
        }
        add();
        return std::move(words_);
    }

    Riscv64Registers start() {
        Riscv64Registers registers = Riscv64Machine::distinct_registers();
        for (int number = 1; number < 32; ++number) {
            if (random_.once_in(3)) registers.x[std::size_t(number)] = random_.next() >> random_.below(64);
        }
        registers.x[base] = Riscv64Machine::scratch_address;
        registers.x[walker] = Riscv64Machine::scratch_address + 8 * random_.below(256);
        registers.x[counter] = 1 + random_.below(40);
        return registers;
    }

    static constexpr int base = 10, walker = 20, counter = 29;

  private:
    u64 pc() const { return Riscv64Machine::start_address + 4 * words_.size(); }
    int any() { return random_.once_in(12) ? int(random_.below(32)) : pool_[random_.below(std::size(pool_))]; }
    int target() {
        int reg = any();
        return reg == counter || reg == walker || reg == base ? pool_[0] : reg;
    }
    void line(const std::string& text) {
        auto word = riscv64_assemble(text, pc());
        REQUIRE_MESSAGE(word.has_value(), text);
        words_.push_back(*word);
    }
    void arithmetic(int rd) {
        static constexpr const char* names[]{
            "add",  "sub",   "and",  "or",     "xor",  "sll",    "srl",    "sra",    "slt",    "sltu",      "addw",     "subw",
            "sllw", "srlw",  "sraw", "mul",    "mulw", "mulh",   "mulhsu", "mulhu",  "divu",   "rem",       "divw",     "remuw",
            "andn", "min",   "maxu", "rol",    "ror",  "sh1add", "sh3add", "add.uw", "sh2add.uw", "czero.eqz", "rorw", "bext",
            "bset", "clmul", "clmulh"};
        line(format("{} x{}, x{}, x{}", names[random_.below(std::size(names))], rd, any(), any()));
    }
    void immediate(int rd) {
        static constexpr const char* names[]{"addi", "andi", "ori", "xori", "slti", "sltiu", "addiw"};
        i64 number = random_.once_in(3) ? 0 : random_.once_in(3) ? 255 : i64(random_.below(4096)) - 2048;
        line(format("{} x{}, x{}, {}", names[random_.below(std::size(names))], rd, any(), number));
    }
    void shift(int rd, int rs) {
        static constexpr const char* names[]{"slli", "srli", "srai"};
        static constexpr u64 amounts[]{1, 2, 3, 29, 30, 31, 32, 48, 56, 63};
        u64 amount = random_.once_in(4) ? random_.below(64) : amounts[random_.below(std::size(amounts))];
        line(format("{} x{}, x{}, {}", names[random_.below(3)], rd, rs, amount));
        if (random_.once_in(8)) line(format("{} x{}, x{}, {}", random_.once_in(2) ? "srliw" : "sraiw", rd, rs, amount % 32));
    }
    void memory() {
        static constexpr const char* loads[]{"lb", "lbu", "lh", "lhu", "lw", "lwu", "ld"};
        static constexpr const char* stores[]{"sb", "sh", "sw", "sd"};
        int from = random_.once_in(2) ? base : walker;
        u64 offset = 8 * random_.below(256);
        if (random_.once_in(2))
            line(format("{} x{}, {}(x{})", loads[random_.below(std::size(loads))], target(), offset, from));
        else
            line(format("{} x{}, {}(x{})", stores[random_.below(std::size(stores))], any(), offset, from));
    }
    void add() {
        int rd = target();
        switch (random_.below(10)) {
            case 0: return arithmetic(rd);
            case 1: return immediate(rd);
            case 2: return shift(rd, any());
            case 3:
                line(format("{} x{}, {}", random_.once_in(2) ? "lui" : "auipc", rd, random_.below(1 << 20)));
                return line(format("{} x{}, x{}, {}", random_.once_in(2) ? "addi" : "addiw", rd, rd, i64(random_.below(4096)) - 2048));
            case 4:
                shift(rd, any());
                return shift(rd, rd);
            case 5:
                shift(rd, any());
                return line(format("{} x{}, x{}, x{}", random_.once_in(4) ? "sub" : "add", rd, random_.once_in(2) ? rd : any(), rd));
            case 6:
                shift(rd, rd);
                shift(rd, rd);
                return line(format("add x{}, x{}, x{}", rd, rd, any()));
            case 7:
                line(format("addiw x{}, x{}, 0", rd, any()));
                return arithmetic(rd);
            default: return memory();
        }
    }

    Random random_;
    int pool_[7];
    std::vector<u32> words_;
};

std::string differences(const Riscv64Machine::Outcome& expected, const Riscv64Machine::Outcome& found) {
    std::string text;
    for (std::size_t number = 0; number < 32; ++number) {
        if (expected.registers.x[number] == found.registers.x[number]) continue;
        text += format("x{}: {:#x}, not {:#x}\n", number, found.registers.x[number], expected.registers.x[number]);
    }
    if (found.registers.pc != expected.registers.pc) text += format("pc: {:#x}, not {:#x}\n", found.registers.pc, expected.registers.pc);
    if (found.registers != expected.registers && text.empty()) text += "floating-point registers\n";
    if (found.exit != expected.exit) text += "another exit\n";
    if (found.fault_address != expected.fault_address) text += "another address\n";
    return text;
}

}  // namespace

TEST_CASE("loops of random instructions end in the same state on every tier") {
    struct End {
        Riscv64Machine::Outcome outcome;
        std::vector<u8> scratch;
    };
    constexpr u64 loops = 10000;
    std::vector<End> expected;
    u64 faults = 0;
    int wrong = 0;
    for (const Tier& tier : riscv64_tiers()) {
        Riscv64Machine machine(tier);
        for (u64 seed = 0; seed < loops && wrong < 3; ++seed) {
            LoopWriter writer(seed);
            std::vector<u32> words = writer.write();
            std::ranges::copy(Riscv64Machine::distinct_bytes(), machine.scratch().begin());
            Riscv64Machine::Outcome outcome = machine.run(words, writer.start());
            if (seed == expected.size()) {
                faults += outcome.exit == isa::ExitReason::data_fault;
                expected.push_back({outcome, {machine.scratch().begin(), machine.scratch().end()}});
                continue;
            }
            std::string text = differences(expected[seed].outcome, outcome);
            if (!std::ranges::equal(expected[seed].scratch, machine.scratch())) text += "memory\n";
            if (text.empty()) continue;
            ++wrong;
            for (std::size_t at = 0; at < words.size(); ++at) {
                text += riscv64_disassemble(words[at], Riscv64Machine::start_address + 4 * at) + "\n";
            }
            FAIL_CHECK("seed ", seed, ", ", tier.name, "\n", text);
        }
    }
    CHECK_GT(faults, loops / 20);  // rounds that end in a fault are among them
}
