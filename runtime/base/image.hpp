// The pages of this program itself. Each page that is touched for the first time costs a fault, in a new process and in a forked
// child alike, and on a virtual machine a fault costs as much as making thirty pages at once. So pages that will be used are
// asked for together.
#pragma once

namespace lyrebird {

/// Maps all of the executable's code now. Nothing happens where the kernel cannot do that (before Linux 5.14).
void populate_own_code();

/// Makes the heap as large as small runs need, with its pages there. Once, early.
void prepare_heap();

}  // namespace lyrebird
