#include "loader/program.hpp"

#include <doctest/doctest.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "tests/support/elf_builder.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace lyrebird;
using namespace lyrebird::loader;
using lyrebird::test::ElfBuilder;
using lyrebird::test::TemporaryDirectory;

namespace {

std::string elf_bytes(u16 machine = EM_RISCV) {
    auto elf = ElfBuilder::program();
    elf.header.e_machine = machine;
    const auto bytes = elf.bytes();
    return {bytes.begin(), bytes.end()};
}

ProgramRequest request(const std::string& path, std::vector<std::string> arguments = {"zero", "one"}) {
    return {path, std::move(arguments), false, Handle(), false};
}

Error refusal(const std::string& path, const Sysroot& sysroot = {}) {
    const auto program = resolve(request(path), sysroot);
    REQUIRE_FALSE(program.has_value());
    return program.error();
}

using Arguments = std::vector<std::string>;

}  // namespace

TEST_CASE("an ELF file is its own program") {
    TemporaryDirectory directory;
    const auto path = directory.write("program", elf_bytes());
    const auto program = resolve(request(path), {});
    REQUIRE(program.has_value());
    CHECK_EQ(program->machine, Machine::riscv64);
    CHECK_EQ(program->path, path);
    CHECK_EQ(program->name, path);
    CHECK_EQ(program->arguments, Arguments{"zero", "one"});
    CHECK_EQ(program->interpreter_name, "");
    CHECK_EQ(::fcntl(program->file.get(), F_GETFD), FD_CLOEXEC);
}

TEST_CASE("without arguments there is an empty one, as Linux makes it") {
    TemporaryDirectory directory;
    const auto program = resolve(request(directory.write("program", elf_bytes()), {}), {});
    CHECK_EQ(program->arguments, Arguments{""});
}

TEST_CASE("a script's interpreter runs with the script's name in the place of argv[0]") {
    TemporaryDirectory directory;
    const auto interpreter = directory.write("interpreter", elf_bytes());
    const auto script = directory.write("script", "#!" + interpreter + " -a b\n");
    const auto program = resolve(request(script), {});
    REQUIRE(program.has_value());
    CHECK_EQ(program->path, interpreter);
    CHECK_EQ(program->name, script);
    CHECK_EQ(program->interpreter_name, interpreter);
    CHECK_EQ(program->arguments, Arguments{interpreter, "-a b", script, "one"});
}

TEST_CASE("a script whose interpreter is the host's is told apart by its machine") {
    TemporaryDirectory directory;
    const auto interpreter = directory.write("interpreter", elf_bytes(EM_X86_64));
    const auto program = resolve(request(directory.write("script", "#!" + interpreter + "\n")), {});
    CHECK_EQ(program->machine, Machine::x86_64);
}

TEST_CASE("the sysroot's interpreter is preferred, through absolute links in the sysroot") {
    TemporaryDirectory directory;
    directory.write("root/usr/bin/real", elf_bytes());
    directory.link("root/bin", "/usr/bin");
    directory.link("root/usr/bin/sh", "/bin/real");
    const auto script = directory.write("script", "#!/bin/sh\n");
    const auto sysroot = Sysroot::create(directory / "root");
    const auto program = resolve(request(script), *sysroot);
    REQUIRE(program.has_value());
    CHECK_EQ(program->machine, Machine::riscv64);
    CHECK_EQ(program->path, directory / "root/usr/bin/real");
    CHECK_EQ(program->arguments, Arguments{"/bin/sh", script, "one"});
    CHECK_EQ(resolve(request(script), {})->machine, Machine::x86_64);
}

TEST_CASE("the program itself is looked for in the sysroot only when asked") {
    TemporaryDirectory directory;
    directory.write("root/only/here", elf_bytes());
    const auto sysroot = Sysroot::create(directory / "root");
    auto wanted = request("/only/here");
    wanted.in_sysroot = true;
    const auto program = resolve(std::move(wanted), *sysroot);
    REQUIRE(program.has_value());
    CHECK_EQ(program->path, directory / "root/only/here");
    CHECK_EQ(program->name, "/only/here");
    CHECK_EQ(refusal("/only/here", *sysroot).code, ENOENT);
}

TEST_CASE("five scripts may be nested and six may not, as on this machine's kernel") {
    TemporaryDirectory directory;
    std::string path = directory.write("0", elf_bytes());
    for (int depth = 1; depth <= 5; ++depth) path = directory.write(std::to_string(depth), "#!" + path + "\n");
    const auto program = resolve(request(path), {});
    REQUIRE(program.has_value());
    CHECK_EQ(program->arguments.size(), 7);
    CHECK_EQ(program->arguments[0], directory / "0");
    CHECK_EQ(program->arguments[5], path);
    CHECK_EQ(refusal(directory.write("6", "#!" + path + "\n")).code, ELOOP);
    CHECK_EQ(refusal(directory.write("self", "#!" + (directory / "self") + "\n")).code, ELOOP);
}

