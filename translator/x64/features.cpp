#include "translator/x64/features.hpp"

#include <array>

#include "runtime/base/text.hpp"

namespace lyrebird::x64 {

namespace {
struct Named {
    std::string_view name;
    bool Features::*member;
};
constexpr auto names = std::to_array<Named>({{"bmi1", &Features::bmi1},
                                             {"bmi2", &Features::bmi2},
                                             {"lzcnt", &Features::lzcnt},
                                             {"pclmul", &Features::pclmul},
                                             {"aes", &Features::aes},
                                             {"avx", &Features::avx},
                                             {"fma", &Features::fma},
                                             {"avx512", &Features::avx512}});
}  // namespace

Features Features::of_host() {
    Features features;
    __builtin_cpu_init();
    features.bmi1 = __builtin_cpu_supports("bmi") != 0;
    features.bmi2 = __builtin_cpu_supports("bmi2") != 0;
    features.lzcnt = __builtin_cpu_supports("lzcnt") != 0;
    features.pclmul = __builtin_cpu_supports("pclmul") != 0;
    features.aes = __builtin_cpu_supports("aes") != 0;
    features.avx = __builtin_cpu_supports("avx") != 0;
    features.fma = features.avx && __builtin_cpu_supports("fma") != 0;
    features.avx512 = features.avx && __builtin_cpu_supports("avx512f") != 0 &&
                      __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
                      __builtin_cpu_supports("avx512bw") != 0;
    return features;
}

Result<Features> Features::without(std::string_view list) const {
    Features result = *this;
    while (!list.empty()) {
        std::size_t comma = list.find(',');
        std::string_view word = list.substr(0, comma);
        list = comma == list.npos ? std::string_view() : list.substr(comma + 1);
        bool found = false;
        for (const Named& named : names) {
            if (word != named.name && word != "all") continue;
            result.*named.member = false;
            found = true;
        }
        if (!found) return fail(format("there is no host feature \"{}\" to leave unused", word));
    }
    // What builds on another goes with it.
    result.fma = result.fma && result.avx;
    result.avx512 = result.avx512 && result.avx;
    return result;
}

std::string Features::text() const {
    std::string text;
    for (const Named& named : names) {
        if (this->*named.member) append(text, "{}{}", text.empty() ? "" : " ", named.name);
    }
    return text.empty() ? "none" : text;
}

}  // namespace lyrebird::x64
