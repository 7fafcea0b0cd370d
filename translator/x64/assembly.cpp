#include "translator/x64/assembly.hpp"

#include <cstring>

namespace lyrebird::x64 {

void Assembly::Stop::handleError(asmjit::Error, const char* message, asmjit::BaseEmitter*) {
    check_failed(message, __FILE__, __LINE__);
}

Assembly::Assembly() {
    holder_.init(asmjit::Environment::host());
    holder_.setErrorHandler(&stop_);
    holder_.attach(&encoder_);
}

void Assembly::bytes(std::initializer_list<u8> values) {
    encoder_.append(values);
}

Assembly::Forward Assembly::jump_short(CondCode condition) {
    bytes({u8(0x70 | u8(condition)), 0});
    return {offset() - 1, true};
}
Assembly::Forward Assembly::jump_short() {
    bytes({0xeb, 0});
    return {offset() - 1, true};
}
Assembly::Forward Assembly::jump_far(CondCode condition) {
    return {jump_away(condition), false};
}

void Assembly::bind(Forward jump, u32 to) {
    if (!jump.one_byte) return set_displacement(jump.at, i32(to) - i32(jump.at) - 4);
    i32 distance = i32(to) - i32(jump.at) - 1;
    ENSURE(distance >= -128 && distance < 128, "a short jump that is too far");
    encoder_.bufferData()[jump.at] = u8(distance);
}

void Assembly::jump_to(u32 to) {
    u32 at = jump_away();
    set_displacement(at, i32(to) - i32(at) - 4);
}

void Assembly::align_displacement(u32 bytes_before) {
    static constexpr u8 nops[3][3] = {{0x90}, {0x66, 0x90}, {0x0f, 0x1f, 0x00}};
    u32 place = (offset() + bytes_before) % 8;
    if (place <= 4) return;
    u32 count = 8 - place;
    encoder_.embed(nops[count - 1], count);
}

u32 Assembly::linkable_jump() {
    align_displacement(1);
    return jump_away();
}
u32 Assembly::linkable_jump(CondCode condition) {
    align_displacement(2);
    return jump_away(condition);
}
u32 Assembly::linkable_call() {
    align_displacement(1);
    return call_away();
}
u32 Assembly::jump_away() {
    bytes({0xe9, 0, 0, 0, 0});
    return offset() - 4;
}
u32 Assembly::jump_away(CondCode condition) {
    bytes({0x0f, u8(0x80 | u8(condition)), 0, 0, 0, 0});
    return offset() - 4;
}
u32 Assembly::call_away() {
    bytes({0xe8, 0, 0, 0, 0});
    return offset() - 4;
}

void Assembly::set_displacement(u32 at, i32 value) {
    std::memcpy(encoder_.bufferData() + at, &value, sizeof value);
}

}  // namespace lyrebird::x64
