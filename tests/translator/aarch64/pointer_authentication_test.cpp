// The cipher, by the known answers that its author published; and what the codes are made of it.
#include "translator/aarch64/pointer_authentication.hpp"

#include <doctest/doctest.h>

using namespace lyrebird;
using namespace lyrebird::aarch64;

TEST_CASE("QARMA-64 with five rounds gives the published answers with each S-box") {
    constexpr u64 text = 0xfb62'3599'da6e'8127, tweak = 0x477d'469d'ec0b'8762;
    constexpr u64 whitening = 0x84be'85ce'9804'e94b, core = 0xec28'02d4'e0a4'88e9;
    CHECK_EQ(qarma::encrypt<0>(text, tweak, whitening, core), 0x3ee9'9a6c'82af'0c38);
    CHECK_EQ(qarma::encrypt<1>(text, tweak, whitening, core), 0x544b'0ab9'5bda'7c3a);
    CHECK_EQ(qarma::encrypt<2>(text, tweak, whitening, core), 0xc003'b939'99b3'3765);
}

TEST_CASE("what was signed is authenticated, and nothing else is") {
    constexpr PointerKey key{.low = 1, .high = 2}, other{.low = 3, .high = 2};
    for (u64 pointer : {u64{0x1234}, u64{0xab00'7fff'ffff'fffc}, u64{0xffff'8000'0000'0000}}) {
        for (u64 modifier : {u64{0}, u64{7}, ~u64{0}}) {
            const u64 pointer_with_code = with_code(pointer, modifier, key);
            CHECK_EQ(stripped(pointer_with_code), pointer);
            CHECK_EQ(without_code(pointer_with_code, modifier, key, false), pointer);
            constexpr u64 error = u64{3} << 53;
            for (int bit = lowest_code_bit; bit < 55; ++bit) {
                const u64 wrong = pointer_with_code ^ u64{1} << bit;
                CHECK_EQ(without_code(wrong, modifier, key, false), ((pointer & ~error) | u64{1} << 53));
                CHECK_EQ(without_code(wrong, modifier, key, true), ((pointer & ~error) | u64{2} << 53));
            }
        }
        int differing = 0;
        for (u64 modifier = 0; modifier < 64; ++modifier) {
            differing += with_code(pointer, modifier, key) != with_code(pointer, modifier, other);
            differing += with_code(pointer, modifier, key) != with_code(pointer, modifier + 64, key);
        }
        CHECK(differing > 115);  // of 128, by chance
    }
}

TEST_CASE("what is no address does not become one by being signed and authenticated") {
    constexpr PointerKey key{.low = 1, .high = 2};
    constexpr u64 no_address = 0x0001'0000'0000'1000;
    CHECK_NE(without_code(with_code(no_address, 5, key), 5, key, false), stripped(no_address));
}

TEST_CASE("a key that is switched off changes nothing, the generic one cannot be") {
    State state;
    renew_keys(state, all_keys);
    state.enabled_keys = 0b0101;
    CHECK_EQ(sign_pointer(state, 0x1000, 1, instruction_b), 0x1000);
    CHECK_EQ(authenticate_pointer(state, 0x7f'0000'0000'1000, 1, data_b), 0x7f'0000'0000'1000);
    CHECK_EQ(sign_pointer(state, 0x1000, 1, data_a), with_code(0x1000, 1, state.keys[data_a]));
    CHECK_EQ(generic_code(state, 1, 2), (authentication_code(1, 2, state.keys[generic]) & 0xffff'ffff'0000'0000));
}
