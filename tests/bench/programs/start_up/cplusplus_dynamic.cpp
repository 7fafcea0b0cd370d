// A C++ program as it is linked by default: four libraries and a hundred relocated symbols before the first line.
// build: -pie -fPIE
#include <iostream>

int main() {
    std::cout << "hello\n";
    return 0;
}
