#include "host_code_text.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "runtime/base/text.hpp"
#include "runtime/engine/disassemble.hpp"
#include "tests/support/vectors.hpp"

namespace lyrebird::test {

using x64::Context;
using x64::Stub;

namespace {

constexpr std::string_view stub_names[]{
    "resume",  "link",       "interpret",  "helper",              "carry_out",  "system_call",
    "vm_call", "breakpoint", "illegal_instruction", "misaligned", "instruction_fence",
    "fault",   "empty"};
static_assert(std::size(stub_names) == std::size_t(Stub::count));

struct Field {
    std::size_t offset;
    std::string_view name;
};
constexpr std::size_t reservation = offsetof(isa::VmState, reservation);
constexpr Field state_fields[]{
    {offsetof(isa::VmState, attention), "attention"},
    {offsetof(isa::VmState, exit), "exit"},
    {offsetof(isa::VmState, fault_address), "fault_address"},
    {offsetof(isa::VmState, detail), "detail"},
    {reservation + offsetof(isa::Reservation, address), "reservation.address"},
    {reservation + offsetof(isa::Reservation, value), "reservation.value"},
    {reservation + offsetof(isa::Reservation, size), "reservation.size"},
    {reservation + offsetof(isa::Reservation, load_pc), "reservation.load_pc"},
    {reservation + offsetof(isa::Reservation, partner_pc), "reservation.partner_pc"},
};
/// Ascending: a place within a field is the field and a distance.
constexpr Field context_fields[]{
    {offsetof(Context, guest_mxcsr), "guest_mxcsr"},
    {offsetof(Context, left_mxcsr), "left_mxcsr"},
    {offsetof(Context, host_mxcsr), "host_mxcsr"},
    {offsetof(Context, request), "request"},
    {offsetof(Context, link_site), "link_site"},
    {offsetof(Context, fault_site), "fault_site"},
    {offsetof(Context, arguments), "arguments"},
    {offsetof(Context, result), "result"},
    {offsetof(Context, spilled), "spilled"},
    {offsetof(Context, sign64), "sign64"},
    {offsetof(Context, magnitude64), "magnitude64"},
    {offsetof(Context, sign32), "sign32"},
    {offsetof(Context, magnitude32), "magnitude32"},
    {offsetof(Context, box), "box"},
    {offsetof(Context, nan64), "nan64"},
    {offsetof(Context, nan32), "nan32"},
    {offsetof(Context, flags), "flags"},
};

/// A block's surroundings.
struct Places {
    const x64::Layout& layout;
    std::string (*guest_field)(std::size_t offset);
};

/// What lies at this displacement from rbp.
std::string field_at(i64 displacement, const Places& places) {
    const x64::Layout& layout = places.layout;
    i64 offset = displacement + layout.base;
    if (offset >= i64(layout.state_size)) return with_distance("jump_table", u64(offset) - layout.state_size);
    if (offset >= 0) {
        for (Field field : state_fields) {
            if (std::size_t(offset) == field.offset) return std::string(field.name);
        }
        std::string name = places.guest_field(std::size_t(offset));
        return name.empty() ? format("state + {}", offset) : name;
    }
    std::size_t place = std::size_t(offset + i64(sizeof(Context)));
    Field found{0, "context"};
    for (Field field : context_fields) {
        if (field.offset <= place) found = field;
    }
    return with_distance(found.name, place - found.offset);
}

/// "[rbp + rcx*8 - 0x20]" as "[fault_address + rcx*8]".
std::string name_fields(std::string text, const Places& places) {
    std::size_t start = text.find("[rbp");
    if (start == std::string::npos) return text;
    std::size_t end = text.find(']', start);
    std::string inside = text.substr(start + 4, end - start - 4);
    std::size_t sign = inside.find_last_of("+-");
    i64 displacement = 0;
    if (sign != std::string::npos) {
        if (auto value = parse_number(inside.substr(sign + 2))) {
            displacement = inside[sign] == '-' ? -i64(*value) : i64(*value);
            inside.resize(sign == 0 ? 0 : sign - 1);
        }
    }
    return format("{}[{}{}{}", text.substr(0, start), field_at(displacement, places), inside, text.substr(end));
}

struct Line {
    u32 offset, end;
    std::string text;
    std::string label{};
};

std::vector<Line> lines_of(std::span<const u8> code) {
    std::string all = engine::disassemble_host_relative(code);
    std::vector<Line> lines;
    for (std::size_t start = 0; start < all.size();) {
        std::size_t end = all.find('\n', start);
        std::size_t space = all.find(' ', start);
        u32 offset = u32(parse_number(all.substr(start + 1, space - start - 1)).value());
        std::size_t text = all.find_first_not_of(' ', space);
        if (!lines.empty()) lines.back().end = offset;
        lines.push_back({offset, u32(code.size()), all.substr(text, end - text)});
        start = end + 1;
    }
    return lines;
}

/// The jump to the next instruction (with what aligns it), and where the calls of Stub::link begin.
struct Tail {
    u32 start, end, links;
    bool hides(const Line& line) const { return (line.offset >= start && line.offset < end) || line.offset >= links; }
};
Tail tail_of(const x64::Translation& block, u64 next, const std::vector<Line>& lines) {
    u32 links = block.exits.empty() ? u32(block.code.size()) : block.exits[0].unlinked;
    Tail tail{links, links, links};
    for (const x64::DirectExit& exit : block.exits) {
        if (exit.target == next && block.code[exit.at - 1] == 0xe9) tail = {exit.at - 1, exit.at + 4, links};
    }
    for (std::size_t at = lines.size(); at-- > 0;) {
        if (lines[at].end == tail.start && lines[at].text.find("nop") != std::string::npos)
            tail.start = lines[at].offset;
    }
    return tail;
}

/// Where the line jumps to within the block.
std::optional<u32> local_target(const Line& line) {
    std::size_t start = line.text.find(" +0x");
    if (start == std::string::npos) return std::nullopt;
    return u32(parse_number(line.text.substr(start + 2)).value());
}

void lead_to(Line& line, std::string_view what) {
    line.text = format("{} {}", line.text.substr(0, line.text.find(' ')), what);
}

}  // namespace

std::string with_distance(std::string_view name, u64 distance) {
    return distance == 0 ? std::string(name) : format("{} + {}", name, distance);
}

std::string host_code_text(const x64::Translation& block, const x64::Layout& layout, u64 next,
                           std::string (*guest_field)(std::size_t offset)) {
    for (x64::StubReference reference : block.stubs) {
        if (reference.stub == Stub::carry_out) return "    calls tier 0\n";
    }
    std::vector<Line> lines = lines_of(block.code);
    Tail tail = tail_of(block, next, lines);
    std::map<u32, std::string> places;  // by the end of the instruction that leads there
    for (x64::StubReference reference : block.stubs) {
        places[reference.at + 4] = stub_names[std::size_t(reference.stub)];
    }
    for (const x64::DirectExit& exit : block.exits) {
        places[exit.at + 4] = exit.target == next ? "next" : format("guest {:#x}", exit.target);
    }
    std::map<u32, std::string> labels{{tail.start, "next"}};
    for (std::size_t at = 0; at < lines.size(); ++at) {
        Line& line = lines[at];
        auto place = places.find(line.end);
        if (place == places.end()) {
            if (auto target = local_target(line)) labels.try_emplace(*target);
            continue;
        }
        lead_to(line, place->second);
        // The function's distance from the VM's beginning: other in every build.
        if (place->second == "helper" && at != 0) lines[at - 1].text = "mov eax, function";
    }
    int number = 0;
    for (auto& [offset, label] : labels) {
        if (label.empty()) label = format("{}", ++number);
    }
    u32 hidden = u32(block.code.size()) - tail.links + tail.end - tail.start;
    std::string text = format("    {} bytes\n", block.code.size() - hidden);
    for (Line& line : lines) {
        // What stands behind the tail's jump is not come to from before it.
        if (line.end == tail.end && line.end < tail.links) text += "      jmp next\n";
        if (tail.hides(line)) continue;
        auto label = labels.find(line.offset);
        if (auto target = local_target(line)) lead_to(line, labels.at(*target));
        std::string mark = label == labels.end() ? "" : format("{}:", label->second);
        append(text, "  {:<4}{}\n", mark, name_fields(line.text, {layout, guest_field}));
    }
    return text;
}

}  // namespace lyrebird::test
