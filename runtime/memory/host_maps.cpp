#include "runtime/memory/host_maps.hpp"

#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace lyrebird::memory {

namespace {

std::string read_all(const char* path) {
    std::string text;
    int fd = ::open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return text;
    char piece[16384];
    for (ssize_t got; (got = ::read(fd, piece, sizeof piece)) > 0;) text.append(piece, static_cast<std::size_t>(got));
    ::close(fd);
    return text;
}

bool parse(const std::string& line, HostMapping& mapping) {
    unsigned long start = 0, end = 0, offset = 0, inode = 0;
    unsigned major = 0, minor = 0;
    int rest = 0;
    int fields = std::sscanf(line.c_str(), "%lx-%lx %4s %lx %x:%x %lu %n", &start, &end, mapping.rights, &offset,
                             &major, &minor, &inode, &rest);
    if (fields != 7) return false;
    mapping.start = start;
    mapping.end = end;
    mapping.offset = offset;
    mapping.device = makedev(major, minor);
    mapping.inode = inode;
    mapping.path = line.substr(std::min(static_cast<std::size_t>(rest), line.size()));
    return true;
}

}  // namespace

std::vector<HostMapping> host_maps() {
    std::vector<HostMapping> maps;
    std::string text = read_all("/proc/self/maps");
    for (std::size_t at = 0; at < text.size();) {
        std::size_t stop = std::min(text.find('\n', at), text.size());
        HostMapping mapping;
        if (parse(text.substr(at, stop - at), mapping)) maps.push_back(std::move(mapping));
        at = stop + 1;
    }
    return maps;
}

const HostMapping* find(const std::vector<HostMapping>& maps, u64 address) {
    auto after = std::ranges::upper_bound(maps, address, {}, &HostMapping::start);
    if (after == maps.begin()) return nullptr;
    const HostMapping& found = *std::prev(after);
    return found.end > address ? &found : nullptr;
}

}  // namespace lyrebird::memory
