// Every operation, handed addresses of the VM itself and numbers that wrap around: the answer must be Linux's for an
// address beyond the end of the address space, and nothing of the VM may change. Linux's answer is the host's own for
// the same numbers moved beyond the end of the host's address space.
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/syscall.h>

#include <cstring>
#include <functional>
#include <string>

#include "runtime/memory/host_maps.hpp"
#include "tests/runtime/memory/support.hpp"

using namespace lyrebird;
using namespace lyrebird::memory;
using namespace lyrebird::memory::testing;

namespace {

constexpr u64 host_end = u64{1} << 47;
constexpr u64 host_top = host_end - page;  // the first address that is not the host process's

template <class... Values>
SysResult host_call(long number, Values... values) {
    long result = ::syscall(number, values...);
    return result == -1 ? -errno : result;
}

struct Segment {
    int identifier = ::shmget(IPC_PRIVATE, 3 * page, IPC_CREAT | 0600);
    ~Segment() { ::shmctl(identifier, IPC_RMID, nullptr); }
};

/// A page of the VM with known contents.
struct Canary {
    u64 address;
    Canary() {
        void* memory = ::mmap(nullptr, page, read_write, private_anonymous, -1, 0);
        REQUIRE(memory != MAP_FAILED);
        std::memset(memory, 0x5a, page);
        address = reinterpret_cast<u64>(memory);
    }
    ~Canary() { ::munmap(GuestAddress(address).host(), page); }
    bool alive() const {
        auto maps = host_maps();
        const HostMapping* found = find(maps, address);
        if (found == nullptr || std::string(found->rights) != "rw-p") return false;
        auto* bytes = GuestAddress(address).host<unsigned char>();
        for (u64 i = 0; i < page; ++i) {
            if (bytes[i] != 0x5a) return false;
        }
        return true;
    }
};

/// One operation on a range, for the guest and for the host.
struct Operation {
    const char* name;
    std::function<SysResult(AddressSpace&, u64, u64)> guest;
    std::function<SysResult(u64, u64)> host;
};

std::vector<Operation> operations(int segment, u64 scratch) {
    constexpr int fixed = private_anonymous | MAP_FIXED;
    constexpr int careful = private_anonymous | MAP_FIXED_NOREPLACE;
    std::vector<Operation> all = {
        {"mmap fixed", [](AddressSpace& s, u64 a, u64 n) { return s.map(a, n, read_write, fixed, -1, 0); },
         [](u64 a, u64 n) { return host_call(SYS_mmap, a, n, read_write, fixed, -1, 0); }},
        {"mmap noreplace", [](AddressSpace& s, u64 a, u64 n) { return s.map(a, n, PROT_NONE, careful, -1, 0); },
         [](u64 a, u64 n) { return host_call(SYS_mmap, a, n, PROT_NONE, careful, -1, 0); }},
        {"munmap", [](AddressSpace& s, u64 a, u64 n) { return s.unmap(a, n); },
         [](u64 a, u64 n) { return host_call(SYS_munmap, a, n); }},
        {"mincore", [scratch](AddressSpace& s, u64 a, u64 n) { return s.resident(a, n, scratch); },
         [scratch](u64 a, u64 n) { return host_call(SYS_mincore, a, n, scratch); }},
        {"mlock", [](AddressSpace& s, u64 a, u64 n) { return s.lock(a, n, 0); },
         [](u64 a, u64 n) { return host_call(SYS_mlock2, a, n, 0); }},
        {"munlock", [](AddressSpace& s, u64 a, u64 n) { return s.unlock(a, n); },
         [](u64 a, u64 n) { return host_call(SYS_munlock, a, n); }},
        {"remap_file_pages", [](AddressSpace& s, u64 a, u64 n) { return s.remap_file_pages(a, n, 0, 0, 0); },
         [](u64 a, u64 n) { return host_call(SYS_remap_file_pages, a, n, 0, 0, 0); }},
        {"mremap from there", [](AddressSpace& s, u64 a, u64 n) { return s.remap(a, n, page, MREMAP_MAYMOVE, 0); },
         [](u64 a, u64 n) { return host_call(SYS_mremap, a, n, page, MREMAP_MAYMOVE, 0); }},
        {"mremap growth", [](AddressSpace& s, u64 a, u64 n) { return s.remap(a, page, n, MREMAP_MAYMOVE, 0); },
         [](u64 a, u64 n) { return host_call(SYS_mremap, a, page, n, MREMAP_MAYMOVE, 0); }},
        {"shmat", [segment](AddressSpace& s, u64 a, u64) { return s.attach_shared(segment, a, 0); },
         [segment](u64 a, u64) { return host_call(SYS_shmat, segment, a, 0); }},
        {"shmat remap",
         [segment](AddressSpace& s, u64 a, u64) { return s.attach_shared(segment, a, SHM_REMAP | SHM_RND); },
         [segment](u64 a, u64) { return host_call(SYS_shmat, segment, a, SHM_REMAP | SHM_RND); }},
        {"shmdt", [](AddressSpace& s, u64 a, u64) { return s.detach_shared(a); },
         [](u64 a, u64) { return host_call(SYS_shmdt, a); }},
    };
    for (int rights : {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE | PROT_EXEC, PROT_READ | PROT_GROWSDOWN, 0x40}) {
        all.push_back({"mprotect", [rights](AddressSpace& s, u64 a, u64 n) { return s.protect(a, n, rights); },
                       [rights](u64 a, u64 n) { return host_call(SYS_mprotect, a, n, rights); }});
    }
    for (int advice : {MADV_NORMAL, MADV_DONTNEED, MADV_FREE, MADV_REMOVE, MADV_DONTFORK, MADV_WIPEONFORK,
                       MADV_HUGEPAGE, 22, 23, 102, 9999}) {
        all.push_back({"madvise", [advice](AddressSpace& s, u64 a, u64 n) { return s.advise(a, n, advice); },
                       [advice](u64 a, u64 n) { return host_call(SYS_madvise, a, n, advice); }});
    }
    for (int flags : {MS_SYNC, MS_ASYNC, MS_INVALIDATE, MS_SYNC | MS_ASYNC}) {
        all.push_back({"msync", [flags](AddressSpace& s, u64 a, u64 n) { return s.synchronise(a, n, flags); },
                       [flags](u64 a, u64 n) { return host_call(SYS_msync, a, n, flags); }});
    }
    return all;
}

// None between the guest's and the host's largest.
constexpr u64 sizes[] = {
    0,      1, page, 3 * page + 1, u64{1} << 30, u64{1} << 47, u64{1} << 63, ~u64{0} - 2 * page, ~u64{0} - page + 1,
    ~u64{0}};

}  // namespace

