// Operations on lanes of integers where they are easily wrong: at the ends of the range, for shifts by a whole width and more,
// and in the order of lanes. Expected values are computed by hand from the manual's pseudocode (Arm ARM J1.3, C7.2).
#include "translator/isa/vector/lanes.hpp"

#include <doctest/doctest.h>

#include "translator/isa/vector/lane_operations.hpp"
#include "translator/isa/vector/threes.hpp"

using namespace lyrebird;
using namespace lyrebird::isa;

namespace {

template <class T, class... N>
VectorRegister vector_with(N... lanes) {
    return vector_of<T>(LaneArray<T>{T(lanes)...});
}
/// What becomes of one lane, and whether it saturates.
template <class T>
struct Outcome {
    T value;
    bool saturated = false;
    bool operator==(const Outcome&) const = default;
};
template <class F, class T, class... N>
Outcome<T> outcome(u64 shift, N... lanes) {
    bool saturated = false;
    const T value = F::template apply<T>(saturated, shift, T(lanes)...);
    return {value, saturated};
}

}  // namespace

TEST_CASE("Shifts by a register go left or right by its signed low byte") {
    CHECK(lane::ShiftBy::apply<u8>(0x81, 1) == 0x02);
    CHECK(lane::ShiftBy::apply<u8>(0x81, 8) == 0);
    CHECK(lane::ShiftBy::apply<u8>(0x81, 0xff) == 0x40);
    CHECK(lane::ShiftBy::apply<i8>(i8(0x81), -1) == i8(0xc0));
    CHECK(lane::ShiftBy::apply<i8>(i8(0x81), -128) == -1);
    CHECK(lane::ShiftBy::apply<u16>(0x8000, 0x0100) == 0x8000);  // only the low byte counts
    CHECK(lane::ShiftBy::apply<i64>(i64(u64{1} << 63), -64) == -1);
    CHECK(lane::ShiftBy::apply<u64>(~u64{0}, u64(i64{-64})) == 0);
    CHECK(lane::ShiftBy::apply<u64>(1, 127) == 0);
}

TEST_CASE("Rounding shifts round halves upwards, also by a whole width") {
    CHECK(lane::RoundingShiftBy::apply<i8>(-3, -1) == -1);
    CHECK(lane::RoundingShiftBy::apply<i8>(3, -1) == 2);
    CHECK(lane::RoundingShiftBy::apply<u8>(0x80, u8(-8)) == 1);
    CHECK(lane::RoundingShiftBy::apply<u8>(0x7f, u8(-8)) == 0);
    CHECK(lane::RoundingShiftBy::apply<u8>(0xff, u8(-9)) == 0);
    CHECK(lane::RoundingShiftBy::apply<i8>(-128, -8) == 0);
    CHECK(lane::RoundingShiftBy::apply<u64>(~u64{0}, u64(-64)) == 1);
    CHECK(lane::RoundingShiftBy::apply<i64>(i64(u64{1} << 63), -64) == 0);
    CHECK(lane::RoundingShiftRight::apply<u64>(64, ~u64{0}) == 1);
    CHECK(lane::RoundingShiftRight::apply<i64>(64, -1) == 0);
    CHECK(lane::ShiftRight::apply<i64>(64, -1) == -1);
    CHECK(lane::ShiftRight::apply<u64>(64, ~u64{0}) == 0);
}

TEST_CASE("Saturating shifts") {
    using Shift = lane::SaturatingShiftBy<false>;
    using Rounding = lane::SaturatingShiftBy<true>;
    CHECK(outcome<Shift, i8>(0, 0x40, 1) == Outcome<i8>{127, true});
    CHECK(outcome<Shift, i8>(0, -64, 1) == Outcome<i8>{-128});
    CHECK(outcome<Shift, i8>(0, -1, 127) == Outcome<i8>{-128, true});
    CHECK(outcome<Shift, i8>(0, 0, 127) == Outcome<i8>{0});
    CHECK(outcome<Shift, u64>(0, 1, 64) == Outcome<u64>{~u64{0}, true});
    CHECK(outcome<Shift, u64>(0, ~u64{0}, 63) == Outcome<u64>{~u64{0}, true});
    CHECK(outcome<Shift, i64>(0, i64(u64{1} << 63), -64) == Outcome<i64>{-1});
    CHECK(outcome<Rounding, u8>(0, 255, -1) == Outcome<u8>{128});
    CHECK(outcome<lane::SaturatingShiftLeft, i16>(15, -1) == Outcome<i16>{-32768});
    CHECK(outcome<lane::SaturatingShiftLeft, i16>(15, 1) == Outcome<i16>{32767, true});
    CHECK(outcome<lane::SaturatingShiftLeftUnsigned, i8>(1, -1) == Outcome<i8>{0, true});
    CHECK(outcome<lane::SaturatingShiftLeftUnsigned, i8>(1, 127) == Outcome<i8>{i8(254)});
}

