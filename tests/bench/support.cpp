#include "support.hpp"

#include <elf.h>
#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "runtime/base/check.hpp"
#include "tests/support/riscv64_machine.hpp"

namespace lyrebird::bench {

namespace {

constexpr const char* usual_file = "/usr/riscv64-linux-gnu/lib/libc.so.6";

/// The section .text of an ELF file that a tool chain made: nothing of it is doubted.
std::vector<u8> text_of(const char* path) {
    std::ifstream stream(path, std::ios::binary);
    std::string file(std::istreambuf_iterator<char>(stream), {});
    ENSURE(file.size() > sizeof(Elf64_Ehdr),
           "the file that LYREBIRD_BENCH_CODE names (the cross compiler's C library)");
    Elf64_Ehdr header;
    std::memcpy(&header, file.data(), sizeof header);
    std::vector<Elf64_Shdr> sections(header.e_shnum);
    std::memcpy(sections.data(), file.data() + header.e_shoff, sections.size() * sizeof(Elf64_Shdr));
    const char* names = file.data() + sections[header.e_shstrndx].sh_offset;
    for (const Elf64_Shdr& section : sections) {
        if (std::strcmp(names + section.sh_name, ".text") != 0) continue;
        return {file.begin() + i64(section.sh_offset), file.begin() + i64(section.sh_offset + section.sh_size)};
    }
    check_failed("a file without code", __FILE__, __LINE__);
}

}  // namespace

std::span<const u8> real_code() {
    static const char* named = std::getenv("LYREBIRD_BENCH_CODE");
    static const std::vector<u8> code = text_of(named != nullptr ? named : usual_file);
    return code;
}

std::vector<u64> instructions_of(std::span<const u8> code) {
    std::vector<u64> all;
    for (u64 at = 0; at + 4 <= code.size();) {
        all.push_back(code_address + at);
        at += u64(test::riscv64_length(code[at]));
    }
    return all;
}

std::unique_ptr<memory::AddressSpace> new_memory(u64 size) {
    auto memory = memory::AddressSpace::create({});
    ENSURE(memory.has_value(), "the benchmark's address space");
    int rights = PROT_READ | PROT_WRITE | PROT_EXEC;
    SysResult mapped = (*memory)->map(code_address, size, rights, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    ENSURE(mapped == SysResult(code_address), "the benchmark's memory");
    return std::move(*memory);
}

void write(u64 pc, std::string_view line) {
    auto word = test::riscv64_assemble(line, pc);
    ENSURE(word.has_value(), "a line of a benchmark cannot be assembled");
    std::memcpy(GuestAddress(pc).host(), &*word, 4);
}

Machine::Machine(hart::Tiering::Mode mode, u64 code_size) : memory(new_memory(code_size)) {
    hart::Tiering tiering;
    tiering.mode = mode;
    auto made = hart::create_riscv64(*memory, tiering);
    ENSURE(made.has_value(), "the benchmark's hart");
    cpu = std::move(*made);
}

u64 Machine::write(u64 pc, std::initializer_list<std::string_view> lines) {
    for (std::string_view line : lines) {
        bench::write(pc, line);
        pc += 4;
    }
    return pc;
}

void Machine::run(u64 pc) {
    cpu->set_pc(pc);
    ENSURE(cpu->run() == isa::ExitReason::system_call, "the benchmark's guest code ends with a system call");
}

void report_each(benchmark::State& state, const char* name, double count) {
    using benchmark::Counter;
    auto flags = Counter::kIsIterationInvariantRate | Counter::kInvert;
    state.counters[std::string("s/") + name] = Counter(count, flags);
}

}  // namespace lyrebird::bench

BENCHMARK_MAIN();
