// Processes and programs: what clone, exec and exit ask is checked and copied here and done by the engine. Limits on
// memory are the guest's alone (ProcessState): the host's kernel would count the VM.
#include <linux/capability.h>
#include <sys/personality.h>

#include "syscall/handlers.hpp"
#include "syscall/proc.hpp"

namespace lyrebird::syscall {

namespace {
// struct clone_args of linux/sched.h.
struct CloneArguments {
    u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};
constexpr u64 first_size = 64;     // CLONE_ARGS_SIZE_VER0
constexpr u64 most_set_tids = 32;  // MAX_PID_NS_LEVEL
constexpr u64 clear_sighand = 0x100000000, into_cgroup = 0x200000000;

SysResult request_clone(Context& context, const CloneRequest& request) {
    const u64 both = CLONE_PIDFD | CLONE_PARENT_SETTID;
    if ((request.flags & both) == both && request.pidfd == request.parent_tid) return -EINVAL;
    context.process.traces_several.store(true, std::memory_order_relaxed);
    return context.services.clone(request);
}

/// Copies the structure of `size` bytes as the kernel does: missing fields are 0, unknown ones must be.
SysResult read_clone_arguments(const Context& context, u64 address, u64 size, CloneArguments& arguments) {
    if (size > page_size) return -E2BIG;
    if (size < first_size) return -EINVAL;
    auto memory = guest_memory(context);
    if (!memory.read(&arguments, GuestAddress(address), std::min<u64>(size, sizeof arguments))) return -EFAULT;
    for (u64 offset = sizeof arguments; offset < size; ++offset) {
        auto byte = memory.read<u8>(GuestAddress(address + offset));
        if (!byte) return -EFAULT;
        if (*byte != 0) return -E2BIG;
    }
    return 0;
}

/// The kernel's own checks (clone3_args_valid, copy_clone_args_from_user).
bool valid(const CloneArguments& arguments) {
    const bool set_tid = arguments.set_tid != 0;
    if (arguments.set_tid_size > most_set_tids || set_tid != (arguments.set_tid_size != 0)) return false;
    if ((arguments.exit_signal & ~u64{CSIGNAL}) != 0 || arguments.exit_signal > 64) return false;
    if ((arguments.flags & into_cgroup) != 0 && arguments.cgroup > INT_MAX) return false;
    if ((arguments.flags & (CLONE_DETACHED | CSIGNAL)) != 0) return false;
    if ((arguments.flags & (CLONE_SIGHAND | clear_sighand)) == (CLONE_SIGHAND | clear_sighand)) return false;
    if ((arguments.flags & (CLONE_THREAD | CLONE_PARENT)) != 0 && arguments.exit_signal != 0) return false;
    return (arguments.stack == 0) == (arguments.stack_size == 0);
}
}  // namespace

SysResult clone_process(Context& context, CloneFlags flags, Address stack, Address parent_tid, Address tls,
                        Address child_tid) {
    CloneRequest request;
    request.flags = flags.as_u32() & ~u64{CSIGNAL};
    request.exit_signal = static_cast<int>(flags.value & CSIGNAL);
    request.stack_pointer = stack.value;
    request.parent_tid = parent_tid.value;
    request.child_tid = child_tid.value;
    request.thread_pointer = tls.value;
    request.pidfd = parent_tid.value;  // clone has one register for both
    return request_clone(context, request);
}

SysResult clone_process_how(Context& context, Address address, Size size) {
    CloneArguments arguments{};
    if (SysResult result = read_clone_arguments(context, address.value, size.value, arguments); result != 0)
        return result;
    if (!valid(arguments)) return -EINVAL;
    const GuestAddress stack(access_address(context, arguments.stack));
    if (!context.memory.contains(stack, arguments.stack_size)) return -EINVAL;
    CloneRequest request;
    request.flags = arguments.flags;
    request.exit_signal = static_cast<int>(arguments.exit_signal);
    request.stack_pointer = arguments.stack == 0 ? 0 : arguments.stack + arguments.stack_size;
    request.parent_tid = arguments.parent_tid;
    request.child_tid = arguments.child_tid;
    request.thread_pointer = arguments.tls;
    request.pidfd = arguments.pidfd;
    request.cgroup = (arguments.flags & into_cgroup) != 0 ? static_cast<int>(arguments.cgroup) : -1;
    request.set_tid.resize(arguments.set_tid_size);
    const u64 bytes = arguments.set_tid_size * sizeof(pid_t);
    if (!guest_memory(context).read(request.set_tid.data(), GuestAddress(arguments.set_tid), bytes)) return -EFAULT;
    return request_clone(context, request);
}

namespace {
constexpr u64 longest_argument = 32 * page_size;  // MAX_ARG_STRLEN

/// How many bytes of arguments and environment, with one pointer each, an exec takes (linux/fs/exec.c).
u64 argument_space(const Context& context) {
    constexpr u64 most = 3 * (8 << 20) / 4, least = 32 * page_size;
    return std::max(least, std::min(most, context.process.limit(RLIMIT_STACK).soft / 4));
}

/// Copies a vector of strings; `space` is what is left for them.
SysResult read_strings(const Context& context, u64 address, std::vector<std::string>& strings, u64& space) {
    auto memory = guest_memory(context);
    for (; address != 0; address += sizeof(u64)) {
        auto pointer = memory.read<u64>(GuestAddress(address));
        if (!pointer) return -EFAULT;
        if (*pointer == 0) break;
        auto text = memory.read_string(GuestAddress(*pointer), longest_argument);
        if (!text) return text.error() == ENAMETOOLONG ? -E2BIG : -EFAULT;
        const u64 needed = text->size() + 1 + sizeof(u64);
        if (needed > space) return -E2BIG;
        space -= needed;
        strings.push_back(std::move(*text));
    }
    return 0;
}

SysResult request_exec(Context& context, ExecRequest& request, const PathArgument& path, u64 arguments,
                       u64 environment) {
    auto name = path.read(context);
    if (!name) return -name.error();
    if (name->empty() && (request.flags & AT_EMPTY_PATH) == 0) return -ENOENT;
    if ((request.flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW)) != 0) return -EINVAL;
    request.path = std::move(*name);
    u64 space = argument_space(context);
    if (SysResult result = read_strings(context, arguments, request.arguments, space); result != 0) return result;
    if (SysResult result = read_strings(context, environment, request.environment, space); result != 0) return result;
    if (request.path.ends_with("exe") && names_own_executable(context, request.directory, request.path)) {
        request.path = context.services.executable_path();
    }
    return context.services.exec(request);
}
}  // namespace

