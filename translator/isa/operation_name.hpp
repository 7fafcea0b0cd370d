// The name of a type as listings show it, without namespaces.
#pragma once

#include <string>
#include <string_view>

namespace lyrebird::isa {

template <class Type>
std::string operation_name() {
    std::string_view whole = __PRETTY_FUNCTION__;
    const std::size_t begin = whole.find("Type = ") + 7;
    const std::size_t end = whole.find_first_of(";]", begin);
    std::string name;
    for (char c : whole.substr(begin, end - begin)) {
        name += c;
        if (!name.ends_with("::")) continue;
        name.resize(name.size() - 2);
        while (!name.empty() && name.find_last_of("<, (") != name.size() - 1) name.pop_back();
    }
    return name;
}

}  // namespace lyrebird::isa
