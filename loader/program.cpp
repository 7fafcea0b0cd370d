#include "loader/program.hpp"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "loader/elf_file.hpp"
#include "loader/printable.hpp"
#include "loader/script.hpp"
#include "runtime/base/text.hpp"

namespace lyrebird::loader {

namespace {

constexpr int most_scripts = 5;  // a script may be the interpreter of a script, as deep as Linux allows

/// Linux opens a program without waiting for anybody, whatever it turns out to be.
constexpr int open_flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

bool may_execute(int file, const struct stat& status) {
    if (::faccessat(file, "", X_OK, AT_EACCESS | AT_EMPTY_PATH) == 0) return true;
    // Kernels before 5.8 and some sandboxes do not know the call; then the mode's bits must do.
    if (errno != ENOSYS && errno != EINVAL && errno != EPERM) return false;
    return (status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
}

std::unexpected<Error> refuse_file(const std::string& path, int code) {
    return fail(format("{}: {}", printable(path), ::strerror(code)), code);
}

Result<void> check_regular(const struct stat& status, const std::string& path) {
    if (S_ISDIR(status.st_mode)) return fail(format("{}: is a directory, not a program", printable(path)), EACCES);
    if (S_ISREG(status.st_mode)) return {};
    return fail(format("{}: is not a regular file, so it cannot be run", printable(path)), EACCES);
}

/// Refuses what execve refuses before it looks inside.
Result<void> check_executable(int file, const std::string& path) {
    struct stat status;
    if (::fstat(file, &status) != 0) return refuse_file(path, errno);
    if (auto good = check_regular(status, path); !good) return good;
    if (may_execute(file, status)) return {};
    return fail(format("{}: is not executable; allow it with chmod +x, if its file system allows programs at all",
                       printable(path)),
                EACCES);
}

/// Opens for reading what execve would open. Anything but a regular file is refused unopened: opening a device or a
/// pipe can have effects of its own.
Result<Handle> open_program(const std::string& path, bool in_sysroot, const Sysroot& sysroot) {
    const std::string host_path = in_sysroot ? sysroot.translate(path) : path;
    struct stat status;
    if (::stat(host_path.c_str(), &status) != 0) return refuse_file(path, errno);
    if (auto good = check_regular(status, path); !good) return std::unexpected(good.error());
    Handle file(::open(host_path.c_str(), open_flags));
    if (file) return file;
    if (errno != EACCES) return refuse_file(path, errno);
    return fail(format("{}: cannot be read (Permission denied); a program must be readable to be run", printable(path)),
                EACCES);
}

/// The first bytes of `file`: fewer only if the file is shorter.
Result<std::vector<u8>> read_head(int file, const std::string& path) {
    std::vector<u8> head(script_head_size);
    u64 size = 0;
    while (size < head.size()) {
        const auto count = ::pread(file, head.data() + size, head.size() - size, static_cast<off_t>(size));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return refuse_file(path, errno);
        if (count == 0) break;
        size += static_cast<u64>(count);
    }
    head.resize(size);
    return head;
}

/// Where the interpreter was looked for, for a message that says it is missing.
std::string searched(const Sysroot& sysroot) {
    return sysroot.empty() ? "on the host" : format("in {}, then on the host", sysroot.directory());
}

/// Where Debian's cross compiler keeps a guest's libraries, for the same message.
const char* example_sysroot(Machine machine) {
    return machine == Machine::aarch64 ? "/usr/aarch64-linux-gnu from the package libc6-arm64-cross"
                                       : "/usr/riscv64-linux-gnu from the package libc6-riscv64-cross";
}

/// Puts the script's interpreter and its argument in front, and the script's name in the place of argv[0].
void prepend(std::vector<std::string>& arguments, const ScriptLine& line, const std::string& script) {
    arguments.front() = script;
    if (line.argument) arguments.insert(arguments.begin(), *line.argument);
    arguments.insert(arguments.begin(), line.interpreter);
}

/// One attempt to find what runs. `path_` and `in_sysroot_` say what is looked at: the program, then the interpreters
/// of scripts.
class Resolver {
  public:
    Resolver(ProgramRequest request, const Sysroot& sysroot)
        : sysroot_(sysroot),
          path_(request.path),
          in_sysroot_(request.in_sysroot),
          path_inaccessible_(request.path_inaccessible) {
        program_.name = std::move(request.path);
        program_.arguments = std::move(request.arguments);
        if (program_.arguments.empty()) program_.arguments.emplace_back();
        program_.file = std::move(request.file);
    }

    Result<Program> run() {
        for (int scripts = 0;; ++scripts) {
            TRY(head, open());
            if (is_elf(head)) {
                program_.machine = elf_machine(head);
                program_.path = in_sysroot_ ? sysroot_.translate(path_) : path_;
                return std::move(program_);
            }
            if (scripts == most_scripts && is_script(head)) {
                return fail(
                    format("{}: scripts that interpret scripts are nested too deeply", printable(program_.name)),
                    ELOOP);
            }
            if (auto good = enter_script(head); !good) return std::unexpected(good.error());
        }
    }

  private:
    /// Opens what is at `path_`, unless it is open already, and returns its beginning.
    Result<std::vector<u8>> open() {
        if (!program_.file) {
            TRY(file, open_program(path_, in_sysroot_, sysroot_));
            program_.file = std::move(file);
        }
        if (auto good = check_executable(program_.file.get(), path_); !good) return std::unexpected(good.error());
        return read_head(program_.file.get(), path_);
    }

    /// Goes on to the interpreter of the script that begins with `head`.
    Result<void> enter_script(std::span<const u8> head) {
        if (head.empty()) return refuse("is empty", ENOEXEC);
        if (!is_script(head)) return refuse("is neither an ELF program nor a script (#!)", ENOEXEC);
        const auto line = parse_script_line(head);
        if (!line) return refuse("its #! line names no interpreter, or one too long for Linux", ENOEXEC);
        if (line->interpreter.empty()) return refuse("its #! line names no interpreter", ENOENT);
        if (path_inaccessible_) return refuse("a script cannot be run from a descriptor that exec closes", ENOENT);
        if (::access(sysroot_.translate(line->interpreter).c_str(), F_OK) != 0 && errno == ENOENT) {
            return refuse(format("its interpreter {} is not there (looked {}); correct its first line or install it",
                                 printable(line->interpreter), searched(sysroot_)),
                          ENOENT);
        }
        prepend(program_.arguments, *line, path_);
        program_.interpreter_name = line->interpreter;
        program_.file = Handle();
        path_ = line->interpreter;
        in_sysroot_ = true;
        return {};
    }

    std::unexpected<Error> refuse(const std::string& what, int code) const {
        return fail(format("{}: {}", printable(path_), what), code);
    }

    const Sysroot& sysroot_;
    Program program_;
    std::string path_;
    bool in_sysroot_;
    bool path_inaccessible_;
};

}  // namespace

Result<Program> resolve(ProgramRequest request, const Sysroot& sysroot) {
    return Resolver(std::move(request), sysroot).run();
}

Result<Image> read_interpreter(const Image& image, const Sysroot& sysroot) {
    const std::string& name = *image.interpreter;
    auto file = open_program(name, true, sysroot);
    if (!file && file.error().code == ENOENT) {
        return fail(
            format("{}: its dynamic linker {} is not there (looked {}); give -L a directory that holds the guest's "
                   "libraries, such as {}",
                   image.path, name, searched(sysroot), example_sysroot(image.machine)),
            ENOENT);
    }
    if (!file) return std::unexpected(file.error());
    const std::string path = sysroot.translate(name);
    if (auto good = check_executable(file->get(), path); !good) return std::unexpected(good.error());
    auto interpreter = read_image(std::move(*file), path);
    if (!interpreter) {
        const int code = interpreter.error().code == ENOEXEC ? ELIBBAD : interpreter.error().code;
        return fail(format("{} (the dynamic linker of {})", interpreter.error().message, printable(image.path)), code);
    }
    if (interpreter->machine != image.machine) {
        return fail(
            format("{}: its dynamic linker {} is built for another machine", printable(image.path), printable(path)),
            ELIBBAD);
    }
    return interpreter;
}

}  // namespace lyrebird::loader
