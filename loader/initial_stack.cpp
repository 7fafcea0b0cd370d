#include "loader/initial_stack.hpp"

#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>

#include "loader/printable.hpp"
#include "runtime/base/bits.hpp"
#include "runtime/base/text.hpp"
#include "runtime/memory/guest_copy.hpp"

namespace lyrebird::loader {

namespace {

constexpr u64 longest_string = 32 * page_size;  // Linux's MAX_ARG_STRLEN, the final zero included
constexpr u64 least_string_space = 128 << 10;   // its ARG_MAX
constexpr u64 most_string_space = 6 << 20;      // three quarters of its _STK_LIM
constexpr u64 clock_ticks = 100;                // its USER_HZ
constexpr u64 stack_alignment = 16;

// Not in every elf.h.
constexpr u64 at_minimum_signal_stack = 51;
constexpr u64 at_rseq_feature_size = 27;
constexpr u64 at_rseq_alignment = 28;

/// Fills a buffer that stands for [bottom, top) of the guest's stack.
class Writer {
  public:
    Writer(GuestAddress top, u64 size) : bytes_(size), bottom_(top - size), top_(top) {}

    void write(GuestAddress to, const void* from, u64 size) { ::memcpy(bytes_.data() + (to - bottom_), from, size); }
    void write_word(GuestAddress to, u64 word) { write(to, &word, sizeof word); }
    /// Writes a string with its final zero and returns the address behind it.
    GuestAddress write_string(GuestAddress to, const std::string& text) {
        write(to, text.c_str(), text.size() + 1);
        return to + text.size() + 1;
    }

    /// The bytes from `start` to the top.
    std::vector<u8> take(GuestAddress start) const {
        return {bytes_.end() - static_cast<long>(top_ - start), bytes_.end()};
    }

