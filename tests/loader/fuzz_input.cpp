#include "tests/loader/fuzz_input.hpp"

#include <errno.h>
#include <limits.h>

#include "loader/elf_file.hpp"
#include "loader/program.hpp"
#include "runtime/base/check.hpp"
#include "runtime/memory/guest_address.hpp"
#include "tests/support/elf_builder.hpp"

namespace lyrebird::test {

namespace {

void check_error(const Error& error) {
    ENSURE(!error.message.empty() && error.message.find_first_of("\n\r\x1b") == std::string::npos,
           "an error is one line");
    ENSURE(error.code > 0 && error.code < 4096, "an error has execve's code");
}

void check_image(const loader::Image& image, u64 size) {
    ENSURE(!image.segments.empty(), "an image has memory");
    ENSURE(image.entry < loader::address_limit, "an entry is an address");
    ENSURE(image.end() <= loader::address_limit && image.start() < image.end(), "an image lies within bounds");
    for (const loader::Segment& segment : image.segments) {
        ENSURE(segment.memory_size != 0 && segment.memory_size < loader::address_limit, "a segment has a size");
        ENSURE(segment.address < loader::address_limit, "a segment has an address");
        ENSURE(segment.file_size <= segment.memory_size, "a segment's bytes fit");
        if (segment.file_size == 0) continue;
        ENSURE(segment.file_offset <= size && segment.file_size <= size - segment.file_offset,
               "a segment lies in the file");
        ENSURE((segment.address - segment.file_offset) % page_size == 0, "a segment can be mapped");
    }
    if (image.interpreter) {
        ENSURE(!image.interpreter->empty() && image.interpreter->size() < PATH_MAX, "an interpreter has a name");
    }
    for (const loader::Property& property : image.properties)
        ENSURE(property.data.size() <= size, "a property is in the file");
}

}  // namespace

bool try_file(std::span<const u8> bytes) {
    const auto image = loader::read_image(memory_file(bytes), "x.elf");
    if (image) {
        check_image(*image, bytes.size());
    } else {
        check_error(image.error());
    }
    loader::ProgramRequest request{"x", {"zero", "one"}, false, memory_file(bytes), false};
    const auto program = loader::resolve(std::move(request), {});
    if (!program) {
        check_error(program.error());
    } else {
        ENSURE(program->file && !program->arguments.empty(), "a program is open and has arguments");
        ENSURE(!image || program->machine == image->machine, "both agree on the machine");
    }
    return image.has_value();
}

}  // namespace lyrebird::test
