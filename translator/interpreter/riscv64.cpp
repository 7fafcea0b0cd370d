#include "translator/interpreter/riscv64.hpp"

#include "translator/interpreter/cpu.hpp"
#include "translator/riscv64/guest.hpp"

namespace lyrebird::interpreter {

static_assert(isa::Emitter<Emitter<riscv64::Guest>>);
static_assert(isa::Emitter<emitters::Effects>);
static_assert(isa::Emitter<emitters::Listing>);

std::unique_ptr<isa::Cpu> create_riscv64_cpu(memory::AddressSpace& memory) {
    return std::make_unique<Cpu<riscv64::Guest>>(std::make_shared<Shared>(memory), riscv64::State{});
}

}  // namespace lyrebird::interpreter
