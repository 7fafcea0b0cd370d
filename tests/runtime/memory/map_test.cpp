#include <doctest/doctest.h>
#include <sys/mman.h>

#include <cerrno>

#include "runtime/memory/address_space.hpp"

using namespace lyrebird;
using namespace lyrebird::memory;

TEST_CASE("anonymous memory is placed below the stack, readable and writable") {
    auto space = AddressSpace::create({});
    REQUIRE(space.has_value());
    SysResult address = (*space)->map(0, 5000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(address > 0);
    GuestAddress start(static_cast<u64>(address));
    CHECK((*space)->contains(start, 8192));
    *start.host<int>() = 7;
    CHECK_EQ((*space)->find(start + 8191)->end, start + 8192);
    CHECK_EQ((*space)->unmap(start.value, 8192), 0);
    CHECK(!(*space)->find(start));
}

TEST_CASE("the stack grows on access and the record follows") {
    auto space = AddressSpace::create({});
    REQUIRE(space.has_value());
    auto top = (*space)->map_stack(4096, false);
    REQUIRE(top.has_value());
    GuestAddress low = *top - (1 << 20);
    CHECK(!(*space)->find(low));
    *low.host<int>() = 1;
    REQUIRE((*space)->find(low));
    CHECK_EQ((*space)->find(low)->backing.path, "[stack]");
    CHECK_EQ((*space)->find(low)->end, *top);
}