TEST_CASE("Saturating sums, negations and doubled products") {
    constexpr i64 least = i64(u64{1} << 63), greatest = ~least;
    CHECK(outcome<lane::SaturatingAdd, i64>(0, greatest, 1) == Outcome<i64>{greatest, true});
    CHECK(outcome<lane::SaturatingSub, i64>(0, least, 1) == Outcome<i64>{least, true});
    CHECK(outcome<lane::SaturatingAdd, u64>(0, ~u64{0}, 1) == Outcome<u64>{~u64{0}, true});
    CHECK(outcome<lane::SaturatingSub, u8>(0, 1, 2) == Outcome<u8>{0, true});
    CHECK(outcome<lane::SaturatingAddOther, i8>(0, -1, u8(255)) == Outcome<i8>{127, true});
    CHECK(outcome<lane::SaturatingAddOther, i8>(0, -128, u8(255)) == Outcome<i8>{127});
    CHECK(outcome<lane::SaturatingAddOther, u8>(0, 1, u8(-2)) == Outcome<u8>{0, true});
    CHECK(outcome<lane::SaturatingAbs, i32>(0, i32(0x8000'0000)) == Outcome<i32>{0x7fff'ffff, true});
    CHECK(outcome<lane::SaturatingNeg, i64>(0, least) == Outcome<i64>{greatest, true});
    CHECK(outcome<lane::DoublingMulHigh<false>, i16>(0, -32768, -32768) == Outcome<i16>{32767, true});
    CHECK(outcome<lane::DoublingMulHigh<true>, i32>(0, i32(0x8000'0000), i32(0x8000'0000)) ==
          Outcome<i32>{0x7fff'ffff, true});
    CHECK(outcome<lane::DoublingMulHigh<true>, i16>(0, 1, 0x4000) == Outcome<i16>{1});
    CHECK(outcome<lane::DoublingMulHigh<false>, i16>(0, 1, 0x4000) == Outcome<i16>{0});
    CHECK(outcome<lane::RoundingDoublingMulAddHigh<false>, i16>(0, -1, -32768, -32768) == Outcome<i16>{32767});
    CHECK(outcome<lane::RoundingDoublingMulAddHigh<true>, i16>(0, -1, -32768, -32768) == Outcome<i16>{-32768, true});
}

TEST_CASE("Bits are counted within the lane") {
    CHECK(lane::CountLeadingSigns::apply<i8>(0) == 7);
    CHECK(lane::CountLeadingSigns::apply<i8>(-1) == 7);
    CHECK(lane::CountLeadingSigns::apply<i8>(-64) == 1);
    CHECK(lane::CountLeadingSigns::apply<i32>(1) == 30);
    CHECK(lane::CountLeadingZeros::apply<u16>(1) == 15);
    CHECK(lane::CountLeadingZeros::apply<u16>(0) == 16);
}

TEST_CASE("Pairs, zips and unzips take the lower operand first") {
    const auto a = vector_with<u32>(1, 2, 3, 4), b = vector_with<u32>(5, 6, 7, 8);
    CHECK(lanes_of<u32>(Pairwise<lane::Add, u32>::apply(a, b)) == LaneArray<u32>{3, 7, 11, 15});
    CHECK(lanes_of<u32>(Zip<u32, 0>::apply(a, b)) == LaneArray<u32>{1, 5, 2, 6});
    CHECK(lanes_of<u32>(Zip<u32, 1>::apply(a, b)) == LaneArray<u32>{3, 7, 4, 8});
    CHECK(lanes_of<u32>(Unzip<u32, 0>::apply(a, b)) == LaneArray<u32>{1, 3, 5, 7});
    CHECK(lanes_of<u32>(Unzip<u32, 1>::apply(a, b)) == LaneArray<u32>{2, 4, 6, 8});
    CHECK(lanes_of<u32>(Transpose<u32, 0>::apply(a, b)) == LaneArray<u32>{1, 5, 3, 7});
    CHECK(lanes_of<u32>(Transpose<u32, 1>::apply(a, b)) == LaneArray<u32>{2, 6, 4, 8});
    CHECK(lanes_of<u32>(ExtractBytes::apply(12, a, b)) == LaneArray<u32>{4, 5, 6, 7});
    CHECK(lanes_of<u32>(ReverseWithin<u32, 8>::apply(a)) == LaneArray<u32>{2, 1, 4, 3});
}

TEST_CASE("Structures of three are taken apart and put together") {
    const auto a = vector_with<u64>(0, 1), b = vector_with<u64>(2, 3), c = vector_with<u64>(4, 5);
    const auto x = EveryThird<u64, 0>::apply(a, b, c);
    const auto y = EveryThird<u64, 1>::apply(a, b, c);
    const auto z = EveryThird<u64, 2>::apply(a, b, c);
    CHECK(lanes_of<u64>(x) == LaneArray<u64>{0, 3});
    CHECK(lanes_of<u64>(y) == LaneArray<u64>{1, 4});
    CHECK(lanes_of<u64>(z) == LaneArray<u64>{2, 5});
    CHECK(lanes_of<u64>(ThreeInTurn<u64, 0>::apply(x, y, z)) == LaneArray<u64>{0, 1});
    CHECK(lanes_of<u64>(ThreeInTurn<u64, 1>::apply(x, y, z)) == LaneArray<u64>{2, 3});
    CHECK(lanes_of<u64>(ThreeInTurn<u64, 2>::apply(x, y, z)) == LaneArray<u64>{4, 5});
}

TEST_CASE("Tables answer zero, or the old byte, beyond their end") {
    LaneArray<u8> first{}, second{}, index{};
    for (std::size_t i = 0; i < 16; ++i) first[i] = u8(i + 100), second[i] = u8(i + 200);
    index = {0, 15, 16, 31, 32, 255};
    const auto at = vector_of<u8>(index), low = vector_of<u8>(first), high = vector_of<u8>(second);
    const auto found = lanes_of<u8>(LookUp::apply(at, low, high));
    CHECK(found[0] == 100);
    CHECK(found[1] == 115);
    CHECK(found[2] == 200);
    CHECK(found[3] == 215);
    CHECK(found[4] == 0);
    CHECK(found[5] == 0);
    const auto kept = lanes_of<u8>(LookUpOnto::apply(vector_with<u8>(1, 2, 3, 4, 5, 6), at, low));
    CHECK(kept[1] == 115);
    CHECK(kept[2] == 3);
    CHECK(kept[5] == 6);
}

TEST_CASE("Sums of products of bytes know each factor's sign") {
    const auto ones = vector_with<u8>(255, 255, 255, 255, 1, 2, 3, 4);
    const auto twos = vector_with<u8>(255, 2, 2, 2, 1, 1, 1, 128);
    const VectorRegister start = vector_with<u32>(10, 0);
    CHECK(lanes_of<u32>(DotProduct<i8, i8>::apply(start, ones, twos)) == LaneArray<u32>{10 + 1 - 6, u32(6 - 512)});
    CHECK(lanes_of<u32>(DotProduct<u8, u8>::apply(start, ones, twos)) == LaneArray<u32>{10 + 255 * 261, 6 + 512});
    CHECK(lanes_of<u32>(DotProduct<u8, i8>::apply(start, ones, twos)) == LaneArray<u32>{10 + 255 * 5, u32(6 - 512)});
    const auto rows = vector_with<u8>(1, 0, 0, 0, 0, 0, 0, 0, 0, 2);
    const auto columns = vector_with<u8>(3, 4, 0, 0, 0, 0, 0, 0, 5, 6);
    CHECK(lanes_of<u32>(MatrixProduct<u8, u8>::apply({}, rows, columns)) == LaneArray<u32>{3, 5, 8, 12});
}
