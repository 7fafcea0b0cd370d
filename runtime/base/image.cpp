#include "runtime/base/image.hpp"

#include <elf.h>
#include <malloc.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>

#include "runtime/base/pages.hpp"

extern "C" {
[[gnu::visibility("hidden")]] extern const Elf64_Ehdr __ehdr_start;
void lyre_populate_image();  // entry.S calls it
}

namespace lyrebird {

namespace {
constexpr u64 page = 4096;
}  // namespace

/// What relocation writes to. Runs before the program is relocated: no library, no address that is stored anywhere.
extern "C" [[gnu::used, gnu::visibility("hidden")]] __attribute__((no_stack_protector)) void lyre_populate_image() {
    u64 base = reinterpret_cast<u64>(&__ehdr_start);
    auto* segment = reinterpret_cast<const Elf64_Phdr*>(base + __ehdr_start.e_phoff);
    for (int count = __ehdr_start.e_phnum; count > 0; --count, ++segment) {
        if (segment->p_type != PT_GNU_RELRO) continue;
        u64 start = (base + segment->p_vaddr) & ~(page - 1);
        u64 size = base + segment->p_vaddr + segment->p_memsz - start;
        long result = SYS_madvise;
        long advice = long(Populate::for_writing);
        asm volatile("syscall" : "+a"(result) : "D"(start), "S"(size), "d"(advice) : "rcx", "r11", "memory");
    }
}

void prepare_heap() {
    constexpr std::size_t first_size = 512 << 10, populated = 160 << 10;
    mallopt(M_TOP_PAD, first_size);
    mallopt(M_TRIM_THRESHOLD, 16 << 20);
    u64 start = reinterpret_cast<u64>(::sbrk(0));
    constexpr std::size_t more_than_is_left = 120 << 10;  // and less than what malloc maps by itself
    std::free(std::malloc(more_than_is_left));
    if (reinterpret_cast<u64>(::sbrk(0)) - start < populated) return;
    populate_pages(reinterpret_cast<void*>(start), populated, Populate::for_writing);
}

}  // namespace lyrebird
