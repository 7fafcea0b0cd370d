// exec: the guest's process becomes another program, guest or host.
//
// The kernel does it: a guest program is executed by executing the VM anew, which finds the program, already open, by
// what is handed over (hand_over.hpp). So descriptors, pending signals, the mask, ignored signals, timers and all the
// rest become what they become on Linux, and other threads end as the kernel ends them.
//
// What must stay true: whatever can be wrong with the program is found before the kernel is asked, while the guest can
// still be told. What is changed for the new process's sake is changed back when the kernel refuses.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <cerrno>

#include "loader/elf_file.hpp"
#include "loader/program.hpp"
#include "runtime/base/text.hpp"
#include "runtime/engine/self_exec.hpp"
#include "runtime/engine/thread.hpp"

namespace lyrebird::engine {

namespace {
SysResult as_errno(const Error& error) {
    return error.code == 0 ? -ENOEXEC : -error.code;
}

/// How Linux names a program that is executed by descriptor (fs/exec.c: alloc_bprm).
std::string descriptor_name(const syscall::ExecRequest& request) {
    if (request.path.empty()) return format("/dev/fd/{}", request.directory);
    return format("/dev/fd/{}/{}", request.directory, request.path);
}

/// Opens what `request` means by its descriptor. Reading needs a descriptor of its own: the guest's may be O_PATH.
Result<Handle> open_by_descriptor(const syscall::ExecRequest& request) {
    std::string path = request.path.empty() ? format("/proc/self/fd/{}", request.directory) : request.path;
    int directory = request.path.empty() ? AT_FDCWD : request.directory;
    int flags = O_RDONLY | O_CLOEXEC | ((request.flags & AT_SYMLINK_NOFOLLOW) != 0 ? O_NOFOLLOW : 0);
    if (request.path.empty() && ::fcntl(request.directory, F_GETFD) < 0) return fail("no such descriptor", EBADF);
    int file = ::openat(directory, path.c_str(), flags);
    if (file < 0) return fail("the program cannot be opened", errno);
    return Handle(file);
}

Result<loader::ProgramRequest> program_request(const syscall::ExecRequest& request, const loader::Sysroot& sysroot) {
    loader::ProgramRequest program;
    program.arguments = request.arguments;
    bool by_path = request.directory == AT_FDCWD || request.path.starts_with('/');
    if (by_path && (request.flags & AT_SYMLINK_NOFOLLOW) == 0) {
        program.path = request.path;
        return program;
    }
    if (by_path) {
        TRY(file, sysroot.open(request.path, O_RDONLY | O_NOFOLLOW));
        program.path = request.path;
        program.file = std::move(file);
        return program;
    }
    TRY(file, open_by_descriptor(request));
    program.path = descriptor_name(request);
    program.file = std::move(file);
    program.path_inaccessible = (::fcntl(request.directory, F_GETFD) & FD_CLOEXEC) != 0;
    return program;
}

/// Whether the loader will be able to run it; the file's offset and the Handle stay the caller's.
Result<void> check_guest_program(const loader::Program& program, const loader::Sysroot& sysroot) {
    Handle copy(::fcntl(program.file.get(), F_DUPFD_CLOEXEC, 0));
    if (!copy) return fail("no descriptor is free", errno);
    TRY(image, loader::read_image(std::move(copy), program.path));
    if (!image.interpreter) return {};
    TRY(interpreter, loader::read_interpreter(image, sysroot));
    return {};
}

/// What is changed around the host's execve, and changed back when it returns.
class ForNewProcess {
  public:
    ForNewProcess(const syscall::ProcessState& state, const SignalActions& actions, SignalSet blocked_faults,
                  bool for_guest)
        : actions_(actions) {
        for (int resource : {RLIMIT_AS, RLIMIT_DATA, RLIMIT_STACK})
            set_limit(resource, state.limit(resource), for_guest);
        actions_.leave_to_host();
        SignalSet faults = blocked_faults;
        host_mask(SIG_BLOCK, &faults, nullptr);
    }
    /// The kernel has refused.
    void undo() const {
        SignalSet faults = fault_signals;
        actions_.take_from_host();
        host_mask(SIG_UNBLOCK, &faults, nullptr);
        for (std::size_t index = 0; index < saved_count_; ++index) {
            ::setrlimit(saved_[index].resource, &saved_[index].limit);
        }
    }
    std::optional<u64> stack_limit() const { return stack_limit_; }

