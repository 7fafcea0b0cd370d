#include "runtime/engine/program.hpp"

#include "runtime/engine/observers.hpp"

#include <linux/prctl.h>
#include <sys/prctl.h>

#include "loader/elf_file.hpp"
#include "loader/vdso.hpp"
#include "runtime/base/text.hpp"
#include "runtime/engine/report.hpp"

namespace lyrebird::engine {

namespace {
std::unexpected<Failure> failure(const Error& error) {
    return std::unexpected(Failure{error.message, loader::exit_status(error)});
}

/// Where a link in /proc points; "" without /proc.
std::string path_of_descriptor(int descriptor) {
    char path[4096];
    SysResult size = host_call(SYS_readlink, format("/proc/self/fd/{}", descriptor).c_str(), path, sizeof path);
    return size > 0 ? std::string(path, std::size_t(size)) : std::string();
}

/// Lets the kernel, and so `ps`, know the guest's arguments, environment and vector in the place of ours. Without
/// CONFIG_CHECKPOINT_RESTORE it cannot be told; then they are ours. The heap that the kernel knows stays the VM's own.
void describe_to_kernel(const loader::Loaded& loaded, const loader::InitialStack& stack) {
    prctl_mm_map map{};
    map.start_code = loaded.code_start.value;
    map.end_code = loaded.code_end.value;
    map.start_data = loaded.data_start.value;
    map.end_data = loaded.data_end.value;
    map.start_brk = map.brk = as_argument(::sbrk(0));
    map.start_stack = stack.stack_pointer.value;
    map.arg_start = stack.arguments_start.value;
    map.arg_end = stack.arguments_end.value;
    map.env_start = stack.environment_start.value;
    map.env_end = stack.environment_end.value;
    std::vector<__u64> auxiliary(stack.auxiliary.begin(), stack.auxiliary.end());
    map.auxv = auxiliary.data();
    map.auxv_size = u32(auxiliary.size() * sizeof auxiliary[0]);
    map.exe_fd = u32(-1);
    ::prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof map, 0);
}

void name_process(const std::string& name) {
    ::prctl(PR_SET_NAME, name.substr(name.rfind('/') + 1).c_str());
}

loader::StackContents stack_contents(const System& system, const loader::Program& program,
                                     std::vector<std::string> environment, const loader::Loaded& loaded,
                                     const loader::Vdso& vdso, u64 processor_options) {
    loader::StackContents contents;
    contents.arguments = program.arguments;
    contents.environment = std::move(environment);
    contents.name = program.name;
    contents.program = loaded;
    contents.vdso = vdso.base;
    contents.machine = system.guest->machine_facts(processor_options);
    contents.identity = loader::Identity::of_this_process();
    contents.stack_limit = system.state->limit(RLIMIT_STACK).soft;
    contents.randomise = system.randomise;
    return contents;
}

hart::Tiering tiering(const Options& options, u64 processor_options) {
    using Mode = hart::Tiering::Mode;
    hart::Tiering tiering;
    tiering.mode = options.tiers == Tiers::interpreter  ? Mode::tier_0
                   : options.tiers == Tiers::translator ? Mode::tier_1
                                                        : Mode::automatic;
    tiering.translate_after = options.translate_after;
    tiering.code_size = std::size_t(options.code_size) << 20;
    tiering.without_features = options.without_host_features;
    tiering.measure = options.statistics;
    tiering.check = options.check_tiers;
    tiering.options = processor_options;
    return tiering;
}

std::unexpected<Failure> foreign(const loader::Program& program) {
    if (program.machine == loader::Machine::x86_64) {
        return std::unexpected(
            Failure{format("{} is a program of this machine: run it without lyre", program.path), status_cannot_run});
    }
    return std::unexpected(
        Failure{format("{} is built for a processor that lyre does not run yet", program.path), status_cannot_run});
}

Failure no_such_processor(const loader::Program& program) {
    return {format("{} is built for a processor of which lyre has one, generic: --cpu=max is for aarch64", program.path),
            status_vm_failure};
}
}  // namespace

const Guest* guest_for(loader::Machine machine) {
    for (const Guest* guest : {&riscv64_guest, &aarch64_guest}) {
        if (guest->machine == machine) return guest;
    }
    return nullptr;
}

std::expected<loader::Program, Failure> find_program(System& system, loader::ProgramRequest request) {
    auto program = loader::resolve(std::move(request), system.sysroot);
    if (!program) return failure(program.error());
    system.guest = guest_for(program->machine);
    if (system.guest == nullptr) return foreign(*program);
    return std::move(*program);
}

std::expected<std::unique_ptr<Thread>, Failure> start_program(System& system, loader::Program program,
                                                              std::vector<std::string> environment) {
    auto options = system.guest->processor_options(system.options.processor);
    if (!options) return std::unexpected(no_such_processor(program));
    std::string real_path = path_of_descriptor(program.file.get());
    system.executable = system.sysroot.guest_path(real_path.empty() ? program.path : real_path);

    auto image = loader::read_image(std::move(program.file), program.path);
    if (!image) return failure(image.error());
    std::optional<loader::Image> interpreter;
    if (image->interpreter) {
        auto read = loader::read_interpreter(*image, system.sysroot);
        if (!read) return failure(read.error());
        interpreter = std::move(*read);
    }
    auto loaded = loader::load(*image, interpreter ? &*interpreter : nullptr, *system.memory);
    if (!loaded) return failure(loaded.error());
    auto vdso = loader::map_vdso(system.guest->machine, *system.memory);
    if (!vdso) return failure(vdso.error());
    system.vdso_start = vdso->code_start;
    system.vdso_end = vdso->code_end;
    system.signal_return = vdso->signal_return;
    auto stack = loader::build_initial_stack(stack_contents(system, program, std::move(environment), *loaded, *vdso, *options),
                                             *system.memory);
    if (!stack) return failure(stack.error());
    describe_to_kernel(*loaded, *stack);
    name_process(program.name);

    auto created = system.guest->create_cpu(*system.memory, tiering(system.options, *options));
    if (!created) return std::unexpected(Failure{created.error().message, status_vm_failure});
    std::unique_ptr<isa::Cpu> cpu = std::move(*created);
    cpu->set_pc(loaded->start.value);
    cpu->set_stack_pointer(stack->stack_pointer.value);
    if (system.options.dump_guest || system.options.dump_listing) cpu->dump_code(2, system.options.dump_listing);
    cpu->observe(system.observers.get());
    return std::make_unique<Thread>(*system.process, std::move(cpu));
}

}  // namespace lyrebird::engine
