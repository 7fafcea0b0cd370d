#include "loader/vdso.hpp"

#include <dlfcn.h>
#include <doctest/doctest.h>
#include <elf.h>
#include <string.h>
#include <sys/mman.h>

#include <map>
#include <string>

#include "loader/shared_object.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace lyrebird;
using namespace lyrebird::loader;

namespace {

/// Reads the image as a dynamic linker does: by its program headers and its dynamic section only.
class Reader {
  public:
    explicit Reader(const std::vector<u8>& image) : image_(image) {
        const auto header = at<Elf64_Ehdr>(0);
        for (u64 i = 0; i < header.e_phnum; ++i) {
            const auto part = at<Elf64_Phdr>(header.e_phoff + i * sizeof(Elf64_Phdr));
            parts_[part.p_type] = part;
        }
        const auto& dynamic = parts_[PT_DYNAMIC];
        for (u64 i = 0; i < dynamic.p_memsz; i += sizeof(Elf64_Dyn)) {
            const auto entry = at<Elf64_Dyn>(dynamic.p_vaddr + i);
            dynamic_[static_cast<u64>(entry.d_tag)] = entry.d_un.d_val;
        }
    }

    template <class T>
    T at(u64 address) const {
        REQUIRE_LE(address + sizeof(T), image_.size());
        T value;
        ::memcpy(&value, image_.data() + address, sizeof value);
        return value;
    }
    std::string text(u64 offset) const {
        return reinterpret_cast<const char*>(image_.data() + dynamic_.at(DT_STRTAB) + offset);
    }
    const std::map<u64, u64>& dynamic() const { return dynamic_; }
    const Elf64_Phdr& part(u32 type) const { return parts_.at(type); }
    Elf64_Sym symbol(u32 index) const { return at<Elf64_Sym>(dynamic_.at(DT_SYMTAB) + index * sizeof(Elf64_Sym)); }

    /// The index of `name` by the System V hash table, or 0.
    u32 find_sysv(const std::string& name) const {
        const u64 table = dynamic_.at(DT_HASH);
        const u32 buckets = at<u32>(table);
        u32 hash = 0;
        for (const char c : name) {
            hash = (hash << 4) + static_cast<u8>(c);
            hash ^= (hash & 0xf0000000) >> 24;
            hash &= 0x0fffffff;
        }
        u32 index = at<u32>(table + 8 + 4 * (hash % buckets));
        while (index != 0 && text(symbol(index).st_name) != name) index = at<u32>(table + 8 + 4 * (buckets + index));
        return index;
    }

    /// The index of `name`, whose GNU hash is `hash`, by the GNU hash table, or 0.
    u32 find_gnu(const std::string& name, u32 hash) const {
        const u64 table = dynamic_.at(DT_GNU_HASH);
        const u32 buckets = at<u32>(table);
        const u32 first = at<u32>(table + 4);
        const u32 words = at<u32>(table + 8);
        const u32 shift = at<u32>(table + 12);
        const u64 filter = at<u64>(table + 16 + 8 * (hash / 64 % words));
        if ((filter >> hash % 64 & filter >> (hash >> shift) % 64 & 1) == 0) return 0;
        for (u32 index = at<u32>(table + 16 + 8 * words + 4 * (hash % buckets)); index != 0; ++index) {
            const u32 entry = at<u32>(table + 16 + 8 * words + 4 * (buckets + index - first));
            if ((entry | 1) == (hash | 1) && text(symbol(index).st_name) == name) return index;
            if ((entry & 1) != 0) return 0;
        }
        return 0;
    }

    /// The name and the hash of a symbol's version.
    std::pair<std::string, u32> version(u32 index) const {
        const u16 wanted = at<u16>(dynamic_.at(DT_VERSYM) + 2 * index);
        u64 place = dynamic_.at(DT_VERDEF);
        for (u64 i = 0; i < dynamic_.at(DT_VERDEFNUM); ++i) {
            const auto definition = at<Elf64_Verdef>(place);
            if (definition.vd_ndx == wanted) {
                return {text(at<Elf64_Verdaux>(place + definition.vd_aux).vda_name), definition.vd_hash};
            }
            place += definition.vd_next;
        }
        return {};
    }

