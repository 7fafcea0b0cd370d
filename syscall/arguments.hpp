// Argument kinds: one struct for each way in which a register of a system call is meant. A kind converts (`host`),
// checks, prints itself for strace (`print`) and, where the guest's layout differs, copies out (`leave`).
//
// What must stay true: an address that the kernel will use is handed over by `guarded`: an address outside of the
// guest's part becomes one that no process owns, so the kernel answers EFAULT (or whatever it checks first), as it
// would have for an address beyond the guest's own limit. The page at the guest's top is never mapped: an access that
// begins in the guest's part and goes upwards byte by byte cannot leave it, which is why strings and value-result
// buffers are checked by their first byte only.
//
// Kinds in other files: paths.hpp (file names), vectors.hpp (iovec, msghdr), layouts.hpp (structures that differ).
#pragma once

#include <fcntl.h>

#include <cerrno>
#include <optional>
#include <span>

#include "runtime/memory/guest_copy.hpp"
#include "syscall/context.hpp"
#include "syscall/host_call.hpp"
#include "syscall/names.hpp"
#include "syscall/strace.hpp"

namespace lyrebird::syscall {

/// An address that no process owns, with the same place in its page (some calls look at the alignment first).
constexpr u64 outside_of_everybody(u64 address) {
    return address | u64{1} << 63;
}

/// Where a call that is given `address` looks: without its tag where the thread's calls take tagged addresses.
inline u64 access_address(const Context& context, u64 address) {
    return context.tagged_addresses ? untagged(address) : address;
}

/// What to give the kernel for a range of guest memory.
inline u64 guarded(const Context& context, u64 address, u64 size) {
    address = access_address(context, address);
    return context.memory.contains(GuestAddress(address), size) ? address : outside_of_everybody(address);
}

/// As `guarded`, for a register that is an address or a number, the kernel knows: numbers that could be addresses of
/// the VM's part do not occur.
inline u64 guarded_word(const Context& context, u64 word) {
    word = access_address(context, word);
    return word < context.memory.top().value ? word : outside_of_everybody(word);
}

inline memory::GuestMemory guest_memory(const Context& context) {
    return {context.memory, context.tagged_addresses};
}

/// The greatest transfer of one call; the kernel cuts longer ones down to it.
inline constexpr u64 greatest_transfer = 0x7ffff000;

struct Argument {
    static constexpr bool pointer = false;
    static constexpr bool output = false;

    u64 value;

    Argument(const u64* registers, int index) : value(registers[index]) {}
    u64 host(const Context&) const { return value; }
    int as_int() const { return static_cast<int>(value); }
    u32 as_u32() const { return static_cast<u32>(value); }
};

// ---- numbers ----

struct Int : Argument {
    using Argument::Argument;
    void print(Printer& p) const { p.signed_number(as_int()); }
};
struct Long : Argument {
    using Argument::Argument;
    void print(Printer& p) const { p.signed_number(static_cast<i64>(value)); }
};
struct UInt : Argument {
    using Argument::Argument;
    void print(Printer& p) const { p.number(as_u32()); }
};
struct Size : Argument {
    using Argument::Argument;
    void print(Printer& p) const { p.number(value); }
};
using Offset = Long;
using Pid = Int;
using Hex = struct HexNumber : Argument {
    using Argument::Argument;
    void print(Printer& p) const { p.hex(value); }
};
struct Mode : Argument {
    using Argument::Argument;
    void print(Printer& p) const { p.octal(as_u32()); }
};
struct Identity : Argument {  // a user's or group's; −1: leave as it is
    using Argument::Argument;
    void print(Printer& p) const { p.signed_number(as_u32() == ~0U ? -1 : static_cast<i64>(as_u32())); }
};
struct Fd : Argument {
    using Argument::Argument;
    void print(Printer& p) const { p.signed_number(as_int()); }
};
struct DirFd : Argument {
    using Argument::Argument;
    void print(Printer& p) const {
        if (as_int() == AT_FDCWD) {
            p.text += "AT_FDCWD";
        } else {
            p.signed_number(as_int());
        }
    }
};
struct Signal : Argument {
    using Argument::Argument;
    void print(Printer& p) const { p.signal(as_int()); }
};

/// Bits with names, 32 or 64 wide as the names say.
template <const auto& names> struct Flags : Argument {
    using Argument::Argument;
    void print(Printer& p) const { p.flags(as_u32(), names); }
};
/// One constant of several.
template <const auto& names> struct Choice : Argument {
    using Argument::Argument;
    void print(Printer& p) const { p.constant(as_u32(), names); }
};

/// O_…: AArch64 permutes four bits; the conversion lives here and nowhere else.
struct OpenFlags : Argument {
    using Argument::Argument;
    u64 host(const Context& context) const { return to_host(context.abi, as_u32()); }
    void print(Printer& p) const { print_flags(p, to_host(p.context.abi, as_u32())); }

