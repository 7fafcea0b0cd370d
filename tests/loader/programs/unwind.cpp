// Throws through signal frames that return by the vDSO's function for it: unwind VDSO-IMAGE
//
// The image is opened as an ordinary library, and the handler returns to its trampoline instead of the kernel's. So the
// compiler's unwinder must know the trampoline, and find by it every register of the interrupted code.
// Exit status 0 if all was as expected, otherwise the number of what was not.
#include <dlfcn.h>
#include <signal.h>

extern "C" {
unsigned long trampoline;
void handle(int number);
void enter_handler(int number);
}
// The kernel enters here; from here on the handler seems to have been called by our trampoline.
#ifdef __aarch64__
asm(".globl enter_handler\n"
    ".type enter_handler, @function\n"
    "enter_handler:\n"
    "    adrp x9, trampoline\n"
    "    ldr x30, [x9, :lo12:trampoline]\n"
    "    b handle\n");
#define FLOAT(place) "+w"(place)
#define SAVED_NUMBER "d15"
#define SAVED_WORD "x23"
constexpr const char* trampoline_name = "__kernel_rt_sigreturn";
constexpr const char* trampoline_version = "LINUX_2.6.39";
#else
asm(".globl enter_handler\n"
    ".type enter_handler, @function\n"
    "enter_handler:\n"
    "    la t0, trampoline\n"
    "    ld ra, 0(t0)\n"
    "    tail handle\n");
#define FLOAT(place) "+f"(place)
#define SAVED_NUMBER "fs5"
#define SAVED_WORD "s7"
constexpr const char* trampoline_name = "__vdso_rt_sigreturn";
constexpr const char* trampoline_version = "LINUX_4.15";
#endif

namespace {

int handled = 0;
int destroyed = 0;

struct Witness {
    ~Witness() { ++destroyed; }
};

[[gnu::noinline]] int read(const volatile int* place) {
    Witness witness;
    return *place;
}

/// True if a fault's exception arrives here with this function's saved registers unchanged.
[[gnu::noinline]] bool catch_fault() {
    register double number asm(SAVED_NUMBER) = 7.5;
    register long word asm(SAVED_WORD) = 1234567;
    asm volatile("" : FLOAT(number), "+r"(word));
    try {
        read(reinterpret_cast<const int*>(8));
    } catch (int signal) {
        asm volatile("" : FLOAT(number), "+r"(word));
        return signal == SIGSEGV && number == 7.5 && word == 1234567;
    }
    return false;
}

}  // namespace

void handle(int number) {
    ++handled;
    if (number == SIGSEGV) throw number;
}

int main(int count, char** arguments) {
    void* image = count == 2 ? dlopen(arguments[1], RTLD_NOW) : nullptr;
    if (image == nullptr) return 1;
    trampoline = reinterpret_cast<unsigned long>(dlvsym(image, trampoline_name, trampoline_version));
    if (trampoline == 0) return 2;
    struct sigaction action = {};
    action.sa_handler = enter_handler;
    action.sa_flags = SA_NODEFER;
    sigaction(SIGUSR1, &action, nullptr);
    sigaction(SIGSEGV, &action, nullptr);
    raise(SIGUSR1);
    if (handled != 1) return 3;
    if (!catch_fault() || !catch_fault()) return 4;
    return destroyed == 2 && handled == 3 ? 0 : 5;
}
