// AMO instructions in a process of two threads: they must be the host's atomic instructions.
#include "additions.h"
#include "company.h"

int main(int argc, char** argv) {
    struct Company company;
    begin_company(&company);
    uint64_t sum = run_additions(units(argc, argv) * 4096);
    end_company(&company);
    return report(sum);
}
