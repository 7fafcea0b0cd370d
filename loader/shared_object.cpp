#include "loader/shared_object.hpp"

#include <elf.h>
#include <string.h>

#include "loader/byte_writer.hpp"
#include "runtime/base/bits.hpp"

namespace lyrebird::loader {

namespace {

constexpr u16 base_version = 1;      // index of the object's own name among the versions
constexpr u16 function_version = 2;  // and of the functions' version
constexpr u64 segment_alignment = 4096;

/// The System V hash of a name (gABI, "Hash Table").
u32 sysv_hash(std::string_view name) {
    u32 hash = 0;
    for (const char c : name) {
        hash = (hash << 4) + static_cast<u8>(c);
        const u32 high = hash & 0xf0000000;
        hash = (hash ^ (high >> 24)) & ~high;
    }
    return hash;
}

u32 gnu_hash(std::string_view name) {
    u32 hash = 5381;
    for (const char c : name) hash = hash * 33 + static_cast<u8>(c);
    return hash;
}

/// Adds names to a string table and says where they are.
class StringTable {
  public:
    StringTable() { writer_.word<u8>(0); }
    u32 add(std::string_view text) {
        const u64 offset = writer_.size();
        writer_.string(text);
        return static_cast<u32>(offset);
    }
    std::vector<u8> take() { return writer_.take(); }

  private:
    ByteWriter writer_;
};

/// What there is to say of a section before its place and size are known.
struct Section {
    u32 type = SHT_PROGBITS;
    u64 flags = SHF_ALLOC;
    u32 link = 0;
    u32 info = 0;
    u64 alignment = 8;
    u64 entry_size = 0;
};

/// Collects sections, one behind the other, then writes the headers before and behind them.
class ObjectWriter {
  public:
    explicit ObjectWriter(const SharedObject& object) : object_(object), image_(shared_object_code), sections_(1) {}

    std::vector<u8> run() {
        const u32 code =
            add({.type = SHT_PROGBITS, .flags = SHF_ALLOC | SHF_EXECINSTR, .alignment = 16}, ".text", object_.code);
        add_symbols(code);
        add_versions();
        add_frames();
        add_dynamic();
        finish();
        return std::move(image_);
    }

  private:
    /// Puts a section at the next suitable address, which is its file offset too, and returns its index.
    u32 add(const Section& section, std::string_view name, const std::vector<u8>& contents) {
        image_.resize(align_up(image_.size(), section.alignment));
        Elf64_Shdr header{};
        header.sh_name = section_names_.add(name);
        header.sh_type = section.type;
        header.sh_flags = section.flags;
        header.sh_addr = (section.flags & SHF_ALLOC) != 0 ? image_.size() : 0;
        header.sh_offset = image_.size();
        header.sh_size = contents.size();
        header.sh_link = section.link;
        header.sh_info = section.info;
        header.sh_addralign = section.alignment;
        header.sh_entsize = section.entry_size;
        image_.insert(image_.end(), contents.begin(), contents.end());
        sections_.push_back(header);
        return static_cast<u32>(sections_.size() - 1);
    }

    u64 address(u32 section) const { return sections_[section].sh_addr; }

    /// The dynamic symbols with their names, and both hash tables over them.
    void add_symbols(u32 code) {
        StringTable names;
        ByteWriter symbols;
        symbols.append(std::vector<u8>(sizeof(Elf64_Sym)));
        for (const ExportedFunction& function : object_.functions) {
            symbols.word<u32>(names.add(function.name));
            symbols.word<u8>(ELF64_ST_INFO(STB_GLOBAL, STT_FUNC));
            symbols.word<u8>(STV_DEFAULT);
            symbols.word<u16>(static_cast<u16>(code));
            symbols.word<u64>(address(code) + function.offset);
            symbols.word<u64>(function.size);
        }
        object_name_ = names.add(object_.name);
        version_name_ = names.add(object_.version);
        strings_ = add({.type = SHT_STRTAB, .alignment = 1}, ".dynstr", names.take());
        symbols_ =
            add({.type = SHT_DYNSYM, .link = strings_, .info = 1, .alignment = 8, .entry_size = sizeof(Elf64_Sym)},
                ".dynsym", symbols.take());
        hash_ = add({.type = SHT_HASH, .link = symbols_, .alignment = 8, .entry_size = 4}, ".hash", sysv_table());
        gnu_hash_ = add({.type = SHT_GNU_HASH, .link = symbols_, .alignment = 8}, ".gnu.hash", gnu_table());
    }

