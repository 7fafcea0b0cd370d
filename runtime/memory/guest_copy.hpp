// Copies between the VM and the guest that survive what the guest does to its memory: a page may be unmapped, protected
// or cut off its file at any time, also by another guest thread while the copy runs. A fault makes the copy fail; it
// never crashes.
//
// What must stay true: the VM touches guest memory only through these functions (or through the host's kernel, which
// reports EFAULT itself). They rely on the process's handler of SIGSEGV and SIGBUS asking `redirect_copy_fault` first.
//
// The functions check no bounds. `GuestMemory` does: it is what code that handles a guest's pointer uses.
#pragma once

#include <signal.h>
#include <ucontext.h>

#include <cerrno>
#include <expected>
#include <optional>
#include <string>
#include <type_traits>

#include "runtime/memory/address_space.hpp"

namespace lyrebird::memory {

/// False after a fault; any part of the bytes may have been copied by then.
[[nodiscard]] bool copy_from_guest(void* to, GuestAddress from, u64 size);
[[nodiscard]] bool copy_to_guest(GuestAddress to, const void* from, u64 size);
[[nodiscard]] bool fill_guest(GuestAddress to, u8 value, u64 size);

/// The bytes before the first zero byte. EFAULT after a fault, ENAMETOOLONG when the first `max` bytes hold no zero
/// byte.
std::expected<std::string, int> read_guest_string(GuestAddress from, u64 max);

/// Single accesses to an aligned word, atomic and sequentially consistent; nothing or false after a fault.
std::optional<u32> load_guest_word(GuestAddress from);
[[nodiscard]] bool store_guest_word(GuestAddress to, u32 value);

enum class Exchange { done, different, fault };
/// Writes `desired` when the word is `expected`; otherwise (different) `expected` becomes what was found.
Exchange compare_exchange_guest_word(GuestAddress at, u32& expected, u32 desired);

/// For the process's handler of SIGSEGV and SIGBUS: true when the fault came from one of the functions above, which is
/// then made to return failure. Async-signal-safe.
bool redirect_copy_fault(ucontext_t* context);

/// The guest's memory as a system call sees it: every access checks that it lies in the guest's part, then copies.
class GuestMemory {
  public:
    /// `tagged`: the top byte of an address is ignored.
    GuestMemory(const AddressSpace& space, bool tagged = false) : space_(&space), tagged_(tagged) {}

    [[nodiscard]] bool read(void* to, GuestAddress from, u64 size) const {
        from = place(from);
        return space_->contains(from, size) && copy_from_guest(to, from, size);
    }
    [[nodiscard]] bool write(GuestAddress to, const void* from, u64 size) const {
        to = place(to);
        return space_->contains(to, size) && copy_to_guest(to, from, size);
    }
    [[nodiscard]] bool fill(GuestAddress to, u8 value, u64 size) const {
        to = place(to);
        return space_->contains(to, size) && fill_guest(to, value, size);
    }

    /// One object, or nothing when it is out of reach.
    template <class T>
    std::optional<T> read(GuestAddress from) const {
        static_assert(std::is_trivially_copyable_v<T>);
        T value;
        if (!read(&value, from, sizeof value)) return std::nullopt;
        return value;
    }
    template <class T>
    [[nodiscard]] bool write(GuestAddress to, const T& value) const {
        static_assert(std::is_trivially_copyable_v<T>);
        return write(to, &value, sizeof value);
    }

    /// As read_guest_string; the string must end within the guest's part.
    std::expected<std::string, int> read_string(GuestAddress from, u64 max) const;

    std::optional<u32> load_word(GuestAddress from) const {
        from = place(from);
        return space_->contains(from, 4) ? load_guest_word(from) : std::nullopt;
    }
    [[nodiscard]] bool store_word(GuestAddress to, u32 value) const {
        to = place(to);
        return space_->contains(to, 4) && store_guest_word(to, value);
    }
    Exchange compare_exchange_word(GuestAddress at, u32& expected, u32 desired) const {
        at = place(at);
        return space_->contains(at, 4) ? compare_exchange_guest_word(at, expected, desired) : Exchange::fault;
    }

  private:
    GuestAddress place(GuestAddress address) const {
        return tagged_ ? GuestAddress(untagged(address.value)) : address;
    }

    const AddressSpace* space_;
    bool tagged_;
};

}  // namespace lyrebird::memory
