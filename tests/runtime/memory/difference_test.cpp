// The address space against the host's kernel: the same random operations on a window of real host memory and on a
// window of guest memory must give the same answers, the same map and the same contents.
#include <sys/syscall.h>

#include <map>
#include <random>
#include <string>

#include "runtime/base/text.hpp"
#include "runtime/memory/host_maps.hpp"
#include "tests/runtime/memory/support.hpp"

using namespace lyrebird;
using namespace lyrebird::memory;
using namespace lyrebird::memory::testing;

namespace {

constexpr u64 pages = 48;
constexpr u64 window = pages * page;
// Neither the kernel's nor anybody else's choice for anything: above the guest's part, below the VM's image.
constexpr u64 host_base = 0x4800'0000'0000;
constexpr u64 guest_base = 0x2000'0000'0000;

/// The host's view of a window, a character a page: '.' or the access rights, capital when shared.
std::string host_picture(u64 base) {
    std::string text(pages, '.');
    for (const HostMapping& mapping : host_maps()) {
        for (u64 i = 0; i < pages; ++i) {
            u64 address = base + i * page;
            if (address < mapping.start || address >= mapping.end) continue;
            int rights = (mapping.rights[0] == 'r') | (mapping.rights[1] == 'w') << 1 | (mapping.rights[2] == 'x') << 2;
            text[i] = static_cast<char>((mapping.rights[3] == 's' ? 'A' : 'a') + rights);
        }
    }
    return text;
}

/// Which page of its object (file, shared memory) each page of the window shows, as the host says; '-' for private
/// memory.
std::string host_offsets(u64 base) {
    std::string text;
    auto maps = host_maps();
    for (u64 address = base; address < base + window; address += page) {
        const HostMapping* mapping = find(maps, address);
        bool object = mapping != nullptr && mapping->inode != 0;
        text += object ? format("{} ", (mapping->offset + address - mapping->start) / page) : "- ";
    }
    return text;
}

/// One side of the comparison: the host's own calls on the host window.
struct Host {
    static constexpr u64 base = host_base;
    template <class... Values>
    static SysResult call(long number, Values... values) {
        long result = ::syscall(number, values...);
        return result == -1 ? -errno : result;
    }
    SysResult map(u64 a, u64 s, int p, int f, int fd, u64 o) { return call(SYS_mmap, a, s, p, f, fd, o); }
    SysResult unmap(u64 a, u64 s) { return call(SYS_munmap, a, s); }
    SysResult protect(u64 a, u64 s, int p) { return call(SYS_mprotect, a, s, p); }
    SysResult remap(u64 a, u64 o, u64 n, int f, u64 t) { return call(SYS_mremap, a, o, n, f, t); }
    SysResult advise(u64 a, u64 s, int v) { return call(SYS_madvise, a, s, v); }
    SysResult synchronise(u64 a, u64 s, int f) { return call(SYS_msync, a, s, f); }
    SysResult lock(u64 a, u64 s, int f) { return call(SYS_mlock2, a, s, f); }
    SysResult unlock(u64 a, u64 s) { return call(SYS_munlock, a, s); }
    SysResult remap_file_pages(u64 a, u64 s, int p, u64 o, int f) { return call(SYS_remap_file_pages, a, s, p, o, f); }

    std::string picture() { return host_picture(base); }
};

/// The other side: the guest's calls on the guest window.
struct Guests {
    static constexpr u64 base = guest_base;
    AddressSpace* space;
    SysResult map(u64 a, u64 s, int p, int f, int fd, u64 o) { return space->map(a, s, p, f, fd, o); }
    SysResult unmap(u64 a, u64 s) { return space->unmap(a, s); }
    SysResult protect(u64 a, u64 s, int p) { return space->protect(a, s, p); }
    SysResult remap(u64 a, u64 o, u64 n, int f, u64 t) { return space->remap(a, o, n, f, t); }
    SysResult advise(u64 a, u64 s, int v) { return space->advise(a, s, v); }
    SysResult synchronise(u64 a, u64 s, int f) { return space->synchronise(a, s, f); }
    SysResult lock(u64 a, u64 s, int f) { return space->lock(a, s, f); }
    SysResult unlock(u64 a, u64 s) { return space->unlock(a, s); }
    SysResult remap_file_pages(u64 a, u64 s, int p, u64 o, int f) { return space->remap_file_pages(a, s, p, o, f); }

