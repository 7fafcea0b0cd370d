#include "tests/support/aarch64_sequence.hpp"

#include <algorithm>
#include <array>

#include "runtime/base/bits.hpp"
#include "runtime/base/text.hpp"
#include "tests/support/aarch64_encoding.hpp"
#include "tests/support/aarch64_program.hpp"
#include "tests/support/interesting.hpp"

namespace lyrebird::test {

namespace {

constexpr u32 base_register = 27, offset_register = 26;

constexpr u32 field(u32 word, int low) {
    return word >> low & 31;
}
constexpr u32 with_field(u32 word, int low, u32 value) {
    return (word & ~(31U << low)) | value << low;
}

// ---- items ----

Aarch64Item make_branch(Random& random, int items_left) {
    Aarch64Item item;
    item.skip = int(random.below(std::min<u64>(3, u64(items_left)) + 1));
    item.branch_size = 1;
    u32 t = u32(random.below(31)), bit = u32(random.below(64));
    bool wide = random.once_in(2), other = random.once_in(2);
    if (t == 28) t = 0;
    switch (random.below(7)) {
        case 0: item.branch = [](i64 offset) { return std::vector{a64::b(offset)}; }; break;
        case 1: item.branch = [](i64 offset) { return std::vector{a64::bl(offset)}; }; break;
        case 2: item.branch = [=](i64 offset) { return std::vector{a64::cbz(wide, other, t, offset)}; }; break;
        case 3: item.branch = [=](i64 offset) { return std::vector{a64::tbz(bit, other, t, offset)}; }; break;
        case 4: {
            u32 jump = wide ? a64::br(t) : other ? a64::blr(t) : a64::ret(t);
            item.branch_size = 2;
            item.branch = [=](i64 offset) { return std::vector{a64::adr(t, offset), jump}; };
            break;
        }
        default: item.branch = [=](i64 offset) { return std::vector{a64::b_cond(bit & 15, offset)}; }; break;
    }
    return item;
}

/// `modes`: what of FPCR may be set.
Aarch64Item make_system(Random& random, u32 modes) {
    u32 t = u32(random.below(28));
    switch (random.below(8)) {
        case 0: return {{a64::mrs(t, a64::nzcv)}};
        case 1: return {{a64::msr(a64::nzcv, t)}};
        case 2: return {{a64::mrs(t, a64::fpcr)}};
        case 3: return {{a64::mrs(t, a64::fpsr)}};
        case 4: {
            // Bits 31 … 28 are AArch32's in qemu, which has it; here they are reserved.
            Aarch64Item item;
            a64::load_number(item.words, offset_register, random.word() & 0x0fff'ffff);
            item.words.push_back(a64::msr(a64::fpsr, offset_register));
            return item;
        }
        case 5: {
            Aarch64Item item;
            a64::load_number(item.words, offset_register, random_fpcr(random) & modes);
            item.words.push_back(a64::msr(a64::fpcr, offset_register));
            return item;
        }
        case 6: {
            constexpr u32 flags[]{0xd500'401f, 0xd500'403f, 0xd500'405f};  // CFINV, XAFLAG, AXFLAG
            return {{flags[random.below(3)]}};
        }
        default: {
            u32 hint = u32(random.below(128));
            constexpr u32 barriers[]{0xd503'3fdf, 0xd503'3f9f, 0xd503'3fbf, 0xd503'30ff, 0xd503'3f5f};
            bool waits = hint == 2 || hint == 3;
            return {{hint < 64 && !waits ? 0xd503'201f | hint << 5 : barriers[random.below(5)]}};
        }
    }
}

/// The literal stands behind its load, where a branch leads around it.
Aarch64Item make_literal(u32 word, Random& random) {
    word = (word & ~(0x7'ffffU << 5)) | 2 << 5;
    return {{word, a64::b(20), random.word(), random.word(), random.word(), random.word()}};
}

/// The store that can belong to a load-exclusive; 0 when the load's registers leave it none.
u32 store_exclusive(u32 load, Random& random) {
    u32 status = u32(random.below(27)), value = u32(random.below(27)), second = u32(random.below(27));
    u32 store = with_field(with_field(load & ~(1U << 22), 0, value), 16, status);
    if ((load >> 21 & 1) != 0) store = with_field(store, 10, second);
    bool clash = status == value || status == second || aarch64_instructions().find(store) == nullptr;
    return clash ? 0 : store;
}

/// The access at an address in scratch memory; nothing when the word's registers do not suit.
std::optional<Aarch64Item> make_access(u32 word, Random& random) {
    Addressing addressing = addressing_of(word);
    bool pair = (word & 0x3a00'0000) == 0x2800'0000, vector = (word >> 26 & 1) != 0;
    bool loads = (word >> 22 & 1) != 0;
    bool on_stack = !addressing.has_index && random.once_in(8) && std::abs(addressing.offset) < 1024 && !is_ordered(word);
    u32 base = on_stack ? 31 : base_register;
    word = with_field(word, 5, base);
    if (pair && loads && field(word, 0) == field(word, 10)) return std::nullopt;
    if (addressing.writes_base && !vector && !on_stack && (field(word, 0) == base || (pair && field(word, 10) == base)))
        return std::nullopt;
    Aarch64Item item;
    if (addressing.has_index) {
        u64 index = interesting_integer(random);
        word = with_field(word, 16, offset_register);
        a64::load_number(item.words, offset_register, index);
        addressing.offset = index_offset(word, index);
    }
    u64 place = u64(i64(random.below(1900)) - 950);
    if (is_ordered(word) || random.once_in(2)) place = align_down(place, 16);
    if (!on_stack) {
        a64::load_number(item.words, base, program::middle + place - u64(addressing.offset));
    }
    item.words.push_back(word);
    if (is_load_exclusive(word)) {
        u32 store = store_exclusive(word, random);
        if (store == 0 || ((word >> 21 & 1) != 0 && field(word, 0) == field(word, 10))) return std::nullopt;
        if (field(word, 0) == base || ((word >> 21 & 1) != 0 && field(word, 10) == base)) return std::nullopt;
        item.words.push_back(store);
    }
    return item;
}

bool claims(const Row& row, u32 word) {
    return row.claims(word) && aarch64_instructions().find(word) == &row;
}

}  // namespace

VectorBits interesting_vector(Random& random) {
    u64 format = random.below(4);
    auto element = [&]() -> u64 {
        switch (format) {
            case 0: return u64(interesting_float(random, 5, 10)) * (1ULL << 48) >> 48;
            case 1: return interesting_float(random, 8, 23) & 0xffff'ffff;
            case 2: return interesting_float(random, 11, 52);
            default: return interesting_integer(random);
        }
    };
    auto half = [&]() -> u64 {
        if (format == 0) return element() | element() << 16 | element() << 32 | element() << 48;
        if (format == 1) return element() | element() << 32;
        return element();
    };
    if (random.once_in(8)) return {random.next(), random.next()};
    return {half(), random.once_in(3) ? 0 : half()};
}

Aarch64Generator::Aarch64Generator(const std::function<bool(std::string_view name)>& wanted, bool plain) : plain_(plain) {
    for (const Row& row : aarch64_instructions().rows) {
        if (!stands_apart(row.pattern.match) && wanted(row.name)) rows_.push_back(&row);
    }
}

Aarch64Item Aarch64Generator::make_from_row(Random& random, u32 modes) const {
    for (;;) {
        const Row& row = *rows_[random.below(rows_.size())];
        u32 word = aarch64_instructions().random_word(row, random);
        u32 narrowed = (narrow_registers(word, random) & ~row.pattern.mask) | row.pattern.match;
        if (claims(row, narrowed)) word = narrowed;
        if (stands_apart(word) || program::lacks(word) || (is_exclusive(word) && !is_load_exclusive(word))) continue;
        Aarch64Item item{{word}};
        if (is_literal(word)) {
            item = make_literal(word, random);
        } else if (is_access(word)) {
            auto access = make_access(word, random);
            if (!access) continue;
            item = *access;
        } else if ((word & 0xffff'fc00) == 0x1e7e'0000) {
            // FJCVTZS: in qemu 7.2 a flushed operand counts as exact; in the manual's FPToFixedJS it does not.
            a64::load_number(item.words, offset_register, random_fpcr(random) & modes & ~(1U << 24));
            std::rotate(item.words.begin(), item.words.begin() + 1, item.words.end());
            item.words.insert(item.words.end() - 1, a64::msr(a64::fpcr, offset_register));
        } else if (row.effects(word).flow != emitters::Effects::Flow::falls_through) {
            continue;
        }
        bool fits = true, moves_stack = false;
        for (u32 each : item.words) {
            const Row* its = aarch64_instructions().find(each);
            if (its == nullptr) continue;  // a literal
            emitters::SlotSet writes = its->effects(each).writes;
            fits = fits && !writes.has(aarch64::x_slot(28));
            moves_stack = moves_stack || writes.has(aarch64::sp_slot);
        }
        if (!fits) continue;
        if (moves_stack) {
            item.words.push_back(a64::add_imm(offset_register, 31, 0));
            item.words.push_back(a64::add_imm(31, 28, 0));
        }
        return item;
    }
}

Aarch64Item Aarch64Generator::make_item(Random& random, int items_left, u32 modes) const {
    u64 choice = plain_ ? 31 : random.below(32);
    if (rows_.empty() || choice < 3) return make_branch(random, items_left);
    return choice < 5 ? make_system(random, modes) : make_from_row(random, modes);
}

Aarch64Sequence Aarch64Generator::make(u64 seed, int length) const {
    Random random(seed);
    Aarch64Sequence sequence;
    for (u64& x : sequence.registers.x) x = interesting_integer(random);
    for (VectorBits& v : sequence.registers.v) v = interesting_vector(random);
    sequence.registers.x[28] = sequence.registers.x[31] = program::middle;
    sequence.registers.nzcv = u32(random.below(16));
    // Tier 1 computes with floats until a mode is asked for that the host does not have: every other thousand asks for none.
    u32 modes = seed / 1000 % 2 == 0 ? u32(aarch64::fpcr_rounding) : ~0U;
    if (random.once_in(2)) sequence.registers.fpcr = random_fpcr(random) & modes;
    if (random.once_in(4)) sequence.registers.fpsr = random.word() & 0x0800'009f;
    sequence.scratch_seed = random.next() | 1;
    for (int i = 0; i < length; ++i) sequence.items.push_back(make_item(random, length - i - 1, modes));
    if (!plain_ && random.once_in(3)) {
        sequence.rounds = 2 + int(random.below(14));
        sequence.ending = int(random.below(3));
        sequence.items.resize(std::min<std::size_t>(sequence.items.size(), 1 + random.below(12)));
    }
    return sequence;
}

std::vector<u32> sequence_words(const Aarch64Sequence& sequence) {
    std::vector<u32> words;
    std::size_t loop = 0;
    if (sequence.rounds > 1) {
        a64::load_number(words, offset_register, u64(sequence.rounds));
        words.push_back(a64::msr(a64::tpidr, offset_register));
        loop = words.size();
        words.push_back(a64::add_imm(31, 28, 0));
    }
    for (std::size_t i = 0; i < sequence.items.size(); ++i) {
        const Aarch64Item& item = sequence.items[i];
        words.insert(words.end(), item.words.begin(), item.words.end());
        if (!item.branch) continue;
        i64 offset = item.branch_size;
        for (std::size_t j = i + 1; j < sequence.items.size() && j <= i + std::size_t(item.skip); ++j) {
            offset += i64(sequence.items[j].words.size()) + sequence.items[j].branch_size;
        }
        std::vector<u32> branch = item.branch(4 * offset);
        // What leads by register is an address and the jump: the address is relative to its own instruction.
        words.insert(words.end(), branch.begin(), branch.end());
    }
    if (sequence.rounds == 1) return words;
    words.push_back(a64::mrs(offset_register, a64::tpidr));
    words.push_back(a64::subs_imm(offset_register, offset_register, 1));
    words.push_back(a64::msr(a64::tpidr, offset_register));
    i64 back = 4 * (i64(loop) - i64(words.size()));
    switch (sequence.ending) {
        case 0: words.push_back(a64::b_cond(8, back)); break;  // hi
        case 1: words.push_back(a64::cbz(true, true, offset_register, back)); break;
        default:
            words.push_back(a64::sub_imm(offset_register, offset_register, 1));
            words.push_back(a64::tbz(63, false, offset_register, back - 4));
    }
    return words;
}

std::string sequence_text(const Aarch64Sequence& sequence) {
    std::string text;
    u64 at = 0;
    for (u32 word : sequence_words(sequence)) {
        append(text, "    {:#06x}  {:08x}  {}\n", at, word, aarch64_instructions().disassemble(word, at));
        at += 4;
    }
    return text;
}

}  // namespace lyrebird::test