TEST_CASE("what cannot be run is refused with execve's errno and a line that names it") {
    TemporaryDirectory directory;
    CHECK_EQ(refusal(directory / "none").code, ENOENT);
    CHECK_EQ(refusal(directory / "none").message, (directory / "none") + ": No such file or directory");
    CHECK_EQ(refusal(directory.path()).code, EACCES);
    CHECK_EQ(refusal(directory.write("empty", "")).message, (directory / "empty") + ": is empty");
    const auto text = refusal(directory.write("text", "echo\n"));
    CHECK_EQ(text.code, ENOEXEC);
    CHECK_EQ(text.message, (directory / "text") + ": is neither an ELF program nor a script (#!)");
    CHECK_EQ(refusal(directory.write("bare", "#!\n")).code, ENOEXEC);
    CHECK_EQ(refusal(directory.write("nothing", "#!")).code, ENOENT);
    CHECK_EQ(refusal((directory / "text") + "/x").code, ENOTDIR);
}

TEST_CASE("a file that is not executable is refused") {
    TemporaryDirectory directory;
    const auto path = directory.write("program", elf_bytes());
    ::chmod(path.c_str(), 0644);
    const auto error = refusal(path);
    CHECK_EQ(error.code, EACCES);
    CHECK(error.message.find("chmod +x") != std::string::npos);
    const auto script = directory.write("script", "#!" + path + "\n");
    CHECK_EQ(refusal(script).code, EACCES);
}

TEST_CASE("a pipe with nobody at its other end is refused at once") {
    TemporaryDirectory directory;
    const auto path = directory / "pipe";
    REQUIRE_EQ(::mkfifo(path.c_str(), 0755), 0);
    CHECK_EQ(refusal(path).code, EACCES);
}

TEST_CASE("a missing script interpreter is told with the places that were searched") {
    TemporaryDirectory directory;
    const auto script = directory.write("script", "#!/no/such/sh\n");
    auto error = refusal(script);
    CHECK_EQ(error.code, ENOENT);
    CHECK_EQ(error.message,
             script +
                 ": its interpreter /no/such/sh is not there (looked on the host); correct its first line "
                 "or install it");
    const auto sysroot = Sysroot::create(directory.path());
    CHECK(refusal(script, *sysroot).message.find("(looked in " + directory.path() + ", then on the host)") !=
          std::string::npos);
}

TEST_CASE("a program that is open already is not opened again") {
    TemporaryDirectory directory;
    auto wanted = request("/proc/no/such/name");
    wanted.file = Handle(::open(directory.write("program", elf_bytes()).c_str(), O_RDONLY));
    const auto program = resolve(std::move(wanted), {});
    REQUIRE(program.has_value());
    CHECK_EQ(program->name, "/proc/no/such/name");
}

TEST_CASE("a script that only its descriptor reaches cannot be run if exec closes that") {
    TemporaryDirectory directory;
    auto wanted = request("/dev/fd/9");
    wanted.file = Handle(::open(directory.write("script", "#!/bin/sh\n").c_str(), O_RDONLY));
    wanted.path_inaccessible = true;
    const auto program = resolve(std::move(wanted), {});
    REQUIRE_FALSE(program.has_value());
    CHECK_EQ(program.error().code, ENOENT);
}

TEST_CASE("the dynamic linker is read from the sysroot") {
    TemporaryDirectory directory;
    directory.write("root/usr/lib/ld-real.so", elf_bytes());
    directory.link("root/lib/ld.so.1", "/usr/lib/ld-real.so");
    Image image;
    image.path = "x.elf";
    image.machine = Machine::riscv64;
    image.interpreter = "/lib/ld.so.1";
    const auto interpreter = read_interpreter(image, *Sysroot::create(directory / "root"));
    REQUIRE(interpreter.has_value());
    CHECK_EQ(interpreter->path, directory / "root/usr/lib/ld-real.so");
    image.machine = Machine::aarch64;
    const auto foreign = read_interpreter(image, *Sysroot::create(directory / "root"));
    REQUIRE_FALSE(foreign.has_value());
    CHECK_EQ(foreign.error().code, ELIBBAD);
}

TEST_CASE("a missing dynamic linker is told with what to do, a broken one with its name") {
    TemporaryDirectory directory;
    Image image;
    image.path = "x.elf";
    image.machine = Machine::riscv64;
    image.interpreter = "/lib/ld-test-riscv64.so.1";
    const auto missing = read_interpreter(image, {});
    REQUIRE_FALSE(missing.has_value());
    CHECK_EQ(missing.error().code, ENOENT);
    CHECK(missing.error().message.find(
              "x.elf: its dynamic linker /lib/ld-test-riscv64.so.1 is not there (looked on the host); "
              "give -L a directory") == 0);
    CHECK(missing.error().message.find("/usr/riscv64-linux-gnu from the package libc6-riscv64-cross") !=
          std::string::npos);
    image.machine = Machine::aarch64;
    CHECK(read_interpreter(image, {}).error().message.find("/usr/aarch64-linux-gnu from the package libc6-arm64-cross") !=
          std::string::npos);
    image.interpreter = directory.write("ld.so", "#!/bin/sh\n");
    const auto broken = read_interpreter(image, {});
    REQUIRE_FALSE(broken.has_value());
    CHECK_EQ(broken.error().code, ELIBBAD);
    CHECK(broken.error().message.find(directory / "ld.so") == 0);
    image.interpreter = directory.write("foreign.so", elf_bytes(EM_X86_64));
    CHECK_EQ(read_interpreter(image, {}).error().code, ELIBBAD);
}
