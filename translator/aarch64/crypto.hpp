// Cryptography: AES, the secure hashes, SM3, SM4, and the carry-less products (Arm ARM C4.1.97, "Cryptographic …").
#pragma once

#include "translator/aarch64/vector_formats.hpp"
#include "translator/isa/vector/crypto.hpp"

namespace lyrebird::aarch64 {

// ---- operands: whole registers, whatever the manual calls them ----

struct Whole2 {
    using Operands = Whole2;
    u8 rd, rn;
    constexpr bool operator==(const Whole2&) const = default;
    static constexpr Whole2 decode(u32 word) { return {rd_of(word), rn_of(word)}; }
    static constexpr u32 encode(Whole2 o) { return u32(o.rd) | u32(o.rn) << 5; }
    static constexpr void text(auto& t, auto& o) { t.reg(v_names, o.rd), t.comma(), t.reg(v_names, o.rn); }
};
struct Whole3 {
    using Operands = Whole3;
    u8 rd, rn, rm;
    constexpr bool operator==(const Whole3&) const = default;
    static constexpr Whole3 decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word)}; }
    static constexpr u32 encode(Whole3 o) { return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(v_names, o.rd), t.comma(), t.reg(v_names, o.rn), t.comma(), t.reg(v_names, o.rm);
    }
};
struct Whole4 {
    using Operands = Whole4;
    u8 rd, rn, rm, ra;
    constexpr bool operator==(const Whole4&) const = default;
    static constexpr Whole4 decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word), ra_of(word)}; }
    static constexpr u32 encode(Whole4 o) { return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.ra) << 10; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(v_names, o.rd), t.comma(), t.reg(v_names, o.rn), t.comma(), t.reg(v_names, o.rm), t.comma();
        t.reg(v_names, o.ra);
    }
};
/// And a constant of `Size` bits from bit `Low` on.
template <int Low, int Size>
struct Whole3With {
    using Operands = Whole3With;
    u8 rd, rn, rm, constant;
    constexpr bool operator==(const Whole3With&) const = default;
    static constexpr Whole3With decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word), field(word, Low, Size)}; }
    static constexpr u32 encode(Whole3With o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | bits(u32(o.constant), 0, Size) << Low;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(v_names, o.rd), t.comma(), t.reg(v_names, o.rn), t.comma(), t.reg(v_names, o.rm), t.literal(", #");
        t.number(o.constant);
    }
};
/// And Q, which says which halves are the factors.
template <int LaneBytes>
struct WholeProduct {
    using Operands = WholeProduct;
    u8 rd, rn, rm, upper;
    constexpr bool operator==(const WholeProduct&) const = default;
    static constexpr WholeProduct decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word), field(word, 30, 1)}; }
    static constexpr u32 encode(WholeProduct o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.upper) << 30;
    }
    static constexpr std::array<std::string_view, 2> halves{LaneBytes == 1 ? "8b" : "1d", LaneBytes == 1 ? "16b" : "2d"};
    static constexpr void text(auto& t, auto& o) {
        t.reg(v_names, o.rd), t.comma(), t.reg(v_names, o.rn), t.comma(), t.reg(v_names, o.rm), t.comma();
        t.word(halves, o.upper);
    }
};

// ---- meanings ----

