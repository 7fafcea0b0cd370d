// What the tests of observers share: code to be told of, a child process, and a file's contents.
#pragma once

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "runtime/base/text.hpp"
#include "translator/isa/code_observer.hpp"

namespace lyrebird::engine::test {

inline isa::TranslatedCode block_at(u64 guest_pc, const std::vector<u8>& code) {
    return {guest_pc, 4, code.data(), u32(code.size()), {}};
}

inline std::string name_by_pc(u64 guest_pc) {
    return format("f{:x}+0x4 [module]", guest_pc);
}

inline std::string contents(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// Runs `act` in a forked child, which ends without any clean-up; its process id. The test fails unless it ends with 0.
template <class Act> pid_t in_child(Act act) {
    pid_t child = ::fork();
    if (child == 0) {
        act();
        ::_exit(0);
    }
    int status = 0;
    REQUIRE_EQ(::waitpid(child, &status, 0), child);
    CHECK_EQ(status, 0);
    return child;
}

}  // namespace lyrebird::engine::test
