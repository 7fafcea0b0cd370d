#include "runtime/engine/alternate_stack.hpp"

#include <doctest/doctest.h>

using namespace lyrebird;
using engine::AlternateStack;
using engine::StackRecord;

namespace {
constexpr u64 minimum = 2048;
constexpr u64 outside = 0x900000;
constexpr StackRecord wanted{0x10000, 0, 0, 0x4000};
constexpr int autodisarm = int(0x80000000U);
}  // namespace

TEST_CASE("there is no alternate stack at first") {
    AlternateStack stack;
    CHECK_EQ(stack.report(outside).flags, SS_DISABLE);
    CHECK_EQ(stack.report(outside).size, 0);
    CHECK_EQ(stack.frame_top(outside, true), outside);
}

TEST_CASE("a handler that wants it starts at the alternate stack's end, one that runs there already goes on below") {
    AlternateStack stack;
    REQUIRE_EQ(stack.set(wanted, outside, minimum), 0);
    CHECK_EQ(stack.frame_top(outside, true), 0x14000);
    CHECK_EQ(stack.frame_top(outside, false), outside);
    CHECK_EQ(stack.frame_top(0x12000, true), 0x12000);
    CHECK_EQ(stack.report(0x12000).flags, SS_ONSTACK);
    CHECK_EQ(stack.report(0x14000).flags, SS_ONSTACK);
    CHECK_EQ(stack.report(0x10000).flags, 0);
}

TEST_CASE("what Linux refuses is refused with its errors") {
    AlternateStack stack;
    CHECK_EQ(stack.set({0x10000, 0, 0, minimum - 1}, outside, minimum), -ENOMEM);
    CHECK_EQ(stack.set({0x10000, 4, 0, 0x4000}, outside, minimum), -EINVAL);
    REQUIRE_EQ(stack.set(wanted, outside, minimum), 0);
    CHECK_EQ(stack.set({0x20000, 0, 0, 0x4000}, 0x12000, minimum), -EPERM);
    CHECK_EQ(stack.set({0, SS_DISABLE, 0, 0}, 0x12000, minimum), -EPERM);
    CHECK_EQ(stack.report(outside).pointer, wanted.pointer);
}

TEST_CASE("disabling forgets the stack") {
    AlternateStack stack;
    REQUIRE_EQ(stack.set(wanted, outside, minimum), 0);
    REQUIRE_EQ(stack.set({77, SS_DISABLE, 0, 99}, outside, minimum), 0);
    CHECK_EQ(stack.report(outside).pointer, 0);
    CHECK_EQ(stack.report(outside).size, 0);
    CHECK_EQ(stack.frame_top(outside, true), outside);
}

TEST_CASE("SS_AUTODISARM is shown, lets the stack be changed anywhere, and forgets it when a handler is entered") {
    AlternateStack stack;
    REQUIRE_EQ(stack.set({0x10000, autodisarm, 0, 0x4000}, outside, minimum), 0);
    CHECK_EQ(stack.report(0x12000).flags, autodisarm);
    CHECK_EQ(stack.record().flags, autodisarm);
    CHECK_EQ(stack.set({0x20000, autodisarm, 0, 0x4000}, 0x21000, minimum), 0);
    stack.entered_handler();
    CHECK_EQ(stack.report(outside).flags, SS_DISABLE);
}

TEST_CASE("a frame that leaves the stack it would be built on is an overflow") {
    AlternateStack stack;
    REQUIRE_EQ(stack.set(wanted, outside, minimum), 0);
    CHECK_FALSE(stack.overflows(0x12000, 0x11000));
    CHECK(stack.overflows(0x10100, 0xff00));
    CHECK_FALSE(stack.overflows(outside, 0xff00));
}
