// AMO instructions in a process of one thread, where a VM may take plain ones and be faster than native: qemu does.
#include "additions.h"

int main(int argc, char** argv) {
    return report(run_additions(units(argc, argv) * 4096));
}
