#include "loader/load.hpp"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>

#include "loader/printable.hpp"
#include "runtime/base/bits.hpp"
#include "runtime/base/text.hpp"
#include "runtime/memory/guest_copy.hpp"

namespace lyrebird::loader {

namespace {

using memory::AddressSpace;

/// The greatest alignment that a segment asks for. What is no power of two is ignored, as Linux does.
u64 alignment_of(const Image& image) {
    u64 alignment = page_size;
    for (const Segment& segment : image.segments) {
        if (std::has_single_bit(segment.alignment)) alignment = std::max(alignment, segment.alignment);
    }
    return alignment;
}

/// Where Linux starts to look for a place for a program (ELF_ET_DYN_BASE of riscv and arm64): at two thirds.
u64 image_region(const AddressSpace& space) {
    return align_down(space.top().value / 3 * 2, page_size);
}

/// Maps one image: first chooses how far its addresses are moved, then maps segment by segment.
class Placer {
  public:
    Placer(const Image& image, AddressSpace& space) : image_(image), space_(space) {}

    /// Chooses the bias. `as_program`: where programs go; otherwise among ordinary mappings, where dynamic linkers go,
    /// and also static position independent programs, for they might be dynamic linkers that were started by hand.
    Result<u64> place(bool as_program) {
        const u64 start = align_down(image_.start(), page_size);
        if (!image_.position_independent) return check_fixed(start);
        const u64 size = image_.end() - start;
        const u64 alignment = alignment_of(image_);
        const GuestAddress base =
            as_program ? space_.choose_image_base(size, alignment) : space_.choose_free(size, alignment);
        if (base.value == 0) {
            return refuse(
                format("no room for {:#x} bytes aligned to {:#x} in the address space; free memory, or choose a "
                       "larger --va-bits",
                       size, alignment),
                ENOMEM);
        }
        bias_ = base.value - start;
        return bias_;
    }

    Result<void> map() {
        for (const Segment& segment : image_.segments) {
            if (auto good = map_file_part(segment); !good) return good;
            if (auto good = map_zero_part(segment); !good) return good;
            replace_ = true;
        }
        return {};
    }

  private:
    std::unexpected<Error> refuse(const std::string& what, int code) const {
        return fail(format("{}: {}", printable(image_.path), what), code);
    }

    Result<u64> check_fixed(u64 start) const {
        if (start < memory::lowest_address) {
            return refuse(
                format("is built for address {:#x}, and no program may use addresses below {:#x}; link it higher, or "
                       "position independent (-pie)",
                       start, memory::lowest_address),
                EPERM);
        }
        if (align_up(image_.end(), page_size) > space_.top().value) {
            return refuse(
                format("is built for addresses up to {:#x}, and the address space ends at {:#x}; choose a larger "
                       "--va-bits, or link it position independent (-pie)",
                       image_.end(), space_.top().value),
                ENOMEM);
        }
        return 0;
    }

    /// Maps [start, end), whole pages, from the file at `offset`, or anonymous memory when `file` is negative. The
    /// image's first mapping replaces nothing; later ones may, where segments share a page.
    Result<void> map_pages(const Segment& segment, u64 start, u64 end, int protection, int file, u64 offset) {
        if (start == end) return {};
        const int flags = MAP_PRIVATE | (file < 0 ? MAP_ANONYMOUS : 0) | (replace_ ? MAP_FIXED : MAP_FIXED_NOREPLACE);
        const SysResult result = space_.map(start, end - start, protection, flags, file, offset);
        if (result >= 0) return {};
        const int code = static_cast<int>(-result);
        const char* why = code == EEXIST ? "another mapping lies there" : ::strerror(code);
        return refuse(format("program header {}: cannot map memory range {:#x}..+{:#x}: {}", segment.header, start,
                             end - start, why),
                      code);
    }

