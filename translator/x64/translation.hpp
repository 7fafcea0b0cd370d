// A translated block before it has a place: host code that can stand anywhere, and what must be known of it.
#pragma once

#include <cstring>
#include <vector>

#include "runtime/base/check.hpp"
#include "runtime/base/ints.hpp"
#include "translator/isa/code_observer.hpp"
#include "translator/x64/registers.hpp"

namespace lyrebird::x64 {

/// The common pieces of code that blocks jump to: stubs.hpp.
enum class Stub : u8 {
    resume,    // go on at the guest pc in rax, after a look at what waits
    link,      // called by a direct exit that is not linked
    interpret, // tier 0 carries out the instruction at the pc in rax
    helper,    // calls the function at image_base + rax
    carry_out, // likewise, one that carries out an instruction as tier 0 does
    // leaving with an isa::ExitReason; pc in rax
    system_call, vm_call, breakpoint, illegal_instruction, misaligned, instruction_fence,
    fault,     // where the fault handler goes on
    empty,     // the return stack's last entry
    count
};

using Run = isa::GuestRun;

/// A direct jump or call to a guest address. Its displacement, four bytes within an aligned eight, is at `at`; while it is
/// not linked it leads to `unlinked`, a call of Stub::link in the same block.
struct DirectExit {
    u32 at;
    u32 unlinked;
    u64 target;
};

/// Host code from `host` on, up to the next entry, makes the memory access of the instruction at `pc`.
struct Access {
    u32 host;
    u64 pc;
};

/// A displacement to be set when the block has its place.
struct StubReference {
    u32 at;
    Stub stub;
};

/// The guest code of a block, run by run.
class BlockBytes {
  public:
    static constexpr std::size_t most = 512;

    /// Adds the first `length` bytes of an instruction, 2 or 4.
    void push(u32 word, int length) {
        ENSURE(size_ <= most, "a block of more guest code than any has");
        std::memcpy(data_ + size_, &word, sizeof word);
        size_ += u32(length);
    }
    void clear() { size_ = 0; }
    const u8* data() const { return data_; }
    std::size_t size() const { return size_; }
    const u8* begin() const { return data_; }
    const u8* end() const { return data_ + size_; }

  private:
    u32 size_ = 0;
    u8 data_[most + 4];
};

struct Translation {
    u64 pc = 0;
    std::vector<Run> runs;
    BlockBytes bytes;
    std::vector<u8> code;
    std::vector<DirectExit> exits;
    std::vector<Access> accesses;  // ascending
    std::vector<StubReference> stubs;
    u32 loop = 0;                     // where the code begins in which these have changed places, if any have
    std::vector<Exchange> exchanges;
    bool alone = false;  // right only while the guest's memory is nobody else's
    u32 instructions = 0;
    u64 fault_address = 0;  // when `code` is empty: what cannot be fetched

    void clear() {
        runs.clear();
        bytes.clear();
        code.clear();
        exits.clear();
        accesses.clear();
        stubs.clear();
        exchanges.clear();
        loop = 0;
        alone = false;
        instructions = 0;
    }
};

}  // namespace lyrebird::x64