    std::string picture() {
        std::string text(pages, '.');
        space->for_each([&](const Region& region) {
            for (u64 i = 0; i < pages; ++i) {
                u64 address = base + i * page;
                if (address < region.start.value || address >= region.end.value) continue;
                text[i] = static_cast<char>(((region.flags & MAP_SHARED) != 0 ? 'A' : 'a') + (region.protection & 7));
            }
        });
        return text;
    }
    std::string offsets() {
        std::string text;
        for (u64 address = base; address < base + window; address += page) {
            auto region = space->find(GuestAddress(address));
            bool object = region && ((region->flags & MAP_SHARED) != 0 || region->backing.inode != 0);
            text += object ? format("{} ", (region->backing.offset + (address - region->start.value)) / page) : "- ";
        }
        return text;
    }
};

/// What the host must show for a guest's picture: guest execute is host read, and never host execute.
std::string without_execute(std::string picture) {
    for (char& c : picture) {
        if (c == '.') continue;
        char first = c >= 'a' ? 'a' : 'A';
        int rights = c - first;
        if ((rights & PROT_EXEC) != 0) c = static_cast<char>(first + ((rights & ~PROT_EXEC) | PROT_READ));
    }
    return picture;
}

/// One random operation, the same for both sides: drawn once, carried out relative to a base.
struct Operation {
    int kind = 0;
    u64 offset = 0, size = 0, size2 = 0, target = 0;
    int protection = 0, flags = 0, fd = -1;
    u64 file_offset = 0;
    char value = 0;

    std::string text() const {
        return format(
            "kind {} offset {:#x} size {:#x} size2 {:#x} target {:#x} protection {} flags {:#x} fd {} from {:#x}", kind,
            offset, size, size2, target, protection, flags, fd, file_offset);
    }
};

struct Script {
    std::mt19937_64 random;
    int file;

    u64 below(u64 limit) { return random() % limit; }
    template <class T>
    T pick(std::initializer_list<T> values) {
        return values.begin()[below(values.size())];
    }
    u64 some_size(u64 offset) {
        u64 room = window - offset;
        u64 size = (1 + below(12)) * page;
        if (size > room) size = room;
        return below(8) == 0 && size > 100 ? size - below(100) : size;
    }
    int rights() {
        return pick({PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC,
                     PROT_READ | PROT_WRITE | PROT_EXEC});
    }

