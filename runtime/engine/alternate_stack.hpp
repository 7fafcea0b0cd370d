// A thread's alternate signal stack as Linux keeps it (kernel/signal.c: do_sigaltstack, sigsp and their kin). The
// host's own alternate stack belongs to the VM, so the guest's is emulated whole.
#pragma once

#include <signal.h>

#include <cerrno>

#include "runtime/base/ints.hpp"
#include "runtime/base/result.hpp"

namespace lyrebird::engine {

/// stack_t, equal on all 64-bit Linux.
struct StackRecord {
    u64 pointer = 0;
    i32 flags = 0;
    u32 padding = 0;
    u64 size = 0;
};
static_assert(sizeof(StackRecord) == sizeof(stack_t));

class AlternateStack {
  public:
    /// What sigaltstack reports to a thread whose stack pointer is `sp`.
    StackRecord report(u64 sp) const { return {pointer_, state(sp) | (flags_ & autodisarm), 0, size_}; }
    /// What a signal frame's uc_stack holds: the flags as they were set.
    StackRecord record() const { return {pointer_, flags_, 0, size_}; }

    /// sigaltstack's change: 0, −EPERM, −EINVAL or −ENOMEM. `minimum` is the guest's MINSIGSTKSZ in bytes.
    SysResult set(const StackRecord& wanted, u64 sp, u64 minimum) {
        if (running_on(sp)) return -EPERM;
        int mode = wanted.flags & ~autodisarm;
        if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0) return -EINVAL;
        if (mode == SS_DISABLE) {
            *this = {0, wanted.flags, 0};
        } else {
            if (wanted.size < minimum) return -ENOMEM;
            *this = {wanted.pointer, wanted.flags, wanted.size};
        }
        return 0;
    }

    /// Where a handler's frame starts to grow down from: the alternate stack's end when the action wants it and the
    /// thread is not on it already.
    u64 frame_top(u64 sp, bool wanted) const { return wanted && state(sp) == 0 ? pointer_ + size_ : sp; }
    /// True when a frame that ends at `frame` would leave the alternate stack that the thread with `sp` runs on.
    bool overflows(u64 sp, u64 frame) const { return running_on(sp) && !running_on(frame); }

    /// A handler has been entered: SS_AUTODISARM forgets the stack.
    void entered_handler() {
        if ((flags_ & autodisarm) != 0) *this = {};
    }
    void forget() { *this = {}; }

    AlternateStack() = default;

  private:
    static constexpr int autodisarm = int(0x80000000U);  // SS_AUTODISARM

    AlternateStack(u64 pointer, int flags, u64 size) : pointer_(pointer), size_(size), flags_(flags) {}

    bool running_on(u64 sp) const { return (flags_ & autodisarm) == 0 && sp > pointer_ && sp - pointer_ <= size_; }
    int state(u64 sp) const {
        if (size_ == 0) return SS_DISABLE;
        return running_on(sp) ? SS_ONSTACK : 0;
    }

    u64 pointer_ = 0;
    u64 size_ = 0;
    int flags_ = SS_DISABLE;
};

}  // namespace lyrebird::engine
