// Releasing the robust mutexes of a guest thread that ends.
//
// Why not left to the host's kernel, which walks the list when the host thread ends: by then the thread's
// clear_child_tid has been answered, whoever joined it may have freed the memory that the list lies in, and something
// else may stand there. The kernel walks the list first and tells the joiner afterwards, so here both are done in that
// order. (When the whole process dies, the kernel does walk the lists: guest threads register theirs with the host.)
#pragma once

#include <sys/types.h>

#include "runtime/memory/guest_copy.hpp"

namespace lyrebird::engine {

/// What Linux's exit_robust_list does with the list registered by the calling host thread, whose id is `tid`: each
/// futex word it owns gets FUTEX_OWNER_DIED and a waiter is woken. The registration is removed.
void release_robust_list(const memory::GuestMemory& memory, pid_t tid);

}  // namespace lyrebird::engine
