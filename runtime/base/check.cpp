#include "runtime/base/check.hpp"

#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace lyrebird {

namespace {
CheckHook check_hook = nullptr;

void write_text(const char* text) {
    [[maybe_unused]] auto written = ::write(STDERR_FILENO, text, std::strlen(text));
}

void write_number(int number) {
    char digits[12];
    char* end = digits + sizeof digits - 1;
    *end = 0;
    do {
        *--end = static_cast<char>('0' + number % 10);
    } while ((number /= 10) != 0);
    write_text(end);
}
}  // namespace

void set_check_hook(CheckHook hook) {
    check_hook = hook;
}

void check_failed(const char* message, const char* file, int line) {
    if (check_hook != nullptr) {
        check_hook(message, file, line);
    } else {
        write_text("lyre: internal error: ");
        write_text(message);
        write_text(" at ");
        write_text(file);
        write_text(":");
        write_number(line);
        write_text("\n");
    }
    std::abort();
}

}  // namespace lyrebird
