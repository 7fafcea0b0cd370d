#include "runtime/cli/arguments.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <string_view>

#include "runtime/base/text.hpp"

namespace lyrebird::cli {

namespace {
using Set = Result<void> (*)(Command& command, std::string_view value);

enum class Value { none, required, optional };

/// One option. A short one stands alone (-L DIR, -LDIR), a long one takes its value after "=" or, when it is required,
/// as the next word.
struct Option {
    char letter;            // 0: none
    std::string_view name;  // without the dashes
    Value value;
    std::string_view shown;     // the value's name in the help text
    std::string_view variable;  // of the environment; "": none
    Set set;
    std::string_view help;
};

Result<void> choose(std::string_view value, std::string_view option, std::initializer_list<std::string_view> allowed) {
    if (std::ranges::find(allowed, value) != allowed.end()) return {};
    std::string list;
    for (std::string_view word : allowed) append(list, "{}{}", list.empty() ? "" : ", ", word);
    return fail(format("--{} takes {}, not \"{}\"", option, list, value));
}

Result<void> set_sysroot(Command& command, std::string_view value) {
    command.options.sysroot = value;
    return {};
}
Result<void> set_variable(Command& command, std::string_view value) {
    if (value.find('=') == 0 || value.find('=') == value.npos)
        return fail(format("-E takes VAR=VALUE, not \"{}\"", value));
    command.set_variables.emplace_back(value);
    return {};
}
Result<void> unset_variable(Command& command, std::string_view value) {
    command.unset_variables.emplace_back(value);
    return {};
}
Result<void> set_first_argument(Command& command, std::string_view value) {
    command.first_argument = value;
    return {};
}
Result<void> set_strace(Command& command, std::string_view value) {
    command.options.strace = true;
    command.options.strace_file = value;
    return {};
}
Result<void> set_statistics(Command& command, std::string_view) {
    command.options.statistics = true;
    return {};
}
Result<void> set_dump(Command& command, std::string_view list) {
    while (!list.empty()) {
        std::size_t comma = std::min(list.find(','), list.size());
        std::string_view word = list.substr(0, comma);
        if (auto known = choose(word, "dump", {"guest", "listing", "host"}); !known) return known;
        if (word == "guest") command.options.dump_guest = true;
        if (word == "listing") command.options.dump_listing = true;
        if (word == "host") command.options.dump_host = true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return {};
}
Result<void> set_tier(Command& command, std::string_view value) {
    command.options.tiers = value == "0"   ? Tiers::interpreter
                            : value == "1" ? Tiers::translator
                                           : Tiers::automatic;
    return choose(value, "tier", {"0", "1", "auto"});
}
/// A whole number within bounds.
Result<void> set_number(unsigned& number, std::string_view value, std::string_view option, unsigned least,
                        unsigned most) {
    unsigned read = 0;
    auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), read);
    if (error != std::errc() || end != value.data() + value.size() || read < least || read > most) {
        return fail(format("--{} takes a number from {} to {}, not \"{}\"", option, least, most, value));
    }
    number = read;
    return {};
}
Result<void> set_translate_after(Command& command, std::string_view value) {
    return set_number(command.options.translate_after, value, "translate-after", 0, 255);
}
Result<void> set_code_size(Command& command, std::string_view value) {
    return set_number(command.options.code_size, value, "code-size", 1, 1024);
}
Result<void> set_without_host(Command& command, std::string_view value) {
    command.options.without_host_features = value;
    return {};
}
Result<void> set_check_tiers(Command& command, std::string_view) {
    command.options.check_tiers = true;
    return {};
}
Result<void> set_perf_map(Command& command, std::string_view) {
    command.options.perf_map = true;
    return {};
}
Result<void> set_jitdump(Command& command, std::string_view value) {
    command.options.jitdump = true;
    command.options.jitdump_directory = value;
    return {};
}
Result<void> set_processor(Command& command, std::string_view value) {
    command.options.processor = value == "max" ? Processor::max : Processor::generic;
    return choose(value, "cpu", {"generic", "max"});
}
Result<void> set_va_bits(Command& command, std::string_view value) {
    command.options.va_bits = value == "39" ? 39 : value == "42" ? 42 : 46;
    return choose(value, "va-bits", {"39", "42", "46"});
}
Result<void> set_report(Command& command, std::string_view value) {
    command.options.report = value == "json" ? ReportFormat::json : ReportFormat::text;
    return value.empty() ? Result<void>{} : choose(value, "report", {"text", "json"});
}
Result<void> show_system_calls(Command& command, std::string_view) {
    command.action = Action::system_calls;
    return {};
}
Result<void> show_help(Command& command, std::string_view) {
    command.action = Action::help;
    return {};
}
Result<void> show_version(Command& command, std::string_view) {
    command.action = Action::version;
    return {};
}

constexpr auto options = std::to_array<Option>({
    {'L', "sysroot", Value::required, "DIR", "LYRE_SYSROOT", set_sysroot, "look for the guest's files in DIR first"},
    {'E', "set-env", Value::required, "VAR=VALUE", "", set_variable, "set a variable of the guest's environment"},
    {'U', "unset-env", Value::required, "VAR", "", unset_variable, "remove a variable from it"},
    {'0', "argv0", Value::required, "ARGV0", "", set_first_argument, "tell the program that its name is ARGV0"},
    {0, "strace", Value::optional, "FILE", "LYRE_STRACE", set_strace,
     "write each system call to FILE, or to standard error"},
    {0, "stats", Value::none, "", "LYRE_STATS", set_statistics, "write counts to standard error at the end"},
    {0, "dump", Value::required, "guest,listing,host", "LYRE_DUMP", set_dump,
     "write blocks when they are first met: instructions, meanings, host code"},
    {0, "tier", Value::required, "0|1|auto", "LYRE_TIER", set_tier,
     "interpret (0), translate (1), or translate what is met again (auto)"},
    {0, "translate-after", Value::required, "N", "LYRE_TRANSLATE_AFTER", set_translate_after,
     "with auto: interpret a block N times first (1)"},
    {0, "code-size", Value::required, "MIB", "LYRE_CODE_SIZE", set_code_size, "room for translated code (64)"},
    {0, "without-host", Value::required, "LIST", "LYRE_WITHOUT_HOST", set_without_host,
     "do not use these: bmi1,bmi2,lzcnt,pclmul,aes,avx,fma,avx512,all"},
    {0, "check-tiers", Value::none, "", "LYRE_CHECK_TIERS", set_check_tiers,
     "run every block in both tiers, stop at the first difference"},
    {0, "perf-map", Value::none, "", "LYRE_PERF_MAP", set_perf_map, "write /tmp/perf-PID.map for perf report"},
    {0, "jitdump", Value::optional, "DIR", "LYRE_JITDUMP", set_jitdump,
     "write jit-PID.dump to DIR, or here, for perf inject --jit"},
    {0, "cpu", Value::required, "generic|max", "LYRE_CPU", set_processor,
     "the guest's processor (generic); max, of aarch64, has pointer authentication"},
    {0, "va-bits", Value::required, "39|42|46", "LYRE_VA_BITS", set_va_bits, "size of the guest's address space (46)"},
    {0, "report", Value::optional, "text|json", "LYRE_REPORT", set_report,
     "say why when the guest dies by a fault or asks in vain"},
    {0, "syscalls", Value::none, "", "", show_system_calls, "list all system calls and how far they are supported"},
    {'h', "help", Value::none, "", "", show_help, "show this text"},
    {'V', "version", Value::none, "", "", show_version, "show the version"},
});

/// The number of letters to insert, remove or replace to make `b` of `a`.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
        }
    }
    return row.back();
}

