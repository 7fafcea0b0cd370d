// Every row that takes an address, given addresses of the VM itself: its memory, stack, heap and code, what lies
// between the guest's part and the VM, and addresses that no process can have. The answer must be Linux's own for an
// address beyond the address space: the host's call, given a kernel address in its place. And nothing of the VM may
// have changed.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>
#include <set>
#include <string>

#include "tests/syscall/guest.hpp"
#include "tests/syscall/kernel_numbers.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;
using namespace lyrebird::syscall::testing;

namespace {
constexpr long harmed = -5000;

/// Rows whose addresses the engine checks and uses, not the handler: they are tested with it.
const std::set<std::string> of_the_engine = {"set_tid_address", "rt_sigaction", "sigaltstack", "clone",
                                             "riscv_flush_icache"};

/// What the VM has that a guest might hit: all is filled with zeroes, so that a call that reads it finds something
/// plausible.
struct Victims {
    u8* page = static_cast<u8*>(::mmap(nullptr, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    std::unique_ptr<u8[]> heap = std::make_unique<u8[]>(page_size);
    u8 stack[page_size] = {};
    const u8* code = reinterpret_cast<const u8*>(&dispatch);
    u8 code_copy[256];

    Victims() { std::memcpy(code_copy, code, sizeof code_copy); }
    ~Victims() { ::munmap(page, page_size); }

    std::vector<u64> addresses() const {
        auto word = [](const void* pointer) { return reinterpret_cast<u64>(pointer); };
        return {word(page),   word(heap.get()) + 64, word(stack) + 64, word(code),
                u64{1} << 46, (u64{1} << 47) - 4096, u64{1} << 62,     ~u64{0} - 4095};
    }
    bool unharmed() const {
        for (u64 index = 0; index < page_size; ++index) {
            if (page[index] != 0 || heap[index] != 0 || stack[index] != 0) return false;
        }
        page[0] = 0;  // still writable
        return std::memcmp(code, code_copy, sizeof code_copy) == 0;
    }
};

/// Descriptors 0 to 8 of several kinds, none of which blocks; no privileges.
void enter_child() {
    ::alarm(2);
    for (int descriptor = 0; descriptor < 20; ++descriptor) ::close(descriptor);
    int ends[2];
    bool good = ::pipe2(ends, O_NONBLOCK) == 0 && ::write(1, "0123456789", 10) == 10;
    good = good && ::memfd_create("file", 0) == 2 && ::write(2, "0123456789", 10) == 10 && ::lseek(2, 0, SEEK_SET) == 0;
    good =
        good && ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0 && ::write(4, "0123456789", 10) == 10;
    epoll_event event{};
    event.events = EPOLLIN;
    good = good && ::epoll_create1(0) == 5 && ::epoll_ctl(5, EPOLL_CTL_ADD, 0, &event) == 0;
    good = good && ::dup(3) == 6 && ::dup(5) == 7 && ::open("/", O_RDONLY | O_DIRECTORY) == 8;
    if (!good || (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0))) ::_exit(3);
}

struct Case {
    const Row& row;
    int hostile;  // the argument that is an address of the VM
    u64 scalar;   // every argument that is no address
    u64 page;     // every other address
    std::vector<u64> registers(u64 address) const {
        std::vector<u64> words(6, 0);
        for (int index = 0; index < row.arity; ++index) {
            const bool pointer = (row.pointers >> index & 1) != 0;
            words[static_cast<std::size_t>(index)] = index == hostile ? address : pointer ? page : scalar;
        }
        return words;
    }
};

bool same(long emulated, long native) {
    return emulated == native || (emulated >= 0 && native >= 0);
}

/// The host's answer when the VM's address is replaced by the kernel's of the same low bits.
long native_answer(const Case& test, int host_number, u64 address) {
    const auto words = test.registers(address | u64{1} << 63);
    return host_call(host_number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

long emulated_answer(Guest& guest, const Case& test, const Victims& victims, u64 address) {
    const u64 tag = guest.context.tagged_addresses ? u64{0x5a} << 56 : 0;
    const long result = guest.call(test.row.number, test.registers(address | tag));
    return victims.unharmed() ? result : harmed;
}

template <class Call>
std::vector<long> all_answers(std::size_t count, Call call) {
    return answers_in_child(count, [&](std::size_t index) {
        if (index == 0) enter_child();
        return call(index);
    });
}

template <class Call>
long one_answer(Call call) {
    return in_child([&] {
        enter_child();
        return call();
    });
}

void check(Guest& guest, const Case& test, const Victims& victims, int host_number) {
    auto addresses = victims.addresses();
    if (guest.context.tagged_addresses) std::erase_if(addresses, [](u64 address) { return address >> 56 != 0; });
    auto native = [&](std::size_t index) { return native_answer(test, host_number, addresses[index]); };
    auto emulated = [&](std::size_t index) { return emulated_answer(guest, test, victims, addresses[index]); };
    const auto native_answers = all_answers(addresses.size(), native);
    const auto emulated_answers = all_answers(addresses.size(), emulated);
    for (std::size_t index = 0; index < addresses.size(); ++index) {
        const bool both = index < native_answers.size() && index < emulated_answers.size();
        if (both && same(emulated_answers[index], native_answers[index])) continue;
        CAPTURE(std::string(test.row.name));
        CAPTURE(test.hostile);
        CAPTURE(test.scalar);
        CAPTURE(index);
        // One call may have changed what the next one finds: each alone.
        const long expected = one_answer([&] { return native(index); });
        const long found = one_answer([&] { return emulated(index); });
        CHECK_NE(found, harmed);
        CHECK_MESSAGE(same(found, expected), errno_text(found), " instead of ", errno_text(expected));
    }
}
}  // namespace

namespace {
/// Checks every pointer of every row with each of `scalars` in the place of the numbers.
void check_all(Guest& guest, const std::vector<u64>& scalars) {
    const u64 page = guest.low_page();
    const Victims victims;
    int pointers = 0;
    for (const Row& row : table()) {
        auto host = host_numbers().find(row.name);
        if (row.support == Support::refused || of_the_engine.contains(row.name)) continue;
        const int number = host != host_numbers().end() ? host->second : row.number >= 424 ? row.number : -1;
        if (number < 0) continue;  // RISC-V's own: below
        for (int index = 0; index < row.arity; ++index) {
            if ((row.pointers >> index & 1) == 0) continue;
            ++pointers;
            for (u64 scalar : scalars) check(guest, Case{row, index, scalar, page}, victims, number);
        }
    }
    CHECK(pointers > 300);
}
}  // namespace

TEST_CASE("a call with an address of the VM answers as Linux does for one beyond its end, and harms nothing") {
    Guest guest;
    guest.abi.has_renameat = true;
    check_all(guest, {0, 1, 2, 3, 5, 8, 64, ~u64{0}, ~u64{99}});
}

TEST_CASE("so does a call that ignores the tags of addresses, with a tagged address of the VM") {
    Guest guest;
    guest.abi.has_renameat = true;
    guest.abi.address_tags = true;
    guest.context.tagged_addresses = true;
    check_all(guest, {0, 1, 8, ~u64{0}});
}

TEST_CASE("riscv_hwprobe with an address of the VM fails and harms nothing") {
    Guest guest;
    const Victims victims;
    const u64 page = guest.page();
    for (u64 address : victims.addresses()) {
        CAPTURE(address);
        CHECK_EQ(guest("riscv_hwprobe", address, 1, 0, 0, 0), -EFAULT);
        CHECK_EQ(guest("riscv_hwprobe", page, 1, 8, address, 0), -EFAULT);
        CHECK_EQ(guest("riscv_hwprobe", page, 1, 8, address, 1), -EFAULT);
    }
    CHECK(victims.unharmed());
}
