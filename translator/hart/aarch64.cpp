#include "translator/aarch64/guest.hpp"
#include "translator/hart/tiered_hart.hpp"
#include "translator/interpreter/aarch64.hpp"
#include "translator/x64/aarch64.hpp"

namespace lyrebird {

static_assert(isa::VectorEmitter<interpreter::Emitter<aarch64::Guest>>);
static_assert(isa::VectorEmitter<x64::Emitter>);
static_assert(isa::VectorEmitter<emitters::Effects>);
static_assert(isa::VectorEmitter<emitters::Listing>);

namespace hart {

Result<std::unique_ptr<isa::Cpu>> create_aarch64(memory::AddressSpace& memory, const Tiering& tiering) {
    return create<aarch64::Guest>(memory, tiering);
}

}  // namespace hart
}  // namespace lyrebird
