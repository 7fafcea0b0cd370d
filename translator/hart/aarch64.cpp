#include "translator/aarch64/guest.hpp"
#include "translator/hart/tiered_hart.hpp"
#include "translator/interpreter/aarch64.hpp"

namespace lyrebird {

static_assert(isa::VectorEmitter<interpreter::Emitter<aarch64::Guest>>);
static_assert(isa::VectorEmitter<emitters::Effects>);
static_assert(isa::VectorEmitter<emitters::Listing>);

namespace hart {

Result<std::unique_ptr<isa::Cpu>> create_aarch64(memory::AddressSpace& memory, const Tiering& tiering) {
    auto shared = std::make_shared<Shared<aarch64::Guest>>(memory, tiering, x64::Features{});
    return std::make_unique<TieredHart<aarch64::Guest>>(std::move(shared), aarch64::State{});
}

}  // namespace hart
}  // namespace lyrebird
