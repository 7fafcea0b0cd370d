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
void LLVMInitializeAArch64TargetInfo();
void LLVMInitializeAArch64TargetMC();
void LLVMInitializeAArch64Disassembler();
void LLVMInitializeRISCVTargetInfo();
void LLVMInitializeRISCVTargetMC();
void LLVMInitializeRISCVDisassembler();
}

namespace lyrebird::test {

namespace {

/// What a guest is in LLVM's words: its features are "+m,+a,…,+zicbom,…".
struct Target {
    const char* triple;
    void (*initialize)();
    std::string features;
    const char* printer_options[2];
};

Target riscv64() {
    std::string features = "+64bit,+relax";
    for (char letter : riscv64::base_letters) {
        if (letter != 'i') features += std::string(",+") + letter;
    }
    for (const riscv64::Extension& extension : riscv64::extensions) features += ",+" + std::string(extension.name);
    auto initialize = [] {
        LLVMInitializeRISCVTargetInfo();
        LLVMInitializeRISCVTargetMC();
        LLVMInitializeRISCVDisassembler();
    };
    return {"riscv64-unknown-linux-gnu", initialize, features, {"numeric", "no-aliases"}};
}

/// HWCAP's names and LLVM's differ too much to translate them.
Target aarch64() {
    auto initialize = [] {
        LLVMInitializeAArch64TargetInfo();
        LLVMInitializeAArch64TargetMC();
        LLVMInitializeAArch64Disassembler();
    };
    return {"aarch64-unknown-linux-gnu",
            initialize,
            "+fp-armv8,+neon,+aes,+sha2,+sha3,+sm4,+crc,+lse,+fullfp16,+rdm,+jsconv,+complxnum,+rcpc,+rcpc-immo,+ccpp,+ccdp,"
            "+dotprod,+fp16fml,+dit,+lse2,+flagm,+ssbs,+altnzcv,+fptoint,+i8mm,+bf16,+rand,+bti,+wfxt,+cssc,+sb,+mops,+pauth,"
            "+lor",
            {"no-aliases", nullptr}};
}

}  // namespace

struct LlvmDecoder::Parts {
    llvm::Triple triple;
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

LlvmDecoder::LlvmDecoder(Guest guest) : parts_(std::make_unique<Parts>()) {
    Target described = guest == Guest::riscv64 ? riscv64() : aarch64();
    described.initialize();
    Parts& p = *parts_;
    p.triple = llvm::Triple(described.triple);
    std::string error;
    const llvm::Target* target = llvm::TargetRegistry::lookupTarget(p.triple, error);
    ENSURE(target != nullptr, "LLVM's target");
    p.registers.reset(target->createMCRegInfo(p.triple));
    p.assembly.reset(target->createMCAsmInfo(*p.registers, p.triple, p.options));
    p.subtarget.reset(target->createMCSubtargetInfo(p.triple, "", described.features));
    p.instructions.reset(target->createMCInstrInfo());
    p.context = std::make_unique<llvm::MCContext>(p.triple, p.assembly.get(), p.registers.get(), p.subtarget.get());
    p.disassembler.reset(target->createMCDisassembler(*p.subtarget, *p.context));
    p.printer.reset(target->createMCInstPrinter(p.triple, 0, *p.assembly, *p.instructions, *p.registers));
    for (const char* option : described.printer_options) {
        if (option == nullptr) continue;
        ENSURE(p.printer->applyTargetSpecificCLOption(option), "LLVM's options for numbered registers, against aliases");
    }
    p.printer->setPrintBranchImmAsAddress(true);
}

LlvmDecoder::~LlvmDecoder() = default;

int LlvmDecoder::decode(u32 word) {
    std::array<u8, 4> bytes;
    std::memcpy(bytes.data(), &word, sizeof word);
    u64 size = 0;
    parts_->instruction.clear();
    auto status = parts_->disassembler->getInstruction(parts_->instruction, size, bytes, 0, llvm::nulls());
    unpredictable_ = status == llvm::MCDisassembler::SoftFail;
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
