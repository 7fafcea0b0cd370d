#include "runtime/engine/hand_over.hpp"

#include <charconv>
#include <string_view>

#include "runtime/base/text.hpp"

namespace lyrebird::engine {

namespace {
constexpr std::string_view variable = "LYRE_HAND_OVER=";

// The text is a sequence of `key length:bytes,`, so that any byte may stand in a value.
void put(std::string& text, char key, std::string_view value) {
    append(text, "{}{}:{},", key, value.size(), value);
}
void put(std::string& text, char key, u64 value) {
    put(text, key, format("{}", value));
}

struct Field {
    char key;
    std::string_view value;
};

/// Takes the first field off `text`; nothing when it is malformed.
std::optional<Field> take_field(std::string_view& text) {
    if (text.size() < 4) return std::nullopt;
    Field field{text[0], {}};
    std::size_t size = 0;
    auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), size);
    std::size_t start = std::size_t(end - text.data()) + 1;
    if (error != std::errc{} || start > text.size() || *end != ':') return std::nullopt;
    if (text.size() - start <= size || text[start + size] != ',') return std::nullopt;
    field.value = text.substr(start, size);
    text.remove_prefix(start + size + 1);
    return field;
}

u64 number(std::string_view text) {
    u64 value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

ProgramToRun& program_of(HandOver& hand_over) {
    if (!hand_over.program) hand_over.program.emplace();
    return *hand_over.program;
}

void apply(HandOver& out, const Field& field) {
    Options& options = out.options;
    switch (field.key) {
        case 'k':
            out.stack_limit = number(field.value);
            break;
        case 'y':
            out.personality = u32(number(field.value));
            break;
        case 'd':
            program_of(out).descriptor = int(number(field.value));
            break;
        case 'p':
            program_of(out).path = field.value;
            break;
        case 'n':
            program_of(out).name = field.value;
            break;
        case 'L':
            options.sysroot = field.value;
            break;
        case 's':
            options.strace = field.value == "1";
            break;
        case 'f':
            options.strace_descriptor = int(number(field.value));
            break;
        case 'c':
            options.statistics = field.value == "1";
            break;
        case 'g':
            options.dump_guest = field.value == "1";
            break;
        case 'l':
            options.dump_listing = field.value == "1";
            break;
        case 'h':
            options.dump_host = field.value == "1";
            break;
        case 't':
            options.tiers = Tiers(number(field.value));
            break;
        case 'a':
            options.translate_after = unsigned(number(field.value));
            break;
        case 'z':
            options.code_size = unsigned(number(field.value));
            break;
        case 'w':
            options.without_host_features = field.value;
            break;
        case 'x':
            options.check_tiers = field.value == "1";
            break;
        case 'm':
            options.perf_map = field.value == "1";
            break;
        case 'j':
            options.jitdump = field.value == "1";
            break;
        case 'J':
            options.jitdump_directory = field.value;
            break;
        case 'u':
            options.processor = Processor(number(field.value));
            break;
        case 'v':
            options.va_bits = int(number(field.value));
            break;
        case 'r':
            options.report = ReportFormat(number(field.value));
            break;
        default:
            break;
    }
}
}  // namespace

std::string encode(const HandOver& hand_over) {
    std::string text(variable);
    if (hand_over.stack_limit) put(text, 'k', *hand_over.stack_limit);
    if (hand_over.personality) put(text, 'y', *hand_over.personality);
    if (!hand_over.program) return text;
    const ProgramToRun& program = *hand_over.program;
    const Options& options = hand_over.options;
    put(text, 'd', u64(program.descriptor));
    put(text, 'p', program.path);
    put(text, 'n', program.name);
    put(text, 'L', options.sysroot);
    put(text, 's', u64{options.strace});
    if (options.strace_descriptor >= 0) put(text, 'f', u64(options.strace_descriptor));
    put(text, 'c', u64{options.statistics});
    put(text, 'g', u64{options.dump_guest});
    put(text, 'l', u64{options.dump_listing});
    put(text, 'h', u64{options.dump_host});
    put(text, 't', u64(options.tiers));
    put(text, 'a', u64{options.translate_after});
    put(text, 'z', u64{options.code_size});
    put(text, 'w', options.without_host_features);
    put(text, 'x', u64{options.check_tiers});
    put(text, 'm', u64{options.perf_map});
    put(text, 'j', u64{options.jitdump});
    put(text, 'J', options.jitdump_directory);
    put(text, 'u', u64(options.processor));
    put(text, 'v', u64(options.va_bits));
    put(text, 'r', u64(options.report));
    return text;
}

std::optional<HandOver> take_hand_over(std::vector<std::string>& environment) {
    if (environment.empty() || !environment.back().starts_with(variable)) return std::nullopt;
    std::string entry = std::move(environment.back());
    environment.pop_back();
    std::string_view text = std::string_view(entry).substr(variable.size());
    HandOver hand_over;
    while (!text.empty()) {
        std::optional<Field> field = take_field(text);
        if (!field) return std::nullopt;
        apply(hand_over, *field);
    }
    return hand_over;
}

}  // namespace lyrebird::engine
