// The byte code that both interpreters run: a stack machine, and one program for it that counts Collatz steps. There is
// one text of it, so the two differ only in how they dispatch.
#pragma once

#include "../bench.h"

enum Operation {
    op_push,
    op_load,
    op_store,
    op_add,
    op_multiply,
    op_half,
    op_odd,
    op_less,
    op_unless,
    op_jump,
    op_halt
};

enum Variable { var_start, var_value, var_steps, var_limit, variables };

struct Instruction {
    uint8_t operation, operand;
};

// for (start = 1; start < limit; ++start)
//     for (value = start; 1 < value; value = value odd ? 3 * value + 1 : value / 2) ++steps;
static const struct Instruction collatz[] = {
    /*  0 */ {op_push, 1},
    /*  1 */ {op_store, var_start},
    /*  2 */ {op_load, var_start},
    /*  3 */ {op_store, var_value},
    /*  4 */ {op_push, 1},
    /*  5 */ {op_load, var_value},
    /*  6 */ {op_less, 0},
    /*  7 */ {op_unless, 26},
    /*  8 */ {op_load, var_steps},
    /*  9 */ {op_push, 1},
    /* 10 */ {op_add, 0},
    /* 11 */ {op_store, var_steps},
    /* 12 */ {op_load, var_value},
    /* 13 */ {op_odd, 0},
    /* 14 */ {op_unless, 22},
    /* 15 */ {op_load, var_value},
    /* 16 */ {op_push, 3},
    /* 17 */ {op_multiply, 0},
    /* 18 */ {op_push, 1},
    /* 19 */ {op_add, 0},
    /* 20 */ {op_store, var_value},
    /* 21 */ {op_jump, 4},
    /* 22 */ {op_load, var_value},
    /* 23 */ {op_half, 0},
    /* 24 */ {op_store, var_value},
    /* 25 */ {op_jump, 4},
    /* 26 */ {op_load, var_start},
    /* 27 */ {op_push, 1},
    /* 28 */ {op_add, 0},
    /* 29 */ {op_store, var_start},
    /* 30 */ {op_load, var_start},
    /* 31 */ {op_load, var_limit},
    /* 32 */ {op_less, 0},
    /* 33 */ {op_unless, 35},
    /* 34 */ {op_jump, 2},
    /* 35 */ {op_halt, 0},
};

typedef void Interpreter(const struct Instruction* program, int64_t* variable);

static inline int run_collatz(Interpreter* interpret, int argc, char** argv) {
    uint64_t sum = 0;
    for (long n = units(argc, argv); n > 0; --n) {
        int64_t variable[variables] = {[var_limit] = hidden(60)};
        interpret(collatz, variable);
        sum = mix(sum, (uint64_t)variable[var_steps]);
    }
    return report(sum);
}