template <isa::Text Name, isa::Text Bits, class Op>
struct Crypto2 : Instruction<Name, Bits, Whole2> {
    template <Emitter E>
    static constexpr void run(E& e, Whole2 o, Here) {
        auto a = v(e, o.rn);
        set_v(e, o.rd, e.template vector<Op>(a));
    }
};
/// "Onto": the old rd is the first operand.
template <isa::Text Name, isa::Text Bits, class Op>
struct Crypto2Onto : Instruction<Name, Bits, Whole2> {
    template <Emitter E>
    static constexpr void run(E& e, Whole2 o, Here) {
        auto old = v(e, o.rd);
        auto a = v(e, o.rn);
        set_v(e, o.rd, e.template vector<Op>(old, a));
    }
};
template <isa::Text Name, isa::Text Bits, class Op>
struct Crypto3 : Instruction<Name, Bits, Whole3> {
    template <Emitter E>
    static constexpr void run(E& e, Whole3 o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        set_v(e, o.rd, e.template vector<Op>(a, b));
    }
};
template <isa::Text Name, isa::Text Bits, class Op>
struct Crypto3Onto : Instruction<Name, Bits, Whole3> {
    template <Emitter E>
    static constexpr void run(E& e, Whole3 o, Here) {
        auto old = v(e, o.rd);
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        set_v(e, o.rd, e.template vector<Op>(old, a, b));
    }
};
template <isa::Text Name, isa::Text Bits, class Op>
struct Crypto4 : Instruction<Name, Bits, Whole4> {
    template <Emitter E>
    static constexpr void run(E& e, Whole4 o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        auto c = v(e, o.ra);
        set_v(e, o.rd, e.template vector<Op>(a, b, c));
    }
};
template <isa::Text Name, isa::Text Bits, class Op>
struct Sm3Round : Instruction<Name, Bits, Whole3With<12, 2>> {
    template <Emitter E>
    static constexpr void run(E& e, Whole3With<12, 2> o, Here) {
        auto old = v(e, o.rd);
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        set_v(e, o.rd, e.template vector_with<Op>(o.constant, old, a, b));
    }
};
template <isa::Text Name, isa::Text Bits, class Op, int LaneBytes>
struct ProductOfHalves : Instruction<Name, Bits, WholeProduct<LaneBytes>> {
    template <Emitter E>
    static constexpr auto factor(E& e, u8 number, bool upper) {
        auto whole = v(e, number);
        return upper ? e.template vector<isa::UpperHalf>(whole) : whole;
    }
    template <Emitter E>
    static constexpr void run(E& e, WholeProduct<LaneBytes> o, Here) {
        auto a = factor(e, o.rn, o.upper);
        auto b = factor(e, o.rm, o.upper);
        set_v(e, o.rd, e.template vector<Op>(a, b));
    }
};

// ---- AES, carry-less products ----

struct aese : Crypto2Onto<"aese", "0100 1110 0010 1000 0100 10 ..... .....", isa::AesEncrypt> {};
struct aesd : Crypto2Onto<"aesd", "0100 1110 0010 1000 0101 10 ..... .....", isa::AesDecrypt> {};
struct aesmc : Crypto2<"aesmc", "0100 1110 0010 1000 0110 10 ..... .....", isa::AesMixColumns> {};
struct aesimc : Crypto2<"aesimc", "0100 1110 0010 1000 0111 10 ..... .....", isa::AesInverseMixColumns> {};
struct pmull_b : ProductOfHalves<"pmull_b", "0 . 0 01110 00 1 ..... 1110 00 ..... .....", isa::CarrylessProductBytes, 1> {};
struct pmull_d : ProductOfHalves<"pmull_d", "0 . 0 01110 11 1 ..... 1110 00 ..... .....", isa::CarrylessProduct, 8> {};

// ---- SHA-1, SHA-256 ----

struct sha1c : Crypto3Onto<"sha1c", "0101 1110 000 ..... 0 000 00 ..... .....", isa::Sha1Choose> {};
struct sha1p : Crypto3Onto<"sha1p", "0101 1110 000 ..... 0 001 00 ..... .....", isa::Sha1Parity> {};
struct sha1m : Crypto3Onto<"sha1m", "0101 1110 000 ..... 0 010 00 ..... .....", isa::Sha1Majority> {};
struct sha1su0 : Crypto3Onto<"sha1su0", "0101 1110 000 ..... 0 011 00 ..... .....", isa::Sha1Schedule0> {};
struct sha256h : Crypto3Onto<"sha256h", "0101 1110 000 ..... 0 100 00 ..... .....", isa::Sha256Rounds<0>> {};
/// Its old rd is the second half of the state.
struct sha256h2 : Instruction<"sha256h2", "0101 1110 000 ..... 0 101 00 ..... .....", Whole3> {
    template <Emitter E>
    static constexpr void run(E& e, Whole3 o, Here) {
        auto second = v(e, o.rd);
        auto first = v(e, o.rn);
        auto words = v(e, o.rm);
        set_v(e, o.rd, e.template vector<isa::Sha256Rounds<1>>(first, second, words));
    }
};
struct sha256su1 : Crypto3Onto<"sha256su1", "0101 1110 000 ..... 0 110 00 ..... .....", isa::Sha256Schedule1> {};
struct sha1h : Crypto2<"sha1h", "0101 1110 0010 1000 0000 10 ..... .....", isa::Sha1Rotate> {};
struct sha1su1 : Crypto2Onto<"sha1su1", "0101 1110 0010 1000 0001 10 ..... .....", isa::Sha1Schedule1> {};
struct sha256su0 : Crypto2Onto<"sha256su0", "0101 1110 0010 1000 0010 10 ..... .....", isa::Sha256Schedule0> {};

