#include "tests/support/llvm_decoder.hpp"

#include <llvm/MC/MCAsmInfo.h>
#include <llvm/MC/MCContext.h>
#include <llvm/MC/MCDisassembler/MCDisassembler.h>
#include <llvm/MC/MCInst.h>
#include <llvm/MC/MCInstPrinter.h>
#include <llvm/MC/MCInstrInfo.h>
#include <llvm/MC/MCRegisterInfo.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/TargetParser/Triple.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "runtime/base/check.hpp"
#include "translator/riscv64/features.hpp"

extern "C" {
void LLVMInitializeRISCVTargetInfo();
void LLVMInitializeRISCVTargetMC();
void LLVMInitializeRISCVDisassembler();
}

namespace lyrebird::test {

namespace {
/// What /proc/cpuinfo and hwprobe tell the guest, in LLVM's words: "+m,+a,…,+zicbom,…".
std::string features() {
    std::string list = "+64bit,+relax";
    for (char letter : riscv64::base_letters) {
        if (letter != 'i') list += std::string(",+") + letter;
    }
    for (const riscv64::Extension& extension : riscv64::extensions) list += ",+" + std::string(extension.name);
    return list;
}
}  // namespace

struct LlvmDecoder::Parts {
    llvm::Triple triple{"riscv64-unknown-linux-gnu"};
    llvm::MCTargetOptions options;
    std::unique_ptr<llvm::MCRegisterInfo> registers;
    std::unique_ptr<llvm::MCAsmInfo> assembly;
    std::unique_ptr<llvm::MCSubtargetInfo> subtarget;
    std::unique_ptr<llvm::MCInstrInfo> instructions;
    std::unique_ptr<llvm::MCContext> context;
    std::unique_ptr<llvm::MCDisassembler> disassembler;
    std::unique_ptr<llvm::MCInstPrinter> printer;
    llvm::MCInst instruction;
};

LlvmDecoder::LlvmDecoder() : parts_(std::make_unique<Parts>()) {
    LLVMInitializeRISCVTargetInfo();
    LLVMInitializeRISCVTargetMC();
    LLVMInitializeRISCVDisassembler();
    Parts& p = *parts_;
    std::string error;
    const llvm::Target* target = llvm::TargetRegistry::lookupTarget(p.triple, error);
    ENSURE(target != nullptr, "LLVM's RISC-V target");
    p.registers.reset(target->createMCRegInfo(p.triple));
    p.assembly.reset(target->createMCAsmInfo(*p.registers, p.triple, p.options));
    p.subtarget.reset(target->createMCSubtargetInfo(p.triple, "", features()));
    p.instructions.reset(target->createMCInstrInfo());
    p.context = std::make_unique<llvm::MCContext>(p.triple, p.assembly.get(), p.registers.get(), p.subtarget.get());
    p.disassembler.reset(target->createMCDisassembler(*p.subtarget, *p.context));
    p.printer.reset(target->createMCInstPrinter(p.triple, 0, *p.assembly, *p.instructions, *p.registers));
    ENSURE(p.printer->applyTargetSpecificCLOption("numeric"), "LLVM's option for numbered registers");
    ENSURE(p.printer->applyTargetSpecificCLOption("no-aliases"), "LLVM's option against aliases");
    p.printer->setPrintBranchImmAsAddress(true);
}

LlvmDecoder::~LlvmDecoder() = default;

int LlvmDecoder::decode(u32 word) {
    std::array<u8, 4> bytes;
    std::memcpy(bytes.data(), &word, sizeof word);
    u64 size = 0;
    parts_->instruction.clear();
    auto status = parts_->disassembler->getInstruction(parts_->instruction, size, bytes, 0, llvm::nulls());
    return status == llvm::MCDisassembler::Success ? int(size) : 0;
}

std::string LlvmDecoder::text() {
    std::string text;
    llvm::raw_string_ostream stream(text);
    parts_->printer->printInst(&parts_->instruction, 0, "", *parts_->subtarget, stream);
    std::replace(text.begin(), text.end(), '\t', ' ');
    return text.substr(text.find_first_not_of(' '));
}

}  // namespace lyrebird::test
