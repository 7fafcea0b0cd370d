#include "runtime/engine/robust_list.hpp"

#include <linux/futex.h>

#include "runtime/engine/host.hpp"

namespace lyrebird::engine {

namespace {
/// struct robust_list_head; the lowest bit of an entry's address marks a priority-inheritance futex.
struct Head {
    u64 next;
    i64 futex_offset;
    u64 pending;
};
constexpr u64 is_priority = 1;

void release(const memory::GuestMemory& memory, u64 entry, i64 offset, u32 tid, bool pending) {
    bool priority = (entry & is_priority) != 0;
    GuestAddress word((entry & ~is_priority) + u64(offset));
    if (word.value % 4 != 0) return;
    std::optional<u32> value = memory.load_word(word);
    if (!value) return;
    u32 seen = *value;
    if (pending && !priority && seen == 0) {
        // The owner was about to wake somebody when it died.
        host_call(SYS_futex, word.value, FUTEX_WAKE, 1, 0, 0, 0);
        return;
    }
    while ((seen & FUTEX_TID_MASK) == tid) {
        u32 died = (seen & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
        memory::Exchange done = memory.compare_exchange_word(word, seen, died);
        if (done == memory::Exchange::different) continue;
        bool waiters = done == memory::Exchange::done && (died & FUTEX_WAITERS) != 0;
        if (waiters && !priority) host_call(SYS_futex, word.value, FUTEX_WAKE, 1, 0, 0, 0);
        return;
    }
}
}  // namespace

void release_robust_list(const memory::GuestMemory& memory, pid_t tid) {
    u64 registered = 0;
    u64 size = 0;
    if (host_call(SYS_get_robust_list, 0, &registered, &size) != 0 || registered == 0) return;
    host_call(SYS_set_robust_list, 0, size);
    auto head = memory.read<Head>(GuestAddress(registered));
    if (!head) return;
    u64 entry = head->next;
    for (int left = ROBUST_LIST_LIMIT; left > 0 && (entry & ~is_priority) != registered; --left) {
        auto next = memory.read<u64>(GuestAddress(entry & ~is_priority));
        if (entry != head->pending) release(memory, entry, head->futex_offset, u32(tid), false);
        if (!next) return;
        entry = *next;
    }
    if (head->pending != 0) release(memory, head->pending, head->futex_offset, u32(tid), true);
}

}  // namespace lyrebird::engine