  private:
    struct Saved {
        __rlimit_resource resource;
        rlimit limit;
    };

    /// A guest program's VM must not be started with a stack limit that makes its layout a low one.
    void set_limit(int resource, const syscall::Limit& wanted, bool for_guest) {
        auto kind = __rlimit_resource(resource);
        rlimit now{};
        if (::getrlimit(kind, &now) != 0) return;
        rlimit limit{wanted.soft, wanted.hard};
        if (for_guest && resource == RLIMIT_STACK && limit.rlim_cur > highest_stack_limit) {
            stack_limit_ = limit.rlim_cur;
            limit.rlim_cur = safe_stack_limit;
        }
        if (limit.rlim_cur == now.rlim_cur && limit.rlim_max == now.rlim_max) return;
        saved_[saved_count_++] = {kind, now};
        ::setrlimit(kind, &limit);
    }

    const SignalActions& actions_;
    std::array<Saved, 3> saved_;
    std::size_t saved_count_ = 0;
    std::optional<u64> stack_limit_;
};

/// execve that is not made when a signal waits.
SysResult interruptible_exec(void* attention, int directory, const char* path, char* const* arguments,
                             char* const* environment, int flags) {
    return syscall::interruptible_call(static_cast<const std::atomic<u32>*>(attention), SYS_execveat, u64(directory),
                                       as_argument(path), as_argument(arguments), as_argument(environment), u64(flags));
}
}  // namespace

SysResult Thread::exec(const syscall::ExecRequest& request) {
    auto wanted = program_request(request, system().sysroot);
    if (!wanted) return as_errno(wanted.error());
    auto program = loader::resolve(std::move(*wanted), system().sysroot);
    if (!program) return as_errno(program.error());
    if (guest_for(program->machine) != nullptr) return exec_guest(*program, request.environment);
    return exec_host(*program, request.environment);
}

SysResult Thread::exec_guest(const loader::Program& program, const std::vector<std::string>& environment) {
    if (auto good = check_guest_program(program, system().sysroot); !good) return as_errno(good.error());
    Handle file(::fcntl(program.file.get(), F_DUPFD, 0));  // stays open across exec
    if (!file) return -errno;
    ForNewProcess changes(process_->state(), process_->actions, signals_.blocked_faults, true);
    HandOver hand_over;
    hand_over.stack_limit = changes.stack_limit();
    hand_over.program = ProgramToRun{file.get(), program.path, program.name};
    hand_over.options = system().options;
    Handle trace(system().trace_file < 0 ? -1 : ::fcntl(system().trace_file, F_DUPFD, 0));
    hand_over.options.strace_descriptor = trace.get();
    // The sysroot may be out of reach since the guest changed its root; then the new root takes its place.
    if (::access(system().sysroot.directory().c_str(), F_OK) != 0) hand_over.options.sysroot.clear();
    std::vector<std::string> with_hand_over = environment;
    with_hand_over.push_back(encode(hand_over));
    SysResult result =
        execute_self(system().own_file, program.arguments, with_hand_over, &interruptible_exec, &vm_.attention);
    changes.undo();
    return result;
}

SysResult Thread::exec_host(const loader::Program& program, const std::vector<std::string>& environment) {
    std::vector<char*> arguments = as_pointers(program.arguments);
    std::vector<char*> variables = as_pointers(environment);
    ForNewProcess changes(process_->state(), process_->actions, signals_.blocked_faults, false);
    SysResult result =
        interruptible_exec(&vm_.attention, AT_FDCWD, program.path.c_str(), arguments.data(), variables.data(), 0);
    changes.undo();
    return result;
}

}  // namespace lyrebird::engine
