// Keeps a value where it is while code is emitted that needs it there.
#pragma once

#include "translator/x64/value.hpp"

namespace lyrebird::x64 {

class Pin {
  public:
    explicit Pin(Value* value) : value_(value) { ++value_->pins; }
    ~Pin() { --value_->pins; }
    Pin(const Pin&) = delete;
    Pin& operator=(const Pin&) = delete;

  private:
    Value* value_;
};

}  // namespace lyrebird::x64
