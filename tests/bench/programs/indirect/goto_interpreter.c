// The same byte code by computed goto: an indirect jump at the end of each operation, each with a history of its own.
// build: -fno-gcse
#include "bytecode.h"

#define NEXT                        \
    do {                            \
        now = *at++;                \
        goto* label[now.operation]; \
    } while (0)

static void interpret(const struct Instruction* program, int64_t* variable) {
    static const void* const label[] = {
        [op_push] = &&push,         [op_load] = &&load, [op_store] = &&store, [op_add] = &&add,
        [op_multiply] = &&multiply, [op_half] = &&half, [op_odd] = &&odd,     [op_less] = &&less,
        [op_unless] = &&unless,     [op_jump] = &&jump, [op_halt] = &&halt};
    int64_t stack[16], *top = stack;
    const struct Instruction* at = program;
    struct Instruction now;
    NEXT;
push:
    *top++ = now.operand;
    NEXT;
load:
    *top++ = variable[now.operand];
    NEXT;
store:
    variable[now.operand] = *--top;
    NEXT;
add:
    --top, top[-1] += top[0];
    NEXT;
multiply:
    --top, top[-1] *= top[0];
    NEXT;
half:
    top[-1] /= 2;
    NEXT;
odd:
    top[-1] &= 1;
    NEXT;
less:
    --top, top[-1] = top[-1] < top[0];
    NEXT;
unless:
    at = *--top ? at : program + now.operand;
    NEXT;
jump:
    at = program + now.operand;
    NEXT;
halt:
    return;
}

int main(int argc, char** argv) {
    return run_collatz(interpret, argc, argv);
}
