// Exceptions through frames and out of signal handlers' interruptions, threads, atomics, strings of the C++ library.
#include <atomic>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

static int depth(int n) {
    if (n == 0) throw std::runtime_error("bottom");
    struct Counter {
        ~Counter() { ++destroyed(); }
        static int& destroyed() {
            static int count;
            return count;
        }
    } counter;
    int below = depth(n - 1);
    return below + Counter::destroyed();
}

int main() {
    int caught = 0;
    for (int i = 0; i < 200; ++i) {
        try {
            depth(10);
        } catch (const std::exception& error) {
            caught += std::string(error.what()) == "bottom";
        }
    }
    std::printf("caught %d\n", caught);
    std::atomic<long> sum{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&sum, i] {
            for (int j = 0; j < 1000; ++j) sum += i;
        });
    }
    for (auto& thread : threads) thread.join();
    std::printf("sum %ld\n", sum.load());
    std::map<std::string, int> words;
    for (const char* word : {"one", "two", "one", "three", "two", "one"}) ++words[word];
    for (const auto& [word, count] : words) std::printf("%s %d\n", word.c_str(), count);
    return 0;
}
