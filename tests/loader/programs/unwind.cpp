// Throws through signal frames that return by the vDSO's __vdso_rt_sigreturn: unwind VDSO-IMAGE
//
// The image is opened as an ordinary library, and the handler returns to its trampoline instead of the kernel's. So the
// compiler's unwinder must find the trampoline's call frame information, and with it every register of the interrupted code.
// Exit status 0 if all was as expected, otherwise the number of what was not.
#include <dlfcn.h>
#include <signal.h>

extern "C" {
unsigned long trampoline;
void handle(int number);
void enter_handler(int number);
}
// The kernel enters here; from here on the handler seems to have been called by our trampoline.
asm(".globl enter_handler\n"
    ".type enter_handler, @function\n"
    "enter_handler:\n"
    "    la t0, trampoline\n"
    "    ld ra, 0(t0)\n"
    "    tail handle\n");

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
    register double number asm("fs5") = 7.5;
    register long word asm("s7") = 1234567;
    asm volatile("" : "+f"(number), "+r"(word));
    try {
        read(reinterpret_cast<const int*>(8));
    } catch (int signal) {
        asm volatile("" : "+f"(number), "+r"(word));
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
    trampoline = reinterpret_cast<unsigned long>(dlvsym(image, "__vdso_rt_sigreturn", "LINUX_4.15"));
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
