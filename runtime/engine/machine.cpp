#include "lyrebird/machine.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <sys/personality.h>

#include <cerrno>
#include <cstring>

#include "runtime/base/text.hpp"
#include "runtime/engine/observers.hpp"
#include "runtime/engine/program.hpp"
#include "runtime/engine/report.hpp"

namespace lyrebird {

namespace {
std::unexpected<Failure> vm_failure(const Error& error) {
    return std::unexpected(Failure{error.message, status_vm_failure});
}

bool randomisation_wanted() {
    int now = ::personality(0xffffffff);
    if (now >= 0 && (now & ADDR_NO_RANDOMIZE) != 0) return false;
    Handle file(::open("/proc/sys/kernel/randomize_va_space", O_RDONLY | O_CLOEXEC));
    char value = '2';
    if (file && ::read(file.get(), &value, 1) != 1) return true;
    return value != '0';
}

/// Where --strace writes.
Result<void> open_trace(engine::System& system) {
    const std::string& path = system.options.strace_file;
    system.state->trace_descriptor = STDERR_FILENO;
    int file = system.options.strace_descriptor;
    if (file < 0 && path.empty()) return {};
    if (file < 0) file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file < 0) return fail(format("the trace's file {} cannot be opened: {}", path, std::strerror(errno)), errno);
    system.trace_file = engine::out_of_the_way(file);
    system.state->trace_descriptor = system.trace_file;
    return {};
}
}  // namespace

std::expected<Machine, Failure> Machine::create(const Options& options) {
    auto system = std::make_unique<engine::System>(options);
    // Guest threads allocate little; one arena keeps the VM's part small.
    ::mallopt(M_ARENA_MAX, 1);
    engine::install_check_report();
    system->state = std::make_unique<syscall::ProcessState>();
    system->randomise = randomisation_wanted();
    memory::AddressSpace::Options space{.va_bits = options.va_bits, .randomise = system->randomise};
    space.stack_limit = system->state->limit(RLIMIT_STACK).soft;
    auto memory = memory::AddressSpace::create(space);
    if (!memory) return vm_failure(memory.error());
    system->memory = std::move(*memory);
    for (int resource : {RLIMIT_AS, RLIMIT_DATA, RLIMIT_STACK}) {
        system->memory->set_limit(resource, system->state->limit(resource).soft);
    }
    auto sysroot = loader::Sysroot::create(options.sysroot);
    if (!sysroot) return vm_failure(sysroot.error());
    system->sysroot = std::move(*sysroot);
    if (options.strace) {
        if (auto trace = open_trace(*system); !trace) return vm_failure(trace.error());
    }
    auto observers = engine::Observers::create(*system, options);
    if (!observers) return vm_failure(observers.error());
    system->observers = std::move(*observers);
    system->process = std::make_unique<engine::Process>(*system);
    return Machine(std::move(system));
}

namespace {
std::expected<void, Failure> load_program(engine::System& system, loader::ProgramRequest request,
                                          const std::string& host_path, const std::vector<std::string>& environment) {
    auto program = engine::find_program(system, std::move(request));
    if (!program) return std::unexpected(program.error());
    if (!host_path.empty()) program->path = host_path;
    auto thread = engine::start_program(system, std::move(*program), environment);
    if (!thread) return std::unexpected(thread.error());
    system.first_thread = std::move(*thread);
    return {};
}
}  // namespace

std::expected<void, Failure> Machine::load(const std::string& program, const std::vector<std::string>& arguments,
                                           const std::vector<std::string>& environment) {
    loader::ProgramRequest request;
    request.path = program;
    request.arguments = arguments;
    return load_program(*system_, std::move(request), "", environment);
}

std::expected<void, Failure> Machine::load(const OpenProgram& program, const std::vector<std::string>& arguments,
                                           const std::vector<std::string>& environment) {
    loader::ProgramRequest request;
    request.path = program.name;
    request.arguments = arguments;
    request.file = Handle(program.descriptor);
    return load_program(*system_, std::move(request), program.path, environment);
}

Exit Machine::run() {
    // On this frame, which outlives the guest.
    alignas(16) char signal_stack[engine::host_signal_stack_size];
    engine::set_host_signal_stack(signal_stack, sizeof signal_stack);
    return {system_->first_thread.release()->run_first()};
}

Machine::Machine(std::unique_ptr<engine::System> system) : system_(std::move(system)) {}
Machine::Machine(Machine&&) noexcept = default;
Machine& Machine::operator=(Machine&&) noexcept = default;
Machine::~Machine() = default;

}  // namespace lyrebird
