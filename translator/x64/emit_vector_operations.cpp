// Vector operations: what the host has an instruction for is noted and computed where it is wanted; others are made of such.
// Anything else is tier 0's (vector_operations.hpp says what that is).
#include <array>
#include <bit>

#include "translator/x64/emitter.hpp"
#include "translator/x64/pin.hpp"

namespace lyrebird::x64 {

namespace x86 = asmjit::x86;
namespace I = asmjit::x86::Inst;
using Id = I::Id;

namespace {
enum class Use : u8 { both, swapped, first_and_number, first_and_mask };

/// A host instruction with three operands and with two, what it is given, and whether it reaches the upper registers.
struct HostInstruction {
    Id three = I::kIdNone, two = I::kIdNone;
    Use use = Use::both;
    bool low_only = false;
    std::size_t mask = 0;  // in Context
    Id upper = I::kIdNone;  // instead of `three`, where an upper register takes part
};

template <std::size_t N>
HostInstruction by_size(const Id (&three)[N], const Id (&two)[N], u8 size, Use use = Use::both, bool low_only = false) {
    return {three[size], two[size], use, low_only};
}

/// For VectorOps of one instruction.
HostInstruction instruction_of(VectorOp op, u8 lanes) {
    u8 size = lanes & 7;
    bool is_signed = (lanes & 8) != 0;
    using enum VectorOp;
    switch (op) {
        case and_: return {I::kIdVpand, I::kIdPand, Use::both, false, 0, I::kIdVpandq};
        case and_not: return {I::kIdVpandn, I::kIdPandn, Use::swapped, false, 0, I::kIdVpandnq};
        case or_: return {I::kIdVpor, I::kIdPor, Use::both, false, 0, I::kIdVporq};
        case xor_: return {I::kIdVpxor, I::kIdPxor, Use::both, false, 0, I::kIdVpxorq};
        case zero: return {I::kIdVpxor, I::kIdPxor, Use::both, false, 0, I::kIdVpxorq};
        case not_: return {I::kIdVxorps, I::kIdXorps, Use::first_and_mask, false, offsetof(Context, ones)};
        case flip_signs:
            return {I::kIdVxorps, I::kIdXorps, Use::first_and_mask, false, size == 3 ? offsetof(Context, signs64) : offsetof(Context, signs32)};
        case clear_signs:
            return {I::kIdVandps, I::kIdAndps, Use::first_and_mask, false,
                    size == 3 ? offsetof(Context, magnitudes64) : offsetof(Context, magnitudes32)};
        case add: return by_size({I::kIdVpaddb, I::kIdVpaddw, I::kIdVpaddd, I::kIdVpaddq}, {I::kIdPaddb, I::kIdPaddw, I::kIdPaddd, I::kIdPaddq}, size);
        case sub: return by_size({I::kIdVpsubb, I::kIdVpsubw, I::kIdVpsubd, I::kIdVpsubq}, {I::kIdPsubb, I::kIdPsubw, I::kIdPsubd, I::kIdPsubq}, size);
        case mul: return by_size({I::kIdNone, I::kIdVpmullw, I::kIdVpmulld, I::kIdNone}, {I::kIdNone, I::kIdPmullw, I::kIdPmulld, I::kIdNone}, size);
        case multiply_even: return is_signed ? HostInstruction{I::kIdVpmuldq, I::kIdPmuldq} : HostInstruction{I::kIdVpmuludq, I::kIdPmuludq};
        case abs: return by_size({I::kIdVpabsb, I::kIdVpabsw, I::kIdVpabsd, I::kIdNone}, {I::kIdPabsb, I::kIdPabsw, I::kIdPabsd, I::kIdNone}, size, Use::first_and_number);
        case max:
            if (is_signed) return by_size({I::kIdVpmaxsb, I::kIdVpmaxsw, I::kIdVpmaxsd, I::kIdNone}, {I::kIdPmaxsb, I::kIdPmaxsw, I::kIdPmaxsd, I::kIdNone}, size);
            return by_size({I::kIdVpmaxub, I::kIdVpmaxuw, I::kIdVpmaxud, I::kIdNone}, {I::kIdPmaxub, I::kIdPmaxuw, I::kIdPmaxud, I::kIdNone}, size);
        case min:
            if (is_signed) return by_size({I::kIdVpminsb, I::kIdVpminsw, I::kIdVpminsd, I::kIdNone}, {I::kIdPminsb, I::kIdPminsw, I::kIdPminsd, I::kIdNone}, size);
            return by_size({I::kIdVpminub, I::kIdVpminuw, I::kIdVpminud, I::kIdNone}, {I::kIdPminub, I::kIdPminuw, I::kIdPminud, I::kIdNone}, size);
        case equal: return by_size({I::kIdVpcmpeqb, I::kIdVpcmpeqw, I::kIdVpcmpeqd, I::kIdVpcmpeqq}, {I::kIdPcmpeqb, I::kIdPcmpeqw, I::kIdPcmpeqd, I::kIdPcmpeqq}, size, Use::both, true);
        case greater: return by_size({I::kIdVpcmpgtb, I::kIdVpcmpgtw, I::kIdVpcmpgtd, I::kIdVpcmpgtq}, {I::kIdPcmpgtb, I::kIdPcmpgtw, I::kIdPcmpgtd, I::kIdPcmpgtq}, size, Use::both, true);
        case zip_low: return by_size({I::kIdVpunpcklbw, I::kIdVpunpcklwd, I::kIdVpunpckldq, I::kIdVpunpcklqdq}, {I::kIdPunpcklbw, I::kIdPunpcklwd, I::kIdPunpckldq, I::kIdPunpcklqdq}, size);
        case zip_high: return by_size({I::kIdVpunpckhbw, I::kIdVpunpckhwd, I::kIdVpunpckhdq, I::kIdVpunpckhqdq}, {I::kIdPunpckhbw, I::kIdPunpckhwd, I::kIdPunpckhdq, I::kIdPunpckhqdq}, size);
        case shuffle_words: return {I::kIdVshufps, I::kIdShufps};
        case swap_words: return {I::kIdVpshufd, I::kIdPshufd, Use::first_and_number};
        // To half the size, unsigned: `lanes` are the wide ones.
        case pack: return size == 1 ? HostInstruction{I::kIdVpackuswb, I::kIdPackuswb} : HostInstruction{I::kIdVpackusdw, I::kIdPackusdw};
        case shuffle_bytes: return {I::kIdVpshufb, I::kIdPshufb};
        case add_saturating: return {I::kIdVpaddusb, I::kIdPaddusb};
        // To twice the size: `lanes` are the narrow ones.
        case widen:
            if (is_signed) return by_size({I::kIdVpmovsxbw, I::kIdVpmovsxwd, I::kIdVpmovsxdq}, {I::kIdPmovsxbw, I::kIdPmovsxwd, I::kIdPmovsxdq}, size, Use::first_and_number);
            return by_size({I::kIdVpmovzxbw, I::kIdVpmovzxwd, I::kIdVpmovzxdq}, {I::kIdPmovzxbw, I::kIdPmovzxwd, I::kIdPmovzxdq}, size, Use::first_and_number);
        case upper_half: return {I::kIdVpsrldq, I::kIdPsrldq, Use::first_and_number};
        case align: return {I::kIdVpalignr, I::kIdPalignr};
        case shift_left: return by_size({I::kIdNone, I::kIdVpsllw, I::kIdVpslld, I::kIdVpsllq}, {I::kIdNone, I::kIdPsllw, I::kIdPslld, I::kIdPsllq}, size, Use::first_and_number);
        case shift_right:
            if (is_signed) return by_size({I::kIdNone, I::kIdVpsraw, I::kIdVpsrad, I::kIdVpsraq}, {I::kIdNone, I::kIdPsraw, I::kIdPsrad, I::kIdNone}, size, Use::first_and_number);
            return by_size({I::kIdNone, I::kIdVpsrlw, I::kIdVpsrld, I::kIdVpsrlq}, {I::kIdNone, I::kIdPsrlw, I::kIdPsrld, I::kIdPsrlq}, size, Use::first_and_number);
        case aes_round: return {I::kIdVaesenc, I::kIdAesenc, Use::both, true};
        case aes_last_round: return {I::kIdVaesenclast, I::kIdAesenclast, Use::both, true};
        case aes_inverse_round: return {I::kIdVaesdec, I::kIdAesdec, Use::both, true};
        case aes_inverse_last_round: return {I::kIdVaesdeclast, I::kIdAesdeclast, Use::both, true};
        // Products of signed words, neighbours added.
        case multiply_pairs: return {I::kIdVpmaddwd, I::kIdPmaddwd};
        case carryless_product: return {I::kIdVpclmulqdq, I::kIdPclmulqdq, Use::both, true};
        default: return {};
    }
}

bool has_number(VectorOp op) {
    using enum VectorOp;
    return op == upper_half || op == swap_words || op == shift_left || op == shift_right;
}
}  // namespace

// ---- operations ------------------------------------------------------------------------------------------------------

void Emitter::vector_node_into(Value* value, u8 target) {
    HostInstruction host = instruction_of(VectorOp(value->code), value->size);
    if (VectorOp(value->code) == VectorOp::zero) {
        if (three())
            code_->emit(target < 16 ? host.three : host.upper, xmm(target), xmm(target), xmm(target));
        else
            code_->emit(host.two, xmm(target), xmm(target));
        return;
    }
    Value* first = value->a;
    Value* second = value->b;
    if (host.use == Use::swapped) std::swap(first, second);
    u8 a = host.low_only ? low_whole(first) : to_vector(first);
    Pin keep_first(first);
    if (host.use == Use::first_and_number) {
        if (!has_number(VectorOp(value->code))) {
            code_->emit(three() ? host.three : host.two, xmm(target), xmm(a));
        } else if (VectorOp(value->code) == VectorOp::swap_words) {
            code_->emit(three() ? host.three : host.two, xmm(target), xmm(a), asmjit::Imm(value->constant));
        } else if (three()) {
            code_->emit(host.three, xmm(target), xmm(a), asmjit::Imm(value->constant));
        } else {
            move_vector(target, a);
            code_->emit(host.two, xmm(target), asmjit::Imm(value->constant));
        }
        return;
    }
    Operand b = context(host.mask, 16);
    u8 other = no_register;
    if (host.use != Use::first_and_mask) {
        other = host.low_only ? low_whole(second) : to_vector(second);
        b = xmm(other);
    }
    if (second != nullptr) ++second->pins;
    VectorOp op = VectorOp(value->code);
    bool with_number = op == VectorOp::align || op == VectorOp::shuffle_words || op == VectorOp::carryless_product;
    bool elsewhere = (host.low_only && target >= 16) || (!three() && other == target && other != a);
    Value* copy = elsewhere ? fresh_vector(128) : nullptr;
    u8 result = elsewhere ? copy->reg : target;
    bool upper = result >= 16 || a >= 16 || (other != no_register && other >= 16);
    Id id = upper && host.upper != I::kIdNone ? host.upper : host.three;
    if (three() && with_number) {
        code_->emit(id, xmm(result), xmm(a), b, asmjit::Imm(value->constant));
    } else if (three()) {
        code_->emit(id, xmm(result), xmm(a), b);
    } else {
        move_vector(result, a);
        if (with_number)
            code_->emit(host.two, xmm(result), b, asmjit::Imm(value->constant));
        else
            code_->emit(host.two, xmm(result), b);
    }
    if (copy != nullptr) {
        move_vector(target, copy->reg);
        copy->pins = 0;
    }
    if (second != nullptr) --second->pins;
}

/// Shifts of bytes are those of halfwords without the bits that cross over.
Value* Emitter::vector_shift(VectorOp op, u8 lanes, Value* a, u64 number) {
    u8 size = lanes & 7;
    bool arithmetic = op == VectorOp::shift_right && (lanes & 8) != 0;
    unsigned width = 8U << size;
    if (arithmetic && number >= width) number = width - 1;
    if (op == VectorOp::shift_right && number >= width) return vector_constant(0, 0);
    if (size == 3 && arithmetic && !features_.avx512) {
        interpret();
        return a;
    }
    if (size != 0) return vector_node(op, lanes, a, nullptr, number);
    if (arithmetic) {
        // As words, with the byte in the upper half: the even bytes are moved up first.
        Value* odd = vector_node(op, 9, a, nullptr, number);
        Value* even = vector_node(op, 9, vector_node(VectorOp::shift_left, 1, a, nullptr, 8), nullptr, number);
        Value* mask = vector_constant(0xff00'ff00'ff00'ff00, 0xff00'ff00'ff00'ff00);
        Value* kept_odd = vector_node(VectorOp::and_, 3, odd, mask);
        Value* low = vector_node(VectorOp::shift_right, 1, even, nullptr, 8);
        return vector_node(VectorOp::or_, 3, kept_odd, low);
    }
    u64 byte = op == VectorOp::shift_left ? u8(0xff << number) : u8(0xff >> number);
    Value* mask = vector_constant(byte * 0x0101'0101'0101'0101, byte * 0x0101'0101'0101'0101);
    return vector_node(VectorOp::and_, 3, vector_node(op, 1, a, nullptr, number), mask);
}

namespace {
/// A lane's value in every lane of a half.
u64 in_each_lane(u8 size, u64 value) {
    constexpr u64 ones[]{0x0101'0101'0101'0101, 0x0001'0001'0001'0001, 0x0000'0001'0000'0001, 1};
    return ones[size] * (size == 3 ? value : value & ((1ULL << (8U << size)) - 1));
}
}  // namespace

/// Rounded: half of the last bit that goes is added. By 1 … the width.
Value* Emitter::vector_rounding_shift(u8 lanes, Value* a, u64 number) {
    u8 size = lanes & 7;
    V128 doubled(vector_shift(VectorOp::shift_right, lanes, a, number - 1));
    to_vector(doubled.get());
    u64 one = in_each_lane(size, 1);
    Value* odd = vector_node(VectorOp::and_, 3, doubled.get(), vector_constant(one, one));
    return vector_node(VectorOp::add, size, vector_shift(VectorOp::shift_right, lanes, doubled.get(), 1), odd);
}

/// The even lanes, or the odd ones, extended to twice the size where they are.
Value* Emitter::vector_every_other(u8 lanes, Value* a, bool odd) {
    u8 size = lanes & 7, wide = u8(size + 1) | (lanes & 8);
    u64 width = 8U << size;
    if (odd) return vector_shift(VectorOp::shift_right, wide, a, width);
    if ((lanes & 8) != 0) return vector_shift(VectorOp::shift_right, wide, vector_shift(VectorOp::shift_left, wide, a, width), width);
    u64 mask = in_each_lane(u8(size + 1), (1ULL << width) - 1);
    return vector_node(VectorOp::and_, 3, a, vector_constant(mask, mask));
}

/// The greatest or least of all lanes in the lowest, zeros above. `count` lanes.
Value* Emitter::vector_across_extreme(VectorOp op, u8 lanes, Value* a, u64 count) {
    u8 size = lanes & 7;
    V128 all(count << size == 8 ? vector_node(VectorOp::zip_low, 3, a, a) : a);
    for (unsigned distance = count << size == 8 ? 4 : 8; distance >= (1U << size); distance /= 2) {
        to_vector(all.get());
        all = V128(vector_node(op, lanes, all.get(), vector_node(VectorOp::align, 0, all.get(), all.get(), distance)));
    }
    if (size == 2) return lowest(all, 32);
    return vector_node(VectorOp::and_, 3, all.get(), vector_constant(size == 0 ? 0xff : 0xffff, 0));
}

/// Bytes of up to four tables. An index beyond a table, less where that one begins, has its top bit after a saturating addition.
Value* Emitter::vector_look_up(std::initializer_list<Value*> operands) {
    V128 index(*operands.begin());
    V128 result;
    u64 begins = 0;
    for (Value* const* table = operands.begin() + 1; table != operands.end(); ++table) {
        Value* at = index.get();
        if (begins != 0) {
            u64 distance = begins * 0x0101'0101'0101'0101;
            at = vector_node(VectorOp::sub, 0, at, vector_constant(distance, distance));
        }
        u64 beyond = 0x7070'7070'7070'7070;
        at = vector_node(VectorOp::add_saturating, 0, at, vector_constant(beyond, beyond));
        Value* found = vector_node(VectorOp::shuffle_bytes, 0, *table, at);
        result = V128(begins == 0 ? found : vector_node(VectorOp::or_, 3, result.get(), found));
        to_vector(result.get());  // so that few registers are needed at a time
        begins += 16;
    }
    return result.get();
}

/// The sum of all lanes in the lowest, zeros above. `count` lanes.
Value* Emitter::vector_across_add(u8 lanes, Value* a, u64 count) {
    u8 size = lanes & 7;
    if (count << size == 8) a = lowest(Handle(a), 64);
    for (unsigned distance = 8; distance >= (1U << size); distance /= 2) {
        // Each addition halves what counts: lanes are added to those `distance` bytes above.
        Value* above = vector_node(VectorOp::upper_half, 0, a, nullptr, distance);
        to_vector(a);
        a = vector_node(VectorOp::add, size, a, above);
    }
    if (size == 3) return lowest(Handle(a), 64);
    if (size == 2) return lowest(Handle(a), 32);
    Value* mask = vector_constant(size == 0 ? 0xff : 0xffff, 0);
    return vector_node(VectorOp::and_, 3, a, mask);
}

Value* Emitter::vector_value(VectorCode code, u64 number, std::initializer_list<Value*> operands) {
    using enum VectorOp;
    Value* a = operands.size() > 0 ? operands.begin()[0] : nullptr;
    Value* b = operands.size() > 1 ? operands.begin()[1] : nullptr;
    Value* c = operands.size() > 2 ? operands.begin()[2] : nullptr;
    u8 lanes = code.lanes;
    u8 size = lanes & 7;
    bool is_signed = (lanes & 8) != 0;
    auto node = [this](VectorOp op, u8 of, Value* x, Value* y = nullptr, u64 n = 0) { return vector_node(op, of, x, y, n); };
    auto zeros = [this] { return vector_constant(0, 0); };
    auto refuse = [&] {
        interpret();
        return a;
    };
    // Values that are used more than once are computed once, and kept until all who use them are noted.
    std::array<V128, 4> kept;
    std::size_t kept_count = 0;
    auto once = [&](Value* value) {
        kept[kept_count++] = V128(value);
        to_vector(value);
        return value;
    };
    u8 wide = u8(size + 1) | (lanes & 8);
    auto each = [this, size](u64 value) {
        u64 half = in_each_lane(size, value);
        return vector_constant(half, half);
    };
    auto product = [&](Value* x, Value* y) {
        if (size == 3) return refuse();
        if (size != 0) return node(mul, lanes, x, y);
        Value* even = node(and_, 3, node(mul, 1, x, y), vector_constant(0x00ff'00ff'00ff'00ff, 0x00ff'00ff'00ff'00ff));
        Value* odd = node(mul, 1, node(shift_right, 1, x, nullptr, 8), node(shift_right, 1, y, nullptr, 8));
        return node(or_, 3, even, node(shift_left, 1, odd, nullptr, 8));
    };
    auto difference = [&](Value* x, Value* y) { return node(sub, size, node(max, lanes, x, y), node(min, lanes, x, y)); };
    auto halved = [&](Value* x) { return vector_shift(shift_right, lanes, once(x), 1); };
    auto narrowed = [&](Value* x) { return vector_value({narrow, lanes}, number, {x}); };
    switch (code.op) {
        case none: return refuse();
        case and_: case and_not: case or_: case xor_: case equal: case add: case sub: case zip_low: case zip_high:
            return node(code.op, lanes, a, b);
        case not_: return node(not_, 0, a);
        case flip_signs: case clear_signs: return node(code.op, lanes, a);
        case mul: return product(a, b);
        case mul_add: case mul_sub: return node(code.op == mul_add ? add : sub, lanes, a, product(b, c));
        case max: case min: case abs:
            if (size == 3) return refuse();
            return node(code.op, lanes, a, b);
        case neg: return node(sub, lanes, zeros(), a);
        case or_not: return node(or_, 3, a, node(not_, 0, b));
        case select: return node(xor_, 3, node(and_, 3, node(xor_, 3, b, c), a), c);
        case greater:
            if (is_signed) return node(greater, lanes, a, b);
            if (size == 3) return node(greater, lanes, node(flip_signs, 3, a), node(flip_signs, 3, b));
            return node(not_, 0, node(equal, lanes, node(min, lanes, a, b), a));
        case greater_equal:
            if (is_signed) return node(not_, 0, node(greater, lanes, b, a));
            if (size == 3) return node(not_, 0, node(greater, lanes, node(flip_signs, 3, b), node(flip_signs, 3, a)));
            return node(equal, lanes, node(max, lanes, a, b), a);
        case test: return node(not_, 0, node(equal, lanes, node(and_, 3, a, b), zeros()));
        case join_low: return node(zip_low, 3, a, b);
        case upper_half: {
            Value* half = node(upper_half, 0, a, nullptr, 8);
            half->alone = true;
            return half;
        }
        case extract: return node(align, 0, b, a, number);
        case look_up: return vector_look_up(operands);
        case shift_left: case shift_right: return vector_shift(code.op, lanes, a, number);
        case shift_right_add: return node(add, size, a, vector_shift(shift_right, lanes, b, number));
        case unzip_even: case unzip_odd: {
            bool odd = code.op == unzip_odd;
            if (size == 3) return node(odd ? zip_high : zip_low, 3, a, b);
            if (size == 2) return node(shuffle_words, 2, a, b, odd ? 0xdd : 0x88);
            unsigned width = 8U << size;
            auto half = [&](Value* from) {
                if (!odd) from = node(shift_left, u8(size + 1), from, nullptr, width);
                return node(shift_right, u8(size + 1), from, nullptr, width);
            };
            Value* low = once(half(a));
            return node(pack, u8(size + 1), low, a == b ? low : half(b));
        }
        case transpose_even: case transpose_odd: {
            bool odd = code.op == transpose_odd;
            if (size == 3) return node(odd ? zip_high : zip_low, 3, a, b);
            if (size == 2) {
                u64 order = odd ? 0x0d : 0x08;
                return node(zip_low, 2, node(swap_words, 2, a, nullptr, order), node(swap_words, 2, b, nullptr, order));
            }
            unsigned width = 8U << size;
            u8 twice = u8(size + 1);
            if (odd) {
                Value* low = node(shift_right, twice, a, nullptr, width);
                Value* high = node(shift_left, twice, node(shift_right, twice, b, nullptr, width), nullptr, width);
                return node(or_, 3, low, high);
            }
            Value* low = node(shift_right, twice, node(shift_left, twice, a, nullptr, width), nullptr, width);
            return node(or_, 3, low, node(shift_left, twice, b, nullptr, width));
        }
        case reverse2: case reverse4: case reverse8: {
            if (size == 2) return node(swap_words, 2, a, nullptr, 0xb1);
            unsigned group = code.op == reverse2 ? 2 : code.op == reverse4 ? 4 : 8;
            unsigned bytes = 1U << size;
            std::array<u8, 16> order;
            for (unsigned at = 0; at < 16; ++at) {
                unsigned lane = at % group / bytes;
                order[at] = u8(at / group * group + (group / bytes - 1 - lane) * bytes + at % bytes);
            }
            auto halves = std::bit_cast<std::array<u64, 2>>(order);
            return node(shuffle_bytes, 0, a, vector_constant(halves[0], halves[1]));
        }
        case pairwise_add: case pairwise_max: case pairwise_min: {
            VectorOp op = code.op == pairwise_add ? add : code.op == pairwise_max ? max : min;
            if (size == 3 && op != add) return refuse();
            Value* even = once(vector_value({unzip_even, lanes}, 0, {a, b}));
            return node(op, lanes, even, vector_value({unzip_odd, lanes}, 0, {a, b}));
        }
        case narrow: {
            Value* moved = number == 0 ? a : node(shift_right, size, a, nullptr, number);
            Value* result = vector_value({unzip_even, u8(size - 1)}, 0, {moved, zeros()});
            return result;
        }
        case widen_add: case widen_sub:
            return node(code.op == widen_add ? add : sub, wide, node(widen, lanes, a), node(widen, lanes, b));
        case onto_add: case onto_sub: return node(code.op == onto_add ? add : sub, wide, a, node(widen, lanes, b));
        case widen_mul: {
            VectorOp op = size == 2 ? multiply_even : mul;
            return node(op, size == 2 ? lanes : wide, node(widen, lanes, a), node(widen, lanes, b));
        }
        case onto_mul_add: case onto_mul_sub: {
            VectorOp op = size == 2 ? multiply_even : mul;
            Value* product = node(op, size == 2 ? lanes : wide, node(widen, lanes, b), node(widen, lanes, c));
            return node(code.op == onto_mul_add ? add : sub, wide, a, product);
        }
        case across_add: return vector_across_add(lanes, a, number);
        case count_ones: {
            // By a table for the halves of a byte.
            Value* table = once(vector_constant(0x0302'0201'0201'0100, 0x0403'0302'0302'0201));
            u64 low_halves = 0x0f0f'0f0f'0f0f'0f0f;
            Value* mask = once(vector_constant(low_halves, low_halves));
            Value* low = once(node(shuffle_bytes, 0, table, node(and_, 3, a, mask)));
            Value* high = node(and_, 3, node(shift_right, 1, a, nullptr, 4), mask);
            return node(add, 0, low, node(shuffle_bytes, 0, table, high));
        }
        // The guest adds the key before it substitutes, the host behind that; a round without its substitution is a column mix.
        case aes_encrypt: case aes_decrypt:
            if (!features_.aes) return refuse();
            return node(code.op == aes_encrypt ? aes_last_round : aes_inverse_last_round, 0, node(xor_, 3, a, b), zeros());
        case aes_mix: case aes_inverse_mix: {
            if (!features_.aes) return refuse();
            bool inverse = code.op == aes_inverse_mix;
            Value* none = once(zeros());
            Value* undone = node(inverse ? aes_last_round : aes_inverse_last_round, 0, a, none);
            return node(inverse ? aes_inverse_round : aes_round, 0, undone, none);
        }
        case carryless_product:
            if (!features_.pclmul) return refuse();
            return node(carryless_product, 3, a, b);
        case xor_three: return node(xor_, 3, node(xor_, 3, a, b), c);
        case xor_and_not: return node(xor_, 3, a, node(and_not, 3, b, c));
        case xor_rotated_by_one:
            return node(xor_, 3, a, node(or_, 3, node(shift_left, 3, b, nullptr, 1), node(shift_right, 3, b, nullptr, 63)));
        case xor_then_rotate: {
            Value* both = once(node(xor_, 3, a, b));
            if (number == 0) return both;
            return node(or_, 3, node(shift_right, 3, both, nullptr, number), node(shift_left, 3, both, nullptr, 64 - number));
        }
        case insert_left:
            if (number == 0) return b;
            return node(or_, 3, vector_shift(shift_left, size, b, number), node(and_, 3, a, each((1ULL << number) - 1)));
        case insert_right: {
            unsigned width = 8U << size;
            u64 replaced = number >= width ? 0 : (size == 3 ? ~0ULL : (1ULL << width) - 1) >> number;
            return node(or_, 3, vector_shift(shift_right, size, b, number), node(and_, 3, a, each(~replaced)));
        }
        case abs_difference: return difference(a, b);
        case abs_difference_add: return node(add, size, a, difference(b, c));
        case widen_abs_difference: return node(widen, size, difference(a, b));
        case onto_abs_difference: return node(add, wide & 7, a, node(widen, size, difference(b, c)));
        // With what both have counted once, and what only one of them has halved.
        case halving_add: return node(add, size, node(and_, 3, a, b), halved(node(xor_, 3, a, b)));
        case rounding_halving_add: return node(sub, size, node(or_, 3, a, b), halved(node(xor_, 3, a, b)));
        case halving_sub: return node(sub, size, halved(node(xor_, 3, a, b)), node(and_not, 3, b, a));
        case rounding_shift_right: return vector_rounding_shift(lanes, a, number);
        case rounding_shift_right_add: return node(add, size, a, vector_rounding_shift(lanes, b, number));
        case narrow_rounding: return narrowed(node(add, size, a, each(1ULL << (number - 1))));
        case narrow_sum: return narrowed(node(add, size, a, b));
        case narrow_difference: return narrowed(node(sub, size, a, b));
        case narrow_sum_rounding: return narrowed(node(add, size, node(add, size, a, b), each(1ULL << (number - 1))));
        case narrow_difference_rounding: return narrowed(node(add, size, node(sub, size, a, b), each(1ULL << (number - 1))));
        case pairwise_long: {
            Value* even = vector_every_other(lanes, b, false);
            return node(add, wide & 7, a, node(add, wide & 7, even, vector_every_other(lanes, b, true)));
        }
        case across_add_long: {
            Value* even = vector_every_other(lanes, a, false);
            Value* sums = node(add, wide & 7, even, vector_every_other(lanes, a, true));
            return vector_across_add(wide & 7, once(sums), number / 2);
        }
        case across_max: case across_min:
            if (size == 3) return refuse();
            return vector_across_extreme(code.op == across_max ? max : min, lanes, a, number);
        case dot_product: {
            u8 first = lanes & 8, second = lanes & 16 ? 8 : 0;
            auto products = [&](bool odd) {
                return node(multiply_pairs, 1, vector_every_other(first, b, odd), vector_every_other(second, c, odd));
            };
            Value* even = once(products(false));
            return node(add, 2, a, node(add, 2, even, products(true)));
        }
        case reverse_bits: {
            // Halves of a byte by tables, each in the other's place.
            Value* mask = once(vector_constant(0x0f0f'0f0f'0f0f'0f0f, 0x0f0f'0f0f'0f0f'0f0f));
            Value* up = once(vector_constant(0xe060'a020'c040'8000, 0xf070'b030'd050'9010));
            Value* low = once(node(shuffle_bytes, 0, up, node(and_, 3, a, mask)));
            Value* down = vector_constant(0x0e06'0a02'0c04'0800, 0x0f07'0b03'0d05'0901);
            return node(or_, 3, low, node(shuffle_bytes, 0, down, node(and_, 3, node(shift_right, 1, a, nullptr, 4), mask)));
        }
        default: return refuse();
    }
}

}  // namespace lyrebird::x64
