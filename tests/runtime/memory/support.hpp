// What the tests of the address space share.
#pragma once

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "runtime/memory/address_space.hpp"
#include "runtime/memory/host_maps.hpp"

namespace lyrebird::memory::testing {

inline constexpr int read_write = PROT_READ | PROT_WRITE;
inline constexpr int private_anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
inline constexpr int shared_anonymous = MAP_SHARED | MAP_ANONYMOUS;
inline constexpr u64 page = page_size;

/// An address space for one test case.
struct Guest {
    std::unique_ptr<AddressSpace> space;

    explicit Guest(const AddressSpace::Options& options = {}) {
        auto created = AddressSpace::create(options);
        REQUIRE_MESSAGE(created.has_value(), (created ? "" : created.error().message));
        space = std::move(*created);
    }
    AddressSpace* operator->() const { return space.get(); }
    AddressSpace& operator*() const { return *space; }

    /// Anonymous private memory where the address space chooses; must succeed.
    u64 anonymous(u64 pages, int protection = read_write, int more_flags = 0) const {
        SysResult result = space->map(0, pages * page, protection, private_anonymous | more_flags, -1, 0);
        REQUIRE_GT(result, 0);
        return static_cast<u64>(result);
    }
    /// The same at an exact place.
    SysResult anonymous_at(u64 address, u64 pages, int protection = read_write) const {
        return space->map(address, pages * page, protection, private_anonymous | MAP_FIXED, -1, 0);
    }
    bool mapped(u64 address) const { return space->find(GuestAddress(address)).has_value(); }
    int protection(u64 address) const { return space->protection_at(GuestAddress(address)).value_or(-1); }
    std::vector<Region> regions() const {
        std::vector<Region> all;
        space->for_each([&](const Region& region) { all.push_back(region); });
        return all;
    }
};

/// How many mappings the host has below 2^46 now. Not none when a sanitizer keeps its own data there.
inline long host_mappings_below() {
    long count = 0;
    for (const HostMapping& mapping : host_maps()) count += mapping.start < (u64{1} << 46) ? 1 : 0;
    return count;
}

template <class T>
T& at(u64 address) {
    return *GuestAddress(address).host<T>();
}

/// A file of `pages` pages, each filled with its number from 1, that vanishes with the test.
struct File {
    int fd;
    explicit File(u64 pages, const char* name = "lyrebird") : fd(::memfd_create(name, MFD_CLOEXEC)) {
        REQUIRE_GE(fd, 0);
        for (u64 i = 0; i < pages; ++i) {
            std::vector<char> bytes(page, static_cast<char>(i + 1));
            REQUIRE_EQ(::write(fd, bytes.data(), page), static_cast<ssize_t>(page));
        }
    }
    ~File() { ::close(fd); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
};

}  // namespace lyrebird::memory::testing
