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

/// Which tiers run code: the interpreter, the translator, or the first for what is met once and the second for the rest.
enum class Tiers { interpreter, translator, automatic };

/// The guest's processor: what programs may rely on, or with everything that lyre knows of.
enum class Processor { generic, max };

struct Options {
    std::string sysroot;         // directory with the guest's own files, or empty: the host's root
    bool strace = false;         // write each system call
    std::string strace_file;     // where to, or empty: standard error
    int strace_descriptor = -1;  // an open descriptor to write it to instead of strace_file; the machine takes it over
    bool statistics = false;     // write counts at the end
    bool dump_guest = false;     // write each block's instructions when it is first met
    bool dump_listing = false;   // and their meanings
    bool dump_host = false;      // write the host code of each translated block
    Tiers tiers = Tiers::automatic;
    unsigned translate_after = 1;        // visits of a block in tier 0 before it is translated (tiers: automatic)
    unsigned code_size = 64;             // room for translated code, in MiB
    std::string without_host_features;   // features of the host's processor to leave unused, with commas between
    bool check_tiers = false;            // run every block in both tiers, stop at the first difference
    bool perf_map = false;               // write /tmp/perf-PID.map, for perf report
    bool jitdump = false;                // write jit-PID.dump, for perf inject
    std::string jitdump_directory;       // where to; empty: the working directory
    Processor processor = Processor::generic;
    int va_bits = 46;            // size of the guest's address space: 39, 42 or 46
    ReportFormat report = ReportFormat::own_failures;
};

}  // namespace lyrebird
