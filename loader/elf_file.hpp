// From the bytes of an ELF file to an Image.
//
// Why it is careful: the file may be truncated, built for another machine, or made to harm. Every offset, size, count,
// alignment and sum is checked before it is used, and whatever is wrong becomes one line that says what, where, and
// what to do.
//
// Only the two header tables are read, by our own bounded reads; libelf translates them. Its file functions are not
// used, because they also read the section tables, which no program needs for running and which a hostile file could
// turn against us.
#pragma once

#include <span>
#include <string>

#include "loader/image.hpp"
#include "runtime/base/result.hpp"

namespace lyrebird::loader {

/// Reads and checks the program in `file`; `path` is its name on the host. What Linux's execve refuses is refused here,
/// with its errno as the Error's code (ENOEXEC, EACCES for what is not a regular file), and so are files that are
/// truncated or that are built for a machine that this program does not run.
Result<Image> read_image(Handle file, const std::string& path);

/// True when `head`, the beginning of a file, begins as ELF files do.
bool is_elf(std::span<const u8> head);
/// What the ELF file that begins with `head` is built for; `other` also when `head` is too short to say.
Machine elf_machine(std::span<const u8> head);

/// The exit status with which a shell answers a program that cannot be started for this reason: 127 when it is not
/// there, 126 otherwise.
int exit_status(const Error& error);

}  // namespace lyrebird::loader