TEST_CASE("no operation on the VM's own addresses does anything, and each answers as Linux does beyond the end") {
    Guest guest;
    Segment segment;
    REQUIRE_GE(segment.identifier, 0);
    Canary canary;
    u64 scratch = guest.anonymous(4);
    int local = 0;
    auto heap = std::make_unique<char[]>(100000);
    std::vector<u64> places = {reinterpret_cast<u64>(&operations),
                               reinterpret_cast<u64>(&local),
                               reinterpret_cast<u64>(heap.get()),
                               canary.address,
                               guest->top().value,
                               guest->top().value + page,
                               host_end - page,
                               host_end,
                               u64{1} << 63,
                               ~u64{0} - 2 * page + 1,
                               ~u64{0} - page + 1};
    for (u64& place : places) place &= ~(page - 1);
    for (u64 place : std::vector<u64>(places)) places.push_back(place + 5);
    std::size_t before = guest.regions().size();
    for (const Operation& operation : operations(segment.identifier, scratch)) {
        for (u64 place : places) {
            for (u64 size : sizes) {
                u64 beyond = place >= host_end ? place : place - guest->top().value + host_top;
                SysResult expected = operation.host(beyond, size);
                // The host's mmap mistakes the last addresses for an errno of its own and returns them.
                if (expected < -1000) continue;
                INFO(std::string(operation.name) << " at " << place << " size " << size);
                REQUIRE_LE(expected, 0);
                REQUIRE_EQ(operation.guest(*guest, place, size), expected);
            }
        }
        REQUIRE(canary.alive());
    }
    CHECK_EQ(guest.regions().size(), before);
}

TEST_CASE("a range that begins in the guest's part and runs into the VM's changes only what is the guest's") {
    Guest guest;
    Segment segment;
    Canary canary;
    u64 scratch = guest.anonymous(4);
    u64 start = guest->top().value - 4 * page;
    for (const Operation& operation : operations(segment.identifier, scratch)) {
        for (u64 reach :
             {guest->top().value + page, canary.address + page, host_end, host_end * 2, ~u64{0} & ~(page - 1)}) {
            REQUIRE_GT(guest.anonymous_at(start, 4), 0);
            operation.guest(*guest, start, reach - start);
            operation.guest(*guest, start, ~u64{0} - start);
            INFO(std::string(operation.name));
            REQUIRE(canary.alive());
        }
    }
}

