// A file descriptor that somebody owns. Whoever holds the Handle closes it; a plain `int` descriptor is only borrowed.
#pragma once

#include <unistd.h>

#include <utility>

namespace lyrebird {

class Handle {
  public:
    Handle() = default;
    /// Takes over `descriptor`; a negative number means none.
    explicit Handle(int descriptor) : descriptor_(descriptor) {}
    ~Handle() { reset(); }
    Handle(Handle&& other) noexcept : descriptor_(other.release()) {}
    Handle& operator=(Handle&& other) noexcept {
        if (this != &other) {
            reset();
            descriptor_ = other.release();
        }
        return *this;
    }

    int get() const { return descriptor_; }
    explicit operator bool() const { return descriptor_ >= 0; }
    /// Gives the descriptor to the caller, who now closes it.
    int release() { return std::exchange(descriptor_, -1); }

  private:
    void reset() {
        if (descriptor_ >= 0) ::close(descriptor_);
        descriptor_ = -1;
    }

    int descriptor_ = -1;
};

}  // namespace lyrebird
