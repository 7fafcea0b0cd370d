// The host's own list of this process's mappings, for what only the host's kernel knows: how a mapped file is called
// now.
#pragma once

#include <string>
#include <vector>

#include "runtime/base/ints.hpp"

namespace lyrebird::memory {

struct HostMapping {
    u64 start = 0;
    u64 end = 0;
    u64 offset = 0;
    u64 device = 0;  // as in dev_t
    u64 inode = 0;
    char rights[5] = {};  // as in /proc/self/maps, for example "rw-p"
    std::string path;  // as in /proc/self/maps, so a line feed is "\012" and a deleted file's name ends in " (deleted)"
};

/// All mappings, ascending; none when /proc is not there.
std::vector<HostMapping> host_maps();

/// The one that holds `address`, or null.
const HostMapping* find(const std::vector<HostMapping>& maps, u64 address);

}  // namespace lyrebird::memory
