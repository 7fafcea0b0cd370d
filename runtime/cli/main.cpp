// The command `lyre`. Everything it can do is in start.cpp and in the libraries.
#include "runtime/base/image.hpp"
#include "runtime/cli/start.hpp"

int main(int argc, char** argv, char** environment) {
    lyrebird::prepare_heap();
    return lyrebird::cli::start(lyrebird::cli::Invocation::of_main(argc, argv, environment));
}
