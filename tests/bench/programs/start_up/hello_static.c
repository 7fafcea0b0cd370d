// A whole process that prints a line: what starting costs, without a dynamic linker.
#include <stdio.h>

int main(void) {
    puts("hello");
    return 0;
}