    /// The bytes from the file, in whole pages; what follows them in the last page is cleared if the segment is
    /// writable.
    Result<void> map_file_part(const Segment& segment) {
        if (segment.file_size == 0) return {};
        const u64 address = segment.address + bias_;
        const u64 within = address % page_size;
        const u64 end = align_up(address + segment.file_size, page_size);
        auto good = map_pages(segment, address - within, end, segment.protection, image_.file.get(),
                              segment.file_offset - within);
        if (!good || segment.memory_size == segment.file_size || (segment.protection & PROT_WRITE) == 0) return good;
        const u64 zero = address + segment.file_size;
        if (!memory::fill_guest(GuestAddress(zero), 0, end - zero)) {
            return refuse(format("program header {}: the file became shorter while it was loaded", segment.header),
                          EIO);
        }
        return {};
    }

    /// The whole pages behind the file's bytes: readable and writable whatever the header says, as in Linux.
    Result<void> map_zero_part(const Segment& segment) {
        if (segment.memory_size == segment.file_size) return {};
        const u64 address = segment.address + bias_;
        const u64 start =
            segment.file_size == 0 ? align_down(address, page_size) : align_up(address + segment.file_size, page_size);
        const u64 end = align_up(address + segment.memory_size, page_size);
        return map_pages(segment, start, end, PROT_READ | PROT_WRITE | (segment.protection & PROT_EXEC), -1, 0);
    }

    const Image& image_;
    AddressSpace& space_;
    u64 bias_ = 0;
    bool replace_ = false;
};

/// The bounds that /proc/self/stat shows, by Linux's rules.
void note_bounds(const Image& image, Loaded& loaded) {
    u64 code_start = ~u64{0};
    u64 code_end = 0;
    u64 data_start = 0;
    u64 data_end = 0;
    for (const Segment& segment : image.segments) {
        const u64 file_end = segment.address + segment.file_size;
        if ((segment.protection & PROT_EXEC) != 0) {
            code_start = std::min(code_start, segment.address);
            code_end = std::max(code_end, file_end);
        }
        data_start = std::max(data_start, segment.address);
        data_end = std::max(data_end, file_end);
    }
    loaded.code_start = GuestAddress(code_start + loaded.bias);
    loaded.code_end = GuestAddress(code_end + loaded.bias);
    loaded.data_start = GuestAddress(data_start + loaded.bias);
    loaded.data_end = GuestAddress(data_end + loaded.bias);
}

/// The heap starts behind the image; that of a static position independent program, which lies among ordinary mappings,
/// where programs otherwise lie.
void place_heap(const Image& program, const Loaded& loaded, AddressSpace& space) {
    const bool apart = program.position_independent && !program.interpreter;
    const u64 start = apart ? image_region(space) : program.end() + loaded.bias;
    const u64 data_size = std::max(loaded.data_end, loaded.data_start) - loaded.data_start;
    space.set_brk_start(GuestAddress(start), data_size);
}

}  // namespace

Result<Loaded> load(const Image& program, const Image* interpreter, AddressSpace& space) {
    Loaded loaded;
    Placer placer(program, space);
    TRY(bias, placer.place(program.interpreter.has_value()));
    if (auto good = placer.map(); !good) return std::unexpected(good.error());
    loaded.bias = bias;
    loaded.entry = GuestAddress(program.entry + bias);
    loaded.start = loaded.entry;
    loaded.program_headers = GuestAddress(program.program_headers + bias);
    loaded.program_header_count = program.program_header_count;
    loaded.executable_stack = program.executable_stack;
    note_bounds(program, loaded);
    if (interpreter != nullptr) {
        Placer linker(*interpreter, space);
        TRY(linker_bias, linker.place(false));
        if (auto good = linker.map(); !good) return std::unexpected(good.error());
        loaded.interpreter_base = GuestAddress(linker_bias);
        loaded.start = GuestAddress(interpreter->entry + linker_bias);
    }
    if (loaded.start >= space.top()) {
        return fail(
            format("{}: entry point {:#x} lies beyond the address space", printable(program.path), loaded.start.value),
            EINVAL);
    }
    place_heap(program, loaded, space);
    return loaded;
}

}  // namespace lyrebird::loader
