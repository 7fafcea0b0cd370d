// Calls of the host's kernel, by number and with −errno as the answer; the host's errno is not used.
//
// Why it exists: a call that may block must not miss a guest signal that arrives just before it. Between the test "does
// a signal wait?" and the kernel's entry there is always an instruction left, so the test and the call stand in one
// small piece of assembly whose addresses the process's signal handler knows (host_call.S, redirect_interrupted_call).
//
// What must stay true: every call that a guest's pass-through row makes goes through interruptible_call. The handler of
// a guest signal that sets VmState::attention calls redirect_interrupted_call afterwards. The host's signal handler is
// installed with SA_RESTART exactly when the guest's action has it: then the kernel puts rip back to the `syscall`
// instruction and the call is made anew, and otherwise −EINTR stands, as on Linux.
#pragma once

#include <sys/syscall.h>

#include <atomic>
#include <type_traits>

#include "runtime/base/ints.hpp"
#include "runtime/base/result.hpp"

extern "C" long lyre_interruptible_call(const std::atomic<lyrebird::u32>* attention, long number, lyrebird::u64 a0,
                                        lyrebird::u64 a1, lyrebird::u64 a2, lyrebird::u64 a3, lyrebird::u64 a4,
                                        lyrebird::u64 a5);
extern "C" {
extern const char lyre_call_begin[];        // the test of `attention`
extern const char lyre_call_syscall[];      // the `syscall` instruction
extern const char lyre_call_end[];          // what follows it: the call was made, rax is its result
extern const char lyre_call_interrupted[];  // returns `restart`
}

namespace lyrebird::syscall {

/// `restart` (see context.hpp) without a call when `*attention` is not zero before the kernel is entered, or when a
/// signal came that restarts the call; otherwise the kernel's answer.
inline SysResult interruptible_call(const std::atomic<u32>* attention, long number, u64 a0 = 0, u64 a1 = 0, u64 a2 = 0,
                                    u64 a3 = 0, u64 a4 = 0, u64 a5 = 0) {
    return lyre_interruptible_call(attention, number, a0, a1, a2, a3, a4, a5);
}

/// For the signal handler, after it has set `attention` of the thread it runs on: when the thread was about to make a
/// call (or was put back to make it anew), makes it return `restart` instead. Async-signal-safe.
void redirect_interrupted_call(u64& rip, u64& rax);

/// One host call that never blocks for long, or that must not be interrupted. Arguments are integers or pointers.
template <class... Arguments>
SysResult host_call(long number, Arguments... arguments) {
    static_assert(sizeof...(Arguments) <= 6);
    [[maybe_unused]] auto as_word = [](auto argument) {
        if constexpr (std::is_pointer_v<decltype(argument)>) {
            return reinterpret_cast<u64>(argument);
        } else if constexpr (std::is_null_pointer_v<decltype(argument)>) {
            return u64{0};
        } else {
            return static_cast<u64>(argument);
        }
    };
    u64 words[6] = {as_word(arguments)...};
    register u64 r10 asm("r10") = words[3];
    register u64 r8 asm("r8") = words[4];
    register u64 r9 asm("r9") = words[5];
    long result = number;
    asm volatile("syscall"
                 : "+a"(result)
                 : "D"(words[0]), "S"(words[1]), "d"(words[2]), "r"(r10), "r"(r8), "r"(r9)
                 : "rcx", "r11", "memory");
    return result;
}

}  // namespace lyrebird::syscall
