// A translation's host code as text for a golden file: what changes with every build or every new field is given a
// name.
#pragma once

#include <string>

#include "translator/x64/registers.hpp"
#include "translator/x64/translation.hpp"

namespace lyrebird::test {

/// The lines of a block of one instruction, and before them how many bytes they take. Not shown, and not counted, is
/// its tail: the jump to the instruction at `next`, and the calls of Stub::link. Places in the block that are jumped to
/// have numbers; "next" is the tail; stubs, fields of State and Context, and functions of the VM have names. `guest_field` names
/// what lies at an offset of State behind VmState; it is nothing where it has no name. Of an instruction that tier 0 is called for
/// only that is said.
std::string host_code_text(const x64::Translation& block, const x64::Layout& layout, u64 next,
                           std::string (*guest_field)(std::size_t offset));

/// "name", or "name + distance".
std::string with_distance(std::string_view name, u64 distance);

}  // namespace lyrebird::test
