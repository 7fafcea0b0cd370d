#include "runtime/engine/symbol_names.hpp"

#include "runtime/base/text.hpp"
#include "runtime/engine/system.hpp"

namespace lyrebird::engine {

std::string module_of(const System& system, u64 address) {
    auto region = system.memory->find_with_path(GuestAddress(address));
    if (!region || region->backing.path.empty()) return {};
    u64 offset = address - region->start.value + region->backing.offset;
    std::string text = format("{}+{:#x}", region->backing.path, offset);
    if (auto symbol = loader::find_symbol(region->backing.path, offset)) {
        append(text, " ({}+{:#x})", symbol->name, symbol->offset);
    }
    return text;
}

std::string SymbolNames::name(u64 guest_pc) {
    auto region = system_.memory->find(GuestAddress(guest_pc));
    // Files have no path yet; memory with a name has no file.
    if (!region || !region->backing.path.empty() || region->backing.inode == 0) {
        std::string text = format("guest {:#x}", guest_pc);
        if (region && !region->backing.path.empty()) append(text, " {}", region->backing.path);
        return text;
    }
    const memory::Backing& backing = region->backing;
    const Module& in = module(backing.device, backing.inode, guest_pc);
    u64 offset = guest_pc - region->start.value + backing.offset;
    if (auto symbol = in.symbols.find(offset)) return format("{}+{:#x} [{}]", symbol->name, symbol->offset, in.name);
    return format("{:#x} [{}]", offset, in.name);
}

const SymbolNames::Module& SymbolNames::module(u64 device, u64 inode, u64 guest_pc) {
    auto [place, unknown] = modules_.try_emplace({device, inode});
    Module& module = place->second;
    if (!unknown) return module;
    auto region = system_.memory->find_with_path(GuestAddress(guest_pc));
    std::string path = region ? region->backing.path : "";
    module.name = path.empty() ? format("inode {}", inode) : path.substr(path.rfind('/') + 1);
    module.symbols = loader::SymbolTable::read(path);
    return module;
}

}  // namespace lyrebird::engine
