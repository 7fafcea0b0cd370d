// From the name of a program to the file that really runs, as Linux's execve finds it: permissions, "#!" scripts
// (nested ones too), and the dynamic linker that an ELF file asks for; the sysroot is searched first.
#pragma once

#include <string>
#include <vector>

#include "loader/image.hpp"
#include "loader/sysroot.hpp"
#include "runtime/base/handle.hpp"
#include "runtime/base/result.hpp"

namespace lyrebird::loader {

struct ProgramRequest {
    std::string path;                    // as it was given
    std::vector<std::string> arguments;  // argv; Linux makes an empty one { "" }
    bool in_sysroot = true;              // `path` is a guest path; false: the user's, on the host
    Handle file;                     // the program when it is already open (fexecve, AT_EXECFD); `path` only names it
    bool path_inaccessible = false;  // `path` cannot be opened again after exec, so it cannot be a script's
};

struct Program {
    Handle file;                         // an ELF file, open for reading
    std::string path;                    // where `file` is on the host
    std::string name;                    // AT_EXECFN: the path that was asked for, also if that was a script
    std::vector<std::string> arguments;  // with what scripts put in front
    std::string interpreter_name;  // a script's interpreter by its guest path (arguments[0]); "" if there was no script
    Machine machine = Machine::other;  // x86_64: a host program, to be executed natively with `arguments`
};

/// Follows scripts (as many as Linux does: five deep) until an ELF file is found. Errors carry what execve would
/// answer: ENOENT, EACCES (not executable, not a regular file, a directory), ENOEXEC (neither ELF nor script), ELOOP.
Result<Program> resolve(ProgramRequest request, const Sysroot& sysroot);

/// Opens and reads the interpreter (dynamic linker) that `image` asks for, looking in the sysroot first. It must be
/// built for the same machine (ELIBBAD); that it is missing (ENOENT) is told with what to do about it.
Result<Image> read_interpreter(const Image& image, const Sysroot& sysroot);

}  // namespace lyrebird::loader
