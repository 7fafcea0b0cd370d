// A process as this machine's own kernel makes it, stopped before its first instruction: the outside truth for the
// loader.
//
// The kernel runs x86-64 files only, but how it maps segments and fills the stack does not depend on the machine; so a
// test gives it the same file with another machine's number.
#pragma once

#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "runtime/base/ints.hpp"

namespace lyrebird::test {

/// One page of memory as /proc/PID/maps tells it.
struct Page {
    std::string rights;  // "r-x"
    bool file = false;
    u64 offset = 0;         // in the file
    std::vector<u8> bytes;  // empty if nothing may be read there

    bool operator==(const Page&) const = default;
};

class KernelProcess {
  public:
    /// Runs `path`. Look at `error()` before anything else: 0, execve's errno, or -signal if it died at once. With
    /// `stack_limit` the process gets that RLIMIT_STACK.
    KernelProcess(const std::string& path, const std::vector<std::string>& arguments,
                  const std::vector<std::string>& environment, u64 stack_limit = 0) {
        process_ = ::fork();
        if (process_ == 0) run(path, arguments, environment, stack_limit);
        int status = 0;
        ::waitpid(process_, &status, 0);
        if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP) return;
        error_ = WIFEXITED(status) ? WEXITSTATUS(status) : WIFSTOPPED(status) ? -WSTOPSIG(status) : -WTERMSIG(status);
        if (WIFSTOPPED(status)) end();
        process_ = 0;
    }
    ~KernelProcess() {
        if (process_ != 0) end();
    }
    KernelProcess(const KernelProcess&) = delete;
    KernelProcess& operator=(const KernelProcess&) = delete;

    int error() const { return error_; }

    u64 stack_pointer() const {
        user_regs_struct registers{};
        ::ptrace(PTRACE_GETREGS, process_, nullptr, &registers);
        return registers.rsp;
    }

    std::vector<u8> read(u64 address, u64 size) const {
        std::ifstream memory(proc("mem"), std::ios::binary);
        std::vector<u8> bytes(size);
        memory.seekg(static_cast<std::streamoff>(address));
        memory.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
        bytes.resize(memory ? size : 0);
        return bytes;
    }

    std::map<u64, u64> auxiliary_vector() const {
        std::ifstream file(proc("auxv"), std::ios::binary);
        std::map<u64, u64> vector;
        for (u64 pair[2]; file.read(reinterpret_cast<char*>(pair), sizeof pair);) vector[pair[0]] = pair[1];
        return vector;
    }

    /// The end of the region with the name `name`, or 0.
    u64 end_of(const std::string& name) const {
        std::ifstream maps(proc("maps"));
        for (std::string line; std::getline(maps, line);) {
            if (line.ends_with(name)) return std::stoull(line.substr(line.find('-') + 1), nullptr, 16);
        }
        return 0;
    }

    /// The pages in [start, end), by address.
    std::map<u64, Page> pages(u64 start, u64 end) const {
        std::map<u64, Page> found;
        std::ifstream maps(proc("maps"));
        for (std::string line; std::getline(maps, line);) {
            std::istringstream fields(line);
            u64 low = 0;
            u64 high = 0;
            u64 offset = 0;
            u64 inode = 0;
            char dash = 0;
            std::string rights;
            std::string device;
            fields >> std::hex >> low >> dash >> high >> rights >> offset >> device >> std::dec >> inode;
            rights.pop_back();
            for (u64 page = low; page < high; page += 4096, offset += inode != 0 ? 4096 : 0) {
                if (page < start || page >= end) continue;
                auto bytes = rights == "---" ? std::vector<u8>() : read(page, 4096);
                found[page] = Page{rights, inode != 0, offset, std::move(bytes)};
            }
        }
        return found;
    }

  private:
    void end() const {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }

    std::string proc(const std::string& file) const { return "/proc/" + std::to_string(process_) + "/" + file; }

    [[noreturn]] static void run(const std::string& path, const std::vector<std::string>& arguments,
                                 const std::vector<std::string>& environment, u64 stack_limit) {
        std::vector<char*> argv;
        std::vector<char*> envp;
        for (const auto& text : arguments) argv.push_back(const_cast<char*>(text.c_str()));
        for (const auto& text : environment) envp.push_back(const_cast<char*>(text.c_str()));
        argv.push_back(nullptr);
        envp.push_back(nullptr);
        if (stack_limit != 0) {
            const rlimit limit{stack_limit, RLIM_INFINITY};
            ::setrlimit(RLIMIT_STACK, &limit);
        }
        if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(EPERM);
        ::execve(path.c_str(), argv.data(), envp.data());
        ::_exit(errno);
    }

    pid_t process_ = 0;
    int error_ = 0;
};

}  // namespace lyrebird::test