SysResult execute(Context& context, Path path, Strings arguments, Environment environment) {
    ExecRequest request;
    request.directory = AT_FDCWD;
    return request_exec(context, request, path, arguments.value, environment.value);
}

SysResult execute_at(Context& context, DirFd directory, PathAt<4> path, Strings arguments, Environment environment,
                     Flags<at_names> flags) {
    ExecRequest request;
    request.directory = directory.as_int();
    request.flags = flags.as_int();
    return request_exec(context, request, path, arguments.value, environment.value);
}

SysResult exit_thread(Context& context, Int status) {
    return context.services.exit_thread(status.as_int());
}

SysResult exit_process(Context& context, Int status) {
    return context.services.exit_group(status.as_int());
}

namespace {
bool may_raise_limits() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2]{};
    if (host_call(SYS_capget, &header, data) != 0) return false;
    return (data[0].effective >> CAP_SYS_RESOURCE & 1) != 0;
}

bool is_this_process(pid_t pid) {
    if (pid == 0) return true;
    const SysResult own = host_call(SYS_getpid);
    return pid == own || (pid > 0 && host_call(SYS_tgkill, own, pid, 0) == 0);
}

/// setrlimit for a resource that is enforced on the guest's map.
SysResult keep_limit(Context& context, int resource, const rlimit& limit) {
    if (limit.rlim_cur > limit.rlim_max) return -EINVAL;
    const Limit old = context.process.limit(resource);
    if (limit.rlim_max > old.hard && !may_raise_limits()) return -EPERM;
    context.process.set_limit(resource, {limit.rlim_cur, limit.rlim_max});
    context.memory.set_limit(resource, limit.rlim_cur);
    return 0;
}

/// prlimit64 on this process: either address may be 0.
SysResult change_own_limit(Context& context, int resource, In<rlimit> next, Out<rlimit> old) {
    const auto given = next.value == 0 ? std::nullopt : next.read(context);
    if (next.value != 0 && !given) return -EFAULT;
    const Limit before = context.process.limit(resource);
    if (given) {
        if (SysResult result = keep_limit(context, resource, *given); result != 0) return result;
    }
    if (old.value != 0 && !old.write(context, rlimit{before.soft, before.hard})) return -EFAULT;
    return 0;
}
}  // namespace

SysResult change_limit(Context& context, Pid process, Choice<resource_names> resource, In<rlimit> next,
                       Out<rlimit> old) {
    if (ProcessState::keeps(resource.as_int()) && is_this_process(process.as_int())) {
        return change_own_limit(context, resource.as_int(), next, old);
    }
    return guest_call(context, SYS_prlimit64, process.value, resource.value, next.host(context), old.host(context));
}

SysResult get_limit(Context& context, Choice<resource_names> resource, Out<rlimit> limit) {
    if (!ProcessState::keeps(resource.as_int())) {
        return guest_call(context, SYS_getrlimit, resource.value, limit.host(context));
    }
    const Limit kept = context.process.limit(resource.as_int());
    return limit.write(context, rlimit{kept.soft, kept.hard}) ? 0 : -EFAULT;
}

SysResult set_limit(Context& context, Choice<resource_names> resource, In<rlimit> limit) {
    if (!ProcessState::keeps(resource.as_int())) {
        return guest_call(context, SYS_setrlimit, resource.value, limit.host(context));
    }
    auto given = limit.read(context);
    return given ? keep_limit(context, resource.as_int(), *given) : -EFAULT;
}

SysResult set_personality(Context& context, Hex personality) {
    // READ_IMPLIES_EXEC would make the host map all of the guest's memory executable.
    constexpr u32 hidden = READ_IMPLIES_EXEC, query = 0xffffffff;
    const u32 next = static_cast<u32>(personality.value);
    if (next != query && (next & PER_MASK) == context.abi.refused_personality) return -EINVAL;
    const SysResult old = host_call(SYS_personality, next == query ? u64{query} : next & ~hidden);
    if (old < 0) return old;
    const u32 kept =
        next == query ? context.process.personality.load() : context.process.personality.exchange(next & hidden);
    return static_cast<SysResult>(static_cast<u32>(old) | kept);
}

}  // namespace lyrebird::syscall
