#include "tests/support/difference.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "runtime/base/bits.hpp"
#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"
#include "tests/support/temporary_directory.hpp"

namespace lyrebird::test {

Output run_process(const std::vector<std::string>& command) {
    TemporaryDirectory directory;
    std::string file = directory / "output";
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, file.c_str(), O_WRONLY | O_CREAT, 0600);
    std::vector<char*> arguments;
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    pid_t child = 0;
    int error = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    int status = -1;
    if (error != 0 || waitpid(child, &status, 0) != child || status != 0) {
        fprintf(stderr, "%s: %s\n", arguments[0],
                error != 0 ? strerror(error) : format("ended with status {:#x}", status).c_str());
        return std::nullopt;
    }
    std::ifstream stream(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

Output run_tier(const Tier& tier, const ElfBuilder& elf) {
    auto memory = memory::AddressSpace::create({});
    ENSURE(memory.has_value(), "the test's address space");
    std::vector<u8> file = elf.bytes();
    for (const Elf64_Phdr& header : elf.headers) {
        u64 start = align_down(header.p_vaddr, 4096);
        u64 size = align_up(header.p_vaddr + header.p_memsz, 4096) - start;
        int protection = PROT_READ | PROT_WRITE | ((header.p_flags & PF_X) != 0 ? PROT_EXEC : 0);
        SysResult mapped = (*memory)->map_fixed(GuestAddress(start), size, protection, -1, 0, "");
        ENSURE(mapped >= 0, "the test's memory");
        std::memcpy(GuestAddress(header.p_vaddr).host(), file.data() + header.p_offset, header.p_filesz);
    }
    std::unique_ptr<isa::Cpu> cpu = tier.create(**memory, tier.without);
    cpu->set_pc(elf.header.e_entry);
    std::string output;
    for (;;) {
        isa::ExitReason reason = run_catching_faults(*cpu);
        isa::Cpu::SystemCall call = cpu->system_call();
        if (reason == isa::ExitReason::instruction_fence) {
            cpu->drop_cached_code();
            cpu->advance();
            continue;
        }
        if (reason != isa::ExitReason::system_call) {
            fprintf(stderr, "%s: exit %d at %s\n", tier.name.data(), int(reason), cpu->disassemble(cpu->pc()).c_str());
            return std::nullopt;
        }
        if (call.number == 93) return output;
        output.append(GuestAddress(call.arguments[1]).host<char>(), call.arguments[2]);
        cpu->set_result(call.arguments[2]);
        cpu->advance();
    }
}

std::optional<DifferenceOptions> difference_options(int argc, char** argv, const char* qemu) {
    DifferenceOptions options;
    options.qemu = qemu;
    for (int i = 1; i + 1 < argc; i += 2) {
        std::string_view name = argv[i];
        if (name == "--seed")
            options.seed = std::strtoull(argv[i + 1], nullptr, 0);
        else if (name == "--count")
            options.count = std::strtoull(argv[i + 1], nullptr, 0);
        else if (name == "--length")
            options.length = std::atoi(argv[i + 1]);
        else if (name == "--lyre")
            options.lyre = argv[i + 1];
        else if (name == "--qemu")
            options.qemu = argv[i + 1];
        else if (name == "--only")
            options.only = argv[i + 1];
        else
            argc = 0;
    }
    if (argc % 2 != 0) return options;
    fprintf(stderr,
            "usage: %s [--seed N] [--count N] [--length N] [--only PREFIX,…] [--lyre PROGRAM] [--qemu PROGRAM]\n", argv[0]);
    return std::nullopt;
}

bool DifferenceOptions::wants(std::string_view name) const {
    for (std::size_t start = 0; start < only.size();) {
        std::size_t end = std::min(only.find(',', start), only.size());
        if (name.starts_with(std::string_view(only).substr(start, end - start))) return true;
        start = end + 1;
    }
    return only.empty();
}

}  // namespace lyrebird::test
