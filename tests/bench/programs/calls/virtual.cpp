// Trees of expressions evaluated through virtual functions: an indirect call for each node, four kinds mixed.
#include "../bench.h"

#include <memory>

namespace {

struct Node {
    virtual ~Node() = default;
    virtual int64_t value(int64_t x) const = 0;
};
using Tree = std::unique_ptr<Node>;

struct Constant : Node {
    explicit Constant(int64_t c) : c(c) {}
    int64_t value(int64_t) const override { return c; }
    int64_t c;
};
struct Variable : Node {
    int64_t value(int64_t x) const override { return x; }
};
struct Sum : Node {
    Sum(Tree a, Tree b) : a(std::move(a)), b(std::move(b)) {}
    int64_t value(int64_t x) const override { return a->value(x) + b->value(x); }
    Tree a, b;
};
struct Difference : Node {
    Difference(Tree a, Tree b) : a(std::move(a)), b(std::move(b)) {}
    int64_t value(int64_t x) const override { return a->value(x) - 3 * b->value(x); }
    Tree a, b;
};

Tree grow(uint64_t* state, int depth) {
    uint64_t choice = random_next(state) % 8;
    if (depth == 0) {
        if (choice < 3) return std::make_unique<Constant>(static_cast<int64_t>(choice) + 1);
        return std::make_unique<Variable>();
    }
    Tree a = grow(state, depth - 1), b = grow(state, depth - 1);
    if (choice < 4) return std::make_unique<Sum>(std::move(a), std::move(b));
    return std::make_unique<Difference>(std::move(a), std::move(b));
}

}  // namespace

int main(int argc, char** argv) {
    uint64_t state = 1, sum = 0;
    Tree tree = grow(&state, 10);
    for (long n = units(argc, argv); n > 0; --n) sum = mix(sum, static_cast<uint64_t>(tree->value(n)));
    return report(sum);
}