  private:
    const std::vector<u8>& image_;
    std::map<u32, Elf64_Phdr> parts_;
    std::map<u64, u64> dynamic_;
};

std::vector<u32> words_at(const Reader& image, u64 address, size_t count) {
    std::vector<u32> words;
    for (size_t i = 0; i < count; ++i) words.push_back(image.at<u32>(address + 4 * i));
    return words;
}

u32 gnu_hash(const std::string& name) {
    u32 hash = 5381;
    for (const char c : name) hash = hash * 33 + static_cast<u8>(c);
    return hash;
}

/// What libgcc's unwinder answers when it is asked for the function around an address.
struct FrameBases {
    void* text;
    void* data;
    void* function;
};
extern "C" const void* _Unwind_Find_FDE(void* address, FrameBases* bases);

}  // namespace

TEST_CASE("the vDSO's image is one segment of at most a page") {
    for (const auto& [guest, machine] : {std::pair{Machine::riscv64, EM_RISCV}, std::pair{Machine::aarch64, EM_AARCH64}}) {
        const auto& image = vdso_image(guest);
        const Reader reader(image);
        CHECK_LE(image.size(), 4096);
        CHECK_EQ(reader.at<Elf64_Ehdr>(0).e_machine, machine);
        CHECK_EQ(reader.at<Elf64_Ehdr>(0).e_type, ET_DYN);
        CHECK_EQ(reader.part(PT_LOAD).p_vaddr, 0);
        CHECK_EQ(reader.part(PT_LOAD).p_offset, 0);
        CHECK_EQ(reader.part(PT_LOAD).p_memsz, image.size());
        CHECK_EQ(reader.part(PT_LOAD).p_flags, PF_R | PF_X);
        CHECK_EQ(reader.text(reader.dynamic().at(DT_SONAME)), "linux-vdso.so.1");
    }
}

namespace {
/// Checks that both hash tables find every name, with this version and its hash.
void check_names(const Reader& reader, const std::vector<std::string>& names, const char* version, u32 version_hash) {
    for (const std::string& name : names) {
        INFO(name);
        const u32 index = reader.find_sysv(name);
        REQUIRE_NE(index, 0);
        CHECK_EQ(reader.find_gnu(name, gnu_hash(name)), index);
        CHECK_EQ(reader.version(index).first, version);
        CHECK_EQ(reader.version(index).second, version_hash);
        const auto symbol = reader.symbol(index);
        CHECK_EQ(symbol.st_info, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC));
        CHECK_NE(symbol.st_shndx, SHN_UNDEF);
        CHECK_GE(symbol.st_size, 8);
    }
    CHECK_EQ(reader.find_sysv("__vdso_time"), 0);
    CHECK_EQ(reader.find_gnu("__vdso_time", gnu_hash("__vdso_time")), 0);
}
}  // namespace

TEST_CASE("every function is found by both hash tables, with the kernel's version") {
    // Hashes of versions, and both hashes of one name each, as Go's runtime states them.
    const Reader riscv64(vdso_image(Machine::riscv64));
    check_names(riscv64,
                {"__vdso_rt_sigreturn", "__vdso_clock_gettime", "__vdso_gettimeofday", "__vdso_clock_getres",
                 "__vdso_getcpu", "__vdso_riscv_hwprobe", "__vdso_flush_icache"},
                "LINUX_4.15", 0xae77f75);
    CHECK_EQ(gnu_hash("__vdso_clock_gettime"), 0x6e43a318);
    CHECK_NE(riscv64.find_gnu("__vdso_clock_gettime", 0x6e43a318), 0);
    const Reader aarch64(vdso_image(Machine::aarch64));
    check_names(aarch64,
                {"__kernel_rt_sigreturn", "__kernel_gettimeofday", "__kernel_clock_gettime", "__kernel_clock_getres"},
                "LINUX_2.6.39", 0x75fcb89);
    CHECK_EQ(gnu_hash("__kernel_clock_gettime"), 0xdfa941fd);
    CHECK_NE(aarch64.find_gnu("__kernel_clock_gettime", 0xdfa941fd), 0);
}

