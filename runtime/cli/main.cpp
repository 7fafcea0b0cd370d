// The command `lyre`. Everything it can do is in start.cpp and in the libraries.
#include "runtime/cli/start.hpp"

int main(int argc, char** argv, char** environment) {
    return lyrebird::cli::start(lyrebird::cli::Invocation::of_main(argc, argv, environment));
}