    /// One bucket, which chains all symbols: with so few, more would only be longer.
    std::vector<u8> sysv_table() const {
        const u32 count = static_cast<u32>(object_.functions.size() + 1);
        ByteWriter table;
        table.word<u32>(1);
        table.word<u32>(count);
        table.word<u32>(1);
        table.word<u32>(0);
        for (u32 symbol = 1; symbol < count; ++symbol) table.word<u32>(symbol + 1 < count ? symbol + 1 : 0);
        return table.take();
    }

    std::vector<u8> gnu_table() const {
        constexpr u32 shift = 6;
        u64 filter = 0;
        for (const ExportedFunction& function : object_.functions) {
            const u32 hash = gnu_hash(function.name);
            filter |= u64{1} << hash % 64 | u64{1} << (hash >> shift) % 64;
        }
        ByteWriter table;
        table.word<u32>(1);  // buckets
        table.word<u32>(1);  // the first symbol that can be found
        table.word<u32>(1);  // words of the filter
        table.word<u32>(shift);
        table.word<u64>(filter);
        table.word<u32>(1);
        for (const ExportedFunction& function : object_.functions) {
            const u32 last = &function == &object_.functions.back() ? 1 : 0;
            table.word<u32>((gnu_hash(function.name) & ~1U) | last);
        }
        return table.take();
    }

    void add_versions() {
        ByteWriter symbols;
        symbols.word<u16>(0);
        for (u64 i = 0; i < object_.functions.size(); ++i) symbols.word<u16>(function_version);
        version_symbols_ = add({.type = SHT_GNU_versym, .link = symbols_, .alignment = 2, .entry_size = 2},
                               ".gnu.version", symbols.take());
        ByteWriter definitions;
        const auto define = [&](u16 flags, u16 index, const std::string& name, u32 name_offset, bool last) {
            definitions.word<u16>(VER_DEF_CURRENT);
            definitions.word<u16>(flags);
            definitions.word<u16>(index);
            definitions.word<u16>(1);  // one name
            definitions.word<u32>(sysv_hash(name));
            definitions.word<u32>(sizeof(Elf64_Verdef));
            definitions.word<u32>(last ? 0 : sizeof(Elf64_Verdef) + sizeof(Elf64_Verdaux));
            definitions.word<u32>(name_offset);
            definitions.word<u32>(0);  // and no further one
        };
        define(VER_FLG_BASE, base_version, object_.name, object_name_, false);
        define(0, function_version, object_.version, version_name_, true);
        versions_ = add({.type = SHT_GNU_verdef, .link = strings_, .info = 2, .alignment = 8}, ".gnu.version_d",
                        definitions.take());
    }

    void add_frames() {
        std::vector<Frame> frames = object_.frames;
        for (Frame& frame : frames) frame.start += shared_object_code;
        std::vector<u64> descriptions;
        const u64 frames_address = align_up(image_.size(), 8);
        add({.type = SHT_PROGBITS, .alignment = 8}, ".eh_frame", write_frames(frames, frames_address, descriptions));
        const u64 table_address = align_up(image_.size(), 4);
        frame_table_ = add({.type = SHT_PROGBITS, .alignment = 4}, ".eh_frame_hdr",
                           write_frame_table(frames, descriptions, frames_address, table_address));
    }