// ---- SHA-512, SHA-3 ----

struct sha512h : Crypto3Onto<"sha512h", "1100 1110 011 ..... 1 0 00 00 ..... .....", isa::Sha512Hash> {};
struct sha512h2 : Crypto3Onto<"sha512h2", "1100 1110 011 ..... 1 0 00 01 ..... .....", isa::Sha512Hash2> {};
struct sha512su1 : Crypto3Onto<"sha512su1", "1100 1110 011 ..... 1 0 00 10 ..... .....", isa::Sha512Schedule1> {};
struct sha512su0 : Crypto2Onto<"sha512su0", "1100 1110 110 00000 1000 00 ..... .....", isa::Sha512Schedule0> {};
struct rax1 : Crypto3<"rax1", "1100 1110 011 ..... 1 0 00 11 ..... .....", isa::XorRotatedByOne> {};
struct eor3 : Crypto4<"eor3", "1100 1110 000 ..... 0 ..... ..... .....", isa::XorThree> {};
struct bcax : Crypto4<"bcax", "1100 1110 001 ..... 0 ..... ..... .....", isa::XorAndNot> {};
struct xar : Instruction<"xar", "1100 1110 100 ..... ...... ..... .....", Whole3With<10, 6>> {
    template <Emitter E>
    static constexpr void run(E& e, Whole3With<10, 6> o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        set_v(e, o.rd, e.template vector_with<isa::XorThenRotate>(o.constant, a, b));
    }
};

// ---- SM3, SM4 ----

struct sm3partw1 : Crypto3Onto<"sm3partw1", "1100 1110 011 ..... 1 1 00 00 ..... .....", isa::Sm3Schedule1> {};
struct sm3partw2 : Crypto3Onto<"sm3partw2", "1100 1110 011 ..... 1 1 00 01 ..... .....", isa::Sm3Schedule2> {};
struct sm3ss1 : Crypto4<"sm3ss1", "1100 1110 010 ..... 0 ..... ..... .....", isa::Sm3Sum> {};
struct sm3tt1a : Sm3Round<"sm3tt1a", "1100 1110 010 ..... 10 .. 00 ..... .....", isa::Sm3Round1<isa::parity<u32>>> {};
struct sm3tt1b : Sm3Round<"sm3tt1b", "1100 1110 010 ..... 10 .. 01 ..... .....", isa::Sm3Round1<isa::majority<u32>>> {};
struct sm3tt2a : Sm3Round<"sm3tt2a", "1100 1110 010 ..... 10 .. 10 ..... .....", isa::Sm3Round2<isa::parity<u32>>> {};
struct sm3tt2b : Sm3Round<"sm3tt2b", "1100 1110 010 ..... 10 .. 11 ..... .....", isa::Sm3Round2<isa::choose<u32>>> {};
struct sm4e : Crypto2Onto<"sm4e", "1100 1110 110 00000 1000 01 ..... .....", isa::Sm4Encrypt> {};
struct sm4ekey : Crypto3<"sm4ekey", "1100 1110 011 ..... 1 1 00 10 ..... .....", isa::Sm4Key> {};

using Crypto = InstructionList<aese, aesd, aesmc, aesimc, pmull_b, pmull_d, sha1c, sha1p, sha1m, sha1su0, sha256h, sha256h2,
                               sha256su1, sha1h, sha1su1, sha256su0, sha512h, sha512h2, sha512su1, sha512su0, rax1, eor3, bcax,
                               xar, sm3partw1, sm3partw2, sm3ss1, sm3tt1a, sm3tt1b, sm3tt2a, sm3tt2b, sm4e, sm4ekey>;

}  // namespace lyrebird::aarch64
