// Memory for translated code: one memory object in two views, so that no page is ever writable and executable at once (W^X).
//
// The object is shared anonymous memory, and the second view a copy of the first one's mapping (mremap with an old size of
// zero): so it needs no descriptor, and no limit on files concerns it.
//
// What must stay true: both views lie above the guest's part of the address space; a forked child never shares the object with
// its parent, because each goes on writing its own code at the same places.
#pragma once

#include <span>

#include "runtime/base/ints.hpp"
#include "runtime/base/result.hpp"

namespace lyrebird::memory {

class CodeMemory {
  public:
    /// `size` bytes, a multiple of the page size. Pages that are never written cost nothing.
    static Result<CodeMemory> create(std::size_t size);
    CodeMemory(CodeMemory&& other) noexcept;
    CodeMemory& operator=(CodeMemory&&) = delete;
    ~CodeMemory();

    std::size_t size() const { return size_; }
    /// Where the code runs, and where the same bytes are written.
    const u8* execute() const { return views_.execute; }
    u8* write() const { return views_.write; }
    bool contains(u64 host_pc) const { return host_pc - reinterpret_cast<u64>(views_.execute) < size_; }
    /// Makes the pages of [start, end) in both views, where the host's kernel can do that at once.
    void populate(std::size_t start, std::size_t end) { populate(views_, start, end); }
    /// Gives the pages of [start, end) back to the host.
    void release(std::size_t start, std::size_t end);

    /// After fork both processes have the same object. Gives this one an object of its own, at the same addresses, with the first
    /// `used` bytes of the old one, which nobody may be changing. Other threads may be running them. False when there is no
    /// memory for it: nothing has changed then.
    bool become_own(std::size_t used);

  private:
    struct Views {
        u8* write = nullptr;
        u8* execute = nullptr;
    };
    CodeMemory(std::size_t size, Views views) : size_(size), views_(views) {}
    static bool map(std::size_t size, Views& views);
    static void populate(const Views& views, std::size_t start, std::size_t end);

    std::size_t size_;
    Views views_;
};

}  // namespace lyrebird::memory
