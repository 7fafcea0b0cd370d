// The one file that knows Capstone.
//
// Why other architectures are replaced here: Capstone's core refers to every architecture that it was built with, and
// their tables hold 75000 pointers that a static position-independent executable relocates whenever it starts (7 ms
// were measured, where starting takes 1.5 ms otherwise). Our definitions of their entry points stand in the same object
// file as the only caller of Capstone, so the linker takes these and leaves the tables out.
#include "runtime/engine/disassemble.hpp"

#include <capstone/capstone.h>

#include <optional>
#include <string_view>

#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"

extern "C" {
int lyre_no_architecture() {
    return CS_ERR_ARCH;
}
[[gnu::alias("lyre_no_architecture")]] int AArch64_global_init(), ARM_global_init(), EVM_global_init(),
    M680X_global_init(), M68K_global_init(), Mips_global_init(), PPC_global_init(), Sparc_global_init(),
    SystemZ_global_init(), TMS320C64x_global_init(), XCore_global_init();
[[gnu::alias("lyre_no_architecture")]] int AArch64_option(), ARM_option(), EVM_option(), M680X_option(), M68K_option(),
    Mips_option(), PPC_option(), Sparc_option(), SystemZ_option(), TMS320C64x_option(), XCore_option();
}

namespace lyrebird::engine {

namespace {
constexpr u64 lowest_host_address = 0x5500'0000'0000;  // where Linux puts PIE programs; libraries lie above
constexpr u64 highest_host_address = 0x7fff'ffff'ffff;

/// A disassembler for x86-64 that steps over bytes which it does not know as instructions ".byte".
class Decoder {
  public:
    Decoder() {
        ENSURE(cs_open(CS_ARCH_X86, CS_MODE_64, &handle_) == CS_ERR_OK, "Capstone knows x86-64");
        cs_option(handle_, CS_OPT_DETAIL, CS_OPT_ON);
        cs_option(handle_, CS_OPT_SKIPDATA, CS_OPT_ON);
        instruction_ = cs_malloc(handle_);
        ENSURE(instruction_ != nullptr, "there is memory for an instruction");
    }
    ~Decoder() {
        cs_free(instruction_, 1);
        cs_close(&handle_);
    }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    /// Calls `visit` with each instruction of `code`.
    template <class Visit> void for_each(std::span<const u8> code, u64 address, Visit visit) {
        const u8* at = code.data();
        std::size_t left = code.size();
        while (left != 0 && cs_disasm_iter(handle_, &at, &left, &address, instruction_)) visit(*instruction_);
    }
    bool branches(const cs_insn& instruction) const {
        return instruction.id != 0 && cs_insn_group(handle_, &instruction, CS_GRP_BRANCH_RELATIVE);
    }

  private:
    csh handle_ = 0;
    cs_insn* instruction_ = nullptr;
};

std::span<const cs_x86_op> operands(const cs_insn& instruction) {
    if (instruction.id == 0) return {};
    return {instruction.detail->x86.operands, instruction.detail->x86.op_count};
}

/// The address that the instruction forms from rip.
std::optional<u64> rip_relative(const cs_insn& instruction) {
    for (const cs_x86_op& operand : operands(instruction)) {
        if (operand.type != X86_OP_MEM || operand.mem.base != X86_REG_RIP) continue;
        return instruction.address + instruction.size + u64(operand.mem.disp);
    }
    return std::nullopt;
}

bool has_host_address(const cs_insn& instruction) {
    auto all = operands(instruction);
    if (instruction.id != X86_INS_MOVABS || all.size() != 2 || all[1].type != X86_OP_IMM) return false;
    u64 value = u64(all[1].imm);
    return value >= lowest_host_address && value <= highest_host_address;
}

void append_line(std::string& out, u64 offset, std::string_view mnemonic, std::string_view operand_text) {
    append(out, "{:<8}{}{}{}\n", format("+{:#x}", offset), mnemonic, operand_text.empty() ? "" : " ", operand_text);
}
}  // namespace

std::string disassemble_host(std::span<const u8> code, u64 address) {
    std::string out;
    Decoder decoder;
    decoder.for_each(code, address, [&](const cs_insn& instruction) {
        std::string text = instruction.op_str;
        auto target = rip_relative(instruction);
        bool branches = decoder.branches(instruction);
        if (branches) target = u64(operands(instruction)[0].imm);
        if (target && *target - address <= code.size())
            append(text, "  ; +{:#x}", *target - address);
        else if (target && !branches)
            append(text, "  ; {:#x}", *target);
        append_line(out, instruction.address - address, instruction.mnemonic, text);
    });
    return out;
}

std::string disassemble_host_relative(std::span<const u8> code) {
    std::string out;
    Decoder decoder;
    auto place = [&](u64 target) { return target <= code.size() ? format("+{:#x}", target) : std::string("outside"); };
    decoder.for_each(code, 0, [&](const cs_insn& instruction) {
        std::string text = instruction.op_str;
        if (decoder.branches(instruction)) {
            text = place(u64(operands(instruction)[0].imm));
        } else if (auto target = rip_relative(instruction)) {
            std::size_t start = text.find("rip");
            text.replace(start, text.find(']', start) - start, place(*target));
        } else if (has_host_address(instruction)) {
            text.replace(text.rfind(' ') + 1, text.npos, "host");
        }
        append_line(out, instruction.address, instruction.mnemonic, text);
    });
    return out;
}

}  // namespace lyrebird::engine