std::unexpected<Error> unknown_option(std::string_view word) {
    std::string_view name =
        word.substr(word.find_first_not_of('-') == word.npos ? word.size() : word.find_first_not_of('-'));
    name = name.substr(0, name.find('='));
    const Option* nearest =
        std::ranges::min_element(options, {}, [name](const Option& o) { return distance(name, o.name); });
    bool near = distance(name, nearest->name) <= std::max<std::size_t>(2, name.size() / 3);
    if (near) return fail(format("unknown option {}; did you mean --{}?", word, nearest->name));
    return fail(format("unknown option {}; lyre --help lists them", word));
}

const Option* by_letter(char letter) {
    auto found = std::ranges::find(options, letter, &Option::letter);
    return letter == 0 || found == options.end() ? nullptr : found;
}
const Option* by_name(std::string_view name) {
    auto found = std::ranges::find(options, name, &Option::name);
    return found == options.end() ? nullptr : found;
}

Result<void> apply_environment(Command& command, const std::vector<std::string>& environment) {
    for (const Option& option : options) {
        if (option.variable.empty()) continue;
        std::string prefix = std::string(option.variable) + "=";
        auto entry =
            std::ranges::find_if(environment, [&](const std::string& text) { return text.starts_with(prefix); });
        if (entry == environment.end()) continue;
        std::string_view value = std::string_view(*entry).substr(prefix.size());
        if (value.empty() || (value == "0" && option.value != Value::required)) continue;
        if (value == "1" && option.value != Value::required) value = "";  // switched on without a value
        if (auto done = option.set(command, value); !done) {
            return fail(format("{}: {}", option.variable, done.error().message));
        }
    }
    return {};
}

