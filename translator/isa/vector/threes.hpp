// Structures of three lanes: taken apart into three registers and put together from them. (Those of two and four are Zip and Unzip.)
#pragma once

#include "translator/isa/vector/lanes.hpp"

namespace lyrebird::isa {

/// Of the lanes of a, b and c in a row, every third from number `Part` on.
template <class T, int Part>
struct EveryThird {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b, VectorRegister c) {
        constexpr std::size_t count = 16 / sizeof(T);
        const std::array<LaneArray<T>, 3> row{lanes_of<T>(a), lanes_of<T>(b), lanes_of<T>(c)};
        LaneArray<T> result{};
        for (std::size_t i = 0; i < count; ++i) result[i] = row[(3 * i + Part) / count][(3 * i + Part) % count];
        return vector_of<T>(result);
    }
};
/// The register of number `Part` among the three that hold a lane of a, of b and of c in turn.
template <class T, int Part>
struct ThreeInTurn {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b, VectorRegister c) {
        constexpr std::size_t count = 16 / sizeof(T);
        const std::array<LaneArray<T>, 3> turn{lanes_of<T>(a), lanes_of<T>(b), lanes_of<T>(c)};
        LaneArray<T> result{};
        for (std::size_t i = 0; i < count; ++i) result[i] = turn[(Part * count + i) % 3][(Part * count + i) / 3];
        return vector_of<T>(result);
    }
};

}  // namespace lyrebird::isa
