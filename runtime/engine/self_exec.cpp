#include "runtime/engine/self_exec.hpp"

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/engine/host.hpp"
#include "runtime/memory/address_space.hpp"

namespace lyrebird::engine {

namespace {
constexpr u64 guest_part_end = u64{1} << 46;
constexpr unsigned long ask_only = 0xffffffff;

SysResult plain_exec(void*, int directory, const char* path, char* const* arguments, char* const* environment,
                     int flags) {
    return host_call(SYS_execveat, directory, path, arguments, environment, flags);
}
}  // namespace

std::vector<char*> as_pointers(const std::vector<std::string>& strings) {
    std::vector<char*> pointers;
    pointers.reserve(strings.size() + 1);
    for (const std::string& text : strings) pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

SysResult execute_self(int own_file, const std::vector<std::string>& arguments,
                       const std::vector<std::string>& environment, ExecCall call, void* data) {
    std::vector<char*> argument_pointers = as_pointers(arguments);
    std::vector<char*> environment_pointers = as_pointers(environment);
    auto execute = [&](int directory, const char* path, int flags) {
        return call(data, directory, path, argument_pointers.data(), environment_pointers.data(), flags);
    };
    if (own_file >= 0) return execute(own_file, "", AT_EMPTY_PATH);
    SysResult result = execute(AT_FDCWD, "/proc/self/exe", 0);
    if (result != -ENOENT && result != -EACCES) return result;
    auto* name = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
    if (name == nullptr || name[0] != '/') return result;
    return execute(AT_FDCWD, name, 0);
}

bool layout_is_low() {
    static const char here = 0;
    if (as_argument(&here) < guest_part_end) return true;
    // Where does the kernel place a mapping of its own choice?
    void* probe = ::mmap(nullptr, page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (probe == MAP_FAILED) return false;
    ::munmap(probe, page_size);
    return as_argument(probe) < guest_part_end;
}

Error restart_with_high_layout(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                               HandOver hand_over) {
    bool changed = false;
    rlimit stack{};
    if (::getrlimit(RLIMIT_STACK, &stack) == 0 && stack.rlim_cur > highest_stack_limit) {
        hand_over.stack_limit = stack.rlim_cur;
        stack.rlim_cur = safe_stack_limit;
        changed = ::setrlimit(RLIMIT_STACK, &stack) == 0;
    }
    int now = ::personality(ask_only);
    if (now >= 0 && (now & ADDR_COMPAT_LAYOUT) != 0) {
        hand_over.personality = u32(now);
        ::personality(u32(now) & ~u32(ADDR_COMPAT_LAYOUT));
        changed = true;
    }
    if (!changed) {
        return {
            "the host places mappings below 2^46, where the guest's memory belongs (is vm.legacy_va_layout set? it "
            "must be 0)"};
    }
    std::vector<std::string> with_hand_over = environment;
    with_hand_over.push_back(encode(hand_over));
    SysResult result = execute_self(-1, arguments, with_hand_over, &plain_exec, nullptr);
    restore_limits(hand_over);
    return {"the VM could not start itself again with another memory layout (is /proc mounted?)", int(-result)};
}

void restore_limits(const HandOver& hand_over) {
    if (hand_over.stack_limit) {
        rlimit stack{};
        if (::getrlimit(RLIMIT_STACK, &stack) == 0) {
            stack.rlim_cur = *hand_over.stack_limit;
            ::setrlimit(RLIMIT_STACK, &stack);
        }
    }
    if (hand_over.personality) ::personality(*hand_over.personality);
}

}  // namespace lyrebird::engine
