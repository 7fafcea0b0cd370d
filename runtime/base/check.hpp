// Our own mistakes. A failed ENSURE means that the VM is wrong, never the guest, never the user: it reports the place and the
// message through the failure hook (the engine's report, see runtime/engine) and ends the process. The macro is not called
// CHECK because the test library owns that name.
#pragma once

namespace lyrebird {

/// What is called with a failed check's text and place before the process aborts. Must not return to the failing code and
/// must be async-signal-safe. Null means: write one line to standard error.
using CheckHook = void (*)(const char* message, const char* file, int line);
void set_check_hook(CheckHook hook);

[[noreturn]] void check_failed(const char* message, const char* file, int line);

}  // namespace lyrebird

/// Always checked; `message` is a string literal that says what should have held.
#define ENSURE(condition, message)                                                            \
    do {                                                                                     \
        if (!(condition)) [[unlikely]]                                                       \
            ::lyrebird::check_failed(message " (" #condition ")", __FILE__, __LINE__);       \
    } while (false)

/// Checked in debug and sanitizer builds only; for conditions on hot paths.
#ifdef NDEBUG
#define ASSERT(condition) ((void)0)
#else
#define ASSERT(condition) ENSURE(condition, "assertion")
#endif

#define UNREACHABLE(message) ::lyrebird::check_failed("unreachable: " message, __FILE__, __LINE__)
