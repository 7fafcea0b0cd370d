#include "loader/sysroot.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include "tests/support/temporary_directory.hpp"

using namespace lyrebird;
using namespace lyrebird::loader;
using lyrebird::test::TemporaryDirectory;

namespace {
Sysroot at(const TemporaryDirectory& directory) {
    auto sysroot = Sysroot::create(directory.path());
    REQUIRE(sysroot.has_value());
    return *sysroot;
}
}  // namespace

TEST_CASE("without a sysroot every path is the host's") {
    CHECK_EQ(Sysroot().translate("/lib/x"), "/lib/x");
    CHECK(Sysroot().empty());
    CHECK(Sysroot::create("")->empty());
}

TEST_CASE("a sysroot that is the host's root is no sysroot") {
    CHECK(Sysroot::create("/")->empty());
}

TEST_CASE("a sysroot that does not exist or is not a directory is refused with its name") {
    TemporaryDirectory directory;
    const auto missing = Sysroot::create(directory / "none");
    REQUIRE_FALSE(missing.has_value());
    CHECK_EQ(missing.error().code, ENOENT);
    CHECK(missing.error().message.find("none") != std::string::npos);
    const auto file = Sysroot::create(directory.write("file", ""));
    REQUIRE_FALSE(file.has_value());
    CHECK_EQ(file.error().code, ENOTDIR);
}

TEST_CASE("an absolute path that exists in the sysroot is found there") {
    TemporaryDirectory directory;
    const auto file = directory.write("lib/x", "guest");
    CHECK_EQ(at(directory).translate("/lib/x"), file);
    CHECK_EQ(at(directory).translate("//lib/./x"), file);
    CHECK_EQ(at(directory).translate("/lib/"), directory / "lib/");
}

TEST_CASE("what is not in the sysroot stays the host's, as do relative paths") {
    TemporaryDirectory directory;
    directory.write("lib/x", "");
    CHECK_EQ(at(directory).translate("/lib/y"), "/lib/y");
    CHECK_EQ(at(directory).translate("/lib/x/y"), "/lib/x/y");
    CHECK_EQ(at(directory).translate("/lib/x/../x"), "/lib/x/../x");
    CHECK_EQ(at(directory).translate("lib/x"), "lib/x");
    CHECK_EQ(at(directory).translate(""), "");
}

TEST_CASE("an absolute link in the sysroot leads into the sysroot") {
    TemporaryDirectory directory;
    const auto real = directory.write("usr/lib/real.so", "");
    directory.link("lib", "/usr/lib");
    directory.link("usr/lib/link.so", "/lib/real.so");
    CHECK_EQ(at(directory).translate("/lib/link.so"), real);
}

TEST_CASE("a relative link is taken from its own directory, and dots do not leave the sysroot") {
    TemporaryDirectory directory;
    const auto real = directory.write("a/real", "");
    directory.link("b/c/link", "../../../../../a/real");
    CHECK_EQ(at(directory).translate("/b/c/link"), real);
    CHECK_EQ(at(directory).translate("/../../a/real"), real);
}

TEST_CASE("a link that leads nowhere in the sysroot means the host's path") {
    TemporaryDirectory directory;
    directory.link("etc/resolv.conf", "/run/nowhere/resolv.conf");
    CHECK_EQ(at(directory).translate("/etc/resolv.conf"), "/etc/resolv.conf");
}

TEST_CASE("a link that is the last part is kept when asked for, even if it leads nowhere") {
    TemporaryDirectory directory;
    const auto link = directory.link("lib/link", "/nowhere");
    CHECK_EQ(at(directory).translate("/lib/link", LastLink::keep), link);
    CHECK_EQ(at(directory).translate("/lib/link/", LastLink::keep), "/lib/link/");
}

TEST_CASE("links that lead in a circle end the search") {
    TemporaryDirectory directory;
    directory.link("a", "/b");
    directory.link("b", "/a");
    CHECK_EQ(at(directory).translate("/a/x"), "/a/x");
}

TEST_CASE("proc, sys and dev are the kernel's, also through links") {
    TemporaryDirectory directory;
    directory.write("proc/self/maps", "wrong");
    directory.write("dev/null", "wrong");
    directory.link("etc/mtab", "/proc/self/mounts");
    CHECK_EQ(at(directory).translate("/proc/self/maps"), "/proc/self/maps");
    CHECK_EQ(at(directory).translate("/dev"), "/dev");
    CHECK_EQ(at(directory).translate("/etc/../dev/null"), "/dev/null");
    CHECK_EQ(at(directory).translate("/etc/mtab"), "/proc/self/mounts");
}

TEST_CASE("guest_path is the inverse of translate") {
    TemporaryDirectory directory;
    directory.write("lib/x", "");
    const auto sysroot = at(directory);
    CHECK_EQ(sysroot.guest_path(sysroot.translate("/lib/x")), "/lib/x");
    CHECK_EQ(sysroot.guest_path(directory.path()), "/");
    CHECK_EQ(sysroot.guest_path(directory.path() + "2/x"), directory.path() + "2/x");
    CHECK_EQ(sysroot.guest_path("/lib/y"), "/lib/y");
}

TEST_CASE("open reads the sysroot's file and says which path is missing") {
    TemporaryDirectory directory;
    directory.write("only/here", "guest");
    const auto sysroot = at(directory);
    const auto file = sysroot.open("/only/here", O_RDONLY);
    REQUIRE(file.has_value());
    CHECK_EQ(::fcntl(file->get(), F_GETFD), FD_CLOEXEC);
    char text[6] = {};
    CHECK_EQ(::read(file->get(), text, 5), 5);
    CHECK_EQ(std::string(text), "guest");
    const auto missing = sysroot.open("/only/there", O_RDONLY);
    REQUIRE_FALSE(missing.has_value());
    CHECK_EQ(missing.error().code, ENOENT);
    CHECK_EQ(missing.error().message, "/only/there: No such file or directory");
}
