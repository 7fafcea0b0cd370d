// The host's features as options name them: what is left unused is left unused with all that builds on it.
#include "translator/x64/features.hpp"

#include <doctest/doctest.h>

#include "tests/support/riscv64_translation.hpp"

using namespace lyrebird;
using test::all_features;
using x64::Features;

TEST_CASE("Features are left unused by name, several with commas between") {
    CHECK_EQ(all_features.text(), "bmi1 bmi2 lzcnt pclmul aes avx fma avx512");
    CHECK_EQ(all_features.without("")->text(), all_features.text());
    CHECK_EQ(all_features.without("bmi2")->text(), "bmi1 lzcnt pclmul aes avx fma avx512");
    CHECK_EQ(all_features.without("pclmul,bmi1,lzcnt")->text(), "bmi2 aes avx fma avx512");
    CHECK_EQ(all_features.without("all")->text(), "none");
}

TEST_CASE("What builds on a feature goes with it") {
    CHECK_EQ(all_features.without("avx")->text(), "bmi1 bmi2 lzcnt pclmul aes");
    CHECK_EQ(all_features.without("avx512")->text(), "bmi1 bmi2 lzcnt pclmul aes avx fma");
}

TEST_CASE("A name that is no feature is an error that says so, wherever it stands") {
    for (const char* list : {"sse9", "bmi1,sse9", "sse9,bmi1", "all,sse9"}) {
        auto left = all_features.without(list);
        REQUIRE_FALSE(left.has_value());
        CHECK_NE(left.error().message.find("\"sse9\""), std::string::npos);
    }
    CHECK_FALSE(all_features.without(",").has_value());
}

TEST_CASE("Nothing can be left unused that is not there, and nothing comes by it") {
    CHECK_EQ(test::no_features.without("avx512,fma")->text(), "none");
    Features host = Features::of_host();
    CHECK_EQ(host.without("")->text(), host.text());
    CHECK((host.avx || (!host.fma && !host.avx512)));
}
