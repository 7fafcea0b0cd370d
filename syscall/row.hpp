// A row of the system call table: what is known about one number, derived from the argument kinds that it is written
// with.
//
//   pass<SYS_write, Fd, InBuffer<2>, Size>(64, "write")       the host's call of the same meaning; kinds convert and
//   check own<map_memory>(222, "mmap")                              a handler; the kinds are its parameters
//   own<set_limit>(261, "prlimit64", partial("…"))            …of which something is missing
//   refused(117, "ptrace", "why", ENOSYS)                     says no, and why
//
// What must stay true: a pass row's host call goes through interruptible_call; kinds turn every address outside of the
// guest's part into one outside of everybody's, so that the kernel itself says EFAULT, in its own order of checks.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "syscall/context.hpp"
#include "syscall/host_call.hpp"
#include "syscall/strace.hpp"

namespace lyrebird::syscall {

enum class Support : u8 { full, partial, refused };

/// How strace shows the result.
enum class ResultStyle : u8 { decimal, address, none };

struct Row {
    u16 number;
    const char* name;
    SysResult (*call)(Context&, const u64* registers);
    void (*print)(Printer&, const u64* registers, int index);  // one argument
    u8 arity;
    u8 pointers;  // one bit an argument: it carries an address
    u8 outputs;   // one bit an argument: it is printed after the call
    Support support = Support::full;
    ResultStyle result = ResultStyle::decimal;
    i16 host_number = -1;  // of a pass row: the host's call of the same meaning
    const char* note = "";
    int error = 0;  // of a refused call: what it returns, without the sign
};

/// What a row can be given besides its number and name.
struct Remark {
    Support support = Support::full;
    ResultStyle result = ResultStyle::decimal;
    const char* note = "";
};
/// Works but for what `missing` says.
constexpr Remark partial(const char* missing) {
    return {Support::partial, ResultStyle::decimal, missing};
}
/// Works; `text` says what is worth knowing.
constexpr Remark noted(const char* text) {
    return {Support::full, ResultStyle::decimal, text};
}
inline constexpr Remark returns_address{Support::full, ResultStyle::address, ""};
inline constexpr Remark may_not_return{Support::full, ResultStyle::none, ""};

namespace detail {

template <class... Kinds>
void print_argument(Printer& p, const u64* registers, int index) {
    int position = 0;
    [[maybe_unused]] auto one = [&]<class Kind>(std::type_identity<Kind>) {
        if (position == index) Kind(registers, position).print(p);
        ++position;
    };
    (one(std::type_identity<Kinds>{}), ...);
}

template <class Kind>
SysResult leave(Context& context, Kind& kind, SysResult result) {
    if constexpr (requires { kind.leave(context, result); }) {
        return kind.leave(context, result);
    } else {
        return result;
    }
}

/// A row's kinds, each built in place: some own the copy that the kernel works on.
template <std::size_t index, class Kind>
struct Place {
    Kind kind;
    explicit Place(const u64* registers) : kind(registers, static_cast<int>(index)) {}
};
template <class Indices, class... Kinds>
struct Places;
template <std::size_t... indices, class... Kinds>
struct Places<std::index_sequence<indices...>, Kinds...> : Place<indices, Kinds>... {
    explicit Places([[maybe_unused]] const u64* registers) : Place<indices, Kinds>(registers)... {}

    SysResult make_call(Context& context, long host_number) {
        const u64 host[6] = {Place<indices, Kinds>::kind.host(context)...};
        SysResult result = interruptible_call(&context.cpu.vm().attention, host_number, host[0], host[1], host[2],
                                              host[3], host[4], host[5]);
        ((result = leave(context, Place<indices, Kinds>::kind, result)), ...);
        return result;
    }
};

template <long host_number, class... Kinds>
SysResult pass_call(Context& context, const u64* registers) {
    return Places<std::index_sequence_for<Kinds...>, Kinds...>(registers).make_call(context, host_number);
}

template <class... Kinds>
consteval Row make_row(int number, const char* name, Remark remark, SysResult (*call)(Context&, const u64*)) {
    static_assert(sizeof...(Kinds) <= 6);
    Row row{};
    row.number = static_cast<u16>(number);
    row.name = name;
    row.call = call;
    row.print = print_argument<Kinds...>;
    row.arity = sizeof...(Kinds);
    int position = 0;
    [[maybe_unused]] auto one = [&](bool pointer, bool output) {
        row.pointers = static_cast<u8>(row.pointers | (pointer ? 1 << position : 0));
        row.outputs = static_cast<u8>(row.outputs | (output ? 1 << position : 0));
        ++position;
    };
    (one(Kinds::pointer, Kinds::output), ...);
    row.support = remark.support;
    row.result = remark.result;
    row.note = remark.note;
    return row;
}

template <auto function>
struct Handler;
template <class... Kinds, SysResult (*function)(Context&, Kinds...)>
struct Handler<function> {
    static SysResult call(Context& context, const u64* registers) {
        return [&]<std::size_t... index>(std::index_sequence<index...>) {
            return function(context, Kinds(registers, static_cast<int>(index))...);
        }
        (std::index_sequence_for<Kinds...>{});
    }
    static consteval Row row(int number, const char* name, Remark remark) {
        return make_row<Kinds...>(number, name, remark, call);
    }
};

}  // namespace detail

template <long host_number, class... Kinds>
consteval Row pass(int number, const char* name, Remark remark = {}) {
    Row row = detail::make_row<Kinds...>(number, name, remark, detail::pass_call<host_number, Kinds...>);
    row.host_number = static_cast<i16>(host_number);
    return row;
}

template <auto function>
consteval Row own(int number, const char* name, Remark remark = {}) {
    return detail::Handler<function>::row(number, name, remark);
}

/// `error` without the sign. The arguments are printed in hexadecimal.
consteval Row refused(int number, const char* name, const char* why, int error) {
    Row row{};
    row.number = static_cast<u16>(number);
    row.name = name;
    row.support = Support::refused;
    row.note = why;
    row.error = error;
    return row;
}

/// All rows, ascending by number.
std::span<const Row> table();
/// The row of the guest's number, or null.
const Row* find_row(u64 number);

}  // namespace lyrebird::syscall
