#include "runtime/engine/system.hpp"

#include <fcntl.h>

#include "runtime/base/text.hpp"
#include "runtime/engine/observers.hpp"
#include "runtime/engine/report.hpp"
#include "runtime/engine/thread.hpp"

namespace lyrebird::engine {

int out_of_the_way(int descriptor) {
    constexpr int first = 900;
    int high = ::fcntl(descriptor, F_DUPFD_CLOEXEC, first);
    if (high < 0) return descriptor;
    ::close(descriptor);
    return high;
}

System::System(const Options& options) : options(options) {}
System::~System() = default;

void System::keep_own_file() {
    if (own_file.load(std::memory_order_relaxed) >= 0) return;
    int file = ::open("/proc/self/exe", O_PATH | O_CLOEXEC);
    if (file >= 0) own_file.store(out_of_the_way(file), std::memory_order_relaxed);
}

int System::next_owned_descriptor(int from) const {
    int next = -1;
    int observed = observers == nullptr ? -1 : observers->next_descriptor(from);
    for (int descriptor : {trace_file, own_file.load(std::memory_order_relaxed), observed}) {
        if (descriptor >= from && (next < 0 || descriptor < next)) next = descriptor;
    }
    return next;
}

void System::finish(isa::Cpu& cpu) const {
    report_unsupported_calls(*this);
    if (observers != nullptr) observers->finish();
    if (options.statistics) statistics.print(2, cpu.statistics());
}

}  // namespace lyrebird::engine
