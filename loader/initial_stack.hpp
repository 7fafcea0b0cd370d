// The stack with which a program starts: arguments, environment and auxiliary vector, byte for byte as Linux lays them
// out (fs/exec.c, create_elf_tables). From the top downwards: a zero word, the program's name, the environment's
// strings, the arguments' strings, up to a page left out by chance, the platform's name, 16 random bytes; then, from
// the stack pointer up, argc, argv, envp and the auxiliary vector.
//
// What must stay true: strings of arguments and of the environment follow each other without gaps, in order, because
// programs (setproctitle, ps) rely on it; the stack pointer is a multiple of 16.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "loader/load.hpp"
#include "runtime/base/result.hpp"
#include "runtime/memory/address_space.hpp"

namespace lyrebird::loader {

/// What the auxiliary vector says of the machine. The guest's description and the engine fill it in.
struct MachineFacts {
    u64 capabilities = 0;                      // AT_HWCAP
    std::optional<u64> capabilities2;          // AT_HWCAP2: riscv64 has none, aarch64 does
    std::string platform;                      // AT_PLATFORM: riscv64 has none (""), "aarch64"
    std::string base_platform;                 // AT_BASE_PLATFORM: "" for both
    std::optional<std::array<u64, 8>> caches;  // AT_L1I_CACHESIZE … AT_L3_CACHEGEOMETRY: riscv64; 0 is "not known"
    u64 minimum_signal_stack = 0;              // AT_MINSIGSTKSZ in bytes; 0: not passed
    u64 rseq_size = 0;                         // AT_RSEQ_FEATURE_SIZE in bytes; 0: no restartable sequences
    u64 rseq_alignment = 0;                    // AT_RSEQ_ALIGN
};

/// AT_UID … AT_SECURE.
struct Identity {
    u64 user = 0;
    u64 effective_user = 0;
    u64 group = 0;
    u64 effective_group = 0;
    bool secure = false;

    static Identity of_this_process();
};

struct StackContents {
    std::vector<std::string> arguments;    // argv; never empty after resolve()
    std::vector<std::string> environment;  // "NAME=value"
    std::string name;                      // AT_EXECFN
    Loaded program;
    GuestAddress vdso;  // AT_SYSINFO_EHDR; 0: none
    MachineFacts machine;
    Identity identity;
    u64 flags = 0;                          // AT_FLAGS
    std::optional<int> program_descriptor;  // AT_EXECFD: for programs that binfmt_misc starts with an open file
    u64 stack_limit = 8 << 20;              // RLIMIT_STACK's soft value in bytes, or RLIM_INFINITY: bounds the strings
    bool randomise = true;
};

/// Where everything is: guest addresses, ends exclusive. The ranges are what prctl(PR_SET_MM_MAP) wants to know.
struct InitialStack {
    GuestAddress top;
    GuestAddress stack_pointer;
    GuestAddress arguments_start, arguments_end;      // the strings of argv
    GuestAddress environment_start, environment_end;  // the strings of envp
    GuestAddress auxiliary_start;                     // the vector on the stack
    std::vector<u64> auxiliary;                       // the vector itself: pairs, the last one (0, 0)
};

/// The bytes of [place.stack_pointer, place.top).
struct StackImage {
    InitialStack place;
    std::vector<u8> bytes;
};

/// Pure layout: below `top`, leaving out `shift` bytes below the strings (Linux: random, less than a page).
StackImage lay_out_stack(const StackContents& contents, GuestAddress top, u64 shift, const std::array<u8, 16>& random);

/// Maps the main stack and fills it. E2BIG as Linux decides it: a string of 128 KiB or more, or all strings and their
/// pointers beyond a quarter of the stack's limit (at least 128 KiB, at most 6 MiB).
Result<InitialStack> build_initial_stack(const StackContents& contents, memory::AddressSpace& space);

}  // namespace lyrebird::loader
