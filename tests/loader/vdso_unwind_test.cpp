// The vDSO's call frame information, judged by the guest's own compiler and C library under another emulator.
#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <string>

#include "loader/vdso.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {
/// Lets the guest's program `unwind` throw through frames that return by this guest's vDSO.
void check_unwinding(lyrebird::loader::Machine guest, const std::string& emulator, const std::string& sysroot,
                     const std::string& program) {
    lyrebird::test::TemporaryDirectory directory;
    const auto& image = lyrebird::loader::vdso_image(guest);
    const auto path = directory.write("vdso.so", {reinterpret_cast<const char*>(image.data()), image.size()});
    const int status = ::system((emulator + " -L " + sysroot + " " + program + " " + path).c_str());
    REQUIRE(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 0);
}
}  // namespace

#ifdef LYREBIRD_QEMU_RISCV64
TEST_CASE("riscv64: exceptions pass through signal frames that return by the vDSO, and find every register") {
    check_unwinding(lyrebird::loader::Machine::riscv64, LYREBIRD_QEMU_RISCV64, LYREBIRD_RISCV64_SYSROOT,
                    LYREBIRD_LOADER_PROGRAMS "/riscv64/unwind");
}
#endif
#ifdef LYREBIRD_QEMU_AARCH64
TEST_CASE("aarch64: exceptions pass through signal frames that return by the vDSO, and find every register") {
    check_unwinding(lyrebird::loader::Machine::aarch64, LYREBIRD_QEMU_AARCH64, LYREBIRD_AARCH64_SYSROOT,
                    LYREBIRD_LOADER_PROGRAMS "/aarch64/unwind");
}
#endif
