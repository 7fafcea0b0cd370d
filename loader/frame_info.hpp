// Call frame information (.eh_frame and .eh_frame_hdr): how an unwinder or a debugger finds a function's caller.
#pragma once

#include <span>
#include <vector>

#include "runtime/base/ints.hpp"

namespace lyrebird::loader {

/// How to unwind from any place in [start, start + size), a range of addresses in the image. `rules` are DWARF call
/// frame instructions that hold everywhere in the range; saved registers are counted in units of 8 bytes from the
/// frame's address.
struct Frame {
    u64 start = 0;
    u64 size = 0;
    bool signal = false;     // the frame that a kernel made for a signal: its caller was interrupted, it did not call
    u8 return_register = 0;  // the DWARF number of what holds the caller's pc
    std::vector<u8> rules;
};

/// The contents of .eh_frame when it lies at `address`; `descriptions` becomes the addresses of the frames'
/// descriptions.
std::vector<u8> write_frames(std::span<const Frame> frames, u64 address, std::vector<u64>& descriptions);

/// The contents of .eh_frame_hdr at `address`: the table in which unwinders search. `frames` ascend by start.
std::vector<u8> write_frame_table(std::span<const Frame> frames, std::span<const u64> descriptions, u64 frames_address,
                                  u64 address);

}  // namespace lyrebird::loader
