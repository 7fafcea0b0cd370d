// Scattered buffers: iovec arrays and socket messages. The kernel gets the VM's copies, in which every address was
// checked, so that another guest thread cannot change an address between the check and its use.
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <memory>
#include <vector>

#include "syscall/arguments.hpp"

namespace lyrebird::syscall {

/// A checked copy of a guest's iovec array.
class VectorCopy {
  public:
    /// What to give the kernel for `count` vectors at `address`; lives as long as this object. An array that cannot be
    /// read gives an address that makes the kernel say EFAULT; one that is too long is not read: the kernel refuses its
    /// count.
    u64 load(const Context& context, u64 address, u64 count);

  private:
    static constexpr u64 few = 8;
    iovec few_[few];
    std::unique_ptr<iovec[]> many_;
};

namespace detail {
template <int count_index>
struct Vectors : Argument {
    static constexpr bool pointer = true;
    u64 count;
    Vectors(const u64* registers, int index) : Argument(registers, index), count(registers[count_index]) {}
    u64 host(const Context& context) { return copy_.load(context, value, count); }

  private:
    VectorCopy copy_;
};
}  // namespace detail

/// Buffers that the call reads, their number in argument `count_index`.
template <int count_index>
struct InVectors : detail::Vectors<count_index> {
    using detail::Vectors<count_index>::Vectors;
    void print(Printer& p) const { p.vectors(this->value, this->count, ~u64{0}); }
};
/// Buffers that the call fills; the result is how many bytes there are.
template <int count_index>
struct OutVectors : detail::Vectors<count_index> {
    static constexpr bool output = true;
    using detail::Vectors<count_index>::Vectors;
    void print(Printer& p) const {
        if (p.succeeded()) return p.vectors(this->value, this->count, static_cast<u64>(p.result));
        p.address(this->value);
    }
};

/// A checked copy of a guest's msghdr, and the way back of what recvmsg changes in it.
class MessageCopy {
  public:
    /// False when the guest's structure cannot be read.
    bool load(const Context& context, u64 address);
    msghdr& header() { return header_; }
    /// Writes the sizes and flags that the kernel set to the guest's structure.
    bool store(const Context& context, u64 address) const;

  private:
    msghdr header_;
    VectorCopy vectors_;
};

namespace detail {
struct MessageArgument : Argument {
    static constexpr bool pointer = true;
    using Argument::Argument;
    u64 host(const Context& context) {
        return copy_.load(context, value) ? reinterpret_cast<u64>(&copy_.header()) : outside_of_everybody(value);
    }
    void print_message(Printer& p, u64 bytes_limit) const;

  protected:
    MessageCopy copy_;
};
}  // namespace detail

/// The message of sendmsg.
struct InMessageHeader : detail::MessageArgument {
    using MessageArgument::MessageArgument;
    void print(Printer& p) const { print_message(p, ~u64{0}); }
};
/// The message of recvmsg.
struct OutMessageHeader : detail::MessageArgument {
    static constexpr bool output = true;
    using MessageArgument::MessageArgument;
    SysResult leave(const Context& context, SysResult result) const {
        return result < 0 || copy_.store(context, value) ? result : -EFAULT;
    }
    void print(Printer& p) const {
        if (p.succeeded()) return print_message(p, static_cast<u64>(p.result));
        p.address(value);
    }
};

}  // namespace lyrebird::syscall
