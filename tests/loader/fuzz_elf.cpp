// The libFuzzer target: fuzz_elf tests/loader/corpus
#include <cstddef>
#include <cstdint>

#include "tests/loader/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    lyrebird::test::try_file({data, size});
    return 0;
}
