// The pages that this program itself writes to, asked for together (pages.hpp) in a new process. Its code comes as it is needed: the
// kernel maps a file's pages by sixteens, and most programs need a quarter of it.
#pragma once

namespace lyrebird {

/// Makes the heap as large as small runs need, with its pages there. Once, early.
void prepare_heap();

}  // namespace lyrebird
