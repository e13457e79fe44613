#pragma once

#include <string>

#include "ossicle/error.h"

namespace ossicle {

/// Throws Error(kInvalidSpec) "`of`: name=value, but it must be low..high" unless it is.
inline void CheckRange(const char* of, const char* name, int value, int low, int high) {
  if (value >= low && value <= high) return;
  throw Error(Code::kInvalidSpec, std::string(of) + ": " + name + "=" + std::to_string(value) +
                                      ", but it must be " + std::to_string(low) + ".." +
                                      std::to_string(high));
}

}  // namespace ossicle
