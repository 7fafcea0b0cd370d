#include "syscall/proc_files.hpp"

#include <sys/mman.h>
#include <sys/sysmacros.h>

#include <charconv>
#include <map>
#include <vector>

#include "runtime/base/text.hpp"

namespace lyrebird::syscall {

namespace {
constexpr std::size_t path_column = 73;  // where the kernel begins the name in a line of maps

/// Calls `visit` with every line of `text`, without its end.
template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        visit(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

std::vector<memory::Region> regions(const Context& context) {
    std::vector<memory::Region> all;
    context.memory.for_each([&](const memory::Region& region) { all.push_back(region); });
    return all;
}

u64 mapped_bytes(const Context& context) {
    u64 bytes = 0;
    context.memory.for_each([&](const memory::Region& region) { bytes += region.end - region.start; });
    return bytes;
}

void append_region(std::string& text, const Context& context, const memory::Region& region) {
    const std::size_t start = text.size();
    auto right = [&](int bit, char letter) { return (region.protection & bit) != 0 ? letter : '-'; };
    append(text, "{:08x}-{:08x} {}{}{}{} {:08x} {:02x}:{:02x} {} ", region.start.value, region.end.value,
           right(PROT_READ, 'r'), right(PROT_WRITE, 'w'), right(PROT_EXEC, 'x'),
           (region.flags & MAP_SHARED) != 0 ? 's' : 'p', region.backing.offset, major(region.backing.device),
           minor(region.backing.device), region.backing.inode);
    if (!region.backing.path.empty()) {
        const std::size_t width = text.size() - start;
        if (width < path_column) text.append(path_column - width, ' ');
        const bool named = !region.backing.path.starts_with('/') || context.sysroot.empty();
        for (char letter : named ? region.backing.path : context.sysroot.guest_path(region.backing.path)) {
            letter == '\n' ? text.append("\\012") : text.append(1, letter);
        }
    }
    text += '\n';
}

std::string maps(const Context& context) {
    std::string text;
    for (const auto& region : regions(context)) append_region(text, context, region);
    return text;
}

// ---- smaps ----

/// The sizes, in KiB, that the kernel counts for a mapping, in its order.
struct Usage {
    std::vector<std::pair<std::string, u64>> sizes;

    void add(std::string_view name, u64 size) {
        for (auto& [known, sum] : sizes) {
            if (known != name) continue;
            sum += size;
            return;
        }
        sizes.emplace_back(name, size);
    }
};

/// What is said once for a mapping and does not add up.
bool is_fixed_line(std::string_view name) {
    return name == "Size" || name == "KernelPageSize" || name == "MMUPageSize";
}

/// The host's usage by the first address of each of its mappings below `top`.
std::map<u64, Usage> host_usage(const std::string& smaps, u64 top) {
    std::map<u64, Usage> found;
    Usage* current = nullptr;
    for_each_line(smaps, [&](std::string_view line) {
        const auto colon = line.find(':');
        const auto name = line.substr(0, colon);
        if (name.find_first_of(" -") != std::string_view::npos) {  // "start-end rights …"
            u64 start = 0;
            std::from_chars(line.data(), line.data() + line.size(), start, 16);
            current = start < top ? &found[start] : nullptr;
        } else if (current != nullptr && line.ends_with(" kB") && !is_fixed_line(name)) {
            const auto digit = line.find_first_of("0123456789", colon);
            u64 size = 0;
            if (digit == std::string_view::npos) return;
            std::from_chars(line.data() + digit, line.data() + line.size(), size);
            current->add(name, size);
        }
    });
    return found;
}

/// The host's mappings that begin in [start, end); one that spans several of the guest's regions counts for its first.
Usage usage_within(const std::map<u64, Usage>& host, u64 start, u64 end) {
    Usage sum;
    for (auto it = host.lower_bound(start); it != host.end() && it->first < end; ++it) {
        for (const auto& [name, size] : it->second.sizes) sum.add(name, size);
    }
    return sum;
}

void append_size(std::string& text, std::string_view name, u64 kibibytes) {
    append(text, "{:<16}{:8} kB\n", std::string(name) + ":", kibibytes);
}

std::string vm_flags(const memory::Region& region) {
    std::string flags;
    if ((region.protection & PROT_READ) != 0) flags += "rd ";
    if ((region.protection & PROT_WRITE) != 0) flags += "wr ";
    if ((region.protection & PROT_EXEC) != 0) flags += "ex ";
    if ((region.flags & MAP_SHARED) != 0) flags += "sh ";
    flags += "mr mw me ";
    if ((region.flags & MAP_SHARED) != 0) flags += "ms ";
    if ((region.flags & MAP_GROWSDOWN) != 0) flags += "gd ";
    if ((region.flags & MAP_NORESERVE) != 0) flags += "nr ";
    return flags;
}

std::string smaps(const Context& context, const std::string& host_text) {
    const auto host = host_usage(host_text, context.memory.top().value);
    std::string text;
    for (const auto& region : regions(context)) {
        append_region(text, context, region);
        append_size(text, "Size", (region.end - region.start) / 1024);
        append_size(text, "KernelPageSize", page_size / 1024);
        append_size(text, "MMUPageSize", page_size / 1024);
        for (const auto& [name, size] : usage_within(host, region.start.value, region.end.value).sizes) {
            append_size(text, name, size);
        }
        append(text, "VmFlags: {}\n", vm_flags(region));
    }
    return text;
}

std::string smaps_rollup(const Context& context) {
    // The host's own sum holds the VM: it is made anew from the single mappings.
    std::string host_text;
    if (FILE* file = std::fopen("/proc/self/smaps", "re")) {
        char part[4096];
        for (std::size_t count; (count = std::fread(part, 1, sizeof part, file)) != 0;) host_text.append(part, count);
        std::fclose(file);
    }
    const auto all = regions(context);
    std::string text;
    append(text, "{:08x}-{:08x} ---p 00000000 00:00 0 ", all.empty() ? 0 : all.front().start.value,
           all.empty() ? 0 : all.back().end.value);
    text.append(path_column - text.size(), ' ');
    text += "[rollup]\n";
    const u64 top = context.memory.top().value;
    for (const auto& [name, size] : usage_within(host_usage(host_text, top), 0, top).sizes)
        append_size(text, name, size);
    return text;
}

// ---- files of which a few fields differ ----

/// Replaces the word at `index` (from 0) of words separated by single spaces.
std::string with_word(std::string_view line, int index, const std::string& word) {
    std::size_t start = 0;
    for (int skipped = 0; skipped < index; ++skipped) {
        start = line.find(' ', start);
        if (start == std::string_view::npos) return std::string(line);
        ++start;
    }
    const auto end = std::min(line.find_first_of(" \n", start), line.size());
    return std::string(line.substr(0, start)) + word + std::string(line.substr(end));
}

std::string stat(const Context& context, const std::string& host) {
    // The second field, the name in parentheses, may hold anything; vsize is the 23rd, the 21st after it.
    const auto name_end = host.rfind(") ");
    if (name_end == std::string::npos) return host;
    const auto rest = std::string_view(host).substr(name_end + 2);
    return host.substr(0, name_end + 2) + with_word(rest, 20, format("{}", mapped_bytes(context)));
}

std::string status(const Context& context, const std::string& host) {
    const auto sets = context.services.signal_sets();
    const u64 size = mapped_bytes(context) / 1024;
    std::string text;
    for_each_line(host, [&](std::string_view line) {
        if (line.starts_with("VmSize:") || line.starts_with("VmPeak:")) {
            append(text, "{}\t{:8} kB\n", line.substr(0, 7), size);
        } else if (sets && line.starts_with("SigBlk:")) {
            append(text, "SigBlk:\t{:016x}\n", sets->blocked);
        } else if (sets && line.starts_with("SigIgn:")) {
            append(text, "SigIgn:\t{:016x}\n", sets->ignored);
        } else if (sets && line.starts_with("SigCgt:")) {
            append(text, "SigCgt:\t{:016x}\n", sets->caught);
        } else {
            text.append(line).append("\n");
        }
    });
    return text;
}

std::string limits(const Context& context, const std::string& host) {
    auto value = [](u64 limit) { return limit == RLIM_INFINITY ? std::string("unlimited") : format("{}", limit); };
    std::string text;
    for_each_line(host, [&](std::string_view line) {
        const int resource = line.starts_with("Max address space") ? RLIMIT_AS
                             : line.starts_with("Max data size")   ? RLIMIT_DATA
                             : line.starts_with("Max stack size")  ? RLIMIT_STACK
                                                                   : -1;
        if (resource < 0) {
            text.append(line).append("\n");
            return;
        }
        const Limit limit = context.process.limit(resource);
        append(text, "{:<25} {:<20} {:<20} bytes     \n", line.substr(0, line.find("  ")), value(limit.soft),
               value(limit.hard));
    });
    return text;
}

std::string cpuinfo(const Context& context, const std::string& host) {
    std::string text;
    for_each_line(host, [&](std::string_view line) {
        if (!line.starts_with("processor")) return;
        const auto digit = line.find_first_of("0123456789");
        unsigned processor = 0;
        if (digit == std::string_view::npos) return;
        std::from_chars(line.data() + digit, line.data() + line.size(), processor);
        text += context.abi.cpu_info(processor, context.cpu) + "\n";
    });
    return text;
}
}  // namespace

ProcFile proc_file_of(std::string_view name) {
    if (name == "exe") return ProcFile::executable;
    if (name == "maps") return ProcFile::maps;
    if (name == "smaps") return ProcFile::smaps;
    if (name == "smaps_rollup") return ProcFile::smaps_rollup;
    if (name == "stat") return ProcFile::stat;
    if (name == "statm") return ProcFile::statm;
    if (name == "status") return ProcFile::status;
    if (name == "limits") return ProcFile::limits;
    if (name == "mem") return ProcFile::memory;
    return ProcFile::none;
}

std::string proc_text(const Context& context, ProcFile file, const std::string& host) {
    switch (file) {
        case ProcFile::maps:
            return maps(context);
        case ProcFile::smaps:
            return smaps(context, host);
        case ProcFile::smaps_rollup:
            return smaps_rollup(context);
        case ProcFile::stat:
            return stat(context, host);
        case ProcFile::statm:
            return with_word(host, 0, format("{}", mapped_bytes(context) / page_size));
        case ProcFile::status:
            return status(context, host);
        case ProcFile::limits:
            return limits(context, host);
        case ProcFile::cpuinfo:
            return cpuinfo(context, host);
        case ProcFile::none:
        case ProcFile::executable:
        case ProcFile::memory:
            break;
    }
    return host;
}

}  // namespace lyrebird::syscall
