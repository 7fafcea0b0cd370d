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
    TRY(features, x64::Features::of_host().without(tiering.without_features));
    auto shared = std::make_shared<Shared<riscv64::Guest>>(memory, tiering, features);
    if (tiering.mode != Tiering::Mode::tier_0) {
        x64::CodeCache::Options options{.size = tiering.code_size, .features = features, .link = !tiering.check};
        TRY(code, x64::CodeCache::create(memory, shared->layout, options));
        shared->code = std::move(code);
        shared->surroundings.alone = &shared->code->alone();
    }
    auto hart = std::make_unique<TieredHart<riscv64::Guest>>(std::move(shared), riscv64::State{});
    hart->populate();
    return hart;
}

}  // namespace hart
}  // namespace lyrebird
