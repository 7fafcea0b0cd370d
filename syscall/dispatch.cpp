#include "syscall/dispatch.hpp"

#include "runtime/base/text.hpp"
#include "syscall/row.hpp"

namespace lyrebird::syscall {

namespace {
SysResult unsupported(Context& context, const Row* row, u64 number) {
    context.process.note_unsupported(number);
    return row == nullptr ? -ENOSYS : -row->error;
}

bool is_supported(const Row* row) {
    return row != nullptr && row->support != Support::refused;
}
}  // namespace

SysResult dispatch(Context& context) {
    const isa::Cpu::SystemCall call = context.cpu.system_call();
    const u64* registers = call.arguments.data();
    const u64 number = call.number & context.abi.number_bits;
    const Row* row = find_row(number);
    SysResult result;
    if (!is_supported(row)) [[unlikely]] {
        result = unsupported(context, row, number);
        if (context.process.trace_descriptor >= 0) traced_call(context, row, number, registers);
    } else if (context.process.trace_descriptor >= 0) [[unlikely]] {
        result = traced_call(context, row, number, registers);
    } else {
        result = row->call(context, registers);
    }
    if (result == restart || result == registers_set) return result;
    context.cpu.set_result(static_cast<u64>(result));
    context.cpu.advance();
    return result;
}

std::string name_of(u64 number) {
    const Row* row = find_row(number);
    return row != nullptr ? row->name : format("syscall_{}", number);
}

std::string coverage() {
    std::string text;
    int counts[3] = {};
    for (const Row& row : table()) {
        const char* support = row.support == Support::refused   ? "refused"
                              : row.support == Support::partial ? "partial"
                                                                : "full";
        ++counts[static_cast<int>(row.support)];
        append(text, "{:3} {:<24} {:<8}", row.number, row.name, support);
        if (*row.note != 0) append(text, "{}", row.note);
        while (text.ends_with(' ')) text.pop_back();
        text += '\n';
    }
    append(text, "{} calls: {} full, {} partial, {} refused\n", table().size(), counts[0], counts[1], counts[2]);
    return text;
}

}  // namespace lyrebird::syscall
