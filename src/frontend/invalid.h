#pragma once

#include <string>

#include "ossicle/error.h"

namespace ossicle::internal {

[[noreturn]] inline void Invalid(const std::string& message) {
  throw Error(Code::kInvalidSpec, message);
}

}  // namespace ossicle::internal
