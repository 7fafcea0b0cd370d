#include "runtime/memory/code_memory.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "runtime/base/bits.hpp"
#include "runtime/base/text.hpp"
#include "runtime/memory/guest_address.hpp"

namespace lyrebird::memory {

namespace {
constexpr u64 guest_end = 1ULL << 46;

bool is_above_guest(const void* address) { return reinterpret_cast<u64>(address) >= guest_end; }

void unmap(u8* view, std::size_t size) {
    if (view != nullptr) ::munmap(view, size);
}
}  // namespace

bool CodeMemory::map(std::size_t size, Views& views) {
    void* write = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (write == MAP_FAILED) return false;
    views.write = static_cast<u8*>(write);
    void* execute = ::mremap(write, 0, size, MREMAP_MAYMOVE);
    if (execute == MAP_FAILED) return false;
    views.execute = static_cast<u8*>(execute);
    return ::mprotect(execute, size, PROT_READ | PROT_EXEC) == 0 && is_above_guest(write) && is_above_guest(execute);
}

Result<CodeMemory> CodeMemory::create(std::size_t size) {
    Views views;
    bool mapped = map(size, views);
    CodeMemory memory(size, views);
    if (mapped) return memory;
    return fail(format("memory for translated code is not to be had: {}", std::strerror(errno)), errno);
}

CodeMemory::CodeMemory(CodeMemory&& other) noexcept
    : size_(other.size_), views_(std::exchange(other.views_, {})), copy_(std::exchange(other.copy_, {})) {}

CodeMemory::~CodeMemory() {
    unmap(views_.write, size_);
    unmap(views_.execute, size_);
}

void CodeMemory::populate(std::size_t start, std::size_t end) {
    constexpr int populate_read = 22, populate_write = 23;  // MADV_POPULATE_*, Linux 5.14
    std::size_t first = align_down(start, page_size);
    ::madvise(views_.write + first, end - first, populate_write);
    ::madvise(views_.execute + first, end - first, populate_read);
}

void CodeMemory::release(std::size_t start, std::size_t end) {
    ::madvise(views_.write + start, end - start, MADV_REMOVE);
}

bool CodeMemory::before_fork(std::size_t used) {
    if (!map(size_, copy_)) {
        after_fork_in_parent();
        return false;
    }
    std::memcpy(copy_.write, views_.write, used);
    return true;
}

void CodeMemory::after_fork_in_parent() {
    unmap(copy_.write, size_);
    unmap(copy_.execute, size_);
    copy_ = {};
}

bool CodeMemory::after_fork_in_child() {
    if (copy_.write == nullptr) return false;
    Views copy = std::exchange(copy_, {});
    constexpr int flags = MREMAP_MAYMOVE | MREMAP_FIXED;
    if (::mremap(copy.write, size_, size_, flags, views_.write) == MAP_FAILED ||
        ::mremap(copy.execute, size_, size_, flags, views_.execute) == MAP_FAILED) {
        return false;
    }
    // perf sees mappings when their rights change, but not when they move.
    return ::mprotect(views_.execute, size_, PROT_READ) == 0 &&
           ::mprotect(views_.execute, size_, PROT_READ | PROT_EXEC) == 0;
}

}  // namespace lyrebird::memory
