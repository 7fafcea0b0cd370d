// The host kernel's memory calls as they are: raw numbers in, a value or −errno out. Nothing here checks anything; the
// callers (the AddressSpace) have done so.
#pragma once

#include "runtime/base/ints.hpp"
#include "runtime/base/result.hpp"

namespace lyrebird::memory::host {

SysResult map(u64 address, u64 size, int protection, int flags, int fd, u64 offset);
SysResult unmap(u64 address, u64 size);
SysResult protect(u64 address, u64 size, int protection);
SysResult remap(u64 old_address, u64 old_size, u64 new_size, int flags, u64 new_address);
SysResult advise(u64 address, u64 size, int advice);
SysResult resident(u64 address, u64 size, u64 vector);
SysResult synchronise(u64 address, u64 size, int flags);
SysResult lock(u64 address, u64 size, int flags);
SysResult unlock(u64 address, u64 size);
SysResult remap_file_pages(u64 address, u64 size, u64 page_offset, int flags);

/// The rights the host's page tables get for what the guest asked: guest execute is host read (the VM fetches the
/// bytes), and the host never executes them.
int protection_for(int guest_protection);

/// True when the page that holds `address` belongs to some mapping of the host.
bool is_mapped(u64 address);
/// True when no page of the range is unmapped on the host.
bool covers(u64 address, u64 size);

/// Takes [address, address + size) with inaccessible memory; −EEXIST, and nothing is changed, when any of it is in use.
SysResult reserve(u64 address, u64 size);

}  // namespace lyrebird::memory::host
