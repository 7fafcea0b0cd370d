// A guest process without a processor or an engine: an address space with a few pages, a Cpu that only holds registers
// and a Services that writes down what it was asked. Tests make system calls by name, as a guest would by number.
#pragma once

#include <sys/mman.h>
#include <sys/wait.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "syscall/abi.hpp"
#include "syscall/dispatch.hpp"
#include "syscall/host_call.hpp"
#include "syscall/row.hpp"
#include "translator/aarch64/state.hpp"

namespace lyrebird::syscall::testing {

/// Registers only: it is never run.
class FakeCpu final : public isa::Cpu {
  public:
    SystemCall call{};
    u64 result = 0;
    int advanced = 0;

    isa::ExitReason run() override { return isa::ExitReason::system_call; }
    void abandoned() override {}
    void* state() override { return &state_; }
    u64 pc() const override { return 0; }
    void set_pc(u64) override {}
    u64 stack_pointer() const override { return 0; }
    void set_stack_pointer(u64) override {}
    void set_thread_pointer(u64) override {}
    SystemCall system_call() const override { return call; }
    void set_result(u64 value) override { result = value; }
    void advance() override { ++advanced; }
    std::unique_ptr<Cpu> clone() const override { return nullptr; }
    void drop_cached_code() override {}
    void invalidate_code() override {}
    void invalidate_code(u64, u64) override {}
    bool code_written(u64, u64) override { return false; }
    bool recover(u64, u64&, u64&, bool&) override { return false; }
    void observe(isa::CodeObserver*) override {}
    u64 data_address() override { return 0; }
    std::string disassemble(u64) override { return ""; }
    void before_fork() override {}
    bool is_translated(u64) const override { return false; }
    void after_fork_in_parent() override {}
    void after_fork_in_child() override {}
    Statistics statistics() override { return {}; }
    void dump_code(int, bool) override {}

  private:
    aarch64::State state_;  // what of it a guest's ABI looks at
};

/// Keeps what it was asked; answers 0 unless a test says otherwise.
class FakeServices final : public Services {
  public:
    std::optional<CloneRequest> cloned;
    std::optional<ExecRequest> executed;
    std::optional<int> exited, group_exited;
    std::vector<u64> addresses;  // of the last call that hands addresses over
    u64 mask = 0;
    u64 pending = 0;
    std::optional<u64> suspended;
    int masks_replaced = 0;
    int memory_changes = 0;
    int root_changes_told = 0;
    std::string program = "/guest/program";
    std::vector<int> owned;  // ascending
    std::optional<SignalSets> sets;

    SysResult clone(const CloneRequest& request) override {
        cloned = request;
        return 0;
    }
    SysResult exec(const ExecRequest& request) override {
        executed = request;
        return -ENOEXEC;
    }
    SysResult exit_thread(int status) override {
        exited = status;
        return registers_set;
    }
    SysResult exit_group(int status) override {
        group_exited = status;
        return registers_set;
    }
    SysResult set_tid_address(u64 address) override { return keep({address}, 77); }
    SysResult signal_action(int signal, u64 next, u64 old) override {
        return keep({static_cast<u64>(signal), next, old}, 0);
    }
    SysResult signal_mask(int how, const u64* set, u64* old) override {
        *old = mask;
        if (set == nullptr) return 0;
        if (how < 0 || how > 2) return -EINVAL;
        mask = how == SIG_BLOCK ? mask | *set : how == SIG_UNBLOCK ? mask & ~*set : *set;
        return 0;
    }
    SysResult signal_stack(u64 next, u64 old) override { return keep({next, old}, 0); }
    SysResult signal_return() override { return registers_set; }
    SysResult signal_suspend(u64 set) override {
        suspended = set;
        return -EINTR;
    }
    SysResult signal_pending(u64* set) override {
        *set = pending;
        return 0;
    }
    SysResult with_mask(const u64* set, SysResult (*call)(void*, const u64*), void* data) override {
        ++masks_replaced;
        return call(data, set);
    }
    SysResult flush_code(u64 start, u64 end, u64 flags) override { return keep({start, end, flags}, 0); }
    void memory_changed() override { ++memory_changes; }
    void root_changes() override { ++root_changes_told; }
    std::string executable_path() const override { return program; }
    std::optional<SignalSets> signal_sets() const override { return sets; }
    int next_owned_descriptor(int from) const override {
        for (int descriptor : owned) {
            if (descriptor >= from) return descriptor;
        }
        return -1;
    }

  private:
    SysResult keep(std::vector<u64> given, SysResult answer) {
        addresses = std::move(given);
        return answer;
    }
};

class Guest {
  public:
    explicit Guest(const std::string& sysroot = "");

    FakeCpu cpu;
    FakeServices services;
    Abi abi = riscv64_abi;
    ProcessState process;
    std::unique_ptr<memory::AddressSpace> memory;
    loader::Sysroot sysroot;
    Context context;

    /// Makes the guest's call of that name; arguments are numbers or addresses.
    template <class... Arguments>
    SysResult operator()(const char* name, Arguments... arguments) {
        return call(number_of(name), {static_cast<u64>(arguments)...});
    }
    SysResult call(u64 number, std::vector<u64> arguments);

    /// A zeroed page of the guest, readable and writable; each call gives another one.
    u64 page();
    /// As page, at a low address: no size in use reaches the end of the guest's part from there.
    u64 low_page();
    /// The address of a guest copy of the text, with its zero byte.
    u64 text(const std::string& text);
    template <class T>
    u64 put(const T& object) {
        const u64 address = page();
        write(address, object);
        return address;
    }
    template <class T>
    void write(u64 address, const T& object) {
        static_assert(std::is_trivially_copyable_v<T>);
        *GuestAddress(address).host<T>() = object;
    }
    template <class T>
    T read(u64 address) const {
        return *GuestAddress(address).host<T>();
    }
    std::string read_text(u64 address) const { return GuestAddress(address).host<char>(); }
    /// An address of the guest's part where nothing is ever mapped: far below all that is placed from the top.
    u64 hole() const { return 0x40000; }
    /// The trace of one call.
    template <class... Arguments>
    std::string traced(const char* name, Arguments... arguments) {
        return trace([&] { (*this)(name, arguments...); });
    }
    std::string trace(const std::function<void()>& body);

    static u64 number_of(const char* name);

    /// Another thread of the same process.
    class Thread;
};

class Guest::Thread {
  public:
    explicit Thread(Guest& guest)
        : context_{*guest.memory, guest.sysroot, guest.services, cpu, guest.abi, guest.process} {}

    FakeCpu cpu;

    template <class... Arguments>
    SysResult operator()(const char* name, Arguments... arguments) {
        const u64 words[6] = {static_cast<u64>(arguments)...};
        cpu.call.number = number_of(name);
        std::copy(std::begin(words), std::end(words), cpu.call.arguments.begin());
        return dispatch(context_);
    }

  private:
    Context context_;
};

/// What `body` returns, in a child of its own that ends afterwards; −1000 − signal when a signal killed it.
long in_child(const std::function<long()>& body);
/// As in_child for several answers; fewer than `count` when the child did not come so far.
std::vector<long> answers_in_child(std::size_t count, const std::function<long(std::size_t)>& body);

/// "ENOENT", or the number.
std::string errno_text(SysResult result);

}  // namespace lyrebird::syscall::testing
