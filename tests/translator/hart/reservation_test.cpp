#include "translator/isa/reservation.hpp"

#include <thread>

#include "guest_code.hpp"

using namespace lyrebird;
using isa::ExitReason;


TEST_CASE_TEMPLATE("A store-conditional without a reservation fails and stores nothing", T, Interpreter, Translator) {
    GuestCode guest(T::number);
    GuestCode::write(GuestCode::code, {"sc.d x5, x6, (x7)", "ecall"});
    guest.state().x[6] = 9;
    guest.state().x[7] = GuestCode::data;
    guest.run_at(GuestCode::code);
    CHECK_EQ(guest.state().x[5], 1);
    CHECK_EQ(*GuestAddress(GuestCode::data).host<u64>(), 0);
}

TEST_CASE_TEMPLATE("Leaving guest code loses the reservation", T, Interpreter, Translator) {
    GuestCode guest(T::number);
    GuestCode::write(GuestCode::code, {"lr.d x5, (x7)", "ecall", "sc.d x5, x6, (x7)", "ecall"});
    guest.state().x[7] = GuestCode::data;
    guest.run_at(GuestCode::code);
    guest.cpu->advance();
    guest.cpu->run();
    CHECK_EQ(guest.state().x[5], 1);
}

TEST_CASE_TEMPLATE("Increments by load-reserved and store-conditional from two threads are all counted", T, Interpreter, Translator) {
    GuestCode guest(T::number);
    GuestCode::write(GuestCode::code, {"lr.d x5, (x7)", "addi x5, x5, 1", "sc.d x6, x5, (x7)", "bne x6, x0, 0x10000000",
                                       "addi x8, x8, -1", "bne x8, x0, 0x10000000", "ecall"});
    constexpr u64 rounds = 100000;
    guest.state().x[7] = GuestCode::data;
    guest.state().x[8] = rounds;
    auto other = guest.cpu->clone();
    std::thread second([&] {
        other->set_pc(GuestCode::code);
        other->run();
    });
    guest.run_at(GuestCode::code);
    second.join();
    CHECK_EQ(*GuestAddress(GuestCode::data).host<u64>(), 2 * rounds);
}

TEST_CASE_TEMPLATE("A store-conditional fails when another thread wrote the same value back in between", T, Interpreter, Translator) {
    // The first thread reads a counter twice between load and store; the second raises it, then writes B and A again. When the
    // store succeeds, no write may lie between: the counter must have stood still.
    GuestCode guest(T::number);
    std::vector<std::string_view> watcher{"lr.d x5, (x7)", "ld x9, 0(x10)"};
    for (int i = 0; i < 40; ++i) watcher.emplace_back("ld x12, 0(x10)");
    watcher.insert(watcher.end(), {"ld x11, 0(x10)", "sc.d x6, x5, (x7)", "ecall"});
    GuestCode::write(GuestCode::code, watcher);
    GuestCode::write(GuestCode::code + 0x100, {"addi x5, x5, 1", "sd x5, 0(x10)", "sd x6, 0(x7)", "sd x0, 0(x7)",
                                               "addi x8, x8, -1", "bne x8, x0, 0x10000100", "ecall"});
    guest.state().x[7] = GuestCode::data;
    guest.state().x[10] = GuestCode::data + 64;
    auto writer = guest.cpu->clone();
    GuestCode::state(*writer).x[6] = 1;
    std::atomic<bool> done{false};
    std::atomic<bool> started{false};
    std::thread second([&] {
        while (!done) {
            started = true;
            GuestCode::state(*writer).x[8] = 1000;
            writer->set_pc(GuestCode::code + 0x100);
            if (writer->run() != ExitReason::system_call) break;
        }
    });
    while (!started) std::this_thread::yield();
    int stored = 0;
    int wrong = 0;
    for (int round = 0; round < 30000; ++round) {
        REQUIRE_EQ(guest.run_at(GuestCode::code), ExitReason::system_call);
        if (guest.state().x[6] != 0) continue;
        ++stored;
        wrong += guest.state().x[9] != guest.state().x[11];
    }
    done = true;
    second.join();
    CHECK_GT(stored, 0);
    CHECK_EQ(wrong, 0);
}

TEST_CASE_TEMPLATE("A thread that waits on a reservation sees another's store, and lets it run", T, Interpreter, Translator) {
    GuestCode guest(T::number);
    GuestCode::write(GuestCode::code, {"lr.d x5, (x7)", "bne x5, x0, 0x10000010", "wrs.nto", "jal x0, 0x10000000", "ecall"});
    GuestCode::write(GuestCode::code + 0x100,
                     {"addi x8, x8, -1", "bne x8, x0, 0x10000100", "sd x7, 0(x7)", "ecall"});
    guest.state().x[7] = GuestCode::data;
    guest.state().x[8] = 200000;
    auto other = guest.cpu->clone();
    std::thread second([&] {
        other->set_pc(GuestCode::code + 0x100);
        other->run();
    });
    CHECK_EQ(guest.run_at(GuestCode::code), ExitReason::system_call);
    second.join();
    CHECK_EQ(guest.state().x[5], GuestCode::data);
}
