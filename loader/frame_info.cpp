#include "loader/frame_info.hpp"

#include "loader/byte_writer.hpp"

namespace lyrebird::loader {

namespace {

// Encodings of pointers in .eh_frame (LSB core, "DWARF exception header encoding").
constexpr u8 relative_to_itself = 0x1b;  // DW_EH_PE_pcrel | DW_EH_PE_sdata4
constexpr u8 relative_to_table = 0x3b;   // DW_EH_PE_datarel | DW_EH_PE_sdata4
constexpr u8 unsigned_word = 0x03;       // DW_EH_PE_udata4
constexpr u64 entry_alignment = 8;

/// Puts an entry's length in front of its bytes, padded with DW_CFA_nop (0).
void append_entry(ByteWriter& out, ByteWriter entry) {
    while ((entry.size() + 4) % entry_alignment != 0) entry.word<u8>(0);
    out.word<u32>(static_cast<u32>(entry.size()));
    out.append(entry.take());
}

/// The common information entry of one frame.
ByteWriter common_entry(const Frame& frame) {
    ByteWriter entry;
    entry.word<u32>(0);  // says that this is not a description
    entry.word<u8>(1);   // version
    entry.string(frame.signal ? "zRS" : "zR");
    entry.leb(1);  // code alignment
    entry.leb(8);  // data alignment: positive, so the same signed or not
    entry.word<u8>(frame.return_register);
    entry.leb(1);  // size of what follows for "R"
    entry.word<u8>(relative_to_itself);
    entry.append(frame.rules);
    return entry;
}

}  // namespace

std::vector<u8> write_frames(std::span<const Frame> frames, u64 address, std::vector<u64>& descriptions) {
    ByteWriter out;
    descriptions.clear();
    for (const Frame& frame : frames) {
        const u64 common = out.size();
        append_entry(out, common_entry(frame));
        const u64 description = out.size();
        descriptions.push_back(address + description);
        ByteWriter entry;
        entry.word<u32>(static_cast<u32>(description + 4 - common));
        entry.word<u32>(static_cast<u32>(frame.start - (address + description + 8)));
        entry.word<u32>(static_cast<u32>(frame.size));
        entry.leb(0);  // no augmentation data
        append_entry(out, std::move(entry));
    }
    out.word<u32>(0);
    return out.take();
}

std::vector<u8> write_frame_table(std::span<const Frame> frames, std::span<const u64> descriptions, u64 frames_address,
                                  u64 address) {
    ByteWriter out;
    out.word<u8>(1);  // version
    out.word<u8>(relative_to_itself);
    out.word<u8>(unsigned_word);
    out.word<u8>(relative_to_table);
    out.word<u32>(static_cast<u32>(frames_address - (address + 4)));
    out.word<u32>(static_cast<u32>(frames.size()));
    for (u64 i = 0; i < frames.size(); ++i) {
        out.word<u32>(static_cast<u32>(frames[i].start - address));
        out.word<u32>(static_cast<u32>(descriptions[i] - address));
    }
    return out.take();
}

}  // namespace lyrebird::loader
