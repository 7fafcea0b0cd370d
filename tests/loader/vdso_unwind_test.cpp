// The vDSO's call frame information, judged by the guest's own compiler and C library under another emulator.
#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <string>

#include "loader/vdso.hpp"
#include "tests/support/temporary_directory.hpp"

TEST_CASE("exceptions pass through signal frames that return by the vDSO, and find every register") {
    lyrebird::test::TemporaryDirectory directory;
    const auto& image = lyrebird::loader::riscv64_vdso_image();
    const auto path = directory.write("vdso.so", {reinterpret_cast<const char*>(image.data()), image.size()});
    const std::string command = std::string(LYREBIRD_QEMU_RISCV64) + " -L " + LYREBIRD_RISCV64_SYSROOT + " " +
                                LYREBIRD_LOADER_PROGRAMS + "/unwind " + path;
    const int status = ::system(command.c_str());
    REQUIRE(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 0);
}
