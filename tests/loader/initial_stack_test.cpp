#include "loader/initial_stack.hpp"

#include <doctest/doctest.h>
#include <errno.h>
#include <string.h>
#include <sys/auxv.h>

#include <algorithm>

#include "tests/support/elf_builder.hpp"
#include "tests/support/kernel_process.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace lyrebird;
using namespace lyrebird::loader;
using lyrebird::test::ElfBuilder;
using lyrebird::test::KernelProcess;
using lyrebird::test::TemporaryDirectory;

namespace {

constexpr u64 no_limit = 8 << 20;

/// An x86-64 program that this machine's kernel starts.
std::string write_program(const TemporaryDirectory& directory) {
    auto elf = ElfBuilder::program();
    elf.header.e_machine = EM_X86_64;
    const auto bytes = elf.bytes();
    return directory.write("program", std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

/// What the kernel told `process`, as if it had been told to us.
StackContents contents_of(std::map<u64, u64>& told, const KernelProcess& process) {
    StackContents contents;
    contents.program.program_headers = GuestAddress(told[AT_PHDR]);
    contents.program.program_header_count = told[AT_PHNUM];
    contents.program.interpreter_base = GuestAddress(told[AT_BASE]);
    contents.program.entry = GuestAddress(told[AT_ENTRY]);
    contents.vdso = GuestAddress(told[AT_SYSINFO_EHDR]);
    contents.machine.capabilities = told[AT_HWCAP];
    if (told.contains(AT_HWCAP2)) contents.machine.capabilities2 = told[AT_HWCAP2];
    contents.machine.platform = reinterpret_cast<const char*>(process.read(told[AT_PLATFORM], 7).data());
    contents.machine.minimum_signal_stack = told[51];
    contents.machine.rseq_size = told[27];
    contents.machine.rseq_alignment = told[28];
    contents.identity = Identity::of_this_process();
    return contents;
}

/// Starts a program with these arguments and this environment and compares its stack with ours, byte for byte.
void compare_with_kernel(const std::vector<std::string>& arguments, const std::vector<std::string>& environment) {
    TemporaryDirectory directory;
    const auto path = write_program(directory);
    const KernelProcess process(path, arguments, environment);
    REQUIRE_EQ(process.error(), 0);
    auto told = process.auxiliary_vector();
    auto contents = contents_of(told, process);
    contents.arguments = arguments;
    contents.environment = environment;
    contents.name = path;
    const u64 top = process.end_of("[stack]");
    std::array<u8, 16> random;
    const auto bytes = process.read(told[AT_RANDOM], 16);
    std::copy_n(bytes.begin(), 16, random.begin());
    // How much the kernel left out by chance, from where the platform's name lies.
    const auto unshifted = lay_out_stack(contents, GuestAddress(top), 0, random);
    const u64 strings = unshifted.place.arguments_start.value;
    const u64 shift = strings - (told[AT_PLATFORM] + contents.machine.platform.size() + 1);
    const auto ours = lay_out_stack(contents, GuestAddress(top), shift, random);
    CHECK_EQ(ours.place.stack_pointer, GuestAddress(process.stack_pointer()));
    REQUIRE_EQ(ours.bytes.size(), top - process.stack_pointer());
    const auto theirs = process.read(process.stack_pointer(), ours.bytes.size());
    const auto difference = std::mismatch(ours.bytes.begin(), ours.bytes.end(), theirs.begin(), theirs.end());
    CHECK_EQ(difference.first - ours.bytes.begin(), static_cast<long>(ours.bytes.size()));
}

/// A contents with one argument and the given environment, for tests of single properties.
StackContents simple(std::vector<std::string> environment = {}) {
    StackContents contents;
    contents.arguments = {"program"};
    contents.environment = std::move(environment);
    contents.name = "/bin/program";
    return contents;
}

u64 word_at(const StackImage& image, GuestAddress address) {
    u64 word;
    ::memcpy(&word, image.bytes.data() + (address - image.place.stack_pointer), sizeof word);
    return word;
}

/// The types in the vector, in order.
std::vector<u64> types(const std::vector<u64>& auxiliary) {
    std::vector<u64> result;
    for (size_t i = 0; i < auxiliary.size(); i += 2) result.push_back(auxiliary[i]);
    return result;
}

std::unique_ptr<memory::AddressSpace> new_space() {
    auto space = memory::AddressSpace::create({});
    REQUIRE(space.has_value());
    return std::move(*space);
}

}  // namespace

TEST_CASE("the stack is byte for byte what this machine's kernel builds") {
    compare_with_kernel({"a"}, {});
    compare_with_kernel({"program", "", "two words", "-x"}, {"HOME=/home/user", "EMPTY=", "PATH=/bin:/usr/bin"});
    for (size_t count = 0; count < 8; ++count) {
        compare_with_kernel(std::vector<std::string>(count + 1, std::string(count, 'a')),
                            std::vector<std::string>(count * 3, std::string(100 + count, 'e')));
    }
    compare_with_kernel(std::vector<std::string>(1000, "argument"), {std::string(100000, 'v')});
}

TEST_CASE("the auxiliary vector of riscv64 has its entries in the kernel's order") {
    auto contents = simple();
    contents.vdso = GuestAddress(0x7000);
    contents.machine.caches = {32768, 1, 2, 3, 4, 5, 6, 7};
    contents.machine.minimum_signal_stack = 1024;
    contents.machine.rseq_size = 28;
    contents.machine.rseq_alignment = 32;
    contents.program_descriptor = 5;
    const auto image = lay_out_stack(contents, GuestAddress(0x100000), 0, {});
    const std::vector<u64> expected = {33, 40, 41, 42, 43, 44, 45, 46, 47, 51, 16, 6, 17, 3,  4,
                                       5,  7,  8,  9,  11, 12, 13, 14, 23, 25, 31, 2, 27, 28, 0};
    CHECK_EQ(types(image.place.auxiliary), expected);
}

TEST_CASE("the auxiliary vector of aarch64 has its platform and the second capabilities") {
    auto contents = simple();
    contents.machine.platform = "aarch64";
    contents.machine.base_platform = "base";
    contents.machine.capabilities2 = 7;
    const auto image = lay_out_stack(contents, GuestAddress(0x100000), 0, {});
    const std::vector<u64> expected = {16, 6, 17, 3, 4, 5, 7, 8, 9, 11, 12, 13, 14, 23, 25, 26, 31, 15, 24, 0};
    CHECK_EQ(types(image.place.auxiliary), expected);
    const u64 platform = image.place.auxiliary[35];
    CHECK_EQ(std::string(reinterpret_cast<const char*>(&image.bytes[platform - image.place.stack_pointer.value])),
             "aarch64");
}

TEST_CASE("the places are those of the strings and of the vector") {
    const auto image = lay_out_stack(simple({"A=1", "B=22"}), GuestAddress(0x100000), 1234, {});
    const auto& place = image.place;
    CHECK_EQ(place.stack_pointer.value % 16, 0);
    CHECK_EQ(word_at(image, place.stack_pointer), 1);
    CHECK_EQ(word_at(image, place.stack_pointer + 8), place.arguments_start.value);
    CHECK_EQ(word_at(image, place.stack_pointer + 16), 0);
    CHECK_EQ(word_at(image, place.stack_pointer + 24), place.environment_start.value);
    CHECK_EQ(place.arguments_end, place.arguments_start + 8);
    CHECK_EQ(place.environment_start, place.arguments_end);
    CHECK_EQ(place.environment_end, place.environment_start + 9);
    CHECK_EQ(place.auxiliary_start, place.stack_pointer + 48);
    for (size_t i = 0; i < place.auxiliary.size(); ++i) {
        CHECK_EQ(word_at(image, place.auxiliary_start + 8 * i), place.auxiliary[i]);
    }
}

TEST_CASE("the stack is mapped and written where the guest finds it") {
    const auto space = new_space();
    auto contents = simple({"A=1"});
    contents.program.executable_stack = true;
    const auto stack = build_initial_stack(contents, *space);
    REQUIRE(stack.has_value());
    CHECK_EQ(*stack->stack_pointer.host<u64>(), 1);
    CHECK_EQ(std::string(stack->arguments_start.host<char>()), "program");
    CHECK_EQ(std::string(stack->environment_start.host<char>()), "A=1");
    CHECK(space->executable(stack->stack_pointer, 8));
    CHECK_EQ(space->find(stack->stack_pointer)->end, stack->top);
}

TEST_CASE("random bytes differ from stack to stack") {
    u64 first[2];
    for (auto& value : first) {
        const auto space = new_space();
        const auto stack = build_initial_stack(simple(), *space);
        REQUIRE(stack.has_value());
        const auto& vector = stack->auxiliary;
        for (size_t i = 0; i < vector.size(); i += 2) {
            if (vector[i] == AT_RANDOM) value = *GuestAddress(vector[i + 1]).host<u64>();
        }
    }
    CHECK_NE(first[0], first[1]);
}

TEST_CASE("arguments beyond Linux's limits are refused exactly where this machine's kernel refuses them") {
    TemporaryDirectory directory;
    const auto path = write_program(directory);
    const auto check = [&](std::vector<std::string> environment, u64 stack_limit) {
        auto contents = simple(std::move(environment));
        contents.name = path;
        contents.stack_limit = stack_limit;
        const KernelProcess process(path, contents.arguments, contents.environment, stack_limit);
        const auto space = new_space();
        const auto stack = build_initial_stack(contents, *space);
        CHECK_EQ(process.error(), stack ? 0 : stack.error().code);
        return process.error();
    };
    CHECK_EQ(check({std::string(131071, 'a')}, no_limit), 0);
    CHECK_EQ(check({std::string(131072, 'a')}, no_limit), E2BIG);
    // With 1 MiB of stack a quarter is for strings and their pointers: two pointers, the argument, the path.
    const u64 rest = (256 << 10) - 2 * 8 - 8 - (path.size() + 1);
    const auto total = [](u64 bytes, u64 strings) {
        std::vector<std::string> result(strings - 1, std::string(99999, 'a'));
        result.push_back(std::string(bytes - (strings - 1) * 100000 - 1, 'b'));
        return result;
    };
    CHECK_EQ(check(total(rest - 2 * 8, 3), 1 << 20), 0);
    CHECK_EQ(check(total(rest - 2 * 8 + 1, 3), 1 << 20), E2BIG);
    // The least that Linux grants is 128 KiB, the most 6 MiB.
    CHECK_EQ(check({std::string(100000, 'a'), std::string(20000, 'b')}, 256 << 10), 0);
    CHECK_EQ(check({std::string(100000, 'a'), std::string(40000, 'b')}, 256 << 10), E2BIG);
    CHECK_EQ(check(total(6200000, 62), 256 << 20), 0);
    CHECK_EQ(check(total(6300000, 63), 256 << 20), E2BIG);
}