    static u32 to_host(const Abi& abi, u32 guest);
    static u32 from_host(const Abi& abi, u32 host);
    static void print_flags(Printer& p, u32 host);
};

/// The rights of a file that openat may make, which the flags before it say.
struct OpenMode : Mode {
    bool used;
    OpenMode(const u64* registers, int index)
        : Mode(registers, index), used((registers[index - 1] & (O_CREAT | 020000000)) != 0) {}  // or O_TMPFILE
    void print(Printer& p) const {
        if (used) Mode::print(p);
    }
};

/// CLONE_… and, in the low byte, the signal that the parent gets.
struct CloneFlags : Argument {
    using Argument::Argument;
    void print(Printer& p) const;
};

/// The O_… of calls that make a descriptor without opening a file: dup3, pipe2, userfaultfd.
struct DescriptorFlags : OpenFlags {
    using OpenFlags::OpenFlags;
    void print(Printer& p) const;
};
struct FutexOperation : Argument {
    using Argument::Argument;
    void print(Printer& p) const;
};
struct DeviceCommand : Argument {
    using Argument::Argument;
    void print(Printer& p) const;
};

// ---- addresses ----

/// An address that is not dereferenced by the call, or that the handler checks itself. Never handed to the kernel.
struct Address : Argument {
    static constexpr bool pointer = true;
    using Argument::Argument;
    u64 host(const Context&) const = delete;
    void print(Printer& p) const { p.address(value); }
};

/// argv or envp: a zero-terminated array of strings.
struct Strings : Address {
    using Address::Address;
    void print(Printer& p) const { p.string_array(value); }
};

/// envp: only how many there are.
struct Environment : Address {
    using Address::Address;
    void print(Printer& p) const;
};

/// A signal's action in the guest's layout, which the engine reads or writes.
struct SignalAction : Address {
    using Address::Address;
    void print(Printer& p) const;
};
struct SignalActionOut : SignalAction {
    static constexpr bool output = true;
    using SignalAction::SignalAction;
    void print(Printer& p) const {
        if (p.succeeded()) return SignalAction::print(p);
        p.address(value);
    }
};

/// A futex's word: four bytes that the handler checks.
struct Futex : Address {
    using Address::Address;
};

/// The pollfd array of ppoll, its number in the next argument; the handler checks it.
struct PollFiles : Address {
    u32 count;
    PollFiles(const u64* registers, int index)
        : Address(registers, index), count(static_cast<u32>(registers[index + 1])) {}
    void print(Printer& p) const;
};

/// Memory whose layout the VM does not look at: its first byte is checked.
struct Pointer : Argument {
    static constexpr bool pointer = true;
    using Argument::Argument;
    u64 host(const Context& context) const { return guarded(context, value, 1); }
    void print(Printer& p) const { p.address(value); }
};

/// An address or a number, as other arguments say.
struct Word : Argument {
    static constexpr bool pointer = true;
    using Argument::Argument;
    u64 host(const Context& context) const { return guarded_word(context, value); }
    void print(Printer& p) const { p.hex(value); }
};

/// A zero-terminated string that names no file.
struct Text : Pointer {
    using Pointer::Pointer;
    void print(Printer& p) const { p.string(value); }
};

namespace detail {
template <class T> void print_object(Printer& p, u64 address) {
    if constexpr (requires(const T& object) { print_value(p, object); }) {
        if (auto object = address == 0 ? std::nullopt : p.memory().template read<T>(GuestAddress(address))) {
            print_value(p, *object);
            return;
        }
    }
    p.address(address);
}

template <class T> void print_objects(Printer& p, u64 address, u64 count) {
    if constexpr (requires(const T& object) { print_value(p, object); }) {
        constexpr u64 most = 32;
        if (address == 0) return p.address(0);
        p.text += '[';
        for (u64 index = 0; index < count && index < most; ++index) {
            if (index != 0) p.text += ", ";
            print_object<T>(p, address + index * sizeof(T));
        }
        p.text += count > most ? ", ...]" : "]";
    } else {
        p.address(address);
    }
}
}  // namespace detail

/// A structure that the call reads, and that is the same on the host.
template <class T> struct In : Argument {
    static constexpr bool pointer = true;
    using Argument::Argument;
    u64 host(const Context& context) const { return guarded(context, value, sizeof(T)); }
    std::optional<T> read(const Context& context) const { return guest_memory(context).read<T>(GuestAddress(value)); }
    void print(Printer& p) const { detail::print_object<T>(p, value); }
};

/// A structure that the call writes, and that is the same on the host.
template <class T> struct Out : Argument {
    static constexpr bool pointer = true;
    static constexpr bool output = true;
    using Argument::Argument;
    u64 host(const Context& context) const { return guarded(context, value, sizeof(T)); }
    [[nodiscard]] bool write(const Context& context, const T& object) const {
        return guest_memory(context).write(GuestAddress(value), object);
    }
    void print(Printer& p) const {
        if (p.succeeded()) return detail::print_object<T>(p, value);
        p.address(value);
    }
};

/// How a child ended.
struct WaitStatusOut : Out<int> {
    using Out<int>::Out;
    void print(Printer& p) const;
};

/// A structure that the call reads and writes; shown as it was before.
template <class T> struct InOut : In<T> { using In<T>::In; };

namespace detail {
struct Counted : Argument {
    static constexpr bool pointer = true;
    u64 count;
    Counted(const u64* registers, int index, u64 count) : Argument(registers, index), count(count) {}
};
}  // namespace detail

/// Bytes that the call reads, their number in argument `size_index`: checked as a whole, as read and write do.
template <int size_index> struct InBuffer : detail::Counted {
    InBuffer(const u64* registers, int index) : Counted(registers, index, registers[size_index]) {}
    u64 host(const Context& context) const { return guarded(context, value, count); }
    void print(Printer& p) const { p.bytes(value, count); }
};
/// As InBuffer, for calls that cut the size down to greatest_transfer before they look at the range.
template <int size_index> struct InMessage : InBuffer<size_index> {
    using InBuffer<size_index>::InBuffer;
    u64 host(const Context& context) const {
        return guarded(context, this->value, std::min(this->count, greatest_transfer));
    }
};
/// Bytes that the call writes, at most as many as argument `size_index` says; the result is how many there are.
template <int size_index> struct OutBuffer : detail::Counted {
    static constexpr bool output = true;
    OutBuffer(const u64* registers, int index) : Counted(registers, index, registers[size_index]) {}
    u64 host(const Context& context) const { return guarded(context, value, count); }
    void print(Printer& p) const {
        if (!p.succeeded()) return p.address(value);
        p.bytes(value, std::min(count, static_cast<u64>(p.result)));
    }
};
template <int size_index> struct OutMessage : OutBuffer<size_index> {
    using OutBuffer<size_index>::OutBuffer;
    u64 host(const Context& context) const {
        return guarded(context, this->value, std::min(this->count, greatest_transfer));
    }
};

/// Bytes of which the kernel copies what it needs, from the first on; the number in argument `size_index` is a limit.
template <int size_index> struct InBytes : InBuffer<size_index> {
    using InBuffer<size_index>::InBuffer;
    u64 host(const Context& context) const { return guarded(context, this->value, 1); }
};
template <int size_index> struct OutBytes : OutBuffer<size_index> {
    using OutBuffer<size_index>::OutBuffer;
    u64 host(const Context& context) const { return guarded(context, this->value, 1); }
};
/// As OutBytes, but the result is not the number of bytes.
template <int size_index> struct OutOpaque : OutBytes<size_index> {
    using OutBytes<size_index>::OutBytes;
    void print(Printer& p) const { p.address(this->value); }
};

/// A range of the map, its size in argument `size_index`, for calls that change no mapping.
template <int size_index> struct Range : InBuffer<size_index> {
    using InBuffer<size_index>::InBuffer;
    void print(Printer& p) const { p.address(this->value); }
};

/// Objects that the call reads, their number (an int or unsigned int) in argument `count_index`. The kernel judges the
/// number first, then copies upwards.
template <class T, int count_index> struct InArray : detail::Counted {
    InArray(const u64* registers, int index) : Counted(registers, index, static_cast<u32>(registers[count_index])) {}
    u64 host(const Context& context) const { return guarded(context, value, sizeof(T)); }
    void print(Printer& p) const { detail::print_objects<T>(p, value, count); }
};
template <class T, int count_index> struct OutArray : detail::Counted {
    static constexpr bool output = true;
    OutArray(const u64* registers, int index) : Counted(registers, index, static_cast<u32>(registers[count_index])) {}
    u64 host(const Context& context) const { return guarded(context, value, sizeof(T)); }
    void print(Printer& p) const {
        if (!p.succeeded()) return p.address(value);
        detail::print_objects<T>(p, value, std::min(count, static_cast<u64>(p.result)));
    }
};

/// A signal set that the call reads.
struct InSignalSet : In<u64> {
    using In<u64>::In;
    void print(Printer& p) const {
        if (auto set = value == 0 ? std::nullopt : read(p.context)) return p.signal_set(*set);
        p.address(value);
    }
};
struct OutSignalSet : Out<u64> {
    using Out<u64>::Out;
    void print(Printer& p) const {
        auto set = value == 0 || !p.succeeded() ? std::nullopt : p.memory().read<u64>(GuestAddress(value));
        if (set) return p.signal_set(*set);
        p.address(value);
    }
};

/// A socket's address that the call reads, its size in argument `size_index`.
template <int size_index> struct InSocketAddress : InBytes<size_index> {
    using InBytes<size_index>::InBytes;
    void print(Printer& p) const { p.socket_address(this->value, static_cast<u32>(this->count)); }
};
/// A socket's address that the call writes; argument `size_index` points to its size, an int.
template <int size_index> struct OutSocketAddress : Pointer {
    static constexpr bool output = true;
    u64 size_address;
    OutSocketAddress(const u64* registers, int index)
        : Pointer(registers, index), size_address(registers[size_index]) {}
    void print(Printer& p) const {
        auto size = value == 0 || !p.succeeded() ? std::nullopt : p.memory().read<u32>(GuestAddress(size_address));
        if (size) return p.socket_address(value, *size);
        p.address(value);
    }
};

}  // namespace lyrebird::syscall
