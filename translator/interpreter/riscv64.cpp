#include "translator/interpreter/riscv64.hpp"

#include "translator/interpreter/cpu.hpp"
#include "translator/riscv64/guest.hpp"

namespace lyrebird::interpreter {

// Instantiated in riscv64/*.cpp.
extern template struct Chapter<riscv64::Guest, riscv64::Base>;
extern template struct Chapter<riscv64::Guest, riscv64::ControlStatus>;
extern template struct Chapter<riscv64::Guest, riscv64::Multiply>;
extern template struct Chapter<riscv64::Guest, riscv64::Atomic>;
extern template struct Chapter<riscv64::Guest, riscv64::BitManipulation>;
extern template struct Chapter<riscv64::Guest, riscv64::Conditional>;
extern template struct Chapter<riscv64::Guest, riscv64::CompareAndSwap>;
extern template struct Chapter<riscv64::Guest, riscv64::CacheBlocks>;
extern template struct Chapter<riscv64::Guest, riscv64::MayBe>;
extern template struct Chapter<riscv64::Guest, riscv64::CompressedBase>;
extern template struct Chapter<riscv64::Guest, riscv64::CompressedMore>;
extern template struct Chapter<riscv64::Guest, riscv64::CompressedFloat>;
extern template struct Chapter<riscv64::Guest, riscv64::Single>;
extern template struct Chapter<riscv64::Guest, riscv64::Double>;
extern template struct Chapter<riscv64::Guest, riscv64::Half>;
extern template struct Chapter<riscv64::Guest, riscv64::FloatAdditional>;

static_assert(isa::Emitter<Emitter<riscv64::Guest>>);
static_assert(isa::Emitter<emitters::Effects>);
static_assert(isa::Emitter<emitters::Listing>);

std::unique_ptr<isa::Cpu> create_riscv64_cpu(memory::AddressSpace& memory) {
    return std::make_unique<Cpu<riscv64::Guest>>(std::make_shared<Shared>(memory), riscv64::State{});
}

}  // namespace lyrebird::interpreter
