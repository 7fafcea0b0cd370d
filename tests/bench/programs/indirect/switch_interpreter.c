// A byte-code interpreter around one switch: every operation leaves through the same indirect jump, through a table.
#include "bytecode.h"

static void interpret(const struct Instruction* program, int64_t* variable) {
    int64_t stack[16], *top = stack;
    for (const struct Instruction* at = program;;) {
        struct Instruction now = *at++;
        switch (now.operation) {
            case op_push:
                *top++ = now.operand;
                break;
            case op_load:
                *top++ = variable[now.operand];
                break;
            case op_store:
                variable[now.operand] = *--top;
                break;
            case op_add:
                --top, top[-1] += top[0];
                break;
            case op_multiply:
                --top, top[-1] *= top[0];
                break;
            case op_half:
                top[-1] /= 2;
                break;
            case op_odd:
                top[-1] &= 1;
                break;
            case op_less:
                --top, top[-1] = top[-1] < top[0];
                break;
            case op_unless:
                at = *--top ? at : program + now.operand;
                break;
            case op_jump:
                at = program + now.operand;
                break;
            case op_halt:
                return;
        }
    }
}

int main(int argc, char** argv) {
    return run_collatz(interpret, argc, argv);
}
