// What can be chosen about a machine. Every field has an option of `lyre` (see runtime/cli/arguments.cpp) and means the
// same.
#pragma once

#include <string>

namespace lyrebird {

enum class ReportFormat {
    own_failures,  // report only what the VM itself got wrong, and instructions that it does not know
    text,          // also the guest's deaths by a fault and its unsupported system calls
    json,          // the same for machines, one object a line
};

struct Options {
    std::string sysroot;         // directory with the guest's own files, or empty: the host's root
    bool strace = false;         // write each system call
    std::string strace_file;     // where to, or empty: standard error
    int strace_descriptor = -1;  // an open descriptor to write it to instead of strace_file; the machine takes it over
    bool statistics = false;     // write counts at the end
    bool listing = false;        // write each block's meaning when it is first decoded
    int tier = 0;                // the highest tier that may run code
    int va_bits = 46;            // size of the guest's address space: 39, 42 or 46
    ReportFormat report = ReportFormat::own_failures;
};

}  // namespace lyrebird