/// Takes one option and its value from the words at `at`, which moves on.
Result<void> take_option(Command& command, const std::vector<std::string>& words, std::size_t& at) {
    const std::string& word = words[at++];
    bool is_long = word.starts_with("--");
    std::size_t equals = is_long ? word.find('=') : std::string::npos;
    const Option* option = is_long
                               ? by_name(std::string_view(word).substr(2, equals == word.npos ? word.npos : equals - 2))
                               : by_letter(word[1]);
    if (option == nullptr) return unknown_option(word);
    std::optional<std::string> value;
    if (equals != word.npos) value = word.substr(equals + 1);
    if (!is_long && word.size() > 2) value = word.substr(2);
    if (option->value == Value::none && value) return fail(format("option {} takes no value", word));
    if (option->value == Value::required && !value) {
        if (at == words.size()) return fail(format("option {} needs {}", word, option->shown));
        value = words[at++];
    }
    return option->set(command, value.value_or(""));
}
}  // namespace

Result<Command> parse(const std::vector<std::string>& arguments, const std::vector<std::string>& environment) {
    Command command;
    if (auto done = apply_environment(command, environment); !done) return std::unexpected(done.error());
    std::size_t at = 1;
    bool may_be_subcommand = true;
    while (at < arguments.size()) {
        const std::string& word = arguments[at];
        if (may_be_subcommand && word == "run") {
            ++at;
        } else if (word == "--") {
            ++at;
            break;
        } else if (word.size() < 2 || word[0] != '-') {
            break;
        } else if (auto done = take_option(command, arguments, at); !done) {
            return std::unexpected(done.error());
        }
        may_be_subcommand = false;
    }
    if (command.action != Action::run) return command;
    if (at == arguments.size()) return fail("no program is given; lyre --help says how");
    command.program = arguments[at];
    command.arguments.assign(arguments.begin() + std::ptrdiff_t(at), arguments.end());
    if (command.first_argument) command.arguments[0] = *command.first_argument;
    return command;
}

std::string help() {
    std::string text =
        "Usage: lyre [options] program [arguments]\n"
        "Runs a Linux program that was built for another processor (AArch64, RV64GC) on this machine.\n\n";
    for (const Option& option : options) {
        std::string left = option.letter != 0 ? format("-{}", option.letter) : "  ";
        if (option.letter != 0 && option.value == Value::required) append(left, " {}", option.shown);
        append(left, "{}--{}", option.letter != 0 ? ", " : "  ", option.name);
        if (option.value == Value::required) append(left, "={}", option.shown);
        if (option.value == Value::optional) append(left, "[={}]", option.shown);
        append(text, "  {:<36} {}\n", left, option.help);
        if (!option.variable.empty()) append(text, "  {:<36} (environment: {})\n", "", option.variable);
    }
    text +=
        "\nThe exit status is the program's; if it is killed by a signal, so is lyre. 125: lyre failed, 126: the "
        "program cannot be\n"
        "run, 127: it was not found.\n";
    return text;
}

std::vector<std::string> guest_environment(const Command& command, std::vector<std::string> environment) {
    auto remove = [&environment](std::string_view name) {
        std::erase_if(environment, [name](const std::string& entry) {
            return entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=';
        });
    };
    for (const std::string& name : command.unset_variables) remove(name);
    for (const std::string& entry : command.set_variables) {
        remove(std::string_view(entry).substr(0, entry.find('=')));
        environment.push_back(entry);
    }
    return environment;
}

}  // namespace lyrebird::cli
