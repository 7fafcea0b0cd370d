#include "translator/hart/tiered_hart.hpp"
#include "translator/interpreter/riscv64.hpp"
#include "translator/riscv64/guest.hpp"
#include "translator/x64/riscv64.hpp"

namespace lyrebird {

static_assert(isa::Emitter<interpreter::Emitter<riscv64::Guest>>);
static_assert(isa::Emitter<x64::Emitter>);
static_assert(isa::Emitter<emitters::Effects>);
static_assert(isa::Emitter<emitters::Listing>);

namespace hart {

Result<std::unique_ptr<isa::Cpu>> create_riscv64(memory::AddressSpace& memory, const Tiering& tiering) {
    return create<riscv64::Guest>(memory, tiering);
}

}  // namespace hart
}  // namespace lyrebird