TEST_CASE("the functions are the instructions they should be") {
    const Reader riscv64(vdso_image(Machine::riscv64));
    const Reader aarch64(vdso_image(Machine::aarch64));
    const auto code = [](const Reader& reader, const std::string& name, size_t count) {
        return words_at(reader, reader.symbol(reader.find_sysv(name)).st_value, count);
    };
    // What libgcc, gdb and LLVM's libunwind look for: li a7, 139; ecall.
    CHECK_EQ(code(riscv64, "__vdso_rt_sigreturn", 2), std::vector<u32>{0x08b00893, 0x00000073});
    CHECK_EQ(code(riscv64, "__vdso_flush_icache", 3), std::vector<u32>{0x10300893, 0x00000073, 0x00008067});
    CHECK_EQ(code(riscv64, "__vdso_clock_gettime", 2), std::vector<u32>{0x0010007b, 0x00008067});
    CHECK_EQ(code(riscv64, "__vdso_gettimeofday", 2), std::vector<u32>{0x0020007b, 0x00008067});
    CHECK_EQ(code(riscv64, "__vdso_clock_getres", 2), std::vector<u32>{0x0030007b, 0x00008067});
    CHECK_EQ(code(riscv64, "__vdso_getcpu", 2), std::vector<u32>{0x0040007b, 0x00008067});
    CHECK_EQ(code(riscv64, "__vdso_riscv_hwprobe", 2), std::vector<u32>{0x0050007b, 0x00008067});
    // And here: mov x8, #139; svc #0.
    CHECK_EQ(code(aarch64, "__kernel_rt_sigreturn", 2), std::vector<u32>{0xd2801168, 0xd4000001});
    CHECK_EQ(code(aarch64, "__kernel_clock_gettime", 2), std::vector<u32>{0x00010001, 0xd65f03c0});
    CHECK_EQ(code(aarch64, "__kernel_gettimeofday", 2), std::vector<u32>{0x00010002, 0xd65f03c0});
    CHECK_EQ(code(aarch64, "__kernel_clock_getres", 2), std::vector<u32>{0x00010003, 0xd65f03c0});
}

namespace {
void check_mapped(Machine guest, const std::string& signal_return, u32 first_instruction, u32 functions) {
    auto space = memory::AddressSpace::create({});
    REQUIRE(space.has_value());
    const auto vdso = map_vdso(guest, **space);
    REQUIRE(vdso.has_value());
    const auto& image = vdso_image(guest);
    CHECK_EQ(::memcmp(vdso->base.host(), image.data(), image.size()), 0);
    const auto region = (*space)->find(vdso->base);
    REQUIRE(region.has_value());
    CHECK_EQ(region->backing.path, "[vdso]");
    CHECK_EQ(region->protection, PROT_READ | PROT_EXEC);
    const auto data = (*space)->find(vdso->base - 1);
    REQUIRE(data.has_value());
    CHECK_EQ(data->backing.path, "[vvar]");
    CHECK_EQ(data->protection, PROT_READ);
    const Reader reader(image);
    CHECK_EQ(vdso->signal_return, vdso->base + reader.symbol(reader.find_sysv(signal_return)).st_value);
    CHECK_EQ(*vdso->signal_return.host<u32>(), first_instruction);
    for (u32 index = 1; index <= functions; ++index) {
        const GuestAddress function = vdso->base + reader.symbol(index).st_value;
        CHECK_GE(function, vdso->code_start);
        CHECK_LT(function, vdso->code_end);
    }
}
}  // namespace

TEST_CASE("the vDSO is mapped below an empty data page's end, executable and not writable") {
    check_mapped(Machine::riscv64, "__vdso_rt_sigreturn", 0x08b00893, 7);
    check_mapped(Machine::aarch64, "__kernel_rt_sigreturn", 0xd2801168, 4);
}

TEST_CASE("this machine's own dynamic linker and unwinder accept an object made the same way") {
    test::TemporaryDirectory directory;
    SharedObject object;
    object.machine = EM_X86_64;
    object.name = "libtest.so.1";
    object.version = "VERSION_7";
    object.code = {0xb8, 42, 0, 0, 0, 0xc3, 0x90, 0x90, 0xb8, 43, 0, 0, 0, 0xc3, 0x90, 0x90};  // mov eax, N; ret
    object.functions = {{"first", 0, 6}, {"second", 8, 6}};
    const std::vector<u8> rules = {0x0c, 7, 8};  // the frame is at rsp + 8
    object.frames = {{0, 6, false, 16, rules}, {8, 6, true, 16, rules}};
    const auto image = write_shared_object(object);
    const auto path = directory.write("lib", {reinterpret_cast<const char*>(image.data()), image.size()});
    void* library = ::dlopen(path.c_str(), RTLD_NOW);
    INFO((library == nullptr ? ::dlerror() : ""));
    REQUIRE_NE(library, nullptr);
    for (const auto& [name, result] : {std::pair{"first", 42}, std::pair{"second", 43}}) {
        void* function = ::dlvsym(library, name, "VERSION_7");
        REQUIRE_NE(function, nullptr);
        CHECK_EQ(reinterpret_cast<int (*)()>(function)(), result);
        FrameBases bases{};
        CHECK_NE(_Unwind_Find_FDE(static_cast<char*>(function) + 5, &bases), nullptr);
        CHECK_EQ(bases.function, function);
        CHECK_EQ(::dlvsym(library, name, "VERSION_8"), nullptr);
    }
    ::dlclose(library);
}