    void add_dynamic() {
        ByteWriter entries;
        const auto entry = [&](u64 tag, u64 value) {
            entries.word<u64>(tag);
            entries.word<u64>(value);
        };
        entry(DT_SONAME, object_name_);
        entry(DT_HASH, address(hash_));
        entry(DT_GNU_HASH, address(gnu_hash_));
        entry(DT_STRTAB, address(strings_));
        entry(DT_SYMTAB, address(symbols_));
        entry(DT_STRSZ, sections_[strings_].sh_size);
        entry(DT_SYMENT, sizeof(Elf64_Sym));
        entry(DT_VERSYM, address(version_symbols_));
        entry(DT_VERDEF, address(versions_));
        entry(DT_VERDEFNUM, 2);
        entry(DT_NULL, 0);
        dynamic_ = add({.type = SHT_DYNAMIC, .link = strings_, .alignment = 8, .entry_size = sizeof(Elf64_Dyn)},
                       ".dynamic", entries.take());
    }

    Elf64_Phdr part(u32 type, u32 section) const {
        const Elf64_Shdr& header = sections_[section];
        return {.p_type = type,
                .p_flags = PF_R,
                .p_offset = header.sh_offset,
                .p_vaddr = header.sh_addr,
                .p_paddr = header.sh_addr,
                .p_filesz = header.sh_size,
                .p_memsz = header.sh_size,
                .p_align = header.sh_addralign};
    }

    /// Adds the section headers at the end, and writes the ELF header and the program headers into the space before the
    /// code.
    void finish() {
        section_names_index_ = static_cast<u32>(sections_.size());
        Elf64_Shdr names{};
        names.sh_name = section_names_.add(".shstrtab");
        const auto text = section_names_.take();
        names.sh_type = SHT_STRTAB;
        names.sh_offset = image_.size();
        names.sh_size = text.size();
        names.sh_addralign = 1;
        image_.insert(image_.end(), text.begin(), text.end());
        sections_.push_back(names);
        image_.resize(align_up(image_.size(), 8));
        const u64 table = image_.size();
        image_.resize(table + sections_.size() * sizeof(Elf64_Shdr));
        ::memcpy(image_.data() + table, sections_.data(), sections_.size() * sizeof(Elf64_Shdr));

        const Elf64_Phdr parts[] = {
            {.p_type = PT_LOAD,
             .p_flags = PF_R | PF_X,
             .p_offset = 0,
             .p_vaddr = 0,
             .p_paddr = 0,
             .p_filesz = image_.size(),
             .p_memsz = image_.size(),
             .p_align = segment_alignment},
            part(PT_DYNAMIC, dynamic_),
            part(PT_GNU_EH_FRAME, frame_table_),
        };
        static_assert(align_up(sizeof(Elf64_Ehdr) + sizeof parts, 16) == shared_object_code);
        ::memcpy(image_.data() + sizeof(Elf64_Ehdr), parts, sizeof parts);
        write_header(table, std::size(parts));
    }

    void write_header(u64 section_table, u64 parts) {
        Elf64_Ehdr header{};
        ::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_ident[EI_VERSION] = EV_CURRENT;
        header.e_type = ET_DYN;
        header.e_machine = object_.machine;
        header.e_version = EV_CURRENT;
        header.e_phoff = sizeof header;
        header.e_shoff = section_table;
        header.e_flags = object_.flags;
        header.e_ehsize = sizeof header;
        header.e_phentsize = sizeof(Elf64_Phdr);
        header.e_phnum = static_cast<u16>(parts);
        header.e_shentsize = sizeof(Elf64_Shdr);
        header.e_shnum = static_cast<u16>(sections_.size());
        header.e_shstrndx = static_cast<u16>(section_names_index_);
        ::memcpy(image_.data(), &header, sizeof header);
    }

    const SharedObject& object_;
    std::vector<u8> image_;
    std::vector<Elf64_Shdr> sections_;
    StringTable section_names_;
    u32 object_name_ = 0;
    u32 version_name_ = 0;
    u32 strings_ = 0;
    u32 symbols_ = 0;
    u32 hash_ = 0;
    u32 gnu_hash_ = 0;
    u32 version_symbols_ = 0;
    u32 versions_ = 0;
    u32 frame_table_ = 0;
    u32 dynamic_ = 0;
    u32 section_names_index_ = 0;
};

}  // namespace

std::vector<u8> write_shared_object(const SharedObject& object) {
    return ObjectWriter(object).run();
}

}  // namespace lyrebird::loader
