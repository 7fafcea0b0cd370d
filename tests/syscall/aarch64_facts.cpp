// What the AArch64 guest claims, against the kernel's own headers for it: to be compiled by that machine's compiler only.
#include "translator/aarch64/features.hpp"

// The C library has structures of the same names.
#define sigset_t kernel_sigset_t
#define sigaction kernel_sigaction
#define stack_t kernel_stack_t
#include <asm/fcntl.h>
#include <asm/hwcap.h>
#include <asm/mman.h>
#include <asm/sigcontext.h>
#include <asm/signal.h>
#include <asm/ucontext.h>
#include <stddef.h>

namespace {
using namespace lyrebird::aarch64;

constexpr bool has(std::string_view name, Word word, unsigned long long bit) {
    for (const Feature& feature : features) {
        if (feature.name == name) return feature.word == word && 1ULL << feature.bit == bit;
    }
    return false;
}
#define FIRST(name, constant) static_assert(has(name, Word::hwcap, HWCAP_##constant))
#define SECOND(name, constant) static_assert(has(name, Word::hwcap2, HWCAP2_##constant))

FIRST("fp", FP);
FIRST("asimd", ASIMD);
FIRST("aes", AES);
FIRST("pmull", PMULL);
FIRST("sha1", SHA1);
FIRST("sha2", SHA2);
FIRST("crc32", CRC32);
FIRST("atomics", ATOMICS);
FIRST("fphp", FPHP);
FIRST("asimdhp", ASIMDHP);
FIRST("cpuid", CPUID);
FIRST("asimdrdm", ASIMDRDM);
FIRST("jscvt", JSCVT);
FIRST("fcma", FCMA);
FIRST("lrcpc", LRCPC);
FIRST("dcpop", DCPOP);
FIRST("sha3", SHA3);
FIRST("sm3", SM3);
FIRST("sm4", SM4);
FIRST("asimddp", ASIMDDP);
FIRST("sha512", SHA512);
FIRST("asimdfhm", ASIMDFHM);
FIRST("dit", DIT);
FIRST("uscat", USCAT);
FIRST("ilrcpc", ILRCPC);
FIRST("flagm", FLAGM);
FIRST("ssbs", SSBS);
FIRST("sb", SB);
SECOND("dcpodp", DCPODP);
SECOND("flagm2", FLAGM2);
SECOND("frint", FRINT);
SECOND("i8mm", I8MM);
SECOND("bf16", BF16);
SECOND("rng", RNG);
SECOND("bti", BTI);
SECOND("wfxt", WFXT);
#ifdef HWCAP2_MOPS
SECOND("mops", MOPS);
#endif
#ifdef HWCAP2_CSSC
SECOND("cssc", CSSC);
#endif
FIRST("paca", PACA);
FIRST("pacg", PACG);
static_assert((hwcap() & (HWCAP_SVE | HWCAP_PACA | HWCAP_PACG)) == 0);
static_assert((hwcap(option_pointer_authentication) & ~hwcap()) == (HWCAP_PACA | HWCAP_PACG));
static_assert((hwcap2() & (HWCAP2_SVE2 | HWCAP2_MTE | HWCAP2_SME)) == 0);

// The open flags that differ from other machines': syscall/arguments.cpp has them.
static_assert(O_DIRECTORY == 040000 && O_NOFOLLOW == 0100000 && O_DIRECT == 0200000 && O_LARGEFILE == 0400000);

// Signals: runtime/engine/aarch64.cpp and syscall/abi.cpp have them.
static_assert(MINSIGSTKSZ == 5120 && SA_RESTORER == 0x04000000);
static_assert(sizeof(struct sigcontext) == 4384 && offsetof(struct sigcontext, __reserved) == 288);
static_assert(sizeof(struct ucontext) == 4560 && offsetof(struct ucontext, uc_mcontext) == 176);
static_assert(offsetof(struct ucontext, uc_sigmask) == 40);
static_assert(FPSIMD_MAGIC == 0x46508001 && sizeof(struct fpsimd_context) == 528);
static_assert(ESR_MAGIC == 0x45535201 && sizeof(struct esr_context) == 16);
static_assert(EXTRA_MAGIC == 0x45585401 && sizeof(struct extra_context) == 32);
static_assert(PROT_BTI == 0x10 && PROT_MTE == 0x20);
}  // namespace