    Operation next() {
        Operation op;
        op.kind = static_cast<int>(below(16));
        op.offset = below(pages) * page;
        op.size = some_size(op.offset);
        op.target = below(pages) * page;
        op.size2 = some_size(op.target);
        op.protection = rights();
        op.value = static_cast<char>(1 + below(120));
        op.file_offset = below(8) * page;
        if (below(40) == 0) op.offset += below(page);
        if (below(40) == 0) op.size = pick({u64{0}, ~u64{0}, ~u64{0} - 5000});
        bool from_file = below(3) == 0;
        op.fd = from_file ? file : -1;
        op.flags = pick({MAP_PRIVATE, MAP_PRIVATE, MAP_SHARED}) | (from_file ? 0 : MAP_ANONYMOUS) |
                   pick({MAP_FIXED, MAP_FIXED, MAP_FIXED_NOREPLACE});
        if (below(40) == 0) op.flags = pick({0, MAP_FIXED, MAP_FIXED | MAP_ANONYMOUS});
        if (op.kind == 5 || op.kind == 6)
            op.flags = pick({0, MREMAP_MAYMOVE | MREMAP_FIXED, MREMAP_MAYMOVE | MREMAP_FIXED | 4});
        if (op.kind == 5 && below(2) == 0) op.size2 = op.size;
        if (op.kind == 7) {
            op.flags = pick({MADV_DONTNEED, MADV_DONTNEED, MADV_NORMAL, MADV_WILLNEED, MADV_FREE, MADV_DONTFORK,
                             MADV_DOFORK, MADV_WIPEONFORK, MADV_KEEPONFORK, MADV_REMOVE, MADV_DONTDUMP, MADV_HUGEPAGE,
                             22, 23, 24, 102, 103, 77});
        }
        if (op.kind == 8) op.flags = pick({MS_ASYNC, MS_SYNC, MS_INVALIDATE, MS_ASYNC | MS_SYNC, 64});
        if (op.kind == 9) op.flags = pick<int>({0, MLOCK_ONFAULT, 8});
        return op;
    }
};

/// An address in the window as an offset, so that both sides can be compared.
SysResult relative(SysResult result, u64 base) {
    return result < 0 && result >= -4095            ? result
           : result >= static_cast<SysResult>(base) ? result - static_cast<SysResult>(base)
                                                    : result;
}

template <class Side>
SysResult carry_out(Side& side, const Operation& op) {
    u64 address = Side::base + op.offset;
    u64 target = Side::base + op.target;
    switch (op.kind) {
        case 0:
        case 1:
        case 2: {
            // Without a fixed address the kernel's choice would differ: the hint is taken or the mapping undone.
            SysResult result = side.map(address, op.size, op.protection, op.flags, op.fd, op.file_offset);
            if ((op.flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0 || result < 0) return relative(result, Side::base);
            side.unmap(static_cast<u64>(result), op.size);
            return -1;
        }
        case 3:
            return side.unmap(address, op.size);
        case 4:
            return side.protect(address, op.size, op.protection);
        case 5:
        case 6:
            return relative(side.remap(address, op.size, op.size2, op.flags, target), Side::base);
        case 7:
            return side.advise(address, op.size, op.flags);
        case 8:
            return side.synchronise(address, op.size, op.flags);
        case 9:
            return side.lock(address, op.size, op.flags);
        case 10:
            return side.unlock(address, op.size);
        case 11:
            return side.remap_file_pages(address, op.size, 0, op.file_offset / page, 0);
        case 12:
            return side.protect(address, op.size, op.protection | PROT_GROWSDOWN);
        default:
            return 0;
    }
}

/// A byte of the window, or -1 when it cannot be read: asked of the kernel, so that no fault handler is needed.
int byte_at(int pipe_in, int pipe_out, u64 address) {
    if (::write(pipe_out, GuestAddress(address).host(), 1) != 1) return -1;
    unsigned char byte = 0;
    return ::read(pipe_in, &byte, 1) == 1 ? byte : -2;
}

struct Pipe {
    int ends[2];
    Pipe() { REQUIRE_EQ(::pipe(ends), 0); }
    ~Pipe() {
        ::close(ends[0]);
        ::close(ends[1]);
    }
};

void write_byte(const Pipe& pipe, u64 address, char value) {
    REQUIRE_EQ(::write(pipe.ends[1], &value, 1), 1);
    if (::read(pipe.ends[0], GuestAddress(address).host(), 1) != 1) {
        char drop;
        REQUIRE_EQ(::read(pipe.ends[0], &drop, 1), 1);
    }
}

/// Contents page by page; pages that only the real window refuses to read because they are execute-only do not occur.
std::string contents(const Pipe& pipe, u64 base) {
    std::string text;
    for (u64 i = 0; i < pages; ++i) append(text, "{} ", byte_at(pipe.ends[0], pipe.ends[1], base + i * page));
    return text;
}

/// Both sides and what they are compared by.
struct Comparison {
    Guest guest;
    Host host;
    Guests guests{guest.space.get()};
    File host_file{8}, guest_file{8};
    Pipe pipe;

    ~Comparison() { ::munmap(GuestAddress(host_base).host(), 2 * window); }

    /// False when the kernel refused on one side to move memory across a border between regions that cannot be seen:
    /// where it joins regions depends on their past, and the guest's execute right is not part of the host's past.
    bool step(Operation op) {
        if (op.kind >= 13) {
            write_byte(pipe, host_base + op.offset, op.value);
            write_byte(pipe, guest_base + op.offset, op.value);
            return true;
        }
        bool from_file = op.fd >= 0;
        std::string before = guests.picture();
        op.fd = from_file ? host_file.fd : -1;
        SysResult expected = carry_out(host, op);
        op.fd = from_file ? guest_file.fd : -1;
        SysResult result = carry_out(guests, op);
        INFO(op.text() << "\nguest " << before << "\nhost  " << host.picture());
        bool moves = op.kind == 5 || op.kind == 6;
        if (moves && result != expected && (result == -EFAULT || expected == -EFAULT)) return false;
        REQUIRE_EQ(result, expected);
        return true;
    }
    void compare() {
        std::string picture = guests.picture();
        REQUIRE_EQ(picture, host.picture());
        REQUIRE_EQ(without_execute(picture), host_picture(guest_base));
        REQUIRE_EQ(host_offsets(guest_base), host_offsets(host_base));
        REQUIRE_EQ(guests.offsets(), host_offsets(guest_base));
        REQUIRE_EQ(contents(pipe, guest_base), contents(pipe, host_base));
    }
};

/// True when the script could be compared to its end.
bool run_script(u64 seed, int operations) {
    Comparison comparison;
    Script script{std::mt19937_64(seed), 0};
    for (int i = 0; i < operations; ++i) {
        Operation op = script.next();
        INFO("seed " << seed << " step " << i);
        if (!comparison.step(op)) return false;
        INFO("after " << op.text());
        comparison.compare();
    }
    return true;
}

}  // namespace

TEST_CASE("random operations answer, map and move bytes as the host's kernel does") {
    constexpr int scripts = 100;
    long before = host_mappings_below();
    int whole = 0;
    for (u64 seed = 1; seed <= scripts; ++seed) whole += run_script(seed, 100) ? 1 : 0;
    CHECK_GE(whole, scripts * 95 / 100);
    CHECK_EQ(host_mappings_below(), before);
}
