#include "runtime/engine/report.hpp"

#include <unistd.h>

#include <cstring>
#include <string>

#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"
#include "runtime/engine/symbol_names.hpp"
#include "runtime/engine/thread.hpp"

namespace lyrebird::engine {

namespace {
constexpr std::string_view how_to_file = "please report this with the program and the command line that led to it";

/// Text in a fixed buffer, for signal handlers: what does not fit is cut off.
class FixedText {
  public:
    FixedText& operator<<(std::string_view text) {
        std::size_t size = std::min(text.size(), sizeof buffer_ - used_);
        std::memcpy(buffer_ + used_, text.data(), size);
        used_ += size;
        return *this;
    }
    FixedText& hexadecimal(u64 value) {
        char digits[18] = "0x";
        int count = 2;
        int shift = 60;
        while (shift > 0 && (value >> shift) == 0) shift -= 4;
        for (; shift >= 0; shift -= 4) digits[count++] = "0123456789abcdef"[value >> shift & 15];
        return *this << std::string_view(digits, std::size_t(count));
    }
    FixedText& decimal(u64 value) {
        char digits[20];
        int at = sizeof digits;
        do digits[--at] = char('0' + value % 10);
        while ((value /= 10) != 0);
        return *this << std::string_view(digits + at, sizeof digits - std::size_t(at));
    }
    void write() const { host_call(SYS_write, 2, buffer_, used_); }

  private:
    char buffer_[1024];
    std::size_t used_ = 0;
};

std::string_view signal_name(int signal) {
    switch (signal) {
        case SIGSEGV:
            return "SIGSEGV";
        case SIGBUS:
            return "SIGBUS";
        case SIGILL:
            return "SIGILL";
        case SIGFPE:
            return "SIGFPE";
        case SIGTRAP:
            return "SIGTRAP";
        default:
            return "a signal";
    }
}

std::string_view cause(int signal, int code) {
    if (signal == SIGSEGV) {
        if (code == SEGV_MAPERR) return "nothing is mapped at the address";
        if (code == SEGV_ACCERR) return "the mapping's rights do not allow the access";
        return "the kernel forced it: no room for a signal frame, or a bad one";
    }
    if (signal == SIGBUS)
        return code == BUS_ADRALN ? "the address is not aligned" : "the mapped file ends before the address";
    if (signal == SIGTRAP) return "a breakpoint instruction";
    if (signal == SIGILL) return "an instruction that the VM does not know, or that is illegal";
    return "a fault";
}

std::string quote(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) < 0x20)
            append(out, "\\u{:04x}", int(c));
        else
            out += c;
    }
    return out + '"';
}

void write_text(const std::string& text) {
    host_call(SYS_write, 2, text.data(), text.size());
}

/// The instruction at `pc` as text and, when it is not known, what it seems to be.
std::string describe_instruction(Thread& thread, u64 pc, bool unknown) {
    std::string text = thread.cpu().disassemble(pc);
    u32 word = 0;
    memory::GuestMemory memory(*thread.system().memory);
    if (!unknown || !memory.read(&word, GuestAddress(pc), sizeof word)) return text;
    const char* extension = thread.system().guest->extension_of(word);
    if (*extension != 0) append(text, "; extension: {}", extension);
    return text;
}
}  // namespace

void report_vm_fault(const siginfo_t& info, u64 host_pc, const Thread* thread) {
    FixedText text;
    text << "lyre: the VM itself failed: " << signal_name(info.si_signo) << " at host pc ";
    text.hexadecimal(host_pc) << " (image at ";
    extern const char image_start[] asm("__ehdr_start");
    text.hexadecimal(as_argument(image_start)) << "), address ";
    text.hexadecimal(as_argument(info.si_addr));
    if (thread != nullptr) {
        text << (thread->in_translated_code(host_pc) ? ", in code of tier 1" : ", in the VM or tier 0");
        (text << ", guest pc ").hexadecimal(thread->guest_pc());
    }
    text << "\nlyre: " << how_to_file << "\n";
    text.write();
    die_by_signal(info.si_signo, nullptr);
}

void report_guest_death(const siginfo_t& info, Thread& thread) {
    System& system = thread.system();
    bool unknown = info.si_signo == SIGILL && info.si_code == ILL_ILLOPC;
    if (system.options.report == ReportFormat::own_failures && !unknown) return;
    u64 pc = thread.guest_pc();
    u64 address = as_argument(info.si_addr);
    std::string instruction = describe_instruction(thread, pc, unknown);
    std::string module = module_of(system, pc);
    std::string_view name = signal_name(info.si_signo);
    if (system.options.report == ReportFormat::json) {
        return write_text(
            format("{{\"event\": \"guest-death\", \"signal\": \"{}\", \"code\": {}, \"address\": \"{:#x}\", \"pc\": "
                   "\"{:#x}\", "
                   "\"module\": {}, \"instruction\": {}, \"program\": {}}}\n",
                   name, info.si_code, address, pc, quote(module), quote(instruction), quote(system.executable)));
    }
    std::string text = format("lyre: {} dies by {}: {}\n", system.executable, name, cause(info.si_signo, info.si_code));
    append(text, "lyre:   guest pc {:#x}{}{}, address {:#x}\n", pc, module.empty() ? "" : " in ", module, address);
    append(text, "lyre:   instruction {}\n", instruction);
    write_text(text);
}

void report_unsupported(std::string_view what, Thread& thread) {
    const Options& options = thread.system().options;
    if (options.report == ReportFormat::own_failures) return;
    if (options.report == ReportFormat::json) {
        return write_text(format("{{\"event\": \"unsupported\", \"what\": {}, \"pc\": \"{:#x}\"}}\n", quote(what),
                                 thread.guest_pc()));
    }
    write_text(format("lyre: unsupported: {} (guest pc {:#x})\n", what, thread.guest_pc()));
}

void report_unsupported_calls(const System& system) {
    if (system.options.report == ReportFormat::own_failures) return;
    std::string calls = system.state->unsupported();
    if (calls.empty()) return;
    if (system.options.report == ReportFormat::json) {
        return write_text(format("{{\"event\": \"unsupported-calls\", \"calls\": {}, \"program\": {}}}\n", quote(calls),
                                 quote(system.executable)));
    }
    write_text(format("lyre: {} made system calls that are not supported (lyre --syscalls says why): {}\n",
                      system.executable, calls));
}

namespace {
void report_check(const char* message, const char* file, int line) {
    FixedText text;
    text << "lyre: the VM itself failed: " << message << " at " << file << ":";
    text.decimal(u64(line));
    if (const Thread* thread = Thread::current()) (text << ", guest pc ").hexadecimal(thread->guest_pc());
    text << "\nlyre: " << how_to_file << "\n";
    text.write();
}
}  // namespace

void install_check_report() {
    set_check_hook(&report_check);
}

}  // namespace lyrebird::engine
