// The table against the kernel's own headers: the guests' numbering is asm-generic/unistd.h, the host's
// asm/unistd_64.h. They are read as text or through the header's own table macro, never beside each other's constants.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <string>

#include "syscall/dispatch.hpp"
#include "syscall/row.hpp"
#include "tests/syscall/kernel_numbers.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;

namespace {
/// The header's function names differ from the calls' in a few cases.
std::string call_name(const std::string& function) {
    static const std::map<std::string, std::string> renamed = {
        {"sys_newuname", "uname"},      {"sys_fadvise64_64", "fadvise64"}, {"sys_umount", "umount2"},
        {"sys_sendfile64", "sendfile"}, {"sys_newfstat", "fstat"},         {"sys_ni_syscall", "nfsservctl"},
    };
    auto found = renamed.find(function);
    return found != renamed.end() ? found->second : function.substr(4);
}

const Row* row_named(const std::string& name) {
    for (const Row& row : table()) {
        if (name == row.name) return &row;
    }
    return nullptr;
}
}  // namespace

TEST_CASE("every number of asm-generic/unistd.h has a row of the same name") {
    int seen = 0;
    for (const auto& [number, function] : testing::kernel_numbers()) {
        CAPTURE(number);
        const Row* row = find_row(static_cast<u64>(number));
        REQUIRE(row != nullptr);
        CHECK_EQ(std::string(row->name), call_name(function));
        ++seen;
    }
    CHECK(seen > 300);
}

TEST_CASE("a row that is passed has the host's number of the same name") {
    const auto& host = testing::host_numbers();
    REQUIRE(host.size() > 300);
    for (const Row& row : table()) {
        if (row.host_number < 0) continue;
        CAPTURE(std::string(row.name));
        auto found = host.find(row.name);
        if (found != host.end()) {
            CHECK_EQ(row.host_number, found->second);
        } else if (row.number >= 424) {
            CHECK_EQ(row.host_number, row.number);  // one numbering on all machines
        } else {
            CHECK_MESSAGE(false, "the host has no call of this name");
        }
    }
}

TEST_CASE("numbers after the header's last go on as the kernel's tables do") {
    const std::map<int, std::string> later = {
        {451, "cachestat"},         {452, "fchmodat2"},         {453, "map_shadow_stack"}, {454, "futex_wake"},
        {455, "futex_wait"},        {456, "futex_requeue"},     {457, "statmount"},        {458, "listmount"},
        {459, "lsm_get_self_attr"}, {460, "lsm_set_self_attr"}, {461, "lsm_list_modules"}, {462, "mseal"},
        {463, "setxattrat"},        {464, "getxattrat"},        {465, "listxattrat"},      {466, "removexattrat"},
        {467, "open_tree_attr"},    {468, "file_getattr"},      {469, "file_setattr"},     {470, "listns"},
    };
    for (const auto& [number, name] : later) {
        CAPTURE(number);
        const Row* row = find_row(static_cast<u64>(number));
        REQUIRE(row != nullptr);
        CHECK_EQ(std::string(row->name), name);
    }
}

TEST_CASE("names are unique, and numbers ascend and find their row") {
    std::set<std::string> names;
    int last = -1;
    for (const Row& row : table()) {
        CHECK(names.insert(row.name).second);
        CHECK(row.number > last);
        last = row.number;
        CHECK_EQ(find_row(row.number), &row);
    }
}

TEST_CASE("gaps of the numbering and numbers beyond it have no row") {
    for (u64 number : {u64{244}, u64{257}, u64{295}, u64{402}, u64{403}, u64{423}, u64{471}, u64{100000}, ~u64{0}}) {
        CAPTURE(number);
        CHECK_EQ(find_row(number), nullptr);
    }
}

TEST_CASE("the guests' own calls are there") {
    CHECK_EQ(row_named("riscv_hwprobe")->number, 258);
    CHECK_EQ(row_named("riscv_flush_icache")->number, 259);
    CHECK_EQ(row_named("renameat")->number, 38);
}

TEST_CASE("a partial or refused row says why") {
    for (const Row& row : table()) {
        CAPTURE(std::string(row.name));
        if (row.support != Support::full) CHECK(std::strlen(row.note) > 0);
        if (row.support == Support::refused) CHECK(row.error > 0);
    }
}

TEST_CASE("the coverage text has a line for each row and their sum") {
    const std::string text = coverage();
    CHECK_EQ(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')), table().size() + 1);
    CHECK(text.find("  0 io_setup                 full\n") != std::string::npos);
    CHECK(text.find("293 rseq                     refused the host's kernel") != std::string::npos);
    CHECK(text.find(std::to_string(table().size()) + " calls: ") != std::string::npos);
}
