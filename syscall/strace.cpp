#include "syscall/strace.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "runtime/base/text.hpp"
#include "syscall/dispatch.hpp"
#include "syscall/host_call.hpp"
#include "syscall/names.hpp"
#include "syscall/row.hpp"

namespace lyrebird::syscall {

namespace {
constexpr u64 shown_bytes = 32;    // of a string, as strace does
constexpr u64 shown_path = 4096;   // of a zero-terminated string
constexpr u64 shown_strings = 64;  // of an argument vector
constexpr u64 shown_vectors = 16;

void append_quoted(std::string& text, std::string_view bytes) {
    text += '"';
    for (std::size_t index = 0; index < bytes.size(); ++index) {
        const auto byte = static_cast<u8>(bytes[index]);
        const bool digit_follows = index + 1 < bytes.size() && bytes[index + 1] >= '0' && bytes[index + 1] <= '9';
        switch (byte) {
            case '"':
                text += "\\\"";
                break;
            case '\\':
                text += "\\\\";
                break;
            case '\n':
                text += "\\n";
                break;
            case '\t':
                text += "\\t";
                break;
            case '\r':
                text += "\\r";
                break;
            case '\v':
                text += "\\v";
                break;
            case '\f':
                text += "\\f";
                break;
            default:
                if (byte >= 0x20 && byte < 0x7f) {
                    text += static_cast<char>(byte);
                } else if (digit_follows) {
                    append(text, "\\{:03o}", byte);
                } else {
                    append(text, "\\{:o}", byte);
                }
        }
    }
    text += '"';
}

std::string signal_name(int number) {
    if (number >= 32 && number <= 64) return number == 32 ? "SIGRTMIN" : format("SIGRT_{}", number - 32);
    const char* name = sigabbrev_np(number);
    return name != nullptr ? format("SIG{}", name) : format("{}", number);
}

void write_line(const ProcessState& process, const std::string& line) {
    std::size_t written = 0;
    while (written < line.size()) {
        auto count = host_call(SYS_write, process.trace_descriptor, line.data() + written, line.size() - written);
        if (count == -EINTR) continue;
        if (count <= 0) return;
        written += static_cast<std::size_t>(count);
    }
}

std::string line_start(const ProcessState& process) {
    if (!process.traces_several.load(std::memory_order_relaxed)) return "";
    return format("[pid {:5}] ", host_call(SYS_gettid));
}
}  // namespace

void Printer::signed_number(i64 number) {
    append(text, "{}", number);
}

void Printer::number(u64 number) {
    append(text, "{}", number);
}

void Printer::hex(u64 number) {
    if (number == 0) {
        text += '0';
    } else {
        append(text, "{:#x}", number);
    }
}

void Printer::octal(u64 number) {
    append(text, "{:#o}", number);
}

void Printer::address(u64 address) {
    if (address == 0) {
        text += "NULL";
    } else {
        append(text, "{:#x}", address);
    }
}

void Printer::flags(u64 value, std::span<const Name> names) {
    const char* separator = "";
    u64 rest = value;
    for (const Name& name : names) {
        if (name.value == 0 ? value != 0 : (rest & name.value) != name.value) continue;
        text += separator;
        text += name.name;
        separator = "|";
        rest &= ~name.value;
        if (value == 0) return;
    }
    if (rest == 0 && *separator != 0) return;
    text += separator;
    hex(rest);
}

void Printer::constant(u64 value, std::span<const Name> names) {
    for (const Name& name : names) {
        if (name.value != value) continue;
        text += name.name;
        return;
    }
    signed_number(static_cast<i32>(value));
}

void Printer::signal(int number) {
    text += number == 0 ? "0" : signal_name(number);
}

void Printer::signal_set(u64 set) {
    // As strace: a set that is more full than empty is shown by what it lacks.
    const bool inverse = __builtin_popcountll(set) > 32;
    if (inverse) set = ~set;
    text += inverse ? "~[" : "[";
    for (const char* separator = ""; set != 0; set &= set - 1, separator = " ") {
        auto name = signal_name(__builtin_ctzll(set) + 1);
        text += separator;
        text += name.starts_with("SIG") ? name.substr(3) : name;
    }
    text += ']';
}

void Printer::bytes(u64 address, u64 size) {
    char buffer[shown_bytes];
    const u64 count = std::min(size, shown_bytes);
    if (address == 0 || !memory().read(buffer, GuestAddress(address), count)) return this->address(address);
    append_quoted(text, {buffer, count});
    if (size > count) text += "...";
}

void Printer::string(u64 address) {
    if (address == 0) return this->address(0);
    if (auto found = memory().read_string(GuestAddress(address), shown_path)) return append_quoted(text, *found);
    this->address(address);
}

void Printer::string_array(u64 address) {
    if (address == 0) return this->address(0);
    text += '[';
    for (u64 index = 0;; ++index) {
        auto element = memory().read<u64>(GuestAddress(address + index * 8));
        if (!element || *element == 0) break;
        if (index != 0) text += ", ";
        if (index == shown_strings) {
            text += "...";
            break;
        }
        string(*element);
    }
    text += ']';
}

void Printer::socket_address(u64 address, u64 size) {
    sockaddr_storage storage{};
    const u64 count = std::min<u64>(size, sizeof storage);
    if (address == 0 || !memory().read(&storage, GuestAddress(address), count) || count < sizeof(sa_family_t)) {
        return this->address(address);
    }
    char numbers[INET6_ADDRSTRLEN] = "?";
    text += "{sa_family=";
    constant(storage.ss_family, domain_names);
    if (storage.ss_family == AF_INET && count >= sizeof(sockaddr_in)) {
        const auto& in = reinterpret_cast<const sockaddr_in&>(storage);
        inet_ntop(AF_INET, &in.sin_addr, numbers, sizeof numbers);
        append(text, ", sin_port=htons({}), sin_addr=inet_addr(\"{}\")", ntohs(in.sin_port), numbers);
    } else if (storage.ss_family == AF_INET6 && count >= sizeof(sockaddr_in6)) {
        const auto& in = reinterpret_cast<const sockaddr_in6&>(storage);
        inet_ntop(AF_INET6, &in.sin6_addr, numbers, sizeof numbers);
        append(text, ", sin6_port=htons({}), sin6_addr=\"{}\"", ntohs(in.sin6_port), numbers);
    } else if (storage.ss_family == AF_UNIX && count > sizeof(sa_family_t)) {
        const auto& un = reinterpret_cast<const sockaddr_un&>(storage);
        const u64 length = count - sizeof(sa_family_t);
        text += un.sun_path[0] == 0 ? ", sun_path=@" : ", sun_path=";
        append_quoted(text, un.sun_path[0] == 0 ? std::string_view(un.sun_path + 1, length - 1)
                                                : std::string_view(un.sun_path, strnlen(un.sun_path, length)));
    }
    text += '}';
}

void Printer::vectors(u64 address, u64 count, u64 bytes_limit) {
    if (address == 0) return this->address(0);
    text += '[';
    for (u64 index = 0; index < count; ++index) {
        auto vector = memory().read<iovec>(GuestAddress(address + index * sizeof(iovec)));
        if (!vector) break;
        if (index != 0) text += ", ";
        if (index == shown_vectors) {
            text += "...";
            break;
        }
        text += "{iov_base=";
        bytes(reinterpret_cast<u64>(vector->iov_base), std::min<u64>(vector->iov_len, bytes_limit));
        append(text, ", iov_len={}}}", vector->iov_len);
        bytes_limit -= std::min<u64>(bytes_limit, vector->iov_len);
    }
    text += ']';
}

void print_value(Printer& p, int value) {
    append(p.text, "[{}]", value);
}
void print_value(Printer& p, u32 value) {
    append(p.text, "[{}]", value);
}
void print_value(Printer& p, u64 value) {
    append(p.text, "[{}]", value);
}
void print_value(Printer& p, i64 value) {
    append(p.text, "[{}]", value);
}
void print_value(Printer& p, const timespec& value) {
    append(p.text, "{{tv_sec={}, tv_nsec={}}}", value.tv_sec, value.tv_nsec);
}
void print_value(Printer& p, const timeval& value) {
    append(p.text, "{{tv_sec={}, tv_usec={}}}", value.tv_sec, value.tv_usec);
}
void print_value(Printer& p, const itimerspec& value) {
    p.text += "{it_interval=";
    print_value(p, value.it_interval);
    p.text += ", it_value=";
    print_value(p, value.it_value);
    p.text += '}';
}
void print_value(Printer& p, const itimerval& value) {
    p.text += "{it_interval=";
    print_value(p, value.it_interval);
    p.text += ", it_value=";
    print_value(p, value.it_value);
    p.text += '}';
}
void print_value(Printer& p, const rlimit& value) {
    auto one = [&](u64 limit) { limit == RLIM_INFINITY ? void(p.text += "RLIM64_INFINITY") : p.number(limit); };
    p.text += "{rlim_cur=";
    one(value.rlim_cur);
    p.text += ", rlim_max=";
    one(value.rlim_max);
    p.text += '}';
}

namespace {
/// Some arguments show nothing when others say that they mean nothing.
void print_arguments(Printer& p, const Row& row, int begin, int end) {
    for (int index = begin; index < end; ++index) {
        const std::size_t before = p.text.size();
        if (index != 0) p.text += ", ";
        const std::size_t start = p.text.size();
        row.print(p, p.registers, index);
        if (p.text.size() == start) p.text.resize(before);
    }
}

/// For calls whose kinds are unknown: the six registers.
void print_registers(Printer& p) {
    for (int index = 0; index < 6; ++index) {
        if (index != 0) p.text += ", ";
        p.hex(p.registers[index]);
    }
}

void print_result(Printer& p, SysResult result, ResultStyle style) {
    if (result == registers_set) {
        p.text += " = ?";
    } else if (result < 0 && result >= -4095) {
        const char* name = strerrorname_np(static_cast<int>(-result));
        append(p.text, " = -1 {} ({})", name != nullptr ? name : "E?", strerrordesc_np(static_cast<int>(-result)));
    } else if (style == ResultStyle::address) {
        append(p.text, " = {:#x}", static_cast<u64>(result));
    } else {
        append(p.text, " = {}", result);
    }
}

/// exit, execve …: the line is written before the call, for there may be nobody to write it afterwards.
SysResult traced_last_call(Context& context, const Row& row, Printer& p) {
    print_arguments(p, row, 0, row.arity);
    write_line(context.process, p.text + " <unfinished ...>\n");
    const SysResult result = row.call(context, p.registers);
    if (result == restart || result == registers_set) return result;
    p.text = line_start(context.process) + "<... " + row.name + " resumed>)";
    print_result(p, result, row.result);
    write_line(context.process, p.text + "\n");
    return result;
}
}  // namespace

SysResult traced_call(Context& context, const Row* row, u64 number, const u64* registers) {
    Printer p(context, registers);
    p.text = line_start(context.process) + name_of(number) + "(";
    if (row == nullptr || row->support == Support::refused) {
        print_registers(p);
        const SysResult result = row == nullptr ? -ENOSYS : -row->error;
        p.text += ')';
        print_result(p, result, ResultStyle::decimal);
        p.text += row == nullptr ? " [lyre: no such call]\n" : format(" [lyre: unsupported: {}]\n", row->note);
        write_line(context.process, p.text);
        return result;
    }
    if (row->result == ResultStyle::none) return traced_last_call(context, *row, p);
    const int first_output = row->outputs == 0 ? row->arity : __builtin_ctz(row->outputs);
    print_arguments(p, *row, 0, first_output);
    p.result = row->call(context, registers);
    if (p.result == restart) return p.result;  // it will be made, and shown, anew
    p.done = true;
    print_arguments(p, *row, first_output, row->arity);
    p.text += ')';
    print_result(p, p.result, row->result);
    if (p.result == -ENOSYS) p.text += " [lyre: unsupported]";
    write_line(context.process, p.text + "\n");
    return p.result;
}

void trace_signal(const ProcessState& process, int signal, const siginfo_t& information) {
    if (process.trace_descriptor < 0) return;
    auto name = signal_name(signal);
    std::string line =
        line_start(process) + format("--- {} {{si_signo={}, si_code={}", name, name, information.si_code);
    if (information.si_code > 0 && (signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE)) {
        append(line, ", si_addr={:#x}", reinterpret_cast<u64>(information.si_addr));
    } else if (information.si_code <= 0 || signal == SIGCHLD) {
        append(line, ", si_pid={}, si_uid={}", information.si_pid, information.si_uid);
    }
    write_line(process, line + "} ---\n");
}

}  // namespace lyrebird::syscall