TEST_CASE("memory is never moved onto the VM") {
    Guest guest;
    Canary canary;
    u64 source = guest.anonymous(4);
    for (int flags : {MREMAP_MAYMOVE | MREMAP_FIXED, MREMAP_MAYMOVE | MREMAP_FIXED | 4, MREMAP_MAYMOVE | 4}) {
        for (u64 target :
             {canary.address, guest->top().value, guest->top().value - page, host_end, ~u64{0} - page + 1}) {
            CHECK_EQ(guest->remap(source, 4 * page, 4 * page, flags, target), -EINVAL);
        }
    }
    CHECK_EQ(guest->remap(source, 4 * page, page, MREMAP_MAYMOVE | MREMAP_FIXED, canary.address), -EINVAL);
    CHECK_EQ(guest->remap(source, 4 * page, u64{1} << 47, MREMAP_MAYMOVE, 0), -EINVAL);
    CHECK(canary.alive());
}

TEST_CASE("mincore does not write its answer into the VM") {
    Guest guest;
    Canary canary;
    u64 memory = guest.anonymous(2);
    CHECK_EQ(guest->resident(memory, 2 * page, canary.address), -EFAULT);
    CHECK_EQ(guest->resident(memory, 2 * page, guest->top().value - 1), -EFAULT);
    CHECK_EQ(guest->resident(memory, 2 * page, ~u64{0}), -EFAULT);
    CHECK(canary.alive());
}

TEST_CASE("the program break cannot be moved into the VM") {
    Guest guest;
    guest->set_brk_start(GuestAddress(0x100000));
    u64 start = guest->brk_start().value;
    Canary canary;
    for (u64 wanted : {canary.address, guest->top().value + 1, host_end, ~u64{0}, u64{1} << 63, start - 1, u64{0}}) {
        CHECK_EQ(guest->brk(wanted), static_cast<SysResult>(start));
    }
    CHECK(canary.alive());
}

TEST_CASE("a hint in the VM's part is not taken") {
    Guest guest;
    Canary canary;
    for (u64 hint : {canary.address, canary.address + page, guest->top().value, host_end, ~u64{0}}) {
        SysResult result = guest->map(hint, page, read_write, private_anonymous, -1, 0);
        REQUIRE_GT(result, 0);
        CHECK(guest->contains(GuestAddress(static_cast<u64>(result)), page));
    }
    CHECK(canary.alive());
}

TEST_CASE("looking at hostile addresses finds nothing") {
    Guest guest;
    Canary canary;
    for (u64 address : {canary.address, guest->top().value, host_end, ~u64{0}}) {
        CHECK(!guest->find(GuestAddress(address)));
        CHECK(!guest->protection_at(GuestAddress(address)));
        CHECK(!guest->executable(GuestAddress(address), 4));
    }
    u64 code = guest.anonymous(1, PROT_READ | PROT_EXEC);
    CHECK(guest->executable(GuestAddress(code), page));
    CHECK(!guest->executable(GuestAddress(code), ~u64{0}));
    CHECK(!guest->executable(GuestAddress(code + page - 2), 4));
}

TEST_CASE("the loader's calls refuse sizes that wrap around") {
    Guest guest;
    CHECK_EQ(guest->choose_free(~u64{0}, 1).value, 0);
    CHECK_EQ(guest->choose_free(u64{1} << 47, page).value, 0);
    CHECK_EQ(guest->choose_image_base(~u64{0} - page, page).value, 0);
    CHECK_EQ(guest->choose_free(page, u64{1} << 63).value, 0);
    CHECK_EQ(guest->map_fixed(GuestAddress(0x10000), ~u64{0}, PROT_READ, -1, 0, ""), -ENOMEM);
    CHECK_EQ(guest->map_fixed(GuestAddress(~u64{0} - page + 1), 2 * page, PROT_READ, -1, 0, ""), -ENOMEM);
    CHECK_EQ(guest->map_fixed(GuestAddress(0xf000), page, PROT_READ, -1, 0, ""), -EPERM);
    CHECK(!guest->map_stack(~u64{0} - 100, false));
    CHECK(!guest->map_stack(u64{1} << 46, false));
}
