// The pages of this program itself, asked for together (pages.hpp) in a new process and in a forked child.
#pragma once

namespace lyrebird {

/// Maps all of the executable's code now. Nothing happens where the kernel cannot do that (before Linux 5.14).
void populate_own_code();

/// Makes the heap as large as small runs need, with its pages there. Once, early.
void prepare_heap();

}  // namespace lyrebird