  private:
    std::vector<u8> bytes_;
    GuestAddress bottom_;
    GuestAddress top_;
};

u64 size_of(const std::vector<std::string>& strings) {
    u64 size = 0;
    for (const std::string& text : strings) size += text.size() + 1;
    return size;
}

/// Enough bytes for everything, wherever the alignment makes it lie.
u64 greatest_size(const StackContents& contents) {
    const u64 strings = size_of(contents.arguments) + size_of(contents.environment) + contents.name.size() +
                        contents.machine.platform.size() + contents.machine.base_platform.size();
    const u64 words = contents.arguments.size() + contents.environment.size() + 128;
    return align_up(strings + words * sizeof(u64) + 2 * page_size, page_size);
}

/// What the machine-independent part of the auxiliary vector refers to on the stack.
struct Places {
    GuestAddress name;
    GuestAddress platform;
    GuestAddress base_platform;
    GuestAddress random;
};

/// The auxiliary vector in Linux's order: what the architecture adds comes first.
std::vector<u64> auxiliary_vector(const StackContents& contents, const Places& places) {
    std::vector<u64> words;
    const auto add = [&](u64 type, u64 value) { words.insert(words.end(), {type, value}); };
    const MachineFacts& machine = contents.machine;
    const Identity& identity = contents.identity;
    if (contents.vdso.value != 0) add(AT_SYSINFO_EHDR, contents.vdso.value);
    if (machine.caches) {
        for (u64 i = 0; i < machine.caches->size(); ++i) add(AT_L1I_CACHESIZE + i, (*machine.caches)[i]);
    }
    if (machine.minimum_signal_stack != 0) add(at_minimum_signal_stack, machine.minimum_signal_stack);
    add(AT_HWCAP, machine.capabilities);
    add(AT_PAGESZ, page_size);
    add(AT_CLKTCK, clock_ticks);
    add(AT_PHDR, contents.program.program_headers.value);
    add(AT_PHENT, program_header_size);
    add(AT_PHNUM, contents.program.program_header_count);
    add(AT_BASE, contents.program.interpreter_base.value);
    add(AT_FLAGS, contents.flags);
    add(AT_ENTRY, contents.program.entry.value);
    add(AT_UID, identity.user);
    add(AT_EUID, identity.effective_user);
    add(AT_GID, identity.group);
    add(AT_EGID, identity.effective_group);
    add(AT_SECURE, identity.secure ? 1 : 0);
    add(AT_RANDOM, places.random.value);
    if (machine.capabilities2) add(AT_HWCAP2, *machine.capabilities2);
    add(AT_EXECFN, places.name.value);
    if (!machine.platform.empty()) add(AT_PLATFORM, places.platform.value);
    if (!machine.base_platform.empty()) add(AT_BASE_PLATFORM, places.base_platform.value);
    if (contents.program_descriptor) add(AT_EXECFD, static_cast<u64>(*contents.program_descriptor));
    if (machine.rseq_size != 0) {
        add(at_rseq_feature_size, machine.rseq_size);
        add(at_rseq_alignment, machine.rseq_alignment);
    }
    add(AT_NULL, 0);
    return words;
}

/// Lays the strings out downwards from the top and notes where they are; returns the lowest address in use.
GuestAddress write_strings(const StackContents& contents, Writer& writer, InitialStack& place, Places& places) {
    places.name = place.top - sizeof(u64) - (contents.name.size() + 1);
    writer.write_string(places.name, contents.name);
    place.environment_end = places.name;
    place.environment_start = place.environment_end - size_of(contents.environment);
    place.arguments_end = place.environment_start;
    place.arguments_start = place.arguments_end - size_of(contents.arguments);
    GuestAddress at = place.arguments_start;
    for (const std::string& text : contents.arguments) at = writer.write_string(at, text);
    for (const std::string& text : contents.environment) at = writer.write_string(at, text);
    return place.arguments_start;
}

/// Writes argc, argv, envp and the auxiliary vector from the stack pointer upwards.
void write_tables(const StackContents& contents, Writer& writer, InitialStack& place) {
    GuestAddress at = place.stack_pointer;
    const auto put = [&](u64 word) {
        writer.write_word(at, word);
        at = at + sizeof word;
    };
    const auto put_pointers = [&](const std::vector<std::string>& strings, GuestAddress text) {
        for (const std::string& string : strings) {
            put(text.value);
            text = text + string.size() + 1;
        }
        put(0);
    };
    put(contents.arguments.size());
    put_pointers(contents.arguments, place.arguments_start);
    put_pointers(contents.environment, place.environment_start);
    place.auxiliary_start = at;
    for (const u64 word : place.auxiliary) put(word);
}

/// Linux's bprm_stack_limits and copy_strings.
Result<void> check_limits(const StackContents& contents) {
    const auto refuse = [&](const char* what) { return fail(format("{}: {}", printable(contents.name), what), E2BIG); };
    for (const auto* strings : {&contents.arguments, &contents.environment}) {
        for (const std::string& text : *strings) {
            if (text.size() + 1 > longest_string)
                return refuse("an argument or variable is longer than Linux allows (128 KiB)");
        }
    }
    const u64 limit = std::max(std::min(most_string_space, contents.stack_limit / 4), least_string_space);
    const u64 pointers = (std::max<u64>(contents.arguments.size(), 1) + contents.environment.size()) * sizeof(u64);
    const u64 strings = size_of(contents.arguments) + size_of(contents.environment) + contents.name.size() + 1;
    if (pointers >= limit || strings > limit - pointers) {
        return refuse(
            "arguments and environment together are longer than Linux allows; shorten them, or raise ulimit -s");
    }
    return {};
}

/// Bytes that nobody can guess.
template <size_t size>
std::array<u8, size> random_bytes() {
    std::array<u8, size> bytes{};
    for (size_t done = 0; done < size;) {
        const auto count = ::getrandom(bytes.data() + done, size - done, 0);
        if (count < 0 && errno != EINTR) break;
        done += count > 0 ? static_cast<size_t>(count) : 0;
    }
    return bytes;
}

}  // namespace

Identity Identity::of_this_process() {
    return {::getuid(), ::geteuid(), ::getgid(), ::getegid(), ::getauxval(AT_SECURE) != 0};
}

StackImage lay_out_stack(const StackContents& contents, GuestAddress top, u64 shift, const std::array<u8, 16>& random) {
    StackImage image;
    InitialStack& place = image.place;
    place.top = top;
    Writer writer(top, greatest_size(contents));
    Places places;
    const GuestAddress strings = write_strings(contents, writer, place, places);
    GuestAddress at(align_down(strings.value - shift, stack_alignment));
    const auto push_string = [&](const std::string& text) {
        if (!text.empty()) {
            at = at - (text.size() + 1);
            writer.write_string(at, text);
        }
        return at;
    };
    places.platform = push_string(contents.machine.platform);
    places.base_platform = push_string(contents.machine.base_platform);
    at = at - random.size();
    places.random = at;
    writer.write(at, random.data(), random.size());
    place.auxiliary = auxiliary_vector(contents, places);
    const u64 pointers = contents.arguments.size() + 1 + contents.environment.size() + 1 + 1;
    place.stack_pointer =
        GuestAddress(align_down(at.value - (place.auxiliary.size() + pointers) * sizeof(u64), stack_alignment));
    write_tables(contents, writer, place);
    image.bytes = writer.take(place.stack_pointer);
    return image;
}

Result<InitialStack> build_initial_stack(const StackContents& contents, memory::AddressSpace& space) {
    if (auto good = check_limits(contents); !good) return std::unexpected(good.error());
    TRY(top, space.map_stack(greatest_size(contents), contents.program.executable_stack));
    const auto chance = random_bytes<2>();
    const u64 shift = contents.randomise ? (u64{chance[0]} << 8 | chance[1]) % page_size : 0;
    StackImage image = lay_out_stack(contents, top, shift, random_bytes<16>());
    if (!memory::copy_to_guest(image.place.stack_pointer, image.bytes.data(), image.bytes.size())) {
        return fail(format("{}: the initial stack cannot be written", printable(contents.name)), EFAULT);
    }
    return std::move(image.place);
}

}  // namespace lyrebird::loader
