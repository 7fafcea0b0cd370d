// The text of --strace: one line a call, as strace prints it.
//
// What must stay true: printing never changes what the guest sees; it reads guest memory only through GuestMemory; a
// line is one write, so that lines of several threads do not mix. Nothing here runs when there is no trace.
#pragma once

#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include <span>
#include <string>
#include <string_view>

#include "runtime/memory/guest_copy.hpp"
#include "syscall/context.hpp"

struct iovec;

namespace lyrebird::syscall {

struct Name;
struct Row;

/// One line in the making. The argument kinds print themselves with it.
class Printer {
  public:
    Printer(const Context& context, const u64* registers) : context(context), registers(registers) {}

    std::string text;
    const Context& context;
    const u64* registers;
    SysResult result = 0;  // valid once `done`
    bool done = false;     // the call was made: output arguments hold something

    bool succeeded() const { return done && result >= 0; }

    void signed_number(i64 number);
    void number(u64 number);
    void hex(u64 number);  // 0x…; 0 is "0"
    void octal(u64 number);
    void address(u64 address);  // "NULL" or 0x…
    /// Bits joined with "|"; what no name covers follows in hexadecimal; 0 is the name for 0 or "0".
    void flags(u64 value, std::span<const Name> names);
    /// One constant; a number that has no name is printed in decimal.
    void constant(u64 value, std::span<const Name> names);
    void signal(int number);
    void signal_set(u64 set);
    /// Guest bytes as a C string in quotes, cut off after 32 with "...".
    void bytes(u64 address, u64 size);
    /// The guest's zero-terminated string in quotes.
    void string(u64 address);
    /// {"…", "…"}: a zero-terminated array of strings, as argv.
    void string_array(u64 address);
    void socket_address(u64 address, u64 size);
    /// [{iov_base="…", iov_len=5}, …]; at most `bytes_limit` bytes are shown in all.
    void vectors(u64 address, u64 count, u64 bytes_limit);

    memory::GuestMemory memory() const { return {context.memory, context.tagged_addresses}; }
};

// Structures that print as their fields; others print as their address.
void print_value(Printer& p, int value);
void print_value(Printer& p, u32 value);
void print_value(Printer& p, u64 value);
void print_value(Printer& p, i64 value);
void print_value(Printer& p, const timespec& value);
void print_value(Printer& p, const timeval& value);
void print_value(Printer& p, const itimerspec& value);
void print_value(Printer& p, const itimerval& value);
void print_value(Printer& p, const rlimit& value);

/// Makes the call and writes its line. `name` is the row's; a null row is a number that the table does not know.
SysResult traced_call(Context& context, const Row* row, u64 number, const u64* registers);

/// "--- SIGCHLD {si_signo=SIGCHLD, …} ---": for the engine when it delivers a signal. Nothing when there is no trace.
void trace_signal(const ProcessState& process, int signal, const siginfo_t& information);

}  // namespace lyrebird::syscall
