// Alone in its file: the header defines numbers of the guests under the names of the host's.
#include "tests/syscall/kernel_numbers.hpp"

#include <fstream>

#define __ARCH_WANT_NEW_STAT
#define __ARCH_WANT_SET_GET_RLIMIT
#define __ARCH_WANT_SYS_CLONE3
#define __ARCH_WANT_MEMFD_SECRET
#define __ARCH_WANT_RENAMEAT

namespace lyrebird::syscall::testing {

const std::map<std::string, int>& host_numbers() {
    static const auto numbers = [] {
        std::map<std::string, int> found;
        std::ifstream header("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");
        for (std::string define, name; header >> define;) {
            int number = 0;
            if (define == "#define" && header >> name && name.starts_with("__NR_") && header >> number) {
                found[name.substr(5)] = number;
            }
        }
        return found;
    }();
    return numbers;
}

std::vector<std::pair<int, std::string>> kernel_numbers() {
    return {
#define __SYSCALL(number, function) {number, #function},
#include <asm-generic/unistd.h>
    };
}

}  // namespace lyrebird::syscall::testing
