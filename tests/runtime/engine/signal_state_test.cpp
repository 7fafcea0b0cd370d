#include "runtime/engine/signal_state.hpp"

#include <doctest/doctest.h>

using namespace lyrebird;
using namespace lyrebird::engine;

TEST_CASE("arrived signals come out in their order, over and over, and fullness is known") {
    ArrivedSignals arrived;
    u32 in = 0;
    u32 out = 0;
    for (int round = 0; round < 10; ++round) {
        while (!arrived.full()) {
            arrived.next_free().saved_mask = in++;
            arrived.push();
        }
        CHECK_EQ(in - out, ArrivedSignals::capacity);
        for (u32 i = 0; i < ArrivedSignals::capacity - u32(round); ++i) {
            CHECK_EQ(arrived.front().saved_mask, out++);
            arrived.pop();
        }
    }
    arrived.clear();
    CHECK(arrived.empty());
}

TEST_CASE("a deferred signal is kept once of a kind, with the first one's information") {
    DeferredSignals deferred;
    siginfo_t first{};
    first.si_code = SI_QUEUE;
    siginfo_t second{};
    second.si_code = SI_TKILL;
    deferred.add(SIGSEGV, first);
    deferred.add(SIGSEGV, second);
    deferred.add(SIGTRAP, second);
    CHECK_EQ(deferred.set(), signal_bit(SIGSEGV) | signal_bit(SIGTRAP));
    CHECK_EQ(deferred.take(SIGSEGV).si_code, SI_QUEUE);
    CHECK_EQ(deferred.set(), signal_bit(SIGTRAP));
    deferred.clear();
    CHECK_EQ(deferred.set(), 0U);
}
